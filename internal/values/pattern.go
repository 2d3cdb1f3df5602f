package values

import (
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
	"time"

	"github.com/dlclark/regexp2/v2"
)

// matchTimeout bounds one match: a pattern may backtrack without end.
const matchTimeout = 250 * time.Millisecond

// pattern is a regular expression of a schema: what decides, in the dialect of
// ECMA-262, and a tree near it from which texts are written.
type pattern struct {
	text string
	ecma *regexp2.Regexp
	re2  *regexp.Regexp
	tree *syntax.Regexp // nil where Go has no syntax for it
}

// newPattern reads a pattern; one that cannot be read matches everything, as
// nothing can be said about it.
func newPattern(text string) *pattern {
	p := &pattern{text: text}
	for _, mode := range []regexp2.RegexOptions{regexp2.ECMAScript | regexp2.Unicode, regexp2.ECMAScript} {
		if re, err := regexp2.Compile(text, mode); err == nil {
			re.MatchTimeout = matchTimeout
			p.ecma = re
			break
		}
	}
	if p.ecma == nil {
		p.re2, _ = regexp.Compile(text)
	}
	if tree, err := syntax.Parse(translate(text), syntax.Perl); err == nil {
		p.tree = tree
	}
	return p
}

func (p *pattern) match(s string) bool {
	switch {
	case p.ecma != nil:
		ok, err := p.ecma.MatchString(s)
		return ok || err != nil
	case p.re2 != nil:
		return p.re2.MatchString(s)
	}
	return true
}

// translate writes an expression of ECMA-262 in Go's syntax. What Go lacks,
// such as looking around and back references, is left out: each text is tried
// against the expression itself afterwards.
func translate(text string) string {
	t := translator{in: []rune(text)}
	for t.at < len(t.in) {
		t.next()
	}
	return t.out.String()
}

type translator struct {
	in    []rune
	at    int
	class bool
	out   strings.Builder
}

func (t *translator) rest() string { return string(t.in[t.at:min(len(t.in), t.at+24)]) }

func (t *translator) next() {
	c := t.in[t.at]
	switch {
	case c == '\\' && t.at+1 < len(t.in):
		t.at++
		t.escape()
	case t.class && c == '[':
		t.put(`\[`, 1)
	case t.class && c == ']':
		t.class = false
		t.put("]", 1)
	case t.class:
		t.put(string(c), 1)
	case strings.HasPrefix(t.rest(), "[^]"):
		t.put(`[\s\S]`, 3)
	case c == '[':
		t.class = true
		t.put("[", 1)
		if t.at < len(t.in) && t.in[t.at] == '^' {
			t.put("^", 1)
		}
	case looksAround(t.rest()):
		t.skipGroup()
	case c == '{' && t.many():
	default:
		t.put(string(c), 1)
	}
}

// mostRepeats is how often Go's syntax lets something be repeated.
const mostRepeats = 1000

var manyTimes = regexp.MustCompile(`^\{([0-9]{1,4}),([0-9]+)\}`)

// many leaves the upper bound of a repetition open where it is too large for
// Go's syntax. It tells false for any other brace.
func (t *translator) many() bool {
	found := manyTimes.FindStringSubmatch(t.rest())
	if found == nil {
		return false
	}
	least, _ := strconv.Atoi(found[1])
	most, err := strconv.Atoi(found[2])
	if least > mostRepeats || err == nil && most <= mostRepeats {
		return false
	}
	t.put("{"+found[1]+",}", len(found[0]))
	return true
}

func looksAround(rest string) bool {
	for _, opening := range []string{"(?=", "(?!", "(?<=", "(?<!"} {
		if strings.HasPrefix(rest, opening) {
			return true
		}
	}
	return false
}

func (t *translator) put(s string, read int) {
	t.out.WriteString(s)
	t.at += read
}

// skipGroup leaves out a group with all that is in it.
func (t *translator) skipGroup() {
	depth, class := 0, false
	for ; t.at < len(t.in); t.at++ {
		switch c := t.in[t.at]; {
		case c == '\\':
			t.at++
		case class:
			class = c != ']'
		case c == '[':
			class = true
		case c == '(':
			depth++
		case c == ')':
			depth--
			if depth == 0 {
				t.at++
				t.out.WriteString("(?:)")
				return
			}
		}
	}
	t.at = min(t.at, len(t.in))
}

// escape translates what follows a backslash.
func (t *translator) escape() {
	c := t.in[t.at]
	switch {
	case c == 'u':
		t.unicode()
	case c == 'c' && t.at+1 < len(t.in):
		t.put(`\x{`+hex(t.in[t.at+1]&31)+`}`, 2)
	case c == 'p' || c == 'P':
		t.property()
	case c == '0':
		t.put(`\x00`, 1)
	case c == 'k' && !t.class:
		if end := strings.IndexByte(string(t.in[t.at:]), '>'); end > 0 {
			t.put("(?:)", len([]rune(string(t.in[t.at:])[:end+1])))
			return
		}
		t.put("k", 1)
	case c >= '1' && c <= '9' && !t.class:
		t.put("(?:)", 1)
	case strings.ContainsRune("dDwWsSbBfnrtvx", c), strings.ContainsRune(`\^$.|?*+()[]{}-`, c):
		t.put(`\`+string(c), 1)
	default:
		t.put(regexp.QuoteMeta(string(c)), 1)
	}
}

func (t *translator) unicode() {
	rest := string(t.in[t.at+1 : min(len(t.in), t.at+5)])
	if strings.HasPrefix(rest, "{") {
		t.put(`\x`, 1)
		return
	}
	if len(rest) == 4 {
		t.put(`\x{`+rest+`}`, 5)
		return
	}
	t.put("u", 1)
}

// property drops the name that ECMA-262 lets stand before a value, as in
// \p{Script=Greek}.
func (t *translator) property() {
	rest := string(t.in[t.at:])
	end := strings.IndexByte(rest, '}')
	if end < 0 || !strings.HasPrefix(rest[1:], "{") {
		t.put(`\`+rest[:1], 1)
		return
	}
	name := rest[2:end]
	if _, value, ok := strings.Cut(name, "="); ok {
		name = value
	}
	if short, ok := map[string]string{"Letter": "L", "Number": "N", "Punctuation": "P", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll", "Alphabetic": "L"}[name]; ok {
		name = short
	}
	t.put(`\`+rest[:1]+"{"+name+"}", len([]rune(rest[:end+1])))
}

func hex(r rune) string {
	const digits = "0123456789abcdef"
	return string(digits[r>>4&15]) + string(digits[r&15])
}
