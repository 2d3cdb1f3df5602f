package run

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

const clockDocument = `{"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": {"/clock": {
	"get": {"operationId": "readClock", "parameters": [{"name": "If-None-Match", "in": "header", "schema": {"type": "string"}}],
		"responses": {"200": {"description": "a", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Clock"}}}}, "304": {"description": "as it was"}}},
	"put": {"operationId": "setClock", "parameters": [{"name": "If-Match", "in": "header", "schema": {"type": "string"}}],
		"requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Clock"}}}},
		"responses": {"204": {"description": "set"}, "412": {"description": "it has changed"}}}}},
	"components": {"schemas": {"Clock": {"type": "object", "required": ["hour"], "properties": {"hour": {"type": "integer", "minimum": 1, "maximum": 12}}}}}}`

// clock is a server of the document. Tag writes its entity tag; nothing else of
// it depends on what a server does about conditions.
type clock struct {
	hour, version int
	tag           func(version int) string
	reads, writes func(given, current string) bool // whether a condition holds
}

func (c *clock) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	current := c.tag(c.version)
	if current != "" {
		w.Header().Set("ETag", current)
	}
	given := r.Header.Get("If-None-Match") + r.Header.Get("If-Match")
	switch {
	case r.Method == "GET" && given != "" && !c.reads(given, current):
		w.WriteHeader(304)
	case r.Method == "GET":
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"hour":%d}`, c.hour)
	case r.Method == "PUT" && given != "" && !c.writes(given, current):
		w.WriteHeader(412)
	default:
		var asked struct{ Hour int }
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
			w.WriteHeader(400)
			return
		}
		c.hour = asked.Hour
		c.version++
		w.WriteHeader(204)
	}
}

// held are the outcomes of the conditional cases over a clock.
func held(t *testing.T, c *clock) (map[contract.Outcome]int, []string) {
	t.Helper()
	r := over(t, spec.Source{Name: "clock.json", Data: []byte(clockDocument)}, "http://clock.test", c, nil, func(o *Options) {
		o.Match, o.Concurrency = "*/conditional/*", 1
	})
	outcomes, found := map[contract.Outcome]int{}, []string(nil)
	for v, err := range r.Verdicts(t.Context()) {
		require.NoError(t, err)
		outcomes[v.Outcome]++
		for _, f := range v.Findings {
			found = append(found, v.Case.ID+" "+f.Check)
		}
	}
	return outcomes, found
}

func TestConditionsOfServers(t *testing.T) {
	t.Parallel()
	strong := func(version int) string { return fmt.Sprintf(`"%d"`, version) }
	differ := func(given, current string) bool { return given != current && given != `"conformance-other", `+current }
	same := func(given, current string) bool { return given == current }
	always := func(string, string) bool { return true }
	never := func(string, string) bool { return false }
	for _, row := range []struct {
		name    string
		clock   clock
		kept    int
		skipped int
		found   []string
	}{
		{"right", clock{tag: strong, reads: differ, writes: same}, 6, 0, nil},
		{"no tags", clock{tag: func(int) string { return "" }, reads: always, writes: always}, 0, 6, nil},
		{"weak tags, never good for a write", clock{tag: func(v int) string { return fmt.Sprintf(`W/"%d"`, v) }, reads: differ, writes: never}, 6, 0, nil},
		{"reads ignore it", clock{tag: strong, reads: always, writes: same}, 4, 0, []string{
			"readClock/conditional/usual/current-tag conditional", "readClock/conditional/usual/current-tag-among-others conditional",
		}},
		{"reads never hold", clock{tag: strong, reads: never, writes: same}, 5, 0, []string{
			"readClock/conditional/usual/other-tag outcome", "readClock/conditional/usual/other-tag conditional",
		}},
		{"writes ignore it", clock{tag: strong, reads: differ, writes: always}, 5, 0, []string{"setClock/conditional/usual/other-tag outcome"}},
		{"writes never hold", clock{tag: strong, reads: differ, writes: never}, 5, 0, []string{"setClock/conditional/usual/current-tag conditional"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.clock.hour = 3
			outcomes, found := held(t, &row.clock)
			require.Equal(t, row.found, found)
			require.Equal(t, row.kept, outcomes[contract.Kept], outcomes)
			require.Equal(t, row.skipped, outcomes[contract.Skipped], outcomes)
		})
	}
}
