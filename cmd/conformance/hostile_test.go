package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// rooms is a small contract: things that are listed, made, read and removed.
const rooms = `
openapi: 3.0.3
info: { title: Rooms, version: "1" }
servers: [{ url: "https://rooms.test/api" }]
components:
  securitySchemes: { key: { type: http, scheme: digest } }
  schemas:
    Room: { type: object, required: [id], properties: { id: { type: string }, size: { type: integer } } }
  responses:
    Refused: { description: refused, content: { application/json: { schema: { type: object } } } }
security: [{ key: [] }]
paths:
  /rooms:
    get:
      operationId: listRooms
      responses:
        "200": { description: all, content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Room" } } } } }
        4XX: { $ref: "#/components/responses/Refused" }
    post:
      operationId: createRoom
      requestBody: { required: true, content: { application/json: { schema: { type: object, properties: { size: { type: integer } } }, example: { size: 3 } } } }
      responses:
        "201":
          description: made
          headers: { Location: { schema: { type: string } } }
          content: { application/json: { schema: { $ref: "#/components/schemas/Room" } } }
          links:
            get: { operationId: getRoom, parameters: { id: "$response.body#/id" } }
            delete: { operationId: deleteRoom, parameters: { id: "$response.body#/id" } }
        4XX: { $ref: "#/components/responses/Refused" }
  /rooms/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      operationId: getRoom
      responses:
        "200": { description: one, content: { application/json: { schema: { $ref: "#/components/schemas/Room" } } } }
        4XX: { $ref: "#/components/responses/Refused" }
    delete:
      operationId: deleteRoom
      responses:
        "204": { description: gone }
        4XX: { $ref: "#/components/responses/Refused" }
`

// wild is a target of which every byte is under control. It reads a request's
// head and body, and lets answer write what it likes; false ends the
// connection.
type wild struct {
	url string

	mu    sync.Mutex
	heads []string
	n     atomic.Int32
}

func roam(t testing.TB, answer func(n int, head string, conn net.Conn) bool) *wild {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &wild{url: "http://" + listener.Addr().String() + "/api"}
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

func (s *wild) serve(conn net.Conn, answer func(int, string, net.Conn) bool) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	for {
		conn.SetReadDeadline(time.Now().Add(time.Minute))
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, req.Body); err != nil {
			return
		}
		var head bytes.Buffer
		fmt.Fprintf(&head, "%s %s\n", req.Method, req.RequestURI)
		req.Header.Write(&head)
		s.mu.Lock()
		s.heads = append(s.heads, head.String())
		s.mu.Unlock()
		if !answer(int(s.n.Add(1)), head.String(), conn) {
			return
		}
	}
}

func (s *wild) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.heads...)
}

// reply is a right HTTP message.
func reply(status, headers, body string) string {
	return fmt.Sprintf("HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n%s", status, len(body), headers, body)
}

// text answers with these bytes, and keeps the connection.
func text(s string) func(net.Conn) bool {
	return func(conn net.Conn) bool {
		_, err := io.WriteString(conn, s)
		return err == nil
	}
}

// cut answers with these bytes and ends the connection.
func cut(s string) func(net.Conn) bool {
	return func(conn net.Conn) bool {
		io.WriteString(conn, s)
		return false
	}
}

// endless writes the first text once and the second until nobody reads it.
func endless(first, more string, pause time.Duration) func(net.Conn) bool {
	return func(conn net.Conn) bool {
		io.WriteString(conn, first)
		for {
			if _, err := io.WriteString(conn, more); err != nil {
				return false
			}
			time.Sleep(pause)
		}
	}
}

// hostileTexts do something to a terminal, a page, XML or a CI log.
const hostileTexts = "\x1b[2J\x1b]0;owned\x07 <script>alert(1)</script> ]]> ::error::owned \u202e \u2028 \r"

