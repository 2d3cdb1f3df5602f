package run

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/ledger"
	"github.com/atlas-contract/conformance/internal/transport"
)

// runCase sends the steps of a case and has its exchanges judged. A panic is an
// error of this program, not of the target: the case is unsent, the others go on.
func (r *Runner) runCase(ctx context.Context, c *contract.Case) (v contract.Verdict, err error) {
	defer func() {
		if p := recover(); p != nil {
			v = contract.Verdict{Case: c, Outcome: contract.Unsent, Reason: fmt.Sprintf("a bug of this program kept it from being judged: %v%s", p, panicPlace())}
		}
	}()
	if c.Skip != "" {
		return contract.Verdict{Case: c, Outcome: contract.Skipped, Reason: c.Skip}, nil
	}
	defer r.turn(c)()
	if errors.Is(context.Cause(ctx), errDeadline) {
		return contract.Verdict{Case: c, Outcome: contract.Unsent, Reason: errDeadline.Error()}, nil
	}
	v, err = r.once(ctx, c)
	if err != nil || v.Outcome != contract.Broken || c.Shrink == nil {
		return v, err
	}
	return r.smallest(ctx, c, v), nil
}

// smallest is the verdict on the smallest request that breaks the same as a
// broken one.
func (r *Runner) smallest(ctx context.Context, c *contract.Case, broken contract.Verdict) contract.Verdict {
	c.Shrink(func(smaller *contract.Case) bool {
		v, err := r.once(ctx, smaller)
		same := err == nil && v.Outcome == contract.Broken && v.Findings[0].Check == broken.Findings[0].Check
		if same {
			broken = v
		}
		return same
	})
	return broken
}

// once sends the steps of a case and has its exchanges judged.
func (r *Runner) once(ctx context.Context, c *contract.Case) (contract.Verdict, error) {
	t := &telling{runner: r, of: c, done: map[string]*contract.Exchange{}, twins: map[string][]*contract.Exchange{}, creates: map[*contract.Exchange]*ledger.Create{}}
	t.steps(ctx, c)
	if t.broken != nil {
		return contract.Verdict{Case: c, Outcome: contract.Unsent, Exchanges: t.exchanges, Reason: t.broken.Error()}, t.broken
	}
	if t.unasked != "" {
		v := contract.Verdict{Case: c, Outcome: contract.Unsent, Exchanges: t.exchanges, Reason: t.unasked}
		if ctx.Err() != nil {
			return v, nil
		}
		return v, r.alive(ctx)
	}
	if t.inapplicable != "" {
		return contract.Verdict{Case: c, Outcome: contract.Skipped, Exchanges: t.exchanges, Reason: t.inapplicable}, nil
	}
	v := r.judge.Judge(c, t.exchanges)
	if status := t.lastOf(c).Status; v.Outcome == contract.Kept && slices.Contains(c.Excuses, status) {
		v.Outcome, v.Tested = contract.Skipped, nil
		v.Reason = fmt.Sprintf("the state of the target refused it with %d: nothing is proved", status)
		return v, nil
	}
	if t.vain != "" && v.Outcome == contract.Kept {
		return contract.Verdict{Case: c, Outcome: contract.Skipped, Exchanges: v.Exchanges, Reason: t.vain}, nil
	}
	v.Reason = t.stopped
	if t.stopped != "" && v.Outcome == contract.Kept {
		v.Outcome = contract.Unsent
	}
	return v, nil
}

// turn waits until a case may begin, and returns what ends it: no two cases
// want the same unique thing at once, and only so many make something.
func (r *Runner) turn(c *contract.Case) (end func()) {
	release := r.locks.acquire(c)
	if !slices.ContainsFunc(c.Steps, func(s contract.Step) bool { return s.Cleanup }) {
		return release
	}
	r.makers <- struct{}{}
	return func() { <-r.makers; release() }
}

// telling is a case on its way.
type telling struct {
	runner    *Runner
	of        *contract.Case
	exchanges []*contract.Exchange
	done      map[string]*contract.Exchange // by step, the one that others are bound to
	twins     map[string][]*contract.Exchange
	creates   map[*contract.Exchange]*ledger.Create // what the ledger says of each
	broken    error                                 // the ledger cannot be written
	stopped   string                                // why the main step was not reached
	unasked   string                                // why a step did not get to the target
	// inapplicable is why the target has not what a step is about.
	inapplicable string
	vain         string // why the state that the case needs did not come
}

func (t *telling) steps(ctx context.Context, c *contract.Case) {
	main := c.Main()
	for i := range c.Steps {
		step := &c.Steps[i]
		if ctx.Err() != nil && t.unasked == "" && !step.Cleanup {
			t.unasked = ended(ctx)
		}
		if (t.unasked != "" || t.stopped != "" || t.inapplicable != "" || t.vain != "") && !step.Cleanup {
			continue
		}
		t.runner.keep(ctx, step)
		if step.Cleanup && t.forEachTwin(ctx, step) {
			continue
		}
		e, err := t.step(ctx, step)
		switch {
		case err != nil && !step.Cleanup:
			t.stopped = err.Error()
		case inVain(e, step.Until) != "":
			t.vain = inVain(e, step.Until)
		case i < main && e != nil && !step.Loose && !accepted(e, step):
			t.stopped = fmt.Sprintf("the step before it, %s, got %s", step.Name, received(e))
		}
	}
}

// step binds a step and sends it.
func (t *telling) step(ctx context.Context, step *contract.Step) (*contract.Exchange, error) {
	request, params, err := t.bound(step)
	if err != nil {
		return nil, err
	}
	if step.Copies > 1 {
		return t.sendTogether(ctx, step, request, params), nil
	}
	e := t.send(ctx, step, request, params)
	for _, b := range step.Binds {
		if strings.HasPrefix(b.Expr, "$response.") {
			t.write(t.runner.book.removed(t.creates[t.done[b.Step]], step, e))
		}
	}
	return e, nil
}

