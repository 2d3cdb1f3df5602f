package ledger

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// write appends a record, and waits for the disk where it has to last.
func (l *Ledger) write(durable bool, record any) error {
	l.mu.Lock()
	err := l.append(record)
	mine := l.lines
	l.mu.Unlock()
	if err != nil || !durable {
		return err
	}
	return l.sync(mine)
}

// append writes a line. Once one could not be written, none is: what stands in
// the file would not be the whole truth.
func (l *Ledger) append(record any) error {
	if l.err != nil {
		return l.err
	}
	line, err := encode(record)
	if err == nil {
		_, err = l.file.Write(line)
	}
	if err == nil {
		err = l.state.apply(record)
	}
	if err != nil {
		l.err = fmt.Errorf("write ledger %s: %w", l.name, reason(err))
		return l.err
	}
	l.lines++
	return nil
}

// sync waits until a line is on the disk. Who waits while another does is
// served by the next one's wait, together with all that wait then.
func (l *Ledger) sync(line int64) error {
	l.syncing.Lock()
	defer l.syncing.Unlock()
	if l.synced >= line {
		return nil
	}
	l.mu.Lock()
	written := l.lines
	l.mu.Unlock()
	if err := l.file.Sync(); err != nil {
		return fmt.Errorf("write ledger %s: %w", l.name, reason(err))
	}
	l.synced = written
	return nil
}

// encode is a record as a line.
func encode(record any) ([]byte, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(typed(record))
	return []byte(b.String()), err
}

// syncDir puts the name of a new file on the disk, where the system can.
func syncDir(name string) error {
	dir, err := os.Open(filepath.Dir(name))
	if err != nil {
		return nil
	}
	_ = dir.Sync() // Windows cannot, and need not
	return dir.Close()
}

// reason is an error without the name of the file, which the message has.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
