package openapi_test

import (
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/pb33f/libopenapi"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/atlas-contract/conformance/openapi"
)

// profile is the contract under one of its two profiles.
type profile struct {
	name string
	text []byte
	doc  *openapi3.T
	tree any // the document as plain values, the way encoding/json gives them
}

// eachProfile runs a test for the document alone and with its overlay.
func eachProfile(t *testing.T, test func(*testing.T, profile)) {
	t.Helper()
	t.Parallel()
	for name, text := range map[string][]byte{"documented": openapi.Document(), "observed": observed(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			doc, err := openapi3.NewLoader().LoadFromData(text)
			require.NoError(t, err)
			test(t, profile{name: name, text: text, doc: doc, tree: plain(t, text)})
		})
	}
}

func observed(t *testing.T) []byte {
	t.Helper()
	result, err := libopenapi.ApplyOverlayFromBytesToSpecBytes(openapi.Document(), openapi.Overlay())
	require.NoError(t, err)
	return result.Bytes
}

// plain decodes YAML into the values of JSON.
func plain(t *testing.T, text []byte) any {
	t.Helper()
	var v any
	require.NoError(t, yaml.Unmarshal(text, &v))
	data, err := json.Marshal(v)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &v))
	return v
}

// operation is an operation with all its parameters and its extension.
type operation struct {
	*openapi3.Operation
	path       string
	parameters []*openapi3.Parameter
	extension  extension
}

// extension is what these tests read of an operation's x-conformance.
type extension struct {
	Statements []string `json:"statements"`
	Selects    *struct {
		Schemas map[string]string `json:"schemas"`
	} `json:"selects"`
	Examples map[string]scenario `json:"examples"`
}

type scenario struct {
	Statements []string `json:"statements"`
	Constant   []string `json:"constant"`
	Credential string   `json:"credential"`
	Given      []string `json:"given"`
	Method     string   `json:"method"`
	Path       string   `json:"path"`
	MediaType  string   `json:"mediaType"`
}

// explained tells that the scenario itself says why the request is refused.
func (s scenario) explained() bool {
	return s.Credential != "" || s.Method != "" || s.Path != "" || s.MediaType != "" || len(s.Given) > 0
}

func (p profile) operations(t *testing.T) map[string]operation {
	t.Helper()
	out := map[string]operation{}
	for path, item := range p.doc.Paths.Map() {
		for _, op := range item.Operations() {
			o := operation{Operation: op, path: path}
			for _, ref := range slices.Concat(item.Parameters, op.Parameters) {
				o.parameters = append(o.parameters, ref.Value)
			}
			data, err := json.Marshal(op.Extensions["x-conformance"])
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(data, &o.extension), op.OperationID)
			out[op.OperationID] = o
		}
	}
	return out
}

// bodies are the schema and the examples of the request's body.
func (o operation) body() (*openapi3.Schema, openapi3.Examples) {
	if o.RequestBody == nil {
		return nil, nil
	}
	media := o.RequestBody.Value.Content.Get("application/json")
	return media.Schema.Value, media.Examples
}

// requestKeys are the keys of the examples on the request's side.
func (o operation) requestKeys() map[string]bool {
	keys := map[string]bool{}
	_, examples := o.body()
	for key := range examples {
		keys[key] = true
	}
	for _, p := range o.parameters {
		for key := range p.Examples {
			keys[key] = true
		}
	}
	for key := range o.extension.Examples {
		keys[key] = true
	}
	return keys
}

// reply is an example on the reply's side.
type reply struct {
	status, key string
	schema      *openapi3.Schema
	value       any
}

func (o operation) replies() iter.Seq[reply] {
	return func(yield func(reply) bool) {
		for status, response := range o.Responses.Map() {
			for _, media := range response.Value.Content {
				for key, example := range media.Examples {
					if !yield(reply{status, key, media.Schema.Value, example.Value.Value}) {
						return
					}
				}
			}
		}
	}
}

// accepted are the keys with a reply under a 2xx.
func (o operation) accepted() map[string]bool {
	keys := map[string]bool{}
	for r := range o.replies() {
		if strings.HasPrefix(r.status, "2") {
			keys[r.key] = true
		}
	}
	return keys
}

func sorted(keys map[string]bool) []string { return slices.Sorted(maps.Keys(keys)) }

// unwrapped is a body without its envelope.
func unwrapped(value any) any {
	if object, ok := value.(map[string]any); ok {
		for _, key := range []string{"envelope", "content"} {
			if inner, ok := object[key]; ok {
				return inner
			}
		}
	}
	return value
}
