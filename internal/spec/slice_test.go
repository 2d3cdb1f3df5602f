package spec

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const sharedReplies = `{"openapi": "3.0.3", "info": {"title": "a", "version": "1"},
"components": {"schemas": {"Error": {"type": "object", "properties": {"cause": {"$ref": "#/components/schemas/Cause"}}}, "Cause": {"type": "string"}, "Thing": {"type": "object"}},
	"responses": {"bad": {"description": "bad", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}}},
"paths": {
	"/a": {"get": {"responses": {"200": {"description": "a", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}, "400": {"$ref": "#/components/responses/bad"}}}},
	"/b": {"post": {"responses": {"204": {"description": "b"}, "400": {"$ref": "#/components/responses/bad"}}}}}}`

func TestOperationsShareTheSliceOfAReplyThatIsTheSame(t *testing.T) {
	t.Parallel()
	c, err := Load(Source{Name: "a.json", Data: []byte(sharedReplies)})
	require.NoError(t, err)
	a, b := c.Operation("GET /a"), c.Operation("POST /b")
	one, other := c.SliceReply(a, a.Response(400)), c.SliceReply(b, b.Response(400))
	require.Equal(t, one.ID, other.ID)
	require.JSONEq(t, string(one.Text()), string(other.Text()))
	require.Contains(t, string(one.Text()), `"Cause"`)
	require.NotContains(t, string(one.Text()), `"Thing"`, "another reply of the operation is left out")
	require.NotEqual(t, one.ID, c.SliceReply(a, a.Response(200)).ID)

	undeclared := c.SliceReply(a, nil)
	require.NotEqual(t, undeclared.ID, c.SliceReply(b, nil).ID)
	require.Contains(t, string(undeclared.Text()), `"200":{"description":""}`)
	require.NotContains(t, string(undeclared.Text()), `"Error"`)
}
