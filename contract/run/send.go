package run

import (
	"context"
	"slices"
	"time"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/ledger"
	"github.com/atlas-contract/conformance/internal/transport"
)

// send sends a step, again and again where it polls, and returns its last
// exchange.
func (t *telling) send(ctx context.Context, step *contract.Step, request contract.Request, params map[string]string) *contract.Exchange {
	poll := t.runner.o.Poll
	pause, deadline := poll.First, time.Now().Add(t.runner.patience(step))
	if step.Until != nil {
		defer t.runner.waits.begin(step)()
	}
	for {
		create, err := t.runner.book.prepare(ctx, t.of, step, request, params)
		if err != nil {
			t.write(err)
			return nil
		}
		e, class := t.ask(ctx, step, request, create)
		t.creates[e] = create
		t.write(t.runner.book.settle(create, e, class))
		if class == transport.Inapplicable {
			t.inapplicable = e.Failure
			return nil
		}
		if !asked(class) {
			t.unasked = e.Failure
			return nil
		}
		t.note(e, step, params)
		t.done[step.Name] = e
		switch {
		case step.Until == nil || reached(e, step.Until):
			return e
		case !time.Now().Before(deadline):
			t.runner.lost(step)
			return e
		case !sleep(ctx, pause):
			if !step.Cleanup {
				t.unasked = ended(ctx)
			}
			return e
		}
		pause = min(pause*3/2, poll.Max)
	}
}

// sendTogether sends all copies of a step at the same time, and returns one
// that was accepted, if any was.
func (t *telling) sendTogether(ctx context.Context, step *contract.Step, request contract.Request, params map[string]string) *contract.Exchange {
	type reply struct {
		exchange *contract.Exchange
		class    transport.Class
		create   *ledger.Create
	}
	replies := make(chan reply, step.Copies)
	var creates []*ledger.Create
	for range step.Copies {
		create, err := t.runner.book.prepare(ctx, t.of, step, request, params)
		if err == nil {
			err = t.runner.book.announce(create)
		}
		if err != nil {
			t.write(err)
			return nil
		}
		creates = append(creates, create)
	}
	for _, create := range creates {
		go func() {
			e, class := t.runner.o.Client.Do(transport.Unbroken(ctx), request, step.Credential)
			replies <- reply{e, class, create}
		}()
	}
	var got []*contract.Exchange
	for range step.Copies {
		r := <-replies
		t.creates[r.exchange] = r.create
		t.write(t.runner.book.settle(r.create, r.exchange, r.class))
		if asked(r.class) {
			got = append(got, r.exchange)
		} else {
			t.unasked = r.exchange.Failure
		}
	}
	slices.SortFunc(got, func(a, b *contract.Exchange) int { return a.Start.Compare(b.Start) })
	for _, e := range got {
		t.runner.spent.count(t.of, step, e)
		t.note(e, step, params)
		if e.Final().Success() {
			t.twins[step.Name] = append(t.twins[step.Name], e)
		}
	}
	if twins := t.twins[step.Name]; len(twins) > 0 {
		t.done[step.Name] = twins[0]
	} else if len(got) > 0 {
		t.done[step.Name] = got[0]
	}
	return t.done[step.Name]
}

// ask sends a request when its turn comes: no more than Concurrency are under
// way at once. What was begun is not broken off.
func (r *Runner) ask(ctx context.Context, request contract.Request, credential string) (*contract.Exchange, transport.Class) {
	return r.inTurn(ctx, request, func(ctx context.Context) (*contract.Exchange, transport.Class) {
		return r.o.Client.Do(ctx, request, credential)
	})
}

// inTurn waits for a place among the requests under way, and sends unless the
// run was ended before it was free.
func (r *Runner) inTurn(ctx context.Context, request contract.Request, send func(context.Context) (*contract.Exchange, transport.Class)) (*contract.Exchange, transport.Class) {
	r.inFlight <- struct{}{}
	defer func() { <-r.inFlight }()
	if ctx.Err() != nil {
		return &contract.Exchange{Request: request, Failure: ended(ctx)}, transport.Interrupted
	}
	return send(transport.Unbroken(ctx))
}

// ask sends a step once, when its turn comes, with the credentials that it
// wants, and after what it creates is written down.
func (t *telling) ask(ctx context.Context, step *contract.Step, request contract.Request, create *ledger.Create) (*contract.Exchange, transport.Class) {
	r := t.runner
	if step.Cleanup { // what was made is removed, however the run ends
		ctx = transport.Unbroken(ctx)
	}
	return r.inTurn(ctx, request, func(ctx context.Context) (e *contract.Exchange, class transport.Class) {
		if reason := r.spent.forbids(r.o.Limits.Creates, t.of, step); reason != "" {
			return &contract.Exchange{Request: request, Failure: reason}, transport.Inapplicable
		}
		if err := r.book.announce(create); err != nil {
			t.write(err)
			return &contract.Exchange{Request: request, Failure: err.Error()}, transport.Unsendable
		}
		if step.Answer == nil {
			e, class = r.o.Client.Do(ctx, request, step.Credential)
		} else {
			e, class = r.o.Client.Answer(ctx, request, step.Credential, step.Answer, t.done[step.Answer.Of])
		}
		r.spent.count(t.of, step, e)
		return e, class
	})
}

// asked tells whether the request got to the target, so that what came back
// says something about it.
func asked(class transport.Class) bool {
	return class == transport.Answered || class == transport.Misbehaved
}
