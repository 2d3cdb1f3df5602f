// Package lint tells what is wrong with a document before anything is held
// against it: what is broken, what contradicts itself, and what no test can be
// made of.
//
// A [Rule] is a value, with its name, what it looks for, and a function that
// reports problems; [Rules] is the table of contents. All rules look at the same
// [places]: the document is walked once, along the grammar of OpenAPI rather
// than by the names of members, so that an example which happens to hold a
// member $ref is not taken for a reference.
//
// A problem is certain. Where the two validators differ, or a search has merely
// found nothing, lint keeps silent or says no more than that.
package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/internal/spec"
)

// Problem is one thing that is wrong with a document.
type Problem struct {
	// Rule is the name of the rule that found it.
	Rule string `json:"rule"`
	// File, Line and Pointer are the place: the line is counted from 1, and 0
	// where there is none; the JSON pointer is within the file.
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Pointer string `json:"pointer"`
	// Operation is the id of the operation that it concerns, if it is one.
	Operation string `json:"operation,omitempty"`
	// Message is a sentence: what is wrong, and what would mend it.
	Message string `json:"message"`
}

// Rule is one thing to look for.
type Rule struct {
	// Name is a word with hyphens, unique among all rules.
	Name string
	// Doc says in a sentence what it finds.
	Doc string
	run func(*pass)
}

// Rules are all there are, in the order in which a reader wants to hear of them:
// what comes first may be the cause of what comes later.
func Rules() []Rule {
	return []Rule{
		form, reference, operationID, pathParameter, security, regularExpression,
		unsatisfiable, contradictedExample, extension, citation, noCase,
	}
}

// Options say how to look.
type Options struct {
	// Extension is the JSON Schema of whole documents that holds the rules of
	// x-conformance; nil leaves them out.
	Extension []byte
	// Params are the user's values for path parameters.
	Params map[string]string
	// Roles are the names of the credentials beside the default one.
	Roles []string
}

// Run returns the problems of a document, ordered by file and line, and those
// of one place by rule.
func Run(c *spec.Contract, o Options) []Problem {
	w := walk(c.Root())
	var all []Problem
	for i, rule := range Rules() {
		p := &pass{Options: o, contract: c, places: w, rule: rule.Name, order: i}
		rule.run(p)
		all = append(all, p.found...)
	}
	slices.SortStableFunc(all, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(foreign(c, a), foreign(c, b)), strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return slices.Compact(all)
}

// foreign sorts the document's own file first.
func foreign(c *spec.Contract, p Problem) int {
	if p.File == c.Root().File() {
		return 0
	}
	return 1
}

// pass is one rule at work.
type pass struct {
	Options
	contract *spec.Contract
	places   *places
	rule     string
	order    int
	found    []Problem
}

// report notes a problem at a node.
func (p *pass) report(at spec.Node, format string, args ...any) {
	p.found = append(p.found, Problem{
		Rule: p.rule, File: at.File(), Line: at.Line(), Pointer: at.Pointer(), Message: fmt.Sprintf(format, args...),
	})
}

// about notes a problem of an operation.
func (p *pass) about(op *spec.Operation, at spec.Node, format string, args ...any) {
	p.report(at, format, args...)
	p.found[len(p.found)-1].Operation = op.ID
}

// is30 tells whether the document is of OpenAPI 3.0.
func (p *pass) is30() bool { return strings.HasPrefix(p.contract.OpenAPI, "3.0") }
