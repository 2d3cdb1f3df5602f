package run

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/ledger"
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
	for pause := firstPause; r.inTheWay(c, &v) && pause <= lastPause && sleep(ctx, pause); pause *= 2 {
		v, err = r.once(ctx, c)
	}
	if r.inTheWay(c, &v) {
		v.Outcome, v.Tested = contract.Skipped, nil
		v.Reason = "it was taken for a second one of what is there, which says nothing about what is wrong with it: nothing is proved"
	}
	if err != nil || v.Outcome != contract.Broken || c.Shrink == nil {
		return v, err
	}
	return r.smallest(ctx, c, v), nil
}

// The pauses before a case is sent again whose request met what other cases had
// made.
const firstPause, lastPause = 100 * time.Millisecond, 3200 * time.Millisecond

// inTheWay tells whether a wrong create was not refused for what is wrong with
// it, but for something that is there. A target that puts a usual value in place
// of a wrong one does so while another case has made that.
func (r *Runner) inTheWay(c *contract.Case, v *contract.Verdict) bool {
	op := r.o.Contract.Operation(c.Operation)
	if c.Expect != contract.Rejected || len(c.Statuses) > 0 || v.Outcome != contract.Kept || op == nil || op.Creates == nil || op.Creates.Conflict == "" {
		return false
	}
	main := c.Steps[c.Main()].Name
	for _, e := range slices.Backward(v.Exchanges) {
		if e.Step == main {
			return fmt.Sprint(e.Final().Status) == op.Creates.Conflict
		}
	}
	return false
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
	if lacking := r.lacking(c.Operation, t.lastOf(c)); lacking != "" && (v.Outcome == contract.Broken || v.Outcome == contract.Warned) {
		return contract.Verdict{Case: c, Outcome: contract.Skipped, Exchanges: v.Exchanges, Reason: lacking}, nil
	}
	if taken := t.taken(c); taken != "" && v.Outcome == contract.Broken {
		return contract.Verdict{Case: c, Outcome: contract.Skipped, Exchanges: v.Exchanges, Reason: taken}, nil
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

// lacking is why a reply proves nothing of an operation that the target may lack
// and seems to lack, "" where it does not.
func (r *Runner) lacking(operation string, reply contract.Response) string {
	op := r.o.Contract.Operation(operation)
	if op == nil || !op.Node.Ext().Get("optional").True() {
		return ""
	}
	switch reply.Status {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return fmt.Sprintf("%s got %d: a target may lack it (x-conformance, optional), and this one seems to", op.ID, reply.Status)
	}
	return ""
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
