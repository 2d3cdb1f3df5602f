package run

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

// door is a contract with one operation that one scheme keeps.
func door(scheme string) string {
	return `
openapi: 3.0.3
info: { title: Door, version: "1" }
components: { securitySchemes: { lock: ` + scheme + ` } }
security: [{ lock: [] }]
paths: { /door: { get: { operationId: door, responses: { "200": { description: in }, "401": { description: out } } } } }
`
}

// doorkeeper lets in whose secret fits.
type doorkeeper struct {
	secret func(*http.Request) string
	fits   func(secret string) bool
	asks   string
}

func (k *doorkeeper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if k.fits(k.secret(r)) {
		return
	}
	if k.asks != "" {
		w.Header().Set("WWW-Authenticate", k.asks)
	}
	w.WriteHeader(401)
}

func TestDoorsThatAreNotKeptByADigest(t *testing.T) {
	t.Parallel()
	const key = "the-right-one"
	header := func(name string) func(*http.Request) string {
		return func(r *http.Request) string { return r.Header.Get(name) }
	}
	cookie := func(r *http.Request) string {
		c, err := r.Cookie("sid")
		if err != nil {
			return ""
		}
		return c.Value
	}
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(vaultUser+":"+key))
	for name, lock := range map[string]struct {
		scheme     string
		credential transport.Credential
		secret     func(*http.Request) string
		right      string
		asks       string
	}{
		"header": {"{ type: apiKey, in: header, name: X-Key }", transport.Credential{Key: key, Scheme: "apiKey", In: "header", Name: "X-Key"}, header("X-Key"), key, ""},
		"query":  {"{ type: apiKey, in: query, name: key }", transport.Credential{Key: key, Scheme: "apiKey", In: "query", Name: "key"}, func(r *http.Request) string { return r.URL.Query().Get("key") }, key, ""},
		"cookie": {"{ type: apiKey, in: cookie, name: sid }", transport.Credential{Key: key, Scheme: "apiKey", In: "cookie", Name: "sid"}, cookie, key, ""},
		"bearer": {"{ type: http, scheme: bearer }", transport.Credential{Key: key, Scheme: "bearer"}, header("Authorization"), "Bearer " + key, "Bearer"},
		"basic":  {"{ type: http, scheme: basic }", transport.Credential{User: vaultUser, Key: key, Scheme: "basic"}, header("Authorization"), basic, `Basic realm="door"`},
	} {
		word, _, _ := strings.Cut(lock.right, " ")
		for how, test := range map[string]struct {
			fits func(string) bool
			asks string
			// broken is the end of the id of the case that finds it.
			broken string
			warned bool
		}{
			"right":            {func(s string) bool { return s == lock.right }, lock.asks, "", false},
			"takes any":        {func(s string) bool { return len(s) > len(word)+1 || s != "" && word == lock.right }, lock.asks, ".wrong", false},
			"takes empty ones": {func(s string) bool { return s == lock.right || strings.TrimSpace(s) == word && word != lock.right }, lock.asks, ".empty", false},
			"takes none":       {func(s string) bool { return s == lock.right || s == "" }, lock.asks, "/none", false},
			"does not ask":     {func(s string) bool { return s == lock.right }, "", "/none", true},
		} {
			if lock.asks == "" && (test.warned || how == "takes empty ones") {
				continue // there is nothing to ask by; empty is as none
			}
			t.Run(name+" "+how, func(t *testing.T) {
				t.Parallel()
				found := false
				for _, v := range atTheDoor(t, lock.scheme, lock.credential, &doorkeeper{lock.secret, test.fits, test.asks}) {
					for _, f := range v.Findings {
						require.NotEmpty(t, test.broken, "%s: %s", v.Case.ID, f.Message)
						if strings.HasSuffix(v.Case.ID, test.broken) {
							found = true
							require.Equal(t, test.warned, f.Evidence == contract.Assumed, f.Message)
						}
					}
				}
				require.Equal(t, test.broken != "", found)
			})
		}
	}
}

func atTheDoor(t *testing.T, scheme string, credential transport.Credential, h http.Handler) []contract.Verdict {
	t.Helper()
	source := spec.Source{Name: "door.yaml", Data: []byte(door(scheme))}
	return verdicts(t, over(t, source, "http://door.test", h, &credential, func(o *Options) {
		o.Kinds = only(func(name string) bool {
			return name == "credential-refused" || name == "unauthenticated" || strings.HasPrefix(name, "digest-")
		})
	}))
}
