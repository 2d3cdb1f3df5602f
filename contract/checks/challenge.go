package checks

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var challenge = Check{
	Name: "challenge",
	Doc:  "A 401 to a request without credentials, or with wrong ones, asks for those that the document names in a well-formed WWW-Authenticate header (RFC 9110, section 11.6.1; RFC 7616, section 3.3), in the form and as often as the document declares it. The reply before an answered challenge is judged too.",
	Run: func(s *Subject) {
		for _, v := range s.Views {
			for _, e := range roundTrips(v.Exchange) {
				if e.Final().Status == 401 && v.Operation != nil {
					judgeChallenge(s, v, e)
				}
			}
		}
	},
}

// roundTrips are an exchange and those in which the target asked for
// credentials before, the first one first.
func roundTrips(e *contract.Exchange) []*contract.Exchange {
	var out []*contract.Exchange
	for ; e != nil; e = e.Challenge {
		out = append(out, e)
	}
	slices.Reverse(out)
	return out
}

func judgeChallenge(s *Subject, v *View, e *contract.Exchange) {
	j := &challengeJudge{s: s, v: v, e: e, guards: s.Contract.Guards(v.Operation)}
	j.statements = s.Contract.Cites("challenge")
	if len(j.statements) == 0 && len(j.guards) > 0 {
		j.statements = s.Contract.Promises(j.guards[0], "challenge")
	}
	lines := e.Final().Header.Values("WWW-Authenticate")
	all, err := askings(e.Final().Header)
	if len(lines) > 0 {
		s.Tested(j.statements...)
	}
	switch {
	case err != nil:
		j.find("the challenge is malformed: "+err.Error(), "a challenge as in RFC 9110, section 11.6.1", "")
		return
	case len(lines) == 0:
		j.missing()
		return
	}
	j.schemes(all)
	for _, a := range all {
		if strings.EqualFold(a.scheme, "digest") {
			j.digest(a)
		}
	}
	j.form(lines)
}

// challengeJudge looks at the challenge of one reply.
type challengeJudge struct {
	s          *Subject
	v          *View
	e          *contract.Exchange
	guards     []spec.Guard
	statements []string
}

func (j *challengeJudge) find(message, expected string, evidence contract.Evidence) {
	if j.e != j.v.Exchange {
		message += " (in the reply that asked for credentials)"
	}
	got := strings.Join(j.e.Final().Header.Values("WWW-Authenticate"), "\n")
	if got == "" {
		got = "none"
	}
	j.s.Find(j.v, contract.Finding{
		Evidence: evidence, Message: message, Place: "header", Pointer: "WWW-Authenticate",
		Expected: expected, Got: contract.Clip(got, 300),
	}, j.statements...)
}

// missing reports a 401 without any challenge where one is needed: a request
// with the right credentials needs none, since others will not help it.
func (j *challengeJudge) missing() {
	if j.e.Recorded || !j.unproven() || len(j.named()) == 0 || j.v.requires("WWW-Authenticate") && j.e == j.v.Exchange {
		return
	}
	j.find("a 401 does not say which credentials are needed", "a challenge of "+strings.Join(j.named(), " or "), j.evidence())
}

// evidence: without its challenge nobody can answer a digest; other clients
// know beforehand what to send, and servers that forget it are common.
func (j *challengeJudge) evidence() contract.Evidence {
	if slices.Contains(j.named(), "digest") || len(j.statements) > 0 {
		return ""
	}
	return contract.Assumed
}

// named are the guards that have challenges.
func (j *challengeJudge) named() []string {
	var out []string
	for _, g := range j.guards {
		if g.Scheme != "apiKey" {
			out = append(out, g.Scheme)
		}
	}
	return out
}

// unproven tells whether the request had no credentials, or wrong ones.
func (j *challengeJudge) unproven() bool {
	if j.e.Request.Header.Get("Authorization") == "" {
		return true
	}
	step := j.s.step(j.v)
	return step != nil && (step.Answer != nil || step.Credential == "none") && j.s.expected(step) == contract.Rejected
}

// schemes reports challenges none of which is of a scheme that the operation
// has.
func (j *challengeJudge) schemes(all []asking) {
	named := j.named()
	if j.e.Recorded || !j.unproven() || len(named) == 0 {
		return
	}
	for _, a := range all {
		if slices.ContainsFunc(named, func(name string) bool { return strings.EqualFold(name, a.scheme) }) {
			return
		}
	}
	j.find("a 401 asks for other credentials than the document names", "a challenge of "+strings.Join(named, " or "), j.evidence())
}

// digest reports what RFC 7616, section 3.3, demands of a digest challenge. It
// says nothing about quotes, which a proxy may rewrite, nor about directives
// that have a default.
func (j *challengeJudge) digest(a asking) {
	const form = "a challenge as in RFC 7616, section 3.3"
	_, realm := a.values["realm"]
	stale, has := a.values["stale"]
	qop, offered := a.values["qop"]
	switch {
	case !realm:
		j.find("the digest challenge has no realm", form, "")
	case a.values["nonce"] == "":
		j.find("the digest challenge has no nonce", form, "")
	case a.twice != "":
		j.find(fmt.Sprintf("the digest challenge has the directive %s twice", a.twice), form, "")
	case has && !strings.EqualFold(stale, "true") && !strings.EqualFold(stale, "false"):
		j.find("stale is neither true nor false in the digest challenge", form, contract.Assumed)
	case !offered:
		j.find("the digest challenge offers no qop, so that answers to it can be replayed", form, contract.Assumed)
	case !slices.ContainsFunc(strings.Split(qop, ","), func(word string) bool {
		word = strings.ToLower(strings.TrimSpace(word))
		return word == "auth" || word == "auth-int"
	}):
		j.find("the digest challenge offers neither the qop auth nor auth-int", form, contract.Assumed)
	}
}

// form holds the lines to the declared form of the header. For the reply that
// is the exchange's own, the check of the headers does, if there is one line.
func (j *challengeJudge) form(lines []string) {
	declared := j.v.Operation.Response(401)
	if declared == nil {
		return
	}
	for _, h := range declared.Headers {
		pattern, err := regexp.Compile(h.Schema.Resolve().Get("pattern").Text())
		if !strings.EqualFold(h.Name, "WWW-Authenticate") || err != nil || pattern.String() == "" {
			continue
		}
		cited := h.Node.Ext().Get("statements").Strings()
		j.s.Tested(cited...)
		j.statements = append(cited, j.statements...)
		joined := pattern.MatchString(strings.Join(lines, ", "))
		each := !slices.ContainsFunc(lines, func(line string) bool { return !pattern.MatchString(line) })
		switch {
		case joined:
		case len(lines) > 1 && each:
			j.find("there are several challenges where the document declares one", "one WWW-Authenticate header", "")
		case j.e != j.v.Exchange:
			j.find("the challenge has not the declared form", pattern.String(), "")
		}
	}
}
