package run

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/atlas-contract/conformance/contract"
)

// waiting is what the cases of a run wait for.
type waiting struct {
	mu sync.Mutex
	of map[string]*wait
}

// wait is one thing that is waited for.
type wait struct {
	cases int
	since time.Time
}

// begin notes that a case waits, and returns what ends it.
func (w *waiting) begin(step *contract.Step) (end func()) {
	what := sought(step)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of == nil {
		w.of = map[string]*wait{}
	}
	one := w.of[what]
	if one == nil {
		one = &wait{since: time.Now()}
		w.of[what] = one
	}
	one.cases++
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if one.cases--; one.cases == 0 {
			delete(w.of, what)
		}
	}
}

// sought is what a step waits for, in words.
func sought(step *contract.Step) string {
	var parts []string
	if step.Until.Pointer != "" {
		parts = append(parts, step.Until.Pointer+" "+strings.Join(step.Until.Values, " or "))
	}
	for _, status := range step.Until.Statuses {
		parts = append(parts, fmt.Sprint(status))
	}
	return strings.Join(parts, ", or ") + " of " + step.Operation
}

// Waiting says in a few words what cases have waited for longer than a time,
// the longest first; "" where there is nothing.
func (r *Runner) Waiting(longer time.Duration) string {
	r.waits.mu.Lock()
	defer r.waits.mu.Unlock()
	var parts []string
	names := slices.Collect(maps.Keys(r.waits.of))
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(r.waits.of[a].since.Compare(r.waits.of[b].since), cmp.Compare(a, b))
	})
	for _, name := range names {
		one := r.waits.of[name]
		if took := time.Since(one.since); took >= longer {
			parts = append(parts, fmt.Sprintf("%d for %s (%v)", one.cases, name, took.Round(time.Second)))
		}
	}
	return strings.Join(parts, "; ")
}
