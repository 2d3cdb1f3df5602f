package ledger

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// maxLine bounds one record, in bytes.
const maxLine = 64 << 20

// Read reads a ledger without taking it up; its run may still be under way.
func Read(name string) (*State, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read ledger %s: %w", name, reason(err))
	}
	defer file.Close()
	state, _, err := read(name, file)
	return state, err
}

// Left are the creates that are not settled, the last one first.
func (s *State) Left() []Entry { return s.left() }

// Changed are the settings that are not changed back yet.
func (s *State) Changed() []Setting { return slices.Clone(s.changed) }

// read takes in all whole lines and returns their length. Only the last line
// may be broken: that is how a file ends when the power fails.
func read(name string, r io.Reader) (*State, int64, error) {
	s := newState()
	whole := int64(0)
	lines := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		switch {
		case err == io.EOF && len(line) == 0:
			return s, whole, s.complete(name)
		case err == io.EOF:
			s.Torn = true
			return s, whole, s.complete(name)
		case err != nil:
			return nil, 0, fmt.Errorf("read ledger %s: %w", name, reason(err))
		}
		if err := s.take(line); err != nil {
			if rest, _ := lines.Peek(1); len(rest) == 0 && errors.Is(err, errNoRecord) {
				s.Torn = true // blocks of the disk may be missing within it
				return s, whole, s.complete(name)
			}
			return nil, 0, broken(name, n, err)
		}
		whole += int64(len(line))
	}
}

// complete tells what keeps the records from being a ledger.
func (s *State) complete(name string) error {
	if s.Run.Type != "" {
		return nil
	}
	if s.Torn {
		return fmt.Errorf("read ledger %s: it breaks off within its first line, before anything was created; delete the file", name)
	}
	return fmt.Errorf("read ledger %s: it is empty, so nothing was created; delete the file", name)
}

func broken(name string, line int, err error) error {
	return fmt.Errorf("read ledger %s: line %d: %w; nothing was removed: mend or delete that line, after a look at what it says was created, and try again", name, line, err)
}

// errNoRecord says that a line is no JSON object with a known type.
var errNoRecord = errors.New("that is no record of a ledger")

func (s *State) take(line []byte) error {
	if len(bytes.TrimSpace(line)) == 0 {
		return nil
	}
	var kind struct {
		Type string `json:"type"`
	}
	if len(line) > maxLine || json.Unmarshal(line, &kind) != nil {
		return errNoRecord
	}
	var record any
	switch kind.Type {
	case typeRun:
		record = &Run{}
	case typeBefore:
		record = &Before{}
	case typeCreate:
		record = &Create{}
	case typeSetting:
		record = &Setting{}
	case typeMade, typeNone, typeRemoved, typeBack, typeEnd:
		record = &event{}
	default:
		return fmt.Errorf("%w: its type is %q", errNoRecord, contract.Clip(kind.Type, 40))
	}
	if err := json.Unmarshal(line, record); err != nil {
		return fmt.Errorf("%w: %w", errNoRecord, err)
	}
	return s.apply(record)
}

// Files are the names of the ledgers in a folder, the oldest first. A folder
// that is not there has none.
func Files(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", dir, reason(err))
	}
	var out []string
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), Suffix) {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	slices.Sort(out)
	return out, nil
}

// Suffix is how the names of ledgers end.
const Suffix = ".ledger"
