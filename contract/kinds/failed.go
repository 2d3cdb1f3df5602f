package kinds

import (
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var failed = sceneKind("failed",
	"Makes a thing with a value with which the target is said to fail, and follows it to its end; and asks for it again once it has failed. Skipped where no such value was given.",
	func(p *plan, yield func(*contract.Case) bool) bool {
		r := p.source.Contract.Resource(p.op)
		if r == nil || r.Create != p.op || r.Read == nil {
			return true
		}
		at, cycle := p.source.cycle(r, p)
		if cycle == nil || len(cycle.Groups["failed"]) == 0 {
			return true
		}
		until := &contract.Until{Pointer: at, Values: cycle.Groups["failed"], Vain: cycle.Groups["ready"]}
		found := false
		for name, values := range p.source.failingInOrder() {
			for _, value := range values {
				change, fits := p.failing(name, value)
				if !fits {
					continue
				}
				found = true
				detail := p.variant() + "/" + plainWord(name) + "-" + plainWord(value)
				if !each(yield, p.failure(r, detail, cycle, until, change), p.failedTwin(r, detail+"-again", cycle, until, change)) {
					return false
				}
			}
		}
		return found || yield(p.neverFails(cycle))
	})

// failure is the way of a thing that fails.
func (p *plan) failure(r *spec.Resource, detail string, cycle *spec.Lifecycle, until *contract.Until, change func(*draft)) *contract.Case {
	sc := p.scene("failed", detail, contract.Accepted, cycle.Cites("failed"))
	m := sc.send(p, change)
	sc.until(m, r.Read, until)
	sc.look(m, r)
	if r.Delete != nil {
		sc.removed(m, r)
		if r.List != nil {
			sc.on(m, r.List)
		}
	}
	if main := sc.last(); main.Until != nil { // the case ends when the thing is gone
		sc.c.Expect, sc.c.Statuses = contract.Rejected, goneStatuses(r.Read)
	}
	return sc.end()
}

// failedTwin makes a thing again that failed and is still there.
func (p *plan) failedTwin(r *spec.Resource, detail string, cycle *spec.Lifecycle, until *contract.Until, change func(*draft)) *contract.Case {
	if p.op.Creates == nil || len(p.op.Creates.Unique) == 0 || atoi(p.op.Creates.Conflict) == 0 {
		return nil
	}
	sc := p.scene("failed", detail, contract.Rejected, slices.Concat(p.op.Creates.Statements, cycle.Cites("failed")))
	sc.c.Statuses = []int{atoi(p.op.Creates.Conflict)}
	sc.until(sc.send(p, change), r.Read, until)
	sc.send(p, change)
	return sc.end()
}

// neverFails is skipped, for want of a value, where something is promised about
// things that failed.
func (p *plan) neverFails(cycle *spec.Lifecycle) *contract.Case {
	if len(cycle.Set["failed"])+len(cycle.Unset["failed"]) == 0 {
		return nil
	}
	c := &contract.Case{
		ID: p.op.ID + "/failed/" + p.variant(), Operation: p.op.ID, Kind: "failed", Expect: contract.Any, Statements: cycle.Cites("failed"),
		Skip: fmt.Sprintf("needs a request after which the target comes to %s: name a member of its body, and the value, as --failing NAME=VALUE or under `failing` in the configuration", cycle.Groups["failed"][0]),
	}
	if len(p.source.Failing) > 0 {
		c.Skip = "no value that is named as failing fits this request"
	}
	return c
}

// failing gives a member of the plan's body a value with which the target
// fails. It tells false where the value is for other requests.
func (p *plan) failing(name, value string) (func(*draft), bool) {
	media, ok := jsonMedia(p.op)
	body, isObject := decoded(p.draft.body).(map[string]any)
	if !ok || !isObject {
		return nil, false
	}
	choices := []any{value}
	if other, ok := contract.Decode([]byte(value)); ok {
		choices = append(choices, other)
	}
	property := media.Schema.Resolve().Get("properties", name)
	for _, choice := range choices {
		if known := spec.ReadKnown(property); known != nil && known.Has(choice) && !contains(knownValues(property, body), choice) {
			continue // it is known for another value of the member beside it
		}
		changed := maps.Clone(body)
		changed[name] = choice
		change := func(d *draft) { d.body = contract.Encode(changed) }
		d := p.draft.clone()
		change(d)
		if right, _ := p.right(d); right {
			return change, true
		}
	}
	return nil, false
}

// fails tells whether a value is one, or another form of one, with which the
// target is said to fail.
func (s *Source) fails(name string, value any) bool {
	return slices.ContainsFunc(s.Failing[name], func(text string) bool { return s.Contract.Equivalent(text, value) })
}

// failingInOrder are the values with which the target is said to fail.
func (s *Source) failingInOrder() iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		for _, name := range slices.Sorted(maps.Keys(s.Failing)) {
			if !yield(name, s.Failing[name]) {
				return
			}
		}
	}
}
