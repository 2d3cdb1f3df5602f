package report

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Safe is a text that came from elsewhere as one line that does nothing to a
// terminal: control characters, escape sequences, overrides of the writing
// direction, invisible characters and bytes that are no UTF-8 are shown as
// \u{…} or \x…. A backslash stays itself, so that JSON stays readable. What
// some runners of continuous integration read as a command wherever in a line of
// a log it stands (##[…] and ##vso[…]) is broken up in the same way.
func Safe(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '#' && commands(s[i:]):
			b.WriteString(`\u{23}`)
		case strconv.IsPrint(r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		default:
			fmt.Fprintf(&b, `\u{%x}`, r)
		}
		i += size
	}
	return b.String()
}

func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' || s[i] == '#' && commands(s[i:]) {
			return false
		}
	}
	return true
}

// commands tells whether a text begins with what a runner takes for a command
// anywhere in a line.
func commands(s string) bool {
	return strings.HasPrefix(s, "##[") || len(s) > 5 && strings.EqualFold(s[:6], "##vso[")
}

// unheard is a line that GitHub's runner does not take for a command, which it
// does where two colons come first but for spaces.
func unheard(line string) string {
	if strings.HasPrefix(strings.TrimLeft(line, " "), "::") {
		return strings.Replace(line, "::", `\u{3a}:`, 1)
	}
	return line
}
