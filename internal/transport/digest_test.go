package transport_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/transport"
)

const (
	user = `publ\ic"ü`
	key  = "b6f1c9d2-private-key"
)

func digestClient(t testing.TB, target string) *transport.Client {
	return client(t, target, credential(transport.Credential{User: user, Key: key}))
}

func put(c *transport.Client, body string) (*contract.Exchange, transport.Class) {
	r := contract.Request{Method: "PUT", URL: "/a%2Fb?c=d,\"e", Body: []byte(body)}
	return c.Do(context.Background(), r, "")
}

func TestDigestVariants(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		challenge []string
		// want are parts of the answer.
		want []string
	}{
		"plain":              {[]string{`Digest realm="r", nonce="%s"`}, []string{`realm="r"`}},
		"MD5":                {[]string{`Digest realm="a \"b\" c", domain="", nonce="%s", algorithm=MD5, qop="auth", stale=false`}, []string{"algorithm=MD5", "qop=auth, nc=00000001", `realm="a \"b\" c"`}},
		"SHA-256":            {[]string{`Digest realm="r", nonce="%s", algorithm=SHA-256, qop="auth"`}, []string{"algorithm=SHA-256"}},
		"SHA-512-256":        {[]string{`Digest realm="r", nonce="%s", algorithm=SHA-512-256, qop="auth"`}, []string{"algorithm=SHA-512-256"}},
		"MD5-sess":           {[]string{`Digest realm="r", nonce="%s", algorithm=MD5-sess, qop="auth"`}, []string{"algorithm=MD5-sess"}},
		"SHA-256-sess":       {[]string{`Digest realm="r", nonce="%s", algorithm=SHA-256-sess, qop="auth"`}, []string{"algorithm=SHA-256-sess"}},
		"SHA-512-256-sess":   {[]string{`Digest realm="r", nonce="%s", algorithm=SHA-512-256-sess, qop="auth-int"`}, []string{"qop=auth-int"}},
		"MD5-sess, no qop":   {[]string{`Digest realm="r", nonce="%s", algorithm=MD5-sess`}, []string{`cnonce="`}},
		"auth-int":           {[]string{`Digest realm="r", nonce="%s", qop="auth-int"`}, []string{"qop=auth-int"}},
		"auth over auth-int": {[]string{`Digest realm="r", nonce="%s", qop="auth-int, auth"`}, []string{"qop=auth,"}},
		"userhash":           {[]string{`Digest realm="r", nonce="%s", algorithm=SHA-256, qop="auth", userhash=true, charset=UTF-8`}, []string{"userhash=true"}},
		"opaque":             {[]string{`Digest realm="r", nonce="%s", qop="auth", opaque="5ccc/=="`}, []string{`opaque="5ccc/=="`}},
		"capitals":           {[]string{`dIGEST REALM="r", Nonce="%s", QOP="AUTH", Algorithm=sha-256`}, []string{"algorithm=sha-256", "qop=auth,"}},
		"unquoted":           {[]string{`Digest realm=r,nonce=%s,qop=auth`}, []string{"qop=auth,"}},
		"tabs, odd names":    {[]string{"Digest\trealm=\"r\"\t,,\tnonce = \"%s\" , x_y=1, qop=\"auth\""}, []string{"qop=auth,"}},
		"two lines":          {[]string{`Digest realm="r", nonce="%s", algorithm=MD5, qop="auth"`, `Digest realm="r", nonce="%s", algorithm=SHA-256, qop="auth"`}, []string{"algorithm=SHA-256"}},
		"one line":           {[]string{`Basic realm="x", Negotiate, NTLM abc==, Digest realm="r", nonce="%s", algorithm=SHA-256, qop="auth", Digest realm="r", nonce="%s", algorithm=MD5`}, []string{"algorithm=SHA-256"}},
		"unsupported beside": {[]string{`Digest realm="r", nonce="%s", algorithm=SHA-3`, `Digest realm="r", nonce="%s"`}, nil},
		"bytes of Latin 1":   {[]string{"Digest realm=\"\xfcber\", nonce=\"%s\", qop=\"auth\""}, []string{"realm=\"\xfcber\""}},
		"broken line beside": {[]string{`Digest realm="r`, `Digest realm="r", nonce="%s"`}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &guard{user: user, key: key, challenge: test.challenge}
			c := digestClient(t, server(t, g.ServeHTTP))
			for i := range 3 {
				e, class := put(c, fmt.Sprintf(`{"body":%d}`, i))
				require.Equal(t, transport.Answered, class, e.Failure)
				require.Equal(t, 200, e.Response.Status)
				require.Equal(t, i == 0, e.Challenge != nil)
			}
			if strings.Contains(test.challenge[0], "qop") || strings.Contains(test.challenge[0], "QOP") {
				require.Contains(t, g.auths[3], "nc=00000003")
			}
			require.Len(t, g.auths, 4)
			for _, part := range test.want {
				require.Contains(t, g.auths[1], part)
			}
		})
	}
}

