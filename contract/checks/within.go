package checks

import (
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// outer is the history of the thing below which another one was made, nil where
// the exchanges show none.
func (s *Subject) outer(op *spec.Operation, v *View) *history {
	r := s.Contract.Resource(op)
	if r == nil || r.Create != op {
		return nil
	}
	parent, param := s.Contract.Parent(r)
	if parent == nil {
		return nil
	}
	for _, h := range s.histories() {
		if h.resource == parent && h.id == v.Params[param] && h.first(made) != nil {
			return h
		}
	}
	return nil
}

// judgeWithin holds what a thing lists against what was made below it
// (x-conformance, creates.within).
func judgeWithin(s *Subject) {
	for _, h := range s.histories() {
		birth, creates := h.first(made), h.resource.Create.Creates
		if birth == nil || creates == nil || creates.Within == "" || birth.view.Recorded {
			continue
		}
		outer := s.outer(h.resource.Create, birth.view)
		if outer == nil {
			continue
		}
		for i := range outer.looks {
			judgeListed(s, h, birth, &outer.looks[i], creates)
		}
	}
}

// judgeListed judges one look at the thing that lists. Between the removal and
// its end the other may be listed or not.
func judgeListed(s *Subject, h *history, birth, l *look, creates *spec.Creates) {
	value, _ := contract.At(l.object, creates.Within)
	list, isList := value.([]any)
	if !l.shows() || !isList || !l.after(*birth) {
		return
	}
	n := 0
	for _, item := range list {
		if text, _ := contract.Text(item); text == h.id {
			n++
		}
	}
	find := func(message, expected string) {
		s.Find(l.view, contract.Finding{
			Message: message, Place: "body", Pointer: l.pointer + creates.Within, Expected: expected, Got: contract.Show(value),
		}, creates.Statements...)
	}
	s.Tested(creates.Statements...)
	deletion, end := h.first(removed), h.first(absent)
	switch {
	case n > 1:
		find("what was made below a thing is listed by it more than once", h.id+" once")
	case n == 0 && (deletion == nil || deletion.after(*l)):
		find("what was made below a thing is not listed by it", "a list with "+h.id)
	case n > 0 && end != nil && l.after(*end):
		find("what is gone is still listed by the thing that it was made below", "a list without "+h.id)
	}
}

// judgeRequired judges that an operation was accepted which needs a thing in
// some state (x-conformance, requires), by the states in which the thing was
// seen before and after.
func judgeRequired(s *Subject, v *View) {
	if v.Operation == nil || !v.Success() || v.Recorded {
		return
	}
	needs := v.Operation.Node.Ext().Get("requires")
	outer := s.outer(v.Operation, v)
	if outer == nil || needs.Get("refused").Text() == "" {
		return
	}
	group := needs.Get("state").Text()
	for _, l := range outer.looks {
		cycle, _, state := l.lifecycle()
		if cycle == nil || !cycle.Knows(state) {
			continue
		}
		before, after := (look{view: v}).after(l), l.after(look{view: v})
		s.Tested(needs.Get("statements").Strings()...)
		if before && !reaches(cycle, []string{state}, cycle.Groups[group]) || after && !reaches(cycle, cycle.Groups[group], []string{state}) {
			s.Find(v, contract.Finding{
				Message: "a request was accepted that needs the thing in another state", Place: "status",
				Expected: needs.Get("refused").Text() + " unless the state is " + strings.Join(cycle.Groups[group], " or "), Got: phrase(v.Response.Status) + " at " + state,
			}, needs.Get("statements").Strings()...)
			return
		}
	}
}

// reaches tells whether one of some states can be, or be followed by, one of
// others.
func reaches(cycle *spec.Lifecycle, from, to []string) bool {
	for _, a := range from {
		for _, b := range to {
			if cycle.Leads(a, b) {
				return true
			}
		}
	}
	return false
}

// listsOthers tells whether a member of a thing lists what is made below it, and
// may change by itself since something there was removed.
func (s *Subject) listsOthers(r *spec.Resource, name string) bool {
	for _, h := range s.histories() {
		creates := h.resource.Create.Creates
		if creates == nil || creates.Within != "/"+spec.Escape(name) || h.first(removed) == nil {
			continue
		}
		if parent, _ := s.Contract.Parent(h.resource); parent == r {
			return true
		}
	}
	return false
}
