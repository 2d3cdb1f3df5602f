package run

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// kilns is a contract of pots that may crack, and say why.
const kilns = `
openapi: 3.0.3
info: { title: Kilns, version: "1" }
servers: [{ url: "http://kilns.test/api" }]
x-conformance:
  statements:
    - { id: K1, evidence: documented, text: "A pot is fired.", source: here }
    - { id: K2, evidence: documented, text: "A cracked pot says why.", source: here }
paths:
  /pots:
    post:
      operationId: firePot
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [clay]
              properties: { clay: { type: string } }
            examples: { red: { value: { clay: red } } }
      responses:
        "201":
          description: in the kiln
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Pot" }
              examples: { red: { value: { id: p1, state: soft, why: null } } }
  /pots/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      operationId: getPot
      responses:
        "200": { description: it, content: { application/json: { schema: { $ref: "#/components/schemas/Pot" } } } }
        "404": { description: none }
    delete:
      operationId: breakPot
      responses: { "204": { description: gone }, "404": { description: none } }
components:
  schemas:
    Pot:
      type: object
      required: [id, state, why]
      properties:
        id: { type: string }
        why: { type: string, nullable: true }
        state:
          type: string
          x-conformance:
            lifecycle:
              initial: [soft]
              ready: [hard]
              failed: [cracked]
              transitions: { soft: [hard, cracked], hard: [], cracked: [] }
              set: { failed: [/why] }
              statements: [K1]
              cites: { failed: [K2] }
`

// kiln fires pots: those of the clay crack, and say why.
type kiln struct {
	clay, why string
	pots      map[string]string
	n         int
}

func (k *kiln) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, below := strings.CutPrefix(r.URL.Path, "/api/pots/")
	w.Header().Set("Content-Type", "application/json")
	show := func(id, state, why string) {
		fmt.Fprintf(w, `{"id":%q,"state":%q,"why":%s}`, id, state, why)
	}
	switch {
	case !below:
		var asked struct{ Clay string }
		_ = json.NewDecoder(r.Body).Decode(&asked)
		k.n++
		id = fmt.Sprint("p", k.n)
		k.pots[id] = asked.Clay
		w.WriteHeader(201)
		show(id, "soft", "null")
	case k.pots[id] == "":
		w.WriteHeader(404)
	case r.Method == "DELETE":
		delete(k.pots, id)
		w.WriteHeader(204)
	case k.pots[id] == k.clay:
		show(id, "cracked", k.why)
	default:
		show(id, "hard", "null")
	}
}

func TestWhatFailsIsFollowedWhereItsInputIsKnown(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		kiln    kiln
		failing map[string][]string
		want    contract.Outcome
		reason  string
		tested  bool
	}{
		"says why":            {kiln{clay: "sand", why: `"too dry"`}, map[string][]string{"clay": {"sand"}}, contract.Kept, "", true},
		"does not say why":    {kiln{clay: "sand", why: `null`}, map[string][]string{"clay": {"sand"}}, contract.Broken, "", true},
		"does not fail":       {kiln{clay: "sand"}, map[string][]string{"clay": {"blue"}}, contract.Skipped, "what was made came to hard, not to cracked: nothing is proved", false},
		"nobody knows a clay": {kiln{clay: "sand"}, nil, contract.Skipped, "needs a request after which the target comes to cracked: name a member of its body, and the value, as --failing NAME=VALUE or under `failing` in the configuration", false},
		"no such member":      {kiln{clay: "sand"}, map[string][]string{"glaze": {"wet"}}, contract.Skipped, "what was made came to hard, not to cracked: nothing is proved", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.kiln.pots = map[string]string{}
			v := verdicts(t, kilnRunner(t, &tc.kiln, tc.failing))
			require.Len(t, v, 1)
			require.Equal(t, tc.want, v[0].Outcome, "%v", v[0])
			require.Equal(t, tc.reason, v[0].Reason)
			require.Equal(t, tc.tested, len(v[0].Tested) > 0)
			if tc.tested {
				require.Contains(t, v[0].Tested, "K2")
			}
			require.Empty(t, tc.kiln.pots, "the run left something behind")
		})
	}
}

func kilnRunner(t *testing.T, h http.Handler, failing map[string][]string) *Runner {
	t.Helper()
	return over(t, spec.Source{Name: "kilns.yaml", Data: []byte(kilns)}, "http://kilns.test/api", h, nil, func(o *Options) {
		o.Kinds, o.Failing = only(func(name string) bool { return name == "failed" }), failing
	})
}
