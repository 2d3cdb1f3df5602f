package transport_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/internal/transport"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		target string
		change func(*transport.Options)
		want   string
	}{
		"no target":      {"", func(o *transport.Options) { o.Base = nil }, "there is neither a URL nor a handler"},
		"other scheme":   {"ftp://a.test", nil, "must start with http:// or https://"},
		"no host":        {"http:///a", nil, "the URL names no host"},
		"key in the URL": {"http://me:hunter22@a.test", nil, "a key does not belong in the URL"},
		"query":          {"http://a.test/?a", nil, "without ? or #"},
		"unknown scheme": {"http://a.test", credential(transport.Credential{Key: "k", Scheme: "oauth"}), `scheme "oauth" is none of`},
		"no user":        {"http://a.test", credential(transport.Credential{Key: "k"}), "the user is missing"},
		"no key":         {"http://a.test", credential(transport.Credential{User: "u"}), "the key is missing"},
		"no place":       {"http://a.test", credential(transport.Credential{Key: "k", Scheme: "apiKey", Name: "n"}), "an apiKey goes in header, query or cookie"},
		"no name":        {"http://a.test", credential(transport.Credential{Key: "k", Scheme: "apiKey", In: "query"}), `"" is not a name for a query`},
		"credential none": {"http://a.test", func(o *transport.Options) {
			o.Credentials = map[string]transport.Credential{"none": {User: "u", Key: "k"}}
		}, "the name is kept"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := transport.Options{Base: mustParse(t, test.target)}
			if test.change != nil {
				test.change(&o)
			}
			_, err := transport.New(o)
			require.ErrorContains(t, err, test.want)
			require.NotContains(t, err.Error(), "hunter22")
		})
	}
}

func credential(c transport.Credential) func(*transport.Options) {
	return func(o *transport.Options) { o.Credentials = map[string]transport.Credential{"": c} }
}
