package validate

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// maker draws small schemas and values that are likely to meet.
type maker struct {
	t    *rapid.T
	is30 bool
	n    int
}

func (m *maker) pick(options ...string) string {
	m.n++
	return rapid.SampledFrom(options).Draw(m.t, fmt.Sprint("pick", m.n))
}

func (m *maker) int(low, high int) int {
	m.n++
	return rapid.IntRange(low, high).Draw(m.t, fmt.Sprint("int", m.n))
}

func (m *maker) often() bool { return m.int(0, 2) > 0 }
func (m *maker) seldom() bool {
	return m.int(0, 3) == 0
}

func (m *maker) name() string { return m.pick("a", "b", "c", "d") }

func (m *maker) schema(depth int) any {
	if depth <= 0 {
		return m.leaf()
	}
	switch m.pick("leaf", "object", "object", "array", "anyOf", "oneOf", "allOf", "not", "ref", "more") {
	case "object":
		return m.object(depth)
	case "array":
		return m.array(depth)
	case "anyOf", "oneOf", "allOf":
		list := []any{}
		for range m.int(1, 3) {
			list = append(list, m.schema(depth-1))
		}
		return map[string]any{m.pick("anyOf", "oneOf", "allOf"): list}
	case "not":
		return map[string]any{"not": map[string]any{"type": m.pick("string", "integer", "object")}} // kin takes not: {} for empty
	case "ref":
		return map[string]any{"$ref": "#/components/schemas/Node"}
	case "more":
		if !m.is30 {
			return m.only31(depth)
		}
	}
	return m.leaf()
}

func (m *maker) leaf() any {
	s := map[string]any{}
	switch kind := m.pick("string", "integer", "number", "boolean", "enum", "none"); kind {
	case "string":
		s["type"] = kind
		switch m.pick("plain", "length", "pattern", "format") {
		case "length":
			s["minLength"], s["maxLength"] = m.int(0, 2), m.int(1, 3)
		case "pattern":
			s["pattern"] = m.pick("^a", "b$", "^[ab]+$", "é")
		case "format":
			s["format"] = m.pick("date", "date-time", "uuid", "email", "ipv4", "uri")
		}
	case "integer", "number":
		s["type"] = kind
		switch m.pick("plain", "bounds", "multiple", "format") {
		case "bounds":
			s["minimum"], s["maximum"] = m.int(-1, 2), m.int(1, 4)
		case "multiple":
			s["multipleOf"] = m.int(1, 3)
		case "format":
			s["format"] = m.pick("int32", "int64")
			s["type"] = "integer"
		}
	case "boolean":
		s["type"] = kind
	case "enum":
		s["enum"] = []any{"a", 1, true, []any{1}}
	default: // kin lets pass anything that counts as empty, even in a oneOf
		s["maxProperties"] = 9
	}
	if m.is30 && s["type"] != nil && m.seldom() {
		s["nullable"] = true
	}
	return s
}

func (m *maker) object(depth int) any {
	s := map[string]any{"type": "object"}
	properties := map[string]any{}
	for range m.int(0, 3) {
		properties[m.name()] = m.schema(depth - 1)
	}
	s["properties"] = properties
	if m.often() {
		s["required"] = []any{m.name()}
	}
	switch m.pick("none", "false", "schema") {
	case "false":
		s["additionalProperties"] = false
	case "schema":
		s["additionalProperties"] = m.schema(depth - 1)
	}
	if m.seldom() {
		s["minProperties"], s["maxProperties"] = m.int(0, 2), m.int(1, 3)
	}
	return s
}

func (m *maker) array(depth int) any {
	s := map[string]any{"type": "array", "items": m.schema(depth - 1)}
	if m.seldom() {
		s["minItems"], s["maxItems"] = m.int(0, 2), m.int(1, 3)
	}
	if m.seldom() {
		s["uniqueItems"] = true
	}
	return s
}

