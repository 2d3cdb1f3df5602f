package spec

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// huts are made under a code, which the body has as given.
const huts = `{"openapi": "3.0.3", "info": {"title": "Huts", "version": "1"}, "paths": {
  "/huts": {"post": {"operationId": "build", %s
    "requestBody": {"content": {"application/json": {"schema": {"type": "object", "required": [%s], "properties": {"code": %s, "size": {"type": "integer"}}}}}},
    "responses": {"201": {"description": "built", "content": {"application/json": {"schema": {"type": "object", "properties": {"code": {"type": "string"}}}}}}}}},
  "/huts/{code}": {"parameters": [{"name": "code", "in": "path", "required": true, "schema": {"type": "string"}}],
    "get": {"operationId": "visit", "responses": {"200": {"description": "one"}}},
    "delete": {"operationId": "raze", "responses": {"204": {"description": "gone"}}}}}}`

func TestAnIDThatTheClientChoosesIsUnique(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		extension, required, code string
		want                      []string
	}{
		"chosen":       {"", `"code"`, `{"type": "string"}`, []string{"$request.body#/code"}},
		"may be left":  {"", `"size"`, `{"type": "string"}`, nil},
		"the server's": {"", `"code"`, `{"type": "string", "readOnly": true}`, nil},
		"a number":     {"", `"code"`, `{"type": "integer"}`, nil},
		"declared":     {`"x-conformance": {"creates": {"id": "$response.body#/code", "unique": ["$request.body#/size"], "conflict": 409}},`, `"code"`, `{"type": "string"}`, []string{"$request.body#/size"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := Load(Source{Name: "huts.json", Data: fmt.Appendf(nil, huts, row.extension, row.required, row.code)})
			require.NoError(t, err)
			require.Equal(t, row.want, c.Unique(c.Operation("build")))
			require.Empty(t, c.Unique(c.Operation("visit")))
		})
	}
}
