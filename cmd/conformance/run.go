package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/spec"
)

// caseFlags pick and shape the cases.
type caseFlags struct {
	Match string `name:"run" placeholder:"GLOB" help:"Only cases whose id matches, such as 'create*' or '*/example/aws'."`
	Seed  int64  `default:"1" placeholder:"N" help:"Seed of everything that is chosen at random (default: ${default})."`
	Cases uint   `placeholder:"N" help:"Also draw so many requests of each operation at random (default: none)."`
}

// runCmd holds a target against the contract.
type runCmd struct {
	URL           string `arg:"" optional:"" help:"URL of the target, with the base path of the contract's server (default: the configured target, else the built-in reference server)."`
	documentFlags `embed:"" group:"Contract"`
	caseFlags     `embed:"" group:"Cases"`
	targetFlags   `embed:"" group:"Target"`
	Concurrency   int    `default:"8" placeholder:"N" group:"Target" help:"How many requests are under way at once (default: ${default})."`
	Patience      span   `placeholder:"TIME" group:"Target" help:"Longest time to wait for a state (default: 1m on this machine, 30m elsewhere)."`
	Ledger        string `placeholder:"FILE" group:"Target" help:"Where to keep what the run created and has not yet removed (default: a new file in .conformance, deleted when nothing is left)."`
	limitFlags    `embed:"" group:"Limits"`
	outputFlags   `embed:"" group:"Report"`
}

// Help is what --help says beyond the flags.
func (*runCmd) Help() string {
	return `Without a URL the built-in reference server is started on a free port of the loopback and held against
the contract.

What the run makes on a target it removes. An interrupt ends it and has it clean up; a second one stops it at
once, and conformance cleanup does what is left to do.

The report ends with what of the contract was met: each path, operation, parameter, value, bound, status, media
type, header and property of a reply is an item. --min-coverage counts all items alike; the level, 0 to 7, says
which criteria are met in full.

Exit codes: 0, the contract is kept; 1, it is broken, or something was left on the target, or less was met than
--min-coverage; 2, the usage, the configuration or an input is bad, or there was nothing to judge; 3, the target
could not be asked.

Examples:

    conformance run
    CONFORMANCE_KEY=… conformance run https://cloud.example.com/api/atlas/v1.0 --user abcdefgh --param groupId=…
    conformance run http://127.0.0.1:8080/api/atlas/v1.0 --run 'create*' --report run.jsonl
    conformance run http://127.0.0.1:8080 --spec openapi.yaml -H 'X-Api-Key: …'
    conformance run https://api.example.com/v1 --spec openapi.yaml --dry-run
    conformance run https://api.example.com/v1 --spec openapi.yaml --yes --max-creates 6 --rate 100/m --deadline 45m`
}

func (cmd *runCmd) run(ctx context.Context, std *streams) (int, error) {
	set, err := config.Load(cmd.Config, lookup)
	if err != nil {
		return 0, err
	}
	cmd.configured(set)
	c, err := cmd.load()
	if err != nil {
		return 0, err
	}
	if cmd.Concurrency < 1 {
		return 0, fmt.Errorf("read --concurrency %d: at least one case runs at a time; give 1 or more", cmd.Concurrency)
	}
	if cmd.Timeout == 0 {
		return 0, errors.New("read --timeout 0: no reply comes in no time; give a time such as 30s")
	}
	t, err := cmd.target(c, set)
	if err != nil {
		return 0, err
	}
	defer t.close()
	return cmd.ask(ctx, c, t, std)
}

// target is the named one, the configured one, or the reference server.
func (cmd *runCmd) target(c *spec.Contract, set *config.Config) (*target, error) {
	rate, err := cmd.pace(set)
	if err != nil {
		return nil, err
	}
	t, err := cmd.choose(c, set)
	if err == nil {
		t.rate, t.set = rate, set
	}
	return t, err
}

func (cmd *runCmd) choose(c *spec.Contract, set *config.Config) (*target, error) {
	base, from := cmd.URL, "the target's URL"
	if base == "" {
		base, from = set.Target, set.Name+": target"
	}
	if base != "" {
		if _, err := address(from, base); err != nil {
			return nil, err
		}
		return cmd.remote(c, set, base)
	}
	if !cmd.builtin() {
		return nil, fmt.Errorf("which target is to be held against %s? Give its URL; the built-in reference server speaks the built-in contract only", cmd.Spec)
	}
	if cmd.networkFlags != (networkFlags{}) {
		return nil, errors.New("--ca, --client-cert, --client-key, --insecure, --unix-socket and --resolve are for a target: give its URL")
	}
	if cmd.User != "" || cmd.KeyFile != "" || len(cmd.Header) > 0 {
		return nil, errors.New("--user, --key-file and --header are for a target: give its URL; the built-in reference server makes up its own credentials")
	}
	params, err := cmd.params(c, set)
	if err != nil {
		return nil, err
	}
	failing, err := cmd.failing(c, set)
	if err != nil {
		return nil, err
	}
	return local(c, cmd.Profile, params, failing)
}

