package main

import (
	"fmt"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/spec"
)

// caseEntries are the cases, each with what it sends and what it holds.
func caseEntries(c *spec.Contract, cases []*contract.Case, again *report.Repeat) []entry {
	var out []entry
	for _, one := range cases {
		lines := []string{fmt.Sprintf("of the kind %s; %s", one.Kind, holds(c, one))}
		for _, step := range one.Steps {
			lines = append(lines, "sends "+step.Request.Method+" "+contract.Target(step.Request.URL)+times(step.Copies))
		}
		if b := one.Breaks; b != nil {
			lines = append(lines, strings.TrimRight(fmt.Sprintf("breaks: %s, in the %s %s", b.Keyword, b.In, b.Pointer), " "))
		}
		if one.Skip != "" {
			lines = append(lines, "skipped: "+one.Skip)
		}
		for _, id := range one.Statements {
			if s, ok := c.Statement(id); ok {
				lines = append(lines, "promised in "+id+": "+s.Text)
			}
		}
		out = append(out, entry{one.ID, "a case", append(lines, "run it: "+again.Case(one.ID))})
	}
	return out
}

// holds is what a case expects, in words.
func holds(c *spec.Contract, one *contract.Case) string {
	for _, step := range one.Steps {
		if op := c.Operation(step.Operation); step.Copies > 1 && op != nil && op.Creates != nil && op.Creates.Conflict != "" {
			return fmt.Sprintf("of %d requests at the same time exactly one is to succeed, and the others are to get %s", step.Copies, op.Creates.Conflict)
		}
	}
	if one.Expect == contract.Any {
		return "whether it is accepted is left open, but what comes is held to the contract, and to a status below 500"
	}
	return "it is to be " + string(one.Expect)
}

// times tells that a request is sent several times at once.
func times(copies int) string {
	if copies < 2 {
		return ""
	}
	return fmt.Sprintf(", %d times at once", copies)
}
