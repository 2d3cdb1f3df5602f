package reference

import (
	"crypto/md5"
	"encoding/json"
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

const (
	projectA = "5f7cac1adf5d6c6306f4b283"
	projectB = "5f7cac1adf5d6c6306f4b299"
	noSuchID = "00000000000000000000dead"
)

// clock is a time that moves when it is told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// testOptions are two projects and keys of every role.
func testOptions() Options {
	return Options{
		Projects: []string{projectA, projectB},
		Credentials: map[string]Credential{
			"pub":    {Key: "priv", Roles: map[string]Role{projectA: Owner, projectB: Owner}},
			"reader": {Key: "readerkey", Roles: map[string]Role{projectA: Reader}},
			"none":   {Key: "nonekey", Roles: map[string]Role{projectA: None}},
		},
		Ready: time.Second, Delete: time.Second, NonceTTL: 1000 * time.Hour,
	}
}

// bench is a server with a clock of its own, and a digest client for it.
type bench struct {
	*Server
	t     testing.TB
	clock *clock

	mu    sync.Mutex
	nonce string
	count int
}

func newBench(t testing.TB, change ...func(*Options)) *bench {
	t.Helper()
	b := &bench{t: t, clock: newClock()}
	o := testOptions()
	o.Now = b.clock.Now
	for _, f := range change {
		f(&o)
	}
	s, err := New(o)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	b.Server = s
	return b
}

func observed(o *Options) { o.Profile = Observed }

// answer is a reply as it was received.
type answer struct {
	*httptest.ResponseRecorder
}

func (a answer) text() string { return a.Body.String() }

// value is the reply as generic JSON.
func (a answer) value(t testing.TB) any {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal(a.Body.Bytes(), &v), a.text())
	return v
}

func (a answer) object(t testing.TB) map[string]any {
	t.Helper()
	v, ok := a.value(t).(map[string]any)
	require.True(t, ok, a.text())
	return v
}

func (a answer) array(t testing.TB) []any {
	t.Helper()
	v, ok := a.value(t).([]any)
	require.True(t, ok, a.text())
	return v
}

// sign is the Authorization header of a client, written without the code that
// it tests.
func sign(user, key, method, uri, nonce string, nc int) string {
	h := func(s string) string { return fmt.Sprintf("%x", md5.Sum([]byte(s))) }
	const cnonce = "35ac45b099f646c0"
	count := fmt.Sprintf("%08x", nc)
	response := h(strings.Join([]string{h(user + ":MMS Public API:" + key), nonce, count, cnonce, "auth", h(method + ":" + uri)}, ":"))
	return fmt.Sprintf(`Digest username="%s", realm="MMS Public API", nonce="%s", uri="%s", response="%s", algorithm="MD5", qop=auth, nc=%s, cnonce="%s"`,
		user, nonce, uri, response, count, cnonce)
}

var nonceIn = regexp.MustCompile(`nonce="([^"]*)"`)

// challenge is a nonce, as a client gets it.
func (b *bench) challenge() string {
	w := httptest.NewRecorder()
	b.ServeHTTP(w, httptest.NewRequest(http.MethodGet, basePath, nil))
	require.Equal(b.t, http.StatusUnauthorized, w.Code)
	return nonceIn.FindStringSubmatch(w.Header().Get("WWW-Authenticate"))[1]
}

// next is a nonce and a count that were not used before.
func (b *bench) next() (string, int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.nonce == "" {
		b.nonce = b.challenge()
	}
	b.count++
	return b.nonce, b.count
}

// send sends a request as it is, without credentials unless it has some.
func (b *bench) send(r *http.Request) answer {
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return answer{w}
}

// as asks with the credentials of a key; target is below the base path.
func (b *bench) as(user, key, method, target, body string) answer {
	r := httptest.NewRequest(method, basePath+target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	nonce, count := b.next()
	r.Header.Set("Authorization", sign(user, key, method, basePath+target, nonce, count))
	return b.send(r)
}

// ask asks as the owner.
func (b *bench) ask(method, target, body string) answer {
	return b.as("pub", "priv", method, target, body)
}

func services(project, provider string) string {
	return "/groups/" + project + "/privateEndpoint/" + provider + "/endpointService"
}

func createPath(project string) string {
	return "/groups/" + project + "/privateEndpoint/endpointService"
}

func createBody(provider, region string) string {
	return fmt.Sprintf(`{"providerName":%q,"region":%q}`, provider, region)
}

// create makes a service and is its id.
func (b *bench) create(project, provider, region string) string {
	b.t.Helper()
	a := b.ask(http.MethodPost, createPath(project), createBody(provider, region))
	require.Equal(b.t, http.StatusCreated, a.Code, a.text())
	return a.object(b.t)["id"].(string)
}

func (b *bench) get(project, provider, id string) answer {
	return b.ask(http.MethodGet, services(project, provider)+"/"+id, "")
}

func (b *bench) delete(project, provider, id string) answer {
	return b.ask(http.MethodDelete, services(project, provider)+"/"+id, "")
}

// refused holds a reply against the error shape (E1).
func refused(t testing.TB, a answer, status int, code string) {
	t.Helper()
	require.Equal(t, status, a.Code, a.text())
	require.Equal(t, "application/json", a.Header().Get("Content-Type"))
	body := a.object(t)
	require.EqualValues(t, status, body["error"])
	require.Equal(t, http.StatusText(status), body["reason"])
	require.IsType(t, "", body["detail"])
	require.NotEmpty(t, body["detail"])
	require.Equal(t, code, body["errorCode"])
	require.IsType(t, []any{}, body["parameters"])
	require.Len(t, body, 5)
}
