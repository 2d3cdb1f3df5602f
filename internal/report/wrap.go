package report

import (
	"strings"
	"unicode/utf8"
)

// wrap breaks a text into lines of at most width characters, between words
// where it can.
func wrap(text string, width int) []string {
	width = max(width, 20)
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= width {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		pieces := cut(word, width)
		lines = append(lines, pieces[:len(pieces)-1]...)
		line = pieces[len(pieces)-1]
	}
	return append(lines, line)
}

// cut breaks a word that is longer than a line.
func cut(word string, width int) []string {
	runes := []rune(word)
	var out []string
	for len(runes) > width {
		out = append(out, string(runes[:width]))
		runes = runes[width:]
	}
	return append(out, string(runes))
}

// hang is a text after a label, each further line under the first.
func hang(label, text string, width int) string {
	indent := strings.Repeat(" ", utf8.RuneCountInString(label))
	var b strings.Builder
	for i, line := range wrap(text, width-len(indent)) {
		before := indent
		if i == 0 {
			before = label
		}
		b.WriteString(unheard(before+line) + "\n")
	}
	return b.String()
}
