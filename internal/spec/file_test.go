package spec

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestJSONMayHoldCharactersThatYAMLDoesNotAllow(t *testing.T) {
	t.Parallel()
	c, err := Load(Source{Name: "a.json", Data: []byte("{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"del \x7f, next \u0093\", \"version\": \"1\"}, \"paths\": {}}")})
	require.NoError(t, err)
	require.Equal(t, "del \x7f, next \u0093", c.Title)
}

func TestAControlCharacterInYAMLIsNamedWithItsLine(t *testing.T) {
	t.Parallel()
	_, err := Load(Source{Name: "a.yaml", Data: []byte("openapi: 3.0.3\ninfo: {title: a\x01b}\n")})
	require.EqualError(t, err, "read a.yaml: line 2: the control character U+0001, which YAML does not allow; write it as an escape in double quotes")
}