// manners are the ways to answer badly. Wide is what the run must say of it if
// it says one thing alone.
func manners() map[string]func(net.Conn) bool {
	const status = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	block := strings.Repeat("x", 64<<10)
	bad, _ := json.Marshal(hostileTexts)
	return map[string]func(net.Conn) bool{
		"silence":                func(c net.Conn) bool { io.Copy(io.Discard, c); return false },
		"no reply":               cut(""),
		"reset":                  func(c net.Conn) bool { c.(*net.TCPConn).SetLinger(0); return false },
		"slow drip of a header":  endless("HTTP/1.1 200 OK\r\nX: ", "x", 5*time.Millisecond),
		"slow drip of a body":    endless(status+"\r\n", "x", 5*time.Millisecond),
		"endless body":           endless(status+"\r\n", block, 0),
		"endless chunks":         endless(status+"Transfer-Encoding: chunked\r\n\r\n", "10000\r\n"+block+"\r\n", 0),
		"endless declared body":  endless(status+"Content-Length: 9999999999999\r\n\r\n", block, 0),
		"endless header":         endless(status, "X-A: "+block+"\r\n", 0),
		"endless interim":        endless("", "HTTP/1.1 103 Early Hints\r\n\r\n", 0),
		"truncated":              cut(status + "Content-Length: 900\r\n\r\n[]"),
		"too much":               text(status + "Content-Length: 1\r\n\r\n[]"),
		"two replies":            text(reply("200 OK", "", "[]") + reply("500 Of Nobody", "", "{}")),
		"gzip bomb":              cut(status + "Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + block),
		"malformed status":       cut("HTTP/1.1 2x0 OK\r\n\r\n"),
		"no HTTP":                cut("220 smtp.test ESMTP " + hostileTexts + "\r\n"),
		"malformed chunks":       cut(status + "Transfer-Encoding: chunked\r\n\r\nzz\r\n[]\r\n"),
		"two lengths":            cut(status + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n[]"),
		"switching protocols":    cut("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n" + hostileTexts),
		"redirect loop":          text(reply("302 Found", "Location: /api/rooms\r\n", "{}")),
		"redirect elsewhere":     text(reply("307 Go", "Location: http://127.0.0.1:1/x\r\n", "{}")),
		"digest loop":            text(reply("401 No", `WWW-Authenticate: Digest realm="r", nonce="n", qop="auth", stale=true`+"\r\n", "{}")),
		"malformed challenge":    text(reply("401 No", `WWW-Authenticate: Digest realm="r, nonce="n`+"\r\nWWW-Authenticate: \x01,,=\r\n", "{}")),
		"downgraded challenge":   text(reply("401 No", `WWW-Authenticate: Basic realm="r"`+"\r\n", "{}")),
		"huge challenge":         text(reply("401 No", `WWW-Authenticate: Digest realm="r", nonce="`+block+block+`"`+"\r\n", "{}")),
		"hostile reason":         text("HTTP/1.1 200 " + strings.ReplaceAll(hostileTexts, "\r", "") + "\r\nContent-Length: 2\r\n\r\n[]"),
		"hostile header":         text(reply("200 OK", "Location: "+strings.NewReplacer("\x1b", "", "\x07", "", "\r", "").Replace(hostileTexts)+"\r\n", "[]")),
		"hostile body":           text(reply("500 OK", "", hostileTexts)),
		"hostile JSON":           text(reply("200 OK", "", `[{"id":`+string(bad)+`,`+string(bad)+`:1}]`)),
		"hostile media type":     text("HTTP/1.1 200 OK\r\nContent-Type: <b>/]]>::error::;\u202e\r\nContent-Length: 2\r\n\r\n[]"),
		"duplicate keys":         text(reply("200 OK", "", `[{"id":"a","id":"b"}]`)),
		"absurd numbers":         text(reply("200 OK", "", `[{"id":"a","size":1e400},{"id":"b","size":1e999999999999}]`)),
		"half of a pair":         text(reply("200 OK", "", `[{"id":"\ud800"}]`)),
		"deep":                   text(reply("200 OK", "", strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000))),
		"as deep as Go reads":    text(reply("200 OK", "", strings.Repeat("[", 9_999)+strings.Repeat("]", 9_999))),
		"deep objects":           text(reply("200 OK", "", strings.Repeat(`{"a":`, 9_999)+"1"+strings.Repeat("}", 9_999))),
		"a bare number of bytes": text(reply("200 OK", "", strings.Repeat("9", 1<<20))),
		"bytes that are no text": text(reply("200 OK", "", "\xff\xfe\x00")),
	}
}

func TestHostileTargets(t *testing.T) {
	t.Parallel()
	document, key := written(t, "rooms.yaml", rooms), keyFile(t)
	right := text(reply("200 OK", "", `[{"id":"r1"}]`))
	// Most of a run is waiting, so many go on at once, whatever the processors.
	places := make(chan struct{}, 12)
	for name, bad := range manners() {
		for mode, answer := range map[string]func(int, string, net.Conn) bool{
			"always": func(_ int, _ string, c net.Conn) bool { return bad(c) },
			"later": func(n int, _ string, c net.Conn) bool {
				if n <= 2 {
					return right(c)
				}
				return bad(c)
			},
		} {
			if testing.Short() && mode == "always" {
				continue
			}
			s, file := roam(t, answer), filepath.Join(t.TempDir(), "out.jsonl")
			var got held
			var took time.Duration
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				places <- struct{}{}
				defer func() { <-places }()
				begun := time.Now()
				got = hold(t, "run", s.url, "--spec", document, "--user", testUser, "--key-file", key, "--param", "id=r1",
					"--timeout", "250ms", "--patience", "1s", "--run", "*Room*/[ems]*", "--report", file, "--verbose")
				took = time.Since(begun)
			}()
			t.Run(name+"/"+mode, func(t *testing.T) {
				t.Parallel()
				<-ended
				require.Less(t, took, 2*time.Minute)
				bounded(t, got, file)
				for _, head := range s.requests() {
					require.NotContains(t, head, testKey)
					require.NotContains(t, head, "Basic ")
				}
			})
		}
	}
}