func TestDigestShowsBothRoundTrips(t *testing.T) {
	t.Parallel()
	g := &guard{user: user, key: key, challenge: []string{`Digest realm="r", nonce="%s", qop="auth"`}}
	e, _ := put(digestClient(t, server(t, g.ServeHTTP)), "{}")
	require.Equal(t, 401, e.Challenge.Response.Status)
	require.Contains(t, e.Challenge.Response.Header.Get("WWW-Authenticate"), "nonce0")
	require.NotContains(t, e.Challenge.Request.Header, "Authorization")
	require.Equal(t, []string{"Digest [redacted]"}, e.Request.Header["Authorization"])
	require.Equal(t, "welcome", string(e.Response.Body))
}

func TestDigestWrongKey(t *testing.T) {
	t.Parallel()
	g := &guard{user: user, key: "another", challenge: []string{`Digest realm="r", nonce="%s", qop="auth"`}}
	c := digestClient(t, server(t, g.ServeHTTP))
	e, class := put(c, "{}")
	require.Equal(t, transport.Answered, class)
	require.Equal(t, 401, e.Response.Status)
	require.Equal(t, 2, g.asked)
	e, _ = put(c, "{}")
	require.Equal(t, 401, e.Response.Status)
	require.Equal(t, 4, g.asked, "each challenge is answered once, and a nonce that got nowhere is not used again")
}

// A target may want a new nonce for each request, or counts that come in order.
// Requests at the same time then must not use up one another's nonces.
func TestDigestNoncesAreNotSharedBeforeTheyWork(t *testing.T) {
	t.Parallel()
	for name, most := range map[string]int{"once": 1, "in order": 1 << 30} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			last, nonces := map[string]string{}, 0
			url := server(t, func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				d := directives(r.Header.Get("Authorization"))
				before, given := last[d["nonce"]]
				right := given && d["response"] == expected(d, r.Method, user, key, nil)
				if right && d["nc"] > before && (before == "" || most > 1) {
					last[d["nonce"]] = d["nc"]
					return
				}
				nonces++
				fresh := fmt.Sprint("n", nonces)
				last[fresh] = ""
				w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Digest realm="r", nonce="%s", qop="auth", stale=%t`, fresh, right))
				w.WriteHeader(401)
			})
			c := digestClient(t, url)
			var running sync.WaitGroup
			for range 16 {
				running.Go(func() {
					for range 20 {
						e, _ := get(c, "/")
						assert.Equal(t, 200, e.Response.Status)
					}
				})
			}
			running.Wait()
		})
	}
}

func TestDigestNonceThatExpires(t *testing.T) {
	t.Parallel()
	g := &guard{user: user, key: key, challenge: []string{`Digest realm="r", nonce="%s", qop="auth"`}, uses: 1}
	c := digestClient(t, server(t, g.ServeHTTP))
	for i := range 5 {
		e, _ := put(c, "{}")
		require.Equal(t, 200, e.Response.Status)
		require.Equal(t, 2*(i+1), g.asked)
	}
}

func TestDigestStaleAtOnce(t *testing.T) {
	t.Parallel()
	nonce := 0
	url := server(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.Header.Get("Authorization"), `nonce="2"`) {
			return
		}
		nonce++
		w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Digest realm="r", nonce="%d", qop="auth", stale=%t`, nonce, nonce > 1))
		w.WriteHeader(401)
	})
	e, _ := put(digestClient(t, url), "{}")
	require.Equal(t, 200, e.Response.Status)
	require.NotNil(t, e.Challenge.Challenge)
}

func TestDigestLoopIsBounded(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	nonce := 0
	s := raw(t, func(conn net.Conn, _ string) bool {
		mu.Lock()
		nonce++
		fmt.Fprintf(conn, "HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"%d\", stale=true\r\nContent-Length: 0\r\n\r\n", nonce)
		mu.Unlock()
		return true
	})
	c := digestClient(t, s.url)
	for i := range 3 {
		e, class := get(c, "/")
		require.Equal(t, transport.Answered, class)
		require.Equal(t, 401, e.Response.Status)
		require.Len(t, s.requests(), 3*(i+1))
	}
}

