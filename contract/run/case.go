package run

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/transport"
)

// runCase sends the steps of a case and has its exchanges judged.
func (r *Runner) runCase(ctx context.Context, c *contract.Case) (contract.Verdict, error) {
	if c.Skip != "" {
		return contract.Verdict{Case: c, Outcome: contract.Skipped, Reason: c.Skip}, nil
	}
	defer r.locks.acquire(c)()
	t := &telling{runner: r, done: map[string]*contract.Exchange{}}
	t.steps(ctx, c)
	if t.unasked != "" {
		return contract.Verdict{Case: c, Outcome: contract.Unsent, Exchanges: t.exchanges, Reason: t.unasked}, r.alive(ctx)
	}
	v := r.judge.Judge(c, t.exchanges)
	if status := t.lastOf(c).Status; v.Outcome == contract.Kept && slices.Contains(c.Excuses, status) {
		v.Outcome, v.Tested = contract.Skipped, nil
		v.Reason = fmt.Sprintf("the state of the target refused it with %d: nothing is proved", status)
		return v, nil
	}
	v.Reason = t.stopped
	if t.stopped != "" && v.Outcome == contract.Kept {
		v.Outcome = contract.Unsent
	}
	return v, nil
}

// telling is a case on its way.
type telling struct {
	runner    *Runner
	exchanges []*contract.Exchange
	done      map[string]*contract.Exchange // by step, the last one
	stopped   string                        // why the main step was not reached
	unasked   string                        // why a step did not get to the target
}

func (t *telling) steps(ctx context.Context, c *contract.Case) {
	main := mainStep(c)
	for i := range c.Steps {
		step := &c.Steps[i]
		if ctx.Err() != nil && t.unasked == "" {
			t.unasked = "the run was ended before it"
		}
		if (t.unasked != "" || t.stopped != "") && !step.Cleanup {
			continue
		}
		request, params, err := t.bound(step)
		if err != nil {
			if !step.Cleanup {
				t.stopped = err.Error()
			}
			continue
		}
		e := t.send(ctx, step, request, params)
		if i < main && e != nil && !accepted(e, step) {
			t.stopped = fmt.Sprintf("the step before it, %s, got %s", step.Name, received(e))
		}
	}
}

func mainStep(c *contract.Case) int {
	for i := len(c.Steps) - 1; i >= 0; i-- {
		if !c.Steps[i].Cleanup {
			return i
		}
	}
	return -1
}

// accepted tells whether a step that prepares did its work.
func accepted(e *contract.Exchange, step *contract.Step) bool {
	status := e.Final().Status
	if step.Until != nil {
		return reached(e, step.Until)
	}
	return status >= 200 && status < 300
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
		if !ok || from.Final().Status < 200 || from.Final().Status > 299 {
			return request, nil, fmt.Errorf("the step %s made nothing", b.Step)
		}
		v, ok := contract.Eval(b.Expr, from, b.Under...)
		text, scalar := contract.Text(v)
		if !ok || !scalar || text == "" {
			return request, nil, fmt.Errorf("the reply to %s has no %s", b.Step, b.Expr)
		}
		if params == nil {
			params = map[string]string{}
		}
		params[b.Name] = text
		request.URL = strings.ReplaceAll(request.URL, "{"+b.Name+"}", url.PathEscape(text))
	}
	return request, params, nil
}

// send sends a step, again and again where it polls, and returns its last
// exchange.
func (t *telling) send(ctx context.Context, step *contract.Step, request contract.Request, params map[string]string) *contract.Exchange {
	poll := t.runner.o.Poll
	pause, deadline := poll.First, time.Now().Add(poll.Timeout)
	for {
		e, class := t.runner.o.Client.Do(context.WithoutCancel(ctx), request, step.Credential)
		if !asked(class) {
			t.unasked = e.Failure
			return nil
		}
		e.Step, e.Operation, e.Params = step.Name, step.Operation, params
		t.exchanges = append(t.exchanges, e)
		t.done[step.Name] = e
		if step.Until == nil || reached(e, step.Until) || !time.Now().Before(deadline) || !sleep(ctx, pause) {
			return e
		}
		pause = min(pause*3/2, poll.Max)
	}
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
	v, _ := contract.Eval("$response.body#"+until.Pointer, e)
	text, _ := contract.Text(v)
	return slices.Contains(until.Values, text)
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
	if i := mainStep(c); i >= 0 {
		if e := t.done[c.Steps[i].Name]; e != nil {
			return e.Final()
		}
	}
	return contract.Response{}
}
