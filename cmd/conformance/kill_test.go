package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/ledger"
	"github.com/atlas-contract/conformance/internal/reference"
	"github.com/atlas-contract/conformance/internal/transport"
)

// small is a run of few requests that makes one thing within another.
const small = "attachAWSEndpoint/example/plain"

// scene is a server that holds something already, and what happens to the
// program that runs against it.
type scene struct {
	url  string
	base *transport.Client // not counted, and never hindered
	held []string

	inner http.Handler
	mu    sync.Mutex
	n     int
	// before and after are told of each request, and tell whether to go on; nil
	// does.
	before, after func(n int, r *http.Request) bool
}

func (s *scene) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.n++
	n, before, after := s.n, s.before, s.after
	s.mu.Unlock()
	if before != nil && !before(n, r) {
		panic(http.ErrAbortHandler)
	}
	reply := httptest.NewRecorder()
	s.inner.ServeHTTP(reply, r)
	if after != nil && !after(n, r) {
		panic(http.ErrAbortHandler)
	}
	for name, values := range reply.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(reply.Code)
	_, _ = w.Write(reply.Body.Bytes())
}

// hinder sets what is told of each request.
func (s *scene) hinder(before, after func(n int, r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before, s.after = before, after
}

// calm ends all hindrance.
func (s *scene) calm() { s.hinder(nil, nil) }

// count is how many requests came.
func (s *scene) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

func newScene(t *testing.T) *scene {
	t.Helper()
	c, err := (&documentFlags{Profile: documented}).load()
	require.NoError(t, err)
	owner := config.Credential{Role: config.Owner, Credential: transport.Credential{User: "public", Key: "secret", Scheme: "digest"}}
	o := reference.Options{Profile: documented, Ready: time.Millisecond, Delete: time.Millisecond}
	require.NoError(t, admit(project(c, nil), []config.Credential{owner}, &o))
	handler, err := build(o, "")
	require.NoError(t, err)
	s := &scene{inner: handler}
	server := httptest.NewUnstartedServer(s)
	server.Config.ErrorLog = nil
	server.Start()
	t.Cleanup(func() { server.Close(); _ = handler.Close() })
	s.url = server.URL + c.Base
	base, err := url.Parse("http://reference.test" + c.Base)
	require.NoError(t, err)
	s.base, err = transport.New(transport.Options{
		Base: base, Handler: handler, Credentials: map[string]transport.Credential{"": owner.Credential},
	})
	require.NoError(t, err)
	s.make(t, "AWS", "sa-east-1")
	s.make(t, "AZURE", "eastus2")
	s.held = s.holds(t)
	require.Len(t, s.held, 2)
	return s
}

const (
	group    = "5f7cac1adf5d6c6306f4b283"
	services = "/groups/" + group + "/privateEndpoint"
)

// make makes a thing that is nobody's business.
func (s *scene) make(t *testing.T, provider, region string) {
	t.Helper()
	e, _ := s.base.Do(context.Background(), contract.Request{
		Method: "POST", URL: s.base.Base().String() + services + "/endpointService", Header: http.Header{"Content-Type": {"application/json"}},
		Body: fmt.Appendf(nil, `{"providerName":%q,"region":%q}`, provider, region),
	}, "")
	require.Equal(t, 201, e.Final().Status, e.Failure)
}

// holds are the ids of what the server holds.
func (s *scene) holds(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, provider := range []string{"AWS", "AZURE"} {
		e, _ := s.base.Do(context.Background(), contract.Request{Method: "GET", URL: s.base.Base().String() + services + "/" + provider + "/endpointService"}, "")
		require.Equal(t, 200, e.Final().Status, e.Failure)
		var list []struct{ ID string }
		require.NoError(t, json.Unmarshal(e.Final().Body, &list))
		for _, one := range list {
			out = append(out, one.ID)
		}
	}
	return out
}

// mode is the setting of the project.
func (s *scene) mode(t *testing.T) string {
	t.Helper()
	e, _ := s.base.Do(context.Background(), contract.Request{Method: "GET", URL: s.base.Base().String() + services + "/regionalMode"}, "")
	require.Equal(t, 200, e.Final().Status, e.Failure)
	return string(e.Response.Body)
}

// asBefore waits for removals that are under way, and no longer.
func (s *scene) asBefore(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool { return fmt.Sprint(s.holds(t)) == fmt.Sprint(s.held) }, 5*time.Second, 5*time.Millisecond,
		"the server does not hold what it held before: %v", s.held)
}