func TestDigestIsNotAnswered(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ challenge, reason string }{
		"no challenge":      {"", "no Digest challenge in WWW-Authenticate"},
		"basic":             {`Basic realm="Digest nonce=1"`, "no Digest challenge in WWW-Authenticate"},
		"bearer and basic":  {`Bearer, Basic realm="x"`, "no Digest challenge in WWW-Authenticate"},
		"no nonce":          {`Digest realm="r", qop="auth"`, "the Digest challenge has no nonce"},
		"empty":             {`Digest`, "the Digest challenge has no nonce"},
		"unknown algorithm": {`Digest realm="r", nonce="n", algorithm=SHA-1`, `wants algorithm "SHA-1"`},
		"unknown qop":       {`Digest realm="r", nonce="n", qop="token"`, `offers qop "token"`},
		"unending string":   {`Digest realm="r, nonce=n`, "a quoted string does not end"},
		"no name":           {`Digest realm="r", ="n"`, "is malformed"},
		"huge nonce":        {`Digest realm="r", nonce="` + strings.Repeat("n", 5000) + `"`, "is longer than 4096 bytes"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			url := server(t, func(w http.ResponseWriter, r *http.Request) {
				asked++
				if test.challenge != "" {
					w.Header().Set("WWW-Authenticate", test.challenge)
				}
				w.WriteHeader(401)
				io.WriteString(w, "go away")
			})
			e, class := get(digestClient(t, url), "/")
			require.Equal(t, transport.Answered, class)
			require.Equal(t, 401, e.Response.Status)
			require.Equal(t, "go away", string(e.Response.Body))
			require.Nil(t, e.Challenge)
			require.Equal(t, 1, asked)
			require.ErrorContains(t, transport.CheckChallenge(e.Response.Header), test.reason)
		})
	}
	require.NoError(t, transport.CheckChallenge(http.Header{"Www-Authenticate": {`Digest realm="", nonce="n"`}}))
}

func TestDigestCountsManyNonces(t *testing.T) {
	t.Parallel()
	g := &guard{user: user, key: key, challenge: []string{`Digest realm="r", nonce="%s", qop="auth"`}, uses: 1}
	c := digestClient(t, server(t, g.ServeHTTP))
	for range 200 {
		e, _ := get(c, "/")
		require.Equal(t, 200, e.Response.Status)
	}
	require.Equal(t, 400, g.asked)
}

func TestDigestTargetGoesAwayAfterAsking(t *testing.T) {
	t.Parallel()
	s := raw(t, func(conn net.Conn, head string) bool {
		if strings.Contains(head, "Authorization") {
			return false
		}
		io.WriteString(conn, "HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		return false
	})
	e, class := get(digestClient(t, s.url), "/")
	require.Equal(t, transport.Misbehaved, class)
	require.Nil(t, e.Response)
	require.Equal(t, 401, e.Challenge.Response.Status)
}

func TestDigestOneNonceForManyAtOnce(t *testing.T) {
	t.Parallel()
	g := &guard{user: user, key: key, challenge: []string{`Digest realm="r", nonce="%s", qop="auth"`}}
	c := digestClient(t, server(t, g.ServeHTTP))
	_, class := get(c, "/")
	require.Equal(t, transport.Answered, class)
	require.Equal(t, 1, g.refused)
	many(t, 64, func() {
		e, class := get(c, "/")
		require.Equal(t, transport.Answered, class, e.Failure)
		require.Equal(t, 200, e.Response.Status)
	})
	require.Equal(t, 1, g.refused, "no spurious 401")
	require.Equal(t, 66, g.asked)
}

func TestDigestManyFromCold(t *testing.T) {
	t.Parallel()
	g := &guard{user: user, key: key, challenge: []string{`Digest realm="r", nonce="%s", qop="auth"`}}
	c := digestClient(t, server(t, g.ServeHTTP))
	many(t, 64, func() {
		e, class := get(c, "/")
		require.Equal(t, transport.Answered, class, e.Failure)
		require.Equal(t, 200, e.Response.Status)
	})
	require.LessOrEqual(t, g.asked, 128)
}

func many(t *testing.T, n int, f func()) {
	t.Helper()
	var group sync.WaitGroup
	for range n {
		group.Go(f)
	}
	group.Wait()
}

// FuzzChallenge reads anything as a challenge, and answers what it can.
func FuzzChallenge(f *testing.F) {
	for _, seed := range []string{
		`Digest realm="r", nonce="n", algorithm=MD5-sess, qop="auth,auth-int", userhash=true`,
		`Basic, NTLM a==, Digest nonce = "a\"b" ,,`, `Digest nonce="`, "Digest \x00=\"\\", `a=b, Digest`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, challenge string) {
		header := http.Header{"Www-Authenticate": {challenge}}
		answered := false
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answered = answered || r.Header.Get("Authorization") != ""
			w.Header()["Www-Authenticate"] = header["Www-Authenticate"]
			w.WriteHeader(401)
		})
		c, err := transport.New(transport.Options{
			Handler:     h,
			Credentials: map[string]transport.Credential{"": {User: "user", Key: "secret-key"}},
		})
		require.NoError(t, err)
		e, class := get(c, "/")
		require.NotContains(t, e.Failure, "secret-key")
		require.Contains(t, []transport.Class{transport.Answered, transport.Unsendable}, class, e.Failure)
		require.Equal(t, transport.CheckChallenge(header) == nil, answered || class == transport.Unsendable)
	})
}
