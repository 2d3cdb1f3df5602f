package kinds

import (
	"slices"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var required = sceneKind("required",
	"Calls an operation that needs a thing in some state while the thing is not in it: just made, failed, and removed. It is refused as the document says; one that was just made may have got there meanwhile.",
	func(p *plan, yield func(*contract.Case) bool) bool {
		needs := p.op.Node.Ext().Get("requires")
		status := atoi(needs.Get("refused").Text())
		if status == 0 || len(p.story.made) == 0 {
			return true
		}
		from := p.story.made[len(p.story.made)-1]
		parent := p.source.Contract.Resource(from.op)
		if parent == nil || parent.Read == nil {
			return true
		}
		n := &need{p, parent, status, needs.Get("statements").Strings()}
		if !each(yield, n.early(), n.late()) {
			return false
		}
		return n.failed(yield)
	})

// need is an operation that needs a thing in some state.
type need struct {
	*plan
	parent     *spec.Resource
	refused    int
	statements []string
}

// scene opens a case, with the thing made and not waited for.
func (n *need) scene(detail string, expected contract.Expect) (*scene, made) {
	sc := n.plan.scene("required", n.variant()+"/"+detail, expected, n.statements)
	if last := sc.last(); last.Until != nil {
		sc.steps = sc.steps[:len(sc.steps)-1]
	}
	return sc, sc.made[len(sc.made)-1]
}

// early calls the operation at once, and then looks how far the thing is.
func (n *need) early() *contract.Case {
	sc, m := n.scene("early", contract.Any)
	sc.send(n.plan, sc.fresh(n.plan, ""))
	sc.c.Statuses = []int{n.refused}
	for _, response := range n.op.Responses {
		if status := atoi(response.Status); status/100 == 2 {
			sc.c.Statuses = append(sc.c.Statuses, status)
		}
	}
	sc.on(m, n.parent.Read).Cleanup = true
	return sc.end()
}

// late calls the operation when the removal of the thing was accepted.
func (n *need) late() *contract.Case {
	if n.parent.Delete == nil {
		return nil
	}
	sc := n.plan.scene("required", n.variant()+"/late", contract.Rejected, n.statements)
	sc.on(sc.made[len(sc.made)-1], n.parent.Delete)
	sc.send(n.plan, sc.fresh(n.plan, ""))
	sc.c.Statuses = append([]int{n.refused}, goneStatuses(n.op)...)
	return sc.end()
}

// failed calls the operation on things that failed.
func (n *need) failed(yield func(*contract.Case) bool) bool {
	told := n.story.plans
	if len(told) == 0 {
		return true
	}
	first := told[len(told)-1]
	at, cycle := n.source.cycle(n.parent, first.plan)
	if cycle == nil || len(cycle.Groups["failed"]) == 0 {
		return true
	}
	until := &contract.Until{Pointer: at, Values: cycle.Groups["failed"], Vain: cycle.Groups["ready"]}
	for name, values := range n.source.failingInOrder() {
		for _, value := range values {
			if c := n.onFailed(first, until, name, value); c != nil && !yield(c) {
				return false
			}
		}
	}
	return true
}

func (n *need) onFailed(first told, until *contract.Until, name, value string) *contract.Case {
	change, fits := first.plan.failing(name, value)
	if !fits {
		return nil
	}
	sc, m := n.scene("failed-"+plainWord(name)+"-"+plainWord(value), contract.Rejected)
	d := first.plan.draft.clone()
	change(d)
	step, err := first.plan.step(d)
	if err != nil {
		return nil
	}
	step.Name, step.Binds = sc.steps[first.step].Name, slices.Clone(sc.steps[first.step].Binds)
	sc.steps[first.step] = step
	sc.until(m, n.parent.Read, until)
	sc.send(n.plan, sc.fresh(n.plan, ""))
	sc.c.Statuses = []int{n.refused}
	return sc.end()
}
