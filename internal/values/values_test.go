package values

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/validate"
)

// subject is a schema within a document, and the validators for it.
func subject(t testing.TB, version, schema string) (*Schema, func(any) validate.Result) {
	t.Helper()
	doc := `{"openapi":"` + version + `","info":{"title":"x","version":"1"},"paths":{"/x":{"post":{"operationId":"op","requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/V"}}}},"responses":{"200":{"description":"x"}}}}},"components":{"schemas":{"V":` + schema + `,"Cat":{"type":"object","required":["kind","lives"],"properties":{"kind":{"type":"string"},"lives":{"type":"integer"}}},"Dog":{"type":"object","required":["kind","barks"],"properties":{"kind":{"type":"string"},"barks":{"type":"boolean"}}},"Tree":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"children":{"type":"array","items":{"$ref":"#/components/schemas/Tree"}}}}}}}`
	require.True(t, json.Valid([]byte(doc)), schema)
	c, err := spec.Load(spec.Source{Name: "test.json", Data: []byte(doc)})
	require.NoError(t, err)
	judge, err := validate.New(c.Slice(c.Operations[0]))
	require.NoError(t, err)
	return New(c.Operations[0].Body.Media[0].Schema, Options{}), func(v any) validate.Result {
		return judge.Value("/components/schemas/V", contract.Encode(v))
	}
}

// schemas has one schema for each keyword that constrains a value, and the
// keywords that near misses of it must break.
func schemas() map[string]struct {
	version, schema string
	breaks          []string
} {
	type row = struct {
		version, schema string
		breaks          []string
	}
	const v30, v31 = "3.0.3", "3.1.0"
	return map[string]row{
		"type":                  {v30, `{"type":"string"}`, []string{"type"}},
		"integer":               {v30, `{"type":"integer"}`, []string{"type"}},
		"boolean":               {v30, `{"type":"boolean"}`, []string{"type"}},
		"nullable":              {v30, `{"type":"string","nullable":true}`, []string{"type"}},
		"type list":             {v31, `{"type":["string","null"]}`, []string{"type"}},
		"enum":                  {v30, `{"type":"string","enum":["A","B"]}`, []string{"enum", "type"}},
		"const":                 {v31, `{"const":"x"}`, []string{"const"}},
		"minLength":             {v30, `{"type":"string","minLength":3}`, []string{"minLength"}},
		"maxLength":             {v30, `{"type":"string","maxLength":5}`, []string{"maxLength"}},
		"pattern":               {v30, `{"type":"string","pattern":"^[a-f0-9]{24}$"}`, []string{"pattern"}},
		"pattern lookahead":     {v30, `{"type":"string","pattern":"^(?!bad)[a-z]{3,5}$"}`, []string{"pattern"}},
		"format date-time":      {v30, `{"type":"string","format":"date-time"}`, []string{"format"}},
		"format date":           {v30, `{"type":"string","format":"date"}`, []string{"format"}},
		"format uuid":           {v30, `{"type":"string","format":"uuid"}`, []string{"format"}},
		"format email":          {v31, `{"type":"string","format":"email"}`, []string{"format"}},
		"format ipv4":           {v31, `{"type":"string","format":"ipv4"}`, []string{"format"}},
		"int32":                 {v30, `{"type":"integer","format":"int32"}`, []string{"format"}},
		"minimum":               {v30, `{"type":"integer","minimum":3}`, []string{"minimum"}},
		"maximum":               {v30, `{"type":"number","maximum":3.5}`, []string{"maximum"}},
		"exclusive 3.0":         {v30, `{"type":"integer","minimum":3,"exclusiveMinimum":true}`, []string{"exclusiveMinimum"}},
		"exclusiveMinimum":      {v31, `{"type":"number","exclusiveMinimum":0}`, []string{"exclusiveMinimum"}},
		"exclusiveMaximum":      {v31, `{"type":"number","exclusiveMaximum":1}`, []string{"exclusiveMaximum"}},
		"multipleOf":            {v30, `{"type":"number","multipleOf":0.01,"minimum":0}`, []string{"multipleOf", "minimum"}},
		"required":              {v30, `{"type":"object","required":["a"],"properties":{"a":{"type":"string"},"b":{"type":"integer"}}}`, []string{"required", "type"}},
		"additionalProperties":  {v30, `{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}`, []string{"additionalProperties"}},
		"additional schema":     {v30, `{"type":"object","additionalProperties":{"type":"integer"}}`, []string{"type"}},
		"minProperties":         {v30, `{"type":"object","minProperties":2,"properties":{"a":{"type":"string"},"b":{"type":"string"}}}`, []string{"minProperties"}},
		"maxProperties":         {v30, `{"type":"object","maxProperties":1}`, []string{"maxProperties"}},
		"minItems":              {v30, `{"type":"array","minItems":2,"items":{"type":"string"}}`, []string{"minItems", "type"}},
		"maxItems":              {v30, `{"type":"array","maxItems":2,"items":{"type":"string"}}`, []string{"maxItems"}},
		"uniqueItems":           {v30, `{"type":"array","uniqueItems":true,"items":{"type":"integer"}}`, []string{"uniqueItems"}},
		"allOf":                 {v30, `{"allOf":[{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}},{"type":"object","required":["b"],"properties":{"b":{"type":"integer"}}}]}`, []string{"required", "type"}},
		"oneOf":                 {v30, `{"oneOf":[{"$ref":"#/components/schemas/Cat"},{"$ref":"#/components/schemas/Dog"}],"discriminator":{"propertyName":"kind"}}`, []string{"required", "type"}},
		"anyOf":                 {v31, `{"anyOf":[{"type":"string"},{"type":"integer"}]}`, []string{"type"}},
		"not":                   {v31, `{"type":"string","not":{"const":"bad"}}`, []string{"not"}},
		"nested":                {v30, `{"type":"object","required":["a"],"properties":{"a":{"type":"object","required":["b"],"properties":{"b":{"type":"array","items":{"type":"integer","minimum":1}}}}}}`, []string{"minimum", "required"}},
		"recursive":             {v30, `{"$ref":"#/components/schemas/Tree"}`, []string{"required"}},
		"prefixItems":           {v31, `{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}],"minItems":2}`, []string{"type", "minItems"}},
		"contains":              {v31, `{"type":"array","contains":{"type":"integer"}}`, []string{"contains"}},
		"propertyNames":         {v31, `{"type":"object","propertyNames":{"pattern":"^[a-z]+$"}}`, []string{"propertyNames"}},
		"patternProperties":     {v31, `{"type":"object","patternProperties":{"^x-":{"type":"integer"}}}`, []string{"type"}},
		"dependentRequired":     {v31, `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"dependentRequired":{"a":["b"]}}`, []string{"dependentRequired"}},
		"unevaluatedProperties": {v31, `{"type":"object","allOf":[{"properties":{"a":{"type":"string"}}}],"unevaluatedProperties":false}`, []string{"unevaluatedProperties"}},
	}
}

