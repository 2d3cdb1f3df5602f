package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/spec"
)

// listCmd lists the cases.
type listCmd struct {
	URL           string `arg:"" optional:"" help:"URL of the target that the requests would go to (default: the configured one, else the contract's server)."`
	documentFlags `embed:"" group:"Contract"`
	caseFlags     `embed:"" group:"Cases"`
	paramFlags    `embed:"" group:"Cases"`
	Format        string `default:"text" placeholder:"NAME" help:"text or jsonl (default: ${default})."`
}

// Help is what --help says beyond the flags.
func (*listCmd) Help() string {
	return `Nothing is sent. The text shows of each case its id, what is expected, and the request that it is about;
jsonl has one object a line, with the whole request.

Examples:

    conformance list
    conformance list --run '*/example/*' --format jsonl`
}

func (cmd *listCmd) run(_ context.Context, std *streams) (int, error) {
	print, ok := map[string]func(io.Writer, *listed) error{"text": printText, "jsonl": printJSON}[cmd.Format]
	if !ok {
		known := []string{"text", "jsonl"}
		return 0, fmt.Errorf("unknown list format %q%s: choose text or jsonl", cmd.Format, config.Hint(cmd.Format, known))
	}
	c, err := cmd.load()
	if err != nil {
		return 0, err
	}
	t, err := cmd.target(c)
	if err != nil {
		return 0, err
	}
	runner, err := run.New(run.Options{Contract: c, Base: t.base, Params: t.params, Roles: t.roles, Match: cmd.Match})
	if err != nil {
		return 0, err
	}
	if err := someCase(c, t, cmd.Match, runner.Cases()); err != nil {
		return 0, err
	}
	recorder := &report.Recorder{Contract: c}
	for one := range runner.Cases() {
		if err := print(std.out, list(one, recorder)); err != nil {
			return 0, fmt.Errorf("write the list: %w", err)
		}
	}
	return report.ExitKept, nil
}

// target is where the requests would go. It is not asked.
func (cmd *listCmd) target(c *spec.Contract) (*target, error) {
	set, err := config.Load(cmd.Config, lookup)
	if err != nil {
		return nil, err
	}
	t := &target{base: cmd.URL}
	if t.params, err = cmd.params(c, set); err != nil {
		return nil, err
	}
	for _, credential := range set.Credentials {
		t.roles = append(t.roles, credential.Role)
	}
	if t.base == "" {
		t.base = set.Target
	}
	if t.base == "" { // as a run without a URL, which has the reference server's roles
		t.base = c.Server
		t.roles = append(t.roles, config.Owner, reader)
		return t, nil
	}
	_, err = address(t.base)
	return t, err
}

// listed is a case as one line of the list.
type listed struct {
	ID        string          `json:"id"`
	Operation string          `json:"operation"`
	Kind      string          `json:"kind"`
	Expect    contract.Expect `json:"expect"`
	Statuses  []int           `json:"statuses,omitempty"`
	report.Request
	Breaks     *contract.Break `json:"breaks,omitempty"`
	Statements []string        `json:"statements,omitempty"`
	// Credential is the name of the credential, "" for the default one.
	Credential string `json:"credential,omitempty"`
	// Steps are the names of all steps, where there are several.
	Steps []string `json:"steps,omitempty"`
	// Skip says why the case would not be sent.
	Skip string `json:"skip,omitempty"`
}

// list describes a case by the step that it is about.
func list(c *contract.Case, recorder *report.Recorder) *listed {
	out := &listed{
		ID: c.ID, Operation: c.Operation, Kind: c.Kind, Expect: c.Expect, Statuses: c.Statuses,
		Breaks: c.Breaks, Statements: c.Statements, Skip: c.Skip,
	}
	for _, step := range slices.Backward(c.Steps) {
		if !step.Cleanup {
			out.Request, out.Credential = recorder.Request(step.Request), step.Credential
			break
		}
	}
	for _, step := range c.Steps {
		if len(c.Steps) > 1 {
			out.Steps = append(out.Steps, step.Name)
		}
	}
	return out
}

func printText(w io.Writer, l *listed) error {
	rest := report.Safe(l.Method + " " + contract.Target(l.URL))
	if l.Skip != "" {
		rest = "skipped: " + report.Safe(l.Skip)
	}
	_, err := fmt.Fprintf(w, "%-64s %-8s %s\n", report.Safe(l.ID), l.Expect, rest)
	return err
}

func printJSON(w io.Writer, l *listed) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(l)
}
