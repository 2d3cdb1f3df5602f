package ledger

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// State is what the records of a ledger amount to.
type State struct {
	Run Run
	// Torn tells that the file breaks off in the midst of a line.
	Torn bool

	last   int
	before map[string]Before
	open   map[int]*Entry  // what is not settled
	made   map[string]int  // all that was ever made: the create by the URL
	hosts  map[string]bool // the URLs at which creates made something
	// changed are the settings that are not changed back, in the order of their
	// first change.
	changed []Setting
}

func newState() *State {
	return &State{before: map[string]Before{}, open: map[int]*Entry{}, made: map[string]int{}, hosts: map[string]bool{}}
}

// next is the number of the next create.
func (s *State) next() int { return s.last + 1 }

// apply takes a record in. The error says why it cannot follow those before it.
func (s *State) apply(record any) error {
	if run, ok := record.(*Run); ok {
		if s.Run.Type != "" {
			return errors.New("a second run; a ledger holds one")
		}
		s.Run = *run
		return nil
	}
	if s.Run.Type == "" {
		return errors.New("the first record is not that of a run")
	}
	switch r := record.(type) {
	case *Before:
		s.before[r.List] = *r
	case *Create:
		if r.N <= s.last {
			return fmt.Errorf("the create %d comes again", r.N)
		}
		s.last = r.N
		s.open[r.N] = &Entry{Create: *r}
	case *Setting:
		s.changed = append(s.changed, *r)
	case *event:
		return s.settle(r)
	}
	return nil
}

func (s *State) settle(e *event) error {
	switch e.Type {
	case typeEnd:
		return nil
	case typeBack:
		s.changed = slices.DeleteFunc(s.changed, func(one Setting) bool { return one.Change.URL == e.URL })
		return nil
	}
	if e.N < 1 || e.N > s.last {
		return fmt.Errorf("the create %d was not there before", e.N)
	}
	switch {
	case e.Type != typeMade:
		delete(s.open, e.N)
	case e.URL == "":
		return fmt.Errorf("what the create %d made has no URL", e.N)
	default:
		for _, url := range append([]string{e.URL}, e.Also...) {
			s.made[bare(url)] = e.N
		}
		if entry := s.open[e.N]; entry != nil {
			entry.Made, entry.Also = e.URL, e.Also
			s.hosts[bare(entry.URL)] = true
		}
	}
	return nil
}

// left are the entries that are not settled, the last first.
func (s *State) left() []Entry {
	out := make([]Entry, 0, len(s.open))
	for _, e := range s.open {
		out = append(out, *e)
	}
	slices.SortFunc(out, func(a, b Entry) int { return b.N - a.N })
	return out
}

// parent looks for the thing of the run's own that a URL is below.
func (s *State) parent(url string) (present, ours bool) {
	url = bare(url)
	for {
		i := strings.LastIndexByte(url, '/')
		if i < 0 {
			return false, false
		}
		url = url[:i]
		if n, ok := s.made[url]; ok {
			_, present = s.open[n]
			return present, true
		}
	}
}

// bare is a URL without its query.
func bare(url string) string {
	url, _, _ = strings.Cut(url, "?")
	return url
}
