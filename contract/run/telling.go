package run

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/ledger"
)

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
		if err := t.runner.keep(ctx, c, step); err != nil {
			t.write(err)
			continue
		}
		if step.Cleanup && t.forEachTwin(ctx, step) {
			continue
		}
		e, err := t.step(ctx, step)
		if err == nil && step.Cleanup && step.Request.Method == http.MethodDelete {
			e = t.removeLater(ctx, step, e)
		}
		switch {
		case err != nil && !step.Cleanup:
			t.stopped = err.Error()
		case inVain(e, step.Until) != "":
			t.vain = inVain(e, step.Until)
		case i < main && e != nil && !step.Loose && !accepted(e, step):
			if t.inapplicable = t.runner.lacking(step.Operation, e.Final()); t.inapplicable != "" {
				continue
			}
			t.stopped = fmt.Sprintf("the step before it, %s, got %s%s", step.Name, received(e), t.occupied(e))
		}
	}
}

// occupied says what may be in the way of a create that met a conflict though
// the case had made nothing yet: what the target held before the run. It is ""
// where that was nothing.
func (t *telling) occupied(e *contract.Exchange) string {
	op := t.runner.o.Contract.Operation(e.Operation)
	if op == nil || op.Creates == nil || e.Response == nil || fmt.Sprint(e.Final().Status) != op.Creates.Conflict {
		return ""
	}
	for before, create := range t.creates {
		if before != e && create != nil && before.Final().Success() {
			return ""
		}
	}
	n := t.runner.book.held(t.creates[e])
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; the target held %s of the kind before the run, and one may be in the way", contract.Plural(n, "thing"))
}

// removeLater sends a removal again that was refused for now: a target may not
// remove what is not ready. What is refused for long is left to the sweep.
func (t *telling) removeLater(ctx context.Context, step *contract.Step, e *contract.Exchange) *contract.Exchange {
	r, key := t.runner, "removal by "+step.Operation
	if _, lost := r.vain.Load(key); lost {
		return e
	}
	poll, patience := r.o.Poll, 2*time.Minute
	if Nearby(r.o.Base) {
		patience = 3 * time.Second
	}
	deadline := time.Now().Add(min(poll.Timeout, patience))
	for pause := poll.First; e != nil && e.Final().Status == http.StatusConflict; pause = min(pause*3/2, poll.Max) {
		if !time.Now().Before(deadline) {
			r.vain.Store(key, true)
			return e
		}
		if !sleep(ctx, pause) {
			return e
		}
		e, _ = t.step(ctx, step)
	}
	return e
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
		v, ok := t.runner.o.Contract.Told(b.Expr, from, b.Under...)
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

// note keeps an exchange as one of the step's.
func (t *telling) note(e *contract.Exchange, step *contract.Step, params map[string]string) {
	e.Step, e.Operation, e.Credential, e.Params = step.Name, step.Operation, step.Credential, params
	t.exchanges = append(t.exchanges, e)
}

// taken is why a right create proves nothing that was refused for what the
// target held before the run, "" where it was not.
func (t *telling) taken(c *contract.Case) string {
	i := c.Main()
	if i < 0 || c.Expect != contract.Accepted || t.done[c.Steps[i].Name] == nil {
		return ""
	}
	e := t.done[c.Steps[i].Name]
	if why := t.occupied(e); why != "" {
		return fmt.Sprintf("it got %s%s: nothing is proved", received(e), why)
	}
	return ""
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
