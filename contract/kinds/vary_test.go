package kinds

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// mugs is a source over a document with a thing whose member name must be
// unique, where the member has the schema and the example has the value.
func mugs(t *testing.T, schema, value string) *Source {
	t.Helper()
	c, err := spec.Load(spec.Source{Name: "mugs.json", Data: fmt.Appendf(nil, `{"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": {
		"/mugs": {"post": {"operationId": "makeMug",
			"requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/New"}, "examples": {"one": {"value": {"name": %q}}}}}},
			"responses": {"201": {"description": "made", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Mug"}, "examples": {"one": {"value": {"id": "a"}}}}}}, "409": {"description": "there is one"}},
			"x-conformance": {"creates": {"id": "$response.body#/id", "unique": ["$request.body#/name"], "conflict": 409}}}},
		"/mugs/{id}": {"delete": {"operationId": "breakMug", "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}], "responses": {"204": {"description": "gone"}}}}},
		"components": {"schemas": {"Mug": {"type": "object", "properties": {"id": {"type": "string"}}},
			"Fields": {"type": "object", "required": ["name"], "properties": {"name": %s, "size": {"enum": ["small", "large"]}}}, "New": {"allOf": [{"$ref": "#/components/schemas/Fields"}]}}}}`, value, schema)})
	require.NoError(t, err)
	return &Source{Contract: c, Base: "http://mugs.test"}
}

// names are the unique names that the accepted cases of a source send, by case.
func names(t *testing.T, s *Source) map[string]string {
	t.Helper()
	out := map[string]string{}
	for id, c := range cases(t, s, valid) {
		if strings.HasPrefix(id, "makeMug/valid/body/size") || strings.HasPrefix(id, "makeMug/valid/body.size") {
			body, _ := contract.Decode(c.Steps[0].Request.Body)
			name, _ := contract.At(body, "/name")
			out[id] = fmt.Sprint(name)
		}
	}
	require.Greater(t, len(out), 1)
	return out
}

func TestWhatMustBeUniqueIsDrawnFromItsSchema(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, schema, value, like string }{
		{"pattern", `{"type": "string", "pattern": "^M-[0-9]{6}$"}`, "M-000001", `^M-[0-9]{6}$`},
		{"pattern without an end", `{"type": "string", "pattern": "^mug-[a-z]+$"}`, "mug-a", `^mug-[a-z]{11}$`},
		{"format", `{"type": "string", "format": "uuid"}`, "3f2b7c1e-5d4a-4b8e-9a6f-0c1d2e3f4a5b", `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`},
		{"email", `{"type": "string", "format": "email"}`, "bo@example.com", `^c[0-9a-f]{8}@example\.com$`},
		{"free text", `{"type": "string"}`, "blue", `^blue-[0-9a-f]{8}$`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := mugs(t, row.schema, row.value)
			first, seen := names(t, s), map[string]bool{row.value: true}
			for id, name := range first {
				require.Regexp(t, regexp.MustCompile(row.like), name, id)
				require.False(t, seen[name], "two cases want the same: %s", name)
				seen[name] = true
			}
			require.Equal(t, first, names(t, mugs(t, row.schema, row.value)), "the same seed draws the same")
			s.Seed++
			require.NotEqual(t, first, names(t, s))
		})
	}
}

func TestWhatMustBeUniqueStaysWhereNoOtherIsRight(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, schema, value string }{
		{"listed", `{"type": "string", "enum": ["blue", "red"]}`, "blue"},
		{"one text alone", `{"type": "string", "pattern": "^blue$"}`, "blue"},
		{"too short for another", `{"type": "string", "maxLength": 4}`, "blue"},
		{"a date", `{"type": "string", "format": "date"}`, "2027-03-04"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			for id, name := range names(t, mugs(t, row.schema, row.value)) {
				require.Equal(t, row.value, name, id)
			}
		})
	}
}
