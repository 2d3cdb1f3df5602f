package reference

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestA5WrongResponsesAreRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	uri := basePath + services(projectA, "AWS")
	list := services(projectA, "AWS")
	with := func(user, key, method, uri string, nonce ...string) func(string) string {
		return func(h string) string {
			n := append(nonce, nonceIn.FindStringSubmatch(h)[1])[0]
			return sign(user, key, method, uri, n, 1)
		}
	}
	swap := func(old, new string) func(string) string {
		return func(h string) string { return strings.Replace(h, old, new, 1) }
	}
	cases := map[string]func(string) string{
		"wrong key":             with("pub", "wrong", "GET", uri),
		"unknown user":          with("nobody", "priv", "GET", uri),
		"empty user and key":    with("", "", "GET", uri),
		"another method":        with("pub", "priv", "POST", uri),
		"another uri":           with("pub", "priv", "GET", uri+"/x"),
		"uri without its query": with("pub", "priv", "GET", strings.TrimSuffix(uri, "e")),
		"nonce never issued":    with("pub", "priv", "GET", uri, "SGtbn4mX95wts1J1pH42PfgKze8hcJ1+"),
		"nonce not base64":      with("pub", "priv", "GET", uri, "dcd98b7102dd2f0e8b11d0f600bfb0c093"),
		"empty nonce":           with("pub", "priv", "GET", uri, ""),
		"response of zeros": func(h string) string {
			return regexp.MustCompile(`response="[^"]*"`).ReplaceAllString(h, `response="00000000000000000000000000000000"`)
		},
		"response empty": func(h string) string {
			return regexp.MustCompile(`response="[^"]*"`).ReplaceAllString(h, `response=""`)
		},
		"wrong realm":            swap(`realm="MMS Public API"`, `realm="Elsewhere"`),
		"realm absent":           swap(`realm="MMS Public API", `, ``),
		"qop absent":             swap(`qop=auth, `, ``),
		"qop auth-int":           swap(`qop=auth`, `qop=auth-int`),
		"algorithm SHA-256":      swap(`algorithm="MD5"`, `algorithm=SHA-256`),
		"nc absent":              func(h string) string { return regexp.MustCompile(`nc=[0-9]+, `).ReplaceAllString(h, ``) },
		"nc not hex":             swap(`nc=00000001`, `nc=0000000g`),
		"nc too long":            swap(`nc=00000001`, `nc=000000001`),
		"uri absent":             func(h string) string { return regexp.MustCompile(`uri="[^"]*", `).ReplaceAllString(h, ``) },
		"a directive twice":      func(h string) string { return h + `, username="pub"` },
		"unfinished quotation":   func(h string) string { return strings.TrimSuffix(h, `"`) },
		"no directives":          func(string) string { return "Digest" },
		"only garbage":           func(string) string { return `Digest ,,,=,"` },
		"two values in one name": swap(`realm="MMS Public API"`, `realm="MMS Public API" x`),
	}
	for name, edit := range cases {
		a := authorized(b, list, edit)
		require.Equal(t, http.StatusUnauthorized, a.Code, name)
		require.Contains(t, a.Header().Get("WWW-Authenticate"), "stale=false", name)
	}
}

func TestA5UriMustNameTheQuery(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	uri := basePath + services(projectA, "AWS")
	r := httptest.NewRequest(http.MethodGet, uri+"?pretty=true", nil)
	r.Header.Set("Authorization", sign("pub", "priv", "GET", uri, b.challenge(), 1))
	require.Equal(t, http.StatusUnauthorized, b.send(r).Code)
}

func TestA5TwoAuthorizationHeaders(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	uri := basePath + services(projectA, "AWS")
	r := httptest.NewRequest(http.MethodGet, uri, nil)
	r.Header.Add("Authorization", sign("pub", "priv", "GET", uri, b.challenge(), 1))
	r.Header.Add("Authorization", "Basic cHViOnByaXY=")
	require.Equal(t, http.StatusUnauthorized, b.send(r).Code)
}

func TestA6ReplayedNonceCount(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	nonce := b.challenge()
	uri := basePath + services(projectA, "AWS")
	send := func(header string) answer {
		r := httptest.NewRequest(http.MethodGet, uri, nil)
		r.Header.Set("Authorization", header)
		return b.send(r)
	}
	header := sign("pub", "priv", "GET", uri, nonce, 5)
	require.Equal(t, http.StatusOK, send(header).Code)
	replayed := send(header)
	require.Equal(t, http.StatusUnauthorized, replayed.Code)
	require.Contains(t, replayed.Header().Get("WWW-Authenticate"), "stale=true")
	require.Equal(t, http.StatusOK, send(sign("pub", "priv", "GET", uri, nonce, 4)).Code)
	wrong := send(sign("pub", "wrong", "GET", uri, nonce, 6))
	require.Contains(t, wrong.Header().Get("WWW-Authenticate"), "stale=false")
	require.Equal(t, http.StatusOK, send(sign("pub", "priv", "GET", uri, nonce, 6)).Code,
		"a wrong response must not spend a count")
}

func TestA6ExpiredNonce(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(o *Options) { o.NonceTTL = time.Minute })
	uri := basePath + services(projectA, "AWS")
	nonce := b.challenge()
	send := func(key string, nc int) string {
		r := httptest.NewRequest(http.MethodGet, uri, nil)
		r.Header.Set("Authorization", sign("pub", key, "GET", uri, nonce, nc))
		a := b.send(r)
		return fmt.Sprint(a.Code, strings.Contains(a.Header().Get("WWW-Authenticate"), "stale=true"))
	}
	b.clock.advance(time.Minute - 1)
	require.Equal(t, "200 false", send("priv", 1))
	b.clock.advance(1)
	require.Equal(t, "401 true", send("priv", 2))
	require.Equal(t, "401 false", send("wrong", 3))
	b.challenge() // makes the registry forget the old one
	require.Equal(t, "401 true", send("priv", 4))
}

func TestA6ReplayedConcurrently(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	uri := basePath + services(projectA, "AWS")
	header := sign("pub", "priv", "GET", uri, b.challenge(), 1)
	var wg sync.WaitGroup
	codes := make([]int, 32)
	for i := range codes {
		wg.Go(func() {
			r := httptest.NewRequest(http.MethodGet, uri, nil)
			r.Header.Set("Authorization", header)
			codes[i] = b.send(r).Code
		})
	}
	wg.Wait()
	accepted := 0
	for _, code := range codes {
		if code == http.StatusOK {
			accepted++
		}
	}
	require.Equal(t, 1, accepted)
}
