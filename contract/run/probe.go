package run

import (
	"context"
	"fmt"
	"iter"

	"github.com/atlas-contract/conformance/contract"
)

// probe asks the target one harmless question first, so that a dead target or
// a refused credential is one sentence instead of a failure per case.
func (r *Runner) probe(ctx context.Context) error {
	first := r.harmless()
	if first == nil {
		return nil
	}
	e, class := r.ask(ctx, first.Request, first.Credential)
	if !asked(class) {
		return &Unreachable{Target: r.o.Base, Reason: e.Failure}
	}
	if e.Challenge != nil && e.Final().Status == 401 {
		return &Unreachable{Target: r.o.Base, Reason: fmt.Sprintf(
			"the credentials are refused: %s got 401 even with them; check the user and the key", first.Name)}
	}
	return nil
}

// harmless is the first step of a case that reads and needs nothing before it.
func (r *Runner) harmless() *contract.Step {
	for c := range r.reads() {
		if c.Skip != "" || len(c.Steps) == 0 {
			continue
		}
		step := &c.Steps[0]
		if step.Request.Method == "GET" && step.Credential == "" && len(step.Binds) == 0 && c.Expect == contract.Accepted {
			return step
		}
	}
	return nil
}

// reads yields the cases that Match picks of operations that read.
func (r *Runner) reads() iter.Seq[*contract.Case] {
	return func(yield func(*contract.Case) bool) {
		for _, op := range r.o.Contract.Operations {
			if op.Method != "GET" {
				continue
			}
			for c := range r.source.CasesOf(op, r.o.Kinds) {
				if ok, _ := match(r.o.Match, c.ID); ok && !yield(c) {
					return
				}
			}
		}
	}
}

// alive asks once more after a request that did not get through: a target that
// is gone ends the run, a connection that was lost by chance does not.
func (r *Runner) alive(ctx context.Context) error {
	request := contract.Request{Method: "GET", URL: r.o.Base + "/"}
	if e, class := r.ask(ctx, request, "none"); !asked(class) {
		return &Unreachable{Target: r.o.Base, Reason: e.Failure}
	}
	return nil
}
