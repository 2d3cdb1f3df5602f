package report

import (
	"bytes"
	"encoding/json"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/atlas-contract/conformance/contract"
)

// excerpt is a part of a body around the place of a finding.
type excerpt struct {
	before, marked, after string
}

const (
	// aroundBefore, aroundMarked and aroundAfter are the most characters of an
	// excerpt. Where something is missing, the object that lacks it is marked,
	// and is to be seen in full.
	aroundBefore, aroundMarked, aroundAfter = 34, 240, 14
)

// mark is the part of a body that a JSON pointer leads to, or, where there is
// nothing at its end, the object or array that lacks it. It tells false for a
// body that is no JSON.
func mark(body, pointer string) (excerpt, bool) {
	start, end, ok := locate([]byte(body), pointer)
	if !ok {
		return excerpt{}, false
	}
	x := excerpt{before: body[:start], marked: body[start:end], after: body[end:]}
	if n := utf8.RuneCountInString(x.before); n > aroundBefore {
		x.before = "…" + string([]rune(x.before)[n-aroundBefore:])
	}
	x.marked, x.after = contract.Clip(x.marked, aroundMarked), contract.Clip(x.after, aroundAfter)
	x.before, x.marked, x.after = Safe(x.before), Safe(x.marked), Safe(x.after)
	return x, true
}

// lines are the excerpt and a line that underlines what is marked.
func (x *excerpt) lines() (text, line string) {
	return x.before + x.marked + x.after,
		strings.Repeat(" ", utf8.RuneCountInString(x.before)) + strings.Repeat("^", max(1, utf8.RuneCountInString(x.marked)))
}

// rows are the lines cut to a width; a line that underlines nothing is empty.
func (x *excerpt) rows(width int) iter.Seq2[string, string] {
	all, marks := x.lines()
	width = max(width, 20)
	text, line := []rune(all), []rune(marks)
	return func(yield func(string, string) bool) {
		for len(text) > 0 {
			n, m := min(width, len(text)), min(width, len(line))
			if !yield(string(text[:n]), strings.TrimRight(string(line[:m]), " ")) {
				return
			}
			text, line = text[n:], line[m:]
		}
	}
}

// locate finds the bytes of the value that a pointer leads to.
func locate(body []byte, pointer string) (start, end int, ok bool) {
	w := &walker{raw: body, decoder: json.NewDecoder(bytes.NewReader(body))}
	var tokens []string
	if pointer != "" {
		tokens = strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	}
	for i, token := range tokens {
		tokens[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
	}
	return w.value(tokens, 0)
}

type walker struct {
	raw     []byte
	decoder *json.Decoder
}

// deepest is how deep values may lie in one another.
const deepest = 200

// value reads the next value of the body.
func (w *walker) value(tokens []string, depth int) (start, end int, ok bool) {
	start = int(w.decoder.InputOffset())
	for start < len(w.raw) && strings.IndexByte(" \t\r\n:,", w.raw[start]) >= 0 {
		start++
	}
	token, err := w.decoder.Token()
	if err != nil || depth > deepest {
		return 0, 0, false
	}
	opened, nested := token.(json.Delim)
	for i := 0; nested && w.decoder.More(); i++ {
		name := strconv.Itoa(i)
		if opened == '{' {
			key, err := w.decoder.Token()
			if err != nil {
				return 0, 0, false
			}
			name, _ = key.(string)
		}
		if len(tokens) > 0 && name == tokens[0] {
			return w.value(tokens[1:], depth+1)
		}
		if _, _, ok := w.value(nil, depth+1); !ok {
			return 0, 0, false
		}
	}
	if nested {
		if _, err := w.decoder.Token(); err != nil {
			return 0, 0, false
		}
	}
	return start, int(w.decoder.InputOffset()), true
}
