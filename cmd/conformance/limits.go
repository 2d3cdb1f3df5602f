package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/report"
)

// limitFlags say what a run may do to its target. Each stands above the setting
// of the same name in the configuration.
type limitFlags struct {
	DryRun        bool `help:"Print what the run would do, without sending anything."`
	Yes           bool `help:"Do not ask before a run that creates or deletes on a target that is not on this machine."`
	ReadOnly      bool `help:"Send nothing but GET, HEAD and OPTIONS."`
	MaxCreates    uint `placeholder:"N" help:"Most things that the run may create in all (default: no limit)."`
	CreatesAtOnce uint `placeholder:"N" help:"Most cases under way at once that create something (default: 64)."`
	Deadline      span `placeholder:"TIME" help:"Longest time for the whole run, the removal of what it made included (default: none)."`
}

// apply sets the limits of a run: those of the configuration, and over them
// those of the flags.
func (f *limitFlags) apply(o *run.Options, set *config.Config) {
	l := set.Limits
	o.Limits = run.Limits{ReadOnly: f.ReadOnly || l.ReadOnly, Creates: l.Creates, Values: set.Values}
	if f.MaxCreates > 0 {
		o.Limits.Creates = int(f.MaxCreates)
	}
	if o.Creates = l.AtOnce; f.CreatesAtOnce > 0 {
		o.Creates = int(f.CreatesAtOnce)
	}
	if o.Deadline = l.Deadline; f.Deadline > 0 {
		o.Deadline = time.Duration(f.Deadline)
	}
}

// describe notes the limits in a report's header, where there are any.
func (f *limitFlags) describe(into map[string]any, set *config.Config) {
	var o run.Options
	f.apply(&o, set)
	if o.Limits.ReadOnly {
		into["readOnly"] = true
	}
	if o.Limits.Creates > 0 {
		into["maxCreates"] = o.Limits.Creates
	}
	if o.Deadline > 0 {
		into["deadline"] = o.Deadline.String()
	}
	if len(o.Limits.Values) > 0 {
		into["values"] = o.Limits.Values
	}
}

// consent tells whether a run may begin. One that could change something on a
// target elsewhere needs a yes, from the command line or from the terminal.
func (f *limitFlags) consent(ctx context.Context, std *streams, base string, runner *run.Runner) error {
	if f.Yes || run.Nearby(base) {
		return nil
	}
	p := runner.Plan()
	if p.Writes == 0 {
		return nil
	}
	host := base
	if u, err := url.Parse(base); err == nil {
		host = u.Host
	}
	told := fmt.Sprintf("the run would send %d requests that change something to %s, and create %s there, up to %d at once", p.Writes, host, contract.Plural(p.Creates, "thing"), p.AtOnce)
	if _, interactive := terminal(std.in); !interactive {
		return fmt.Errorf("%s: give --yes if it may, --read-only, or look first with --dry-run", told)
	}
	fmt.Fprintf(std.err, "conformance: %s. Go on? [y/N] ", report.Safe(told))
	answer, err := line(ctx, std.in)
	if err != nil {
		return err
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return errors.New("nothing was sent, since the answer was not yes")
	}
	return nil
}

// line reads one line, unless the command is interrupted before.
func line(ctx context.Context, r io.Reader) (string, error) {
	read := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(r).ReadString('\n')
		read <- text
	}()
	select {
	case text := <-read:
		return text, nil
	case <-ctx.Done():
		return "", errInterrupted
	}
}

// plan prints what a run would do.
func (cmd *runCmd) plan(std *streams, runner *run.Runner, t *target, o *run.Options) error {
	recorder := &report.Recorder{Contract: o.Contract}
	print := printText
	if cmd.Format == "jsonl" {
		print = printJSON
	}
	for one := range runner.Cases() {
		if err := print(std.out, list(one, t.base, recorder)); err != nil {
			return fmt.Errorf("write the plan: %w", err)
		}
	}
	if cmd.Format == "jsonl" {
		return nil
	}
	p := runner.Plan()
	_, err := fmt.Fprintf(std.out, "\nnothing was sent; the run would put %d cases to %s, and skip %d\n"+
		"  requests  at least %d, %d of which could change something\n"+
		"  creates   %s in all, up to %d at once; each is deleted at the end of its case\n"+
		"  time      %s\n", p.Cases, report.Safe(o.Base), p.Skipped, p.Requests, p.Writes, contract.Plural(p.Creates, "thing"), p.AtOnce, lasts(&p, t.rate, o.Deadline))
	return err
}

// lasts says how long a run takes, as far as that can be known beforehand.
func lasts(p *run.Plan, rate float64, deadline time.Duration) string {
	var parts []string
	if rate > 0 {
		least := time.Duration(float64(p.Requests) / rate * float64(time.Second)).Round(time.Second)
		parts = append(parts, fmt.Sprintf("at least %v at %s", least, pace(rate)))
	}
	if p.AtOnce > 0 {
		rounds := (p.Creates + p.AtOnce - 1) / p.AtOnce
		times := "as long as"
		if rounds > 1 {
			times = fmt.Sprintf("%d times what", rounds)
		}
		parts = append(parts, fmt.Sprintf("about %s the target takes to create a thing and to delete it", times))
	}
	if deadline > 0 {
		parts = append(parts, fmt.Sprintf("no more than %v", deadline))
	}
	if len(parts) == 0 {
		return "as long as the target takes to reply"
	}
	return strings.Join(parts, ", ")
}

// pace is a rate in words, per minute where that is clearer.
func pace(rate float64) string {
	if rate < 1 || rate != math.Trunc(rate) {
		return fmt.Sprintf("%.4g requests per minute", rate*60)
	}
	return fmt.Sprintf("%.4g requests per second", rate)
}
