package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/ledger"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/spec"
)

// cleanupCmd removes what runs left.
type cleanupCmd struct {
	Files         []string `arg:"" optional:"" name:"file" help:"Ledgers of runs that did not end well (default: all in .conformance)."`
	DryRun        bool     `help:"Say what would be removed, and remove nothing."`
	Patience      span     `placeholder:"TIME" help:"Longest time to try (default: 10s on this machine, 2m elsewhere)."`
	documentFlags `embed:"" group:"Contract"`
	targetFlags   `embed:"" group:"Target"`
}

// Help is what --help says beyond the flags.
func (*cleanupCmd) Help() string {
	return `A run writes down what it makes before it makes it. When it could not remove all of that, because it was
killed, say, or the target was gone, its ledger stays, and this command does the rest: it removes what the
run made, looks for what a reply that was lost would have named, and changes back the settings that the run
changed. What the run did not make it leaves alone.
The credentials are given as they were for the run.

Exit codes: 0, nothing is left; 1, something is, and named; 2, the usage or a ledger is bad; 3, the target
could not be asked.

Examples:

    CONFORMANCE_KEY=… conformance cleanup --user abcdefgh
    conformance cleanup --dry-run
    conformance cleanup .conformance/20261125T093000Z-4711.ledger`
}

func (cmd *cleanupCmd) run(ctx context.Context, std *streams) (int, error) {
	names, all := cmd.Files, false
	if len(names) == 0 {
		var err error
		if names, err = ledger.Files(ledger.Dir); err != nil {
			return 0, err
		}
		all = true
	}
	set, err := config.Load(cmd.Config, lookup)
	if err != nil {
		return 0, err
	}
	if len(names) == 0 {
		fmt.Fprintf(std.out, "nothing to do: there is no ledger in %s, so every run from here has removed what it made\n", ledger.Dir)
		return report.ExitKept, nil
	}
	worst := report.ExitKept
	for _, name := range names {
		code, err := cmd.clean(ctx, name, set, std)
		if all && (errors.Is(err, ledger.ErrLive) || errors.Is(err, fs.ErrNotExist)) {
			fmt.Fprintf(std.err, "conformance: note: %v\n", err)
			continue
		}
		if err != nil {
			std.complain(err)
			code = max(code, exitCode(err))
		}
		worst = max(worst, code)
	}
	return worst, nil
}

// clean finishes the work of one ledger.
func (cmd *cleanupCmd) clean(ctx context.Context, name string, set *config.Config, std *streams) (int, error) {
	l, err := ledger.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("%w; conformance cleanup alone takes all in %s", err, ledger.Dir)
	}
	if err != nil {
		return 0, err
	}
	ended := false
	defer func() {
		if !ended {
			_ = l.Leave()
		}
	}()
	if l.Torn() {
		fmt.Fprintf(std.err, "conformance: note: %s breaks off within its last line, as when the power fails; what that said is looked up\n", name)
	}
	t, swept, err := cmd.sweep(ctx, l, set)
	if err != nil {
		return 0, err
	}
	code := cmd.tell(std, name, t, swept)
	if cmd.DryRun {
		return code, nil
	}
	ended = true
	if err := l.Close(); err != nil {
		return 0, err
	}
	switch {
	case ctx.Err() != nil:
		return report.ExitUnasked, fmt.Errorf("%w: %s has the rest", errInterrupted, name)
	case swept.Unreachable != "" && code != report.ExitKept:
		return 0, &run.Unreachable{Target: t.base, Reason: swept.Unreachable}
	}
	return code, nil
}

// sweep asks the target of a ledger.
func (cmd *cleanupCmd) sweep(ctx context.Context, l *ledger.Ledger, set *config.Config) (*told, run.Swept, error) {
	c, err := cmd.contract(l.Run())
	if err != nil {
		return nil, run.Swept{}, err
	}
	if _, err := address(l.Name()+": target", l.Run().Target); err != nil {
		return nil, run.Swept{}, err
	}
	t, err := cmd.remote(c, set, l.Run().Target)
	if err != nil {
		return nil, run.Swept{}, err
	}
	if t.rate, err = cmd.pace(set); err != nil {
		return nil, run.Swept{}, err
	}
	client, err := t.client(time.Duration(cmd.Timeout))
	if err != nil {
		return nil, run.Swept{}, err
	}
	defer client.Close()
	swept, err := run.Sweep{Ledger: l, Client: client, Budget: time.Duration(cmd.Patience), Dry: cmd.DryRun}.Run(ctx)
	redact := t.redact(client)
	return &told{target: t, redact: redact, left: t.leftovers(l, swept.Left, redact)}, swept, err
}

// told is a target with what is left on it.
type told struct {
	*target
	redact func(string) string
	left   []report.Left
}

// contract is the one of the flags, else that of the run.
func (cmd *cleanupCmd) contract(r ledger.Run) (*spec.Contract, error) {
	if cmd.Spec != "" || len(cmd.Overlay) > 0 {
		return cmd.load()
	}
	flags := documentFlags{Spec: r.Spec, Overlay: r.Overlays, Profile: r.Profile, AllowRemote: cmd.AllowRemote}
	c, err := flags.load()
	if err != nil && r.Spec != "" {
		return nil, fmt.Errorf("%w; the run was held against it: give its document with --spec FILE", err)
	}
	return c, err
}

// tell prints what was removed and what is left, and returns the exit code.
func (cmd *cleanupCmd) tell(std *streams, name string, t *told, swept run.Swept) int {
	word, back := "removed", "changed back"
	if cmd.DryRun {
		word, back = "would remove", "would change back"
	}
	for _, one := range swept.Removed {
		fmt.Fprintf(std.out, "%s  %s, by %s\n", word, report.Safe(t.redact(one.URL)), report.Safe(one.Case))
	}
	for _, one := range swept.Restored {
		fmt.Fprintf(std.out, "%s  %s, changed by %s\n", back, report.Safe(t.redact(one.URL)), report.Safe(one.Case))
	}
	for _, one := range t.left {
		word := "left"
		if one.Perhaps {
			word = "perhaps left"
		}
		fmt.Fprintf(std.out, "%s  %s %s, by %s: %s\n", word, report.Safe(one.Method), report.Safe(one.URL), report.Safe(one.Case), report.Safe(one.Why))
		if one.Perhaps && one.Method == "DELETE" {
			fmt.Fprintf(std.out, "    if it is the run's own: %s\n", report.Safe(one.Command))
		}
	}
	if len(t.left) > 0 {
		fmt.Fprintf(std.out, "%s: %d left; once they are dealt with by hand, delete that file\n", report.Safe(name), len(t.left))
		return report.ExitBroken
	}
	if !cmd.DryRun {
		fmt.Fprintf(std.out, "%s: nothing is left\n", report.Safe(name))
	}
	return report.ExitKept
}
