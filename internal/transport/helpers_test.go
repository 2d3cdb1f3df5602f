package transport_test

import (
	"bufio"
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/transport"
)

// client returns a client for the target at a URL; change completes its options.
func client(t testing.TB, target string, change func(*transport.Options)) *transport.Client {
	t.Helper()
	base, err := url.Parse(target)
	require.NoError(t, err)
	o := transport.Options{Base: base, Timeout: 5 * time.Second}
	if change != nil {
		change(&o)
	}
	c, err := transport.New(o)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func get(c *transport.Client, path string) (*contract.Exchange, transport.Class) {
	return c.Do(context.Background(), contract.Request{Method: http.MethodGet, URL: path}, "")
}

// rawServer is a target of which every byte is under control. It reads one
// request head at a time and lets answer write what it likes; false ends the
// connection.
type rawServer struct {
	url string

	mu    sync.Mutex
	heads []string
}

func raw(t testing.TB, answer func(conn net.Conn, head string) bool) *rawServer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &rawServer{url: "http://" + listener.Addr().String()}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			open.Go(func() { s.serve(conn, answer) })
		}
	})
	t.Cleanup(func() { listener.Close(); open.Wait() })
	return s
}

func (s *rawServer) serve(conn net.Conn, answer func(net.Conn, string) bool) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	for {
		head, err := readHead(r)
		if err != nil {
			return
		}
		s.mu.Lock()
		s.heads = append(s.heads, head)
		s.mu.Unlock()
		if !answer(conn, head) {
			return
		}
	}
}

// requests are the heads that came, in their order.
func (s *rawServer) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.heads...)
}

func readHead(r *bufio.Reader) (string, error) {
	var head strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return "", err
		}
		head.WriteString(line)
		if line == "\r\n" {
			return head.String(), nil
		}
	}
}

// says answers every request with the same bytes and closes the connection.
func says(text string) func(net.Conn, string) bool {
	return func(conn net.Conn, _ string) bool {
		io.WriteString(conn, text)
		return false
	}
}

// untilClosed waits for the other side to give up.
func untilClosed(conn net.Conn) {
	io.Copy(io.Discard, conn)
}

func mustParse(t testing.TB, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	require.NoError(t, err)
	return u
}

func server(t testing.TB, h http.HandlerFunc) string {
	t.Helper()
	s := quiet(t, h)
	return s.URL
}

// quiet is a server that does not log.
func quiet(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.Start()
	t.Cleanup(s.Close)
	return s
}

func quietTLS(t testing.TB) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// lostOnce closes a kept connection under the first request for /lost.
func lostOnce(t testing.TB) *rawServer {
	t.Helper()
	var lost sync.Once
	return raw(t, func(conn net.Conn, head string) bool {
		keep := true
		if strings.Contains(head, "/lost") {
			lost.Do(func() { keep = false })
		}
		if keep {
			io.WriteString(conn, ok)
		}
		return keep
	})
}
