package config

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// The parser and the schema know the same keys.
func TestSchemaAndParserAgree(t *testing.T) {
	t.Parallel()
	var root jsonschema.Schema
	require.NoError(t, json.Unmarshal(Schema(), &root))
	for text, object := range map[string]*jsonschema.Schema{
		"?: 1":                        &root,
		"limits: { ?: 1 }":            root.Defs["limits"],
		"tls: { ?: 1 }":               root.Defs["tls"],
		"network: { ?: 1 }":           root.Defs["network"],
		"credentials: { a: { ?: 1 }}": root.Defs["credential"],
	} {
		_, err := Parse("c.yaml", []byte(strings.Replace(text, "?", "nonsense", 1)), env)
		require.Error(t, err)
		known := regexp.MustCompile(`known here: (.*)$`).FindStringSubmatch(err.Error())
		require.NotNil(t, known, err)
		require.ElementsMatch(t, slices.Collect(maps.Keys(object.Properties)), strings.Split(known[1], ", "), text)
	}
}

func TestSchema(t *testing.T) {
	t.Parallel()
	var root jsonschema.Schema
	require.NoError(t, json.Unmarshal(Schema(), &root))
	resolved, err := root.Resolve(nil)
	require.NoError(t, err)
	for text, right := range map[string]bool{
		"{}":                 true,
		"target: http://x/y": true,
		"spec: a.yaml\noverlays: [b.yaml]\nparams: { a: 1 }\ncredentials: { owner: { user: u, key: k }, r: { keyFile: f } }\nvalues: { a: [b], c: d }\nlimits: { rate: 100/m, creates: 6, deadline: 45m, readOnly: true }": true,
		"tls: { ca: a, insecure: true }\nnetwork: { resolve: 'h:1:::1' }": true,
		"tls: { ca: '' }":                                 false,
		"tls: { insecure: maybe }":                        false,
		"tarket: x":                                       false,
		"credentials: { owner: { user: u } }":             false,
		"credentials: { none: { key: k } }":               false,
		"limits: { creates: 0 }":                          false,
		"limits: { rate: fast }":                          false,
		"values: { a: [] }":                               false,
		"credentials: { a: { key: k, scheme: kerberos }}": false,
	} {
		var value any
		require.NoError(t, yaml.Unmarshal([]byte(text), &value))
		require.Equal(t, right, resolved.Validate(value) == nil, text)
		if right {
			continue
		}
		_, err := Parse("c.yaml", []byte(text), env)
		require.Error(t, err, "the parser is laxer than the schema: %s", text)
	}
}
