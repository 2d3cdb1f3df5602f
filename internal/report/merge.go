package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/atlas-contract/conformance/internal/coverage"
)

// Stream is a JSON Lines report of a run, or of a part of one.
type Stream struct {
	// Name is what it is called in errors.
	Name string
	io.Reader
}

// Merge joins the reports of parts of a run, each of other cases, to one. They
// must be of the same contract and target.
func Merge(streams []Stream, to Renderer) error {
	m := &merger{to: to, cases: map[string]string{}, statements: map[string]*Statement{}}
	for _, s := range streams {
		m.name = s.Name
		if err := Replay(s, s.Name, m); err != nil {
			return err
		}
	}
	m.footer.Exit = m.exit()
	m.demand()
	list := make([]Statement, 0, len(m.order))
	for _, id := range m.order {
		list = append(list, *m.statements[id])
	}
	return to.End(list, &m.footer)
}

// merger is the renderer that all streams go to.
type merger struct {
	to         Renderer
	name       string
	header     *Header
	cases      map[string]string // id → name of the stream
	statements map[string]*Statement
	order      []string
	footer     Footer
	exits      map[int]bool
}

// Header hands the first header on; the others must fit it.
func (m *merger) Header(h *Header) error {
	if m.header == nil {
		m.header = h
		return m.to.Header(h)
	}
	for _, one := range []struct{ what, was, is string }{
		{"contract", m.header.Contract.Digest, h.Contract.Digest},
		{"profile", m.header.Profile, h.Profile},
		{"target", m.header.Target, h.Target},
	} {
		if one.was != one.is {
			return fmt.Errorf("join %s: it is of another %s than the reports before it: %s, not %s", m.name, one.what, one.is, one.was)
		}
	}
	return nil
}

// Verdict hands a verdict on.
func (m *merger) Verdict(v *Verdict) error {
	if before, twice := m.cases[v.ID]; twice {
		return fmt.Errorf("join %s: the case %s is also in %s; each part must have cases of its own", m.name, v.ID, before)
	}
	m.cases[v.ID] = m.name
	return m.to.Verdict(v)
}

// End adds a part's end to that of the whole.
func (m *merger) End(statements []Statement, f *Footer) error {
	for _, s := range statements {
		m.add(s)
	}
	m.footer.Counts = m.footer.Counts.plus(f.Counts)
	m.footer.Millis = max(m.footer.Millis, f.Millis)
	m.footer.Strict = m.footer.Strict || f.Strict
	m.footer.Stale = append(m.footer.Stale, f.Stale...)
	m.footer.Left = append(m.footer.Left, f.Left...)
	m.footer.Coverage = joined(m.footer.Coverage, f.Coverage)
	exit, text := f.Exit, f.Error
	if f.onlyShort() { // the whole may have met what its part did not
		exit, text = ExitKept, ""
	}
	m.footer.Slowed = m.footer.Slowed.plus(f.Slowed)
	if m.footer.Error == "" {
		m.footer.Error = text
	}
	if m.exits == nil {
		m.exits = map[int]bool{}
	}
	m.exits[exit] = true
	return nil
}

// joined is what two parts have met, as far as they counted it.
func joined(a, b *coverage.Summary) *coverage.Summary {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return coverage.Join(a, b)
}

// demand holds the whole to the coverage that was demanded of a part.
func (m *merger) demand() {
	if m.footer.Exit == ExitKept && m.footer.Coverage.Short() {
		m.footer.Exit, m.footer.Error = ExitBroken, m.footer.Coverage.Sentence()
	}
}

// onlyShort tells that a run failed for nothing but its coverage.
func (f *Footer) onlyShort() bool {
	return f.Exit == ExitBroken && f.Coverage.Short() && f.Error == f.Coverage.Sentence()
}

// add joins a statement with the same one of other parts: the worst state
// counts, and the cases add up.
func (m *merger) add(s Statement) {
	known := m.statements[s.ID]
	if known == nil {
		m.statements[s.ID] = &s
		m.order = append(m.order, s.ID)
		return
	}
	known.Cases += s.Cases
	if slices.Index(states(), s.State) < slices.Index(states(), known.State) {
		known.State, known.Reason = s.State, s.Reason
	}
}

// exit is that of the whole: what is broken outweighs what could not be asked.
func (m *merger) exit() int {
	for _, code := range []int{ExitBroken, ExitUnasked, ExitUsage} {
		if m.exits[code] {
			return code
		}
	}
	others := slices.Sorted(maps.Keys(m.exits))
	if len(others) == 0 {
		return ExitUsage
	}
	return others[len(others)-1]
}

// plus adds counts up.
func (c Counts) plus(d Counts) Counts {
	return Counts{
		Kept: c.Kept + d.Kept, Broken: c.Broken + d.Broken, Warned: c.Warned + d.Warned, Unsent: c.Unsent + d.Unsent,
		Skipped: c.Skipped + d.Skipped, Known: c.Known + d.Known, KnownWarned: c.KnownWarned + d.KnownWarned,
	}
}

// plus adds up how often targets asked for time; nil is never.
func (s *Slowed) plus(o *Slowed) *Slowed {
	if s == nil || o == nil {
		return cmp.Or(s, o)
	}
	return &Slowed{
		Times: s.Times + o.Times, WaitedMillis: s.WaitedMillis + o.WaitedMillis, Repeats: s.Repeats + o.Repeats,
		TooLongMillis: max(s.TooLongMillis, o.TooLongMillis), Ignored: s.Ignored || o.Ignored,
	}
}
