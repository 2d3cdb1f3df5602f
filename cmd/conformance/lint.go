package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/lint"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/openapi"
)

// lintCmd looks for what is wrong with a document.
type lintCmd struct {
	Files         []string `arg:"" optional:"" name:"file" help:"The OpenAPI documents, 3.0 or 3.1, each for itself (default: --spec, else the built-in contract)."`
	documentFlags `embed:"" group:"Contract"`
	paramFlags    `embed:"" group:"Cases"`
	Format        string `default:"text" placeholder:"NAME" help:"text or jsonl (default: ${default})."`
}

// Help is what --help says beyond the flags.
func (*lintCmd) Help() string {
	text := `Nothing is sent. Each problem is a line with its place: file, line, JSON pointer. Exit codes: 0, nothing
is wrong; 1, something is; 2, the document cannot be read.

It looks for:

`
	for _, rule := range lint.Rules() {
		text += fmt.Sprintf("    %-15s %s\n", rule.Name, rule.Doc)
	}
	return text + `
Examples:

    conformance lint
    conformance lint openapi.yaml
    conformance lint openapi.yaml --overlay more.yaml --format jsonl`
}

func (cmd *lintCmd) run(_ context.Context, std *streams) (int, error) {
	print, ok := map[string]func(io.Writer, *spec.Contract, []lint.Problem) error{"text": lintText, "jsonl": lintJSON}[cmd.Format]
	if !ok {
		return 0, fmt.Errorf("unknown lint format %q%s: choose text or jsonl", cmd.Format, config.Hint(cmd.Format, []string{"text", "jsonl"}))
	}
	if len(cmd.Files) > 0 && cmd.Spec != "" {
		return 0, errors.New("the document is named twice: leave out --spec, or the argument")
	}
	if len(cmd.Files) == 0 {
		return cmd.one(cmd.Spec, std.out, print)
	}
	code := report.ExitKept
	for _, file := range cmd.Files {
		one, err := cmd.one(file, std.out, print)
		if err != nil {
			return 0, err
		}
		code = max(code, one)
	}
	return code, nil
}

// one looks at one document.
func (cmd *lintCmd) one(file string, w io.Writer, print func(io.Writer, *spec.Contract, []lint.Problem) error) (int, error) {
	cmd.Spec = file
	c, err := cmd.load()
	if err != nil {
		return 0, err
	}
	problems, err := cmd.problems(c)
	if err != nil {
		return 0, err
	}
	if err := print(w, c, problems); err != nil {
		return 0, fmt.Errorf("write the problems: %w", err)
	}
	return lintExit(problems), nil
}

func lintExit(problems []lint.Problem) int {
	if len(problems) > 0 {
		return report.ExitBroken
	}
	return report.ExitKept
}

// problems are those of the document. What an overlay has changed has no line
// in any file.
func (cmd *lintCmd) problems(c *spec.Contract) ([]lint.Problem, error) {
	set, err := config.Load(cmd.Config, lookup)
	if err != nil {
		return nil, err
	}
	o := lint.Options{Extension: openapi.ExtensionSchema()}
	if o.Params, err = cmd.params(c, set); err != nil {
		return nil, err
	}
	for _, credential := range set.Credentials {
		o.Roles = append(o.Roles, credential.Role)
	}
	problems := lint.Run(c, o)
	if cmd.Profile == observed || len(cmd.Overlay) > 0 {
		for i := range problems {
			if problems[i].File == c.Name {
				problems[i].Line = 0
			}
		}
	}
	return problems, nil
}

func lintText(w io.Writer, c *spec.Contract, problems []lint.Problem) error {
	for _, p := range problems {
		place := p.File
		if p.Line > 0 {
			place += fmt.Sprint(":", p.Line)
		}
		if _, err := fmt.Fprintf(w, "%s: %s: %s (at %s)\n", report.Safe(place), p.Rule, report.Safe(p.Message), report.Safe("#"+p.Pointer)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w, lintSummary(c, len(problems)))
	return err
}

func lintSummary(c *spec.Contract, n int) string {
	if n == 0 {
		return fmt.Sprintf("%s: no problem in %s", report.Safe(c.Name), contract.Plural(len(c.Operations), "operation"))
	}
	return fmt.Sprintf("%s: %s", report.Safe(c.Name), contract.Plural(n, "problem"))
}

// lintJSON writes a line for each problem, and one that ends the list, so that a
// reader can tell no problem from no output.
func lintJSON(w io.Writer, c *spec.Contract, problems []lint.Problem) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for i := range problems {
		if err := encoder.Encode(struct {
			Type string `json:"type"`
			*lint.Problem
		}{"problem", &problems[i]}); err != nil {
			return err
		}
	}
	return encoder.Encode(map[string]any{
		"type": "footer", "document": c.Name, "digest": c.Digest, "operations": len(c.Operations),
		"problems": len(problems), "exit": lintExit(problems),
	})
}
