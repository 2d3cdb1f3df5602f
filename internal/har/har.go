// Package har reads and writes recorded traffic as HAR 1.2, the format in
// which browsers, proxies and test tools save it.
//
// [Read] turns a recording into exchanges, one at a time and in file order: a
// recording may be far larger than memory. A recording knows less than a live
// exchange. Request headers and bodies are often left out, bodies are stored
// decoded, and some tools invent what they did not see. So every exchange is
// marked Recorded, and where it is known that a body is incomplete it is
// marked Truncated; a check must not hold a gap in the recording against the
// target that was recorded.
//
// [Encoder] writes exchanges back. It hides nothing: whoever records real
// traffic takes the secrets out first.
package har

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// wanted ends the sentence about a file that is something else.
const wanted = "a HAR file is needed, a JSON object with log.entries as browsers and proxies save it"

// Read returns the exchanges of a HAR file in file order; name is what the
// file is called in errors. An entry that cannot be read yields an error that
// names the file, the entry and the line, and reading goes on with the next
// one; when the file itself is broken, or is not a HAR file, the error is the
// last thing that is yielded.
func Read(r io.Reader, name string) iter.Seq2[*contract.Exchange, error] {
	return func(yield func(*contract.Exchange, error) bool) {
		f := &file{name: name, source: newSource(r), yield: yield}
		if err := f.read(); err != nil && !errors.Is(err, errStopped) {
			yield(nil, fmt.Errorf("read recording %s: %w", name, err))
		}
	}
}

// errStopped ends the reading because no more is wanted.
var errStopped = errors.New("stopped")

// file is a HAR file that is being read.
type file struct {
	name   string
	source *source
	yield  func(*contract.Exchange, error) bool
	// index is the number of the next entry.
	index int
	found bool
	other []string
}

func (f *file) read() error {
	if err := f.source.begin(); err != nil {
		return err
	}
	if err := f.source.object(f.top); err != nil {
		return err
	}
	if !f.found {
		return fmt.Errorf("it is a JSON object with %s and without log.entries: %s", f.members(), wanted)
	}
	return f.source.finish()
}

func (f *file) top(name string) error {
	if name != "log" {
		return f.pass(name)
	}
	return f.source.object(f.log)
}

func (f *file) log(name string) error {
	if name != "entries" {
		return f.pass("log." + name)
	}
	f.found = true
	return f.source.array(f.entry)
}

// pass skips a member and remembers its name for the case that nothing else
// is found.
func (f *file) pass(name string) error {
	const most = 5
	if len(f.other) < most {
		f.other = append(f.other, fmt.Sprintf("%.40q", name))
	}
	_, err := f.source.value(false)
	return err
}

func (f *file) members() string {
	if len(f.other) == 0 {
		return "no members"
	}
	return "the members " + strings.Join(f.other, ", ")
}

// entry reads one element of log.entries.
func (f *file) entry() error {
	where := fmt.Sprintf("log.entries[%d]", f.index)
	f.index++
	if _, err := f.source.peek(); err != nil {
		return err
	}
	line := f.source.line()
	raw, err := f.source.value(true)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the file ends within %s, which begins on line %d: was the recording cut off?", where, line)
	case errors.Is(err, errTooLarge):
	case err != nil:
		return err
	}
	var e *contract.Exchange
	if err == nil {
		e, err = parseEntry(string(raw))
	}
	if err != nil {
		err = fmt.Errorf("read recording %s: %s: %w", f.name, where, locate(err, line))
	}
	if !f.yield(e, err) {
		return errStopped
	}
	return nil
}
