package checks

import (
	"slices"

	"github.com/atlas-contract/conformance/contract"
)

var noServerError = Check{
	Name: "no-server-error",
	Doc:  "No request gets a 5xx: whatever is sent, the fault is never the server's (RFC 9110, section 15.6), unless the document declares that very status for the operation, or the request has a method that it does not declare and the status is 501.",
	Run: func(s *Subject) {
		for _, v := range s.Views {
			if !v.Came() {
				continue
			}
			statements := s.Contract.Cites("no-server-error")
			s.Tested(statements...)
			if v.Response.Status < 500 || v.Operation != nil && v.declares(v.Response.Status) || s.mayLack(v) {
				continue
			}
			s.Find(v, contract.Finding{
				Message: "the server failed with " + phrase(v.Response.Status), Place: "status",
				Expected: "a status below 500", Got: phrase(v.Response.Status),
			}, statements...)
		}
	},
}

// mayLack tells that a reply says by 501 that the server has not the method that
// the case is about (RFC 9110, section 15.6.2).
func (s *Subject) mayLack(v *View) bool {
	return v.Main && v.Response.Status == 501 && (slices.Contains(s.Case.Statuses, 501) || slices.Contains(s.Case.Excuses, 501))
}

// declares tells whether the operation names the very status, not only by
// default.
func (v *View) declares(status int) bool {
	for _, r := range v.Operation.Responses {
		if r.Status == itoa(status) {
			return true
		}
	}
	return false
}
