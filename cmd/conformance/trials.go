package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/contract/checks"
	"github.com/atlas-contract/conformance/internal/fault"
	"github.com/atlas-contract/conformance/internal/report"
)

// untried are the checks that no fault of the reference server can give anything
// to report, with the reason.
func untried() map[string]string {
	return map[string]string{
		"undocumented-request": "it looks at recorded requests only",
		"conditional":          "its contract has no conditional requests; faults of another contract's server try it, in the tests",
	}
}

// trialReport gathers trials and writes them.
type trialReport struct {
	cmd     *selftestCmd
	w       io.Writer
	columns []string
	trials  []*trial
	widest  int
	started time.Time
}

func newTrialReport(cmd *selftestCmd, w io.Writer, faults []fault.Fault) *trialReport {
	r := &trialReport{cmd: cmd, w: w, started: time.Now()}
	for _, check := range checks.All() {
		r.columns = append(r.columns, check.Name)
	}
	for _, f := range faults { // checks that faults name and that are not there
		for _, name := range f.Checks {
			if !slices.Contains(r.columns, name) {
				r.columns = append(r.columns, name)
			}
		}
		r.widest = max(r.widest, len(f.Name))
	}
	return r
}

func (r *trialReport) add(t *trial) error {
	first := len(r.trials) == 0
	r.trials = append(r.trials, t)
	if r.cmd.Format == "jsonl" {
		return r.line(t, first)
	}
	if first {
		if err := r.legend(); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(r.w, "%-*s  %-3s  %s  %s\n", r.widest, t.fault.Name, t.fault.Statement, r.row(t), remark(t))
	return err
}

// remark is what is to be said of a trial that did not end well.
func remark(t *trial) string {
	switch {
	case t.caught():
		return ""
	case t.ended != "":
		return t.outcome() + ": " + report.Safe(t.ended)
	}
	return t.outcome()
}

// legend says what the columns of the matrix are.
func (r *trialReport) legend() error {
	var b strings.Builder
	b.WriteString("Each line is a fault, the statement that it breaks, and a column for each check:\n" +
		"  # reported it and is named by it   + reported it too   o is named by it first and said nothing\n\n")
	for i, name := range r.columns {
		fmt.Fprintf(&b, "  %c %-22s", letter(i), name)
		if i%4 == 3 || i == len(r.columns)-1 {
			b.WriteByte('\n')
		}
	}
	fmt.Fprintf(&b, "\n%*s  %s\n", r.widest+5, "", r.letters())
	_, err := io.WriteString(r.w, b.String())
	return err
}

func (r *trialReport) letters() string {
	var b strings.Builder
	for i := range r.columns {
		b.WriteByte(letter(i))
	}
	return b.String()
}

// letter heads a column.
func letter(i int) byte {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	return letters[i%len(letters)]
}

func (r *trialReport) row(t *trial) string {
	var b strings.Builder
	for _, name := range r.columns {
		reported, named := slices.Contains(t.reported, name), slices.Contains(t.fault.Checks, name)
		switch {
		case reported && named:
			b.WriteByte('#')
		case reported:
			b.WriteByte('+')
		case name == t.fault.Checks[0]:
			b.WriteByte('o')
		default:
			b.WriteByte('.')
		}
	}
	return b.String()
}

// of are the trials with an outcome.
func (r *trialReport) of(outcome string) []*trial {
	var out []*trial
	for _, t := range r.trials {
		if t.outcome() == outcome {
			out = append(out, t)
		}
	}
	return out
}

// idle are the checks that have caught nothing; a run of some faults only says
// nothing about that.
func (r *trialReport) idle() []string {
	if r.cmd.Match != "" {
		return nil
	}
	var out []string
	for _, check := range checks.All() {
		caught := slices.ContainsFunc(r.trials, func(t *trial) bool { return slices.Contains(t.by(), check.Name) })
		if _, ok := untried()[check.Name]; !caught && !ok {
			out = append(out, check.Name)
		}
	}
	return out
}

func (r *trialReport) exit() int {
	if len(r.of("caught")) < len(r.trials) || len(r.idle()) > 0 {
		return report.ExitBroken
	}
	return report.ExitKept
}

// end writes what it amounts to and returns the exit code.
func (r *trialReport) end() (int, error) {
	err := r.sum()
	if err != nil {
		return 0, fmt.Errorf("write the report: %w", err)
	}
	return r.exit(), nil
}

func (r *trialReport) sum() error {
	if r.cmd.Format == "jsonl" {
		return r.footer()
	}
	var b strings.Builder
	r.failed(&b, "missed", "no check has reported")
	r.failed(&b, "misnamed", "only a check that is not named has reported")
	if idle := r.idle(); len(idle) > 0 {
		fmt.Fprintf(&b, "\nchecks that caught nothing: %s\n", strings.Join(idle, ", "))
	}
	caught := len(r.of("caught"))
	fmt.Fprintf(&b, "\n%d of %d faults are caught (%.1f %%), %d misnamed, %d missed, in %s: exit %d\n",
		caught, len(r.trials), 100*float64(caught)/float64(len(r.trials)), len(r.of("misnamed")), len(r.of("missed")),
		time.Since(r.started).Round(100*time.Millisecond), r.exit())
	_, err := io.WriteString(r.w, b.String())
	return err
}

// failed lists the trials that did not end well.
func (r *trialReport) failed(b *strings.Builder, outcome, meaning string) {
	trials := r.of(outcome)
	if len(trials) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s, %s:\n", outcome, meaning)
	for _, t := range trials {
		fmt.Fprintf(b, "  %s (%s): %s\n      expected of %s", t.fault.Name, t.fault.Statement, t.fault.Doc, strings.Join(t.fault.Checks, " or "))
		if len(t.reported) > 0 {
			fmt.Fprintf(b, "; reported by %s in %s", strings.Join(t.reported, ", "), report.Safe(t.example[t.reported[0]]))
		}
		if t.ended != "" {
			fmt.Fprintf(b, "; the run ended: %s", report.Safe(t.ended))
		}
		b.WriteByte('\n')
	}
}

// trialHeader is the first record of the stream.
type trialHeader struct {
	Type    string   `json:"type"`
	Tool    string   `json:"tool"`
	Version string   `json:"version"`
	Command string   `json:"command"`
	Seed    int64    `json:"seed"`
	Checks  []string `json:"checks"`
}

// trialFooter is its last record.
type trialFooter struct {
	Type     string   `json:"type"`
	Faults   int      `json:"faults"`
	Caught   int      `json:"caught"`
	Misnamed int      `json:"misnamed"`
	Missed   int      `json:"missed"`
	Idle     []string `json:"idle"`
	Exit     int      `json:"exit"`
}

// faultLine is a fault in the JSON Lines stream.
type faultLine struct {
	Type      string   `json:"type"`
	Name      string   `json:"name"`
	Statement string   `json:"statement"`
	Doc       string   `json:"doc"`
	Profile   string   `json:"profile"`
	Checks    []string `json:"checks"`
	// The rest is there once it was tried.
	Outcome  string            `json:"outcome,omitempty"`
	Reported []string          `json:"reported,omitempty"`
	Cases    map[string]string `json:"cases,omitempty"`
	Ended    string            `json:"ended,omitempty"`
	Millis   int64             `json:"millis,omitempty"`
}

func faultRecord(f fault.Fault) *faultLine {
	return &faultLine{Type: "fault", Name: f.Name, Statement: f.Statement, Doc: f.Doc, Profile: profileOf(f), Checks: f.Checks}
}

func (r *trialReport) line(t *trial, first bool) error {
	if first {
		if err := writeLine(r.w, &trialHeader{"header", "conformance", programVersion(), "selftest", r.cmd.Seed, r.columns}); err != nil {
			return err
		}
	}
	line := faultRecord(t.fault)
	line.Outcome, line.Reported, line.Cases, line.Ended, line.Millis = t.outcome(), t.reported, t.example, t.ended, t.took.Milliseconds()
	return writeLine(r.w, line)
}

func (r *trialReport) footer() error {
	return writeLine(r.w, &trialFooter{
		"footer", len(r.trials), len(r.of("caught")), len(r.of("misnamed")), len(r.of("missed")), append([]string{}, r.idle()...), r.exit(),
	})
}

// writeLine is a record of the stream.
func writeLine(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
