package spec

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

const tiny = `openapi: 3.0.3
info: { title: T, version: "1" }
servers: [{ url: "https://{host}/v1/", variables: { host: { default: a.test } } }]
paths:
  /things/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: string } }
      - { name: q, in: query, schema: { type: integer } }
    get:
      operationId: getThing
      parameters:
        - { name: q, in: query, schema: { type: string } }
      responses:
        "200":
          description: ok
          content:
            application/json: { schema: { $ref: "#/components/schemas/Node" } }
        4XX: { description: no }
        default: { description: other }
    post:
      responses: { "204": { description: done } }
  /things/mine:
    get:
      operationId: mine
      responses: { "200": { description: ok } }
components:
  schemas:
    Node:
      type: object
      properties:
        next: { $ref: "#/components/schemas/Node" }
        deep: { $ref: "#/components/schemas/Other/properties/inner" }
    Other: { type: object, properties: { inner: { type: string, example: x } } }
    Unused: { type: string }
`

func load(t *testing.T, text string) *Contract {
	t.Helper()
	c, err := Load(Source{Name: "tiny.yaml", Data: []byte(text)})
	require.NoError(t, err)
	return c
}

func TestLoadReadsServerBaseAndOperations(t *testing.T) {
	t.Parallel()
	c := load(t, tiny)
	require.Equal(t, "https://a.test/v1/", c.Server)
	require.Equal(t, "/v1", c.Base)
	require.Len(t, c.Operations, 3)
	require.Equal(t, "POST /things/{id}", c.Operations[1].ID, "an operation without an id is named by method and path")
}

func TestOperationParametersWinOverThoseOfThePath(t *testing.T) {
	t.Parallel()
	op := load(t, tiny).Operation("getThing")
	require.Len(t, op.Parameters, 2)
	require.Equal(t, "string", op.Parameters[1].Schema.Get("type").Text())
}

func TestResponseFallsBackToRangeAndDefault(t *testing.T) {
	t.Parallel()
	op := load(t, tiny).Operation("getThing")
	require.Equal(t, "200", op.Response(200).Status)
	require.Equal(t, "4XX", op.Response(404).Status)
	require.Equal(t, "default", op.Response(503).Status)
}

func TestRoutePrefersTheLiteralPath(t *testing.T) {
	t.Parallel()
	c := load(t, tiny)
	m, ok := c.Route("GET", "/things/mine")
	require.True(t, ok)
	require.Equal(t, "mine", m.Operation.ID)
	m, ok = c.Route("GET", "/things/a%2Fb")
	require.True(t, ok)
	require.Equal(t, "getThing", m.Operation.ID)
	require.Equal(t, "a/b", m.Params["id"])
	m, ok = c.Route("PUT", "/things/x")
	require.True(t, ok)
	require.Nil(t, m.Operation)
	require.Equal(t, []string{"GET", "POST"}, m.Methods)
	_, ok = c.Route("GET", "/things")
	require.False(t, ok)
}

func TestSliceHoldsOnlyWhatTheOperationReaches(t *testing.T) {
	t.Parallel()
	c := load(t, tiny)
	var doc struct {
		Paths      map[string]map[string]any
		Components struct{ Schemas map[string]map[string]any }
	}
	require.NoError(t, json.Unmarshal(c.Slice(c.Operation("getThing")), &doc))
	require.Len(t, doc.Paths, 1)
	require.Len(t, doc.Paths["/things/{id}"], 1)
	require.Contains(t, doc.Components.Schemas, "Node")
	require.NotContains(t, doc.Components.Schemas, "Unused")
	require.NotContains(t, doc.Components.Schemas, "Other")
	properties := doc.Components.Schemas["Node"]["properties"].(map[string]any)
	require.Equal(t, map[string]any{"$ref": "#/components/schemas/Node"}, properties["next"])
	deep := properties["deep"].(map[string]any)["$ref"].(string)
	require.Equal(t, "#/components/schemas/components.schemas.Other.properties.inner", deep)
	require.Equal(t, map[string]any{"type": "string"}, doc.Components.Schemas["components.schemas.Other.properties.inner"])
}

func TestReferencesReachOtherFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	write("main.yaml", `openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a:
    get:
      responses:
        "200": { $ref: "parts/responses.yaml#/ok" }
`)
	write("parts/responses.yaml", `ok:
  description: ok
  content: { application/json: { schema: { $ref: "../schemas/a.json" } } }
`)
	write("schemas/a.json", `{"type":"object","properties":{"self":{"$ref":"#"},"named":{"$ref":"#spot"}},"$defs":{"s":{"$anchor":"spot","type":"string"}}}`)
	c, err := Load(Source{Name: filepath.Join(dir, "main.yaml")})
	require.NoError(t, err)
	slice := string(c.Slice(c.Operations[0]))
	require.Contains(t, slice, `"type":"object"`)
	require.Contains(t, slice, `/defs.s"`, "an anchor leads to the schema that has it")
	require.NotContains(t, slice, filepath.Base(dir))
}

