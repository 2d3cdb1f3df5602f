package har

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

const (
	chunk = 64 << 10
	// maxEntry bounds what is held in memory at once.
	maxEntry = 64 << 20
	// maxName bounds the name of a member.
	maxName = 4 << 10
)

var errTooLarge = fmt.Errorf("it is larger than %d MiB", maxEntry>>20)

// source takes a JSON text apart as it is read: it walks objects and arrays,
// and hands out or skips whole values without looking into them. It holds no
// more than one value and one chunk.
type source struct {
	r   io.Reader
	buf []byte
	pos int
	// keep is where the value that is being captured begins, -1 for none.
	keep int
	// lines counts the line ends in what has been dropped from buf.
	lines int
	err   error
}

func newSource(r io.Reader) *source { return &source{r: r, keep: -1} }

// line is the number of the line at the current position, from 1.
func (s *source) line() int { return s.lines + bytes.Count(s.buf[:s.pos], []byte("\n")) + 1 }

// fill reads more and tells whether there was more.
func (s *source) fill() bool {
	if s.err != nil {
		return false
	}
	s.drop()
	if cap(s.buf)-len(s.buf) < chunk {
		grown := make([]byte, len(s.buf), 2*cap(s.buf)+chunk)
		copy(grown, s.buf)
		s.buf = grown
	}
	for range 100 {
		n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		s.err = err
		if n > 0 {
			return true
		}
		if err != nil {
			return false
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// drop forgets what has been consumed.
func (s *source) drop() {
	done := s.pos
	if s.keep >= 0 {
		done = s.keep
	}
	s.lines += bytes.Count(s.buf[:done], []byte("\n"))
	s.buf = s.buf[:copy(s.buf, s.buf[done:])]
	s.pos -= done
	if s.keep >= 0 {
		s.keep = 0
	}
}

// ended is why there is no more.
func (s *source) ended() error {
	if s.err == nil || errors.Is(s.err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return s.err
}

// peek returns the next byte that is not white space, without consuming it.
func (s *source) peek() (byte, error) {
	for {
		for s.pos < len(s.buf) {
			if b := s.buf[s.pos]; !isSpace(b) {
				return b, nil
			}
			s.pos++
		}
		if !s.fill() {
			return 0, s.ended()
		}
	}
}

func (s *source) wrong(b byte, want string) error {
	return fmt.Errorf("line %d: it is not valid JSON: found %s where %s was expected", s.line(), quoteByte(b), want)
}

func quoteByte(b byte) string { return strconv.QuoteToASCII(string([]byte{b})) }

// begin skips a byte order mark and sees whether this can be a HAR at all.
func (s *source) begin() error {
	for len(s.buf) < 4 && s.fill() {
	}
	if s.err != nil && !errors.Is(s.err, io.EOF) {
		return s.err
	}
	head := s.buf
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		s.pos = 3
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return errors.New("it is UTF-16: save it as UTF-8")
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return errors.New("it is compressed with gzip: decompress it first")
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return errors.New("it is a zip archive: unpack it first")
	}
	b, err := s.peek()
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it is empty: " + wanted)
	case err != nil:
		return err
	case b == '<':
		return errors.New("it begins with <, as HTML and XML do: " + wanted)
	case b != '{':
		return fmt.Errorf("it begins with %s: %s", quoteByte(b), wanted)
	}
	return nil
}

// finish sees that nothing follows the value.
func (s *source) finish() error {
	b, err := s.peek()
	switch {
	case err == nil:
		return s.wrong(b, "the end of the file")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil
	}
	return err
}

// object walks the members of an object; the callback consumes each value.
func (s *source) object(member func(name string) error) error {
	return s.list('{', '}', "an object", func() error {
		name, err := s.name()
		if err != nil {
			return err
		}
		b, err := s.peek()
		if err != nil {
			return err
		}
		if b != ':' {
			return s.wrong(b, "a colon")
		}
		s.pos++
		return member(name)
	})
}

// array walks the elements of an array; the callback consumes each.
func (s *source) array(element func() error) error {
	return s.list('[', ']', "an array", element)
}

func (s *source) list(first, last byte, what string, item func() error) error {
	b, err := s.peek()
	if err != nil {
		return s.cut(err)
	}
	if b != first {
		return s.wrong(b, what)
	}
	s.pos++
	for n := 0; ; n++ {
		if b, err = s.peek(); err != nil {
			return s.cut(err)
		}
		switch {
		case b == last:
			s.pos++
			return nil
		case n > 0 && b != ',':
			return s.wrong(b, "a comma")
		case n > 0:
			s.pos++
		}
		if err := item(); err != nil {
			return s.cut(err)
		}
	}
}

// cut words the end of a file in the middle.
func (s *source) cut(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("line %d: the file ends in the middle: was the recording cut off?", s.line())
	}
	return err
}

func (s *source) name() (string, error) {
	b, err := s.peek()
	if err != nil {
		return "", err
	}
	if b != '"' {
		return "", s.wrong(b, "the name of a member")
	}
	raw, err := s.value(true)
	if err != nil {
		return "", err
	}
	if len(raw) > maxName {
		return "", fmt.Errorf("line %d: the name of a member is %d bytes long", s.line(), len(raw))
	}
	c := cursor{text: string(raw)}
	return c.string()
}

// value consumes one value. With capture it returns its text, valid until the
// next call; a value that is too large is consumed and errTooLarge returned.
func (s *source) value(capture bool) ([]byte, error) {
	b, err := s.peek()
	if err != nil {
		return nil, err
	}
	if !beginsValue(b) {
		return nil, s.wrong(b, "a value")
	}
	if capture {
		s.keep = s.pos
	}
	defer func() { s.keep = -1 }()
	var scan scan
	for {
		n, done := next(&scan, s.buf[s.pos:])
		s.pos += n
		if s.keep >= 0 && s.pos-s.keep > maxEntry {
			s.keep = -1
		}
		if done || !s.fill() {
			break
		}
	}
	switch {
	case !scan.complete():
		return nil, s.ended()
	case capture && s.keep < 0:
		return nil, errTooLarge
	case capture:
		return s.buf[s.keep:s.pos], nil
	}
	return nil, nil
}

// scan finds the end of a value in pieces.
type scan struct {
	depth           int
	inString, inEsc bool
	started, ended  bool
}

// next scans a piece and returns how much of it belongs to the value, and
// whether the value is complete.
func next[T string | []byte](s *scan, piece T) (int, bool) {
	for i := 0; i < len(piece); i++ {
		if s.inString {
			i += quoteIn(s, piece[i:])
			if s.inString {
				break
			}
			if s.depth == 0 {
				s.ended = true
				return i + 1, true
			}
			continue
		}
		switch piece[i] {
		case '"':
			s.inString = true
		case '{', '[':
			s.depth++
		case '}', ']':
			if s.depth == 0 {
				s.ended = true
				return i, true
			}
			if s.depth--; s.depth == 0 {
				s.ended = true
				return i + 1, true
			}
		case ',', ':', ' ', '\t', '\n', '\r':
			if s.depth == 0 {
				s.ended = true
				return i, true
			}
		}
		s.started = true
	}
	return len(piece), false
}

// quoteIn scans within a string and returns the index of its closing quote.
func quoteIn[T string | []byte](s *scan, piece T) int {
	for i := range len(piece) {
		b := piece[i]
		switch {
		case s.inEsc:
			s.inEsc = false
		case b == '\\':
			s.inEsc = true
		case b == '"':
			s.inString = false
			return i
		}
	}
	return len(piece)
}

// complete tells whether a value that nothing follows has ended: a number at
// the end of the file has.
func (s *scan) complete() bool {
	return s.ended || s.started && s.depth == 0 && !s.inString
}

func beginsValue(b byte) bool {
	switch b {
	case '{', '[', '"', '-', 't', 'f', 'n':
		return true
	}
	return '0' <= b && b <= '9'
}

func isSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\t' || b == '\r' }
