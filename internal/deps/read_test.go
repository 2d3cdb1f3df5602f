package deps

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// source is what the rules need to know of one Go file.
type source struct {
	// dir and file are slash-separated paths below the module's root.
	dir, file string
	name      string // of the package, without _test
	test      bool
	generated bool
	imports   []string
	// inits are the lines of its init functions.
	inits []int
}

// read parses every Go file of the module below root, whatever its build tags:
// a file for another system must follow the rules too.
func read(root string) ([]source, error) {
	var sources []source
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && skipped(path):
			return filepath.SkipDir
		case entry.IsDir() || filepath.Ext(path) != ".go":
			return nil
		}
		s, err := parse(root, path)
		sources = append(sources, s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the module's packages: %w", err)
	}
	return sources, nil
}

// skipped tells whether the go command, too, would not look into dir for
// packages of this module: hidden folders, test data, modules of their own.
func skipped(dir string) bool {
	base := filepath.Base(dir)
	if base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return true
	}
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

func parse(root, path string) (source, error) {
	rel, err := filepath.Rel(root, path)
	if err != nil {
		return source{}, fmt.Errorf("name %s: %w", path, err)
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return source{}, fmt.Errorf("parse %s: %w", rel, err)
	}
	s := source{
		dir:       filepath.ToSlash(filepath.Dir(rel)),
		file:      filepath.ToSlash(rel),
		name:      strings.TrimSuffix(file.Name.Name, "_test"),
		test:      strings.HasSuffix(path, "_test.go"),
		generated: ast.IsGenerated(file),
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, fmt.Errorf("parse %s: import %s: %w", rel, spec.Path.Value, err)
		}
		s.imports = append(s.imports, imported)
	}
	s.inits = inits(files, file)
	return s, nil
}

func inits(files *token.FileSet, file *ast.File) []int {
	var lines []int
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if ok && f.Recv == nil && f.Name.Name == "init" {
			lines = append(lines, files.Position(f.Pos()).Line)
		}
	}
	return lines
}
