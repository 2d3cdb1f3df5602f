package contract

import (
	"regexp"
	"strings"
)

// directive is one of an answer to a digest challenge, with what stands before
// it.
var directive = regexp.MustCompile(`^([, \t]*)([0-9A-Za-z*_-]+)([ \t]*=[ \t]*)("(?:[^"\\]|\\.)*"|[^",\\ \t]+)`)

// WithoutProof is an answer to a digest challenge (RFC 7616, section 3.4) as it
// may be shown. None of the directives that are named here depends on the key,
// and without response nobody can guess it by them; in the place of any other
// one stands the mask, and in that of what cannot be read.
func WithoutProof(answer, mask string) string {
	var b strings.Builder
	for answer != "" {
		m := directive.FindStringSubmatch(answer)
		if m == nil {
			if strings.Trim(answer, ", \t") != "" {
				b.WriteString(mask)
			}
			break
		}
		answer = answer[len(m[0]):]
		value := mask
		switch strings.ToLower(m[2]) {
		case "username", "username*", "userhash", "realm", "nonce", "uri", "qop", "nc", "cnonce", "algorithm", "opaque":
			value = m[4]
		}
		b.WriteString(m[1] + m[2] + m[3] + value)
	}
	return b.String()
}
