package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// basePath is that of the contract's server.
const basePath = "/api/atlas/v1.0"

// usual are the arguments of a short run against a target.
func usual(t *testing.T, target string, more ...string) []string {
	t.Helper()
	args := []string{"run", target, "--user", testUser, "--key-file", keyFile(t), "--param", "groupId=" + testProject, "--run", "*/example/aws", "--yes"}
	return append(args, more...)
}

// secured is the reference server behind TLS, and the file of its authority.
func secured(t *testing.T, change func(*httptest.Server)) (target, ca string) {
	t.Helper()
	s := httptest.NewUnstartedServer(rightServer(t))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.TLS = &tls.Config{}
	if change != nil {
		change(s)
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	ca = written(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})))
	return s.URL + basePath, ca
}

// pair makes a certificate and its key, as files.
func pair(t *testing.T) (cert, key string, parsed *x509.Certificate) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	parsed, err = x509.ParseCertificate(der)
	require.NoError(t, err)
	bytes, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	cert = written(t, "cert.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	return cert, written(t, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: bytes}))), parsed
}

func TestCertificatesOfATarget(t *testing.T) {
	t.Parallel()
	target, ca := secured(t, nil)
	got := hold(t, usual(t, target)...)
	require.Equal(t, 3, got.code, got)
	require.Contains(t, got.stderr, "is signed by no authority that is trusted here")
	require.Equal(t, 1, strings.Count(got.stderr, "\n"))

	got = hold(t, usual(t, target, "--ca", ca)...)
	require.Equal(t, 0, got.code, got)
	require.Empty(t, got.stderr)

	got = hold(t, usual(t, target, "--insecure", "--report", filepath.Join(t.TempDir(), "out.jsonl"))...)
	require.Equal(t, 0, got.code, got)
	require.Contains(t, got.stderr, "warning: --insecure: the target's certificate is not verified")
	require.Contains(t, got.stdout, "insecure: the target's certificate was not verified\n")
	got = hold(t, usual(t, target, "--insecure", "--format", "jsonl")...)
	require.Contains(t, got.stdout, `"insecure":true`)

	set := written(t, "conformance.yaml", "tls: { ca: '"+ca+"' }")
	require.Equal(t, 0, hold(t, usual(t, target, "--config", set)...).code)
}

func TestCertificateOfTheClient(t *testing.T) {
	if testing.Short() {
		t.Skip("several whole programs; one way is enough for the race detector")
	}
	t.Parallel()
	cert, key, parsed := pair(t)
	target, ca := secured(t, func(s *httptest.Server) {
		s.TLS.ClientAuth, s.TLS.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
		s.TLS.ClientCAs.AddCert(parsed)
	})
	got := hold(t, usual(t, target, "--ca", ca)...)
	require.Equal(t, 3, got.code, got)
	require.Contains(t, got.stderr, "wants a client certificate, and was shown none")
	require.Equal(t, 0, hold(t, usual(t, target, "--ca", ca, "--client-cert", cert, "--client-key", key)...).code)
	other, otherKey, _ := pair(t)
	got = hold(t, usual(t, target, "--ca", ca, "--client-cert", other, "--client-key", otherKey)...)
	require.Equal(t, 3, got.code, got)
	require.Contains(t, got.stderr, "refuses the handshake")
	got = hold(t, usual(t, target, "--ca", ca, "--client-cert", cert, "--client-key", otherKey)...)
	require.Equal(t, 2, got.code, got)
	require.Contains(t, got.stderr, "private key does not match public key")
}

func TestOtherWaysToATarget(t *testing.T) {
	if testing.Short() {
		t.Skip("several whole programs; one way is enough for the race detector")
	}
	t.Parallel()
	folder, err := os.MkdirTemp("", "way") // the path of a socket must be short
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(folder) })
	socket := filepath.Join(folder, "s")
	serve := func(kind, address string) net.Addr {
		listener, err := net.Listen(kind, address)
		if err != nil && strings.HasPrefix(address, "[") {
			t.Skip("there is no IPv6 here")
		}
		require.NoError(t, err)
		s := &httptest.Server{Listener: listener, Config: &http.Server{Handler: rightServer(t)}}
		s.Start()
		t.Cleanup(s.Close)
		return listener.Addr()
	}
	serve("unix", socket)
	got := hold(t, usual(t, "http://api.test"+basePath, "--unix-socket", socket, "--format", "jsonl")...)
	require.Equal(t, 0, got.code, got)
	require.Contains(t, got.stdout, `"connect":"unix `+socket)
	got = hold(t, usual(t, "http://api.test"+basePath, "--unix-socket", socket+"x")...)
	require.Equal(t, 3, got.code, got)
	require.Contains(t, got.stderr, "there is no such socket as "+socket+"x: is the target running")

	_, port, err := net.SplitHostPort(serve("tcp", "127.0.0.1:0").String())
	require.NoError(t, err)
	got = hold(t, usual(t, "http://api.test:"+port+basePath, "--resolve", "api.test:"+port+":127.0.0.1")...)
	require.Equal(t, 0, got.code, got)
	target, ca := secured(t, nil)
	_, port, _ = strings.Cut(strings.TrimSuffix(target[len("https://"):], basePath), ":")
	got = hold(t, usual(t, "https://example.com:"+port+basePath, "--ca", ca, "--resolve", "example.com:"+port+":127.0.0.1")...)
	require.Equal(t, 0, got.code, "the certificate is one for the name: %+v", got)
	got = hold(t, usual(t, "https://other.test:"+port+basePath, "--ca", ca, "--resolve", "other.test:"+port+":127.0.0.1")...)
	require.Equal(t, 3, got.code, got)
	require.Contains(t, got.stderr, "is for another host")

	six := serve("tcp", "[::1]:0").String()
	got = hold(t, usual(t, "http://"+six+basePath)...)
	require.Equal(t, 0, got.code, got)
}

