package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/checks"
	"github.com/atlas-contract/conformance/contract/kinds"
	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/fault"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/spec"
)

// explainCmd says what a word of a report means.
type explainCmd struct {
	Word          string `arg:"" help:"A statement (S5), a check (envelope), a kind (example), an operation, the id of a case, a fault, a word such as warned, or with --report the fingerprint of a finding."`
	Report        string `placeholder:"FILE" help:"The report of a run in JSON Lines: explains a finding of it by its fingerprint, and says what became of the word in that run."`
	documentFlags `embed:"" group:"Contract"`
}

// Help is what --help says beyond the flags.
func (*explainCmd) Help() string {
	return `What is promised, who says so, how it is tested, and what to do about it. The beginning of a fingerprint is
enough, where no other begins so.

Examples:

    conformance explain S5
    conformance explain envelope
    conformance explain warned
    conformance explain 4f1c --report run.jsonl`
}

func (cmd *explainCmd) run(_ context.Context, std *streams) (int, error) {
	if bare := strings.Trim(cmd.Word, "[]"); fingerprint.MatchString(bare) {
		cmd.Word = bare // as the report has it
	}
	c, err := cmd.load()
	if err != nil {
		return 0, err
	}
	var text strings.Builder
	var failing map[string][]string
	if cmd.builtin() {
		failing = ownFailing(cmd.Profile)
	}
	again, came := cmd.again(), []entry(nil)
	if cmd.Report != "" {
		past, err := readPast(cmd.Report, std.in)
		if err != nil {
			return 0, err
		}
		came = past.entries(cmd.Word)
		if past.header.Repeat != nil {
			again = past.header.Repeat
		}
	}
	known := append(vocabulary(c, cmd.builtin(), failing, again), came...)
	var words []string
	for _, e := range known {
		if strings.EqualFold(e.word, cmd.Word) {
			e.print(&text)
		}
		words = append(words, e.word)
	}
	if text.Len() == 0 {
		return 0, cmd.unknown(words)
	}
	if _, err := io.WriteString(std.out, text.String()); err != nil {
		return 0, fmt.Errorf("write the explanation: %w", err)
	}
	return report.ExitKept, nil
}

// again is how the cases are asked, of whichever server.
func (cmd *explainCmd) again() *report.Repeat {
	run := words{"conformance", "run"}
	if !cmd.builtin() {
		run = append(run, "URL")
	}
	return &report.Repeat{Run: append(run, cmd.documentFlags.words(nil)...).String()}
}

// fingerprint is what one looks like, or its beginning.
var fingerprint = regexp.MustCompile(`^[0-9a-f]{4,16}$`)

