package transport_test

import (
	"context"
	"io"
	"log"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/transport"
)

func TestBrokenReplies(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ reply, want string }{
		"no reply":             {"", "the target closed the connection without a reply"},
		"within the header":    {"HTTP/1.1 200 OK\r\nX-A: b\r\n", "the target closed the connection within the reply's header"},
		"no HTTP":              {"220 smtp.test ESMTP\r\n\r\n", `the reply is not valid HTTP: malformed HTTP status code "smtp.test"`},
		"no status":            {"HTTP/1.1 abc OK\r\n\r\n", `the reply is not valid HTTP: malformed HTTP status code "abc"`},
		"negative status":      {"HTTP/1.1 -10 OK\r\n\r\n", `the reply is not valid HTTP: malformed HTTP status code "-10"`},
		"status of one letter": {"HTTP/1.1 2 OK\r\n\r\n", `the reply is not valid HTTP: malformed HTTP status code "2"`},
		"no header line":       {"HTTP/1.1 200 OK\r\nbroken\r\n\r\n", "the reply is not valid HTTP: malformed MIME header"},
		"terminal escapes":     {"HTTP/1.1 \x1b[2J\x07 x\r\n\r\n", `\x1b[2J\a`},
		"bad length":           {"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", `the reply is not valid HTTP: bad Content-Length "-5"`},
		"two lengths":          {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc", "the reply is not valid HTTP: "},
		"unknown encoding":     {"HTTP/1.1 200 OK\r\nTransfer-Encoding: rot13\r\n\r\nabc", "the reply is not valid HTTP: "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := raw(t, says(test.reply))
			e, class := get(client(t, s.url, nil), "/")
			require.Equal(t, transport.Misbehaved, class)
			require.Nil(t, e.Response)
			require.Contains(t, e.Failure, test.want)
			require.NotContains(t, e.Failure, "\x1b")
			require.Less(t, len(e.Failure), 320)
		})
	}
}

func TestCutBodies(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ reply, body, want string }{
		"length":        {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "abc", "reply cut after 3 of 10 bytes: the target closed the connection"},
		"chunks":        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "abc", "reply cut after 3 bytes: the target closed the connection"},
		"broken chunks": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n", "abc", "reply cut after 3 bytes: invalid byte in chunk length"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := raw(t, says(test.reply))
			e, class := get(client(t, s.url, nil), "/")
			require.Equal(t, transport.Misbehaved, class)
			require.Equal(t, test.want, e.Failure)
			require.Equal(t, 200, e.Response.Status)
			require.Equal(t, test.body, string(e.Response.Body))
		})
	}
}

func TestResetConnections(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "the target reset the connection before it replied",
		"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc": "reply cut after 3 of 10 bytes: the target reset the connection",
	} {
		s := raw(t, func(conn net.Conn, _ string) bool {
			io.WriteString(conn, text)
			// Let it be read before the reset throws it away.
			time.Sleep(50 * time.Millisecond)
			conn.(*net.TCPConn).SetLinger(0)
			return false
		})
		e, class := get(client(t, s.url, nil), "/")
		require.Equal(t, transport.Misbehaved, class)
		require.Equal(t, want, e.Failure)
	}
}

func TestSlowTargets(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ begin, want string }{
		"silent":               {"", "no reply within 150ms"},
		"slow header":          {"HTTP/1.1 200 OK\r\nX-A: ", "the reply's header was not complete within 150ms"},
		"slow body":            {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "reply cut after 3 of 9 bytes: the rest did not come within 150ms"},
		"slow, unknown length": {"HTTP/1.1 200 OK\r\n\r\nabc", "reply cut after 3 bytes: the rest did not come within 150ms"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := raw(t, func(conn net.Conn, _ string) bool {
				io.WriteString(conn, test.begin)
				untilClosed(conn)
				return false
			})
			c := client(t, s.url, func(o *transport.Options) { o.Timeout = 150 * time.Millisecond })
			start := time.Now()
			e, class := get(c, "/")
			require.Equal(t, transport.Misbehaved, class)
			require.Equal(t, test.want, e.Failure)
			require.Less(t, time.Since(start), 3*time.Second)
		})
	}
}

func TestDrippingTarget(t *testing.T) {
	t.Parallel()
	s := raw(t, func(conn net.Conn, _ string) bool {
		io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		for {
			if _, err := io.WriteString(conn, "x"); err != nil {
				return false
			}
			time.Sleep(5 * time.Millisecond)
		}
	})
	e, class := get(client(t, s.url, func(o *transport.Options) { o.Timeout = 200 * time.Millisecond }), "/")
	require.Equal(t, transport.Misbehaved, class)
	require.Contains(t, e.Failure, "the rest did not come within 200ms")
	require.NotEmpty(t, e.Response.Body)
}

func TestRequestThatIsNotTaken(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	c := client(t, "http://"+listener.Addr().String(), func(o *transport.Options) { o.Timeout = 200 * time.Millisecond })
	e, class := c.Do(context.Background(), contract.Request{Method: "POST", URL: "/", Body: make([]byte, 32<<20)}, "")
	require.Equal(t, transport.Misbehaved, class)
	require.Equal(t, "the request was not taken within 200ms", e.Failure)
}

