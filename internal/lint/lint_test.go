package lint

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/openapi"
)

func lines(t *testing.T, c *spec.Contract) []string {
	t.Helper()
	var out []string
	for _, p := range Run(c, Options{Extension: openapi.ExtensionSchema()}) {
		out = append(out, fmt.Sprintf("%d %s %s", p.Line, p.Rule, p.Pointer))
		require.NotEmpty(t, p.Message)
		require.NotContains(t, p.Message, "\n")
		require.Equal(t, c.Name, p.File)
	}
	return out
}

func TestOurOwnContractIsClean(t *testing.T) {
	t.Parallel()
	overlay := spec.Overlay{Name: "observed.overlay.yaml", Data: openapi.Overlay()}
	for _, overlays := range [][]spec.Overlay{nil, {overlay}} {
		c, err := spec.Load(spec.Source{Name: "private-endpoint.yaml", Data: openapi.Document(), Overlays: overlays})
		require.NoError(t, err)
		require.Empty(t, Run(c, Options{Extension: openapi.ExtensionSchema()}))
	}
}

func TestEveryRuleFindsItsProblem(t *testing.T) {
	t.Parallel()
	c, err := spec.Load(spec.Source{Name: "testdata/broken.yaml"})
	require.NoError(t, err)
	got := lines(t, c)
	require.Equal(t, []string{
		"4 extension /x-conformance",
		"7 security /security/0/nobody",
		"11 path-parameter /paths/~1things~1{id}~1{part}/get",
		"12 citation /paths/~1things~1{id}~1{part}/get/x-conformance/statements/1",
		"14 path-parameter /paths/~1things~1{id}~1{part}/get/parameters/0",
		"15 path-parameter /paths/~1things~1{id}~1{part}/get/parameters/1",
		"16 example /paths/~1things~1{id}~1{part}/get/parameters/2/example",
		"17 unsatisfiable /paths/~1things~1{id}~1{part}/get/parameters/3/schema",
		"18 form /paths/~1things~1{id}~1{part}/get/parameters/4/schema/type",
		"27 example /paths/~1things~1{id}~1{part}/get/responses/200/content/application~1json/examples/wrong/value/name",
		"28 form /paths/~1things~1{id}~1{part}/get/responses/20",
		"31 operation-id /paths/~1others/get/operationId",
		"32 reference /paths/~1others/get/responses/200/$ref",
		"34 no-case /paths/~1others/post",
		"41 security /components/securitySchemes/odd",
		"47 pattern /components/schemas/Thing/properties/name/pattern",
		"48 form /components/schemas/Thing/properties/name",
		"49 example /components/schemas/Thing/properties/sort/enum/0",
		"50 example /components/schemas/Thing/properties/when/default",
		"51 unsatisfiable /components/schemas/Thing/properties/none",
		"52 unsatisfiable /components/schemas/Thing/properties/several",
	}, got)
	for _, rule := range Rules() {
		require.Contains(t, strings.Join(got, "\n"), " "+rule.Name+" ")
	}
}

func TestRulesAreDocumented(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, rule := range Rules() {
		require.Regexp(t, regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`), rule.Name)
		require.True(t, strings.HasSuffix(rule.Doc, "."), rule.Name)
		require.False(t, seen[rule.Name])
		seen[rule.Name] = true
	}
}

func TestWhatIsRightIsNoProblem(t *testing.T) {
	t.Parallel()
	for name, paths := range map[string]string{
		"an example of an error": `{"/a": {"post": {"operationId": "a", "requestBody": {"content": {"application/json": {"schema": {"type": "integer"},
			"examples": {"bad": {"value": "x"}, "good": {"value": 1}}}}}, "responses": {
			"200": {"description": "", "content": {"application/json": {"examples": {"good": {"value": 1}}}}},
			"400": {"description": "", "content": {"application/json": {"examples": {"bad": {"value": 1}}}}}}}}}`,
		"an example of one direction": `{"/a": {"get": {"operationId": "a", "responses": {"200": {"description": "", "content": {"application/json": {"schema":
			{"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "readOnly": true}, "n": {"type": "integer"}}, "example": {"n": 1}}}}}}}}}`,
		"a property called $ref": `{"/a": {"get": {"operationId": "a", "responses": {"200": {"description": "", "content": {"application/json": {"schema":
			{"type": "object", "properties": {"example": {"type": "integer"}, "enum": {"type": "array", "items": {}}}}}}}}}}}`,
		"what must not be there": `{"/a": {"get": {"operationId": "a", "responses": {"200": {"description": "", "content": {"application/json": {"schema":
			{"type": "object", "properties": {"x": {"not": {}}}}}}}}}}}`,
		"alternatives told apart by a member": `{"/a": {"get": {"operationId": "a", "responses": {"200": {"description": "", "content": {"application/json": {"schema":
			{"oneOf": [{"type": "object"}, {"type": "object"}], "discriminator": {"propertyName": "kind"}}}}}}}}}`,
		"text in place of JSON": `{"/a": {"get": {"operationId": "a", "responses": {"200": {"description": "", "content": {"text/csv": {"schema":
			{"type": "array", "items": {"type": "string"}}, "example": "a,b"}}}}}}}`,
	} {
		c, err := spec.Load(spec.Source{Name: "a.json", Data: []byte(`{"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": ` + paths + `}`)})
		require.NoError(t, err)
		require.Empty(t, Run(c, Options{}), name)
	}
}
