package transport_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/transport"
)

const usualChallenge = `Digest realm="r", nonce="%s", algorithm=MD5, qop="auth"`

func answer(c *transport.Client, a contract.Answer, of *contract.Exchange) (*contract.Exchange, transport.Class) {
	r := contract.Request{Method: "PUT", URL: "/a%2Fb?c=d", Body: []byte("{}")}
	return c.Answer(context.Background(), r, "", &a, of)
}

func ptr(s string) *string { return &s }

func TestAnswerIsRightWhereItsResponseIsComputedOverTheChange(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		challenge string
		answer    contract.Answer
		want      []string // parts of the header
		refused   bool
	}{
		"usual":             {usualChallenge, contract.Answer{}, []string{"qop=auth, nc=00000001", `uri="/a%2Fb?c=d"`}, false},
		"reverse":           {usualChallenge, contract.Answer{Form: contract.Form{Reverse: true}}, []string{`Digest response="`}, false},
		"quoted":            {usualChallenge, contract.Answer{Form: contract.Form{Quoted: []string{"qop", "algorithm"}}}, []string{`qop="auth"`, `algorithm="MD5"`}, false},
		"no algorithm":      {usualChallenge, contract.Answer{Written: map[string]string{"algorithm": "{none}"}}, nil, false},
		"later count":       {usualChallenge, contract.Answer{Over: map[string]string{"nc": "0000002a"}}, []string{"nc=0000002a"}, false},
		"no qop":            {usualChallenge, contract.Answer{Over: map[string]string{"qop": "{none}", "nc": "{none}", "cnonce": "{none}"}}, nil, false},
		"extension":         {usualChallenge, contract.Answer{Over: map[string]string{"extra": "1"}}, []string{`extra="1"`}, false},
		"SHA-256":           {`Digest realm="r", nonce="%s", algorithm=MD5, qop="auth", Digest realm="r", nonce="%s", algorithm=SHA-256, qop="auth"`, contract.Answer{Offer: map[string]string{"algorithm": "SHA-256"}}, []string{"algorithm=SHA-256"}, false},
		"MD5 of two":        {`Digest realm="r", nonce="%s", algorithm=SHA-256, qop="auth", Digest realm="r", nonce="%s", algorithm=MD5, qop="auth"`, contract.Answer{Offer: map[string]string{"algorithm": "md5"}}, []string{"algorithm=MD5"}, false},
		"auth-int":          {`Digest realm="r", nonce="%s", qop="auth, auth-int"`, contract.Answer{Offer: map[string]string{"qop": "auth-int"}}, []string{"qop=auth-int"}, false},
		"userhash":          {`Digest realm="r", nonce="%s", qop="auth", userhash=true`, contract.Answer{Offer: map[string]string{"userhash": "true"}}, []string{"userhash=true"}, false},
		"session":           {`Digest realm="r", nonce="%s", algorithm=MD5-sess, qop="auth"`, contract.Answer{}, []string{"algorithm=MD5-sess"}, false},
		"wrong key":         {usualChallenge, contract.Answer{Key: ptr("wrong")}, nil, true},
		"wrong user":        {usualChallenge, contract.Answer{User: ptr("nobody")}, []string{`username="nobody"`}, true},
		"altered nonce":     {usualChallenge, contract.Answer{Over: map[string]string{"nonce": "{flip}"}}, []string{`nonce="non0e0"`}, true},
		"other method":      {usualChallenge, contract.Answer{Over: map[string]string{"method": "GET"}}, nil, true},
		"uri without query": {usualChallenge, contract.Answer{Over: map[string]string{"uri": "/a%2Fb"}}, []string{`uri="/a%2Fb"`}, true},
		"wrong response":    {usualChallenge, contract.Answer{Written: map[string]string{"response": "{flip}"}}, nil, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := &guard{user: user, key: key, challenge: []string{test.challenge}}
			e, class := answer(digestClient(t, server(t, g.ServeHTTP)), test.answer, nil)
			require.Equal(t, transport.Answered, class, e.Failure)
			require.Equal(t, test.refused, e.Response.Status == http.StatusUnauthorized, g.auths)
			require.Len(t, g.auths, 2)
			for _, part := range test.want {
				require.Contains(t, g.auths[1], part)
			}
			require.Empty(t, g.auths[0])
			require.Equal(t, "nonce0", e.Answered.Nonce)
			require.Equal(t, 401, e.Challenge.Response.Status)
			require.NotContains(t, fmt.Sprintf("%+v", *e), key)
			shown := e.Request.Header.Get("Authorization")
			if strings.Contains(g.auths[1], "response") {
				requireNoProof(t, g.auths[1], shown)
			}
			require.Contains(t, shown, "username")
		})
	}
}

func TestAnswerWithTheNonceOfAnEarlierStep(t *testing.T) {
	t.Parallel()
	g := &guard{user: user, key: key, challenge: []string{usualChallenge}}
	c := digestClient(t, server(t, g.ServeHTTP))
	first, _ := answer(c, contract.Answer{}, nil)
	second, _ := answer(c, contract.Answer{Of: "first"}, first)
	require.Equal(t, 200, second.Response.Status)
	require.Equal(t, uint32(2), second.Answered.Count)
	require.Nil(t, second.Challenge)
	again, _ := answer(c, contract.Answer{Of: "second", Again: true}, second)
	require.Equal(t, 401, again.Response.Status)
	require.Equal(t, g.auths[2], g.auths[3], "a replay is the same to the letter")
	asked, _ := c.Do(context.Background(), contract.Request{Method: "GET", URL: "/"}, transport.NoCredential)
	late, _ := answer(c, contract.Answer{Of: "asked"}, asked)
	require.Equal(t, uint32(1), late.Answered.Count)
}

