package values

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/validate"
)

// components are schemas that the tables refer to.
const components = `
"Cat":{"type":"object","required":["kind","lives"],"properties":{"kind":{"type":"string"},"lives":{"type":"integer"}}},
"Dog":{"type":"object","required":["kind","barks"],"properties":{"kind":{"type":"string"},"barks":{"type":"boolean"}}},
"Tree":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"children":{"type":"array","items":{"$ref":"#/components/schemas/Tree"}}}},
"Named":{"type":"object","required":["name"],"properties":{"name":{"type":"string","minLength":1}}}`

// subject is a schema in a document, with three judges of its values.
type subject struct {
	*Schema
	judge *validate.Operation
	other *jsonschema.Resolved
}

const (
	inRequest  = "/paths/~1x/post/requestBody/content/application~1json/schema"
	inResponse = "/paths/~1x/post/responses/200/content/application~1json/schema"
)

func document(version, schema string) string {
	content := `{"content":{"application/json":{"schema":` + schema + `}}}`
	response := strings.Replace(content, "{", `{"description":"x",`, 1)
	return `{"openapi":"` + version + `","info":{"title":"x","version":"1"},"paths":{"/x":{"post":{"operationId":"op","requestBody":` +
		content + `,"responses":{"200":` + response + `}}}},"components":{"schemas":{` + components + `}}}`
}

func newSubject(t testing.TB, version, schema string, o Options) subject {
	t.Helper()
	doc := document(version, schema)
	require.True(t, json.Valid([]byte(doc)), schema)
	c, err := spec.Load(spec.Source{Name: "test.json", Data: []byte(doc)})
	require.NoError(t, err)
	op := c.Operations[0]
	judge, err := validate.New(c.Slice(op))
	require.NoError(t, err)
	o.Version30 = strings.HasPrefix(version, "3.0")
	return subject{New(op.Body.Media[0].Schema, o), judge, otherJudge(t, schema)}
}

func (s subject) result(v any) validate.Result {
	at := inRequest
	if s.o.Response {
		at = inResponse
	}
	return s.judge.Value(at, contract.Encode(v))
}

// otherJudge reads the schema in the words of JSON Schema 2020-12 into a
// validator that nothing else here uses; nil where it cannot take it.
func otherJudge(t testing.TB, schema string) *jsonschema.Resolved {
	t.Helper()
	var parsed jsonschema.Schema
	if json.Unmarshal(standard(t, schema), &parsed) != nil {
		return nil
	}
	resolved, err := parsed.Resolve(nil)
	if err != nil {
		return nil
	}
	return resolved
}

// standard is the schema, with the components beside it, in the words of JSON
// Schema 2020-12.
func standard(t testing.TB, schema string) []byte {
	t.Helper()
	whole := strings.ReplaceAll(`{"$defs":{`+components+`},"allOf":[`+schema+`]}`, "#/components/schemas/", "#/$defs/")
	v, ok := contract.Decode([]byte(whole))
	require.True(t, ok, whole)
	text, err := json.Marshal(modern(v))
	require.NoError(t, err)
	return text
}

// modern writes what OpenAPI 3.0 alone has in JSON Schema 2020-12.
func modern(v any) any {
	switch v := v.(type) {
	case []any:
		out := []any{}
		for _, item := range v {
			out = append(out, modern(item))
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for name, member := range v {
			out[name] = modern(member)
		}
		if kind, ok := out["type"].(string); ok && out["nullable"] == true {
			out["type"] = []any{kind, "null"}
		}
		for exclusive, bound := range map[string]string{"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"} {
			if out[exclusive] == true {
				out[exclusive] = out[bound]
				delete(out, bound)
			} else if out[exclusive] == false {
				delete(out, exclusive)
			}
		}
		delete(out, "nullable")
		delete(out, "discriminator")
		return out
	}
	return v
}

// agrees tells what the other judge thinks; it calculates in float64.
func (s subject) agrees(t testing.TB, v any) bool {
	t.Helper()
	require.NotNil(t, s.other, "jsonschema-go cannot read the schema")
	var plain any
	require.NoError(t, json.Unmarshal(contract.Encode(v), &plain))
	return s.other.Validate(plain) == nil
}
