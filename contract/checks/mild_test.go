package checks

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// cups is a document without any extension, as most are.
const cups = `{"openapi": "3.0.3", "info": {"title": "Cups", "version": "1"}, "paths": {
  "/cups": {"post": {"operationId": "fill", "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
    "responses": {"201": {"description": "made", "content": {"application/json": {"schema": {"type": "object"}}}, "links": {
      "show": {"operationId": "show", "parameters": {"id": "$response.body#/id"}}, "drop": {"operationId": "drop", "parameters": {"id": "$response.body#/id"}}}},
      "422": {"description": "does not go together"}}}},
  "/cups/{id}": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
    "get": {"operationId": "show", "responses": {"200": {"description": "one", "content": {"application/json": {"schema": {"type": "object"}}}}, "404": {"description": "none"}}},
    "delete": {"operationId": "drop", "responses": {"200": {"description": "gone"}, "202": {"description": "soon gone"}, "404": {"description": "none"}}}},
  "/saucers": {"get": {"operationId": "saucers", "responses": {"200": {"description": "all"}}}}}}`

// told are the findings of a case of these exchanges: operation, method, path,
// status and body of each.
func told(t *testing.T, c *contract.Case, exchanges ...[5]string) []contract.Finding {
	t.Helper()
	document, err := spec.Load(spec.Source{Name: "cups.json", Data: []byte(cups)})
	require.NoError(t, err)
	var list []*contract.Exchange
	at := time.Now()
	for _, x := range exchanges {
		var status int
		_, err := fmt.Sscan(x[3], &status)
		require.NoError(t, err)
		e := &contract.Exchange{
			Step: x[0], Operation: x[0], Start: at, Elapsed: time.Millisecond, Params: map[string]string{"id": "c1"},
			Request:  contract.Request{Method: x[1], URL: "http://cups.test" + x[2]},
			Response: &contract.Response{Status: status, Header: http.Header{}, Body: []byte(x[4])},
		}
		if x[4] != "" {
			e.Response.Header.Set("Content-Type", "application/json")
		}
		list, at = append(list, e), at.Add(time.Second)
	}
	return NewJudge(document, "", All()).Judge(c, list).Findings
}

func of(check string, findings []contract.Finding) []contract.Finding {
	return slices.DeleteFunc(findings, func(f contract.Finding) bool { return f.Check != check })
}

// A reply that says that a removal has been done is held to it, unless the thing
// shows that something has become of it.
func TestARemovalThatIsToldToBeDone(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, status, before, after string
		evidence                    contract.Evidence
	}{
		{"done, and as before", "200", `{"id":"c1"}`, `{"id":"c1"}`, contract.Documented},
		{"to be done", "202", `{"id":"c1"}`, `{"id":"c1"}`, contract.Assumed},
		{"marked", "200", `{"id":"c1"}`, `{"id":"c1","deleted":true}`, contract.Assumed},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			c := &contract.Case{ID: "show/x", Operation: "show", Steps: []contract.Step{{Name: "show", Operation: "show", Until: &contract.Until{Statuses: []int{404}}}}}
			found := of("awaited", told(t, c,
				[5]string{"fill", "POST", "/cups", "201", row.before},
				[5]string{"drop", "DELETE", "/cups/c1", row.status, ""},
				[5]string{"show", "GET", "/cups/c1", "200", row.after}))
			require.Len(t, found, 1)
			require.Equal(t, row.evidence, found[0].Evidence)
		})
	}
}

// Where a document has no reply at all to what is refused, no server can keep it.
func TestARefusalThatTheDocumentHasNoReplyFor(t *testing.T) {
	t.Parallel()
	c := &contract.Case{ID: "x", Operation: "saucers", Expect: contract.Rejected, Steps: []contract.Step{{Name: "saucers", Operation: "saucers"}}}
	found := of("documented-status", told(t, c, [5]string{"saucers", "GET", "/saucers?no", "400", "{}"}))
	require.Len(t, found, 1)
	require.Equal(t, contract.Assumed, found[0].Evidence)
	require.Contains(t, found[0].Message, "declares no reply at all to a request that is refused")
	c = &contract.Case{ID: "x", Operation: "show", Steps: []contract.Step{{Name: "show", Operation: "show"}}}
	found = of("documented-status", told(t, c, [5]string{"show", "GET", "/cups/c1", "400", "{}"}))
	require.Len(t, found, 1)
	require.Equal(t, contract.Documented, found[0].Evidence)
}

// A declared 422 may speak of what a request means; an example is vouched for.
func TestARightRequestThatCannotBeProcessed(t *testing.T) {
	t.Parallel()
	for kind, evidence := range map[string]contract.Evidence{"valid": contract.Assumed, "example": contract.Documented} {
		c := &contract.Case{ID: "x", Operation: "fill", Kind: kind, Expect: contract.Accepted, Steps: []contract.Step{{Name: "fill", Operation: "fill"}}}
		found := of("outcome", told(t, c, [5]string{"fill", "POST", "/cups", "422", ""}))
		require.Len(t, found, 1)
		require.Equal(t, evidence, found[0].Evidence, kind)
	}
}
