package report

import (
	"net/http"
	"regexp"
	"strings"
)

// hidden stands where a secret stood.
const hidden = "[redacted]"

// secretWords mark a header or query parameter as a secret by its name.
var secretWords = []string{"token", "secret", "password", "api-key", "apikey", "api_key", "access_key", "signature"}

func secretName(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "authorization", "proxy-authorization", "cookie", "set-cookie":
		return true
	}
	for _, word := range secretWords {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// headers is a copy without secrets, its values bounded.
func (r *Recorder) headers(h http.Header) http.Header {
	if len(h) == 0 {
		return nil
	}
	out := make(http.Header, len(h))
	for name, values := range h {
		for _, value := range values {
			switch {
			case secretName(name):
				value = hiddenValue(value)
			case strings.Contains(strings.ToLower(name), "authentication-info"):
				value = rspauth.ReplaceAllString(value, "${1}"+hidden)
			}
			out[name] = append(out[name], r.text(value, maxText))
		}
	}
	return out
}

// scheme is the word before the credentials of an Authorization header.
var scheme = regexp.MustCompile(`^(?i:Basic|Bearer|Digest|Negotiate) `)

// hiddenValue keeps the scheme of an Authorization header, and of an answer to a
// digest challenge all but the proof.
func hiddenValue(value string) string {
	word := scheme.FindString(value)
	if strings.EqualFold(word, "Digest ") {
		return word + withoutProof(value[len(word):])
	}
	return word + hidden
}

var (
	// rspauth proves that the server knows the key (RFC 7616, section 3.5), so
	// that the key could be guessed by it.
	rspauth = regexp.MustCompile(`(?i)(\brspauth[ \t]*=[ \t]*)("[^"]*"?|[^", \t]*)`)
	// directive is one of an answer, with what stands before it.
	directive = regexp.MustCompile(`^([, \t]*)([0-9A-Za-z*_-]+)([ \t]*=[ \t]*)("(?:[^"\\]|\\.)*"|[^",\\ \t]+)`)
)

// withoutProof shows the directives of an answer to a digest challenge. None of
// those that are named here depends on the key; any other one may, response
// above all, and so may what cannot be read.
func withoutProof(answer string) string {
	var b strings.Builder
	for answer != "" {
		m := directive.FindStringSubmatch(answer)
		if m == nil {
			if strings.Trim(answer, ", \t") != "" {
				b.WriteString(hidden)
			}
			break
		}
		answer = answer[len(m[0]):]
		value := hidden
		switch strings.ToLower(m[2]) {
		case "username", "username*", "userhash", "realm", "nonce", "uri", "qop", "nc", "cnonce", "algorithm", "opaque":
			value = m[4]
		}
		b.WriteString(m[1] + m[2] + m[3] + value)
	}
	return b.String()
}

var (
	userinfo  = regexp.MustCompile(`^([a-zA-Z][a-zA-Z0-9+.-]*://)[^/?#@]*@`)
	parameter = regexp.MustCompile(`([?&])([^=&#]+)=([^&#]*)`)
)

// url is a URL without userinfo and without the values of query parameters
// whose names say that they are secret. All other bytes stay as sent.
func (r *Recorder) url(u string) string {
	u = userinfo.ReplaceAllString(u, "${1}"+hidden+"@")
	u = parameter.ReplaceAllStringFunc(u, func(pair string) string {
		name, _, _ := strings.Cut(pair[1:], "=")
		if secretName(name) {
			return pair[:1] + name + "=" + hidden
		}
		return pair
	})
	return r.text(u, maxText)
}
