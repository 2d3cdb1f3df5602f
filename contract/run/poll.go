package run

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/contract"
)

// patience is how long a step polls: less once the same was waited for in vain.
func (r *Runner) patience(step *contract.Step) time.Duration {
	if _, lost := r.vain.Load(awaited(step)); lost {
		return r.o.Poll.Timeout / impatience
	}
	return r.o.Poll.Timeout
}

// impatience is by how much shorter a run waits for what it has waited for in
// vain before: two seconds instead of a minute.
const impatience = 30

func (r *Runner) lost(step *contract.Step) { r.vain.Store(awaited(step), true) }

// awaited names what a step polls for.
func awaited(step *contract.Step) string {
	if step.Until == nil {
		return ""
	}
	return fmt.Sprint(step.Operation, step.Until.Statuses, step.Until.Pointer, step.Until.Values)
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
