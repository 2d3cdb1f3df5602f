package validate

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The rules of the strict JSON reader, as keywords of a [Problem].
const (
	ruleSyntax    = "syntax"        // not JSON by the grammar of RFC 8259
	ruleTrailing  = "trailing-data" // something follows the one value
	ruleUTF8      = "utf-8"         // a string that is not UTF-8 (RFC 8259 §8.1)
	ruleSurrogate = "surrogate"     // an escaped surrogate without its other half (RFC 7493 §2.1)
	ruleDuplicate = "duplicate-key" // a member name that occurs twice (RFC 8259 §4, RFC 7493 §2.3)
	ruleDepth     = "depth"         // nested deeper than maxDepth
	ruleEmpty     = "empty-body"    // nothing, or only white space, where JSON is due
)

// maxDepth bounds the nesting of a JSON text, so that a hostile one cannot
// exhaust the stack of anything that reads it.
const maxDepth = 512

// JSON applies the strict rules of JSON alone, without any schema: that body
// is exactly one JSON value in valid UTF-8, that no object names a member
// twice, that no string holds half of a surrogate pair, and that the nesting
// is no deeper than 512.
func JSON(body []byte) []Problem {
	_, claims := readJSON(body)
	problems := make([]Problem, len(claims))
	for i, c := range claims {
		problems[i] = c.problem(Strict)
	}
	return problems
}

// readJSON returns the value of body as nil, bool, string, json.Number, []any
// and map[string]any, with whatever breaks a rule. The value is meaningless
// where [unreadable] says so; else it is what a tolerant reader would see: of
// two members of one name the last one counts.
func readJSON(body []byte) (any, []claim) {
	if isBlank(body) {
		return nil, []claim{{place: PlaceBody, keyword: ruleEmpty, message: "the body is empty where a JSON value is due"}}
	}
	r := jsonReader{data: body}
	v, ok := r.value()
	if ok {
		r.space()
		if r.pos < len(r.data) {
			r.report(ruleTrailing, fmt.Sprintf("the JSON value is followed by more data at byte %d", r.pos))
		}
	}
	return v, r.claims
}