func (m *maker) only31(depth int) any {
	sub := func() any { return m.schema(depth - 1) }
	switch m.pick("const", "types", "if", "dependent", "contains", "prefix", "names", "patterns", "unevaluated") {
	case "const":
		return map[string]any{"const": m.value(1)}
	case "types":
		return map[string]any{"type": []any{"null", m.pick("string", "integer", "object")}}
	case "if":
		return map[string]any{"if": sub(), "then": sub(), "else": sub()}
	case "dependent":
		return map[string]any{"dependentRequired": map[string]any{m.name(): []any{m.name()}}}
	case "contains":
		return map[string]any{"type": "array", "contains": m.leaf(), "minContains": m.int(1, 2)}
	case "prefix":
		return map[string]any{"type": "array", "prefixItems": []any{sub(), sub()}, "items": m.leaf()}
	case "names":
		return map[string]any{"type": "object", "propertyNames": map[string]any{"enum": []any{"a", "b"}}}
	case "patterns":
		return map[string]any{"type": "object", "patternProperties": map[string]any{"^[ab]": sub()}, "additionalProperties": sub()}
	}
	return map[string]any{"allOf": []any{m.object(depth - 1)}, "unevaluatedProperties": m.leaf()}
}

func (m *maker) value(depth int) any {
	kinds := []string{"null", "true", "integer", "fraction", "string", "string", "integer"}
	if depth > 0 {
		kinds = append(kinds, "object", "object", "object", "array", "array")
	}
	switch m.pick(kinds...) {
	case "true":
		return m.int(0, 1) == 1
	case "integer":
		return m.int(-2, 6)
	case "fraction":
		return json.Number(m.pick("0.5", "1.0", "2e0", "3000000000"))
	case "string":
		return m.pick("", "a", "ab", "bb", "é", "abcd", "2024-02-29", "2024-02-29T00:00:00Z", "1.2.3.4", "a@b.c", "http://x/y")
	case "object":
		object := map[string]any{}
		for range m.int(0, 3) {
			object[m.name()] = m.value(depth - 1)
		}
		return object
	case "array":
		list := []any{}
		for range m.int(0, 3) {
			list = append(list, m.value(depth-1))
		}
		return list
	}
	if m.is30 { // on null the libraries differ in 3.0, see validators.yaml
		return "null"
	}
	return nil
}

// TestAgree draws documents without anything that the libraries are known to
// read otherwise: all three have to agree on every value.
func TestAgree(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.3", "3.1.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				m := &maker{t: t, is30: version == "3.0.3"}
				node := m.object(1)
				document := map[string]any{
					"openapi": version,
					"info":    map[string]any{"title": "t", "version": "1"},
					"paths": map[string]any{"/t": map[string]any{"post": map[string]any{"responses": map[string]any{"200": map[string]any{
						"description": "ok",
						"content":     map[string]any{"application/json": map[string]any{"schema": m.schema(3)}},
					}}}}},
					"components": map[string]any{"schemas": map[string]any{"Node": node}},
				}
				text, err := json.Marshal(document)
				require.NoError(t, err)
				o, err := New(text)
				require.NoError(t, err)
				for range 5 {
					body, err := json.Marshal(m.value(3))
					require.NoError(t, err)
					resp := serviceResponse()
					resp.Status, resp.Body = 200, body
					requireAgreement(t, o.Response(nil, "/t", resp), string(body)+" by "+string(text))
				}
			})
		})
	}
}

// requireAgreement lets a doubt stand only beside a fault that is certain: the
// 2020-12 engine lets unevaluatedProperties judge again what a failed schema has
// looked at.
func requireAgreement(t *rapid.T, result Result, what string) {
	require.Empty(t, result.Unable, what)
	for _, p := range result.Problems {
		if p.Dissent == "" {
			require.Contains(t, p.By, Strict, "%s: %+v", what, p)
		} else {
			require.False(t, result.OK(), "%s: %+v", what, p)
		}
	}
}
