package checks

import (
	"strconv"

	"github.com/atlas-contract/conformance/contract"
)

func itoa(i int) string { return strconv.Itoa(i) }

var answered = Check{
	Name: "answered",
	Doc:  "Every request gets a whole HTTP reply: no cut connection, no silence until the timeout, nothing that is not HTTP (RFC 9112).",
	Run: func(s *Subject) {
		for _, v := range s.Views {
			if v.Failure == "" {
				continue
			}
			s.Find(v, contract.Finding{
				Message: "the request got no whole reply: " + v.Failure, Place: "status",
				Expected: "a whole HTTP reply", Got: v.Failure,
			}, s.Contract.Cites("answered")...)
		}
	},
}