// program is the binary, ready to be started in a folder of its own.
func program(dir string, out *bytes.Buffer, args ...string) *exec.Cmd {
	cmd := exec.Command("conformance", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, out
	cmd.Env = append(os.Environ(), keyVariable+"=secret")
	return cmd
}

// hit runs some cases and strikes it at the k-th request, before the server
// handles it or when it has. It tells whether the run lived to see it.
func (s *scene) hit(t *testing.T, dir, cases string, k int, handled bool, strike func(*os.Process) bool) (struck bool, out string) {
	t.Helper()
	var text bytes.Buffer
	cmd := program(dir, &text, "run", s.url, "--user", "public", "--param", "groupId="+group, "--run", cases, "--quiet", "--concurrency", "1")
	started := make(chan struct{})
	var done atomic.Bool
	at := func(n int, _ *http.Request) bool {
		if n != k {
			return true
		}
		<-started
		done.Store(true)
		return strike(cmd.Process)
	}
	if handled {
		s.hinder(nil, at)
	} else {
		s.hinder(at, nil)
	}
	require.NoError(t, cmd.Start())
	close(started)
	_ = cmd.Wait() // the exit code is that of the blow
	s.calm()
	return done.Load(), text.String()
}

// requests is how many requests the small run sends.
func requests(t *testing.T) int {
	t.Helper()
	s := newScene(t)
	var out bytes.Buffer
	require.NoError(t, program(t.TempDir(), &out, "run", s.url, "--user", "public", "--run", small, "--quiet", "--concurrency", "1").Run(), &out)
	s.asBefore(t)
	return s.count()
}

func kill(p *os.Process) bool {
	_ = p.Kill()
	return false // it must not see the reply
}

func TestAKilledRunLeavesNothingOnceItIsCleanedUp(t *testing.T) {
	t.Parallel()
	n := requests(t)
	require.Greater(t, n, 8, "the run is too small to prove anything")
	step := 1
	if testing.Short() {
		step = 4
	}
	var struck, left atomic.Int32
	t.Run("at", func(t *testing.T) {
		for k := 1; k <= n; k += step {
			for _, handled := range []bool{false, true} {
				t.Run(fmt.Sprintf("%d/handled=%v", k, handled), func(t *testing.T) {
					t.Parallel()
					s, dir := newScene(t), t.TempDir()
					if hit, _ := s.hit(t, dir, small, k, handled, kill); hit {
						struck.Add(1)
					}
					if len(s.holds(t)) > len(s.held) {
						left.Add(1)
					}
					var out bytes.Buffer
					require.NoError(t, program(dir, &out, "cleanup", "--user", "public").Run(), &out)
					s.asBefore(t)
					names, err := ledger.Files(filepath.Join(dir, ledger.Dir))
					require.NoError(t, err)
					require.Empty(t, names)
				})
			}
		}
	})
	require.Positive(t, struck.Load())
	require.Positive(t, left.Load(), "no run was killed while something was there: this proves nothing")
}

// TestAKilledRunLeavesSettingsAsTheyWere strikes a run that changes a setting
// back and forth.
func TestAKilledRunLeavesSettingsAsTheyWere(t *testing.T) {
	if testing.Short() {
		t.Skip("the kills of the other tests are enough for the race detector")
	}
	t.Parallel()
	const cases, last = "updateRegionalMode/valid/body.enabled/enabled.*", 12
	changed, struck := 0, 0
	for k := 1; k <= last; k++ {
		s, dir := newScene(t), t.TempDir()
		was := s.mode(t)
		hit, _ := s.hit(t, dir, cases, k, true, kill)
		if !hit {
			break // the run has fewer requests
		}
		struck++
		if s.mode(t) != was {
			changed++
		}
		var out bytes.Buffer
		require.NoError(t, program(dir, &out, "cleanup", "--user", "public").Run(), &out)
		require.Equal(t, was, s.mode(t), &out)
		require.NoDirExists(t, filepath.Join(dir, ledger.Dir))
	}
	require.Greater(t, struck, 3)
	require.Positive(t, changed, "no run was killed while a setting was changed: this proves nothing")
}

func TestAnInterruptedRunLeavesNothing(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no signal but the one that kills")
	}
	n := requests(t)
	step := 2
	if testing.Short() {
		step = 5
	}
	interrupt := func(p *os.Process) bool {
		_ = p.Signal(os.Interrupt)
		return true
	}
	for k := 1; k <= n; k += step {
		t.Run(fmt.Sprint(k), func(t *testing.T) {
			t.Parallel()
			s, dir := newScene(t), t.TempDir()
			hit, out := s.hit(t, dir, small, k, true, interrupt)
			s.asBefore(t)
			require.NoDirExists(t, filepath.Join(dir, ledger.Dir))
			if hit && k < n/2 { // later the run may be over before the signal is there
				require.Contains(t, out, "interrupt again to stop at once")
			}
		})
	}
}

