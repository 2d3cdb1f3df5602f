package checks

import (
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var lifecycle = Check{
	Name: "lifecycle",
	Doc:  "A thing begins in an initial state, goes on only to states that may follow, is in a final one once its removal was accepted and never before, and has in each state the members set, or not, that the contract says (x-conformance, lifecycle); what needs it in some state (requires) is not accepted in one that only comes before or after.",
	Run: func(s *Subject) {
		for _, h := range s.histories() {
			judgeStates(s, h)
		}
		for _, v := range s.Views {
			judgeRequired(s, v)
		}
	},
}

// judgeStates walks through the states in which a thing was seen.
func judgeStates(s *Subject, h *history) {
	var before *look
	for i := range h.looks {
		l := &h.looks[i]
		if !l.shows() {
			continue
		}
		cycle, pointer, state := l.lifecycle()
		if cycle == nil || !cycle.Knows(state) { // which states there are the schema says
			continue
		}
		m := moment{s, h, l, cycle, pointer, state}
		if l.sight == made {
			m.begins()
		}
		m.members(cycle.Set, true)
		m.members(cycle.Unset, false)
		if before != nil && l.after(*before) {
			m.follows(before)
		}
		m.ends()
		before = l
	}
}

// moment is a thing in one of its states.
type moment struct {
	s       *Subject
	history *history
	*look
	cycle   *spec.Lifecycle
	at      string
	current string
}

func (m moment) find(about, pointer, message, expected, got string) {
	m.s.Find(m.view, contract.Finding{
		Message: message, Place: "body", Pointer: m.pointer + pointer, Expected: expected, Got: got,
	}, m.cycle.Cites(about)...)
}

// begins judges the state of a new thing.
func (m moment) begins() {
	m.s.Tested(m.cycle.Cites("initial")...)
	if initial := m.cycle.Groups["initial"]; len(initial) > 0 && !slices.Contains(initial, m.current) {
		m.find("initial", m.at, "a new thing is not in an initial state", strings.Join(initial, " or "), m.current)
	}
}

// members judges what is set, or not, in a state.
func (m moment) members(byGroup map[string][]string, set bool) {
	group := m.cycle.Group(m.current)
	for _, pointer := range byGroup[group] {
		value, has := contract.At(m.object, pointer)
		if !has {
			continue // whether it must be there is the schema's word
		}
		m.s.Tested(m.cycle.Cites(group)...)
		switch {
		case set && unset(value):
			m.find(group, pointer, "a member is not set although the state is "+m.current, "a value", contract.Show(value))
		case !set && !unset(value):
			m.find(group, pointer, "a member is set although the state is "+m.current, `null, "" or empty`, contract.Show(value))
		}
	}
}

// unset tells whether a member has no value yet.
func unset(v any) bool {
	list, isList := v.([]any)
	return v == nil || v == "" || isList && len(list) == 0
}

// follows judges the way from the state in which the thing was seen before.
func (m moment) follows(before *look) {
	_, _, last := before.lifecycle()
	m.s.Tested(m.cycle.Cites("transitions")...)
	if last != m.current && !m.cycle.Leads(last, m.current) {
		m.find("transitions", m.at, "the state may not follow the one before", m.allowed(last), last+", then "+m.current)
	}
}

func (m moment) allowed(last string) string {
	next := slices.Concat([]string{last}, m.cycle.Transitions[last])
	return strings.Join(next, " or ")
}

// ends judges the state by whether the removal was accepted before.
func (m moment) ends() {
	final := m.cycle.Groups["final"]
	gone := m.history.first(removed)
	switch {
	case len(final) == 0:
	case gone != nil && m.after(*gone):
		m.s.Tested(m.cycle.Cites("gone")...)
		if !slices.Contains(final, m.current) {
			m.find("gone", m.at, "the removal was accepted, but the state does not show it", strings.Join(final, " or ")+", or gone", m.current)
		}
	case (gone == nil || gone.after(*m.look)) && m.history.first(made) != nil && !m.view.Recorded && slices.Contains(final, m.current):
		m.find("transitions", m.at, "the state is final although nobody removed the thing", "another state", m.current)
	}
}
