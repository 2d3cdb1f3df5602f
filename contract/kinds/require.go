package kinds

import (
	"maps"
	"slices"

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

// untilIn ends the polling of a read in the states of a group; those of failure
// end it in vain.
func (s *Source) untilIn(read *spec.Operation, group string) *contract.Until {
	until := &contract.Until{}
	schemas := successes(read)
	if read.Selects != nil {
		for _, value := range slices.Sorted(maps.Keys(read.Selects.Schemas)) {
			schemas = append(schemas, read.Selects.Schemas[value])
		}
	}
	for _, schema := range schemas {
		at, cycle := findCycle(schema, 0)
		if cycle == nil {
			continue
		}
		until.Pointer = at
		until.Values = append(until.Values, cycle.Groups[group]...)
		if group != "failed" {
			until.Vain = append(until.Vain, cycle.Groups["failed"]...)
		}
	}
	if until.Pointer == "" {
		return nil
	}
	until.Values, until.Vain = distinct(until.Values), distinct(until.Vain)
	return until
}

// distinct are the texts in their order, each once.
func distinct(texts []string) []string {
	slices.Sort(texts)
	return slices.Compact(texts)
}
