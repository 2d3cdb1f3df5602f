package deps

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestModule holds the module to the table.
func TestModule(t *testing.T) {
	t.Parallel()
	sources, err := read(filepath.Join("..", ".."))
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(sources, func(s source) bool { return s.dir == "contract" }), "no package was read")
	for _, problem := range problems(sources) {
		t.Error(problem)
	}
}

// TestTable holds the table to its purpose, so that a row cannot be widened
// until the two sides meet.
func TestTable(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range table() {
		require.False(t, seen[r.path], "%s has two rows", r.path)
		for _, path := range r.may {
			other, ok := find(path)
			require.True(t, ok || path == anything, "%s may import %s, which has no row", r.path, path)
			require.True(t, path == anything || seen[path], "%s may import %s, which comes later in the flow", r.path, path)
			require.NotEqual(t, "judge and judged share no code", reason(r, path))
			require.True(t, r.side == neither || other.side != neither || path == "openapi", "%s reaches both sides through %s", r.path, path)
		}
		require.True(t, r.side == neither || !slices.Contains(r.may, anything), "%s may import both sides", r.path)
		seen[r.path] = true
	}
}

// TestProblems shows that each rule can fail, and where it stays silent.
func TestProblems(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   source
		want []string
	}{
		{"along the flow", source{dir: "internal/spec", imports: []string{"fmt", module + "/contract"}}, nil},
		{
			"judge imports judged",
			source{dir: "internal/spec", imports: []string{module + "/gen"}},
			[]string{"package internal/spec imports gen: judge and judged share no code (allowed: contract)"},
		},
		{
			"judged imports judge",
			source{dir: "internal/reference", imports: []string{module + "/internal/validate"}},
			[]string{"package internal/reference imports internal/validate: judge and judged share no code (allowed: gen, openapi)"},
		},
		{
			"a check imports a kind",
			source{dir: "contract/checks", imports: []string{module + "/contract/kinds"}},
			[]string{"package contract/checks imports contract/kinds: its row in internal/deps/table_test.go does not allow it (allowed: contract, internal/spec, internal/validate)"},
		},
		{
			"a leaf imports anything",
			source{dir: "contract", imports: []string{module}},
			[]string{"package contract imports .: its row in internal/deps/table_test.go does not allow it (allowed: none)"},
		},
		{"a test imports both", source{dir: "internal/reference", test: true, imports: []string{module + "/internal/validate"}}, nil},
		{"the command imports both", source{dir: "cmd/conformance", imports: []string{module + "/gen", module + "/contract/run"}}, nil},
		{
			"a package without a row",
			source{dir: "internal/new"},
			[]string{"package internal/new has no row: add one to table() in internal/deps/table_test.go that says what it may import"},
		},
		{"a library in its place", source{dir: "internal/validate", imports: []string{"github.com/getkin/kin-openapi/openapi3"}}, nil},
		{
			"a library elsewhere, in a test too",
			source{dir: "internal/values", file: "internal/values/a_test.go", test: true, imports: []string{"github.com/pb33f/libopenapi"}},
			[]string{"internal/values/a_test.go imports github.com/pb33f/libopenapi: only they know an OpenAPI library's types, so that a library can be exchanged (allowed in: internal/spec, internal/validate)"},
		},
		{"a document's test", source{dir: "openapi", test: true, imports: []string{"github.com/getkin/kin-openapi/openapi3"}}, nil},
		{
			"testing in the program",
			source{dir: "contract/run", file: "contract/run/a.go", imports: []string{"testing"}},
			[]string{"contract/run/a.go imports testing: a test library linked into the program brings its flags and panics along (allowed in: contract/contracttest)"},
		},
		{"testing where it belongs", source{dir: "contract/contracttest", imports: []string{"testing"}}, nil},
		{
			"an init function",
			source{dir: "contract", file: "contract/a.go", inits: []int{7}},
			[]string{"contract/a.go:7: func init runs unseen: call a function by name, or add a line to an explicit list"},
		},
		{"a generated init function", source{dir: "gen", generated: true, inits: []int{7}}, nil},
		{
			"a name that says nothing",
			source{dir: "contract", name: "util"},
			[]string{"package contract is called util: name it after what it does"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.want, problems([]source{test.in}))
		})
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	write := func(file, text string) {
		path := filepath.Join(root, filepath.FromSlash(file))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	write("go.mod", "module m\n")
	write("tools.go", "//go:build tools\n\npackage tools\n")
	write("a/a_windows.go", "package a\n\nimport (\n\t\"fmt\"\n\tx \"m/b\"\n)\n\nfunc init() {}\n\nfunc (t) init() {}\n")
	write("a/a_test.go", "package a_test\n\nimport \"testing\"\n")
	write("gen/gen.go", "// Code generated by hand. DO NOT EDIT.\n\npackage gen\n")
	write("a/testdata/x.go", "not Go at all")
	write(".hidden/x.go", "not Go at all")
	write("nested/go.mod", "module nested\n")
	write("nested/x.go", "not Go at all")

	got, err := read(root)
	require.NoError(t, err)
	require.Equal(t, []source{
		{dir: "a", file: "a/a_test.go", name: "a", test: true, imports: []string{"testing"}},
		{dir: "a", file: "a/a_windows.go", name: "a", imports: []string{"fmt", "m/b"}, inits: []int{8}},
		{dir: "gen", file: "gen/gen.go", name: "gen", generated: true},
		{dir: ".", file: "tools.go", name: "tools"},
	}, got)

	write("broken.go", "not Go at all")
	_, err = read(root)
	require.ErrorContains(t, err, "parse broken.go")
}
