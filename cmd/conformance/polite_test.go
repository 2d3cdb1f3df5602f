package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/reference"
	"github.com/atlas-contract/conformance/internal/transport"
)

const (
	testUser    = "public"
	testKey     = "private-key-0123456789"
	testProject = "5f7cac1adf5d6c6306f4b283"
)

// held is how a run ended, and what it printed.
type held struct {
	code           int
	stdout, stderr string
}

// hold runs the command line in this process. A run against a target keeps its
// ledger where the test's files are.
func hold(t *testing.T, args ...string) held {
	t.Helper()
	if len(args) > 1 && args[0] == "run" && strings.HasPrefix(args[1], "http") {
		args = append(args, "--ledger", filepath.Join(t.TempDir(), "run.ledger"))
	}
	var stdout, stderr bytes.Buffer
	code := Main(t.Context(), args, nil, &stdout, &stderr)
	return held{code, stdout.String(), stderr.String()}
}

// keyFile is a file that holds the key of the test's user.
func keyFile(t *testing.T) string {
	t.Helper()
	return written(t, "key", testKey)
}

// rightServer is the reference server, which knows the test's user.
func rightServer(t *testing.T) http.Handler {
	t.Helper()
	o := reference.Options{Profile: reference.Profile(documented), Ready: soon, Delete: soon}
	owner := config.Credential{Role: config.Owner, Credential: transport.Credential{User: testUser, Key: testKey}}
	require.NoError(t, admit(testProject, []config.Credential{owner}, &o))
	s, err := reference.New(o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// servedAt starts a server on the loopback and returns the URL of its contract.
func servedAt(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	u, err := url.JoinPath(s.URL, "/api/atlas/v1.0")
	require.NoError(t, err)
	return u
}

func TestATargetThatAsksForTime(t *testing.T) {
	t.Parallel()
	right := rightServer(t)
	var asked atomic.Int32
	target := servedAt(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) == 20 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		right.ServeHTTP(w, r)
	}))
	got := hold(t, "run", target, "--user", testUser, "--key-file", keyFile(t), "--param", "groupId="+testProject, "--run", "*/example/*")
	require.Equal(t, 0, got.code, got)
	require.Contains(t, got.stdout, "the target asked to slow down 1 time, 1 s were waited, 1 request repeated\n")
	require.Empty(t, got.stderr)
}
