package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

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
	failingFlags  `embed:"" group:"Cases"`
	Dropped       bool   `help:"List the cases that could not prove themselves, and would not be sent, with the reasons."`
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

func (cmd *listCmd) run(ctx context.Context, std *streams) (int, error) {
	print, ok := map[string]func(io.Writer, *listed) error{"text": printText, "jsonl": printJSON}[cmd.Format]
	if !ok {
		known := []string{"text", "jsonl"}
		return 0, fmt.Errorf("unknown list format %q%s: choose text or jsonl", cmd.Format, config.Hint(cmd.Format, known))
	}
	set, err := config.Load(cmd.Config, lookup)
	if err != nil {
		return 0, err
	}
	cmd.configured(set)
	c, err := cmd.load()
	if err != nil {
		return 0, err
	}
	t, err := cmd.target(c, set)
	if err != nil {
		return 0, err
	}
	o := t.options(c, &cmd.caseFlags)
	if cmd.Dropped {
		return cmd.dropped(std, o)
	}
	runner, err := run.New(o)
	if err != nil {
		return 0, err
	}
	if err := someCase(c, cmd.Match, runner); err != nil {
		return 0, err
	}
	recorder := &report.Recorder{Contract: c}
	for one := range runner.Cases() {
		if ctx.Err() != nil {
			return 0, fmt.Errorf("list the cases: %w: more would follow", errInterrupted)
		}
		if err := print(std.out, list(one, strings.TrimRight(t.base, "/"), recorder)); err != nil {
			return 0, fmt.Errorf("write the list: %w", err)
		}
	}
	return report.ExitKept, nil
}

// dropped lists the cases that were not derived after all, and counts them.
func (cmd *listCmd) dropped(std *streams, o run.Options) (int, error) {
	n, kept := 0, 0
	var failed error
	o.Dropped = func(id, reason string) {
		n++
		var err error
		if cmd.Format == "jsonl" {
			err = writeLine(std.out, map[string]string{"id": id, "dropped": reason})
		} else {
			_, err = fmt.Fprintf(std.out, "%s\n    %s\n", report.Safe(id), report.Safe(reason))
		}
		failed = cmp.Or(failed, err)
	}
	runner, err := run.New(o)
	if err != nil {
		return 0, err
	}
	for range runner.Cases() {
		kept++
	}
	if failed != nil {
		return 0, fmt.Errorf("write the list: %w", failed)
	}
	if cmd.Format == "text" {
		fmt.Fprintf(std.out, "%d dropped, %d derived\n", n, kept)
	}
	return report.ExitKept, nil
}

// target is where the requests would go. It is not asked.
func (cmd *listCmd) target(c *spec.Contract, set *config.Config) (*target, error) {
	var err error
	t, from := &target{base: cmd.URL}, "the target's URL"
	if t.params, err = cmd.params(c, set); err != nil {
		return nil, err
	}
	if t.failing, err = cmd.failing(c, set); err != nil {
		return nil, err
	}
	t.admit(set.Credentials)
	if t.base == "" {
		t.base, from = set.Target, set.Name+": target"
	}
	switch {
	case t.base == "" && cmd.builtin(): // as a run without a URL, which is against the reference server
		if len(t.failing) == 0 {
			t.failing = ownFailing(cmd.Profile)
		}
		return unasked(c, t.params, t.failing), nil
	case t.base == "":
		t.base = c.Server
		return t, nil
	}
	_, err = address(from, t.base)
	return t, err
}

// listed is a case as one line of the list. What is wrong with the request, and
// why it would not be sent, is there only where it is so.
type listed struct {
	ID        string          `json:"id"`
	Operation string          `json:"operation"`
	Kind      string          `json:"kind"`
	Expect    contract.Expect `json:"expect"`
	// Method, URL, Headers and Body are the request that the case is about. An
	// earlier step fills in what stands in braces in the URL.
	Method  string      `json:"method"`
	URL     string      `json:"url"`
	Headers http.Header `json:"headers"`
	// Body is null where there is none, and where it is no UTF-8: BodyBase64
	// has it then.
	Body       *string         `json:"body"`
	BodyBase64 []byte          `json:"bodyBase64,omitempty"`
	Breaks     *contract.Break `json:"breaks,omitempty"`
	Statements []string        `json:"statements"`
	Skip       string          `json:"skip,omitempty"`
}

// list describes a case by the step that it is about.
func list(c *contract.Case, base string, recorder *report.Recorder) *listed {
	out := &listed{
		ID: c.ID, Operation: c.Operation, Kind: c.Kind, Expect: c.Expect, Headers: http.Header{},
		Breaks: c.Breaks, Statements: append([]string{}, c.Statements...), Skip: c.Skip,
	}
	for _, step := range slices.Backward(c.Steps) {
		if !step.Cleanup {
			out.about(step.Request, recorder)
			return out
		}
	}
	if op := recorder.Contract.Operation(c.Operation); op != nil { // skipped, so there is no request
		out.about(contract.Request{Method: op.Method, URL: base + op.Path}, recorder)
	}
	return out
}

// about fills in a request, without secrets. Its body is whole, unlike in a
// report.
func (l *listed) about(q contract.Request, recorder *report.Recorder) {
	record := recorder.Request(q)
	l.Method, l.URL = record.Method, record.URL
	if record.Headers != nil {
		l.Headers = record.Headers
	}
	switch {
	case q.Body == nil:
	case utf8.Valid(q.Body):
		text := string(q.Body)
		l.Body = &text
	default:
		l.BodyBase64 = q.Body
	}
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
