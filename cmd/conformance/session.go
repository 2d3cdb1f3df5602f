package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"syscall"
	"time"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/coverage"
	"github.com/atlas-contract/conformance/internal/known"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

// errInterrupted ends a command on a signal.
var errInterrupted = errors.New("interrupted")

// session renders verdicts as they come and says how it ended.
type session struct {
	out *output
	// to is where records go: out, or what stands before it.
	to       report.Renderer
	recorder *report.Recorder
	tally    *report.Tally
	coverage *coverage.Collector
	// least is the coverage that is demanded, in percent.
	least   float64
	strict  bool
	started time.Time
	// patient makes the header wait for the first verdict, for a command that
	// reads its input only then: bad input leaves nothing on standard output.
	patient bool
	begun   bool
	// none is the sentence for no case at all.
	none string
	// known are the failures that are let be, nil where no file names any, and
	// exists tells which cases there are.
	known  *known.File
	exists func(id string) bool
	// slowed tells how often the target asked for time; nil where none is asked.
	slowed func() transport.Slowed
	// reasons are the first ones for which cases were skipped or unsent.
	reasons map[contract.Outcome]string
	// statuses tells whether all requests got the same one.
	statuses uniform
	// left tells, when all is over, what was left on the target.
	left func() []report.Left
}

func newSession(c *spec.Contract, f *outputFlags, std *streams, redact func(string) string) (*session, error) {
	if !(f.MinCoverage >= 0 && f.MinCoverage <= 100) {
		return nil, fmt.Errorf("read --min-coverage %v: a percentage is needed, from 0 to 100", f.MinCoverage)
	}
	failures, err := f.failures()
	if err != nil {
		return nil, err
	}
	out, err := f.open(std)
	if err != nil {
		return nil, err
	}
	return &session{
		known: failures, exists: func(string) bool { return true },
		out: out, to: out, strict: f.Strict, none: "nothing was judged: there was no case", started: time.Now(), reasons: map[contract.Outcome]string{},
		recorder: &report.Recorder{Contract: c, Redact: redact, All: f.Verbose}, tally: report.NewTally(c),
		coverage: coverage.New(c), least: f.MinCoverage,
	}, nil
}

// hold renders the verdicts and returns the exit code, with the sentence for
// one that is no verdict.
func (s *session) hold(ctx context.Context, h *report.Header, verdicts iter.Seq2[contract.Verdict, error]) (int, error) {
	ended, err := s.render(h, verdicts)
	if err != nil {
		s.out.close()
		return report.ExitUsage, s.unwritten(err)
	}
	if ctx.Err() != nil {
		ended = fmt.Errorf("%w: the report ends with what was judged until then", errInterrupted)
	}
	f := s.footer(ended)
	if !s.begun && f.Exit == report.ExitUsage {
		s.out.mute()
	}
	if err := errors.Join(s.begin(h), s.to.End(s.tally.Statements(), f), s.out.close()); err != nil {
		return report.ExitUsage, s.unwritten(err)
	}
	s.out.say()
	if f.Error == "" {
		return f.Exit, nil
	}
	switch {
	case ended != nil:
		return f.Exit, ended
	case f.Exit == report.ExitBroken:
		return f.Exit, shortfall(f.Error)
	}
	return f.Exit, errors.New(f.Error)
}

// unwritten says that the report could not be written, and what that leaves to
// be done, which the report would have said.
func (s *session) unwritten(err error) error {
	err = fmt.Errorf("write report: %w", err)
	if errors.Is(err, syscall.EPIPE) {
		err = errors.New("the reader of the output has gone, and the run has ended with it")
	}
	if s.left == nil {
		return err
	}
	left := s.left()
	if len(left) == 0 {
		return err
	}
	return fmt.Errorf("%w; left on the target: %s, which %s removes", err, contract.Plural(len(left), "thing"), left[0].Command)
}

// shortfall says that less of the contract was met than was demanded.
type shortfall string

// Error is the sentence.
func (s shortfall) Error() string { return string(s) }

// render returns what ended the verdicts apart from what kept them from being
// written.
func (s *session) render(h *report.Header, verdicts iter.Seq2[contract.Verdict, error]) (ended, err error) {
	if !s.patient {
		err = s.begin(h)
	}
	if err != nil {
		return nil, err
	}
	for v, err := range verdicts {
		if err != nil {
			return err, nil
		}
		if err := s.begin(h); err != nil {
			return nil, err
		}
		s.statuses.add(v)
		record := s.recorder.Verdict(v)
		s.recognise(record)
		s.tally.Add(record)
		s.coverage.Add(&v)
		if s.reasons[v.Outcome] == "" {
			s.reasons[v.Outcome] = record.Reason
		}
		if err := s.to.Verdict(record); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// begin writes the header, once.
func (s *session) begin(h *report.Header) error {
	if s.begun {
		return nil
	}
	s.begun = true
	return s.to.Header(h)
}

func (s *session) footer(ended error) *report.Footer {
	counts := s.tally.Counts
	f := &report.Footer{
		Counts: counts, Exit: counts.Exit(s.strict), Strict: s.strict, Stale: s.stale(ended),
		Millis: float64(time.Since(s.started).Microseconds()) / 1000,
	}
	if s.left != nil {
		f.Left = s.left()
	}
	if len(f.Stale)+len(f.Left) > 0 && f.Exit == report.ExitKept {
		f.Exit = report.ExitBroken
	}
	if s.slowed != nil {
		f.Slowed = slowed(s.slowed())
	}
	if counts.Total() > 0 {
		f.Coverage = s.coverage.Summary()
		f.Coverage.Least = s.least
	}
	switch {
	case ended != nil:
		f.Exit, f.Error = exitCode(ended), ended.Error()
	case f.Exit == report.ExitUsage && counts.Total() == 0:
		f.Error = s.none
	case f.Exit == report.ExitUsage:
		f.Error = fmt.Sprintf("nothing was judged: all %d cases were skipped, the first because: %s", counts.Total(), s.reasons[contract.Skipped])
	case f.Exit == report.ExitUnasked:
		f.Error = fmt.Sprintf("%d of %d cases could not be asked, the first because: %s", counts.Unsent, counts.Total(), s.reasons[contract.Unsent])
	case f.Exit == report.ExitKept && f.Coverage.Short():
		f.Exit, f.Error = report.ExitBroken, f.Coverage.Sentence()
	}
	return f
}

// slowed is the record of the pauses, nil where there were none.
func slowed(s transport.Slowed) *report.Slowed {
	if s == (transport.Slowed{}) {
		return nil
	}
	millis := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return &report.Slowed{
		Times: s.Times, WaitedMillis: millis(s.Waited), Repeats: s.Repeats, TooLongMillis: millis(s.TooLong), Ignored: s.Ignored,
	}
}

// header is the first record of a report.
func header(command string, c *spec.Contract, f *documentFlags, target string) *report.Header {
	h := &report.Header{
		Tool: "conformance", Version: programVersion(), Started: time.Now().UTC(), Command: command,
		Contract: report.Contract{Title: c.Title, Version: c.Version, Name: c.Name, Digest: c.Digest},
		Profile:  f.Profile, Target: target, Configuration: map[string]any{},
	}
	if !f.builtin() {
		h.Configuration["spec"] = f.Spec
	}
	if len(f.Overlay) > 0 {
		h.Configuration["overlays"] = f.Overlay
	}
	return h
}
