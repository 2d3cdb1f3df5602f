package run

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/ledger"
	"github.com/atlas-contract/conformance/internal/spec"
)

const mugsText = `
openapi: 3.0.3
info: { title: Mugs, version: "1" }
servers: [{ url: "http://mugs.test/api" }]
components:
  schemas:
    Mug: { type: object, properties: { name: { type: string } } }
paths:
  /mugs:
    get:
      operationId: listMugs
      responses: { "200": { description: all, content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Mug" } } } } } }
    post:
      operationId: addMug
      x-conformance:
        echoes: [{ field: /name, of: "$request.body#/name" }]
        creates: { id: "$response.body#/name", unique: ["$request.body#/name"], conflict: 409 }
      requestBody:
        required: true
        content: { application/json: { schema: { type: object, required: [name], properties: { name: { type: string, enum: [red, blue] } } }, examples: { red: { value: { name: red } } } } }
      responses:
        "201":
          description: made
          content: { application/json: { schema: { $ref: "#/components/schemas/Mug" }, examples: { red: { value: { name: red } } } } }
          links:
            get: { operationId: getMug, parameters: { name: "$response.body#/name" } }
            delete: { operationId: dropMug, parameters: { name: "$response.body#/name" } }
        "400": { description: wrong }
        "409": { description: it is there }
  /mugs/{name}:
    parameters: [{ name: name, in: path, required: true, schema: { type: string } }]
    get:
      operationId: getMug
      responses: { "200": { description: one, content: { application/json: { schema: { $ref: "#/components/schemas/Mug" } } } }, "404": { description: none } }
    delete:
      operationId: dropMug
      responses: { "204": { description: gone }, "404": { description: none } }
  /cupboard:
    get:
      operationId: cupboard
      x-conformance: { optional: true }
      responses: { "200": { description: it, content: { application/json: { schema: { type: object } } } } }
`

// mugs is a right server. What it shows of a mug is for show to say.
type mugs struct {
	mu       sync.Mutex
	kept     map[string]bool
	show     func(name string) string
	cupboard int
}

func (m *mugs) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	name := strings.TrimPrefix(r.URL.Path, "/api/mugs/")
	switch {
	case r.URL.Path == "/api/cupboard" && r.Method == "GET":
		w.WriteHeader(m.cupboard)
		fmt.Fprint(w, "{}")
	case r.URL.Path == "/api/mugs" && r.Method == "GET":
		list := []string{}
		for _, name := range slices.Sorted(maps.Keys(m.kept)) {
			list = append(list, fmt.Sprintf(`{"name":%q}`, name))
		}
		fmt.Fprint(w, "["+strings.Join(list, ",")+"]")
	case r.URL.Path == "/api/mugs" && r.Method == "POST":
		var body map[string]any
		wrong := json.NewDecoder(r.Body).Decode(&body) != nil
		name, _ := body["name"].(string)
		switch {
		case wrong || name != "red" && name != "blue":
			refuse(w, 400)
		case m.kept[name]:
			refuse(w, 409)
		default:
			m.kept[name] = true
			w.WriteHeader(201)
			fmt.Fprint(w, m.show(name))
		}
	case r.Method == "GET" && m.kept[name]:
		fmt.Fprint(w, m.show(name))
	case r.Method == "DELETE" && m.kept[name]:
		delete(m.kept, name)
		w.WriteHeader(204)
	case r.Method == "GET" || r.Method == "DELETE":
		refuse(w, 404)
	default:
		w.Header().Set("Allow", map[bool]string{true: "GET, DELETE", false: "GET, POST"}[strings.HasPrefix(r.URL.Path, "/api/mugs/")])
		refuse(w, 405)
	}
}

// verdicts are those of a run against a server, by case.
func (m *mugs) verdicts(t *testing.T, match string) map[string]contract.Verdict {
	t.Helper()
	r := over(t, spec.Source{Name: "mugs.yaml", Data: []byte(mugsText)}, "http://mugs.test/api", m, nil, func(o *Options) { o.Match = match })
	l, err := ledger.New(filepath.Join(t.TempDir(), "a"+ledger.Suffix), ledger.Run{Target: "http://mugs.test/api"})
	require.NoError(t, err)
	r.Keep(l)
	out := map[string]contract.Verdict{}
	for _, v := range verdicts(t, r) {
		out[v.Case.ID] = v
	}
	require.NotEmpty(t, out)
	return out
}

func whole(name string) string { return fmt.Sprintf(`{"name":%q}`, name) }

// What was there before the run is in the way of a right create, and the server
// is not to blame; what the case made itself is no excuse.
func TestWhatWasThereBeforeTheRunIsInTheWay(t *testing.T) {
	t.Parallel()
	m := &mugs{kept: map[string]bool{"red": true}, show: whole, cupboard: 200}
	v := m.verdicts(t, "addMug/example/*")["addMug/example/red"]
	require.Equal(t, contract.Skipped, v.Outcome, v.Reason)
	require.Contains(t, v.Reason, "it got status 409; the target held 1 thing of the kind before the run, and one may be in the way")
	require.True(t, m.kept["red"], "it is still there")
	m = &mugs{kept: map[string]bool{}, show: whole, cupboard: 200}
	require.Equal(t, contract.Kept, m.verdicts(t, "addMug/example/*")["addMug/example/red"].Outcome)
}

// An operation that a target may lack proves nothing where it is not there, and
// is judged where it is.
func TestATargetMayLackWhatIsOptional(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]contract.Outcome{200: contract.Kept, 404: contract.Skipped, 501: contract.Skipped, 403: contract.Broken} {
		m := &mugs{kept: map[string]bool{}, show: whole, cupboard: status}
		v := m.verdicts(t, "cupboard/valid/usual")["cupboard/valid/usual"]
		require.Equal(t, want, v.Outcome, "%d: %s", status, v.Reason)
	}
}

// The id of a thing is that of its request where the reply is to repeat it and
// does not have it.
func TestAnIDThatTheReplyDoesNotRepeat(t *testing.T) {
	t.Parallel()
	m := &mugs{kept: map[string]bool{}, show: func(string) string { return "{}" }, cupboard: 200}
	for id, v := range m.verdicts(t, "getMug/*") {
		require.NotContains(t, []contract.Outcome{contract.Broken, contract.Unsent}, v.Outcome, "%s: %s %v", id, v.Reason, v.Findings)
	}
	require.Empty(t, m.kept, "all was removed")
}