func TestALostReplyIsLookedUp(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/endpointService", "/endpoint"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			s, dir := newScene(t), t.TempDir()
			var lost atomic.Int32
			s.hinder(nil, func(_ int, r *http.Request) bool {
				drop := r.Method == "POST" && strings.HasSuffix(r.URL.Path, path) && r.Header.Get("Authorization") != ""
				if drop {
					lost.Add(1)
				}
				return !drop
			})
			var out bytes.Buffer
			_ = program(dir, &out, "run", s.url, "--user", "public", "--run", small, "--concurrency", "1", "--patience", "500ms").Run()
			require.NotContains(t, out.String(), "left on the target")
			require.Positive(t, lost.Load())
			s.asBefore(t)
			require.NoDirExists(t, filepath.Join(dir, ledger.Dir), &out)
		})
	}
}

func TestWhatCannotBeRemovedIsNamed(t *testing.T) {
	t.Parallel()
	s, dir := newScene(t), t.TempDir()
	// The reply to the only create is lost, and nothing can be removed.
	s.hinder(func(_ int, r *http.Request) bool { return r.Method != "DELETE" }, func(_ int, r *http.Request) bool {
		return r.Method != "POST" || r.Header.Get("Authorization") == ""
	})
	report := filepath.Join(dir, "report.jsonl")
	var out bytes.Buffer
	err := program(dir, &out, "run", s.url, "--user", "public", "--run", small, "--concurrency", "1", "--report", report).Run()
	require.Error(t, err)
	require.Contains(t, out.String(), "left on the target: 1 thing")
	remove := matches(out.String(), `(?m)^  to remove: (conformance cleanup .*)$`)
	require.Regexp(t, `(?m)^  to remove: conformance cleanup \.conformance/\S+ .*--user public`, out.String())
	text, err := os.ReadFile(report)
	require.NoError(t, err)
	require.Contains(t, string(text), `"left":[{"method":"DELETE","url":"`)
	require.NotContains(t, string(text), "secret")
	s.calm()
	out.Reset()
	dry := program(dir, &out, "cleanup", "--user", "public", "--dry-run")
	require.NoError(t, dry.Run(), &out)
	require.Contains(t, out.String(), "would remove  http")
	require.Len(t, s.holds(t), 3, "a dry run removed something")
	p := pasting{dir: dir}
	paste := p.command("sh", "-c", remove[0])
	paste.Env = append(paste.Env, keyVariable+"=secret")
	require.NoError(t, paste.Run(), "%s: %s", remove[0], paste.Stderr)
	s.asBefore(t)
}

func TestARunWhoseReaderGoesAwayLeavesNothing(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no signal for a pipe without a reader")
	}
	s, dir := newScene(t), t.TempDir()
	var said bytes.Buffer
	cmd := program(dir, &said, "run", s.url, "--user", "public", "--run", "*/example/*", "--format", "jsonl", "--concurrency", "1", "--rate", "100/s")
	cmd.Stdout = nil
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	_, err = io.ReadFull(out, make([]byte, 5000))
	require.NoError(t, err)
	require.NoError(t, out.Close())
	require.Error(t, cmd.Wait())
	require.Equal(t, 2, cmd.ProcessState.ExitCode(), &said)
	require.Equal(t, "conformance: the reader of the output has gone, and the run has ended with it\n", said.String())
	require.Greater(t, s.count(), 5)
	require.Less(t, s.count(), 500, "the run went on") // to its end it sends more than 600; a line comes when its case's turn does
	s.asBefore(t)
	require.NoDirExists(t, filepath.Join(dir, ledger.Dir))
}

func TestARunSaysWhatAnEarlierOneLeft(t *testing.T) {
	t.Parallel()
	s, dir := newScene(t), t.TempDir()
	for k := 2; len(s.holds(t)) == len(s.held); k++ {
		require.Less(t, k, 30)
		s, dir = newScene(t), t.TempDir()
		s.hit(t, dir, small, k, true, kill)
	}
	_, out := s.hit(t, dir, "getRegionalMode/example/plain", 0, true, kill)
	require.Contains(t, out, "note: an earlier run left something on the target, which may be in this one's way: conformance cleanup .conformance/")
	var cleaned bytes.Buffer
	require.NoError(t, program(dir, &cleaned, "cleanup", "--user", "public").Run(), &cleaned)
	_, out = s.hit(t, dir, "getRegionalMode/example/plain", 0, true, kill)
	require.NotContains(t, out, "an earlier run")
}
