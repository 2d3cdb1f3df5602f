package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/report"
)

// past is a run that is over, read from its report.
type past struct {
	name     string
	header   *report.Header
	verdicts map[string]string // case → what it came to
	states   []report.Statement
	findings []pastFinding
}

// pastFinding is a fault with the verdict that showed it first.
type pastFinding struct {
	report.Finding
	verdict *report.Verdict
	cases   int
}

// readPast reads a report in JSON Lines, from standard input for "-".
func readPast(name string, in io.Reader) (*past, error) {
	stream, err := openReport(name, in)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	p := &past{name: name, verdicts: map[string]string{}}
	return p, report.Replay(stream, name, p)
}

// Header keeps the header.
func (p *past) Header(h *report.Header) error {
	p.header = h
	return nil
}

// Verdict keeps what a case came to, and each fault with its first verdict.
func (p *past) Verdict(v *report.Verdict) error {
	p.verdicts[v.ID] = string(v.Outcome)
	if v.Reason != "" {
		p.verdicts[v.ID] += ": " + v.Reason
	}
	counted := map[string]bool{}
	for _, f := range v.Findings {
		if counted[f.Fingerprint] {
			continue
		}
		counted[f.Fingerprint] = true
		i := slices.IndexFunc(p.findings, func(known pastFinding) bool { return known.Fingerprint == f.Fingerprint })
		if i < 0 {
			i = len(p.findings)
			p.findings = append(p.findings, pastFinding{Finding: f, verdict: v})
		}
		p.findings[i].cases++
	}
	return nil
}

// End keeps the statements.
func (p *past) End(statements []report.Statement, _ *report.Footer) error {
	p.states = statements
	return nil
}

// entries are what the run has to say about a word.
func (p *past) entries(word string) []entry {
	in := "in " + p.name
	var out []entry
	for _, s := range p.states {
		lines := []string{fmt.Sprintf("%s, tested by %s", s.State, contract.Plural(s.Cases, "case"))}
		if s.Reason != "" {
			lines = append(lines, s.Reason)
		}
		for _, f := range p.findings {
			if f.Statement == s.ID {
				lines = append(lines, fmt.Sprintf("finding %s, by the check %s, in %s: %s", f.Fingerprint, f.Check, contract.Plural(f.cases, "case"), f.Message))
			}
		}
		out = append(out, entry{s.ID, in, lines})
	}
	if came, is := p.verdicts[word]; is {
		out = append(out, entry{word, in, []string{came}})
	}
	var meant []pastFinding
	for _, f := range p.findings {
		if fingerprint.MatchString(word) && strings.HasPrefix(f.Fingerprint, word) {
			meant = append(meant, f)
		}
	}
	if len(meant) == 1 {
		out = append(out, entry{word, "a finding " + in, p.about(meant[0])})
	}
	return out
}

// about tells all of a finding.
func (p *past) about(f pastFinding) []string {
	promise := report.Promise(&f.Finding)
	if f.Statement != "" { // its evidence has a line of its own
		promise = f.Statement + ": " + f.Promise
	}
	var lines []string
	for _, one := range [][2]string{
		{"what is wrong", f.Message},
		{"promise", promise},
		{"evidence", string(f.Evidence)},
		{"source", f.Source},
		{"check", f.Check},
		{"expected", f.Expected},
		{"got", f.Got},
		{"where", strings.TrimSpace(f.Place + " " + f.Pointer)},
		{"cases", fmt.Sprintf("%d, first %s", f.cases, f.verdict.ID)},
		{"known", letBe(f.Known)},
		{"fingerprint", f.Fingerprint},
		{"ask again", report.Again(p.header, f.verdict)},
	} {
		if one[1] != "" {
			lines = append(lines, one[0]+": "+one[1])
		}
	}
	fix := "to fix: make the server do what is expected"
	if f.verdict.Line > 0 {
		fix += fmt.Sprintf("; or, if the document is wrong, change it near %s, line %d", f.verdict.File, f.verdict.Line)
	}
	return append(lines, fix)
}

func letBe(reason *string) string {
	if reason == nil {
		return ""
	}
	return "let be: " + *reason
}
