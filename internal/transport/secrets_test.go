package transport_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/transport"
)

func TestCredentialSchemes(t *testing.T) {
	t.Parallel()
	const secret = "s3cr&t/key"
	tests := map[string]struct {
		credential transport.Credential
		request    contract.Request
		sent       string
		shownURL   string
		shown      http.Header
	}{
		"basic":             {transport.Credential{User: "me", Key: secret, Scheme: "Basic"}, contract.Request{}, "\r\nAuthorization: Basic " + base64.StdEncoding.EncodeToString([]byte("me:"+secret)) + "\r\n", "/", http.Header{"Authorization": {"Basic [redacted]"}}},
		"bearer":            {transport.Credential{Key: secret, Scheme: "bearer"}, contract.Request{}, "\r\nAuthorization: Bearer " + secret + "\r\n", "/", http.Header{"Authorization": {"Bearer [redacted]"}}},
		"header":            {transport.Credential{Key: secret, Scheme: "apiKey", In: "header", Name: "X-Key"}, contract.Request{Header: http.Header{"x-key": {"old"}}}, "\r\nX-Key: " + secret + "\r\n", "/", http.Header{"X-Key": {"[redacted]"}}},
		"query":             {transport.Credential{Key: secret, Scheme: "apiKey", In: "query", Name: "key"}, contract.Request{}, "GET /?key=s3cr%26t%2Fkey HTTP", "/?key=[redacted]", nil},
		"query with others": {transport.Credential{Key: secret, Scheme: "apiKey", In: "query", Name: "key"}, contract.Request{URL: "?a=%zz"}, "GET /?a=%zz&key=s3cr%26t%2Fkey HTTP", "/?a=%zz&key=[redacted]", nil},
		"cookie":            {transport.Credential{Key: secret, Scheme: "apiKey", In: "cookie", Name: "sid"}, contract.Request{Header: http.Header{"Cookie": {"a=b"}}}, "\r\nCookie: a=b; sid=" + secret + "\r\n", "/", http.Header{"Cookie": {"a=b; sid=[redacted]"}}},
		"its own":           {transport.Credential{Key: secret, Scheme: "bearer"}, contract.Request{Header: http.Header{"authorization": {"Bearer made-up"}}}, "\r\nauthorization: Bearer made-up\r\n", "/", http.Header{"authorization": {"Bearer made-up"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := raw(t, says(ok))
			c := client(t, s.url, credential(test.credential))
			test.request.Method, test.request.URL = "GET", s.url+"/"+test.request.URL
			e, class := c.Do(context.Background(), test.request, "")
			require.Equal(t, transport.Answered, class, e.Failure)
			require.Contains(t, s.requests()[0], test.sent)
			require.Equal(t, s.url+test.shownURL, e.Request.URL)
			e.Request.Header.Del("User-Agent")
			require.Len(t, e.Request.Header, len(test.shown))
			for key, values := range test.shown {
				require.Equal(t, values, e.Request.Header[key])
			}
			require.NotContains(t, fmt.Sprintf("%+v", *e), "s3cr")

			_, class = c.Do(context.Background(), contract.Request{Method: "GET", URL: "/"}, transport.NoCredential)
			require.Equal(t, transport.Answered, class)
			require.NotContains(t, s.requests()[1], "s3cr")
		})
	}
}

func TestCredentialByName(t *testing.T) {
	t.Parallel()
	s := raw(t, says(ok))
	c := client(t, s.url, func(o *transport.Options) {
		o.Credentials = map[string]transport.Credential{"": {Key: "owner-key", Scheme: "bearer"}, "reader": {Key: "reader-key", Scheme: "bearer"}}
	})
	_, class := c.Do(context.Background(), contract.Request{Method: "GET", URL: "/"}, "reader")
	require.Equal(t, transport.Answered, class)
	require.Contains(t, s.requests()[0], "Authorization: Bearer reader-key\r\n")
}

func TestDigestKeyNeverLeaves(t *testing.T) {
	t.Parallel()
	for _, challenge := range []string{`Basic realm="r"`, `Bearer`, `Digest realm="r", nonce="n"`} {
		s := raw(t, says("HTTP/1.1 401 No\r\nWWW-Authenticate: "+challenge+"\r\nContent-Length: 0\r\n\r\n"))
		_, class := get(digestClient(t, s.url), "/")
		require.Equal(t, transport.Answered, class)
		for _, head := range s.requests() {
			require.NotContains(t, head, key)
			require.NotContains(t, head, "Basic")
			require.NotContains(t, head, base64.StdEncoding.EncodeToString([]byte(user+":"+key)))
		}
	}
}

func TestSharedHeadersAreHidden(t *testing.T) {
	t.Parallel()
	s := raw(t, says(ok))
	c := client(t, s.url, func(o *transport.Options) {
		o.Header = http.Header{"X-Api-Key": {"very-secret"}, "Authorization": {"Bearer other-secret"}, "X-Trace": {"t1"}}
	})
	e, _ := get(c, "/")
	require.Contains(t, s.requests()[0], "X-Api-Key: very-secret\r\n")
	require.Equal(t, "[redacted]", e.Request.Header.Get("X-Api-Key"))
	require.Equal(t, "t1", e.Request.Header.Get("X-Trace"))
	require.Equal(t, "a [redacted], b [redacted]", c.Redact("a very-secret, b other-secret"))
}

// echoes sends the secrets back in the reply that breaks.
func TestFailuresHoldNoSecret(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-hunter2"
	for _, reply := range []string{
		"HTTP/1.1 %s\r\n\r\n", "HTTP/1.1 200 OK\r\n%s\r\n\r\n", "%s\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: %s\r\n\r\n",
	} {
		s := raw(t, func(conn net.Conn, head string) bool {
			_, token, _ := strings.Cut(head, "Bearer ")
			token, _, _ = strings.Cut(token, "\r\n")
			fmt.Fprintf(conn, reply, token)
			return false
		})
		e, class := get(client(t, s.url, credential(transport.Credential{Key: secret, Scheme: "bearer"})), "/")
		require.Equal(t, transport.Misbehaved, class)
		require.NotEmpty(t, e.Failure)
		require.NotContains(t, e.Failure, secret)
	}
}

func TestRedact(t *testing.T) {
	t.Parallel()
	const secret = `pä"ss<&>/+ \x word`
	quoted, err := json.Marshal(secret)
	require.NoError(t, err)
	var plain strings.Builder
	enc := json.NewEncoder(&plain)
	enc.SetEscapeHTML(false)
	require.NoError(t, enc.Encode(secret))
	c := client(t, "http://a.test", func(o *transport.Options) {
		o.Credentials = map[string]transport.Credential{
			"": {User: "me", Key: secret}, "short": {User: "me", Key: "priv"}, "twin": {User: "me", Key: "priv"},
		}
	})
	for _, form := range []string{
		secret, string(quoted), plain.String(), url.QueryEscape(secret), url.PathEscape(secret), strings.ToLower(url.QueryEscape(secret)),
		html.EscapeString(secret), fmt.Sprintf("%q", secret), fmt.Sprintf("%+q", secret),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte("me:" + secret)),
		base64.RawStdEncoding.EncodeToString([]byte("me:" + secret)),
	} {
		got := c.Redact("before " + form + " after")
		require.NotContains(t, got, strings.Trim(form, "\"\n"))
		require.Contains(t, got, "[redacted]")
	}
	for text, want := range map[string]string{
		"/privateEndpoint":                      "/privateEndpoint",
		"key=priv priv,priv":                    "key=[redacted] [redacted],[redacted]",
		"priv":                                  "[redacted]",
		`Digest nc=1, response="` + hex32 + `"`: `Digest nc=1, response="[redacted]"`,
		`{"a":"response=\"` + hex32 + `\""}`:    `{"a":"response=\"[redacted]\""}`,
		"response=ok":                           "response=ok",
		"":                                      "",
	} {
		require.Equal(t, want, c.Redact(text))
	}
}

