package transport_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/transport"
)

// visited is a request as the server of a test saw it.
type visited struct {
	at   time.Duration
	head http.Header
}

// counting answers the n-th request, from 0, in a time that is not the real one.
func counting(t *testing.T, answer func(n int, w http.ResponseWriter), test func(c *transport.Client, seen *[]visited)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var seen []visited
		begun := time.Now()
		handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, visited{time.Since(begun), r.Header})
			answer(len(seen)-1, w)
		})
		test(inside(t, handler, nil), &seen)
	})
}

func inside(t *testing.T, h http.Handler, change func(*transport.Options)) *transport.Client {
	t.Helper()
	o := transport.Options{Handler: h, Timeout: 5 * time.Second}
	if change != nil {
		change(&o)
	}
	c, err := transport.New(o)
	require.NoError(t, err)
	return c
}

// refusal refuses with a status and these headers, a name and a value in turn.
func refusal(status int, headers ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
	}
}

// once says something once and is content then.
func once(say func(http.ResponseWriter)) func(int, http.ResponseWriter) {
	return func(n int, w http.ResponseWriter) {
		if n == 0 {
			say(w)
		}
	}
}

// synctest begins at this time.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func TestRefusalsAreRepeated(t *testing.T) {
	t.Parallel()
	date := func(s int) string { return epoch.Add(time.Duration(s) * time.Second).Format(http.TimeFormat) }
	tests := map[string]struct {
		method string
		say    func(http.ResponseWriter)
		status int
		after  time.Duration // -1 for no second request
	}{
		"seconds":               {"GET", refusal(429, "Retry-After", "7"), 200, 7 * time.Second},
		"at once":               {"GET", refusal(429, "Retry-After", "0"), 200, 0},
		"a post, as 429":        {"POST", refusal(429, "Retry-After", "7"), 200, 7 * time.Second},
		"a date":                {"GET", refusal(429, "Retry-After", date(9)), 200, 9 * time.Second},
		"a date of theirs":      {"GET", refusal(429, "Retry-After", date(1009), "Date", date(1000)), 200, 9 * time.Second},
		"a date of the past":    {"GET", refusal(429, "Retry-After", date(-9)), 200, 0},
		"503":                   {"DELETE", refusal(503, "Retry-After", "7"), 200, 7 * time.Second},
		"a post, as 503":        {"POST", refusal(503, "Retry-After", "7"), 503, -1},
		"a patch, as 503":       {"PATCH", refusal(503, "Retry-After", "7"), 503, -1},
		"without a time":        {"GET", refusal(429), 429, -1},
		"503 without a time":    {"GET", refusal(503), 503, -1},
		"another status":        {"GET", refusal(500, "Retry-After", "1"), 500, -1},
		"no time":               {"GET", refusal(429, "Retry-After", "soon"), 429, -1},
		"a negative time":       {"GET", refusal(429, "Retry-After", "-1"), 429, -1},
		"as long as it may be":  {"GET", refusal(429, "Retry-After", "120"), 200, 2 * time.Minute},
		"too long":              {"GET", refusal(429, "Retry-After", "121"), 429, -1},
		"absurd":                {"GET", refusal(429, "Retry-After", "999999999999999999"), 429, -1},
		"beyond all numbers":    {"GET", refusal(429, "Retry-After", "99999999999999999999999999"), 429, -1},
		"a limit without after": {"GET", refusal(429, "RateLimit-Remaining", "0", "RateLimit-Reset", "3"), 429, -1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			counting(t, once(test.say), func(c *transport.Client, seen *[]visited) {
				e, class := c.Do(context.Background(), contract.Request{Method: test.method, URL: "/"}, "")
				require.Equal(t, transport.Answered, class, e.Failure)
				require.Equal(t, test.status, e.Response.Status)
				if test.after < 0 {
					require.Len(t, *seen, 1)
					require.Zero(t, e.Repeats)
					return
				}
				require.Len(t, *seen, 2)
				require.Equal(t, test.after, (*seen)[1].at)
				require.Equal(t, 1, e.Repeats)
				require.Equal(t, transport.Slowed{Times: 1, Repeats: 1, Waited: test.after}, c.Slowed())
			})
		})
	}
}

func TestTooLongAPauseIsReported(t *testing.T) {
	t.Parallel()
	counting(t, once(refusal(429, "Retry-After", "3600")), func(c *transport.Client, _ *[]visited) {
		get(c, "/")
		require.Equal(t, transport.Slowed{TooLong: time.Hour}, c.Slowed())
	})
}

