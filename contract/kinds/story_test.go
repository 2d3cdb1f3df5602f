package kinds

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// below has things that stand below others, and one kind of which nobody knows
// all of the path by which it is removed.
const below = `{"openapi": "3.0.3", "info": {"title": "below", "version": "1"},
"components": {"responses": {"made": {"description": "made", "content": {"application/json": {"schema": {
	"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}}}}},
	"parameters": {"room": {"name": "room", "in": "path", "required": true, "schema": {"type": "string", "enum": ["hall"]}},
		"id": {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
		"part": {"name": "part", "in": "path", "required": true, "schema": {"type": "string"}}}},
"paths": {
	"/rooms/{room}/lamps": {"post": {"operationId": "hang", "parameters": [{"$ref": "#/components/parameters/room"}],
		"responses": {"201": {"$ref": "#/components/responses/made"}}}},
	"/rooms/{room}/lamps/{id}": {
		"parameters": [{"$ref": "#/components/parameters/room"}, {"$ref": "#/components/parameters/id"}],
		"get": {"operationId": "see", "responses": {"200": {"description": "seen"}, "404": {"description": "gone"}}},
		"delete": {"operationId": "remove", "responses": {"204": {"description": "removed"}}}},
	"/chairs": {"post": {"operationId": "put", "responses": {"201": {"$ref": "#/components/responses/made"}}}},
	"/chairs/{id}/{part}": {
		"parameters": [{"$ref": "#/components/parameters/id"}, {"$ref": "#/components/parameters/part"}],
		"get": {"operationId": "look", "responses": {"200": {"description": "seen"}, "404": {"description": "gone"}}},
		"delete": {"operationId": "take", "responses": {"204": {"description": "taken"}}}}}}`

func belowCases(t *testing.T) map[string]*contract.Case {
	t.Helper()
	c, err := spec.Load(spec.Source{Name: "below.json", Data: []byte(below)})
	require.NoError(t, err)
	return cases(t, &Source{Contract: c, Base: "http://below.test"}, valid)
}

func TestWhatStandsBelowAThingIsRemovedThere(t *testing.T) {
	t.Parallel()
	c := belowCases(t)["hang/valid/usual"]
	require.NotNil(t, c)
	require.Len(t, c.Steps, 3)
	for _, step := range c.Steps[1:] {
		require.True(t, step.Cleanup)
		require.Equal(t, "http://below.test/rooms/hall/lamps/{id}", step.Request.URL)
		require.Equal(t, map[string]string{"room": "hall"}, step.Params)
	}
}

func TestWhatCannotBeNamedIsNotRemovedAndTheStepThatMadeItStaysTheMainOne(t *testing.T) {
	t.Parallel()
	c := belowCases(t)["put/valid/usual"]
	require.NotNil(t, c)
	require.Len(t, c.Steps, 1)
	require.Equal(t, 0, c.Main())
}
