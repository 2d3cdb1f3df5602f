package run

import (
	"context"
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
	if reason := r.unfit(ctx, first, e); reason != "" {
		return &Unreachable{Target: r.o.Base, Reason: r.o.Client.Redact(reason)}
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

// paths yields where the cases go that need nothing before them.
func (r *Runner) paths() iter.Seq[string] {
	all := r.o.source("")
	return func(yield func(string) bool) {
		for _, op := range r.o.Contract.Operations {
			for c := range all.CasesOf(op, r.o.Kinds) {
				if c.Skip != "" || len(c.Steps) == 0 || c.Steps[0].Operation != op.ID || strings.Contains(c.Steps[0].Request.URL, "{") {
					continue
				}
				if !yield(c.Steps[0].Request.URL) {
					return
				}
				break // one for each operation
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