// write takes in whether the ledger could be written.
func (t *telling) write(err error) {
	if err != nil && t.broken == nil {
		t.broken, t.unasked = err, err.Error()
	}
}

// forEachTwin sends a step that cleans up once for each copy that was accepted
// of the step it is bound to, and tells whether there are several.
func (t *telling) forEachTwin(ctx context.Context, step *contract.Step) bool {
	for _, b := range step.Binds {
		twins := t.twins[b.Step]
		if len(twins) < 2 {
			continue
		}
		for _, twin := range twins {
			t.done[b.Step] = twin
			_, _ = t.step(ctx, step) // what cannot be bound made nothing
		}
		return true
	}
	return false
}

// accepted tells whether a step that prepares did its work.
func accepted(e *contract.Exchange, step *contract.Step) bool {
	switch {
	case step.Until != nil:
		return reached(e, step.Until)
	case step.Expect == contract.Any:
		return e.Response != nil
	case step.Expect == contract.Rejected:
		status := e.Final().Status
		return status >= 400 && status < 500
	}
	return e.Final().Success()
}

func received(e *contract.Exchange) string {
	if e.Response == nil {
		return "no reply: " + e.Failure
	}
	return fmt.Sprintf("status %d", e.Response.Status)
}

// bound fills the placeholders of a step from the exchanges so far.
func (t *telling) bound(step *contract.Step) (contract.Request, map[string]string, error) {
	request, params := step.Request, maps.Clone(step.Params)
	for _, b := range step.Binds {
		from, ok := t.done[b.Step]
		if !ok || !from.Final().Success() {
			return request, nil, t.unbound(b, "the step %s made nothing", b.Step)
		}
		v, ok := contract.Eval(b.Expr, from, b.Under...)
		text, scalar := contract.Text(v)
		if !ok || !scalar || text == "" {
			return request, nil, t.unbound(b, "the reply to %s has no %s", b.Step, b.Expr)
		}
		if b.Header != "" {
			request.Header = filled(request.Header, b, text)
			continue
		}
		if !contract.Segment(text) {
			return request, nil, fmt.Errorf("the reply to %s has a %s that cannot be part of a path: %s", b.Step, b.Expr, contract.Show(text))
		}
		if params == nil {
			params = map[string]string{}
		}
		params[b.Name] = text
		request.URL = strings.ReplaceAll(request.URL, "{"+b.Name+"}", url.PathEscape(text))
	}
	return request, params, nil
}

// unbound is why a step cannot be bound. Without what a header needs the case is
// not for this target.
func (t *telling) unbound(b contract.Bind, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	if b.Header != "" {
		t.inapplicable = err.Error()
	}
	return err
}

// filled are headers with a value in place of a placeholder.
func filled(header http.Header, b contract.Bind, text string) http.Header {
	header = header.Clone()
	for i, value := range header.Values(b.Header) {
		header.Values(b.Header)[i] = strings.ReplaceAll(value, "{"+b.Name+"}", text)
	}
	return header
}

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

// note keeps an exchange as one of the step's.
func (t *telling) note(e *contract.Exchange, step *contract.Step, params map[string]string) {
	e.Step, e.Operation, e.Credential, e.Params = step.Name, step.Operation, step.Credential, params
	t.exchanges = append(t.exchanges, e)
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

// patience is how long a step polls: less once the same was waited for in vain.
func (r *Runner) patience(step *contract.Step) time.Duration {
	if _, lost := r.vain.Load(awaited(step)); lost {
		return min(r.o.Poll.Timeout, impatience)
	}
	return r.o.Poll.Timeout
}

// impatience is how long a run waits for what it has waited for in vain before.
const impatience = 2 * time.Second

func (r *Runner) lost(step *contract.Step) { r.vain.Store(awaited(step), true) }

// awaited names what a step polls for.
func awaited(step *contract.Step) string {
	if step.Until == nil {
		return ""
	}
	return fmt.Sprint(step.Operation, step.Until.Statuses, step.Until.Pointer, step.Until.Values)
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

// reached tells whether polling can end: the state is there, or something came
// that no waiting mends.
func reached(e *contract.Exchange, until *contract.Until) bool {
	status := e.Final().Status
	if slices.Contains(until.Statuses, status) {
		return true
	}
	if e.Response == nil || status >= 400 {
		return true
	}
	if until.Pointer == "" {
		return false
	}
	text := stateOf(e, until)
	return slices.Contains(until.Values, text) || slices.Contains(until.Vain, text)
}

// stateOf is the value that is waited on.
func stateOf(e *contract.Exchange, until *contract.Until) string {
	v, _ := contract.Eval("$response.body#"+until.Pointer, e)
	text, _ := contract.Text(v)
	return text
}

// inVain says why what a step waits for will not come, "" where it may.
func inVain(e *contract.Exchange, until *contract.Until) string {
	if until == nil || len(until.Vain) == 0 || e == nil || e.Response == nil {
		return ""
	}
	if state := stateOf(e, until); slices.Contains(until.Vain, state) {
		return fmt.Sprintf("what was made came to %s, not to %s: nothing is proved", state, strings.Join(until.Values, " or "))
	}
	return ""
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// lastOf is the reply to the step that the case is about, if it got that far.
func (t *telling) lastOf(c *contract.Case) contract.Response {
	if i := c.Main(); i >= 0 {
		if e := t.done[c.Steps[i].Name]; e != nil {
			return e.Final()
		}
	}
	return contract.Response{}
}
