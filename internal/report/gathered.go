package report

import (
	"cmp"
	"slices"
	"time"

	"github.com/atlas-contract/conformance/contract"
)

// gathered keeps the records of a run, for a format that needs all of them
// before it can write anything.
type gathered struct {
	header   Header
	verdicts []*Verdict
	causes   causes
}

func newGathered() gathered { return gathered{causes: causes{seen: map[string]*cause{}}} }

// Header keeps the header.
func (g *gathered) Header(h *Header) error {
	g.header = *h
	return nil
}

// Verdict keeps a verdict, and counts its causes.
func (g *gathered) Verdict(v *Verdict) error {
	g.verdicts = append(g.verdicts, v)
	for _, f := range Distinct(v) {
		g.causes.add(f, v)
	}
	return nil
}

// Distinct are the findings of a verdict, each fault once.
func Distinct(v *Verdict) []Finding {
	var out []Finding
	seen := map[string]bool{}
	for _, f := range v.Findings {
		if !seen[f.cause()] {
			seen[f.cause()] = true
			out = append(out, f)
		}
	}
	return out
}

// sorted are the causes, the worst first: those that break before those that
// warn, new ones before known ones, and those that the most cases show first.
func (c *causes) sorted() []*cause {
	list := slices.Clone(c.order)
	slices.SortStableFunc(list, func(a, b *cause) int {
		return cmp.Or(cmp.Compare(severity(a), severity(b)), cmp.Compare(b.cases, a.cases))
	})
	return list
}

// severity orders causes.
func severity(c *cause) int {
	n := 0
	if c.finding.Evidence == contract.Assumed {
		n = 1
	}
	if c.finding.Known != nil {
		n += 2
	}
	return n
}

// told is what a case's findings say, and how to ask again, in plain text.
func (g *gathered) told(v *Verdict) string {
	text := Findings(v, Options{})
	if again := Again(&g.header, v); again != "" {
		text += "\n\n    again     " + again
	}
	return text
}

// title is the name of what was held to account.
func (h *Header) title() string { return cmp.Or(h.Contract.Title, h.Contract.Name) }

// stop is when a run ended.
func (h *Header) stop(f *Footer) time.Time {
	return h.Started.Add(time.Duration(f.Millis * float64(time.Millisecond)))
}

// Promise is the statement of a finding in words.
func Promise(f *Finding) string {
	if f.Statement == "" {
		return "the document's own words, without a numbered statement"
	}
	return f.Statement + ", " + string(f.Evidence) + ": " + f.Promise
}
