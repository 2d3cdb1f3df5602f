package transport_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/transport"
)

func inProcess(t testing.TB, h http.HandlerFunc) *transport.Client {
	t.Helper()
	c, err := transport.New(transport.Options{Handler: h, Timeout: time.Second, MaxBody: 10_000})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// handlers are answered in process as they are over the network.
var handlers = map[string]http.HandlerFunc{
	"nothing": func(http.ResponseWriter, *http.Request) {},
	"text":    func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>hello") },
	"JSON": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, "{}")
	},
	"status":       func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusConflict) },
	"odd status":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(599) },
	"no content":   func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204); io.WriteString(w, "lost") },
	"not modified": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Etag", `"x"`); w.WriteHeader(304) },
	"late header": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(201)
		w.Header().Set("X-Late", "1")
		w.WriteHeader(500)
	},
	"interim":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103); w.WriteHeader(202) },
	"long":     func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("a", 5000)) },
	"too long": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("a", 50_000)) },
	"flushed": func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "a")
		w.(http.Flusher).Flush()
		io.WriteString(w, "b")
	},
	"own length": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "3")
		io.WriteString(w, "abc")
	},
	"too short": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "9")
		io.WriteString(w, "abc")
	},
	"abort": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	"own date": func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Date"] = nil
		w.Header()["X-Two"] = []string{"1", "2"}
	},
	"echo": func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintln(w, r.Method, r.RequestURI, r.URL.Path, r.URL.RawQuery, r.Proto, r.ContentLength, r.TransferEncoding, len(r.Header))
		for _, name := range []string{"X-Lower", "User-Agent", "Content-Length", "Content-Type", "Accept-Encoding"} {
			fmt.Fprintf(w, "%s: %q\n", name, r.Header.Values(name))
		}
		fmt.Fprintf(w, "%q", body)
	},
}

func TestHandlerIsServedAsOverTheNetwork(t *testing.T) {
	t.Parallel()
	requests := map[string]contract.Request{
		"get":         {Method: "GET", URL: "/a%2Fb?c=%zz", Header: http.Header{"x-lower": {"1"}}},
		"head":        {Method: "HEAD", URL: "/"},
		"post":        {Method: "POST", URL: "/a//b", Header: http.Header{"Content-Type": {"a/b"}}, Body: []byte("{}")},
		"post, empty": {Method: "POST", URL: "/", Body: []byte{}},
		"post, none":  {Method: "POST", URL: "/"},
		"delete":      {Method: "DELETE", URL: "/", Body: []byte{}},
		"get, empty":  {Method: "GET", URL: "/", Body: []byte{}},
		"chunks":      {Method: "PUT", URL: "/", Body: []byte("abc"), Header: http.Header{"Transfer-Encoding": {"chunked"}}},
		"bad path":    {Method: "GET", URL: "/%zz"},
	}
	for handler, h := range handlers {
		for request, r := range requests {
			t.Run(handler+"/"+request, func(t *testing.T) {
				t.Parallel()
				s := quiet(t, h)
				outside := client(t, s.URL, func(o *transport.Options) { o.MaxBody = 10_000 })
				want, wantClass := outside.Do(context.Background(), r, "")
				got, class := inProcess(t, h).Do(context.Background(), r, "")
				require.Equal(t, wantClass, class)
				require.Equal(t, want.Failure, got.Failure)
				require.Equal(t, comparable(want.Response), comparable(got.Response))
			})
		}
	}
}

// comparable leaves out what cannot be the same in two runs.
func comparable(r *contract.Response) *contract.Response {
	if r == nil {
		return nil
	}
	same := *r
	same.Header = r.Header.Clone()
	if same.Header.Get("Date") != "" {
		same.Header.Set("Date", "now")
	}
	same.Header.Del("Connection")
	return &same
}

func TestHandlerThatPanics(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		h    http.HandlerFunc
		want string
	}{
		"text":    {func(http.ResponseWriter, *http.Request) { panic("nil map\x1b") }, `handler panicked: nil map\x1b`},
		"error":   {func(http.ResponseWriter, *http.Request) { panic(errors.New("broken")) }, "handler panicked: broken"},
		"late":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(200); panic("late") }, "handler panicked: late"},
		"status":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(0) }, "handler panicked: invalid WriteHeader code 0"},
		"endless": {func(http.ResponseWriter, *http.Request) { panic(strings.Repeat("a", 1<<20)) }, "handler panicked: aaa"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, class := get(inProcess(t, test.h), "/")
			require.Equal(t, transport.Misbehaved, class)
			require.Nil(t, e.Response)
			require.Contains(t, e.Failure, test.want)
			require.Less(t, len(e.Failure), 320)
		})
	}
}

func TestHandlerThatDoesNotReturn(t *testing.T) {
	t.Parallel()
	released := make(chan struct{})
	c, err := transport.New(transport.Options{Timeout: 50 * time.Millisecond, Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		close(released)
	})})
	require.NoError(t, err)
	e, class := get(c, "/")
	require.Equal(t, transport.Misbehaved, class)
	require.Equal(t, "no reply within 50ms", e.Failure)
	<-released
}

func TestHandlerThatWritesWithoutEnd(t *testing.T) {
	t.Parallel()
	stopped := make(chan error, 1)
	c := inProcess(t, func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := io.WriteString(w, strings.Repeat("x", 999)); err != nil {
				stopped <- err
				return
			}
		}
	})
	e, class := get(c, "/")
	require.Equal(t, transport.Answered, class)
	require.True(t, e.Response.Truncated)
	require.Len(t, e.Response.Body, 10_000)
	require.Error(t, <-stopped)
}

func TestHandlerBase(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Host+r.RequestURI) })
	c := inProcess(t, h)
	e, _ := get(c, c.Base().String()+"/x")
	require.Equal(t, "in-process/x", string(e.Response.Body))
	c, err := transport.New(transport.Options{Handler: h, Base: mustParse(t, "https://a.test/v1/")})
	require.NoError(t, err)
	e, _ = get(c, "/x")
	require.Equal(t, "a.test/v1/x", string(e.Response.Body))
	require.Equal(t, "https://a.test/v1/x", e.Request.URL)
}

func BenchmarkHandler(b *testing.B) {
	c := inProcess(b, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"id":`+strconv.Itoa(1)+`}`)
	})
	b.ReportAllocs()
	for b.Loop() {
		if _, class := get(c, "/a"); class != transport.Answered {
			b.Fatal(class)
		}
	}
}

func BenchmarkNetworkWithDigest(b *testing.B) {
	g := &guard{user: user, key: key, challenge: []string{`Digest realm="r", nonce="%s", qop="auth"`}}
	s := httptest.NewServer(g)
	defer s.Close()
	c := digestClient(b, s.URL)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if e, class := get(c, "/a"); class != transport.Answered || e.Response.Status != 200 {
				b.Error(class, e.Failure)
				return
			}
		}
	})
}
