package deps

import (
	"fmt"
	"slices"
	"strings"
)

// problems is every breach of the rules in the sources, one sentence each.
func problems(sources []source) []string {
	var found []string
	for _, s := range sources {
		found = append(found, flow(s)...)
		found = append(found, outside(s)...)
		found = append(found, style(s)...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// flow is where a file imports packages of the module that it may not.
func flow(s source) []string {
	importer, ok := find(s.dir)
	if !ok {
		return []string{fmt.Sprintf("package %s has no row: add one to table() in internal/deps/table_test.go that says what it may import", s.dir)}
	}
	if s.test {
		return nil
	}
	var found []string
	for _, path := range s.imports {
		imported, ours := local(path)
		if ours && !allows(importer.may, imported) {
			found = append(found, fmt.Sprintf("package %s imports %s: %s (allowed: %s)", s.dir, imported, reason(importer, imported), list(importer.may)))
		}
	}
	return found
}

// reason says why an import is wrong: it crosses from one side to the other,
// or it goes against the flow within its own.
func reason(importer row, imported string) string {
	other, _ := find(imported)
	if importer.side != neither && other.side != neither && importer.side != other.side {
		return "judge and judged share no code"
	}
	return "its row in internal/deps/table_test.go does not allow it"
}

// outside is where a file imports a library that is kept elsewhere.
func outside(s source) []string {
	var found []string
	for _, path := range s.imports {
		for _, l := range libraries() {
			if !below(path, l.path) || allows(l.only, s.dir) || s.test && allows(l.tests, s.dir) {
				continue
			}
			found = append(found, fmt.Sprintf("%s imports %s: %s (allowed in: %s)", s.file, path, l.why, list(l.only)))
		}
	}
	return found
}

// style is what hides from a reader: code that runs by itself, and names that
// say nothing.
func style(s source) []string {
	var found []string
	if slices.Contains(emptyNames(), s.name) {
		found = append(found, fmt.Sprintf("package %s is called %s: name it after what it does", s.dir, s.name))
	}
	if s.generated {
		return found
	}
	for _, line := range s.inits {
		found = append(found, fmt.Sprintf("%s:%d: func init runs unseen: call a function by name, or add a line to an explicit list", s.file, line))
	}
	return found
}

// find is the row of a package.
func find(path string) (row, bool) {
	rows := table()
	i := slices.IndexFunc(rows, func(r row) bool { return r.path == path })
	if i < 0 {
		return row{}, false
	}
	return rows[i], true
}

// local is the path of an imported package below the module's root, and
// whether it belongs to the module at all.
func local(path string) (string, bool) {
	if path == module {
		return ".", true
	}
	return strings.CutPrefix(path, module+"/")
}

func below(path, parent string) bool {
	return path == parent || strings.HasPrefix(path, parent+"/")
}

func allows(paths []string, path string) bool {
	return slices.Contains(paths, path) || slices.Contains(paths, anything)
}

func list(paths []string) string {
	if len(paths) == 0 {
		return "none"
	}
	return strings.Join(paths, ", ")
}
