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
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/transport"
)

const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

func TestTargetGoesByteForByte(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"":                 "/base",
		"/":                "/base/",
		"/a%2Fb%2fc":       "/base/a%2Fb%2fc",
		"/%zz":             "/base/%zz",
		"/a b":             "/base/a b",
		"/é":               "/base/é",
		"/a//b/../c/.":     "/base/a//b/../c/.",
		"/a;v=1":           "/base/a;v=1",
		"/a?":              "/base/a?",
		"/a?b=c&b=%41&&=;": "/base/a?b=c&b=%41&&=;",
		"/a?b=c d":         "/base/a?b=c d",
		"/a??x#fragment":   "/base/a??x",
		"/%00":             "/base/%00",
		"?x=1":             "/base?x=1",
	}
	for path, want := range tests {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			s := raw(t, says(ok))
			c := client(t, s.url+"/base", nil)
			e, class := get(c, s.url+"/base"+path)
			require.Equal(t, transport.Answered, class, e.Failure)
			line, _, _ := strings.Cut(s.requests()[0], "\r\n")
			require.Equal(t, "GET "+want+" HTTP/1.1", line)
			require.Equal(t, s.url+want, e.Request.URL)
		})
	}
}

func TestTargetThatBeginsWithTwoSlashes(t *testing.T) {
	t.Parallel()
	s := raw(t, says(ok))
	_, class := get(client(t, s.url, nil), s.url+"//evil.test/a?b")
	require.Equal(t, transport.Answered, class)
	require.Contains(t, s.requests()[0], "GET //evil.test/a?b HTTP/1.1\r\n")
	require.Contains(t, s.requests()[0], "\r\nHost: 127.0.0.1:")
}

func TestURLBelowTheBase(t *testing.T) {
	t.Parallel()
	s := raw(t, says(ok))
	_, class := get(client(t, s.url+"/a%2Fb/", nil), "/c?d")
	require.Equal(t, transport.Answered, class)
	require.Contains(t, s.requests()[0], "GET /a%2Fb/c?d HTTP/1.1\r\n")
}

func TestMessageIsWhatTheRequestSays(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		request   contract.Request
		has, lack []string
	}{
		"nothing added": {
			contract.Request{Method: "GET"},
			[]string{"User-Agent: conformance/1.2\r\n", "X-All: 1\r\n"},
			[]string{"Accept", "Content-", "Connection", "Cookie", "Authorization", "Go-http"},
		},
		"own headers":              {contract.Request{Method: "GET", Header: http.Header{"user-agent": {"me"}, "x-all": {"2"}, "X-Two": {"a", "b"}}}, []string{"User-Agent: me\r\n", "x-all: 2\r\n", "X-Two: a\r\nX-Two: b\r\n"}, []string{"conformance", "X-All", "Go-http"}},
		"own host":                 {contract.Request{Method: "GET", Header: http.Header{"Host": {"other.test"}}}, []string{"Host: other.test\r\n"}, []string{"Host: 127"}},
		"compression if asked for": {contract.Request{Method: "GET", Header: http.Header{"Accept-Encoding": {"gzip"}}}, []string{"Accept-Encoding: gzip\r\n"}, nil},
		"odd method":               {contract.Request{Method: "pUrGe"}, []string{"pUrGe / HTTP/1.1"}, nil},
		"delete without a body":    {contract.Request{Method: "DELETE"}, nil, []string{"Content-Length", "Transfer-Encoding"}},
		"delete, empty body":       {contract.Request{Method: "DELETE", Body: []byte{}}, []string{"Content-Length: 0\r\n"}, []string{"Transfer-Encoding"}},
		"get, empty body":          {contract.Request{Method: "GET", Body: []byte{}}, []string{"ontent-length: 0\r\n"}, []string{"Transfer-Encoding"}},
		"post, empty body":         {contract.Request{Method: "POST", Body: []byte{}}, []string{"Content-Length: 0\r\n"}, nil},
		"get with a body":          {contract.Request{Method: "GET", Body: []byte("{}")}, []string{"Content-Length: 2\r\n"}, nil},
		"its own length":           {contract.Request{Method: "PUT", Body: []byte("{}"), Header: http.Header{"content-length": {"2"}}}, []string{"Content-Length: 2\r\n"}, []string{"content-length"}},
		"chunks":                   {contract.Request{Method: "POST", Body: []byte("{}"), Header: http.Header{"Transfer-Encoding": {"chunked"}}}, []string{"Transfer-Encoding: chunked\r\n"}, []string{"Content-Length"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := raw(t, says(ok))
			c := client(t, s.url, func(o *transport.Options) {
				o.Version, o.Header = "1.2", http.Header{"X-All": {"1"}}
			})
			test.request.URL = s.url + "/"
			e, class := c.Do(context.Background(), test.request, "")
			require.Equal(t, transport.Answered, class, e.Failure)
			for _, part := range test.has {
				require.Contains(t, s.requests()[0], part)
			}
			for _, part := range test.lack {
				require.NotContains(t, s.requests()[0], part)
			}
			require.Equal(t, test.request.Body, e.Request.Body)
		})
	}
}

