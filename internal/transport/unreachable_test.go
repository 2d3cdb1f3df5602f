package transport_test

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/transport"
)

func TestUnreachable(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	closed := listener.Addr().String()
	listener.Close()
	tlsServer := quietTLS(t)
	plain := server(t, http.NotFound)
	tests := map[string]struct{ target, want string }{
		"refused":          {"http://" + closed, "connection refused by " + closed + ": is the target running, and the port right?"},
		"no such host":     {"http://no-such-host.invalid", `"no-such-host.invalid"`},
		"untrusted":        {tlsServer.URL, "is signed by no authority that is trusted here"},
		"TLS to plain":     {strings.Replace(plain, "http", "https", 1), "does not speak TLS: should its URL start with http:// ?"},
		"a port too large": {"http://127.0.0.1:99999", "no connection to 127.0.0.1:99999: "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, class := get(client(t, test.target, nil), "/")
			require.Equal(t, transport.Unreachable, class, e.Failure)
			require.Nil(t, e.Response)
			require.Contains(t, e.Failure, test.want)
		})
	}
}

func TestTLSForAnotherHost(t *testing.T) {
	t.Parallel()
	s := quietTLS(t)
	trust := s.Client().Transport.(*http.Transport).TLSClientConfig
	good := client(t, s.URL, func(o *transport.Options) { o.TLS = trust })
	e, class := get(good, "/")
	require.Equal(t, transport.Answered, class, e.Failure)
	require.Equal(t, 404, e.Response.Status)
	other := client(t, s.URL, func(o *transport.Options) {
		o.TLS = &tls.Config{RootCAs: trust.RootCAs, ServerName: "other.test"}
	})
	e, class = get(other, "/")
	require.Equal(t, transport.Unreachable, class)
	require.Contains(t, e.Failure, "is for another host")
}

func TestSilentTLS(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	target := listener.Addr().String()
	c := client(t, "https://"+target, func(o *transport.Options) { o.Timeout = 150 * time.Millisecond })
	e, class := get(c, "/")
	require.Equal(t, transport.Unreachable, class)
	require.Equal(t, "no TLS handshake with "+target+" within 150ms: does the target speak TLS?", e.Failure)
}

func TestHTTP2(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Proto", r.Proto+" "+r.RequestURI)
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	c := client(t, s.URL, func(o *transport.Options) { o.TLS = s.Client().Transport.(*http.Transport).TLSClientConfig })
	e, class := get(c, "/a%2F?b=%zz")
	require.Equal(t, transport.Answered, class, e.Failure)
	require.Equal(t, "HTTP/2.0 /a%2F?b=%zz", e.Response.Header.Get("X-Proto"))
	require.Empty(t, e.Response.Reason)
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	s := raw(t, func(conn net.Conn, _ string) bool {
		cancel()
		untilClosed(conn)
		return false
	})
	e, class := client(t, s.url, nil).Do(ctx, contract.Request{Method: "GET", URL: "/"}, "")
	require.Equal(t, transport.Interrupted, class)
	require.Equal(t, "stopped before the reply was complete", e.Failure)
}
