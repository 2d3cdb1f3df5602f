package openapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/pb33f/jsonschema/v6"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/atlas-contract/conformance/openapi"
)

// The examples are judged by tests of their own: one that shows what is refused
// breaks its schema on purpose.
func TestProfilesAreValidOpenAPI(t *testing.T) {
	eachProfile(t, func(t *testing.T, p profile) {
		require.NoError(t, p.doc.Validate(t.Context(), openapi3.DisableExamplesValidation()))

		doc, err := libopenapi.NewDocument(p.text)
		require.NoError(t, err)
		_, err = doc.BuildV3Model()
		require.NoError(t, err)
		v, errs := validator.NewValidator(doc)
		require.Empty(t, errs)
		ok, problems := v.ValidateDocument()
		require.True(t, ok, "%v", problems)
	})
}

func TestReturnedDocumentsAreCopies(t *testing.T) {
	t.Parallel()
	for _, read := range []func() []byte{openapi.Document, openapi.Overlay, openapi.ExtensionSchema} {
		first := read()
		require.NotEmpty(t, first)
		first[0]++
		require.NotEqual(t, first[0], read()[0])
	}
}

func TestEveryActionOfTheOverlayChangesSomething(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("one goroutine, and long")
	}
	var overlay map[string]any
	require.NoError(t, yaml.Unmarshal(openapi.Overlay(), &overlay))
	actions := overlay["actions"].([]any)
	require.NotEmpty(t, actions)
	text := openapi.Document()
	for i, action := range actions {
		overlay["actions"] = []any{action}
		one, err := yaml.Marshal(overlay)
		require.NoError(t, err)
		result, err := libopenapi.ApplyOverlayFromBytesToSpecBytes(text, one)
		require.NoError(t, err)
		require.Empty(t, result.Warnings)
		require.NotEqual(t, plain(t, text), plain(t, result.Bytes), "action %d: %v", i, action)
		text = result.Bytes
	}
	require.Equal(t, plain(t, observed(t)), plain(t, text))
}

func extensionSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(openapi.ExtensionSchema()))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("x-conformance.schema.json", schema))
	compiled, err := compiler.Compile("x-conformance.schema.json")
	require.NoError(t, err)
	return compiled
}

func TestExtensionSatisfiesItsSchema(t *testing.T) {
	eachProfile(t, func(t *testing.T, p profile) {
		require.NoError(t, extensionSchema(t).Validate(p.tree))
	})
}

func TestExtensionSchemaFindsMistakes(t *testing.T) {
	t.Parallel()
	schema := extensionSchema(t)
	for name, at := range map[string]string{
		"no evidence of that name":  `{"x-conformance":{"statements":[{"id":"A","evidence":"hearsay","text":"t","source":"s"}]}}`,
		"statement without source":  `{"x-conformance":{"statements":[{"id":"A","evidence":"client","text":"t"}]}}`,
		"unknown member":            `{"x-conformance":{"statement":[]}}`,
		"recording without slash":   `{"x-conformance":{"recordings":[{"base":"api"}]}}`,
		"error without such code":   `{"x-conformance":{"errors":{"40x":{}}}}`,
		"relation of no kind":       `{"components":{"parameters":{"P":{"x-conformance":{"relation":"wrapping"}}}}}`,
		"envelope without keys":     `{"components":{"parameters":{"P":{"x-conformance":{"relation":"envelope","status":"s"}}}}}`,
		"pointer without slash":     `{"paths":{"/a":{"get":{"x-conformance":{"examples":{"k":{"constant":["error"]}}}}}}}`,
		"given without a key":       `{"paths":{"/a":{"get":{"x-conformance":{"examples":{"k":{"given":["makeA"]}}}}}}}`,
		"echo of a reply":           `{"paths":{"/a":{"get":{"x-conformance":{"echoes":[{"field":"/a","of":"$response.body#/a"}]}}}}}`,
		"in a path's parameter":     `{"paths":{"/a":{"parameters":[{"x-conformance":{"status":1}}]}}}`,
		"in a nested property":      `{"components":{"schemas":{"S":{"anyOf":[{"properties":{"p":{"items":{"x-conformance":{"immutable":"yes"}}}}}]}}}}`,
		"in a response":             `{"paths":{"/a":{"get":{"responses":{"200":{"x-conformance":{"bodyOptional":"yes"}}}}}}}`,
		"body broken in a keyword":  `{"paths":{"/a":{"post":{"requestBody":{"x-conformance":{"broken":{"type":["A"]}}}}}}}`,
		"broken without statements": `{"components":{"schemas":{"S":{"x-conformance":{"broken":{"type":[]}}}}}}`,
		"state of no group":         `{"paths":{"/a":{"post":{"x-conformance":{"requires":{"state":"AVAILABLE"}}}}}}`,
		"cites of no part":          `{"components":{"schemas":{"S":{"x-conformance":{"lifecycle":{"initial":["A"],"transitions":{},"cites":{"AVAILABLE":["A"]}}}}}}}`,
		"in a header":               `{"components":{"headers":{"H":{"x-conformance":{"statements":[]}}}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var v any
			require.NoError(t, json.Unmarshal([]byte(at), &v))
			require.Error(t, schema.Validate(v))
		})
	}
}

// statements are those at the root, by id.
func (p profile) statements(t *testing.T) map[string]map[string]any {
	t.Helper()
	out := map[string]map[string]any{}
	root := p.tree.(map[string]any)["x-conformance"].(map[string]any)
	for _, s := range root["statements"].([]any) {
		statement := s.(map[string]any)
		id := statement["id"].(string)
		require.NotContains(t, out, id, "an id stands for one statement")
		out[id] = statement
	}
	return out
}

func TestStatementsAreComplete(t *testing.T) {
	eachProfile(t, func(t *testing.T, p profile) {
		for id, s := range p.statements(t) {
			require.Contains(t, []any{"recorded", "documented", "client", "assumed"}, s["evidence"], id)
			require.NotEmpty(t, s["source"], id)
			require.Regexp(t, regexp.MustCompile(`\.$`), s["text"], id)
		}
	})
}

func TestEveryCitedStatementExists(t *testing.T) {
	eachProfile(t, func(t *testing.T, p profile) {
		known := p.statements(t)
		cited := 0
		walk(p.tree, "", func(pointer string, ids []any) {
			for _, id := range ids {
				require.Contains(t, known, id, pointer)
				cited++
			}
		})
		require.Greater(t, cited, 200)
	})
}

// walk visits every list of statement ids below x-conformance.
func walk(v any, pointer string, visit func(string, []any)) {
	switch at := v.(type) {
	case []any:
		for i, item := range at {
			walk(item, fmt.Sprintf("%s/%d", pointer, i), visit)
		}
	case map[string]any:
		for key, item := range at {
			below := pointer + "/" + key
			if ids, ok := item.([]any); ok && citing(pointer, key) {
				visit(below, ids)
				continue
			}
			walk(item, below, visit)
		}
	}
}

// citing tells whether a list cites statements: the root's own list, alone of
// that name, says what they are.
func citing(pointer, key string) bool {
	if !strings.Contains(pointer, "x-conformance") || pointer == "/x-conformance" {
		return false
	}
	for _, at := range []string{"/checks", "/broken", "/cites"} {
		if strings.HasSuffix(pointer, at) {
			return true
		}
	}
	return slices.Contains([]string{
		"statements", "unknownQueryStatements", "immutableStatements", "compact", "errors", "same", "broken",
	}, key)
}
