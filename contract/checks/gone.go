package checks

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/contract"
)

var gone = Check{
	Name: "gone",
	Doc:  "What was removed and has once been found missing stays away: no read shows it and no list has it.",
	Run: func(s *Subject) {
		for _, h := range s.histories() {
			judgeGone(s, h)
		}
	},
}

func judgeGone(s *Subject, h *history) {
	deletion := h.first(removed)
	var missing *look
	for i := range h.looks {
		l := &h.looks[i]
		switch {
		case l.sight == absent && deletion != nil && l.after(*deletion):
			s.Tested(goneStatements(s, h)...)
			if missing == nil {
				missing = l
			}
		case missing == nil || !l.shows() || !l.after(*missing) || l.sight == made:
		default:
			s.Find(l.view, contract.Finding{
				Message: "a thing that was removed, and was gone, is there again", Place: "body", Pointer: l.pointer,
				Expected: "no " + h.id, Got: contract.Show(l.object),
			}, goneStatements(s, h)...)
			return
		}
	}
}

// goneStatements are what the contract says about being gone: in the lifecycle
// of the thing, or for this check.
func goneStatements(s *Subject, h *history) []string {
	for _, l := range h.looks {
		if !l.shows() {
			continue
		}
		if cycle, _, _ := l.lifecycle(); cycle != nil {
			return cycle.Cites("gone")
		}
	}
	return s.Contract.Cites("gone")
}

var awaited = Check{
	Name: "awaited",
	Doc:  "What a case waits for comes: the state in which a new thing is of use, or the end of one that was removed. How long that may take no contract says, so this warns.",
	Run: func(s *Subject) {
		for i := range s.Case.Steps {
			step := &s.Case.Steps[i]
			if step.Until == nil {
				continue
			}
			first, last := s.ends(step.Name)
			if last != nil && last.Came() && metBy(last, step.Until) && step.Until.Pointer != "" {
				s.Tested(s.Contract.Cites("awaited")...)
			}
			if last == nil || !last.Came() || last.Response.Status >= 400 || metBy(last, step.Until) {
				continue
			}
			message, statements := "what was waited for did not come within %s", s.Contract.Cites("awaited")
			if slices.Contains(step.Until.Statuses, http.StatusNotFound) {
				removed, about := s.removalOf(last)
				if !removed {
					continue // the end of what was not removed does not come
				}
				message, statements = "the removal was accepted, and what was removed is still there after %s", about
			}
			took := last.Start.Add(last.Elapsed).Sub(first.Start)
			s.Find(last, contract.Finding{
				Evidence: contract.Assumed, Place: "body", Pointer: step.Until.Pointer,
				Message:  fmt.Sprintf(message, took.Round(time.Millisecond)),
				Expected: awaitedState(step.Until), Got: lastState(last, step.Until),
			}, statements...)
		}
	},
}

// removalOf tells whether a request was accepted to remove the thing that an
// exchange shows, and what the contract says about its end. Where nothing says
// which thing that is, any removal may be meant.
func (s *Subject) removalOf(v *View) (accepted bool, statements []string) {
	for _, h := range s.histories() {
		if slices.ContainsFunc(h.looks, func(l look) bool { return l.view == v }) {
			return h.first(removed) != nil, goneStatements(s, h)
		}
	}
	return slices.ContainsFunc(s.Views, func(v *View) bool {
		return v.Request.Method == http.MethodDelete && v.Came() && v.Response.Success()
	}), s.Contract.Cites("gone")
}

// ends are the first and the last exchange of a step.
func (s *Subject) ends(step string) (first, last *View) {
	for _, v := range s.Views {
		if v.Step != step {
			continue
		}
		if first == nil {
			first = v
		}
		last = v
	}
	return first, last
}

func metBy(v *View, until *contract.Until) bool {
	for _, status := range until.Statuses {
		if v.Response.Status == status {
			return true
		}
	}
	state := lastState(v, until)
	return slices.Contains(until.Values, state) || slices.Contains(until.Vain, state)
}

func awaitedState(until *contract.Until) string {
	if until.Pointer == "" {
		return anyOf(until.Statuses)
	}
	return strings.Join(until.Values, " or ")
}

func lastState(v *View, until *contract.Until) string {
	if until.Pointer == "" {
		return phrase(v.Response.Status)
	}
	value, _ := contract.At(v.Inner, until.Pointer)
	text, _ := contract.Text(value)
	return text
}
