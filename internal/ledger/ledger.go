// Package ledger remembers what a run created and has not yet removed, so that
// nothing stays behind even where the run is killed or the power fails.
//
// A ledger is one file of JSON Lines that only grows. A create is written, and
// on the disk, before its request leaves; what came of it follows: made (with
// the URL that removes it), none, removed. A create without a word after it is
// lost: whether it made anything is not known. For that case the file also
// holds what each list had in it before the run's first create into it, and how
// to find the new thing there by what was sent. In the same way a setting is
// written down as it was before the run's first change of it.
//
// Only creates and first changes wait for the disk, and those that wait at the
// same time share one wait. Losing the end of the file is harmless: a thing whose made was lost
// is looked up in its list, one whose removed was lost is removed again.
//
// The file holds no secret. Requests stand in it as they are before credentials
// are applied, and whose credential is needed stands there by its name. While a
// run lives it holds a lock beside the file, so that nobody cleans up under it.
// The file of a run that left nothing is deleted.
package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/gofrs/flock"
)

// Dir is the folder, beside the working directory's files, that holds ledgers
// which were given no name.
const Dir = ".conformance"

// Ledger is an open ledger. It is safe for concurrent use.
type Ledger struct {
	name string
	lock *flock.Flock

	mu    sync.Mutex // of what follows
	file  *os.File
	state *State
	lines int64 // how many were written
	err   error // the first error of writing, after which nothing is certain

	syncing sync.Mutex // of synced
	synced  int64      // how many of the lines are on the disk
}

// New starts the ledger of a run. The file must not be there yet; its folder is
// made where it is missing. Both are for the user alone.
func New(name string, r Run) (*Ledger, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, fmt.Errorf("write ledger %s: %w", name, reason(err))
	}
	lock, err := locked(name)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_APPEND|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		_ = lock.Unlock()
		return nil, fmt.Errorf("write ledger %s: the file is there already; if it is an earlier run's, conformance cleanup %s removes what that left, else name another", name, name)
	}
	if err != nil {
		release(lock)
		return nil, fmt.Errorf("write ledger %s: %w", name, reason(err))
	}
	l := &Ledger{name: name, lock: lock, file: file, state: newState()}
	if err := errors.Join(l.write(true, &r), syncDir(name)); err != nil {
		l.discard()
		return nil, err
	}
	return l, nil
}

// ErrLive says that the run of a ledger is still under way.
var ErrLive = errors.New("the run that writes it is still under way")

// Open takes up the ledger of a run that has ended, to finish its work. The
// error is [ErrLive] where it has not, and [fs.ErrNotExist] where there is no
// such file (any more).
func Open(name string) (*Ledger, error) {
	if _, err := os.Stat(name); err != nil {
		return nil, fmt.Errorf("read ledger %s: %w", name, reason(err))
	}
	lock, err := locked(name)
	if err != nil {
		return nil, err
	}
	l, err := open(name, lock)
	if errors.Is(err, fs.ErrNotExist) {
		release(lock)
	} else if err != nil {
		_ = lock.Unlock()
	}
	return l, err
}

