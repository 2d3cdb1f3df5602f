package report

import (
	"cmp"
	"time"
)

// gathered keeps the records of a run, for a format that needs all of them
// before it can write anything.
type gathered struct {
	header   Header
	verdicts []*Verdict
	causes   causes
}

func newGathered(by grouping) gathered { return gathered{causes: newCauses(by)} }

// Header keeps the header.
func (g *gathered) Header(h *Header) error {
	g.header = *h
	return nil
}

// Verdict keeps a verdict, and counts its causes.
func (g *gathered) Verdict(v *Verdict) error {
	g.verdicts = append(g.verdicts, v)
	for _, o := range g.causes.of(v) {
		g.causes.add(o, v)
	}
	return nil
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
