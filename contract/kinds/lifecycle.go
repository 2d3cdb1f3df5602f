package kinds

import (
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var lifecycle = sceneKind("lifecycle",
	"Follows a thing from its creation to its end: made, listed, read until it is of use, removed, read until it is gone, and missing from the list; removed twice; removed when it is gone.",
	func(p *plan, yield func(*contract.Case) bool) bool {
		r := p.source.Contract.Resource(p.op)
		switch {
		case r == nil:
			return true
		case r.Update == p.op:
			return each(yield, p.changed(r))
		case r.Create != p.op:
			return true
		}
		cases := []*contract.Case{p.life(r)}
		if r.Delete != nil {
			cases = append(cases, p.removedTwice(r), p.removedAgain(r))
		}
		return each(yield, cases...)
	})

// life is the whole way of a thing.
func (p *plan) life(r *spec.Resource) *contract.Case {
	sc := p.scene("lifecycle", p.variant(), contract.Accepted, nil)
	m := sc.send(p, sc.fresh(p, ""))
	sc.look(m, r)
	at, cycle := p.source.cycle(r, p)
	if cycle != nil && r.Read != nil && len(cycle.Settled()) > 0 {
		sc.until(m, r.Read, &contract.Until{Pointer: at, Values: cycle.Settled()})
		sc.look(m, r)
	}
	if r.Delete == nil || r.Read == nil {
		return sc.end()
	}
	sc.removed(m, r)
	switch {
	case !knowsGone(r.Read):
	case r.List != nil:
		sc.on(m, r.List)
	default:
		sc.isGone(r.Read)
	}
	return sc.end()
}

// isGone expects of the last step that the thing is not there any more.
func (sc *scene) isGone(read *spec.Operation) {
	sc.c.Expect, sc.c.Statuses = contract.Rejected, goneStatuses(read)
	if len(sc.c.Statuses) == 0 {
		sc.c.Breaks = &contract.Break{In: "path", Keyword: "gone"}
		sc.c.Doubt = "the document does not say which reply what was removed gets"
	}
}

// removed removes the thing, and waits until it is gone where the document
// knows a reply for that.
func (sc *scene) removed(m made, r *spec.Resource) {
	sc.on(m, r.Delete)
	if knowsGone(r.Read) {
		sc.until(m, r.Read, untilGone(r.Read))
	}
}

// look reads the thing, lists it and reads it again.
func (sc *scene) look(m made, r *spec.Resource) {
	for _, op := range []*spec.Operation{r.Read, r.List, r.Read} {
		if op != nil {
			sc.on(m, op)
		}
	}
}

// removedTwice removes a thing again while the first removal may be under way.
func (p *plan) removedTwice(r *spec.Resource) *contract.Case {
	sc := p.scene("lifecycle", p.variant()+"/removed-twice", contract.Any, p.source.aboutGone(r, p))
	m := sc.send(p, sc.fresh(p, ""))
	sc.on(m, r.Delete)
	sc.on(m, r.Delete)
	for _, response := range r.Delete.Responses {
		if status := atoi(response.Status); status/100 == 2 || status == 404 || status == 409 || status == 410 {
			sc.c.Statuses = append(sc.c.Statuses, status)
		}
	}
	if len(goneStatuses(r.Delete)) == 0 {
		sc.c.Statuses = nil // the document does not say what such a removal gets
	}
	return sc.end()
}

// removedAgain removes a thing that is gone.
func (p *plan) removedAgain(r *spec.Resource) *contract.Case {
	gone := goneStatuses(r.Delete)
	if r.Read == nil || len(gone) == 0 || len(goneStatuses(r.Read)) == 0 {
		return nil
	}
	sc := p.scene("lifecycle", p.variant()+"/removed-when-gone", contract.Rejected, citedByResponses(r.Delete, gone))
	m := sc.send(p, sc.fresh(p, ""))
	sc.removed(m, r)
	sc.on(m, r.Delete)
	sc.c.Statuses = gone
	if len(sc.c.Statements) == 0 {
		sc.c.Doubt = "the document does not say that a second removal is refused"
	}
	return sc.end()
}

// changed reads a thing after it was changed.
func (p *plan) changed(r *spec.Resource) *contract.Case {
	if r.Read == nil || len(p.story.made) == 0 {
		return nil
	}
	sc := p.scene("lifecycle", p.variant()+"/changed", contract.Accepted, nil)
	m := sc.made[len(sc.made)-1]
	sc.send(p)
	sc.on(m, r.Read)
	return sc.end()
}

// cycle is the lifecycle that a read of what the plan makes shows, with the
// pointer to the state.
func (s *Source) cycle(r *spec.Resource, p *plan) (string, *spec.Lifecycle) {
	if r.Read == nil {
		return "", nil
	}
	if op := r.Create; op.Selects != nil && p.key != "" {
		if schema, ok := op.Selects.Schemas[s.selected(op, p.key)]; ok {
			return findCycle(schema, 0)
		}
	}
	for _, schema := range successes(r.Read) {
		if at, cycle := findCycle(schema, 0); cycle != nil {
			return at, cycle
		}
	}
	return "", nil
}

// successes are the schemas of the bodies of an operation's successes.
func successes(op *spec.Operation) []spec.Node {
	var out []spec.Node
	for _, response := range op.Responses {
		for _, m := range response.Media {
			if strings.HasPrefix(response.Status, "2") {
				out = append(out, m.Schema)
			}
		}
	}
	return out
}

func findCycle(schema spec.Node, depth int) (string, *spec.Lifecycle) {
	schema = schema.Resolve()
	if depth > 5 || !schema.Exists() {
		return "", nil
	}
	for name, property := range schema.Get("properties").Pairs() {
		property = property.Resolve()
		at := "/" + spec.Escape(name)
		if cycle := spec.ReadLifecycle(property.Ext()); cycle != nil {
			return at, cycle
		}
		if inner, cycle := findCycle(property, depth+1); cycle != nil {
			return at + inner, cycle
		}
	}
	for _, choice := range []string{"allOf", "oneOf", "anyOf"} {
		for _, branch := range schema.Get(choice).Items() {
			if at, cycle := findCycle(branch, depth+1); cycle != nil {
				return at, cycle
			}
		}
	}
	return "", nil
}

// aboutGone are the statements about the end of what the plan makes.
func (s *Source) aboutGone(r *spec.Resource, p *plan) []string {
	if _, cycle := s.cycle(r, p); cycle != nil {
		return cycle.Cites("gone")
	}
	return s.Contract.Cites("gone")
}

// citedByResponses are the statements at the declared replies of the statuses.
func citedByResponses(op *spec.Operation, statuses []int) []string {
	var out []string
	for _, status := range statuses {
		if r := op.Response(status); r != nil {
			out = append(out, r.Node.Ext().Get("statements").Strings()...)
		}
	}
	return out
}
