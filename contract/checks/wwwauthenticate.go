package checks

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// asking is one challenge of a WWW-Authenticate header (RFC 9110, section
// 11.6.1). The names of its directives are in lower case.
type asking struct {
	scheme string
	values map[string]string
	// twice is a directive that stands more than once, "" where none does.
	twice string
}

// stale tells that the challenge calls a nonce stale (RFC 7616, section 3.3).
func (a *asking) stale() bool { return strings.EqualFold(a.values["stale"], "true") }

// askings are the challenges of all WWW-Authenticate lines of a reply. The
// error says what is malformed; what stands before that is returned with it.
func askings(h http.Header) ([]asking, error) {
	var out []asking
	var first error
	for _, line := range h.Values("WWW-Authenticate") {
		found, err := readAskings(line)
		out = append(out, found...)
		if first == nil {
			first = err
		}
	}
	return out, first
}

// digests are the digest challenges of a reply.
func digests(r contract.Response) []asking {
	var out []asking
	all, _ := askings(r.Header)
	for _, a := range all {
		if strings.EqualFold(a.scheme, "digest") {
			out = append(out, a)
		}
	}
	return out
}

// readAskings reads one line: challenges separated by commas, whose directives
// are separated by commas as well. It takes any value quoted or bare, since
// proxies rewrite them.
func readAskings(line string) ([]asking, error) {
	var out []asking
	for rest := skipList(line); rest != ""; rest = skipList(rest) {
		name, after := cutToken(rest)
		if name == "" {
			return out, fmt.Errorf("there is no name at %q", contract.Clip(rest, 40))
		}
		value, tail, given, err := cutValue(after)
		switch {
		case err != nil:
			return out, err
		case given && len(out) == 0:
			return out, fmt.Errorf("the directive %s belongs to no scheme", contract.Clip(name, 40))
		case given:
			out[len(out)-1].add(name, value)
			rest = tail
		default:
			out = append(out, asking{scheme: name, values: map[string]string{}})
			rest = cutToken68(after)
		}
		if end := strings.TrimLeft(rest, " \t"); given && end != "" && end[0] != ',' {
			return out, fmt.Errorf("there is no comma before %q", contract.Clip(end, 40))
		}
	}
	return out, nil
}

func (a *asking) add(name, value string) {
	name = strings.ToLower(name)
	if _, has := a.values[name]; has && a.twice == "" {
		a.twice = name
	}
	a.values[name] = value
}

func skipList(s string) string { return strings.TrimLeft(s, " \t,") }

// cutToken takes a token (RFC 9110, section 5.6.2) from the front.
func cutToken(s string) (token, rest string) {
	n := 0
	for n < len(s) && (s[n] >= '0' && s[n] <= '9' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' || strings.IndexByte("!#$%&'*+-.^_`|~", s[n]) >= 0) {
		n++
	}
	return s[:n], s[n:]
}

// cutValue takes = and a value from the front, where there is one.
func cutValue(s string) (value, rest string, given bool, err error) {
	after, found := strings.CutPrefix(strings.TrimLeft(s, " \t"), "=")
	after = strings.TrimLeft(after, " \t")
	switch {
	case !found || strings.HasPrefix(after, "=") || after == "":
		return "", s, false, nil
	case !strings.HasPrefix(after, `"`):
		n := strings.IndexAny(after, ", \t")
		if n < 0 {
			n = len(after)
		}
		return after[:n], after[n:], true, nil
	}
	var b strings.Builder
	for i := 1; i < len(after); i++ {
		switch {
		case after[i] == '"':
			return b.String(), after[i+1:], true, nil
		case after[i] == '\\' && i+1 < len(after):
			i++
		}
		b.WriteByte(after[i])
	}
	return "", "", false, errors.New("a quotation does not end")
}

// cutToken68 skips the one value that schemes such as Negotiate have instead
// of directives.
func cutToken68(s string) string {
	word, rest, _ := strings.Cut(strings.TrimLeft(s, " \t"), ",")
	plain := strings.TrimRight(strings.TrimSpace(word), "=")
	if _, odd := cutToken(strings.ReplaceAll(plain, "/", "-")); plain == "" || odd != "" {
		return s
	}
	return "," + rest
}
