package reference

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkGet is a read with digest, without the network.
func BenchmarkGet(b *testing.B) {
	s := newBench(b)
	id := s.create(projectA, "AWS", "us-east-1")
	uri := basePath + services(projectA, "AWS") + "/" + id
	ha1 := hash("pub", realm, "priv")
	nonce := s.challenge()
	var count atomic.Uint32
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			r := httptest.NewRequest(http.MethodGet, uri, nil)
			r.Header.Set("Authorization", quickSign(ha1, "GET", uri, nonce, count.Add(1)))
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				b.Fatal(w.Code, w.Body)
			}
		}
	})
}

// BenchmarkWire is the same over loopback connections, client included.
func BenchmarkWire(b *testing.B) {
	s, base := serve(b)
	id := s.create(projectA, "AWS", "us-east-1")
	u, err := url.Parse(base)
	require.NoError(b, err)
	uri := basePath + services(projectA, "AWS") + "/" + id
	ha1 := hash("pub", realm, "priv")
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		conn, err := net.Dial("tcp", u.Host)
		if err != nil {
			b.Error(err)
			return
		}
		defer func() { _ = conn.Close() }()
		in, nonce := bufio.NewReader(conn), s.challenge()
		for n := uint32(1); p.Next(); n++ {
			_, _ = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\n\r\n", uri, quickSign(ha1, "GET", uri, nonce, n))
			reply, err := http.ReadResponse(in, nil)
			if err != nil || reply.StatusCode != http.StatusOK {
				b.Error(err, reply)
				return
			}
			_, _ = io.Copy(io.Discard, reply.Body)
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

// BenchmarkChallenge is the 401 that every client begins with.
func BenchmarkChallenge(b *testing.B) {
	s := newBench(b)
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, basePath, nil))
	}
}

// quickSign is sign without its cost, so that the server is what is measured.
func quickSign(ha1, method, uri, nonce string, n uint32) string {
	count := fmt.Sprintf("%08x", n)
	response := hash(ha1, nonce, count, "0a4f113b", "auth", hash(method, uri))
	return `Digest username="pub", realm="` + realm + `", nonce="` + nonce + `", uri="` + uri +
		`", cnonce="0a4f113b", nc=` + count + `, qop=auth, response="` + response + `", algorithm=MD5`
}
