package run

import (
	"context"
	"fmt"
	"iter"
	"strings"

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
	if e.Challenge != nil && e.Final().Status == 401 && !r.acceptedOtherwise(ctx, first) {
		return &Unreachable{Target: r.o.Base, Reason: fmt.Sprintf(
			"the credentials are refused: %s got 401 even with them; check the user and the key", first.Name)}
	}
	return nil
}

// acceptedOtherwise tells whether the same credential is accepted when the
// answer to the challenge is written in another way that means the same: then
// the target is at fault, and the cases say so.
func (r *Runner) acceptedOtherwise(ctx context.Context, step *contract.Step) bool {
	for _, answer := range []contract.Answer{
		{Form: contract.Form{Quoted: []string{"algorithm", "qop", "nc"}}},
		{Written: map[string]string{"algorithm": "{none}"}},
	} {
		e, class := r.o.Client.Answer(ctx, step.Request, step.Credential, &answer, nil)
		if asked(class) && e.Final().Status != 401 {
			return true
		}
	}
	return false
}

// harmless is the first step of a case that reads and needs nothing before it.
func (r *Runner) harmless() *contract.Step {
	for c := range r.reads() {
		if c.Skip != "" || len(c.Steps) == 0 {
			continue
		}
		step := &c.Steps[0]
		if step.Request.Method == "GET" && step.Credential == "" && !strings.Contains(step.Request.URL, "?") && len(step.Binds) == 0 && c.Expect == contract.Accepted {
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
