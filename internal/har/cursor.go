package har

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// cursor reads the JSON text of one entry. Strings without escapes are parts
// of the text, not copies: an entry is mostly header names and values, and
// reading has to keep up with tens of thousands of entries a second.
type cursor struct {
	text string
	pos  int
}

// textError is a mistake at a place of an entry's text.
type textError struct {
	text    string
	pos     int
	message string
}

func (e *textError) Error() string { return e.message }

// locate adds the line to an error in an entry that begins on the given line.
func locate(err error, line int) error {
	var at *textError
	if errors.As(err, &at) {
		line += strings.Count(at.text[:min(at.pos, len(at.text))], "\n")
	}
	return fmt.Errorf("line %d: %w", line, err)
}

func (c *cursor) fail(message string) error {
	return &textError{text: c.text, pos: c.pos, message: message}
}

// expected says what was found instead.
func (c *cursor) expected(what string) error {
	found := "the end"
	if c.pos < len(c.text) {
		found = kindOf(c.text[c.pos])
	}
	return c.fail(fmt.Sprintf("found %s where %s was expected", found, what))
}

func kindOf(b byte) string {
	switch {
	case b == '{':
		return "an object"
	case b == '[':
		return "an array"
	case b == '"':
		return "a string"
	case b == '-', '0' <= b && b <= '9':
		return "a number"
	case b == 't', b == 'f':
		return "a boolean"
	case b == 'n':
		return "null"
	}
	return quoteByte(b)
}

// at skips white space and returns the next byte, 0 at the end.
func (c *cursor) at() byte {
	for c.pos < len(c.text) && isSpace(c.text[c.pos]) {
		c.pos++
	}
	if c.pos == len(c.text) {
		return 0
	}
	return c.text[c.pos]
}

// null consumes a null and tells whether there was one.
func (c *cursor) null() bool {
	if c.at() == 'n' && strings.HasPrefix(c.text[c.pos:], "null") {
		c.pos += len("null")
		return true
	}
	return false
}

// object walks the members of an object, or none of a null; the callback
// consumes each value.
func (c *cursor) object(member func(name string) error) error {
	return c.list('{', '}', "an object", func() error {
		if c.at() != '"' {
			return c.expected("the name of a member")
		}
		name, err := c.string()
		if err != nil {
			return err
		}
		if c.at() != ':' {
			return c.expected("a colon")
		}
		c.pos++
		return member(name)
	})
}

// array walks the elements of an array, or none of a null.
func (c *cursor) array(element func() error) error {
	return c.list('[', ']', "an array", element)
}

func (c *cursor) list(first, last byte, what string, item func() error) error {
	if c.null() {
		return nil
	}
	if c.at() != first {
		return c.expected(what)
	}
	c.pos++
	for n := 0; c.at() != last; n++ {
		if n > 0 {
			if c.at() != ',' {
				return c.expected("a comma")
			}
			c.pos++
		}
		if err := item(); err != nil {
			return err
		}
	}
	c.pos++
	return nil
}

// string reads a string; null is the empty one.
func (c *cursor) string() (string, error) {
	if c.null() {
		return "", nil
	}
	if c.at() != '"' {
		return "", c.expected("a string")
	}
	rest := c.text[c.pos+1:]
	for i := range len(rest) {
		switch rest[i] {
		case '"':
			c.pos += i + 2
			return rest[:i], nil
		case '\\':
			return c.unescape(rest[:i])
		}
	}
	c.pos = len(c.text)
	return "", c.fail("a string does not end")
}

// unescape goes on with a string at its first escape; done is what stands
// before that.
func (c *cursor) unescape(done string) (string, error) {
	c.pos += 1 + len(done)
	var b strings.Builder
	b.Grow(len(done) + 256)
	b.WriteString(done)
	for from := c.pos; c.pos < len(c.text); {
		switch c.text[c.pos] {
		case '"':
			b.WriteString(c.text[from:c.pos])
			c.pos++
			return b.String(), nil
		case '\\':
			b.WriteString(c.text[from:c.pos])
			if err := c.escape(&b); err != nil {
				return "", err
			}
			from = c.pos
		default:
			c.pos++
		}
	}
	return "", c.fail("a string does not end")
}

// escape reads one escape sequence.
func (c *cursor) escape(b *strings.Builder) error {
	const names, values = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	rest := c.text[c.pos+1:]
	if rest == "" {
		return c.fail("a string does not end")
	}
	if rest[0] == 'u' {
		return c.escapeUnicode(b)
	}
	i := strings.IndexByte(names, rest[0])
	if i < 0 {
		return c.fail(fmt.Sprintf("a string has the unknown escape %q", `\`+rest[:1]))
	}
	b.WriteByte(values[i])
	c.pos += 2
	return nil
}

// escapeUnicode reads \uXXXX, or two of them that are a surrogate pair. A lone
// surrogate, which no text can hold, becomes U+FFFD.
func (c *cursor) escapeUnicode(b *strings.Builder) error {
	first, err := c.hex()
	if err != nil {
		return err
	}
	if utf16.IsSurrogate(first) {
		before := c.pos
		if strings.HasPrefix(c.text[c.pos:], `\u`) {
			second, err := c.hex()
			if err != nil {
				return err
			}
			if pair := utf16.DecodeRune(first, second); pair != utf8.RuneError {
				b.WriteRune(pair)
				return nil
			}
			c.pos = before
		}
		first = utf8.RuneError
	}
	b.WriteRune(first)
	return nil
}

func (c *cursor) hex() (rune, error) {
	rest := c.text[c.pos:]
	if len(rest) < 6 {
		return 0, c.fail("a string does not end")
	}
	n, err := strconv.ParseUint(rest[2:6], 16, 16)
	if err != nil {
		return 0, c.fail(fmt.Sprintf("a string has the unknown escape %q", rest[:6]))
	}
	c.pos += 6
	return rune(n), nil
}

// number reads a number; null is 0.
func (c *cursor) number() (float64, error) {
	if c.null() {
		return 0, nil
	}
	if b := c.at(); b != '-' && (b < '0' || b > '9') {
		return 0, c.expected("a number")
	}
	start := c.pos
	for c.pos < len(c.text) && strings.IndexByte("0123456789+-.eE", c.text[c.pos]) >= 0 {
		c.pos++
	}
	n, err := strconv.ParseFloat(c.text[start:c.pos], 64)
	if err != nil {
		c.pos = start
		return 0, c.fail(fmt.Sprintf("%.40q is not a number", c.text[start:]))
	}
	return n, nil
}

// flag reads a boolean; what is something else is not true.
func (c *cursor) flag() (bool, error) {
	set := c.at() == 't'
	return set, c.skip()
}

// skip consumes a value without looking into it.
func (c *cursor) skip() error {
	if !beginsValue(c.at()) {
		return c.expected("a value")
	}
	var s scan
	n, _ := next(&s, c.text[c.pos:])
	if !s.complete() {
		return c.fail("a value does not end")
	}
	c.pos += n
	return nil
}