// bounded wants a run that ended as it should, whatever it met: with its exit
// code, at most a sentence on standard error, and nothing in the report that
// could do something to what shows it.
func bounded(t *testing.T, got held, file string) {
	t.Helper()
	require.Contains(t, []int{1, 3}, got.code, "%.2000s", got.stdout+got.stderr)
	if got.code == 3 {
		require.Equal(t, 1, strings.Count(got.stderr, "\n"), got.stderr)
		require.Less(t, len(got.stderr), 1000)
	}
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Less(t, len(got.stdout)+len(data), 256<<20)
	harm := regexp.MustCompile("[\x00-\x09\x0b-\x1f\x7f\u202e\u2028]|(?m)^::error::|goroutine |panic:")
	for what, out := range map[string]string{"stdout": got.stdout, "stderr": got.stderr, "jsonl": string(data)} {
		if at := harm.FindStringIndex(out); at != nil && (what != "jsonl" || !strings.ContainsAny(out[at[0]:at[1]], "\u202e\u2028")) {
			require.Fail(t, "harmful", "%s: %q", what, out[max(0, at[0]-100):min(len(out), at[1]+100)])
		}
	}
	lines := strings.Split(strings.TrimRight(string(data), "\n"), "\n")
	for _, line := range lines {
		require.True(t, json.Valid([]byte(line)))
	}
	require.Contains(t, lines[len(lines)-1], `"type":"footer"`)
}

// A target that makes up ids and places must not lead the run astray.
func TestIdsAndLocationsLeadNowhere(t *testing.T) {
	t.Parallel()
	document, key := written(t, "rooms.yaml", rooms), keyFile(t)
	trap := roam(t, func(_ int, _ string, c net.Conn) bool { return text(reply("200 OK", "", "{}"))(c) })
	ids := []string{"..", ".", "../../admin", "/admin", trap.url, "//127.0.0.1:1/x", "a?b=c#d", "a b\x00", "%2e%2e", "{id}", "\u202e"}
	if !testing.Short() { // the race detector takes a minute for it
		ids = append(ids, strings.Repeat("i", 1<<20))
	}
	for _, id := range ids {
		t.Run(fmt.Sprintf("%.20q", id), func(t *testing.T) {
			t.Parallel()
			made, err := json.Marshal(map[string]string{"id": id})
			require.NoError(t, err)
			s := roam(t, func(_ int, head string, c net.Conn) bool {
				location := "Location: " + trap.url + "/x\r\n"
				switch {
				case strings.HasPrefix(head, "POST"):
					return text(reply("201 Created", location, string(made)))(c)
				case strings.HasPrefix(head, "DELETE"):
					return text("HTTP/1.1 204 No Content\r\n" + location + "\r\n")(c)
				}
				return text(reply("200 OK", location, string(made)))(c)
			})
			file := filepath.Join(t.TempDir(), "out.jsonl")
			got := hold(t, "run", s.url, "--spec", document, "--user", testUser, "--key-file", key, "--timeout", "5s", "--patience", "1s", "--report", file)
			bounded(t, got, file)
			for _, head := range s.requests() {
				line, _, _ := strings.Cut(head, "\n")
				method, target, _ := strings.Cut(line, " ")
				require.True(t, strings.HasPrefix(target, "/api/"), "%.200s", line)
				require.NotRegexp(t, `(?i)/(\.|%2e){1,2}(/|\?|$)`, target)
				require.NotEqual(t, "DELETE /api/rooms/", method+" "+target, "that could be all of them")
			}
		})
	}
	t.Cleanup(func() { require.Empty(t, trap.requests(), "nothing goes to another server") })
}

// The same where the redirect is followed by nobody, whatever its status.
func TestCredentialsFollowNoRedirect(t *testing.T) {
	t.Parallel()
	document, key := written(t, "rooms.yaml", rooms), keyFile(t)
	trap := roam(t, func(_ int, _ string, c net.Conn) bool { return text(reply("200 OK", "", "[]"))(c) })
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := roam(t, func(_ int, _ string, c net.Conn) bool {
			return text(reply(fmt.Sprintf("%d Go", status), "Location: "+trap.url+"\r\n", "{}"))(c)
		})
		got := hold(t, "run", s.url, "--spec", document, "--user", testUser, "--key-file", key, "--param", "id=r1")
		require.Equal(t, 3, got.code, got)
		require.Contains(t, got.stderr, strings.TrimSuffix(trap.url, "/api"))
		require.Contains(t, got.stderr, "redirects are not followed")
	}
	require.Empty(t, trap.requests())
}