// unknown is the error for a word that means nothing here.
func (cmd *explainCmd) unknown(words []string) error {
	if hint := config.Hint(cmd.Word, words); hint != "" || !fingerprint.MatchString(cmd.Word) {
		return fmt.Errorf("nothing is called %q%s: give a statement, a check, a kind, an operation, the id of a case, a fault, or a word such as warned", cmd.Word, hint)
	}
	if cmd.Report == "" {
		return fmt.Errorf("%q looks like the fingerprint of a finding: name the report that has it with --report FILE", cmd.Word)
	}
	return fmt.Errorf("no finding in %s has a fingerprint that begins with %q", cmd.Report, cmd.Word)
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

// vocabulary is all that can be explained without a report.
func vocabulary(c *spec.Contract, builtin bool, failing map[string][]string, again *report.Repeat) []entry {
	var faults []fault.Fault
	if builtin { // the faults are those of the reference server, which speaks that contract
		faults = fault.All()
	}
	cases := derived(c, failing)
	out := statementEntries(c, cases, faults)
	out = append(out, checkEntries(c, faults)...)
	out = append(out, kindEntries(cases, again.Run)...)
	out = append(out, operationEntries(c, cases, again.Run)...)
	out = append(out, caseEntries(c, cases, again)...)
	out = append(out, faultEntries(faults)...)
	return append(out, fixedWords()...)
}

// derived are the cases of the contract.
func derived(c *spec.Contract, failing map[string][]string) []*contract.Case {
	runner, err := run.New(unasked(c, nil, failing).options(c, &caseFlags{Seed: 1}))
	if err != nil {
		return nil // not reached: without a glob there is nothing to be wrong
	}
	return slices.Collect(runner.Cases())
}

func statementEntries(c *spec.Contract, cases []*contract.Case, faults []fault.Fault) []entry {
	var out []entry
	for _, s := range c.Statements {
		lines := []string{
			s.Text, "evidence: " + string(s.Evidence), "source: " + s.Source, fmt.Sprintf("stands in %s, line %d", c.Name, s.Line),
		}
		lines = add(lines, "checks that cite it", citing(c, s.ID, faults))
		about, first := count(cases, func(one *contract.Case) bool { return slices.Contains(one.Statements, s.ID) })
		if about > 0 {
			lines = append(lines, fmt.Sprintf("cases about it: %d, such as %s", about, first))
		}
		lines = proved(lines, faults, func(f fault.Fault) bool { return f.Statement == s.ID })
		out = append(out, entry{s.ID, "a statement of the contract", lines})
	}
	return out
}

// citing are the checks that may find a statement broken: those that the
// document ties to it, and those that a fault names which breaks it.
func citing(c *spec.Contract, id string, faults []fault.Fault) []string {
	var out []string
	for _, check := range checks.All() {
		names := func(f fault.Fault) bool { return f.Statement == id && slices.Contains(f.Checks, check.Name) }
		if slices.Contains(c.Cites(check.Name), id) || slices.ContainsFunc(faults, names) {
			out = append(out, check.Name)
		}
	}
	return out
}

func checkEntries(c *spec.Contract, faults []fault.Fault) []entry {
	var out []entry
	for _, check := range checks.All() {
		lines := add([]string{check.Doc}, "cites", c.Cites(check.Name))
		lines = proved(lines, faults, func(f fault.Fault) bool { return slices.Contains(f.Checks, check.Name) })
		out = append(out, entry{check.Name, "a check", append(lines, "it reads every exchange that has something for it, of cases of every kind")})
	}
	return out
}

func kindEntries(cases []*contract.Case, ask string) []entry {
	var out []entry
	for _, kind := range kinds.All() {
		lines := []string{kind.Doc}
		n, first := count(cases, func(one *contract.Case) bool { return one.Kind == kind.Name })
		switch {
		case n > 0:
			lines = append(lines, fmt.Sprintf("cases of this contract: %d, such as %s", n, first), "run them: "+ask+" --run "+report.Quoted("*/"+kind.Name+"/*"))
		default:
			lines = append(lines, "no case of this kind follows from this contract by itself")
		}
		out = append(out, entry{kind.Name, "a kind of cases", lines})
	}
	return out
}

func operationEntries(c *spec.Contract, cases []*contract.Case, ask string) []entry {
	var out []entry
	for _, op := range c.Operations {
		lines := []string{op.Method + " " + op.Path}
		if summary := op.Node.Get("summary").Text(); summary != "" {
			lines = append(lines, summary)
		}
		lines = add(lines, "statements", op.Statements)
		n, first := count(cases, func(one *contract.Case) bool { return one.Operation == op.ID })
		if n > 0 {
			lines = append(lines, fmt.Sprintf("cases: %d, such as %s", n, first), "run them: "+ask+" --run "+report.Quoted(op.ID+"/*"))
		}
		lines = append(lines, fmt.Sprintf("stands in %s, line %d", op.Node.File(), op.Node.Line()))
		out = append(out, entry{op.ID, "an operation", lines})
	}
	return out
}

func faultEntries(faults []fault.Fault) []entry {
	var out []entry
	for _, f := range faults {
		lines := add([]string{f.Doc}, "breaks", []string{f.Statement})
		lines = add(lines, "checks that may report it", f.Checks)
		if f.Profile != "" {
			lines = append(lines, "a fault in the profile "+string(f.Profile)+" only")
		}
		out = append(out, entry{f.Name, "a fault of the reference server", append(lines,
			"serve it: conformance serve --fault "+f.Name, "try it: conformance selftest --run "+f.Name)})
	}
	return out
}

// add adds a line that lists words, if there are any; of many the first few.
func add(lines []string, label string, words []string) []string {
	const few = 6
	switch n := len(words); {
	case n == 0 || n == 1 && words[0] == "":
		return lines
	case n > few:
		return append(lines, fmt.Sprintf("%s: %s and %d more", label, strings.Join(words[:few], ", "), n-few))
	}
	return append(lines, label+": "+strings.Join(words, ", "))
}

// count is how many of the cases are meant, and the id of the first.
func count(cases []*contract.Case, meant func(*contract.Case) bool) (n int, first string) {
	for _, one := range cases {
		if meant(one) {
			n++
			first = cmp.Or(first, one.ID)
		}
	}
	return n, first
}

// proved adds how many faults of the reference server prove that a breach is
// found. Their names are of use to who works on the suite, not to who has a
// server of his own.
func proved(lines []string, faults []fault.Fault, meant func(fault.Fault) bool) []string {
	n := 0
	for _, f := range faults {
		if meant(f) {
			n++
		}
	}
	if n == 0 {
		return lines
	}
	return append(lines, fmt.Sprintf("seeded faults that prove that a breach is found: %d; conformance selftest --list names them", n))
}