func TestACircleOfReferencesEnds(t *testing.T) {
	t.Parallel()
	c := load(t, `openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /a:
    get:
      responses: { "200": { $ref: "#/components/responses/A" } }
components: { responses: { A: { $ref: "#/components/responses/B" }, B: { $ref: "#/components/responses/A" } } }
`)
	require.False(t, c.Operations[0].Responses[0].Node.Exists())
	require.NotEmpty(t, c.Slice(c.Operations[0]))
}

func TestLoadNamesWhatIsWrongAndWhere(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"empty":     {" \n", "read t.yaml: the file is empty"},
		"not yaml":  {"a: [", "read t.yaml: neither YAML nor JSON: line 1"},
		"a list":    {"- a", "read t.yaml: line 1: an object is needed"},
		"swagger":   {`swagger: "2.0"`, "convert it to OpenAPI 3.0 or 3.1 first"},
		"version":   {"info: {}\nopenapi: 4.0.0", "line 2: OpenAPI 4.0.0; this tool takes 3.0 and 3.1"},
		"something": {"a: 1", "no `openapi` member at the top"},
		"overlay":   {"overlay: 1.0.0", "give it with --overlay"},
		"evidence":  {"openapi: 3.0.0\nx-conformance:\n  statements:\n    - {id: A, evidence: sure}", `line 4: statement "A" has evidence "sure"`},
		"twice":     {"openapi: 3.0.0\nx-conformance:\n  statements:\n    - {id: A, evidence: client}\n    - {id: A, evidence: client}", "line 5: statement A stands already at line 4"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Load(Source{Name: "t.yaml", Data: []byte(test.text)})
			require.ErrorContains(t, err, test.want)
		})
	}
	_, err := Load(Source{Name: "nowhere.yaml"})
	require.ErrorContains(t, err, "nowhere.yaml")
}

func TestOverlaysAreAppliedInOrder(t *testing.T) {
	t.Parallel()
	overlay := func(title string) Overlay {
		return Overlay{Name: title, Data: []byte("overlay: 1.0.0\ninfo: {title: o, version: '1'}\nactions: [{target: $.info, update: {title: " + title + "}}]")}
	}
	c, err := Load(Source{Name: "t.yaml", Data: []byte(tiny), Overlays: []Overlay{overlay("one"), overlay("two")}})
	require.NoError(t, err)
	require.Equal(t, "two", c.Title)
	_, err = Load(Source{Name: "t.yaml", Data: []byte(tiny), Overlays: []Overlay{{Name: "o.yaml", Data: []byte("a: 1")}}})
	require.ErrorContains(t, err, "read overlay o.yaml")
	_, err = Load(Source{Name: "t.yaml", Data: []byte(tiny), Overlays: []Overlay{{Name: "o.yaml", Data: []byte("overlay: 1.0.0\ninfo: {title: o, version: '1'}\nactions: [{target: $.nothing, update: {a: 1}}]")}}})
	require.ErrorContains(t, err, "o.yaml", "a target that matches nothing is an error")
}

func TestScalarsBecomeTheJSONThatTheyMean(t *testing.T) {
	t.Parallel()
	c := load(t, "openapi: 3.0.0\nx: {date: 2025-05-08, hex: 0x1F, plus: +1, big: 123456789012345678901234567890, yes: true, none: ~, text: 'a<b', f: 1.50}")
	require.Equal(t, `{"date":"2025-05-08","hex":31,"plus":1,"big":123456789012345678901234567890,"yes":true,"none":null,"text":"a<b","f":1.50}`,
		string(c.Root().Get("x").JSON()))
}

func TestEquivalentForms(t *testing.T) {
	t.Parallel()
	c := load(t, `openapi: 3.0.3
paths:
  /a:
    post:
      requestBody:
        content:
          application/json:
            schema:
              properties:
                place: { type: string, x-conformance: { known: { by: maker, values: { x: [[north-1, NORTH_1]], y: [[north1, NORTH_1]] } } } }
`)
	require.True(t, c.Equivalent("north-1", "NORTH_1"))
	require.True(t, c.Equivalent("other", "other"))
	require.False(t, c.Equivalent("north-1", "north1"))
	require.Equal(t, c.Canonical("north-1"), c.Canonical("NORTH_1"))
}
