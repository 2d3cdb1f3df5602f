package run

import (
	"context"
	"iter"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/transport"
)

// Against is the same run against another server behind the same base URL. The
// cases are derived, and the schemas compiled, only once for all of them. The
// runs have nothing else in common, not even a ledger, and may be under way at once.
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

// few is how many cases are under way at once where the first verdict that
// matters may end the run.
const few = 24

// Unordered are the verdicts as they come, in no order. Unlike in
// [Runner.Verdicts] few cases are ahead of them, so that little was in vain when
// the loop is left. What they had created is removed by then.
func (r *Runner) Unordered(ctx context.Context) iter.Seq2[contract.Verdict, error] {
	return func(yield func(contract.Verdict, error) bool) {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		if err := r.probe(ctx); err != nil {
			yield(contract.Verdict{}, err)
			return
		}
		verdicts := r.scatter(ctx, cancel)
		defer func() {
			cancel(nil)
			for range verdicts { // wait for those under way to clean up
			}
			r.Restore(ctx)
		}()
		for v := range verdicts {
			if context.Cause(ctx) != nil {
				break
			}
			if !yield(v, nil) {
				return
			}
		}
		if cause := context.Cause(ctx); cause != nil {
			yield(contract.Verdict{}, cause)
		}
	}
}

// scatter runs the cases, a few at a time, and closes the channel when all
// that were begun have ended.
func (r *Runner) scatter(ctx context.Context, cancel context.CancelCauseFunc) <-chan contract.Verdict {
	verdicts := make(chan contract.Verdict)
	go func() {
		defer close(verdicts)
		var running sync.WaitGroup
		defer running.Wait()
		places := make(chan struct{}, few)
		for c := range r.Cases() {
			select {
			case places <- struct{}{}:
			case <-ctx.Done():
				return
			}
			running.Go(func() {
				defer func() { <-places }()
				v, err := r.runCase(ctx, c)
				if err != nil {
					cancel(err)
				}
				select {
				case verdicts <- v:
				case <-ctx.Done():
				}
			})
		}
	}()
	return verdicts
}