func TestEveryKeywordHasRightValuesAndNearMisses(t *testing.T) {
	t.Parallel()
	for name, row := range schemas() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, judge := subject(t, row.version, row.schema)
			right, unfit := 0, 0
			for v := range s.Valid() {
				if r := judge(v.JSON); r.OK() {
					right++
				} else {
					unfit++
					t.Logf("%s at %q: %s: %v", v.Detail, v.Pointer, contract.Show(v.JSON), r.Problems)
				}
			}
			require.NotZero(t, right)
			require.Zero(t, unfit, "values meant as right that are not")
			broken := map[string]bool{}
			for v := range s.Misses() {
				r := judge(v.JSON)
				if len(r.Problems) == 1 && r.Problems[0].Dissent == "" {
					broken[r.Problems[0].Keyword] = true
				}
			}
			for _, keyword := range row.breaks {
				require.True(t, broken[keyword], "no near miss of %s among %v", keyword, broken)
			}
		})
	}
}

func TestASchemaThatRequiresItselfHasNoValue(t *testing.T) {
	t.Parallel()
	s, _ := subject(t, "3.0.3", `{"type":"object","required":["v"],"properties":{"v":{"$ref":"#/components/schemas/V"}}}`)
	for v := range s.Valid() {
		t.Fatalf("%v", v)
	}
}

func TestTheValuesAreTheSameEveryTime(t *testing.T) {
	t.Parallel()
	list := func() (out []string) {
		s, _ := subject(t, "3.0.3", schemas()["nested"].schema)
		for v := range s.Misses() {
			out = append(out, v.Pointer+" "+v.Detail+" "+contract.Show(v.JSON))
		}
		return out
	}
	require.Equal(t, list(), list())
	require.NotEmpty(t, list())
}

func FuzzPattern(f *testing.F) {
	for _, pattern := range []string{"^[a-z]+$", "a{2,5}", "(?!x)y", `\d{4}-\d\d`, "[", "(a|b)*c"} {
		f.Add(pattern)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		if len(pattern) > 60 {
			t.Skip()
		}
		if s, ok := matching(pattern, 0, 50, 1); ok {
			require.LessOrEqual(t, len([]rune(s)), 50)
		}
	})
}
