package run

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/kinds"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

// rooms is a contract with reads of two paths.
const rooms = `
openapi: 3.0.3
info: { title: Rooms, version: "1" }
servers: [{ url: "https://rooms.test/api/v2" }]
paths:
  /rooms: { get: { operationId: rooms, responses: { "200": { description: all, content: { application/json: { schema: { type: object } } } } } } }
  /doors: { get: { operationId: doors, responses: { "200": { description: all, content: { application/json: { schema: { type: object } } } } } } }
`

// unasked is why a run of the cases of rooms does not begin, "" where it does.
func unasked(t *testing.T, document string, h http.HandlerFunc) string {
	t.Helper()
	c, err := spec.Load(spec.Source{Name: "rooms.yaml", Data: []byte(document)})
	require.NoError(t, err)
	r := runner(t, h, func(o *Options) { o.Contract, o.Kinds = c, kinds.All() })
	if err := r.Ready(t.Context()); err != nil {
		var unreachable *Unreachable
		require.ErrorAs(t, err, &unreachable)
		require.NotContains(t, err.Error(), "\n")
		require.Less(t, len(err.Error()), 500)
		return unreachable.Reason
	}
	return ""
}

func TestWhatCannotBeAsked(t *testing.T) {
	t.Parallel()
	page := func(w http.ResponseWriter, status int) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		io.WriteString(w, "\n<!doctype html><title>x</title>")
	}
	to := func(status int, location string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", location)
			w.WriteHeader(status)
		}
	}
	tests := map[string]struct {
		handler http.HandlerFunc
		want    string // "" for a target that is judged
	}{
		"404 without a body":     {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, "the contract's server has the base path /api/v2"},
		"404 in plain text":      {http.NotFound, "the contract's server has the base path /api/v2"},
		"a page for all":         {func(w http.ResponseWriter, _ *http.Request) { page(w, 200) }, "nothing of the contract is there"},
		"pages that are missing": {func(w http.ResponseWriter, _ *http.Request) { page(w, 404) }, "nothing of the contract is there"},
		"404 in JSON": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/problem+json")
			refuse(w, 404)
		}, "nothing of the contract is there: rooms and all else got 404; the contract's server has the base path /api/v2: does it belong to the URL?"},
		"404 in JSON for one operation": {func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/rooms") {
				w.Header().Set("Content-Type", "application/json")
				refuse(w, 404)
			}
		}, ""},
		"another origin":        {to(301, "https://other.test/api"), `got 301 with a Location at "https://other.test"; redirects are not followed`},
		"another scheme":        {to(308, "https://shelves.test/api"), `at "https://shelves.test"`},
		"a hostile origin":      {to(307, "http://"+strings.Repeat("x", 5000)+".test"), "sends elsewhere"},
		"one place":             {to(302, "/login?next=1"), `to one place: `},
		"a place for each":      {func(w http.ResponseWriter, r *http.Request) { to(302, r.URL.Path+"/")(w, r) }, ""},
		"a redirect to nowhere": {to(302, "http://[::1"), ""},
		"304":                   {to(304, "https://other.test"), ""},
		"429 without a time":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, "the target wants no requests for now"},
		"429 for too long": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "9999")
			w.WriteHeader(429)
		}, "with Retry-After: 9999, which is too long to wait"},
		"429 again and again": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "0"); w.WriteHeader(429) }, "asked again 3 times"},
		"no reply":            {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "nothing that is asked gets a reply"},
		"errors":              {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, ""},
		"all forbidden":       {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) }, ""},
		"nonsense":            {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "nonsense") }, ""},
		"JSON that is called HTML": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, "{}")
		}, ""},
		"one operation is missing": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/api/doors" {
				http.NotFound(w, r)
			}
		}, ""},
		"a page at the base alone": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/api/" {
				page(w, 200)
			}
		}, ""},
		"no reply to one operation": {func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/api/" {
				panic(http.ErrAbortHandler)
			}
		}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := unasked(t, rooms, test.handler)
			if test.want == "" {
				require.Empty(t, got)
				return
			}
			require.Contains(t, got, test.want)
		})
	}
}

func TestOnePathMayBeMissing(t *testing.T) {
	t.Parallel()
	one := strings.Replace(rooms[:strings.Index(rooms, "  /doors")], "/api/v2", "/api", 1)
	require.Empty(t, unasked(t, one, http.NotFound), "a contract of one path, at its own base path")
	require.NotEmpty(t, unasked(t, strings.Replace(one, "/api", "/api/v2", 1), http.NotFound))
	here := strings.Replace(rooms, "/api/v2", "/api", 1)
	absent := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		refuse(w, 404)
	}
	require.Contains(t, unasked(t, here, absent), "--param NAME=VALUE gives them")
	require.Empty(t, unasked(t, one, absent))
}