// flood writes the same text until the other side gives up.
func flood(first, text string) func(net.Conn, string) bool {
	return func(conn net.Conn, _ string) bool {
		io.WriteString(conn, first)
		block := strings.Repeat(text, 1+16<<10/len(text))
		for {
			if _, err := io.WriteString(conn, block); err != nil {
				return false
			}
		}
	}
}

func TestFloods(t *testing.T) {
	t.Parallel()
	const header = "the reply's header, interim (1xx) replies included, is longer than 262144 bytes"
	tests := map[string]struct{ first, text, want string }{
		"header lines":   {"HTTP/1.1 200 OK\r\n", "X-A: b\r\n", header},
		"one long line":  {"HTTP/1.1 200 OK\r\nX-A: ", "b", header},
		"interim":        {"", "HTTP/1.1 103 Early Hints\r\n\r\n", header},
		"long reason":    {"HTTP/1.1 200 ", "b", header},
		"empty lines":    {"", "\r\n", "the reply is not valid HTTP: "},
		"trailer fields": {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X-A: b\r\n", "reply cut after 0 bytes"},
		"chunk options":  {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", "a=b;", "reply cut after 0 bytes"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := raw(t, flood(test.first, test.text))
			e, class := get(client(t, s.url, nil), "/")
			require.Equal(t, transport.Misbehaved, class, e.Failure)
			require.Contains(t, e.Failure, test.want)
		})
	}
}

func TestEndlessBodies(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n"} {
		s := raw(t, flood(first, "x"))
		c := client(t, s.url, func(o *transport.Options) { o.MaxBody = 100_000 })
		e, class := get(c, "/")
		require.Equal(t, transport.Answered, class, e.Failure)
		require.True(t, e.Response.Truncated)
		require.Len(t, e.Response.Body, 16<<10)
		require.Equal(t, 16<<10, cap(e.Response.Body), "no more is held")
	}
}

func TestBodyOfExactlyTheLimit(t *testing.T) {
	t.Parallel()
	s := raw(t, says("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd"))
	e, _ := get(client(t, s.url, func(o *transport.Options) { o.MaxBody = 4 }), "/")
	require.False(t, e.Response.Truncated)
	e, class := get(client(t, s.url, func(o *transport.Options) { o.MaxBody = 3 }), "/")
	require.Equal(t, transport.Answered, class)
	require.True(t, e.Response.Truncated)
	require.Equal(t, "abc", string(e.Response.Body))
}

func TestBodiesOfAllLengths(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 511, 512, 513, 1024, 70_000, 1 << 20, 2 << 20} {
		body := strings.Repeat("x", size)
		for _, framing := range []string{"", "Content-Length: " + strconv.Itoa(size) + "\r\n"} {
			s := raw(t, says("HTTP/1.1 200 OK\r\n"+framing+"\r\n"+body))
			e, class := get(client(t, s.url, nil), "/")
			require.Equal(t, transport.Answered, class, e.Failure)
			require.False(t, e.Response.Truncated)
			require.True(t, body == string(e.Response.Body), size)
		}
	}
}

func TestLostKeptConnection(t *testing.T) {
	t.Parallel()
	s := raw(t, func() func(net.Conn, string) bool {
		return func(conn net.Conn, head string) bool {
			if strings.HasPrefix(head, "POST") {
				return false
			}
			io.WriteString(conn, ok)
			return true
		}
	}())
	c := client(t, s.url, nil)
	post := contract.Request{Method: "POST", URL: "/", Body: []byte("{}")}

	_, class := c.Do(context.Background(), post, "")
	require.Equal(t, transport.Misbehaved, class, "on a connection of its own")
	_, class = get(c, "/")
	require.Equal(t, transport.Answered, class)
	_, class = c.Do(context.Background(), post, "")
	require.Equal(t, transport.Misbehaved, class, "on one that was used just now")
	_, class = get(c, "/")
	require.Equal(t, transport.Answered, class)
	time.Sleep(200 * time.Millisecond)
	e, class := c.Do(context.Background(), post, "")
	require.Equal(t, transport.Unreachable, class, "on one that had grown old")
	require.Contains(t, e.Failure, "it may not have arrived")
}

func TestEarlyReplyToALongRequest(t *testing.T) {
	t.Parallel()
	s := raw(t, func(conn net.Conn, _ string) bool {
		io.WriteString(conn, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
		untilClosed(conn)
		return false
	})
	e, class := client(t, s.url, nil).Do(context.Background(), contract.Request{Method: "POST", URL: "/", Body: make([]byte, 16<<20)}, "")
	require.Equal(t, transport.Answered, class, e.Failure)
	require.Equal(t, 413, e.Response.Status)
}

func TestDesynchronisedReplies(t *testing.T) {
	// Not parallel: net/http writes to the common log about each of them.
	log.SetOutput(io.Discard)
	defer log.SetOutput(os.Stderr)
	const double = ok + "HTTP/1.1 500 Of Nobody\r\nContent-Length: 0\r\n\r\n"
	s := raw(t, func(conn net.Conn, _ string) bool {
		io.WriteString(conn, double)
		return true
	})
	c := client(t, s.url, nil)
	many(t, 8, func() {
		for range 200 {
			e, class := get(c, "/")
			if class == transport.Misbehaved {
				require.Contains(t, e.Failure, "the reply was there before the request")
				continue
			}
			require.Equal(t, 200, e.Response.Status, "nobody gets the reply of nobody")
		}
	})
}