const hex32 = "0123456789abcdef0123456789abcdef"

func TestRedactExchange(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-hunter2"
	c := client(t, server(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Echo", r.Header.Get("Authorization"))
		w.Header().Set("Set-Cookie", "sid=1")
		io.WriteString(w, "you sent "+r.Header.Get("Authorization"))
	}), credential(transport.Credential{Key: secret, Scheme: "bearer"}))
	r := contract.Request{Method: "PUT", URL: "/?k=" + secret, Header: http.Header{"Cookie": {"a=b"}}, Body: []byte("k=" + secret)}
	e, _ := c.Do(context.Background(), r, "")
	require.Contains(t, string(e.Response.Body), secret, "the checks read what came")
	e.Challenge = &contract.Exchange{Failure: secret}
	safe := c.RedactExchange(e)
	require.NotContains(t, fmt.Sprintf("%+v %+v %+v", *safe, *safe.Response, *safe.Challenge), secret)
	require.Equal(t, "you sent Bearer [redacted]", string(safe.Response.Body))
	require.Equal(t, []string{"[redacted]"}, safe.Response.Header["Set-Cookie"])
	require.Equal(t, []string{"[redacted]"}, safe.Request.Header["Cookie"])
	require.Equal(t, "k=[redacted]", string(safe.Request.Body))
	require.Contains(t, string(e.Response.Body), secret, "the original is as it was")
	require.Nil(t, c.RedactExchange(nil))
}

// A body that is cut must not be cut within a secret.
func TestHalfASecretIsNotKept(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-hunter2"
	for shift := range len(secret) + 2 {
		body := strings.Repeat("x", 16<<10-shift) + secret + strings.Repeat("y", 3<<20)
		s := raw(t, says("HTTP/1.1 200 OK\r\n\r\n"+body))
		c := client(t, s.url, credential(transport.Credential{Key: secret, Scheme: "bearer"}))
		e, class := get(c, "/")
		require.Equal(t, transport.Answered, class)
		require.True(t, e.Response.Truncated)
		require.NotContains(t, string(c.RedactExchange(e).Response.Body), "hunt")
	}
}

// requireNoProof tells that a shown header has not the proof of the one that was
// sent.
func requireNoProof(t *testing.T, sent, shown string) {
	t.Helper()
	m := regexp.MustCompile(`(?i)response[ \t]*=[ \t]*"?([0-9a-z]+)`).FindStringSubmatch(sent)
	require.NotNil(t, m, sent)
	require.NotContains(t, strings.ToLower(shown), strings.ToLower(m[1]))
}
