package run

import (
	"math/rand/v2"
	"slices"

	"github.com/atlas-contract/conformance/internal/transport"
)

// Against is the same run against another server behind the same base URL. The
// cases are derived, and the schemas compiled, only once for all of them. The
// runs have nothing else in common and may be under way at once.
func (r *Runner) Against(client *transport.Client) *Runner {
	next := &Runner{
		o: r.o, source: r.source, judge: r.judge, held: r.held, locks: newLocks(),
		inFlight: make(chan struct{}, r.o.Concurrency), makers: make(chan struct{}, r.o.Creates),
	}
	next.o.Client = client
	if next.held == nil {
		next.held = slices.Collect(r.All())
	}
	return next
}

// Mixed is the same run with its cases in a random order, the same for the same
// seed. What breaks many cases is then found soon.
func (r *Runner) Mixed(seed int64) *Runner {
	next := r.Against(r.o.Client)
	next.held = slices.Clone(next.held)
	draw := rand.New(rand.NewPCG(uint64(seed), 0))
	draw.Shuffle(len(next.held), func(i, j int) { next.held[i], next.held[j] = next.held[j], next.held[i] })
	return next
}
