package main

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/spec"
)

//go:embed starter
var starter embed.FS

// initCmd writes what one needs to begin.
type initCmd struct {
	Dir   string `arg:"" default:"." help:"Folder to write into (default: the working directory)."`
	Spec  string `placeholder:"FILE" help:"The OpenAPI document, 3.0 or 3.1 (default: the built-in contract)."`
	Force bool   `help:"Write over files that are there."`
}

// Help is what --help says beyond the flags.
func (*initCmd) Help() string {
	return `Writes conformance.yaml with comments, its JSON Schema for editors, a workflow for GitHub Actions and a Go
test, each made for the document. Nothing that is there is written over without --force.

Examples:

    conformance init
    conformance init --spec openapi.yaml
    conformance init service --spec service/openapi.yaml --force`
}

func (cmd *initCmd) run(_ context.Context, std *streams) (int, error) {
	c, err := (&documentFlags{Spec: cmd.Spec}).load()
	if err != nil {
		return 0, err
	}
	b := begin(c)
	if b.Spec, err = cmd.relative(); err != nil {
		return 0, err
	}
	if b.Package, err = cmd.packageName(); err != nil {
		return 0, err
	}
	files, err := b.files()
	if err != nil {
		return 0, err
	}
	if err := cmd.free(files); err != nil {
		return 0, err
	}
	for _, file := range files {
		name := filepath.Join(cmd.Dir, file.name)
		if err := write(name, file.text); err != nil {
			return 0, err
		}
		fmt.Fprintf(std.out, "wrote %s\n", report.Safe(filepath.ToSlash(name)))
	}
	fmt.Fprintf(std.out, "\nnext: set %s in the environment; `conformance run --dry-run` says what a run would do, `conformance run` does it\n",
		strings.Join(append([]string{"CONFORMANCE_TARGET"}, b.Variables...), ", "))
	return report.ExitKept, nil
}

// relative is the document's name as seen from the folder.
func (cmd *initCmd) relative() (string, error) {
	if cmd.Spec == "" {
		return "", nil
	}
	dir, err := filepath.Abs(cmd.Dir)
	if err != nil {
		return "", fmt.Errorf("read the folder %s: %w", cmd.Dir, config.Reason(err))
	}
	file, err := filepath.Abs(cmd.Spec)
	if err != nil {
		return "", fmt.Errorf("read --spec %s: %w", cmd.Spec, config.Reason(err))
	}
	name, err := filepath.Rel(dir, file)
	if err != nil {
		return file, nil
	}
	return filepath.ToSlash(name), nil
}

// clause is the package clause of a Go file.
var clause = regexp.MustCompile(`(?m)^package (\w+)`)

// packageName is the name that the folder's Go files have, or one for a folder
// that has none.
func (cmd *initCmd) packageName() (string, error) {
	names, err := filepath.Glob(filepath.Join(cmd.Dir, "*.go"))
	if err != nil {
		return "", fmt.Errorf("read the folder %s: %w", cmd.Dir, err)
	}
	for _, name := range names {
		data, err := config.ReadFile("Go file", name)
		if err != nil {
			return "", err
		}
		if found := clause.FindSubmatch(data); found != nil {
			return strings.TrimSuffix(string(found[1]), "_test") + "_test", nil
		}
	}
	return "contract_test", nil
}

// free wants none of the files to be there.
func (cmd *initCmd) free(files []starterFile) error {
	for _, file := range files {
		name := filepath.Join(cmd.Dir, file.name)
		if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) && !cmd.Force {
			return fmt.Errorf("write %s: the file is there already; move it away, or write over it with --force", name)
		}
	}
	return nil
}

func write(name string, text []byte) error {
	err := os.MkdirAll(filepath.Dir(name), 0o755)
	if err == nil {
		err = os.WriteFile(name, text, 0o644)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, config.Reason(err))
	}
	return nil
}

// beginning is what the files of a beginner say.
type beginning struct {
	Spec, Server, Package, Version string
	Params                         []param
	// Credential is the default one in YAML, and GoCredential in Go; both are
	// empty where the contract needs none.
	Credential, GoCredential string
	// Roles are the further ones that the contract names; Tenant is the
	// credential of another one, empty where nothing separates tenants.
	Roles  []string
	Tenant string
	// Variables are the environment variables beside that of the target.
	Variables []string
	user      bool
}

// param is a path parameter, and the environment variable that holds its value.
type param struct{ Name, Variable string }

