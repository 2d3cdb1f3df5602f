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

// SecretName tells whether a header or query parameter is a secret by its name.
func SecretName(name string) bool {
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
			case SecretName(name):
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

// AuthScheme is the word before the credentials of an Authorization header and
// the space behind it, "" where there is none.
func AuthScheme(value string) string { return scheme.FindString(value) }

// hiddenValue keeps the scheme of an Authorization header.
func hiddenValue(value string) string { return AuthScheme(value) + hidden }

// rspauth proves that the server knows the key (RFC 7616, section 3.5), so that
// the key could be guessed by it.
var rspauth = regexp.MustCompile(`(?i)(\brspauth[ \t]*=[ \t]*)("[^"]*"?|[^", \t]*)`)

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
		if SecretName(name) {
			return pair[:1] + name + "=" + hidden
		}
		return pair
	})
	return r.text(u, maxText)
}
