package reference

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	forks "github.com/mongodb-forks/digest"
	"github.com/stretchr/testify/require"
	atlas "go.mongodb.org/atlas/mongodbatlas"
)

// serve puts a server on the wire.
func serve(t testing.TB, change ...func(*Options)) (*bench, string) {
	b := newBench(t, change...)
	s := httptest.NewServer(b)
	t.Cleanup(s.Close)
	return b, s.URL + basePath
}

func (c *client) do(method, target, body string) *http.Response {
	c.t.Helper()
	r, err := http.NewRequest(method, c.url+target, strings.NewReader(body))
	require.NoError(c.t, err)
	r.Header.Set("Content-Type", "application/json")
	reply, err := c.http.Do(r)
	require.NoError(c.t, err)
	text, err := io.ReadAll(reply.Body)
	require.NoError(c.t, err)
	require.NoError(c.t, reply.Body.Close())
	reply.Body = io.NopCloser(bytes.NewReader(text))
	return reply
}

func (c *client) create(project, provider, region string) string {
	c.t.Helper()
	reply := c.do("POST", createPath(project), createBody(provider, region))
	require.Equal(c.t, 201, reply.StatusCode)
	var made struct{ ID string }
	require.NoError(c.t, json.NewDecoder(reply.Body).Decode(&made))
	return made.ID
}

func TestClientIcholyDigest(t *testing.T) {
	t.Parallel()
	_, url := serve(t)
	c := newClient(t, url)
	id := c.create(projectA, "AWS", "us-east-1")
	var wg sync.WaitGroup
	codes := make([]int, 64)
	for i := range codes {
		wg.Go(func() { codes[i] = c.do("GET", services(projectA, "AWS")+"/"+id+"?pretty=true", "").StatusCode })
	}
	wg.Wait()
	for _, code := range codes {
		require.Equal(t, 200, code)
	}
	require.Equal(t, 202, c.do("DELETE", services(projectA, "AWS")+"/"+id, "").StatusCode)
}

// The page's own command.
func TestClientCurl(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed: ", err)
	}
	_, url := serve(t)
	out, err := exec.Command("curl", "--silent", "--show-error", "--user", "pub:priv", "--digest",
		"--header", "Accept: application/json", "--header", "Content-Type: application/json",
		"--request", "POST", url+createPath(projectA)+"?pretty=true", "--write-out", "\n%{http_code}",
		"--data", "\n{\n\"providerName\" : \"AWS\",\n\"region\" : \"us-east-1\"\n}").CombinedOutput()
	require.NoError(t, err, string(out))
	body, code, _ := strings.Cut(strings.TrimSpace(string(out)), "}\n")
	require.Equal(t, "201", code, string(out))
	require.Contains(t, body, "\n  \"status\": \"INITIATING\"")
}

// A large body without credentials, sent in one go and after asking first.
func TestClientCurlLargeBody(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed: ", err)
	}
	_, url := serve(t)
	for _, expect := range []string{"Expect:", "Expect: 100-continue"} {
		cmd := exec.Command("curl", "--silent", "--show-error", "--header", expect, "--header", "Content-Type: application/json",
			"--request", "POST", url+createPath(projectA), "--output", "/dev/null", "--write-out", "%{http_code}", "--data-binary", "@-")
		cmd.Stdin = strings.NewReader(strings.Repeat("x", 8<<20))
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
		require.Equal(t, "401", string(out))
	}
}

// The vendor's legacy Go client, and the poll loop of its Terraform provider.
func TestClientLegacyGo(t *testing.T) {
	t.Parallel()
	b, base := serve(t)
	transport := forks.NewTransport("pub", "priv")
	hc, err := transport.Client()
	require.NoError(t, err)
	c := atlas.NewClient(hc)
	c.BaseURL, err = url.Parse(strings.TrimSuffix(base, basePath[1:]))
	require.NoError(t, err)
	ctx := context.Background()
	pe := c.PrivateEndpoints

	made, reply, err := pe.Create(ctx, projectA, &atlas.PrivateEndpointConnection{ProviderName: "AWS", Region: "us-east-1"})
	require.NoError(t, err)
	require.Equal(t, 201, reply.StatusCode)
	require.Equal(t, "INITIATING", made.Status)
	b.clock.advance(time.Second)
	found, _, err := pe.Get(ctx, projectA, "AWS", made.ID)
	require.NoError(t, err)
	require.Equal(t, "WAITING_FOR_USER", found.Status)
	list, _, err := pe.List(ctx, projectA, "AWS", &atlas.ListOptions{PageNum: 2, ItemsPerPage: 50, IncludeCount: true})
	require.NoError(t, err)
	require.Len(t, list, 1)
	reply, err = pe.Delete(ctx, projectA, "AWS", made.ID)
	require.NoError(t, err)
	require.Equal(t, 202, reply.StatusCode)
	b.clock.advance(time.Second)
	_, reply, err = pe.Get(ctx, projectA, "AWS", made.ID)
	require.Error(t, err)
	require.Equal(t, 404, reply.StatusCode)
	var refusal *atlas.ErrorResponse
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND", refusal.ErrorCode)
}

