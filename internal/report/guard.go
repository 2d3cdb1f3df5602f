package report

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// guard is the last thing that a report goes through: it shows every character
// that does not print as an escape, whichever text it came in with. A renderer
// escapes what means something in its format; a terminal, on which any file
// may end up, is minded here, for all of them.
type guard struct {
	w io.Writer
	// escape shows a character, or a byte that is no UTF-8, as printing text.
	escape func(s string) string
	// rest is the beginning of a character of which more is to come.
	rest []byte
}

// guarded makes a renderer whose output goes through a guard.
func guarded(escape func(string) string, inner func(io.Writer, Options) Renderer) func(io.Writer, Options) Renderer {
	return func(w io.Writer, o Options) Renderer {
		g := &guard{w: w, escape: escape}
		return &guardedRenderer{inner(g, o), g}
	}
}

// guardedRenderer writes what the guard has kept back when the report ends.
type guardedRenderer struct {
	Renderer
	guard *guard
}

// End ends the report.
func (r *guardedRenderer) End(statements []Statement, f *Footer) error {
	if err := r.Renderer.End(statements, f); err != nil {
		return err
	}
	return r.guard.flush()
}

// Write passes on what is whole.
func (g *guard) Write(p []byte) (int, error) {
	data := append(g.rest, p...)
	whole := len(data)
	for i := 1; i < utf8.UTFMax && i <= len(data); i++ {
		if tail := data[len(data)-i:]; utf8.RuneStart(tail[0]) && !utf8.FullRune(tail) {
			whole = len(data) - i
			break
		}
	}
	g.rest = bytes.Clone(data[whole:])
	if err := g.pass(data[:whole]); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (g *guard) flush() error {
	rest := g.rest
	g.rest = nil
	return g.pass(rest)
}

// pass writes in one call, so that a line of a stream stays one write.
func (g *guard) pass(data []byte) error {
	if len(data) == 0 {
		return nil
	}
	if harmless(data) {
		_, err := g.w.Write(data)
		return err
	}
	out := make([]byte, 0, len(data)+64)
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == '\n' || strconv.IsPrint(r) && (r != utf8.RuneError || size > 1) {
			out = append(out, data[:size]...)
		} else {
			out = append(out, g.escape(string(data[:size]))...)
		}
		data = data[size:]
	}
	_, err := g.w.Write(out)
	return err
}

// harmless tells of most reports that there is nothing to do.
func harmless(data []byte) bool {
	for _, c := range data {
		if (c < ' ' || c > '~') && c != '\n' {
			return false
		}
	}
	return true
}

// inJSON is a character as JSON has it within a string, the only place where
// one that does not print can stand.
func inJSON(s string) string {
	r, _ := utf8.DecodeRuneInString(s)
	if r > 0xffff {
		r -= 0x10000
		return fmt.Sprintf(`\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