func TestUnsendable(t *testing.T) {
	t.Parallel()
	s := raw(t, says(ok))
	tests := map[string]struct {
		request contract.Request
		want    string
	}{
		"no method":           {contract.Request{URL: "/"}, `"" is not an HTTP method`},
		"method with a space": {contract.Request{Method: "GET /", URL: "/"}, `"GET /" is not an HTTP method`},
		"header name":         {contract.Request{Method: "GET", URL: "/", Header: http.Header{"A b": {"c"}}}, `"A b" is not a name for a header`},
		"empty header name":   {contract.Request{Method: "GET", URL: "/", Header: http.Header{"": {"c"}}}, `"" is not a name for a header`},
		"header value":        {contract.Request{Method: "GET", URL: "/", Header: http.Header{"A": {"b\r\nX: y"}}}, `header A has the value "b\r\nX: y", which HTTP cannot carry`},
		"host":                {contract.Request{Method: "GET", URL: "/", Header: http.Header{"Host": {"a b"}}}, `header Host has the value "a b"`},
		"length":              {contract.Request{Method: "GET", URL: "/", Header: http.Header{"Content-Length": {"7"}}}, `header Content-Length says "7" and the body has 0 bytes`},
		"encoding":            {contract.Request{Method: "GET", URL: "/", Header: http.Header{"Transfer-Encoding": {"gzip"}}}, `header Transfer-Encoding can be chunked only`},
		"trailer":             {contract.Request{Method: "GET", URL: "/", Header: http.Header{"Trailer": {"X"}}}, `header Trailer cannot be sent`},
		"control in the path": {contract.Request{Method: "GET", URL: "/a\nb"}, `has a control character`},
		"relative":            {contract.Request{Method: "GET", URL: "a/b"}, `request URL "a/b" is not absolute`},
		"another host":        {contract.Request{Method: "GET", URL: "http://evil.test/"}, `the request goes to "http://evil.test", which is not the target http://127.0.0.1:`},
		"another scheme":      {contract.Request{Method: "GET", URL: strings.Replace(s.url, "http", "https", 1)}, `which is not the target`},
		"another port":        {contract.Request{Method: "GET", URL: "http://127.0.0.1/"}, `which is not the target`},
		"user in the URL":     {contract.Request{Method: "GET", URL: strings.Replace(s.url, "://", "://user:hunter22@", 1)}, `which is not the target`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, class := client(t, s.url, nil).Do(context.Background(), test.request, "")
			require.Equal(t, transport.Unsendable, class)
			require.Nil(t, e.Response)
			require.Contains(t, e.Failure, test.want)
			require.NotContains(t, e.Failure, "hunter22")
		})
	}
	e, class := client(t, s.url, nil).Do(context.Background(), contract.Request{Method: "GET", URL: "/"}, "reader")
	require.Equal(t, transport.Unsendable, class)
	require.Equal(t, `credential "reader" is not configured`, e.Failure)
	require.Empty(t, s.requests())
}

func TestSameOriginInOtherWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ base, request string }{
		{"http://LOCALHOST:80/a", "HTTP://localhost/a"},
		{"http://localhost", "http://LocalHost:80"},
		{"https://[::1]", "https://[::1]:443/x"},
	} {
		c := client(t, test.base, func(o *transport.Options) { o.Timeout = time.Second })
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		e, class := c.Do(ctx, contract.Request{Method: "GET", URL: test.request}, "")
		require.Equal(t, transport.Interrupted, class, e.Failure)
	}
}

