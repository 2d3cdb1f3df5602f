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
	Doc:  "What a case waits for comes: the state in which a new thing is of use, or the end of one that was removed. How long that may take no contract says, so this warns; but a reply that says that a removal has been done (2xx but 202), of what has no states and is shown afterwards as before, is broken.",
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
			evidence := contract.Assumed
			message, statements := "what was waited for did not come within %s", s.Contract.Cites("awaited")
			if slices.Contains(step.Until.Statuses, http.StatusNotFound) {
				h := s.historyOf(last)
				if h == nil && !s.removes() || h != nil && h.first(removed) == nil {
					continue // the end of what was not removed does not come
				}
				message, statements = "the removal was accepted, and what was removed is still there after %s", s.Contract.Cites("gone")
				if h != nil {
					statements = goneStatements(s, h)
				}
				if h != nil && h.enacted(last) {
					evidence = contract.Documented
				}
			}
			took := last.Start.Add(last.Elapsed).Sub(first.Start)
			s.Find(last, contract.Finding{
				Evidence: evidence, Place: "body", Pointer: step.Until.Pointer,
				Message:  fmt.Sprintf(message, took.Round(time.Millisecond)),
				Expected: awaitedState(step.Until), Got: lastState(last, step.Until),
			}, statements...)
		}
	},
}

// historyOf is the history of the thing that an exchange shows, nil where nothing
// says which thing that is.
func (s *Subject) historyOf(v *View) *history {
	for _, h := range s.histories() {
		if slices.ContainsFunc(h.looks, func(l look) bool { return l.view == v }) {
			return h
		}
	}
	return nil
}

// removes tells whether a request to remove something was accepted.
func (s *Subject) removes() bool {
	return slices.ContainsFunc(s.Views, func(v *View) bool {
		return v.Request.Method == http.MethodDelete && v.Came() && v.Response.Success()
	})
}

// enacted tells whether the reply to the removal said that it had been done, and
// not only that it would be (202; RFC 9110, section 9.3.5), while an exchange shows
// the thing just as it was before. What has states may be shown in one of them.
func (h *history) enacted(shown *View) bool {
	removal := h.first(removed)
	if removal == nil || removal.view.Response.Status == http.StatusAccepted {
		return false
	}
	var before any
	for i := range h.looks {
		l := &h.looks[i]
		if cycle, _, _ := l.lifecycle(); cycle != nil {
			return false
		}
		switch {
		case !l.shows():
		case l.view == shown:
			return before != nil && contract.Equal(before, l.object)
		case removal.after(*l):
			before = l.object
		}
	}
	return false
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
