package reference

import (
	"crypto/md5"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
)

// realm is the protection space, to the letter (A1).
const realm = "MMS Public API"

// digestAnswer is what an Authorization header of the digest scheme says
// (RFC 7616, section 3.4).
type digestAnswer struct {
	username, realm, nonce, uri, response, algorithm, cnonce, qop, nc string
	// has tells the directives that were there, empty or not.
	has map[string]bool
}

// readDigest reads an Authorization header. It is as liberal as clients need
// (A4): any order, quoted or bare values, any optional white space, unknown
// directives, empty list elements. It refuses what has two meanings: a
// directive given twice, a quotation that does not end.
func readDigest(header string) (digestAnswer, bool) {
	scheme, rest, _ := strings.Cut(strings.TrimLeft(header, " \t"), " ")
	if !strings.EqualFold(scheme, "Digest") {
		return digestAnswer{}, false
	}
	d := digestAnswer{has: make(map[string]bool, 10)}
	for rest = skipCommas(rest); rest != ""; rest = skipCommas(rest) {
		name, value, tail, ok := readDirective(rest)
		if !ok || d.has[name] {
			return digestAnswer{}, false
		}
		d.has[name] = true
		d.set(name, value)
		rest = tail
	}
	return d, true
}

// skipCommas drops list separators; empty elements are legal (RFC 9110,
// section 5.6.1).
func skipCommas(s string) string { return strings.TrimLeft(s, ", \t") }

// readDirective takes name=value from the front of s. The name comes back in
// lower case, the value without its quotes.
func readDirective(s string) (name, value, tail string, ok bool) {
	name, tail, ok = strings.Cut(s, "=")
	name = strings.ToLower(strings.TrimRight(name, " \t"))
	if !ok || name == "" || strings.ContainsAny(name, ", \t\"") {
		return "", "", "", false
	}
	tail = strings.TrimLeft(tail, " \t")
	if strings.HasPrefix(tail, `"`) {
		value, tail, ok = readQuoted(tail[1:])
	} else {
		end := strings.IndexByte(tail, ',')
		if end < 0 {
			end = len(tail)
		}
		value, tail = strings.TrimRight(tail[:end], " \t"), tail[end:]
	}
	after := strings.TrimLeft(tail, " \t")
	return name, value, tail, ok && (after == "" || after[0] == ',')
}

// readQuoted takes the rest of a quoted string, its opening quote gone, and
// resolves backslashes (RFC 9110, section 5.6.4).
func readQuoted(s string) (value, tail string, ok bool) {
	end := strings.IndexAny(s, `"\`)
	if end >= 0 && s[end] == '"' {
		return s[:end], s[end+1:], true
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return b.String(), s[i+1:], true
		case s[i] == '\\' && i+1 < len(s):
			i++
		}
		b.WriteByte(s[i])
	}
	return "", "", false
}

func (d *digestAnswer) set(name, value string) {
	switch name {
	case "username":
		d.username = value
	case "realm":
		d.realm = value
	case "nonce":
		d.nonce = value
	case "uri":
		d.uri = value
	case "response":
		d.response = value
	case "algorithm":
		d.algorithm = value
	case "cnonce":
		d.cnonce = value
	case "qop":
		d.qop = value
	case "nc":
		d.nc = value
	}
}

// fits tells whether the answer is one to the challenge that this server
// sends, whoever gave it and for whatever realm. qop is required although RFC 2617 let clients leave
// it out: an answer without it has no nonce count, so that a copy of it could
// not be told from the original (A6).
func (d *digestAnswer) fits() bool {
	return (d.algorithm == "" || strings.EqualFold(d.algorithm, "MD5")) &&
		strings.EqualFold(d.qop, "auth") &&
		d.has["cnonce"] && d.has["username"] && d.has["nonce"]
}

// count is the nonce count, one to eight hex digits.
func (d *digestAnswer) count() (uint32, bool) {
	if len(d.nc) > 8 {
		return 0, false
	}
	n, err := strconv.ParseUint(d.nc, 16, 32)
	return uint32(n), err == nil
}

// expected is the response that a holder of the key gives (RFC 7616, section
// 3.4.1, for qop=auth).
func (d *digestAnswer) expected(ha1, method string) string {
	ha2 := hash(method, d.uri)
	return hash(ha1, d.nonce, d.nc, d.cnonce, d.qop, ha2)
}

// right compares in constant time, so that a wrong response says nothing about
// the right one.
func (d *digestAnswer) right(ha1, method string) bool {
	return subtle.ConstantTimeCompare([]byte(d.expected(ha1, method)), []byte(d.response)) == 1
}

// hash is the hex MD5 of the parts, joined by colons.
func hash(parts ...string) string {
	var room [512]byte
	text := room[:0]
	for i, part := range parts {
		if i > 0 {
			text = append(text, ':')
		}
		text = append(text, part...)
	}
	sum := md5.Sum(text)
	return hex.EncodeToString(sum[:])
}

// isTarget tells whether a uri directive names the request's target: byte for
// byte what stood in the request line, query included (A4, A5). A target in
// absolute form may be named by its path and query, as clients of a proxy do.
func isTarget(uri string, r *http.Request) bool {
	target := r.RequestURI
	if target == "" { // a request that never was on a wire
		target = r.URL.RequestURI()
	}
	return uri == target || r.URL.IsAbs() && uri == r.URL.RequestURI()
}
