package reference

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// state is the file that keeps the store over a restart: a bbolt database,
// whose transactions are on disk when they return. A nil state keeps nothing.
type state struct{ db *bbolt.DB }

// Buckets of the file. The keys are project/provider/region, and the project
// alone for modes; the values are JSON.
const (
	formatBucket     = "conformance-reference-1"
	serviceBucket    = "services"
	containerBucket  = "containers"
	regionalBucket   = "regional"
	lockPatience     = 500 * time.Millisecond
	stateFileMode    = 0o600
	stateFileRemedy  = "give another file, or remove this one to start afresh"
	stateOtherOrigin = "it was not written by this server"
)

func bucketNames() []string {
	return []string{formatBucket, serviceBucket, containerBucket, regionalBucket}
}

// openState opens or makes the file, and proves it sound: a server that finds
// its memory damaged later, in the middle of a run, would be worse than none.
func openState(path string) (opened *state, err error) {
	defer func() {
		// bbolt panics on pages that make no sense, and the kernel faults on
		// those that a truncated file lacks.
		if fault := recover(); fault != nil {
			opened, err = nil, damaged(path, fmt.Errorf("%v", fault))
		}
	}()
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	db, err := bbolt.Open(path, stateFileMode, &bbolt.Options{Timeout: lockPatience})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, fmt.Errorf("open state file %s: another process has it open; stop that one, or give another file", path)
	case isFileError(err):
		return nil, fmt.Errorf("open state file: %w", err)
	case err != nil:
		return nil, damaged(path, err)
	}
	s := &state{db: db}
	if err := s.prove(path); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func damaged(path string, cause error) error {
	return fmt.Errorf("open state file %s: the file is damaged or not a state file (%w); %s", path, cause, stateFileRemedy)
}

// isFileError tells the operating system's refusals from bbolt's.
func isFileError(err error) bool {
	var pathError *os.PathError
	return errors.As(err, &pathError)
}

// prove checks the pages of the file and makes its buckets.
func (s *state) prove(path string) error {
	if err := s.db.View(s.sound); err != nil {
		return damaged(path, err)
	}
	return s.db.Update(func(tx *bbolt.Tx) error {
		if tx.Bucket([]byte(formatBucket)) == nil && hasBuckets(tx) {
			return damaged(path, errors.New(stateOtherOrigin))
		}
		for _, name := range bucketNames() {
			if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
				return fmt.Errorf("prepare state file %s: %w", path, err)
			}
		}
		return nil
	})
}

// sound reads every page. The size comes first: reading beyond the end of a
// mapped file cannot be recovered from in bbolt's own goroutine.
func (s *state) sound(tx *bbolt.Tx) error {
	info, err := os.Stat(s.db.Path())
	if err != nil {
		return err
	}
	if info.Size() < tx.Size() {
		return fmt.Errorf("%d bytes are missing at its end", tx.Size()-info.Size())
	}
	var first error
	for err := range tx.Check() {
		if first == nil {
			first = err // the channel must be drained, but one reason is enough
		}
	}
	return first
}

func hasBuckets(tx *bbolt.Tx) bool {
	name, _ := tx.Cursor().First()
	return name != nil
}

// close lets the file go.
func (s *state) close() error {
	if s == nil {
		return nil
	}
	return s.db.Close()
}

// load is everything in the file, project by project.
func (s *state) load() (map[string]*project, error) {
	projects := map[string]*project{}
	if s == nil {
		return projects, nil
	}
	of := func(id string) *project {
		if projects[id] == nil {
			projects[id] = newProject()
		}
		return projects[id]
	}
	err := s.db.View(func(tx *bbolt.Tx) error {
		return errors.Join(
			read(tx, serviceBucket, func(id string, v service) { of(id).services[v.place()] = v }),
			read(tx, containerBucket, func(id string, c container) { of(id).containers[place{c.Provider, c.Region}] = c }),
			read(tx, regionalBucket, func(id string, enabled bool) { of(id).regional = enabled }),
		)
	})
	if err != nil {
		return nil, damaged(s.db.Path(), err)
	}
	return projects, nil
}

// read hands every value of a bucket to add, with the project it belongs to.
func read[T any](tx *bbolt.Tx, bucket string, add func(project string, value T)) error {
	return tx.Bucket([]byte(bucket)).ForEach(func(key, raw []byte) error {
		var value T
		if err := json.Unmarshal(raw, &value); err != nil {
			return fmt.Errorf("read %s %s: %w", bucket, key, err)
		}
		id, _, _ := strings.Cut(string(key), "/")
		add(id, value)
		return nil
	})
}

// entry is one value to be written.
type entry struct {
	bucket, key string
	value       any
}

// save writes the entries, all or none, and returns when they are on disk.
func (s *state) save(entries ...entry) error {
	if s == nil {
		return nil
	}
	return s.db.Update(func(tx *bbolt.Tx) error {
		for _, e := range entries {
			raw, err := json.Marshal(e.value)
			if err != nil {
				return fmt.Errorf("write state %s: %w", e.key, err)
			}
			if err := tx.Bucket([]byte(e.bucket)).Put([]byte(e.key), raw); err != nil {
				return fmt.Errorf("write state %s: %w", e.key, err)
			}
		}
		return nil
	})
}

// saveCreated keeps a new service and, where it is new too, its container. The
// service takes the entry of the gone one that was in its place before.
func (s *state) saveCreated(project string, v service, c container, fresh bool) error {
	entries := []entry{serviceEntry(project, v)}
	if fresh {
		entries = append(entries, entry{containerBucket, project + "/" + v.place().String(), c})
	}
	return s.save(entries...)
}

func (s *state) saveService(project string, v service) error {
	return s.save(serviceEntry(project, v))
}

func serviceEntry(project string, v service) entry {
	return entry{serviceBucket, project + "/" + v.place().String(), v}
}

func (s *state) saveRegional(project string, enabled bool) error {
	return s.save(entry{regionalBucket, project, enabled})
}
