package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/checks"
	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/known"
	"github.com/atlas-contract/conformance/internal/report"
)

// knownCmd writes and shows the file of known failures.
type knownCmd struct {
	File   string `arg:"" help:"The file of known failures."`
	Update string `placeholder:"REPORT" help:"A report of a run (JSON Lines): add what it found, take out what it refutes, keep the reasons."`
}

// Help is what --help says beyond the flags.
func (*knownCmd) Help() string {
	return `A known failure is a case and a check that finds something there, with the reason why that is let be. With
run --known FILE they do not count; what is new does, and so does one that is gone, so that the list gets
shorter and never longer by itself. An entry with flaky: true may also pass: for what fails now and then only.

Examples:

    conformance run http://127.0.0.1:8080/v1 --report run.jsonl
    conformance known known.yaml --update run.jsonl
    conformance run http://127.0.0.1:8080/v1 --known known.yaml
    conformance known known.yaml`
}

func (cmd *knownCmd) run(_ context.Context, std *streams) (int, error) {
	file, err := known.Load(cmd.File, checkNames())
	if _, missing := os.Stat(cmd.File); errors.Is(missing, fs.ErrNotExist) {
		if cmd.Update == "" {
			return 0, fmt.Errorf("read %s: there is no such file; conformance known %s --update REPORT writes it", cmd.File, cmd.File)
		}
		file, err = known.New(cmd.File, nil), nil
	}
	if err != nil {
		return 0, err
	}
	if cmd.Update != "" {
		return cmd.update(std, file)
	}
	for _, f := range file.Failures {
		fmt.Fprintf(std.out, "%-20s %s\n    %s\n", report.Safe(f.Check), report.Safe(f.Case), report.Because(&f.Reason))
	}
	fmt.Fprintf(std.out, "%d known\n", len(file.Failures))
	return report.ExitKept, nil
}

// update writes the file anew from the report of a run.
func (cmd *knownCmd) update(std *streams, file *known.File) (int, error) {
	data, err := config.ReadFile("--update", cmd.Update)
	if err != nil {
		return 0, err
	}
	seen := &harvest{file: file}
	if err := report.Replay(bytes.NewReader(data), cmd.Update, seen); err != nil {
		return 0, err
	}
	stale := file.Stale(func(string) bool { return true })
	next := file.Updated(stale, seen.fresh)
	text, err := next.Text()
	if err != nil {
		return 0, err
	}
	if err := write(cmd.File, text); err != nil {
		return 0, err
	}
	fmt.Fprintf(std.out, "%s: %d known, %d of them new, %d taken out\n", report.Safe(cmd.File), len(next.Failures), len(next.Failures)-len(file.Failures)+len(stale), len(stale))
	return report.ExitKept, nil
}

// harvest gathers what a report found.
type harvest struct {
	file  *known.File
	fresh []known.Failure
}

// Header is not needed.
func (*harvest) Header(*report.Header) error { return nil }

// Verdict takes the findings that would break a run.
func (h *harvest) Verdict(v *report.Verdict) error {
	if v.Outcome == contract.Skipped || v.Outcome == contract.Unsent {
		return nil
	}
	var found []string
	for _, f := range v.Findings {
		if slices.Contains(found, f.Check) {
			continue
		}
		found = append(found, f.Check)
		if v.Outcome == contract.Broken {
			h.fresh = append(h.fresh, known.Failure{Case: v.ID, Check: f.Check})
		}
	}
	h.file.Saw(v.ID, found)
	return nil
}

// End is not needed.
func (*harvest) End([]report.Statement, *report.Footer) error { return nil }

func checkNames() []string {
	var names []string
	for _, c := range checks.All() {
		names = append(names, c.Name)
	}
	return names
}

// failures are those of --known, nil without it.
func (f *outputFlags) failures() (*known.File, error) {
	if f.Known == "" {
		return nil, nil
	}
	return known.Load(f.Known, checkNames())
}

// recognise marks what is known in a verdict.
func (s *session) recognise(v *report.Verdict) {
	if s.known == nil || v.Outcome == contract.Skipped || v.Outcome == contract.Unsent {
		return
	}
	var found []string
	v.Known = len(v.Findings) > 0
	for i := range v.Findings {
		f := &v.Findings[i]
		found = append(found, f.Check)
		if failure, ok := s.known.Find(v.ID, f.Check); ok {
			f.Known = &failure.Reason
		} else if f.Evidence != contract.Assumed || v.Outcome == contract.Warned {
			v.Known = false
		}
	}
	s.known.Saw(v.ID, found)
}

// stale are the known failures that the run refutes. One that did not come to
// its end refutes none.
func (s *session) stale(ended error) []report.Stale {
	if s.known == nil || ended != nil {
		return nil
	}
	var out []report.Stale
	for _, one := range s.known.Stale(s.exists) {
		out = append(out, report.Stale{Case: one.Case, Check: one.Check, Reason: one.Reason, Why: one.Why, Line: one.Line})
	}
	return out
}
