package validate

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
)

// A reply that is as deep as encoding/json reads is a fault at once, and takes
// no library long.
func TestDeepReplies(t *testing.T) {
	t.Parallel()
	o, err := New([]byte(`{"openapi":"3.0.3","info":{"title":"t","version":"1"},"paths":{"/a":{"get":{"responses":{"200":
		{"description":"d","content":{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/N"}}}}}}}}},
		"components":{"schemas":{"N":{"type":"array","items":{"$ref":"#/components/schemas/N"}}}}}`))
	require.NoError(t, err)
	for _, body := range []string{
		strings.Repeat("[", 9_999) + strings.Repeat("]", 9_999),
		strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000),
		strings.Repeat("[", 1_000_000),
		strings.Repeat(`{"a":`, 9_999) + "1" + strings.Repeat("}", 9_999),
	} {
		begun := time.Now()
		got := o.Response(nil, "/a", &contract.Response{Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)})
		require.Less(t, time.Since(begun), 2*time.Second)
		require.Len(t, got.Problems, 1)
		require.Contains(t, got.Problems[0].Message, "nested deeper than 512 levels")
	}
}