func TestReplyIsKeptAsItCame(t *testing.T) {
	t.Parallel()
	s := raw(t, says("HTTP/1.1 418 I'm  a teapot\r\nX-A: 1\r\nx-a: 2\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b??"))
	e, class := get(client(t, s.url, nil), "/")
	require.Equal(t, transport.Answered, class)
	require.Equal(t, &contract.Response{
		Status: 418, Reason: "I'm  a teapot", Body: []byte("\x1f\x8b??"),
		Header: http.Header{"X-A": {"1", "2"}, "Content-Encoding": {"gzip"}, "Content-Length": {"4"}},
	}, e.Response)
	require.False(t, e.Start.IsZero())
	require.Positive(t, e.Elapsed)
}

func TestRepliesWithoutABody(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ method, reply string }{
		"HEAD":   {"HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"},
		"204":    {"GET", "HTTP/1.1 204 No Content\r\n\r\n"},
		"304":    {"GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n"},
		"101":    {"GET", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nbinary"},
		"100s":   {"GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
		"chunks": {"GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
		"old":    {"GET", "HTTP/1.0 200 OK\r\n\r\n"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := raw(t, says(test.reply))
			e, class := client(t, s.url, nil).Do(context.Background(), contract.Request{Method: test.method, URL: "/"}, "")
			require.Equal(t, transport.Answered, class, e.Failure)
			require.Empty(t, e.Failure)
			require.Empty(t, e.Response.Body)
			if name == "chunks" {
				require.Equal(t, "chunked", e.Response.Header.Get("Transfer-Encoding"))
			}
		})
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere := raw(t, says(ok))
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := raw(t, says(fmt.Sprintf("HTTP/1.1 %d Away\r\nLocation: %s/\r\nContent-Length: 0\r\n\r\n", status, elsewhere.url)))
		c := client(t, s.url, func(o *transport.Options) {
			o.Credentials = map[string]transport.Credential{"": {Key: "bearer-secret", Scheme: "bearer"}}
		})
		e, class := get(c, "/")
		require.Equal(t, transport.Answered, class)
		require.Equal(t, status, e.Response.Status)
		require.Equal(t, elsewhere.url+"/", e.Response.Header.Get("Location"))
		require.Len(t, s.requests(), 1)
	}
	require.Empty(t, elsewhere.requests())
}

func TestConnectionsAreKept(t *testing.T) {
	t.Parallel()
	var conns sync.Map
	s := raw(t, func(conn net.Conn, _ string) bool {
		conns.Store(conn, true)
		io.WriteString(conn, ok)
		return true
	})
	c := client(t, s.url, nil)
	for range 5 {
		_, class := get(c, "/")
		require.Equal(t, transport.Answered, class)
	}
	c.Close()
	require.Len(t, s.requests(), 5)
	count := 0
	conns.Range(func(any, any) bool { count++; return true })
	require.Equal(t, 1, count)
}

func TestRate(t *testing.T) {
	t.Parallel()
	s := raw(t, says(ok))
	c := client(t, s.url, func(o *transport.Options) { o.Rate = 50 })
	start := time.Now()
	for range 4 {
		_, class := get(c, "/")
		require.Equal(t, transport.Answered, class)
	}
	require.GreaterOrEqual(t, time.Since(start), 50*time.Millisecond)
	c = client(t, s.url, func(o *transport.Options) { o.Rate = 0.1 })
	_, class := get(c, "/")
	require.Equal(t, transport.Answered, class)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	e, class := c.Do(ctx, contract.Request{Method: "GET", URL: "/"}, "")
	require.Equal(t, transport.Interrupted, class)
	require.Equal(t, "stopped before the request was sent", e.Failure)
}

func TestClassNames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for class := transport.Answered; class <= transport.Interrupted; class++ {
		seen[class.String()] = true
	}
	require.Len(t, seen, 5)
	require.Equal(t, "class 9", transport.Class(9).String())
}
