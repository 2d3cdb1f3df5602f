package checks

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

var outcome = Check{
	Name: "outcome",
	Doc:  "A right request is accepted with a 2xx, or a 3xx that the document declares; a wrong one is rejected with a 4xx; a documented example gets a status it is documented under.",
	Run: func(s *Subject) {
		v := s.Last()
		if v == nil || !v.Came() || v.Recorded || aboutAnswers(s.Case) {
			return
		}
		s.Tested(s.Case.Statements...)
		expected := expectation(s.Case)
		if expected == "" || fits(s.Case, v.Response.Status) || v.instead(s.Case) || slices.Contains(s.Case.Excuses, v.Response.Status) {
			return
		}
		doubt := contract.Evidence("")
		message := message(s.Case, v.Response.Status)
		if reason := cmp.Or(s.Case.Doubt, v.unprocessable(s.Case)); reason != "" {
			doubt, message = contract.Assumed, message+"; "+reason
		}
		s.Find(v, contract.Finding{
			Evidence: doubt,
			Message:  message, Place: "status",
			Expected: expected, Got: phrase(v.Response.Status),
		}, s.Case.Statements...)
	},
}

// unprocessable says why a derived request may rightly have got a declared 422:
// its form is right, and of what its values mean no schema tells (RFC 9110,
// section 15.5.21).
func (v *View) unprocessable(c *contract.Case) string {
	if c.Expect == contract.Accepted && c.Kind != "example" && v.Response.Status == 422 && v.declares(422) {
		return "its form is right, and 422 says that its values do not go together, of which a schema cannot tell"
	}
	return ""
}

// fits tells whether a status is among those that the case allows.
func fits(c *contract.Case, status int) bool {
	if len(c.Statuses) > 0 {
		return slices.Contains(c.Statuses, status)
	}
	switch c.Expect {
	case contract.Accepted:
		return status >= 200 && status < 300
	case contract.Rejected:
		return status >= 400 && status < 500
	}
	return true
}

// instead tells whether a right request got a 3xx that the document declares
// for the operation, such as 304 where the client names what it has.
func (v *View) instead(c *contract.Case) bool {
	status := v.Response.Status
	return c.Expect == contract.Accepted && len(c.Statuses) == 0 && status/100 == 3 && v.Operation != nil && v.declares(status)
}

func expectation(c *contract.Case) string {
	switch {
	case len(c.Statuses) > 0:
		return anyOf(c.Statuses)
	case c.Expect == contract.Accepted:
		return "a 2xx"
	case c.Expect == contract.Rejected:
		return "a 4xx"
	}
	return ""
}

func message(c *contract.Case, status int) string {
	switch {
	case c.Expect == contract.Rejected && status < 300:
		return "a request that is wrong was accepted" + because(c)
	case c.Expect == contract.Accepted && status >= 400:
		return "a request that is right was refused"
	}
	return "the reply has another status than the documented one" + because(c)
}

// because names what is wrong with the request of a rejected case.
func because(c *contract.Case) string {
	if c.Breaks == nil {
		return ""
	}
	if c.Breaks.Pointer == "" {
		return fmt.Sprintf(" (%s, in the %s)", c.Breaks.Keyword, c.Breaks.In)
	}
	return fmt.Sprintf(" (%s of %s %s)", c.Breaks.Keyword, c.Breaks.In, c.Breaks.Pointer)
}

// phrase is a status with its name (RFC 9110, section 15).
func phrase(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

// phraseOf is a status as a document writes it, with its name.
func phraseOf(status string) string {
	if n, err := strconv.Atoi(status); err == nil {
		return phrase(n)
	}
	return status
}

// anyOf are statuses of which each will do.
func anyOf(statuses []int) string {
	var list []string
	for _, status := range statuses {
		list = append(list, phrase(status))
	}
	return strings.Join(list, " or ")
}
