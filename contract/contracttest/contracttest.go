// Package contracttest holds an implementation to its contract in a Go test.
//
// The cases are those of the command conformance run, derived from nothing but
// an OpenAPI document. Each is a subtest named after the case, so that
//
//	go test -run 'TestContract/createShelf/missing'
//
// picks some of them and sends no others. The target is a URL, or an
// [http.Handler], which is then asked in the same process and needs no port:
//
//	func TestContract(t *testing.T) {
//		contracttest.Run(t, contracttest.Target{
//			Handler: shelves.New(),
//			Spec:    "openapi.yaml",
//		})
//	}
//
// A broken promise is an error of its subtest, in the words of the command's
// report. A case that cannot be sent is skipped with the reason. A test in
// which no case was judged fails, for it has proved nothing.
package contracttest

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

// Target is the implementation under test, and how to ask it. One of URL and
// Handler is needed; the zero value of everything else will do.
type Target struct {
	// URL is where the target is, with the base path of the contract's server.
	URL string
	// Handler is the target in this process. It sees the base path of the
	// contract's server in front of every path.
	Handler http.Handler

	// Spec is the name of the OpenAPI document's file; "" is the contract that
	// comes with this module.
	Spec string
	// Document is the text of the OpenAPI document, in place of a file. Spec is
	// then its name, which relative references are relative to.
	Document []byte
	// Overlays are the names of OpenAPI Overlays to apply, in this order.
	Overlays []string
	// Profile is "documented" (also ""), or "observed" for the contract that
	// comes with this module with its own overlay applied.
	Profile string

	// Credentials by role. The default one is that of "owner", of "", or the
	// only one.
	Credentials map[string]Credential
	// Header goes on every request.
	Header http.Header
	// Params are values of path parameters.
	Params map[string]string
	// Failing are values of members of bodies with which what the target makes
	// fails, by the name of the member; without them nothing is tested of what
	// failed.
	Failing map[string][]string

	// Match picks cases by id, a glob in which * also spans slashes; "" is all.
	Match string
	// Skip are globs of cases that are known to fail, with the reason. They
	// are skipped; a glob that fits no case fails the test.
	Skip map[string]string
	// Strict lets broken assumptions fail; else they are logged.
	Strict bool

	// Concurrency is how many requests are under way at once; 0 means 8.
	Concurrency int
	// Timeout bounds each reply; 0 means 30 s.
	Timeout time.Duration
}

// Credential is what the target knows a role by.
type Credential struct {
	// User and Key are name and password. A token or an API key has no user.
	User, Key string
	// Scheme is digest, basic, bearer or apiKey; "" takes the first security
	// scheme of the document that the credential fits.
	Scheme string
	// In and Name say where an apiKey goes: header, query or cookie, and the
	// name there.
	In, Name string
	// Params are the path parameters that go with this role, such as its
	// tenant.
	Params map[string]string
}

// Run holds the target to its contract, each case as a parallel subtest. It
// returns when all of them are under way.
func Run(t *testing.T, target Target) {
	t.Helper()
	s, err := open(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.client.Close)
	if err := s.stale(); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	t.Cleanup(func() { cancel(nil) })
	if err := s.runner.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	found := 0
	for c := range s.runner.Cases() {
		found++
		t.Run(c.ID, func(t *testing.T) { s.subtest(ctx, cancel, t, c) })
	}
	if found == 0 {
		t.Fatal(s.none())
	}
	t.Cleanup(func() { // runs when all subtests have ended
		s.runner.Restore(context.WithoutCancel(ctx))
		s.counted(t, found)
	})
}

// suite is a target, ready to be asked.
type suite struct {
	Target
	contract *spec.Contract
	client   *transport.Client
	runner   *run.Runner
	recorder *report.Recorder
	// begun and judged count cases; began tells of those that -run let through.
	begun, judged atomic.Int64
	reason        atomic.Pointer[string]
}

// ending is what is kept of a case once it was judged.
type ending struct {
	outcome contract.Outcome
	text    string
	err     error
}

// subtest sends one case. It is sent before the subtest waits for its turn,
// so that cases which wait for a state do not hold up the others.
func (s *suite) subtest(ctx context.Context, cancel context.CancelCauseFunc, t *testing.T, c *contract.Case) {
	s.begun.Add(1)
	if why := s.known(c.ID); why != "" {
		t.Skip("known: " + why)
	}
	ended := make(chan ending, 1)
	go func() { ended <- s.judge(ctx, c) }()
	t.Parallel()
	e := <-ended
	switch {
	case e.err != nil && ctx.Err() == nil:
		cancel(e.err)
		t.Error(e.err)
	case e.err != nil || e.outcome == contract.Unsent && ctx.Err() != nil:
		t.Skip("not asked: the run was ended before it")
	default:
		s.tell(t, e)
	}
}

// judge runs a case and keeps the words, not the exchanges.
func (s *suite) judge(ctx context.Context, c *contract.Case) ending {
	v, err := s.runner.Verdict(ctx, c)
	e := ending{outcome: v.Outcome, err: err}
	record := s.recorder.Verdict(v)
	e.text = report.Safe(record.Reason)
	if len(v.Findings) > 0 {
		e.text = report.Findings(record, report.Options{})
	}
	return e
}

// tell makes the outcome of a case that of its subtest.
func (s *suite) tell(t *testing.T, e ending) {
	if e.outcome != contract.Skipped && e.outcome != contract.Unsent {
		s.judged.Add(1)
	}
	switch e.outcome {
	case contract.Kept:
	case contract.Warned:
		if s.Strict {
			t.Errorf("an assumption is broken\n%s", e.text)
			return
		}
		t.Logf("an assumption is broken\n%s", e.text)
	case contract.Skipped:
		s.reason.CompareAndSwap(nil, &e.text)
		t.Skip(e.text)
	case contract.Unsent:
		t.Errorf("the case could not be asked: %s", e.text)
	default:
		t.Errorf("the contract is broken\n%s", e.text)
	}
}

// counted fails a test that has judged nothing.
func (s *suite) counted(t *testing.T, found int) {
	switch reason := s.reason.Load(); {
	case s.begun.Load() == 0:
		t.Errorf("nothing was judged: -run picks none of the %d cases", found)
	case s.judged.Load() == 0 && !t.Failed() && reason != nil:
		t.Errorf("nothing was judged: every case was skipped, the first because: %s", *reason)
	case s.judged.Load() == 0 && !t.Failed():
		t.Error("nothing was judged: every case is known to fail")
	}
}

// none says why there is no case.
func (s *suite) none() string {
	switch {
	case len(s.contract.Operations) == 0:
		return fmt.Sprintf("there is nothing to test: %s has no operation under paths", s.contract.Name)
	case s.Match != "":
		return fmt.Sprintf("no case matches %q; conformance list shows the ids of all cases", s.Match)
	}
	return fmt.Sprintf("there is nothing to test: no case follows from %s", s.contract.Name)
}
