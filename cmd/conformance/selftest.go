package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/checks"
	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/fault"
	"github.com/atlas-contract/conformance/internal/report"
)

// selftestCmd holds the suite itself to what it promises: to notice bugs.
type selftestCmd struct {
	Match       string `name:"run" placeholder:"GLOB" help:"Only faults whose name matches, such as 'envelope-*'."`
	List        bool   `help:"List the faults, and try none."`
	Format      string `default:"text" placeholder:"NAME" help:"text or jsonl (default: ${default})."`
	Seed        int64  `default:"1" placeholder:"N" help:"Seed of everything that is chosen at random (default: ${default})."`
	Concurrency int    `default:"16" placeholder:"N" help:"How many faults are tried at once (default: ${default})."`
	Timeout     span   `default:"2s" placeholder:"TIME" help:"Longest time to wait for a reply (default: ${default})."`
	Wait        span   `default:"2s" placeholder:"TIME" help:"Longest time to wait for a state (default: ${default})."`
	Limit       span   `default:"2m" placeholder:"TIME" help:"Longest time to try one fault (default: ${default})."`
}

// Help is what --help says beyond the flags.
func (*selftestCmd) Help() string {
	return `A suite is as good as the bugs that it finds. Each fault is one bug of the reference server and names the checks
that may rightly report it. The whole suite is run against each, in this process, until the first of these has
reported; before that, the server without any fault has to be free of findings. For each check
the first two faults that name it first wait for that very one.

A fault is caught when a check that it names reports it, misnamed when only others do, and missed when none does.

Exit codes: 0, every fault is caught and every check catches one; 1, some is not, or some check catches none;
2, the usage is bad or no fault matches.

Examples:

    conformance selftest
    conformance selftest --list
    conformance selftest --run 'envelope-*' --format jsonl`
}

func (cmd *selftestCmd) run(ctx context.Context, std *streams) (int, error) {
	if known := []string{"text", "jsonl"}; !slices.Contains(known, cmd.Format) {
		return 0, fmt.Errorf("unknown format %q%s: choose text or jsonl", cmd.Format, config.Hint(cmd.Format, known))
	}
	if cmd.Concurrency < 1 || cmd.Timeout == 0 || cmd.Wait == 0 || cmd.Limit == 0 {
		return 0, errors.New("read --concurrency, --timeout, --wait and --limit: none of them can be 0")
	}
	faults, err := cmd.faults()
	if err != nil {
		return 0, err
	}
	if cmd.List {
		return report.ExitKept, cmd.print(std.out, faults)
	}
	r, t := newTrialReport(cmd, std.out, faults), &trier{cmd: cmd}
	if err := t.prepare(); err != nil {
		return 0, err
	}
	if err := t.sound(ctx, profiles(faults)); err != nil {
		return max(exitCode(err), report.ExitBroken), err
	}
	for result := range t.all(ctx, faults) {
		if err := r.add(result); err != nil {
			return 0, fmt.Errorf("write the report: %w", err)
		}
	}
	if ctx.Err() != nil {
		return 0, fmt.Errorf("%w: %d of %d faults were tried", errInterrupted, len(r.trials), len(faults))
	}
	return r.end()
}

// faults are those that --run picks.
func (cmd *selftestCmd) faults() ([]fault.Fault, error) {
	var out []fault.Fault
	for _, f := range fault.All() {
		ok := cmd.Match == ""
		if !ok {
			var err error
			if ok, err = path.Match(cmd.Match, f.Name); err != nil {
				return nil, fmt.Errorf("read --run %q: not a glob: a [ needs its ]", cmd.Match)
			}
		}
		if ok {
			out = append(out, f)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no fault matches --run %q%s; conformance selftest --list shows them all",
			cmd.Match, config.Hint(strings.Trim(cmd.Match, "*?"), faultNames()))
	}
	return out, nil
}

// print lists the faults.
func (cmd *selftestCmd) print(w io.Writer, faults []fault.Fault) error {
	for _, f := range faults {
		var err error
		if cmd.Format == "jsonl" {
			err = writeLine(w, faultRecord(f))
		} else {
			_, err = fmt.Fprintf(w, "%s\n    breaks %s: %s\n    to be reported by %s\n", f.Name, f.Statement, f.Doc, strings.Join(f.Checks, " or "))
		}
		if err != nil {
			return fmt.Errorf("write the list: %w", err)
		}
	}
	return nil
}

// profiles are those in which the faults are tried.
func profiles(faults []fault.Fault) []string {
	var out []string
	for _, f := range faults {
		if p := profileOf(f); !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// profileOf is the profile in which a fault is tried.
func profileOf(f fault.Fault) string {
	if f.Profile != "" {
		return string(f.Profile)
	}
	return documented
}

// trial is what came of one fault.
type trial struct {
	fault fault.Fault
	// reported are the checks that reported something, in their own order, and
	// example is one such case for each.
	reported []string
	example  map[string]string
	// says are the messages of these findings, in the order in which they came.
	says []string
	// witness tells that it is to show that the check that the fault names first
	// can catch something, not only that the fault is caught.
	witness bool
	// ended says why the suite could not be run to its end.
	ended string
	took  time.Duration
}

// witnesses are the names of the first few faults that each check is named
// first by.
func witnesses(faults []fault.Fault) map[string]bool {
	const few = 2
	out, number := map[string]bool{}, map[string]int{}
	for _, f := range faults {
		if number[f.Checks[0]]++; number[f.Checks[0]] <= few {
			out[f.Name] = true
		}
	}
	return out
}

// caught tells whether a check that the fault names has reported it.
func (t *trial) caught() bool { return len(t.by()) > 0 }

// by are the checks that have reported it and are named by it.
func (t *trial) by() []string {
	return slices.DeleteFunc(slices.Clone(t.reported), func(name string) bool { return !slices.Contains(t.fault.Checks, name) })
}

// outcome is what came of it in a word.
func (t *trial) outcome() string {
	switch {
	case t.caught():
		return "caught"
	case len(t.reported) > 0:
		return "misnamed"
	}
	return "missed"
}

// note keeps what a verdict reports.
func (t *trial) note(v *contract.Verdict) {
	for _, f := range v.Findings {
		if _, had := t.example[f.Check]; !had {
			t.example[f.Check] = v.Case.ID
			t.says = append(t.says, strings.TrimSpace(fmt.Sprintf("%s, at %s in step %s: want %s, got %s", f.Message, cmp.Or(f.Pointer, f.Place), f.Step, f.Expected, f.Got)))
		}
	}
}

// noticed tells whether a check that the fault names has reported something; a
// witness waits for the one that it names first.
func (t *trial) noticed() bool {
	if t.witness {
		_, reported := t.example[t.fault.Checks[0]]
		return reported
	}
	return slices.ContainsFunc(t.fault.Checks, func(name string) bool { _, ok := t.example[name]; return ok })
}

// sorted fills in the checks that reported.
func (t *trial) sorted() {
	for _, check := range checks.All() {
		if _, ok := t.example[check.Name]; ok {
			t.reported = append(t.reported, check.Name)
		}
	}
}

// unreachable is what an error of a run says about a trial.
func unreachable(err error) string {
	var u *run.Unreachable
	if errors.As(err, &u) {
		return u.Reason
	}
	return err.Error()
}
