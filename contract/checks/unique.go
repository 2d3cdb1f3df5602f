package checks

import (
	"github.com/atlas-contract/conformance/contract"
)

var unique = Check{
	Name: "unique",
	Doc:  "While a thing exists no second one is made with the same unique values, in whichever form they are given, and of several creations at the same time one succeeds and the others get the status of a conflict (x-conformance, creates).",
	Run: func(s *Subject) {
		judgeTwins(s)
		judgeTogether(s)
	},
}

// judgeTwins looks for two things at once with the same unique values.
func judgeTwins(s *Subject) {
	owner := map[string]*history{}
	for _, h := range s.histories() {
		birth := h.first(made)
		if birth == nil {
			continue
		}
		key := s.Contract.UniqueKey(birth.view.Operation, birth.view.Exchange)
		if other := owner[key]; key == "" || other == nil || mayBeGone(other, birth) {
			owner[key] = h
			continue
		}
		s.Find(birth.view, contract.Finding{
			Message: "a second thing was made with the same unique values as one that exists", Place: "status",
			Expected: phraseOf(birth.view.Operation.Creates.Conflict), Got: phrase(birth.view.Response.Status),
		}, birth.view.Operation.Creates.Statements...)
	}
}

// mayBeGone tells whether a thing may have ended before another was made. One
// whose removal was accepted before, or that is only known from a recording,
// exists if it is seen again afterwards; any other one, unless it was found
// missing before.
func mayBeGone(h *history, birth *look) bool {
	unsure, seen := birth.view.Recorded, false
	for _, l := range h.looks {
		switch {
		case l.sight == absent && birth.after(l):
			return true
		case l.sight == removed && birth.after(l):
			unsure = true
		case l.shows() && l.sight != made && l.after(*birth):
			seen = true
		}
	}
	return unsure && !seen
}

// judgeTogether judges the replies to copies that were sent at the same time.
func judgeTogether(s *Subject) {
	for i := range s.Case.Steps {
		step := &s.Case.Steps[i]
		op := s.Contract.Operation(step.Operation)
		if step.Copies < 2 || op == nil || op.Creates == nil || len(op.Creates.Unique) == 0 {
			continue
		}
		s.Tested(op.Creates.Statements...)
		for _, v := range s.Views {
			if v.Step != step.Name || !v.Came() || v.Success() || itoa(v.Response.Status) == op.Creates.Conflict || v.Response.Status == 429 {
				continue
			}
			s.Find(v, contract.Finding{
				Message: "of several creations at the same time one got neither a success nor the status of a conflict", Place: "status",
				Expected: "a success for one, " + phraseOf(op.Creates.Conflict) + " for the others", Got: phrase(v.Response.Status),
			}, op.Creates.Statements...)
		}
	}
}