func TestLimitsPauseAllRequests(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		headers []string
		after   time.Duration
	}{
		"plain":           {[]string{"RateLimit-Remaining", "0", "RateLimit-Reset", "30"}, 30 * time.Second},
		"usual":           {[]string{"X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "1.5"}, 1500 * time.Millisecond},
		"a time":          {[]string{"X-RateLimit-Remaining", "0", "X-RateLimit-Reset", strconv.FormatInt(epoch.Unix()+40, 10)}, 40 * time.Second},
		"milliseconds":    {[]string{"X-Rate-Limit-Remaining", "0", "X-Rate-Limit-Reset", strconv.FormatInt(epoch.UnixMilli()+1500, 10)}, 1500 * time.Millisecond},
		"structured":      {[]string{"RateLimit", `"a";r=3;t=90, "b";r=0;t=20`}, 20 * time.Second},
		"as it was":       {[]string{"RateLimit", "limit=10, remaining=0, reset=5"}, 5 * time.Second},
		"the longer":      {[]string{"RateLimit", `"a";r=0;t=5`, "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "8"}, 8 * time.Second},
		"some are left":   {[]string{"RateLimit-Remaining", "1", "RateLimit-Reset", "30"}, 0},
		"no end":          {[]string{"RateLimit-Remaining", "0"}, 0},
		"a broken end":    {[]string{"RateLimit-Remaining", "0", "RateLimit-Reset", "NaN"}, 0},
		"too far an end":  {[]string{"RateLimit-Remaining", "0", "RateLimit-Reset", "121"}, 0},
		"an absurd end":   {[]string{"RateLimit-Remaining", "0", "RateLimit-Reset", "1e300"}, 0},
		"a past end":      {[]string{"X-RateLimit-Remaining", "0", "X-RateLimit-Reset", strconv.FormatInt(epoch.Unix()-9, 10)}, 0},
		"hostile":         {[]string{"RateLimit", strings.Repeat(";,=", 3000)}, 0},
		"a refusal of it": {[]string{"Retry-After", "3"}, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			counting(t, once(refusal(200, test.headers...)), func(c *transport.Client, seen *[]visited) {
				get(c, "/")
				many(t, 3, func() {
					e, _ := get(c, "/")
					require.Equal(t, 200, e.Response.Status)
					require.Zero(t, e.Repeats)
				})
				require.Len(t, *seen, 4)
				for _, v := range (*seen)[1:] {
					require.Equal(t, test.after, v.at)
				}
				require.Equal(t, test.after, c.Slowed().Waited, "three at once waited once")
			})
		})
	}
}

// A server with room for one request a second refuses what comes together;
// none of those may be refused to the last.
func TestRefusedTogether(t *testing.T) {
	t.Parallel()
	next := epoch
	say := func(_ int, w http.ResponseWriter) {
		if now := time.Now(); now.Before(next) {
			refusal(429, "Retry-After", "1")(w)
		} else {
			next = now.Add(time.Second)
		}
	}
	counting(t, say, func(c *transport.Client, seen *[]visited) {
		many(t, 8, func() {
			for range 5 {
				e, _ := get(c, "/")
				require.Equal(t, 200, e.Response.Status)
			}
		})
		require.Less(t, (*seen)[len(*seen)-1].at, 45*time.Second, "forty need forty seconds")
		require.Less(t, len(*seen), 100)
	})
}

func TestNothingIsRepeatedForEver(t *testing.T) {
	t.Parallel()
	always := func(say func(http.ResponseWriter)) func(int, http.ResponseWriter) {
		return func(_ int, w http.ResponseWriter) { say(w) }
	}
	counting(t, always(refusal(429, "Retry-After", "100")), func(c *transport.Client, seen *[]visited) {
		e, class := get(c, "/")
		require.Equal(t, transport.Answered, class)
		require.Equal(t, 429, e.Response.Status, "then the reply is the reply")
		require.Equal(t, 3, e.Repeats)
		for range 500 {
			get(c, "/")
		}
		require.Less(t, (*seen)[len(*seen)-1].at, 30*time.Minute)
		require.True(t, c.Slowed().Ignored)
	})
	counting(t, always(refusal(200, "RateLimit-Remaining", "0", "RateLimit-Reset", "120")), func(c *transport.Client, seen *[]visited) {
		for range 500 {
			get(c, "/")
		}
		require.Len(t, *seen, 500)
		require.Less(t, (*seen)[499].at, 15*time.Minute)
		require.True(t, c.Slowed().Ignored)
	})
}

func TestRepeatedDigestUsesItsNonceAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var counts []string
		c := inside(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, nc, signed := strings.Cut(r.Header.Get("Authorization"), "nc=")
			switch {
			case !signed:
				refusal(401, "WWW-Authenticate", `Digest realm="r", nonce="n", qop="auth"`)(w)
				return
			case len(counts) == 0:
				refusal(429, "Retry-After", "5")(w)
			}
			counts = append(counts, nc[:8])
		}), credential(transport.Credential{User: user, Key: key}))
		e, _ := get(c, "/")
		require.Equal(t, 200, e.Response.Status)
		require.Equal(t, 1, e.Repeats)
		require.Equal(t, []string{"00000001", "00000002"}, counts)
	})
}

func TestPausesEndWithTheirCaller(t *testing.T) {
	t.Parallel()
	say := func(_ int, w http.ResponseWriter) { refusal(429, "Retry-After", "100")(w) }
	counting(t, say, func(c *transport.Client, seen *[]visited) {
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		e, class := c.Do(ctx, contract.Request{Method: "GET", URL: "/"}, "")
		require.Equal(t, transport.Interrupted, class, "%+v", e)
		require.Len(t, *seen, 1)
	})
	counting(t, say, func(c *transport.Client, seen *[]visited) {
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		e, class := c.Do(transport.Unbroken(ctx), contract.Request{Method: "GET", URL: "/"}, "")
		require.Equal(t, transport.Answered, class, e.Failure)
		require.Equal(t, 429, e.Response.Status)
		require.Len(t, *seen, 4)
		require.Equal(t, 18*time.Second, (*seen)[3].at, "five seconds for each, once the caller wants to end")
	})
}

func TestLostConnectionsAreCounted(t *testing.T) {
	t.Parallel()
	s := lostOnce(t)
	c := client(t, s.url, nil)
	get(c, "/")
	time.Sleep(20 * time.Millisecond)
	e, class := get(c, "/lost")
	require.Equal(t, transport.Answered, class, e.Failure)
	require.Equal(t, 1, e.Repeats)
	require.Zero(t, c.Slowed())
}
