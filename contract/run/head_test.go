package run

import (
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

const bellDocument = `{"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": {"/bell": {"get": {"operationId": "ring", "responses": {"200": {
	"description": "a", "headers": {"X-Tone": {"required": true, "schema": {"type": "string"}}},
	"content": {"application/json": {"schema": {"type": "object", "required": ["loud"], "properties": {"loud": {"type": "boolean"}}}}}}}}}}}`

// TestMethodsThatTheDocumentDoesNotHave shows what a server may answer to them.
func TestMethodsThatTheDocumentDoesNotHave(t *testing.T) {
	t.Parallel()
	reply := func(status int, headers ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i+1 < len(headers); i += 2 {
				w.Header().Set(headers[i], headers[i+1])
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(`{"loud":true}`))
		}
	}
	const json = "application/json"
	for _, row := range []struct {
		name, match string
		other       http.HandlerFunc // what a method but GET gets
		found       []string
	}{
		{"HEAD as GET", "*/head/*", reply(200, "Content-Type", json, "X-Tone", "c"), nil},
		{"HEAD without the headers of the body", "*/head/*", reply(200, "X-Tone", "c"), nil},
		{"HEAD with another media type", "*/head/*", reply(200, "Content-Type", "text/html", "X-Tone", "c"), nil},
		{"HEAD with another success", "*/head/*", reply(204, "X-Tone", "c"), []string{"documented-status"}},
		{"HEAD without a header that GET has", "*/head/*", reply(200, "Content-Type", json), []string{"headers"}},
		{"HEAD refused", "*/head/*", reply(405, "Allow", "GET", "Content-Type", "text/plain"), nil},
		{"HEAD refused without Allow", "*/head/*", reply(405), nil},
		{"HEAD not implemented", "*/head/*", reply(501), nil},
		{"HEAD not found", "*/head/*", reply(404, "Content-Type", "text/html"), nil},
		{"HEAD forbidden", "*/head/*", reply(403), nil},
		{"HEAD bad", "*/head/*", reply(400), nil},
		{"HEAD breaks the server", "*/head/*", reply(500), []string{"no-server-error"}},
		{"refused", "*/method/*", reply(405, "Allow", "GET"), nil},
		{"refused for HEAD too", "*/method/*", reply(405, "Allow", "GET, HEAD, OPTIONS"), nil},
		{"not implemented", "*/method/*", reply(501), nil},
		{"not found", "*/method/*", reply(404), nil},
		{"taken", "*/method/*", reply(200), []string{"outcome"}},
		{"breaks the server", "*/method/*", reply(500), []string{"no-server-error"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			checks := map[string]bool{}
			for _, v := range rung(t, row.match, row.other) {
				for _, f := range v.Findings {
					require.True(t, slices.Contains(row.found, f.Check) || f.Got == "500 Internal Server Error", "%s: %s %s: %s, got %s", v.Case.ID, f.Evidence, f.Check, f.Message, f.Got)
					checks[f.Check] = true
				}
			}
			for _, name := range row.found {
				require.True(t, checks[name], "%s found nothing", name)
			}
			require.True(t, len(row.found) > 0 || len(checks) == 0, checks)
		})
	}
}

// rung are the verdicts of some cases over a server that answers GET rightly.
func rung(t *testing.T, match string, other http.HandlerFunc) []contract.Verdict {
	t.Helper()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "GET" {
			other(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Tone", "c")
		_, _ = w.Write([]byte(`{"loud":true}`))
	})
	bell := spec.Source{Name: "bell.json", Data: []byte(bellDocument)}
	return verdicts(t, over(t, bell, "http://bell.test", h, nil, func(o *Options) { o.Match = match }))
}