// ask sends the cases and has the verdicts rendered.
func (cmd *runCmd) ask(ctx context.Context, c *spec.Contract, t *target, std *streams) (int, error) {
	client, err := t.client(time.Duration(cmd.Timeout))
	if err != nil {
		return 0, err
	}
	defer client.Close()
	o := t.options(c, &cmd.caseFlags)
	o.Client, o.Base, o.Concurrency, o.Poll.Timeout = client, client.Base().String(), cmd.Concurrency, time.Duration(cmd.Patience)
	cmd.apply(&o, t.set)
	runner, err := run.New(o)
	if err != nil {
		return 0, err
	}
	if err := someCase(c, cmd.Match, runner); err != nil {
		return 0, err
	}
	if cmd.DryRun {
		return report.ExitKept, cmd.plan(std, runner, t, &o)
	}
	if err := cmd.consent(ctx, std, o.Base, runner); err != nil {
		return 0, err
	}
	redact := t.redact(client)
	if !t.builtin {
		t.remind(std, redact)
	}
	l, err := cmd.book(c, t)
	if err != nil {
		return 0, err
	}
	if l != nil {
		runner.Keep(l)
		defer func() { _ = l.Close() }() // what it says is in the report
		defer std.heed(redact(t.cleanup(l.Name())))()
	}
	s, err := newSession(c, &cmd.outputFlags, std, redact)
	if err != nil {
		return 0, err
	}
	h := cmd.header(c, t, client.Base().String())
	h.Repeat.Run, h.Repeat.Explain = redact(h.Repeat.Run), redact(h.Repeat.Explain)
	s.recorder.Repeat, s.recorder.Curl = h.Repeat, cmd.curl(t, false)
	s.left = func() []report.Left { return t.leftovers(l, runner.Left(), redact) }
	s.exists = existing(runner)
	s.to = watch(std, cmd.Quiet, runner, s.out)
	s.slowed = client.Slowed
	t.way.warn(std)
	code, err := s.hold(ctx, h, runner.Verdicts(ctx))
	if code == report.ExitBroken && err == nil {
		if note := s.statuses.note(); note != "" {
			fmt.Fprintf(std.err, "conformance: note: %s\n", note)
		}
		hintAtBase(std, c, client.Base().Path)
	}
	return code, err
}

// existing tells which cases there are, whichever are picked. They are derived
// when it is first asked.
func existing(runner *run.Runner) func(id string) bool {
	ids := sync.OnceValue(func() map[string]bool {
		all := map[string]bool{}
		for c := range runner.All() {
			all[c.ID] = true
		}
		return all
	})
	return func(id string) bool { return ids()[id] }
}

func (cmd *runCmd) header(c *spec.Contract, t *target, base string) *report.Header {
	h := header("run", c, &cmd.documentFlags, base)
	h.Seed, h.Repeat = cmd.Seed, cmd.repeat(c, t, base)
	h.Configuration["concurrency"] = cmd.Concurrency
	h.Configuration["timeout"] = cmd.Timeout.String()
	h.Configuration["builtin"] = t.builtin
	for name, value := range map[string]any{"params": t.params, "roles": t.roles, "headers": names(t.header)} {
		h.Configuration[name] = value
	}
	t.way.describe(h)
	if cmd.Match != "" {
		h.Configuration["run"] = cmd.Match
	}
	cmd.describe(h.Configuration, t.set)
	return h
}

// names are the names of headers; their values may be secrets.
func names(header map[string][]string) []string {
	out := []string{}
	for name := range header {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// hintAtBase says what may be wrong with a URL on which every case fails. It
// comes last, where it is seen.
func hintAtBase(std *streams, c *spec.Contract, path string) {
	if path == "" && c.Base != "" {
		fmt.Fprintf(std.err, "conformance: note: the URL has no path, but the contract's server has the base path %s\n", report.Safe(c.Base))
	}
}
