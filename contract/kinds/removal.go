package kinds

import (
	"maps"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// Removal is how what an operation makes is removed, and how it is found where
// the reply that would name it is lost. Its steps are bound to the request and
// the reply of the creation, whatever the name of that step.
type Removal struct {
	Remove contract.Step
	// Gone is the read whose refusal tells that it is gone, nil where the
	// contract has none.
	Gone *contract.Step
	// List lists such things, bound to the request alone; nil where the contract
	// has no such operation, or a list does not show ids.
	List *contract.Step
	// Under are the members that may wrap the list.
	Under []string
	// Foretold is the runtime expression over the request whose value the id in
	// the reply repeats, "" where the target chooses the id.
	Foretold string
	// Choices are all values that the contract knows, by the path parameters of
	// List that the body of the creation decides.
	Choices map[string][]string
	// Echoes are the runtime expressions over the request by the members of the
	// thing that repeat their values, in some form.
	Echoes map[string]string
}

// Removal is how what the operation makes is removed; nil where it makes
// nothing, or nothing that the contract can remove.
func (s *Source) Removal(op *spec.Operation) *Removal {
	link, ok := s.Contract.ToResource(op, "DELETE")
	if !ok || !s.Contract.Makes(op) {
		return nil
	}
	m := made{op: op}
	t := &story{source: s}
	t.linked(m, link, nil)
	if len(t.steps) == 0 {
		return nil
	}
	out := &Removal{Remove: t.steps[0], Echoes: map[string]string{}, Choices: map[string][]string{}}
	if t.awaitGone(m, true); len(t.steps) > 1 {
		out.Gone = &t.steps[1]
	}
	r := s.Contract.Resource(op)
	if r == nil || r.Create != op {
		return out
	}
	out.Foretold = op.Foretold(r.ID)
	for _, echo := range op.Echoes {
		out.Echoes[echo.Field] = echo.Of
	}
	if step, ok := t.listing(m, r); ok {
		out.List = &step
		out.choose(r.List)
		if envelope := r.List.Envelope(); envelope != nil {
			out.Under = envelope.Relation.Keys
		}
	}
	return out
}

// choose notes the values of path parameters that the body decides.
func (r *Removal) choose(list *spec.Operation) {
	for _, b := range r.List.Binds {
		i := slices.IndexFunc(list.Parameters, func(p spec.Parameter) bool { return p.In == "path" && p.Name == b.Name })
		if i < 0 || !strings.HasPrefix(b.Expr, "$request.body") {
			continue
		}
		for _, v := range list.Parameters[i].Schema.Resolve().Get("enum").Items() {
			if text, scalar := contract.Text(v.Value()); scalar {
				r.Choices[b.Name] = append(r.Choices[b.Name], text)
			}
		}
	}
}

// listing is the step that lists things like one that was made. It needs
// nothing from the reply.
func (t *story) listing(m made, r *spec.Resource) (contract.Step, bool) {
	if r.List == nil || r.Member() == "" {
		return contract.Step{}, false
	}
	step, ok := t.reach(m, r.List)
	fromReply := func(b contract.Bind) bool { return !strings.HasPrefix(b.Expr, "$request.") }
	return step, ok && !slices.ContainsFunc(step.Binds, fromReply)
}

// Sent are the values that the members of a thing repeat, by the members'
// pointers, as far as the request of its creation tells: those that the contract
// declares, and members of the body that have the same name. Each has the forms
// that mean the same.
func (s *Source) Sent(r *Removal, e *contract.Exchange) map[string][]string {
	out := map[string][]string{}
	body, _ := decoded(e.Request.Body).(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(body)) {
		if text, scalar := contract.Text(body[name]); scalar {
			out["/"+spec.Escape(name)] = s.Contract.Forms(text)
		}
	}
	for field, of := range r.Echoes {
		v, ok := contract.Eval(of, e)
		if text, scalar := contract.Text(v); ok && scalar {
			out[field] = s.Contract.Forms(text)
		}
	}
	return out
}
