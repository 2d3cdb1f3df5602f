package validate

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
)

// doubling has a schema whose references, written out, come to 2^depth copies of
// the last one.
func doubling(depth int) []byte {
	schemas := []string{fmt.Sprintf(`"s%d": {"type": "integer"}`, depth)}
	for i := range depth {
		schemas = append(schemas, fmt.Sprintf(
			`"s%d": {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#/components/schemas/s%d"}, "b": {"oneOf": [{"$ref": "#/components/schemas/s%d"}, {"type": "string"}]}}}`, i, i+1, i+1))
	}
	return []byte(`{"openapi": "3.1.0", "info": {"title": "d", "version": "1"}, "paths": {"/a": {"post": {
		"requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/s0"}}}},
		"responses": {"200": {"description": "ok"}}}}}, "components": {"schemas": {` + strings.Join(schemas, ",") + `}}}`)
}

// nested is a value of the schema of doubling, with a leaf.
func nested(depth int, leaf string) []byte {
	return []byte(strings.Repeat(`{"a":`, depth) + leaf + strings.Repeat("}", depth))
}

func TestSchemasThatReferToEachOtherTooOftenAreJudgedAllTheSame(t *testing.T) {
	t.Parallel()
	const depth = 24
	o, err := New(doubling(depth))
	require.NoError(t, err)
	ask := func(body []byte) Result {
		return o.Request(&contract.Request{Method: "POST", Header: http.Header{"Content-Type": {"application/json"}}, Body: body}, "/a")
	}
	right := ask(nested(depth, "1"))
	require.Empty(t, right.Problems)
	require.Empty(t, right.Unable)
	require.True(t, o.lib.slim)
	wrong := ask(nested(depth, `"x"`))
	require.Len(t, wrong.Problems, 1)
	require.Equal(t, strings.Repeat("/a", depth), wrong.Problems[0].Pointer)
	require.Empty(t, wrong.Problems[0].Dissent)
	top := ask([]byte(`{}`))
	require.Len(t, top.Problems, 1)
	require.Contains(t, top.Problems[0].By, Lib, "what is not cut the library judges too")
}

func TestOnlyLargeDocumentsAreSlimmed(t *testing.T) {
	t.Parallel()
	for depth, want := range map[int]bool{3: false, 24: true} {
		text := doubling(depth)
		d, err := readDocument(text)
		require.NoError(t, err)
		less, slimmed := slim(d, text)
		require.Equal(t, want, slimmed)
		require.True(t, json.Valid(less))
		again, _ := slim(d, text)
		require.Equal(t, string(less), string(again))
	}
}
