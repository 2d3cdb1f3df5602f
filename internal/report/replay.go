package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/atlas-contract/conformance/internal/coverage"
)

// maxLine bounds one record of a stream, in bytes.
const maxLine = 256 << 20

// Replay reads a JSON Lines stream and gives its records to a renderer. Name
// is what the stream is called in errors. A stream without a footer is an
// error, after its records have been rendered: the run did not come to its
// end. Records of types that are not known are passed over, since a later
// version may have added them.
func Replay(r io.Reader, name string, to Renderer) error {
	p := &player{name: name, to: to}
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	for lines.Scan() {
		p.line++
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		if err := p.record(lines.Bytes()); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return p.errorf("%w", p.why(err))
	}
	return p.end()
}

// player hands the records of a stream on.
type player struct {
	name       string
	to         Renderer
	line       int
	begun      bool
	statements []Statement
	coverage   *coverage.Summary
	footer     *Footer
}

func (p *player) record(line []byte) error {
	var kind struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(line, &kind); err != nil {
		return p.broken(err)
	}
	if p.footer != nil {
		return p.errorf("there is more after the footer; a stream holds one run")
	}
	if kind.Type == typeHeader == p.begun {
		return p.misplaced(kind.Type)
	}
	p.begun = true
	switch kind.Type {
	case typeHeader:
		return pass(p, line, p.to.Header)
	case typeVerdict:
		return pass(p, line, p.to.Verdict)
	case typeStatement:
		return pass(p, line, func(s *Statement) error {
			p.statements = append(p.statements, *s)
			return nil
		})
	case typeCoverage:
		return pass(p, line, func(c *Coverage) error {
			p.coverage = &c.Summary
			return nil
		})
	case typeFooter:
		return pass(p, line, func(f *Footer) error {
			p.footer = f
			return nil
		})
	}
	return nil
}

// pass decodes a record and hands it on.
func pass[T any](p *player, line []byte, to func(*T) error) error {
	record := new(T)
	if err := json.Unmarshal(line, record); err != nil {
		return p.broken(err)
	}
	return to(record)
}

func (p *player) end() error {
	switch {
	case !p.begun:
		return fmt.Errorf("read report %s: it is empty; a JSON Lines report of a run is needed", p.name)
	case p.footer == nil:
		return p.errorf("the stream ends without its footer, so the run was cut short and its result is not known: run it again")
	}
	p.footer.Coverage = p.coverage
	return p.to.End(p.statements, p.footer)
}

func (p *player) misplaced(kind string) error {
	if p.begun {
		return p.errorf("a second header; join the streams of several runs instead of their text")
	}
	return p.errorf("the first record is of type %q, not header; a JSON Lines report of a run is needed", kind)
}

// broken tells a line that was cut off from one that never was a record.
func (p *player) broken(err error) error {
	var syntax *json.SyntaxError
	if p.begun && errors.As(err, &syntax) && syntax.Error() == "unexpected end of JSON input" {
		return p.errorf("the stream is cut off within a record, so the run's result is not known: run it again")
	}
	var other *json.UnmarshalTypeError
	switch {
	case !p.begun:
		return p.errorf("it is no record: a JSON Lines report of a run is needed, as --report run.jsonl writes it")
	case errors.As(err, &other):
		return p.errorf("not a record: its member %s is a JSON %s, which no report has there", other.Field, other.Value)
	}
	return p.errorf("not a record: %w", err)
}

func (p *player) why(err error) error {
	if errors.Is(err, bufio.ErrTooLong) {
		p.line++
		return fmt.Errorf("the record is longer than %d MiB", maxLine>>20)
	}
	return err
}

func (p *player) errorf(format string, args ...any) error {
	return fmt.Errorf("read report %s: line %d: %w", p.name, p.line, fmt.Errorf(format, args...))
}
