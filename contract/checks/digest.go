package checks

import (
	"slices"

	"github.com/atlas-contract/conformance/contract"
)

var digest = Check{
	Name: "digest",
	Doc:  "A right answer to a digest challenge is let in, if not at once, then with the fresh nonce of a challenge that says stale=true; a wrong answer gets 401 before anything else is looked at, and no stale=true, which would send the client round in circles (RFC 7616, sections 3.3 and 3.4).",
	Run: func(s *Subject) {
		for _, v := range s.Views {
			step := s.step(v)
			if step == nil || step.Answer == nil || !v.Came() || slices.Contains(s.Case.Excuses, v.Response.Status) {
				continue
			}
			switch s.expected(step) {
			case contract.Accepted:
				judgeAdmitted(s, v)
			case contract.Rejected:
				judgeTurnedAway(s, v, step)
			}
		}
	},
}

// step is the step of the case that an exchange belongs to, nil where there is
// none.
func (s *Subject) step(v *View) *contract.Step {
	for i := range s.Case.Steps {
		if s.Case.Steps[i].Name == v.Step {
			return &s.Case.Steps[i]
		}
	}
	return nil
}

// expected is what a step is to get: what the case expects, for its main step.
func (s *Subject) expected(step *contract.Step) contract.Expect {
	switch {
	case step.Name == mainStep(s.Case):
		return s.Case.Expect
	case step.Expect == "":
		return contract.Accepted
	}
	return step.Expect
}

// aboutAnswers tells whether a case is about how a challenge is answered, so
// that its outcome is for the check of digests to judge.
func aboutAnswers(c *contract.Case) bool {
	name := mainStep(c)
	return slices.ContainsFunc(c.Steps, func(step contract.Step) bool { return step.Name == name && step.Answer != nil })
}

// judgeAdmitted reports a right answer that is refused. Any other reply shows
// that the answer was let in, whatever became of the request then.
func judgeAdmitted(s *Subject, v *View) {
	if v.Answered != nil && v.Main {
		s.Tested(s.Case.Statements...)
	}
	status := v.Response.Status
	if status != 401 && (status != 403 || v.declares(401)) {
		return
	}
	message := "a right answer to the challenge is refused"
	if v.Answered == nil {
		message = "there is no challenge that could be answered"
	} else if v.Challenge != nil && v.Challenge.Answered != nil {
		message = "a right answer to a fresh nonce is called stale again and again"
	}
	s.Find(v, s.doubted(contract.Finding{
		Message: message, Place: "status", Expected: "any status but " + phrase(status), Got: phrase(status),
	}), s.Case.Statements...)
}

// wrongly names what is wrong with the answer that the case is about.
func (s *Subject) wrongly(v *View) string {
	if s.Case.Breaks == nil || !v.Main {
		return ""
	}
	return " (" + s.Case.Breaks.Keyword + ")"
}

// doubted is a finding with the case's doubt about it.
func (s *Subject) doubted(f contract.Finding) contract.Finding {
	if s.Case.Doubt != "" {
		f.Evidence, f.Message = contract.Assumed, f.Message+"; "+s.Case.Doubt
	}
	return f
}

// judgeTurnedAway reports a wrong answer that is let in, or gets past the door.
func judgeTurnedAway(s *Subject, v *View, step *contract.Step) {
	status := v.Response.Status
	if v.Main {
		s.Tested(s.Case.Statements...)
	}
	statuses := []int{401, 403}
	if v.Main {
		statuses = s.Case.Statuses
	}
	switch {
	case slices.Contains(statuses, status):
		judgeRefusal(s, v, step)
	case status < 400:
		message := "a wrong answer to the challenge is let in" + s.wrongly(v)
		switch {
		case step.Answer.Scheme != "":
			message = "credentials are let in under a scheme that the document does not have" + s.wrongly(v)
		case v.Answered == nil:
			message = "a request without credentials is let in"
		}
		s.Find(v, s.doubted(contract.Finding{
			Message: message, Place: "status",
			Expected: anyOf(refusals(statuses)), Got: phrase(status),
		}), s.Case.Statements...)
	case status < 500:
		s.Find(v, s.doubted(contract.Finding{
			Message: "the request is not refused for its wrong credentials" + s.wrongly(v), Place: "status",
			Expected: anyOf(refusals(statuses)), Got: phrase(status),
		}), s.Case.Statements...)
	}
}

// refusals are the statuses that refuse an answer, first the one that asks for
// credentials: it is what the statements promise.
func refusals(statuses []int) []int {
	if !slices.Contains(statuses, 401) {
		return statuses
	}
	others := slices.DeleteFunc(slices.Clone(statuses), func(status int) bool { return status == 401 })
	return append([]int{401}, others...)
}

// judgeRefusal looks at what the new challenge says of the nonce.
func judgeRefusal(s *Subject, v *View, step *contract.Step) {
	statements := s.Contract.Cites("digest-replay")
	asked := digests(*v.Response)
	if len(asked) == 0 || v.Answered == nil || len(statements) == 0 {
		return
	}
	switch again := v.Challenge != nil && v.Challenge.Answered != nil; {
	case step.Answer.Again && !asked[0].stale():
		s.Find(v, contract.Finding{
			Evidence: contract.Assumed, Message: "the challenge after a replay does not say that the nonce is at fault", Place: "header",
			Pointer: "WWW-Authenticate", Expected: "stale=true", Got: "stale=" + asked[0].values["stale"],
		}, statements...)
	case again && asked[0].stale() && !v.Answered.Right:
		s.Find(v, contract.Finding{
			Evidence: contract.Assumed, Message: "a wrong key is told that its nonce is at fault, although the nonce is fresh", Place: "header",
			Pointer: "WWW-Authenticate", Expected: "no stale=true", Got: "stale=true",
		}, statements...)
	}
}
