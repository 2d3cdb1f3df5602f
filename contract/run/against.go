package run

import (
	"math/rand/v2"
	"slices"

	"github.com/atlas-contract/conformance/contract"
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
		next.held = slices.Collect(r.derived(r.source))
	}
	return next
}

// Mixed is the same run with its cases in another order, the same for the same
// seed: at random, but the kinds take turns, so that of a kind with few cases
// none comes late. What is broken is then found soon, wherever it is.
func (r *Runner) Mixed(seed int64) *Runner {
	next := r.Against(r.o.Client)
	cases := slices.Clone(next.held)
	draw := rand.New(rand.NewPCG(uint64(seed), 0))
	draw.Shuffle(len(cases), func(i, j int) { cases[i], cases[j] = cases[j], cases[i] })
	turn, turns := make(map[string]int), make(map[*contract.Case]int, len(cases))
	for _, c := range cases {
		turns[c] = turn[c.Kind]
		turn[c.Kind]++
	}
	slices.SortStableFunc(cases, func(a, b *contract.Case) int { return turns[a] - turns[b] })
	next.held = cases
	return next
}
