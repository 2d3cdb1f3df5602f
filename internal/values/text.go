package values

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"github.com/dlclark/regexp2"
)

// text makes a right string.
func text(v view) (any, bool) {
	least, _ := count(v.get("minLength"))
	most, bounded := count(v.get("maxLength"))
	if !bounded {
		most = -1
	}
	if pattern := v.get("pattern").Text(); pattern != "" {
		s, ok := matching(pattern, least, most, 0)
		return s, ok
	}
	if s, ok := formats()[v.get("format").Text()]; ok {
		return s[0], true
	}
	return sized(max(least, min(3, orElse(most, 3)))), true
}

func orElse(n, fallback int) int {
	if n < 0 {
		return fallback
	}
	return n
}

// sized is a plain text of n characters.
func sized(n int) string {
	const word = "sample text of many words that goes on "
	var b strings.Builder
	for b.Len() < n {
		b.WriteString(word)
	}
	return strings.TrimSpace(b.String()[:n]) + strings.Repeat("x", n-len(strings.TrimSpace(b.String()[:n])))
}

// formats are two right texts and a wrong one of each format that is known
// (OpenAPI 3.0.3, Data Types; JSON Schema 2020-12 Validation, section 7).
func formats() map[string][3]string {
	return map[string][3]string{
		"date":          {"2024-02-29", "1999-12-31", "2023-02-29"},
		"date-time":     {"2024-02-29T12:30:00Z", "1999-12-31T23:59:59.5+01:00", "2024-02-29 12:30:00"},
		"time":          {"12:30:00Z", "23:59:59+01:00", "25:00:00Z"},
		"duration":      {"P1D", "PT2H30M", "1 day"},
		"uuid":          {"3f2b7c1e-5d4a-4b8e-9a6f-0c1d2e3f4a5b", "00000000-0000-4000-8000-000000000000", "3f2b7c1e-5d4a-4b8e-9a6f"},
		"email":         {"ada@example.com", "a.b+c@example.org", "ada at example.com"},
		"hostname":      {"example.com", "a-b.example.org", "-bad-.example.com"},
		"ipv4":          {"192.0.2.1", "198.51.100.255", "192.0.2.256"},
		"ipv6":          {"2001:db8::1", "::1", "2001:db8:::1"},
		"uri":           {"https://example.com/a?b=c", "urn:example:a", "no uri at all"},
		"uri-reference": {"/a/b?c", "https://example.com/", "http://[bad"},
		"byte":          {"c2FtcGxl", "YQ==", "***"},
		"json-pointer":  {"/a/0", "", "a/0"},
	}
}

// matching makes a text that a pattern matches, of a length within the bounds
// (most < 0 for none); nth asks for others of the same.
func matching(pattern string, least, most, nth int) (string, bool) {
	parsed, err := syntax.Parse(ecma(pattern), syntax.Perl)
	if err != nil {
		return "", false
	}
	check, err := regexp2.Compile(pattern, regexp2.ECMAScript|regexp2.Unicode)
	if err != nil {
		return "", false
	}
	parsed = parsed.Simplify()
	for extra := range 40 {
		var b strings.Builder
		write(&b, parsed, extra, nth)
		s := b.String()
		n := utf8.RuneCountInString(s)
		if n < least && !strings.HasSuffix(pattern, "$") {
			s += strings.Repeat("x", least-n)
		}
		n = utf8.RuneCountInString(s)
		if ok, err := check.MatchString(s); err == nil && ok && n >= least && (most < 0 || n <= most) {
			return s, true
		}
	}
	return "", false
}

var lookaround = regexp.MustCompile(`\(\?<?[=!][^()]*\)`)

// ecma turns what Go's syntax does not know into what it does, or leaves it
// out: the text is tried against the pattern itself afterwards.
func ecma(pattern string) string {
	pattern = lookaround.ReplaceAllString(pattern, "")
	return unicodeEscape.ReplaceAllString(strings.ReplaceAll(pattern, `\/`, `/`), `\x{$1}`)
}

var unicodeEscape = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

// write writes a text that an expression matches. What may be repeated is
// repeated extra times more than it must.
func write(b *strings.Builder, re *syntax.Regexp, extra, nth int) {
	switch re.Op {
	case syntax.OpLiteral:
		b.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		b.WriteRune(member(re.Rune, nth))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte("abcdefghij"[nth%10])
	case syntax.OpCapture:
		write(b, re.Sub[0], extra, nth)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			write(b, sub, extra, nth)
		}
	case syntax.OpAlternate:
		write(b, re.Sub[nth%len(re.Sub)], extra, nth)
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		least, most := limits(re)
		n := least + extra
		if most >= 0 {
			n = min(n, most)
		}
		for range min(n, 2000) {
			write(b, re.Sub[0], extra, nth)
		}
	}
}

func limits(re *syntax.Regexp) (least, most int) {
	switch re.Op {
	case syntax.OpStar:
		return 0, -1
	case syntax.OpPlus:
		return 1, -1
	case syntax.OpQuest:
		return 0, 1
	}
	return re.Min, re.Max
}

// member is a character of a class, a letter or digit where it has one.
func member(ranges []rune, nth int) rune {
	for _, want := range "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:] {
		for i := 0; i+1 < len(ranges); i += 2 {
			if want >= ranges[i] && want <= ranges[i+1] {
				if nth == 0 {
					return want
				}
				nth--
			}
		}
	}
	if len(ranges) == 0 {
		return 'x'
	}
	return ranges[0]
}

// mismatching makes a text of the same length that a pattern does not match.
func mismatching(pattern, right string) (string, bool) {
	check, err := regexp2.Compile(pattern, regexp2.ECMAScript|regexp2.Unicode)
	if err != nil {
		return "", false
	}
	runes := []rune(right)
	for _, other := range "!Zz9 ~é" {
		for i := range runes {
			changed := append([]rune{}, runes...)
			changed[i] = other
			if ok, err := check.MatchString(string(changed)); err == nil && !ok {
				return string(changed), true
			}
		}
	}
	return "", false
}
