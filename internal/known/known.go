package known

import (
	"cmp"
	"slices"
)

// Failure is a check that is expected to find something in a case.
type Failure struct {
	Case  string `json:"case"`
	Check string `json:"check"`
	// Reason is why it is let be, empty where nobody has written one yet.
	Reason string `json:"reason,omitempty"`
	// Flaky tells that the check does not find it each time, so that a run
	// without the finding refutes nothing.
	Flaky bool `json:"flaky,omitempty"`
	// Line is where the case stands in the file, 0 for a failure that is in none.
	Line int `json:"line,omitempty"`
}

// File is the known failures of a contract and target.
type File struct {
	// Name is what the file is called.
	Name     string
	Failures []Failure

	index map[[2]string]int
	seen  map[int]state
}

// state is what a run showed of a failure: bits of the following.
type state uint8

const (
	judged state = 1 << iota // its case was judged
	found                    // and the check found something
)

// Find is the known failure of a case and check, and tells whether there is
// one.
func (f *File) Find(id, check string) (Failure, bool) {
	i, ok := f.index[[2]string{id, check}]
	if !ok {
		return Failure{}, false
	}
	return f.Failures[i], true
}

// Saw notes that a case was judged, and which checks found something.
func (f *File) Saw(id string, checks []string) {
	for i, failure := range f.Failures {
		if failure.Case != id {
			continue
		}
		f.seen[i] |= judged
		if slices.Contains(checks, failure.Check) {
			f.seen[i] |= found
		}
	}
}

// Stale is a known failure that has come true no more.
type Stale struct {
	Failure
	// Why says what became of it.
	Why string `json:"why"`
}

// Stale are the failures that a run refutes: those of cases that were judged
// without the finding, unless they are flaky, and those of cases that do not
// exist. Exists tells whether the contract has a case; one that was not judged in
// this run proves nothing.
func (f *File) Stale(exists func(id string) bool) []Stale {
	var out []Stale
	for i, failure := range f.Failures {
		switch {
		case f.seen[i]&found != 0, f.seen[i]&judged != 0 && failure.Flaky:
		case f.seen[i]&judged != 0:
			out = append(out, Stale{failure, "the check " + failure.Check + " finds nothing there any more"})
		case !exists(failure.Case):
			out = append(out, Stale{failure, "there is no such case"})
		}
	}
	return out
}

// New makes a file of failures, in the order in which they are written: by
// check and reason, then by case.
func New(name string, failures []Failure) *File {
	f := &File{Name: name, Failures: slices.Clone(failures), index: map[[2]string]int{}, seen: map[int]state{}}
	slices.SortStableFunc(f.Failures, func(a, b Failure) int {
		return cmp.Or(cmp.Compare(a.Check, b.Check), cmp.Compare(a.Reason, b.Reason), rank(a.Flaky)-rank(b.Flaky), cmp.Compare(a.Case, b.Case))
	})
	for i, failure := range f.Failures {
		f.index[[2]string{failure.Case, failure.Check}] = i
	}
	return f
}

// rank puts what is flaky last.
func rank(flaky bool) int {
	if flaky {
		return 1
	}
	return 0
}
