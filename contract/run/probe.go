package run

import (
	"context"
	"iter"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
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

func anyOperation(*spec.Operation) bool { return true }

func isRead(op *spec.Operation) bool { return op.Method == "GET" }

func anyCase(*contract.Case) bool { return true }

func isAccepted(c *contract.Case) bool { return c.Expect == contract.Accepted }

// reads yields the cases that Match picks of operations that read, those first
// that want credentials where there are any.
func (r *Runner) reads() iter.Seq[*contract.Case] {
	return func(yield func(*contract.Case) bool) {
		var secured, open []*spec.Operation
		for _, op := range r.o.Contract.Operations {
			switch {
			case !isRead(op):
			case r.o.Client.Scheme("") != "" && !op.Open():
				secured = append(secured, op)
			default:
				open = append(open, op)
			}
		}
		for _, op := range append(secured, open...) {
			for c := range r.of(op, r.source) {
				if ok, _ := match(r.o.Match, c.ID); ok && !yield(c) {
					return
				}
			}
		}
	}
}

// paths yields where some cases of some operations go that need nothing before
// them, one for each operation.
func (r *Runner) paths(of func(*spec.Operation) bool, which func(*contract.Case) bool) iter.Seq[string] {
	all := r.o.source("")
	return func(yield func(string) bool) {
		for _, op := range r.o.Contract.Operations {
			if !of(op) {
				continue
			}
			for c := range r.of(op, all) {
				if c.Skip != "" || len(c.Steps) == 0 || !which(c) || c.Steps[0].Operation != op.ID || strings.Contains(c.Steps[0].Request.URL, "{") {
					continue
				}
				if !yield(c.Steps[0].Request.URL) {
					return
				}
				break
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