func TestSettingsOfTheNetworkThatAreRefused(t *testing.T) {
	t.Parallel()
	cert, key, _ := pair(t)
	none := written(t, "none.pem", "nothing")
	for want, args := range map[string][]string{
		"starts with http://, where there is none":              {"http://a.test", "--insecure"},
		"there is no certificate in it":                         {"https://a.test", "--ca", none},
		"read --ca absent: there is no such file":               {"https://a.test", "--ca", "absent"},
		"read --client-cert: its key is missing":                {"https://a.test", "--client-cert", cert},
		"read --client-key: whose key is it?":                   {"https://a.test", "--client-key", key},
		"so there is nothing to trust":                          {"https://a.test", "--insecure", "--ca", cert},
		"failed to find any PEM data in certificate input":      {"https://a.test", "--client-cert", none, "--client-key", key},
		"read --resolve a.test: write it as HOST:PORT:ADDR":     {"https://a.test", "--resolve", "a.test"},
		`"b.test" is no IP address; write it as`:                {"https://a.test", "--resolve", "a.test:443:b.test"},
		"the target is at a.test:443, and nothing else is aske": {"https://a.test", "--resolve", "a.test:80:127.0.0.1"},
		"whatever localhost is, it is on this machine":          {"http://localhost", "--resolve", "localhost:80:10.0.0.1"},
		"read --resolve: the target is reached over a socket":   {"https://a.test", "--resolve", "a.test:443:::1", "--unix-socket", "s"},
		"are for a target: give its URL":                        {"--insecure"},
	} {
		args = append([]string{"run", "--user", testUser, "--key-file", keyFile(t)}, args...)
		if strings.Contains(want, "give its URL") {
			args = []string{"run", "--insecure"}
		}
		got := hold(t, args...)
		require.Equal(t, 2, got.code, "%s: %+v", want, got)
		require.Contains(t, got.stderr, want)
		require.Equal(t, 1, strings.Count(got.stderr, "\n"), got.stderr)
		require.NotContains(t, got.stderr, "PRIVATE")
	}
}

// spawn runs the program in a process of its own, where the environment is as
// given.
func spawn(t *testing.T, env []string, args ...string) held {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	var stdout, stderr bytes.Buffer
	cmd := &exec.Cmd{Path: exe, Args: append([]string{"conformance"}, args...), Env: append(os.Environ(), env...), Stdout: &stdout, Stderr: &stderr}
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return held{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// proxy passes requests on to one server, whatever host they name, and counts
// them.
type proxy struct {
	to     string
	plain  http.Handler
	passed atomic.Int32
	auth   atomic.Value
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.passed.Add(1)
	p.auth.Store(r.Header.Get("Proxy-Authorization"))
	if r.Method != http.MethodConnect {
		r.RequestURI = r.URL.RequestURI()
		p.plain.ServeHTTP(w, r)
		return
	}
	out, err := net.Dial("tcp", p.to)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer out.Close()
	in, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer in.Close()
	io.WriteString(in, "HTTP/1.1 200 OK\r\n\r\n")
	go io.Copy(out, in)
	io.Copy(in, out)
}

func TestProxiesOfTheEnvironment(t *testing.T) {
	t.Parallel()
	target, ca := secured(t, nil)
	u, err := url.Parse(target)
	require.NoError(t, err)
	p := &proxy{to: u.Host, plain: rightServer(t)}
	s := httptest.NewServer(p)
	t.Cleanup(s.Close)
	env := []string{"HTTP_PROXY=" + s.URL, "HTTPS_PROXY=http://me:proxy-password@" + s.Listener.Addr().String(), "NO_PROXY="}

	got := spawn(t, env, usual(t, "https://example.com"+basePath, "--ca", ca, "--verbose")...)
	require.Equal(t, 0, got.code, got)
	require.NotZero(t, p.passed.Swap(0))
	require.Contains(t, p.auth.Load(), "Basic ")
	require.NotContains(t, got.stdout+got.stderr, "proxy-password")

	got = spawn(t, env, usual(t, "http://example.com"+basePath)...)
	require.Equal(t, 0, got.code, got)
	require.NotZero(t, p.passed.Swap(0))

	got = spawn(t, env, usual(t, target, "--ca", ca)...)
	require.Equal(t, 0, got.code, got)
	require.Zero(t, p.passed.Load(), "this machine needs no proxy")

	s.Close()
	got = spawn(t, env, usual(t, "https://example.com"+basePath, "--ca", ca)...)
	require.Equal(t, 3, got.code, got)
	require.Contains(t, got.stderr, "the proxy for example.com cannot be reached")
	require.NotContains(t, got.stderr, "proxy-password")
}
