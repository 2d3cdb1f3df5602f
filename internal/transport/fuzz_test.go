package transport_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/transport"
)

// FuzzReply has a server write any bytes in reply to each request. Whatever
// they are, the exchange is bounded, says what it is, and no secret is in what
// is shown of it.
func FuzzReply(f *testing.F) {
	for _, seed := range []string{
		"", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nA: b\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 500 \x1b[2J\r\n\r\nsecret-key-0815",
		"HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", stale=true\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 429 No\r\nRetry-After: 0\r\nRateLimit: \"a\";r=0;t=0\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 302 Go\r\nLocation: http://other.test/secret-key-0815\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 101 Up\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nx", "220 smtp.test ESMTP\r\n",
	} {
		f.Add([]byte(seed), "GET")
		f.Add([]byte(seed), "POST")
	}
	target := &parrot{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(f, err)
	f.Cleanup(func() { listener.Close() })
	go target.serve(listener)
	f.Fuzz(func(t *testing.T, reply []byte, method string) {
		if strings.Contains(string(reply), "Retry-After") || strings.Contains(strings.ToLower(string(reply)), "reset") {
			reply = []byte(strings.NewReplacer("1", "0", "2", "0", "3", "0", "4", "0", "5", "0", "6", "0", "7", "0", "8", "0", "9", "0").Replace(string(reply)))
		}
		target.says.Store(&reply)
		c := client(t, "http://"+listener.Addr().String(), func(o *transport.Options) {
			o.Timeout, o.MaxBody = 2*time.Second, 1<<10
			o.Credentials = map[string]transport.Credential{"": {User: "me", Key: "secret-key-0815"}}
		})
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		e, class := c.Do(ctx, contract.Request{Method: method, URL: "/", Body: []byte("{}")}, "")
		require.NotNil(t, e)
		require.Equal(t, class == transport.Answered, e.Failure == "", "%v: %s", class, e.Failure)
		require.Less(t, len(e.Failure), 320)
		require.NotContains(t, e.Failure, "\x1b")
		require.LessOrEqual(t, len(e.Final().Body), 1<<10)
		safe := c.RedactExchange(e)
		shown := e.Failure + safe.Final().Reason + string(safe.Final().Body) + safe.Request.URL
		for name, values := range safe.Final().Header {
			shown += name + strings.Join(values, "")
		}
		require.NotContains(t, strings.ToLower(shown), "secret-key-0815")
		_, _ = contract.Decode(e.Final().Body)
	})
}

// FuzzLimits reads anything as what a target says of its limits.
func FuzzLimits(f *testing.F) {
	f.Add("7", "1", "0", "\"a\";r=0;t=5")
	f.Add("Fri, 31 Dec 1999 23:59:59 GMT", "1e9", "0", "limit=1, remaining=0, reset=5")
	f.Add("99999999999999999999", "-1", "0", ";;,,==\"")
	f.Fuzz(func(t *testing.T, after, reset, remaining, structured string) {
		header := http.Header{
			"Retry-After": {after}, "X-Ratelimit-Reset": {reset}, "X-Ratelimit-Remaining": {remaining}, "Ratelimit": {structured},
		}
		c, err := transport.New(transport.Options{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for name, values := range header {
				w.Header()[name] = values
			}
		})})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		c.Do(transport.Unbroken(ctx), contract.Request{Method: "GET", URL: "/"}, "")
		require.GreaterOrEqual(t, c.Slowed().TooLong, time.Duration(0))
	})
}

// parrot answers every request with the same bytes and ends the connection.
type parrot struct{ says atomic.Pointer[[]byte] }

func (p *parrot) serve(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			if _, err := readHead(bufio.NewReader(conn)); err == nil {
				conn.Write(*p.says.Load())
			}
		}()
	}
}
