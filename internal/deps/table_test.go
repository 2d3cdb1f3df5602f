package deps

// module is the path in go.mod; paths in the table are relative to it.
const module = "github.com/atlas-contract/conformance"

// anything, in place of a list, allows every import.
const anything = "..."

// A side is what a package is to a run.
type side int

const (
	// neither takes part in a verdict; it wires both sides together, or is data
	// that both read.
	neither side = iota
	// judge derives cases, sends them and judges what comes back.
	judge
	// judged answers.
	judged
)

// row is what one package of the module may import of the module.
type row struct {
	path string
	side side
	may  []string
}

// table has one row for each package, in the order of the flow. Rows may stand
// before their packages do; packages may not stand without their rows.
func table() []row {
	return []row{
		{".", neither, nil}, // tools.go, which pins the generator
		{"openapi", neither, nil},

		{"gen", judged, nil},
		{"internal/reference", judged, []string{"gen", "openapi"}},
		{"internal/fault", judged, []string{"gen", "internal/reference"}},

		{"internal/bakery", judged, nil}, // another contract's server, for tests alone

		{"contract", judge, nil},
		{"internal/spec", judge, []string{"contract"}},
		{"internal/values", judge, []string{"contract", "internal/spec"}},
		{"internal/validate", judge, []string{"contract", "internal/spec"}},
		{"internal/transport", judge, []string{"contract"}},
		{"internal/config", judge, []string{"contract", "internal/transport"}},
		{"internal/har", judge, []string{"contract"}},
		{"internal/ledger", judge, []string{"contract"}},
		{"internal/known", judge, []string{"internal/config"}},
		{"contract/checks", judge, []string{"contract", "internal/spec", "internal/validate"}},
		{"contract/kinds", judge, []string{"contract", "internal/spec", "internal/validate", "internal/values"}},
		{"contract/run", judge, []string{
			"contract", "contract/checks", "contract/kinds", "internal/har", "internal/ledger",
			"internal/spec", "internal/transport", "internal/validate", "internal/values",
		}},
		{"internal/lint", judge, []string{"contract", "contract/kinds", "internal/spec", "internal/validate", "internal/values"}},
		{"internal/coverage", judge, []string{"contract", "internal/spec"}},
		{"internal/report", judge, []string{"contract", "internal/coverage", "internal/spec"}},
		{"contract/contracttest", judge, []string{
			"contract", "contract/checks", "contract/kinds", "contract/run",
			"internal/known", "internal/report", "internal/spec", "internal/transport", "internal/validate", "openapi",
		}},

		{"internal/clients", neither, []string{"gen"}},
		{"internal/deps", neither, nil},
		{"internal/manual", neither, nil},
		{"cmd/conformance", neither, []string{anything}},
	}
}

// library is a package from outside the module (and all below it) that only
// some packages may import.
type library struct {
	path string
	only []string
	// tests may import it too, in their _test files.
	tests []string
	why   string
}

// libraries are the outside packages that are kept in their place.
func libraries() []library {
	const (
		documents = "only they know an OpenAPI library's types, so that a library can be exchanged"
		testing   = "a test library linked into the program brings its flags and panics along"
		ledgers   = "only the ledger of a run is locked"
		digest    = "the reference server checks digests by its own code, or both could be wrong alike"
	)
	var (
		engine    = []string{"internal/spec", "internal/validate"}
		withTests = []string{"contract/contracttest"}
		everyTest = []string{anything}
	)
	return []library{
		{"github.com/getkin/kin-openapi", engine, []string{"openapi"}, documents},
		{"github.com/pb33f", engine, []string{"openapi"}, documents},
		{"testing", withTests, everyTest, testing},
		{"net/http/httptest", withTests, everyTest, testing},
		{"github.com/stretchr/testify", withTests, everyTest, testing},
		{"pgregory.net/rapid", nil, everyTest, testing},
		{"github.com/icholy/digest", []string{"internal/transport"}, everyTest, digest},
		{"github.com/gofrs/flock", []string{"internal/ledger"}, nil, ledgers},
		{"github.com/mongodb-forks/digest", nil, everyTest, digest},
	}
}

// emptyNames are package names that say nothing of what is inside.
func emptyNames() []string {
	return []string{"util", "utils", "common", "helper", "helpers", "misc", "shared", "base", "types"}
}
