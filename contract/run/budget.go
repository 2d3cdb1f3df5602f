package run

import (
	"fmt"
	"iter"
	"sync"

	"github.com/atlas-contract/conformance/contract"
)

// mostPicks is how many cases are picked one by one; what is left of a larger
// budget goes to the first cases that it is enough for.
const mostPicks = 200

// budget picks, of the cases that make something, those that are sent where
// only so many things may be made: each time the one that shows most that no
// picked one shows, for what it makes.
type budget struct {
	left   int
	picked map[string]bool
	shown  map[string]bool
}

// spend picks the cases. The same cases and number always give the same.
func spend(cases iter.Seq[*contract.Case], most int) map[string]bool {
	b := &budget{left: most, picked: map[string]bool{}, shown: map[string]bool{}}
	type costly struct {
		id    string
		makes int
		shows []string
	}
	var all []costly
	for c := range cases {
		if n := creations(c); c.Skip == "" && n > 0 {
			all = append(all, costly{c.ID, n, shows(c)})
		}
	}
	for range mostPicks {
		best, gain := -1, 0.0
		for i, c := range all {
			if b.picked[c.id] || c.makes > b.left {
				continue
			}
			if g := float64(b.fresh(c.shows)) / float64(c.makes); g > gain {
				best, gain = i, g
			}
		}
		if best < 0 {
			break
		}
		b.pick(all[best].id, all[best].makes, all[best].shows)
	}
	for _, c := range all {
		if !b.picked[c.id] && c.makes <= b.left {
			b.pick(c.id, c.makes, c.shows)
		}
	}
	return b.picked
}

func (b *budget) fresh(shows []string) int {
	n := 0
	for _, one := range shows {
		if !b.shown[one] {
			n++
		}
	}
	return n
}

func (b *budget) pick(id string, makes int, shows []string) {
	b.picked[id] = true
	b.left -= makes
	for _, one := range shows {
		b.shown[one] = true
	}
}

// shows is what a case shows, as far as that is known beforehand: what it is
// about, and the operations of its steps.
func shows(c *contract.Case) []string {
	out := []string{"kind " + c.Kind, "case of " + c.Operation}
	for _, id := range c.Statements {
		out = append(out, "statement "+id)
	}
	for i := range c.Steps {
		out = append(out, "operation "+c.Steps[i].Operation)
	}
	return out
}

// spent is what a run has made. A target that accepts what it is to refuse makes
// more than was planned.
type spent struct {
	mu        sync.Mutex
	made      int
	refusable int // those among them that were to be refused
}

// count notes what came of a step.
func (s *spent) count(c *contract.Case, step *contract.Step, e *contract.Exchange) {
	if !e.Final().Success() || !makes(c, step.Name) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made++
	if toBeRefused(c, step) {
		s.refusable++
	}
}

// forbids is why a step is not sent: once the target has made what it was to
// refuse, nothing may be sent that could make more than the run may.
func (s *spent) forbids(most int, c *contract.Case, step *contract.Step) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if most <= 0 || s.refusable == 0 && s.made <= most || s.made < most || !makes(c, step.Name) {
		return ""
	}
	return fmt.Sprintf("the run may make no more than %s (--max-creates), and the target made some that it was to refuse", contract.Plural(most, "thing"))
}