func open(name string, lock *flock.Flock) (*Ledger, error) {
	file, err := os.OpenFile(name, os.O_APPEND|os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("read ledger %s: %w", name, reason(err))
	}
	state, whole, err := read(name, file)
	if err == nil && state.Torn { // the next line must not be glued to it
		err = file.Truncate(whole)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &Ledger{name: name, lock: lock, file: file, state: state}, nil
}

// Name is the name of the file.
func (l *Ledger) Name() string { return l.name }

// locked takes the lock of a ledger. It lies beside the file, since some
// systems let nobody write to what is locked.
func locked(name string) (*flock.Flock, error) {
	lock := flock.New(name+".lock", flock.SetPermissions(0o600))
	switch ok, err := lock.TryLock(); {
	case err != nil:
		return nil, fmt.Errorf("lock ledger %s: %w", name, reason(err))
	case !ok:
		return nil, fmt.Errorf("open ledger %s: %w; wait for its end, or interrupt it", name, ErrLive)
	}
	return lock, nil
}

// release gives the lock back and removes its file. Whoever took hold of that
// file before finds no ledger beside it.
func release(lock *flock.Flock) {
	_ = os.Remove(lock.Path()) // where open files cannot be removed, below
	_ = lock.Unlock()
	_ = os.Remove(lock.Path())
}

// Before notes the ids that a list holds, or why that could not be found out,
// before the first create into it.
func (l *Ledger) Before(b Before) error { return l.write(false, &b) }

// Create notes a request that will make something. When it returns without an
// error, the note is on the disk and the request may leave. The number is what
// the create is called from then on.
func (l *Ledger) Create(c Create) (n int, err error) {
	l.mu.Lock()
	c.N = l.state.next()
	err = l.append(&c)
	mine := l.lines
	l.mu.Unlock()
	if err != nil {
		return c.N, err
	}
	return c.N, l.sync(mine)
}

// Made notes that a create made the thing which a DELETE of the URL removes, or
// of one of the further URLs where it is not certain which.
func (l *Ledger) Made(n int, url string, also ...string) error {
	return l.write(false, &event{Type: typeMade, N: n, URL: url, Also: also})
}

// None notes that a create made nothing, and how that is known.
func (l *Ledger) None(n int, why string) error {
	return l.write(false, &event{Type: typeNone, N: n, Why: why})
}

// Removed notes that what a create made is gone again.
func (l *Ledger) Removed(n int) error {
	return l.write(false, &event{Type: typeRemoved, N: n})
}

// Change notes what a setting is before the run changes it. When it returns
// without an error, the note is on the disk and the request may leave.
func (l *Ledger) Change(s Setting) error { return l.write(true, &s) }

// Back notes that the setting at a URL is as it was before the run.
func (l *Ledger) Back(url string) error {
	return l.write(false, &event{Type: typeBack, URL: url})
}

// Run is the record of the run.
func (l *Ledger) Run() Run {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state.Run
}

// Torn tells whether the file broke off in the midst of a line.
func (l *Ledger) Torn() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state.Torn
}

// Left are the creates that are not settled, the last one first, so that what
// is within another thing comes before it.
func (l *Ledger) Left() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state.left()
}

// Changed are the settings that are not changed back yet.
func (l *Ledger) Changed() []Setting {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state.Changed()
}

// Held is what a list held before the run; false where that was not noted.
func (l *Ledger) Held(list string) (Before, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.state.before[list]
	return b, ok
}

// Owns tells whether the run made the thing that a DELETE of the URL removes.
func (l *Ledger) Owns(url string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, ok := l.state.made[bare(url)]
	return ok
}

// Hosts tells whether some create at a URL made something.
func (l *Ledger) Hosts(url string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state.hosts[bare(url)]
}

// Parent tells whether a URL is below a thing that the run made, and whether the
// innermost such thing is still there.
func (l *Ledger) Parent(url string) (present, ours bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state.parent(url)
}

// Close ends the ledger. Where nothing is left the file is deleted.
func (l *Ledger) Close() error {
	l.mu.Lock()
	left := len(l.state.open)+len(l.state.changed) > 0
	l.mu.Unlock()
	if !left {
		l.discard()
		return nil
	}
	err := l.write(true, &event{Type: typeEnd})
	l.mu.Lock()
	defer l.mu.Unlock()
	if closed := l.file.Close(); err == nil && closed != nil {
		err = fmt.Errorf("write ledger %s: %w", l.name, reason(closed))
	}
	_ = l.lock.Unlock()
	return err
}

// Leave lets go of the file as it is.
func (l *Ledger) Leave() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return errors.Join(l.file.Close(), l.lock.Unlock())
}

// discard deletes the file.
func (l *Ledger) discard() {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.file.Close()
	_ = os.Remove(l.name)
	release(l.lock)
	if dir := filepath.Dir(l.name); filepath.Base(dir) == Dir {
		_ = os.Remove(dir) // which works only where it is empty
	}
}