func TestAnswerIsGivenAgainWhereItIsStale(t *testing.T) {
	t.Parallel()
	g := &guard{user: user, key: key, challenge: []string{usualChallenge}, uses: 1}
	c := digestClient(t, server(t, g.ServeHTTP))
	first, _ := answer(c, contract.Answer{}, nil)
	next, _ := answer(c, contract.Answer{Of: "first"}, first)
	require.Equal(t, 200, next.Response.Status)
	require.Equal(t, 401, next.Challenge.Response.Status)
	require.Equal(t, "nonce0", next.Challenge.Answered.Nonce)
	require.Equal(t, "nonce1", next.Answered.Nonce)
	again, _ := answer(c, contract.Answer{Of: "next", Again: true}, next)
	require.Equal(t, 401, again.Response.Status)
	require.Nil(t, again.Challenge)
}

func TestAnswerUnderAnotherScheme(t *testing.T) {
	t.Parallel()
	for scheme, want := range map[string]string{"basic": "Basic ", "bearer": "Bearer " + key} {
		s := raw(t, says(ok))
		e, class := answer(digestClient(t, s.url), contract.Answer{Scheme: scheme}, nil)
		require.Equal(t, transport.Answered, class, e.Failure)
		require.Contains(t, s.requests()[0], "Authorization: "+want)
		require.NotContains(t, fmt.Sprintf("%+v", *e), key)
		require.True(t, strings.HasSuffix(e.Request.Header.Get("Authorization"), " [redacted]"))
	}
}

func TestAnswerThatIsNotSent(t *testing.T) {
	t.Parallel()
	bearer := credential(transport.Credential{Key: key, Scheme: "bearer"})
	g := &guard{user: user, key: key, challenge: []string{usualChallenge}}
	url := server(t, g.ServeHTTP)
	tests := map[string]struct {
		client *transport.Client
		answer contract.Answer
		why    string
	}{
		"no such offer":    {digestClient(t, url), contract.Answer{Offer: map[string]string{"algorithm": "SHA-256"}}, "the target offers no challenge with algorithm=SHA-256"},
		"other credential": {client(t, url, bearer), contract.Answer{}, "the credential is one of bearer, not of digest"},
		"no credential":    {client(t, url, nil), contract.Answer{}, `no credential "" is configured`},
		"another user":     {digestClient(t, url), contract.Answer{Scheme: "basic", User: ptr("me")}, "the key goes with its own user only"},
		"clear text":       {digestClient(t, "http://a.test"), contract.Answer{Scheme: "basic"}, "the key would go over the network in clear text"},
	}
	for name, test := range tests {
		e, class := answer(test.client, test.answer, nil)
		require.Equal(t, transport.Inapplicable, class, name)
		require.Equal(t, test.why, e.Failure)
		require.Nil(t, e.Response)
	}
	for _, auth := range g.auths {
		require.Empty(t, auth, "no key was used")
	}
}

func TestAnswerOfATargetThatDoesNotAsk(t *testing.T) {
	t.Parallel()
	e, class := answer(digestClient(t, raw(t, says(ok)).url), contract.Answer{}, nil)
	require.Equal(t, transport.Answered, class)
	require.Equal(t, 200, e.Response.Status)
	require.Nil(t, e.Answered)
}

func TestAnswerToA401WithoutAChallenge(t *testing.T) {
	t.Parallel()
	s := raw(t, says("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"))
	e, class := answer(digestClient(t, s.url), contract.Answer{}, nil)
	require.Equal(t, transport.Answered, class)
	require.Equal(t, 401, e.Response.Status)
	require.Len(t, s.requests(), 1)
}

func TestRedactTakesTheProofInAnyForm(t *testing.T) {
	t.Parallel()
	c := client(t, "http://a.test", nil)
	for _, text := range []string{`a response=&#34;` + hex32 + `&#34;`, `response = "` + hex32 + `"`, `RESPONSE="` + strings.ToUpper(hex32) + `"`, "response=" + hex32} {
		require.NotContains(t, strings.ToLower(c.Redact(text)), hex32)
	}
}

func TestNoFormOfAnAnswerShowsItsProof(t *testing.T) {
	t.Parallel()
	var sent string
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "" {
			w.Header().Set("WWW-Authenticate", fmt.Sprintf(usualChallenge, "n"))
			w.WriteHeader(401)
			return
		}
		sent = r.Header.Get("Authorization")
		w.Header().Set("X-Echo", sent)
		fmt.Fprintf(w, "%s %q", sent, sent)
	})
	proof := regexp.MustCompile(`(?i)response *= *"?([0-9a-f]{32})`)
	for _, form := range []contract.Form{
		{}, {Reverse: true}, {Capitals: true}, {Comma: ",", Equals: "\t=\t"}, {Bare: []string{"response"}}, {Scheme: "DIGEST", Equals: " = "},
	} {
		for _, written := range []map[string]string{nil, {"response": "{upper}"}} {
			c, err := transport.New(transport.Options{Handler: echo, Credentials: map[string]transport.Credential{"": {User: user, Key: key}}})
			require.NoError(t, err)
			e, class := answer(c, contract.Answer{Form: form, Written: written}, nil)
			require.Equal(t, transport.Answered, class, e.Failure)
			found := proof.FindStringSubmatch(strings.ReplaceAll(sent, "\t", " "))
			require.Len(t, found, 2, sent)
			safe := c.RedactExchange(e)
			require.NotContains(t, fmt.Sprintf("%+v %+v %+v %s", *safe, safe.Request, *safe.Response, safe.Response.Body), found[1])
			require.Nil(t, safe.Answered.Asked)
		}
	}
}
