package run

import (
	"slices"
	"sync"

	"github.com/atlas-contract/conformance/contract"
)

// locks keeps cases apart that want the same unique thing.
type locks struct {
	mu   sync.Mutex
	held map[string]*sync.Mutex
}

func newLocks() *locks { return &locks{held: map[string]*sync.Mutex{}} }

// acquire waits for all that the case's steps need and returns what gives it
// back. The order is that of the names, so that no two cases wait for each
// other.
func (l *locks) acquire(c *contract.Case) (release func()) {
	var names []string
	for _, step := range c.Steps {
		names = append(names, step.Locks...)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for _, name := range names {
		l.lock(name).Lock()
	}
	return func() {
		for _, name := range names {
			l.lock(name).Unlock()
		}
	}
}

func (l *locks) lock(name string) *sync.Mutex {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[name] == nil {
		l.held[name] = &sync.Mutex{}
	}
	return l.held[name]
}
