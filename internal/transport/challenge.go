package transport

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/icholy/digest"
)

// maxNonce bounds what a target can make each later request carry.
const maxNonce = 4 << 10

// challenge is a digest challenge that can be answered.
type challenge struct {
	digest.Challenge
	// base is the algorithm without -sess, and session tells whether it had it.
	base    string
	session bool
	// params are its directives as they came.
	params map[string]string
}

// CheckChallenge says why a 401 with this header cannot be answered with a
// digest, and returns nil where it can.
func CheckChallenge(h http.Header) error {
	_, err := findChallenge(h)
	return err
}

// findChallenge picks the strongest challenge that can be answered from all
// WWW-Authenticate fields, the first of equals.
func findChallenge(h http.Header) (*challenge, error) {
	return pickChallenge(h, func(*challenge) bool { return true })
}

// pickChallenge does so among the challenges that fit.
func pickChallenge(h http.Header, fits func(*challenge) bool) (*challenge, error) {
	var best *challenge
	reason := errors.New("no Digest challenge in WWW-Authenticate")
	for _, line := range h.Values("WWW-Authenticate") {
		asked, err := parseChallenges(line)
		if err != nil {
			reason = err
		}
		for _, params := range asked {
			found, err := newChallenge(params)
			if err != nil {
				reason = err
				continue
			}
			if fits(found) && (best == nil || strength(found.base) > strength(best.base)) {
				best = found
			}
		}
	}
	if best == nil {
		return nil, reason
	}
	return best, nil
}

// strength orders the algorithms of RFC 7616, section 3.3; 0 is none of them.
func strength(algorithm string) int {
	switch algorithm {
	case "MD5":
		return 1
	case "SHA-256":
		return 2
	case "SHA-512-256":
		return 3
	}
	return 0
}

// newChallenge checks the directives of one Digest challenge. Their names come
// in lower case.
func newChallenge(params map[string]string) (*challenge, error) {
	c := &challenge{params: params, Challenge: digest.Challenge{
		Realm:     params["realm"],
		Nonce:     params["nonce"],
		Opaque:    params["opaque"],
		Algorithm: params["algorithm"],
		Stale:     strings.EqualFold(params["stale"], "true"),
		Userhash:  strings.EqualFold(params["userhash"], "true"),
	}}
	c.base = orDefault(strings.ToUpper(c.Algorithm), "MD5")
	c.base, c.session = strings.CutSuffix(c.base, "-SESS")
	qop, offered := params["qop"]
	switch {
	case c.Nonce == "":
		return nil, errors.New("the Digest challenge has no nonce")
	case len(c.Nonce)+len(c.Opaque)+len(c.Realm) > maxNonce:
		return nil, fmt.Errorf("the Digest challenge is longer than %d bytes", maxNonce)
	case strength(c.base) == 0:
		return nil, fmt.Errorf("the Digest challenge wants algorithm %q, which is not supported", clip(c.Algorithm))
	case offered:
		return c, c.choose(qop)
	}
	return c, nil
}

// choose takes auth where it is offered, and auth-int where only that is.
func (c *challenge) choose(qop string) error {
	offer := make(map[string]bool)
	for token := range strings.SplitSeq(qop, ",") {
		offer[strings.ToLower(strings.Trim(token, " \t"))] = true
	}
	switch {
	case offer["auth"]:
		c.QOP = []string{"auth"}
	case offer["auth-int"]:
		c.QOP = []string{"auth-int"}
	case offer[""] && len(offer) == 1:
	default:
		return fmt.Errorf("the Digest challenge offers qop %q, which is not supported", clip(qop))
	}
	return nil
}

// parseChallenges reads one WWW-Authenticate field, a comma-separated list of
// challenges whose own directives are separated by commas too (RFC 9110,
// section 11.6.1), and returns the directives of each Digest challenge. The
// challenges that stand before a mistake are returned with the error; the one
// with the mistake is not, as it may lack what matters.
func parseChallenges(line string) ([]map[string]string, error) {
	var found []map[string]string
	var params map[string]string
	malformed := func(why string) error {
		if params != nil {
			found = found[:len(found)-1]
		}
		return fmt.Errorf("the challenge %q is malformed: %s", clip(line), why)
	}
	s := scanner{rest: line}
	for s.skip(" \t,"); s.rest != ""; s.skip(" \t,") {
		name := s.token()
		if name == "" {
			err := malformed("a name is missing")
			return found, err
		}
		if value, ok, err := s.value(); err != nil {
			err = malformed(err.Error())
			return found, err
		} else if ok {
			if _, given := params[strings.ToLower(name)]; params != nil && !given {
				params[strings.ToLower(name)] = value
			}
			continue
		}
		params = nil
		if strings.EqualFold(name, "Digest") {
			params = make(map[string]string)
			found = append(found, params)
		}
		s.token68()
	}
	return found, nil
}

// scanner takes a header field apart from the left.
type scanner struct{ rest string }

func (s *scanner) skip(set string) { s.rest = strings.TrimLeft(s.rest, set) }

func (s *scanner) token() string {
	n := 0
	for n < len(s.rest) && isTokenByte(s.rest[n]) {
		n++
	}
	token := s.rest[:n]
	s.rest = s.rest[n:]
	return token
}

// value reads = and what follows it, and tells whether there is a value.
func (s *scanner) value() (string, bool, error) {
	after := strings.TrimLeft(s.rest, " \t")
	if !strings.HasPrefix(after, "=") {
		return "", false, nil
	}
	s.rest = strings.TrimLeft(after[1:], " \t")
	if !strings.HasPrefix(s.rest, `"`) {
		return s.bare(), true, nil
	}
	value, err := s.quoted()
	return value, true, err
}

// bare is an unquoted value, read up to the next separator, as some targets
// leave out the quotes around a nonce in base64.
func (s *scanner) bare() string {
	n := strings.IndexAny(s.rest, " \t,")
	if n < 0 {
		n = len(s.rest)
	}
	value := s.rest[:n]
	s.rest = s.rest[n:]
	return value
}

func (s *scanner) quoted() (string, error) {
	var value strings.Builder
	for i := 1; i < len(s.rest); i++ {
		switch s.rest[i] {
		case '"':
			s.rest = s.rest[i+1:]
			return value.String(), nil
		case '\\':
			if i++; i == len(s.rest) {
				continue
			}
		}
		value.WriteByte(s.rest[i])
	}
	return "", errors.New("a quoted string does not end")
}

// token68 skips the single value that other schemes have, such as Negotiate.
func (s *scanner) token68() {
	after := strings.TrimLeft(s.rest, " ")
	n := 0
	for n < len(after) && (isTokenByte(after[n]) || after[n] == '/') {
		n++
	}
	for n < len(after) && after[n] == '=' {
		n++
	}
	if end := strings.TrimLeft(after[n:], " \t"); n > 0 && (end == "" || end[0] == ',') {
		s.rest = end
	}
}
