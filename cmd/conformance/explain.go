package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/checks"
	"github.com/atlas-contract/conformance/contract/kinds"
	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/spec"
)

// explainCmd says what a word of a report means.
type explainCmd struct {
	Word          string `arg:"" help:"A statement (S5), a check (envelope), a kind (example), an operation or the id of a case."`
	documentFlags `embed:"" group:"Contract"`
}

// Help is what --help says beyond the flags.
func (*explainCmd) Help() string {
	return `Examples:

    conformance explain S5
    conformance explain envelope`
}

func (cmd *explainCmd) run(_ context.Context, std *streams) (int, error) {
	c, err := cmd.load()
	if err != nil {
		return 0, err
	}
	var failing map[string][]string
	if cmd.builtin() {
		failing = ownFailing(cmd.Profile)
	}
	known := vocabulary(c, failing)
	var words []string
	var text strings.Builder
	for _, e := range known {
		if strings.EqualFold(e.word, cmd.Word) {
			e.print(&text)
		}
		words = append(words, e.word)
	}
	if text.Len() == 0 {
		return 0, fmt.Errorf("nothing is called %q%s: give a statement, a check, a kind, an operation or the id of a case", cmd.Word, config.Hint(cmd.Word, words))
	}
	if _, err := io.WriteString(std.out, text.String()); err != nil {
		return 0, fmt.Errorf("write the explanation: %w", err)
	}
	return report.ExitKept, nil
}

// entry is what is to be said about a word.
type entry struct {
	word string
	// sort is what it is, with its article.
	sort string
	// lines are the parts of the explanation.
	lines []string
}

func (e entry) print(w io.Writer) {
	fmt.Fprintf(w, "%s, %s\n", report.Safe(e.word), e.sort)
	for _, line := range e.lines {
		fmt.Fprintf(w, "  %s\n", report.Safe(line))
	}
}

// vocabulary is all that can be explained.
func vocabulary(c *spec.Contract, failing map[string][]string) []entry {
	var out []entry
	for _, s := range c.Statements {
		out = append(out, entry{s.ID, "a statement of the contract", []string{
			s.Text, "evidence: " + string(s.Evidence), "source: " + s.Source, fmt.Sprintf("stands in %s, line %d", c.Name, s.Line),
		}})
	}
	for _, check := range checks.All() {
		lines := []string{check.Doc}
		if cites := c.Cites(check.Name); len(cites) > 0 {
			lines = append(lines, "cites: "+strings.Join(cites, ", "))
		}
		out = append(out, entry{check.Name, "a check", lines})
	}
	for _, kind := range kinds.All() {
		out = append(out, entry{kind.Name, "a kind of cases", []string{kind.Doc}})
	}
	return append(out, operationEntries(c, failing)...)
}

func operationEntries(c *spec.Contract, failing map[string][]string) []entry {
	var out []entry
	for _, op := range c.Operations {
		lines := []string{op.Method + " " + op.Path}
		if summary := op.Node.Get("summary").Text(); summary != "" {
			lines = append(lines, summary)
		}
		if len(op.Statements) > 0 {
			lines = append(lines, "statements: "+strings.Join(op.Statements, ", "))
		}
		out = append(out, entry{op.ID, "an operation", lines})
	}
	runner, err := run.New(unasked(c, nil, failing).options(c, &caseFlags{Seed: 1}))
	if err != nil {
		return out // not reached: without a glob there is nothing to be wrong
	}
	for one := range runner.Cases() {
		lines := []string{fmt.Sprintf("of the kind %s; %s", one.Kind, expected(one.Expect))}
		for _, step := range one.Steps {
			lines = append(lines, "sends "+step.Request.Method+" "+step.Request.URL)
		}
		if b := one.Breaks; b != nil {
			lines = append(lines, strings.TrimRight(fmt.Sprintf("breaks: %s, in the %s %s", b.Keyword, b.In, b.Pointer), " "))
		}
		if one.Skip != "" {
			lines = append(lines, "skipped: "+one.Skip)
		}
		if len(one.Statements) > 0 {
			lines = append(lines, "statements: "+strings.Join(one.Statements, ", "))
		}
		out = append(out, entry{one.ID, "a case", lines})
	}
	return out
}

// expected is an expectation in words.
func expected(e contract.Expect) string {
	if e == contract.Any {
		return "the contract leaves open whether it is accepted, but not with a status of 500 or more"
	}
	return "it is to be " + string(e)
}