func isBlank(body []byte) bool {
	for _, c := range body {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}

// unreadable tells that claims of [readJSON] leave no value to judge.
func unreadable(claims []claim) bool {
	for _, c := range claims {
		switch c.keyword {
		case ruleSyntax, ruleDepth, ruleEmpty:
			return true
		}
	}
	return false
}

// jsonReader reads one JSON text. Its path names the value being read.
type jsonReader struct {
	data   []byte
	pos    int
	path   path
	claims []claim
}

func (r *jsonReader) report(rule, message string) {
	r.claims = append(r.claims, claim{place: PlaceBody, pointer: r.path.String(), keyword: rule, message: message})
}

// fail reports that the text is not JSON; reading ends there.
func (r *jsonReader) fail(want string) bool {
	got := "the end"
	if r.pos < len(r.data) {
		c, _ := utf8.DecodeRune(r.data[r.pos:])
		got = strconv.QuoteRune(c)
	}
	message := fmt.Sprintf("not JSON: %s instead of %s at byte %d", got, want, r.pos)
	r.claims = append(r.claims, claim{place: PlaceBody, keyword: ruleSyntax, message: message})
	return false
}

func (r *jsonReader) space() {
	for r.pos < len(r.data) {
		switch r.data[r.pos] {
		case ' ', '\t', '\r', '\n':
			r.pos++
		default:
			return
		}
	}
}

// take consumes c, with white space before it.
func (r *jsonReader) take(c byte) bool {
	r.space()
	if r.pos < len(r.data) && r.data[r.pos] == c {
		r.pos++
		return true
	}
	return false
}

func (r *jsonReader) value() (any, bool) {
	r.space()
	if r.pos >= len(r.data) {
		return nil, r.fail("a value")
	}
	switch c := r.data[r.pos]; {
	case c == '{' || c == '[':
		if len(r.path) >= maxDepth {
			r.report(ruleDepth, fmt.Sprintf("nested deeper than %d levels", maxDepth))
			return nil, false
		}
		r.pos++
		if c == '{' {
			return r.object()
		}
		return r.array()
	case c == '"':
		return r.text()
	case c == '-' || '0' <= c && c <= '9':
		return r.number()
	case c == 't':
		return true, r.word("true")
	case c == 'f':
		return false, r.word("false")
	case c == 'n':
		return nil, r.word("null")
	}
	return nil, r.fail("a value")
}

func (r *jsonReader) word(w string) bool {
	if len(r.data)-r.pos < len(w) || string(r.data[r.pos:r.pos+len(w)]) != w {
		return r.fail(w)
	}
	r.pos += len(w)
	return true
}

func (r *jsonReader) object() (any, bool) {
	object := map[string]any{}
	if r.take('}') {
		return object, true
	}
	for {
		name, ok := r.name()
		if !ok {
			return nil, false
		}
		r.path = append(r.path, step{key: name})
		if _, twice := object[name]; twice {
			r.report(ruleDuplicate, fmt.Sprintf("the member %s occurs more than once", quote(name)))
		}
		v, ok := r.value()
		r.path = r.path[:len(r.path)-1]
		if !ok {
			return nil, false
		}
		object[name] = v
		if r.take('}') {
			return object, true
		}
		if !r.take(',') {
			return nil, r.fail("',' or '}'")
		}
	}
}

// name reads a member's name and the colon after it.
func (r *jsonReader) name() (string, bool) {
	r.space()
	if r.pos >= len(r.data) || r.data[r.pos] != '"' {
		return "", r.fail("a member name")
	}
	v, ok := r.text()
	if !ok {
		return "", false
	}
	if !r.take(':') {
		return "", r.fail("':'")
	}
	return v.(string), true
}

func (r *jsonReader) array() (any, bool) {
	array := []any{}
	if r.take(']') {
		return array, true
	}
	for {
		r.path = append(r.path, step{index: len(array), isIndex: true})
		v, ok := r.value()
		r.path = r.path[:len(r.path)-1]
		if !ok {
			return nil, false
		}
		array = append(array, v)
		if r.take(']') {
			return array, true
		}
		if !r.take(',') {
			return nil, r.fail("',' or ']'")
		}
	}
}

// number reads by the grammar of RFC 8259 §6 and keeps the literal.
func (r *jsonReader) number() (any, bool) {
	end := r.pos + numberLength(string(r.data[r.pos:min(len(r.data), r.pos+64)]))
	if end == r.pos+64 { // rare: longer than the window
		end = r.pos + numberLength(string(r.data[r.pos:]))
	}
	if end == r.pos {
		r.pos++
		return nil, r.fail("a digit")
	}
	literal := json.Number(r.data[r.pos:end])
	if end < len(r.data) && strings.IndexByte("0123456789.eE+-", r.data[end]) >= 0 {
		r.pos = end
		return nil, r.fail("the end of a number")
	}
	r.pos = end
	return literal, true
}

// text reads a string, from quote to quote.
func (r *jsonReader) text() (any, bool) {
	r.pos++
	start := r.pos
	for r.pos < len(r.data) {
		switch c := r.data[r.pos]; {
		case c == '"':
			s := string(r.data[start:r.pos])
			r.pos++
			return s, true
		case c == '\\' || c >= utf8.RuneSelf:
			return r.longText(start)
		case c < ' ':
			return nil, r.fail("a string without control characters")
		default:
			r.pos++
		}
	}
	return nil, r.fail(`'"'`)
}

// longText goes on from the first escape or non-ASCII byte of a string.
func (r *jsonReader) longText(start int) (any, bool) {
	out := append([]byte(nil), r.data[start:r.pos]...)
	for r.pos < len(r.data) {
		switch c := r.data[r.pos]; {
		case c == '"':
			r.pos++
			return string(out), true
		case c == '\\':
			var ok bool
			if out, ok = r.escape(out); !ok {
				return nil, false
			}
		case c < ' ':
			return nil, r.fail("a string without control characters")
		default:
			point, size := utf8.DecodeRune(r.data[r.pos:])
			if point == utf8.RuneError && size == 1 {
				r.report(ruleUTF8, fmt.Sprintf("a string is not valid UTF-8 at byte %d", r.pos))
			}
			out = utf8.AppendRune(out, point)
			r.pos += size
		}
	}
	return nil, r.fail(`'"'`)
}

func (r *jsonReader) escape(out []byte) ([]byte, bool) {
	r.pos++
	if r.pos >= len(r.data) {
		return out, r.fail("an escape")
	}
	if i := strings.IndexByte(`"\/bfnrt`, r.data[r.pos]); i >= 0 {
		r.pos++
		return append(out, "\"\\/\b\f\n\r\t"[i]), true
	}
	high, ok := r.hex4()
	if !ok {
		return out, r.fail("an escape")
	}
	if !utf16.IsSurrogate(high) {
		return utf8.AppendRune(out, high), true
	}
	at := r.pos
	if r.pos < len(r.data) && r.data[r.pos] == '\\' {
		r.pos++
		if low, ok := r.hex4(); ok {
			if point := utf16.DecodeRune(high, low); point != utf8.RuneError {
				return utf8.AppendRune(out, point), true
			}
		}
		r.pos = at
	}
	r.report(ruleSurrogate, fmt.Sprintf("half of a surrogate pair is escaped before byte %d", at))
	return utf8.AppendRune(out, utf8.RuneError), true
}

// hex4 reads u and four hex digits.
func (r *jsonReader) hex4() (rune, bool) {
	if len(r.data)-r.pos < 5 || r.data[r.pos] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(r.data[r.pos+1:r.pos+5]), 16, 32)
	if err != nil {
		return 0, false
	}
	r.pos += 5
	return rune(n), true
}
