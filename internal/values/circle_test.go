package values

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/internal/spec"
)

// tangled are maps whose members are texts or any of the maps again.
const tangled = `{
	"value": {"oneOf": [{"type": "string", "minLength": 1}, {"$ref": "#/components/schemas/two"}, {"$ref": "#/components/schemas/three"}, {"$ref": "#/components/schemas/more"}]},
	"two": {"type": "object", "minProperties": 1, "propertyNames": {"minLength": 2, "maxLength": 2}, "additionalProperties": {"$ref": "#/components/schemas/value"}},
	"three": {"type": "object", "minProperties": 1, "propertyNames": {"minLength": 3, "maxLength": 3}, "additionalProperties": {"$ref": "#/components/schemas/value"}},
	"more": {"type": "object", "minProperties": 1, "propertyNames": {"minLength": 2, "maxLength": 4}, "additionalProperties": {"$ref": "#/components/schemas/value"}},
	"all": {"type": "object", "propertyNames": {"minLength": 3, "maxLength": 3}, "additionalProperties": {"$ref": "#/components/schemas/value"}}}`

func TestMapsThatContainEachOtherAreDoneSoon(t *testing.T) {
	t.Parallel()
	start := time.Now()
	c, err := spec.Load(spec.Source{Name: "test.json", Data: []byte(`{"openapi": "3.1.0", "paths": {}, "components": {"schemas": ` + tangled + `}}`)})
	require.NoError(t, err)
	s := New(c.Root().Get("components", "schemas", "all"), Options{})
	_, ok := s.Base()
	require.True(t, ok)
	n := 0
	for range s.Valid() {
		n++
	}
	for range s.Misses() {
		n++
	}
	require.NotZero(t, n)
	require.Less(t, time.Since(start), 30*time.Second)
}
