package main

import (
	"fmt"

	"github.com/atlas-contract/conformance/contract"
)

// uniform notices that a target gives every request the same status, which says
// more about the URL or the credentials than about the cases.
type uniform struct {
	status, replies int
	differ          bool
}

// fewReplies is how many replies may well be all the same.
const fewReplies = 10

// add looks at the replies of a case.
func (u *uniform) add(v contract.Verdict) {
	for _, e := range v.Exchanges {
		if e.Response == nil {
			continue
		}
		status := e.Final().Status
		u.differ = u.differ || u.replies > 0 && status != u.status
		u.status = status
		u.replies++
	}
}

// note says what may be the matter, "" where nothing is to be noticed.
func (u *uniform) note() string {
	if u.differ || u.replies < fewReplies {
		return ""
	}
	var cause string
	switch s := u.status; {
	case s == 401 || s == 403:
		cause = "give the credentials that the target wants, or check them"
	case s == 404 || s == 405 || s/100 == 3:
		cause = "check the URL and its base path"
	case s == 429:
		cause = "ask more slowly, with --rate"
	case s >= 500:
		cause = "the target, or what stands before it, does not work at all"
	default:
		cause = "the target does not seem to read the requests"
	}
	return fmt.Sprintf("each of the %d requests got the status %d: %s", u.replies, u.status, cause)
}
