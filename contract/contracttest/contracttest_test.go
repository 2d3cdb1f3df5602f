package contracttest_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract/contracttest"
	"github.com/atlas-contract/conformance/internal/reference"
)

const project = "5f7cac1adf5d6c6306f4b283"

// server is the reference server with an owner.
func server(t *testing.T, profile reference.Profile) http.Handler {
	t.Helper()
	s, err := reference.New(reference.Options{
		Profile: profile, Projects: []string{project}, Ready: time.Millisecond, Delete: time.Millisecond,
		Credentials: map[string]reference.Credential{"someone": {Key: "a key", Roles: map[string]reference.Role{project: reference.Owner}}},
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func builtin(h http.Handler) contracttest.Target {
	return contracttest.Target{
		Handler: h, Params: map[string]string{"groupId": project}, Match: "create*/example/*",
		Credentials: map[string]contracttest.Credential{"owner": {User: "someone", Key: "a key"}},
	}
}

func TestTheReferenceServerKeepsTheContract(t *testing.T) {
	t.Parallel()
	contracttest.Run(t, builtin(server(t, reference.Documented)))
}

func TestTheReferenceServerKeepsTheObservedContract(t *testing.T) {
	t.Parallel()
	target := builtin(server(t, reference.Observed))
	target.Profile = "observed"
	contracttest.Run(t, target)
}

func TestAnyDocumentInProcess(t *testing.T) {
	t.Parallel()
	contracttest.Run(t, contracttest.Target{Handler: Greetings(), Spec: "testdata/greetings.yaml"})
}

func TestAnyDocumentAtAURL(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(Greetings())
	t.Cleanup(s.Close)
	data, err := os.ReadFile("testdata/greetings.yaml")
	require.NoError(t, err)
	contracttest.Run(t, contracttest.Target{URL: s.URL + "/v1", Document: data})
}

// silly answers everything with a wrong body.
func silly() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"text":7}`))
	})
}

// inner is what TestInner runs, in a process of its own where failing is right.
const inner = "CONTRACTTEST_INNER"

// failing are the targets on which Run must fail, each with what it must say.
func failing() map[string]struct {
	target contracttest.Target
	says   []string
} {
	greetings := func(change func(*contracttest.Target)) contracttest.Target {
		target := contracttest.Target{Handler: Greetings(), Spec: "testdata/greetings.yaml"}
		change(&target)
		return target
	}
	type row = struct {
		target contracttest.Target
		says   []string
	}
	return map[string]row{
		"broken": {
			greetings(func(t *contracttest.Target) { t.Handler = silly() }),
			[]string{"--- FAIL: TestInner/greet/valid/", "the contract is broken", "body: an integer where a string is due", "expected", "/text", "GET http://in-process/v1/greetings/en"},
		},
		"no case": {
			greetings(func(t *contracttest.Target) { t.Match = "nothing/*" }),
			[]string{`no case matches "nothing/*"`},
		},
		"bad glob":  {greetings(func(t *contracttest.Target) { t.Match = "a[b" }), []string{`"a[b"`, "not a glob"}},
		"no target": {greetings(func(t *contracttest.Target) { t.Handler = nil }), []string{"give a URL or a Handler"}},
		"no document": {
			greetings(func(t *contracttest.Target) { t.Spec = "testdata/none.yaml" }),
			[]string{"testdata/none.yaml", "no such file"},
		},
		"unknown param": {
			greetings(func(t *contracttest.Target) { t.Params = map[string]string{"tongue": "en"} }),
			[]string{"no path parameter tongue"},
		},
		"stale skip": {
			greetings(func(t *contracttest.Target) { t.Skip = map[string]string{"greet/gone/*": "ticket 7"} }),
			[]string{`no case matches "greet/gone/*" any more`, "--- PASS: TestInner/greet/valid/"},
		},
		"all known": {
			greetings(func(t *contracttest.Target) { t.Skip = map[string]string{"*": "ticket 8"} }),
			[]string{"known: ticket 8", "every case is known to fail"},
		},
		"dead": {
			contracttest.Target{URL: "http://127.0.0.1:1/v1", Spec: "testdata/greetings.yaml"},
			[]string{"ask http://127.0.0.1:1/v1", "refused"},
		},
		"no credential": {contracttest.Target{Handler: silly()}, []string{"needs credentials"}},
	}
}

// TestInner fails by purpose, and is run by TestWhatFails only.
func TestInner(t *testing.T) {
	t.Parallel()
	row, ok := failing()[os.Getenv(inner)]
	if !ok {
		t.Skip("run by TestWhatFails, in a process of its own")
	}
	contracttest.Run(t, row.target)
}

func TestWhatFails(t *testing.T) {
	t.Parallel()
	for name, row := range failing() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := again(t, name, "^TestInner$")
			require.Error(t, err, "%s", out)
			for _, says := range row.says {
				require.Contains(t, out, says)
			}
		})
	}
}

func TestRunPicksCases(t *testing.T) {
	t.Parallel()
	out, err := again(t, "stale skip", "^TestInner$/^greet$/^no-such-kind$")
	require.Error(t, err)
	require.Contains(t, out, "-run picks none of the")
	out, err = again(t, "broken", "^TestInner$/^greet$/^valid$")
	require.Error(t, err)
	require.Contains(t, out, "--- FAIL: TestInner/greet/valid/")
	require.NotContains(t, out, "TestInner/greet/boundary/")
}

// again runs a test of this binary in another process.
func again(t *testing.T, name, pattern string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run", pattern)
	cmd.Env = append(os.Environ(), inner+"="+name)
	out, err := cmd.CombinedOutput()
	return string(out), err
}