// raw sends bytes over a connection and is what came back first.
func raw(t *testing.T, base, request string) *http.Response {
	t.Helper()
	u, err := url.Parse(base)
	require.NoError(t, err)
	conn, err := net.Dial("tcp", u.Host)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	_, err = io.WriteString(conn, request)
	require.NoError(t, err)
	reply, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err, request)
	t.Cleanup(func() { _ = reply.Body.Close() })
	return reply
}

// Targets that a mux would redirect or answer in HTML, on the wire (E5).
func TestE5RawTargets(t *testing.T) {
	t.Parallel()
	b, base := serve(t)
	for _, target := range []string{
		basePath + "//groups/" + projectA + "/containers", basePath + "/groups/../groups/" + projectA + "/containers", "//", "/..", "/",
		basePath + "/groups%2f" + projectA + "/containers", basePath + "/groups/" + projectA + "/containers/", basePath + "/groups/./x",
		"http://elsewhere.invalid" + basePath + "/x", basePath + "/x?a=%zz", basePath + "/x#y", basePath + "/x?" + strings.Repeat("a", 60_000),
	} {
		unauthorized := raw(t, base, "GET "+target+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		require.Equal(t, 401, unauthorized.StatusCode, target)
		nonce := nonceIn.FindStringSubmatch(unauthorized.Header.Get("WWW-Authenticate"))[1]
		reply := raw(t, base, "GET "+target+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: "+
			sign("pub", "priv", "GET", target, nonce, 1)+"\r\n\r\n")
		require.Equal(t, 404, reply.StatusCode, target)
		require.Equal(t, "application/json", reply.Header.Get("Content-Type"))
	}
	require.NotNil(t, b)
}

// Bodies that are framed badly get an answer, and not a 5xx (E5).
func TestE5RawBodies(t *testing.T) {
	t.Parallel()
	b, base := serve(t)
	target := basePath + createPath(projectA)
	for name, rest := range map[string]string{
		"chunks that are none":     "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
		"a chunk that ends early":  "Transfer-Encoding: chunked\r\n\r\n5\r\nab\r\n0\r\n\r\n",
		"no body":                  "\r\n",
		"an empty chunked body":    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"an endless chunk header":  "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("1", 5000) + "\r\n",
		"a body of zero bytes":     "Content-Length: 0\r\n\r\n",
		"a body in another coding": "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b",
	} {
		nonce, count := b.next()
		reply := raw(t, base, "POST "+target+" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\nAuthorization: "+
			sign("pub", "priv", "POST", target, nonce, count)+"\r\n"+rest)
		require.Equal(t, 400, reply.StatusCode, name)
	}
}

// A large body that nobody wanted does not cut the connection (E5).
func TestE5LargeBodiesKeepTheConnection(t *testing.T) {
	t.Parallel()
	b, base := serve(t)
	target := basePath + createPath(projectA)
	large := strings.Repeat("x", 4<<20)
	nonce, count := b.next()
	for _, c := range []struct {
		header string
		status int
	}{
		{"", 401},
		{"Authorization: " + sign("pub", "priv", "POST", target, nonce, count) + "\r\n", 413},
	} {
		reply := raw(t, base, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\n%sContent-Length: %d\r\n\r\n%s", target, c.header, len(large), large))
		require.Equal(t, c.status, reply.StatusCode)
		require.False(t, reply.Close)
	}
}

// A body that is announced and does not come keeps nobody waiting for an
// answer that does not depend on it, and nobody for ever (E5).
func TestE5BodiesThatNeverCome(t *testing.T) {
	t.Parallel()
	_, base := serve(t)
	target := basePath + createPath(projectA)
	reply := raw(t, base, "POST "+target+" HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
	require.Equal(t, 401, reply.StatusCode)

	b := newBench(t)
	b.patience = 50 * time.Millisecond
	impatient := httptest.NewServer(b)
	t.Cleanup(impatient.Close)
	nonce, count := b.next()
	reply = raw(t, impatient.URL, "POST "+target+" HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nAuthorization: "+
		sign("pub", "priv", "POST", target, nonce, count)+"\r\n\r\n{")
	require.Equal(t, 408, reply.StatusCode)
}

func TestHEADOnTheWire(t *testing.T) {
	t.Parallel()
	_, base := serve(t)
	c := newClient(t, base)
	reply := c.do("HEAD", services(projectA, "AWS"), "")
	require.Equal(t, 200, reply.StatusCode)
	require.EqualValues(t, 2, reply.ContentLength)
}
