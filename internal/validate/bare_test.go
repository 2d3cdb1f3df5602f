package validate

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
)

// bare has parameters that say nothing of what they may be, in each place and
// style. OpenAPI demands a schema or a content of them; some documents forget.
const bare = `{"openapi": "3.0.3", "info": {"title": "bare", "version": "1"}, "paths": {"/a/{plain}/{label}/{matrix}": {"get": {
"parameters": [
	{"name": "plain", "in": "path", "required": true},
	{"name": "label", "in": "path", "required": true, "style": "label", "explode": true},
	{"name": "matrix", "in": "path", "required": true, "style": "matrix", "explode": true},
	{"name": "q", "in": "query"}, {"name": "deep", "in": "query", "style": "deepObject"},
	{"name": "X-H", "in": "header"}, {"name": "c", "in": "cookie"}],
"responses": {"200": {"description": "ok", "headers": {"X-R": {"description": "bare"}}}}}}}}`

func TestParametersWithoutASchemaMayBeAnything(t *testing.T) {
	t.Parallel()
	o, err := New([]byte(bare))
	require.NoError(t, err)
	r := &contract.Request{Method: "GET", Header: http.Header{"X-H": {"1"}, "Cookie": {"c=1"}}}
	require.Empty(t, o.Request(r, "/a/x/.y/;matrix=z?q=1&deep[a]=2").Problems)
	reply := &contract.Response{Status: 200, Header: http.Header{"X-R": {"1", "2"}}}
	require.Empty(t, o.Response(r, "/a/x/.y/;matrix=z", reply).Problems)
}
