package kinds

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// shelves is the source over the contract that the checks are tested with too.
func shelves(t *testing.T) *Source {
	t.Helper()
	c, err := spec.Load(spec.Source{Name: "../checks/testdata/shelves.yaml"})
	require.NoError(t, err)
	return &Source{Contract: c, Base: "http://shelves.test/api"}
}

func cases(t *testing.T, s *Source, kind Kind) map[string]*contract.Case {
	t.Helper()
	out := map[string]*contract.Case{}
	for c := range s.Cases([]Kind{kind}) {
		require.NotContains(t, out, c.ID, "an id stands for one case")
		out[c.ID] = c
	}
	return out
}

func TestExampleReplaysTheDocumentedRequest(t *testing.T) {
	t.Parallel()
	c := cases(t, shelves(t), example)["createShelf/example/open"]
	require.NotNil(t, c)
	require.Equal(t, contract.Accepted, c.Expect)
	require.Equal(t, []int{201}, c.Statuses)
	require.Equal(t, []string{"R1"}, c.Statements)
	require.Equal(t, "POST", c.Steps[0].Request.Method)
	require.Equal(t, "http://shelves.test/api/shelves", c.Steps[0].Request.URL)
	require.JSONEq(t, `{"kind":"open","label":"a"}`, string(c.Steps[0].Request.Body))
	require.Equal(t, "application/json", c.Steps[0].Request.Header.Get("Content-Type"))
}

func TestWhatACaseMakesItRemovesAndWaitsUntilItIsGone(t *testing.T) {
	t.Parallel()
	c := cases(t, shelves(t), example)["createShelf/example/open"]
	require.Len(t, c.Steps, 3)
	remove, gone := c.Steps[1], c.Steps[2]
	require.True(t, remove.Cleanup)
	require.Equal(t, "DELETE", remove.Request.Method)
	require.Equal(t, "http://shelves.test/api/shelves/{id}", remove.Request.URL)
	require.Equal(t, contract.Bind{Name: "id", Step: "createShelf", Expr: "$response.body#/id", Under: []string{"content", "envelope"}}, remove.Binds[0])
	require.Equal(t, "GET", gone.Request.Method)
	require.Equal(t, []int{404}, gone.Until.Statuses)
}

func TestARejectedExampleHasTheStatusItIsDocumentedUnder(t *testing.T) {
	t.Parallel()
	c := cases(t, shelves(t), example)["createShelf/example/bad"]
	require.Equal(t, contract.Rejected, c.Expect)
	require.Equal(t, []int{400}, c.Statuses)
}

func TestCasesAreTheSameEveryTime(t *testing.T) {
	t.Parallel()
	s := shelves(t)
	var first, second []string
	for c := range s.Cases(All()) {
		first = append(first, c.ID)
	}
	for c := range s.Cases(All()) {
		second = append(second, c.ID)
	}
	require.Equal(t, first, second)
	require.NotEmpty(t, first)
}

func TestEveryKindIsDocumentedAndNamedOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, k := range All() {
		require.NotEmpty(t, k.Doc, k.Name)
		require.False(t, seen[k.Name], k.Name)
		seen[k.Name] = true
	}
}

func TestAnOperationWithoutExamplesIsCalledAsUsual(t *testing.T) {
	t.Parallel()
	made := cases(t, shelves(t), valid)
	require.Contains(t, made, "deleteShelf/valid/usual")
	require.Contains(t, made, "getShelf/valid/usual")
	require.NotContains(t, made, "createShelf/valid/usual", "an example shows the usual request")
	require.Equal(t, contract.Accepted, made["getShelf/valid/usual"].Expect)
}

func TestSchemesThatAskForTheSameAreTriedOnce(t *testing.T) {
	t.Parallel()
	c, err := spec.Load(spec.Source{Name: "a.json", Data: []byte(`{"openapi": "3.0.3", "info": {"title": "a", "version": "1"},
		"security": [{"token": []}, {"login": []}, {"one": []}, {"other": []}],
		"components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}, "login": {"type": "oauth2"},
			"one": {"type": "apiKey", "in": "header", "name": "X-One"}, "other": {"type": "apiKey", "in": "query", "name": "other"}}},
		"paths": {"/a": {"get": {"operationId": "a", "responses": {"200": {"description": "a"}, "401": {"description": "b"}}}}}}`)})
	require.NoError(t, err)
	var ids []string
	for one := range credentialRefused.Derive(&Source{Contract: c}, c.Operations[0]) {
		ids = append(ids, one.ID)
	}
	require.Equal(t, []string{
		"a/credential-refused/bearer.wrong", "a/credential-refused/bearer.empty",
		"a/credential-refused/apiKey.wrong", "a/credential-refused/apiKey.empty",
		"a/credential-refused/apiKey-query-other.wrong", "a/credential-refused/apiKey-query-other.empty",
	}, ids)
}
