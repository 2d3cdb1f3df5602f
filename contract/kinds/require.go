package kinds

import (
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// require appends a read, repeated until what was made before is in the state
// that an operation needs (x-conformance, requires), or in one from which it
// never will be.
func (t *story) require(op *spec.Operation) {
	group := op.Node.Ext().Get("requires", "state").Text()
	if group == "" || len(t.made) == 0 {
		return
	}
	for _, m := range slices.Backward(t.made) {
		if _, leads := t.source.Contract.LinkBetween(m.op, op); !leads {
			continue
		}
		r := t.source.Contract.Resource(m.op)
		if r == nil || r.Read == nil {
			return
		}
		until := t.source.untilIn(r.Read, group)
		step, ok := t.reach(m, r.Read)
		if until == nil || !ok || t.waits(step) {
			return
		}
		step.Until = until
		t.steps = append(t.steps, step)
		return
	}
}

// waits tells whether the last step waits for the same already.
func (t *story) waits(step contract.Step) bool {
	last := t.steps[len(t.steps)-1]
	return last.Until != nil && len(last.Binds)*len(step.Binds) > 0 && last.Operation == step.Operation && last.Binds[len(last.Binds)-1].Step == step.Binds[len(step.Binds)-1].Step
}

// untilIn ends the polling of a read in the states of a group, or in those of
// failure.
func (s *Source) untilIn(read *spec.Operation, group string) *contract.Until {
	until := &contract.Until{}
	add := func(schema spec.Node) {
		at, cycle := findCycle(schema, 0)
		if cycle == nil {
			return
		}
		until.Pointer = at
		for _, state := range slices.Concat(cycle.Groups[group], cycle.Groups["failed"]) {
			if !slices.Contains(until.Values, state) {
				until.Values = append(until.Values, state)
			}
		}
	}
	if read.Selects != nil {
		for _, schema := range read.Selects.Schemas {
			add(schema)
		}
	}
	for _, response := range read.Responses {
		for _, m := range response.Media {
			if strings.HasPrefix(response.Status, "2") {
				add(m.Schema)
			}
		}
	}
	if until.Pointer == "" {
		return nil
	}
	slices.Sort(until.Values)
	return until
}