func begin(c *spec.Contract) *beginning {
	b := &beginning{Server: c.Server, Version: cmp.Or(programVersion(), "latest"), Roles: rolesIn(c)}
	if b.Version == "dev" {
		b.Version = "latest"
	}
	b.Params = givenParams(c)
	for _, p := range b.Params {
		b.Variables = append(b.Variables, p.Variable)
	}
	b.authenticate(c)
	return b
}

// givenParams are the path parameters that no reply of the contract fills.
func givenParams(c *spec.Contract) []param {
	made := map[string]bool{}
	for _, r := range c.Resources() {
		made[r.Param] = true
	}
	var out []param
	for _, op := range c.Operations {
		for _, p := range op.Parameters {
			known := slices.ContainsFunc(out, func(q param) bool { return q.Name == p.Name })
			if p.In == "path" && !made[p.Name] && !known && !closedSet(p.Schema) {
				out = append(out, param{p.Name, variableOf(p.Name)})
			}
		}
	}
	return out
}

// humps are where one word of a name ends and the next begins.
var humps = regexp.MustCompile(`([a-z0-9])([A-Z])|\W+`)

// variableOf is the environment variable that a name stands for: GROUP_ID for
// groupId.
func variableOf(name string) string {
	return strings.ToUpper(strings.Trim(humps.ReplaceAllString(name, "${1}_${2}"), "_"))
}

// closedSet tells whether the document itself says which values there are.
func closedSet(schema spec.Node) bool {
	return schema.Resolve().Get("enum").Exists() || schema.Resolve().Get("const").Exists()
}

// authenticate fills in the credentials: the contract's first scheme picks what
// they need.
func (b *beginning) authenticate(c *spec.Contract) {
	var guard spec.Guard
	for _, op := range c.Operations {
		if guards := c.Guards(op); len(guards) > 0 {
			guard = guards[0]
			break
		}
	}
	if guard.Scheme == "" {
		return
	}
	b.user = guard.Scheme == "digest" || guard.Scheme == "basic"
	if b.user {
		b.Variables = append(b.Variables, "CONFORMANCE_USER")
		b.Credential = `{ user: "${CONFORMANCE_USER}", key: "${CONFORMANCE_KEY}" }`
		b.GoCredential = `{User: os.Getenv("CONFORMANCE_USER"), Key: os.Getenv("CONFORMANCE_KEY")}`
	} else {
		b.Credential = `{ key: "${CONFORMANCE_KEY}" }`
		b.GoCredential = `{Key: os.Getenv("CONFORMANCE_KEY")}`
	}
	b.Variables = append(b.Variables, "CONFORMANCE_KEY")
	if len(b.Params) > 0 {
		credential := strings.TrimSuffix(b.Other("other"), " }")
		b.Tenant = fmt.Sprintf("%s, params: { %s: … } }", credential, b.Params[0].Name)
	}
}

// Other is the credential of another role, in YAML.
func (b *beginning) Other(role string) string {
	name := variableOf(role)
	if b.user {
		return fmt.Sprintf(`{ user: "${%s_USER}", key: "${%s_KEY}" }`, name, name)
	}
	return fmt.Sprintf(`{ key: "${%s_KEY}" }`, name)
}

// rolesIn are the roles that operations name, but for the default one.
func rolesIn(c *spec.Contract) []string {
	var out []string
	for _, op := range c.Operations {
		for _, role := range op.Node.Ext().Get("roles", "allowed").Strings() {
			if role != config.Owner && !slices.Contains(out, role) {
				out = append(out, role)
			}
		}
	}
	return out
}

type starterFile struct {
	name string
	text []byte
}

// files are those to write, from their templates.
func (b *beginning) files() ([]starterFile, error) {
	out := []starterFile{{"conformance.schema.json", config.Schema()}}
	for _, file := range []struct{ template, name string }{
		{"conformance.yaml.tmpl", config.DefaultName},
		{"contract_test.go.tmpl", "contract_test.go"},
		{"workflow.yml.tmpl", ".github/workflows/conformance.yml"},
	} {
		t, err := template.ParseFS(starter, "starter/"+file.template)
		if err != nil {
			return nil, fmt.Errorf("read the template of %s: %w", file.name, err)
		}
		var text bytes.Buffer
		if err := t.Execute(&text, b); err != nil {
			return nil, fmt.Errorf("fill in %s: %w", file.name, err)
		}
		data := text.Bytes()
		if strings.HasSuffix(file.name, ".go") {
			if data, err = format.Source(data); err != nil {
				return nil, fmt.Errorf("format %s: %w", file.name, err)
			}
		}
		out = append(out, starterFile{file.name, data})
	}
	return out, nil
}
