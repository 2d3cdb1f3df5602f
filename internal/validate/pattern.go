package validate

import (
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/dlclark/regexp2/v2"
)

// matchTimeout bounds one match: a pattern of the document may backtrack
// without end on a text of the target.
const matchTimeout = 250 * time.Millisecond

// pattern is one compiled pattern. It is safe for concurrent use.
type pattern struct {
	text string
	ecma *regexp2.Regexp
	re2  *regexp.Regexp
}

// compilePattern compiles the dialect of JSON Schema, ECMA-262 with Unicode
// semantics. That mode refuses needless escapes such as \_, which the plain mode
// lets pass; and a few documents use what only RE2 knows, such as (?i).
func compilePattern(text string) (*pattern, error) {
	var first error
	for _, mode := range []regexp2.RegexOptions{regexp2.ECMAScript | regexp2.Unicode, regexp2.ECMAScript} {
		ecma, err := regexp2.Compile(text, mode)
		if err == nil {
			ecma.MatchTimeout = matchTimeout
			return &pattern{text: text, ecma: ecma}, nil
		}
		if first == nil {
			first = err
		}
	}
	re2, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("compile pattern %s: %w", quote(text), first)
	}
	return &pattern{text: text, re2: re2}, nil
}

// match tells whether the pattern occurs in s; an error means that it took too
// long to find out.
func (p *pattern) match(s string) (bool, error) {
	if p.re2 != nil {
		return p.re2.MatchString(s), nil
	}
	ok, err := p.ecma.MatchString(s)
	if err != nil {
		return false, fmt.Errorf("match pattern %s within %v", quote(p.text), matchTimeout)
	}
	return ok, nil
}

// MatchString is the match as both libraries want it. A match that takes too
// long is no objection.
func (p *pattern) MatchString(s string) bool {
	ok, err := p.match(s)
	return ok || err != nil
}

// String is the source of the pattern.
func (p *pattern) String() string { return p.text }

// patterns compiles each pattern once for all three opinions of an operation.
type patterns struct{ compiled sync.Map }

type patternResult struct {
	pattern *pattern
	err     error
}

func (ps *patterns) get(text string) (*pattern, error) {
	if found, ok := ps.compiled.Load(text); ok {
		r := found.(patternResult)
		return r.pattern, r.err
	}
	p, err := compilePattern(text)
	ps.compiled.Store(text, patternResult{p, err})
	return p, err
}

// Pattern says why a regular expression of a document cannot be used, nil where
// it can.
func Pattern(text string) error {
	_, err := compilePattern(text)
	return err
}