func TestClockHint(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for off, want := range map[time.Duration]string{
		0: "", time.Minute: "", time.Hour: "1h0m0s ahead of ours", -24 * time.Hour: "24h0m0s behind ours",
	} {
		date := now.Truncate(time.Second).Add(off).UTC().Format(http.TimeFormat)
		e := &contract.Exchange{Start: now.Truncate(time.Second), Response: &contract.Response{Header: http.Header{"Date": {date}}}}
		if got := clockHint(e); want == "" {
			require.Empty(t, got)
		} else {
			require.Contains(t, got, want)
		}
	}
	require.Empty(t, clockHint(&contract.Exchange{Start: now, Response: &contract.Response{Header: http.Header{"Date": {"yesterday"}}}}))
}

func TestNoncesThatAreNeverFresh(t *testing.T) {
	t.Parallel()
	n := 0
	h := func(w http.ResponseWriter, _ *http.Request) {
		n++
		w.Header().Set("WWW-Authenticate", fmt.Sprintf(`Digest realm="r", nonce="n%d", qop="auth", stale=true`, n))
		w.Header().Set("Date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat))
		w.WriteHeader(401)
	}
	reason := refusedAt(t, h)
	require.Contains(t, reason, "the target calls every nonce stale")
	require.Contains(t, reason, "ahead of ours")
	require.Less(t, n, 20)
}

// refusedAt is why a target behind a digest cannot be asked.
func refusedAt(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	source := spec.Source{Name: "door.yaml", Data: []byte(door("{ type: http, scheme: digest }"))}
	r := over(t, source, "http://door.test", h, &transport.Credential{User: vaultUser, Key: vaultKey}, func(*Options) {})
	var unreachable *Unreachable
	require.ErrorAs(t, r.Ready(t.Context()), &unreachable)
	return unreachable.Reason
}

// lobby is a contract with three reads, of which one is for everybody.
func lobby(scheme string) string {
	get := func(id, security string) string {
		return "{ get: { operationId: " + id + security + `, responses: { "200": { description: in }, "401": { description: out } } } }`
	}
	return `
openapi: 3.0.3
info: { title: Lobby, version: "1" }
components: { securitySchemes: { lock: ` + scheme + ` } }
security: [{ lock: [] }]
paths:
  /lobby: ` + get("lobby", ", security: []") + `
  /hall: ` + get("hall", "") + `
  /vault: ` + get("vault", "") + "\n"
}

func TestCredentialsThatAreRefusedEverywhere(t *testing.T) {
	t.Parallel()
	all := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/lobby" {
				w.Header().Set("WWW-Authenticate", `Bearer realm="x"`)
				w.WriteHeader(status)
			}
		}
	}
	but := func(path string, h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != path {
				h(w, r)
			}
		}
	}
	schemes := map[string]transport.Credential{
		"{ type: http, scheme: basic }":               {User: vaultUser, Key: vaultKey, Scheme: "basic"},
		"{ type: http, scheme: bearer }":              {Key: vaultKey, Scheme: "bearer"},
		"{ type: apiKey, in: header, name: X-Key }":   {Key: vaultKey, Scheme: "apiKey", In: "header", Name: "X-Key"},
		"{ type: apiKey, in: query, name: key }":      {Key: vaultKey, Scheme: "apiKey", In: "query", Name: "key"},
		"{ type: apiKey, in: cookie, name: session }": {Key: vaultKey, Scheme: "apiKey", In: "cookie", Name: "session"},
	}
	ready := func(document string, as *transport.Credential, h http.HandlerFunc) string {
		source := spec.Source{Name: "lobby.yaml", Data: []byte(document)}
		err := over(t, source, "http://lobby.test", h, as, func(o *Options) { o.Kinds = kinds.All() }).Ready(t.Context())
		if err == nil {
			return ""
		}
		require.NotContains(t, err.Error(), vaultKey)
		return err.Error()
	}
	for scheme, as := range schemes {
		document := lobby(scheme)
		for _, status := range []int{401, 403} {
			got := ready(document, &as, all(status))
			require.Contains(t, got, fmt.Sprintf("the credentials are refused: hall and all else got %d even with them, sent as %s; check the key", status, strings.ToLower(as.Scheme)))
			require.Contains(t, got, `the target asks for Bearer realm="x"`)
			require.Empty(t, ready(document, &as, but("/vault", all(status))), "one operation may be at fault")
			require.Empty(t, ready(document, &as, but("/hall", all(status))), "one operation may be at fault")
		}
		one := document[:strings.Index(document, "  /vault")]
		require.Contains(t, ready(one, &as, all(401)), "the credentials are refused: hall got 401")
		require.Empty(t, ready(one, &as, all(403)), "it may be the only thing that is not allowed")
	}
	digest := transport.Credential{User: vaultUser, Key: vaultKey}
	require.Empty(t, ready(lobby("{ type: http, scheme: digest }"), &digest, all(401)), "a challenge that is no digest is a fault of the target")

	open := strings.ReplaceAll(lobby("{ type: http, scheme: basic }"), "security: [{ lock: [] }]", "security: []")
	require.Contains(t, ready(open, nil, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }), "the target wants credentials")
	require.Empty(t, ready(open, nil, all(401)), "one operation may be at fault")
	require.Empty(t, ready(lobby("{ type: http, scheme: basic }"), nil, all(401)), "what is open can be asked")
}
