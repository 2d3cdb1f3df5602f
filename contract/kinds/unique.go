package kinds

import (
	"maps"
	"slices"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var unique = sceneKind("unique",
	"Makes a thing twice with the same unique values: plainly, in each other form of them, with the flags that change how a reply looks, when the first is of use, and several times at once; and again when the first is gone, and beside another one. The first are to get the status of a conflict, the last are to be accepted.",
	func(p *plan, yield func(*contract.Case) bool) bool {
		r := p.source.Contract.Resource(p.op)
		if r == nil || r.Create != p.op || p.op.Creates == nil || len(p.op.Creates.Unique) == 0 || atoi(p.op.Creates.Conflict) == 0 {
			return true
		}
		cases := []*contract.Case{
			p.twin("same"),
			p.twin("same-when-ready"),
			p.otherForm(),
			p.together(),
			p.afterRemoval(r),
			p.beside(r),
			p.whileRemoved(r),
		}
		if hasFlags(p.op) {
			cases = append(cases, p.twin("same-with-flags", flagged(p.op, true, true)))
		}
		return each(yield, cases...)
	})

// twin makes a thing twice, the second time as changed.
func (p *plan) twin(detail string, change ...func(*draft)) *contract.Case {
	sc := p.scene("unique", p.variant()+"/"+detail, contract.Rejected, p.op.Creates.Statements)
	sc.c.Statuses = []int{atoi(p.op.Creates.Conflict)}
	m := sc.send(p, sc.fresh(p, ""))
	if r := p.source.Contract.Resource(p.op); detail == "same-when-ready" {
		at, cycle := p.source.cycle(r, p)
		if cycle == nil || len(cycle.Settled()) == 0 {
			return nil
		}
		sc.until(m, r.Read, &contract.Until{Pointer: at, Values: cycle.Settled()})
	}
	sc.send(p, append([]func(*draft){sc.fresh(p, "")}, change...)...)
	return sc.end()
}

// otherForm makes a thing twice, the second time with another form of a unique
// value.
func (p *plan) otherForm() *contract.Case {
	var found bool
	c := p.twin("other-form", func(d *draft) { found = p.rewritten(d) })
	if !found {
		return nil
	}
	return c
}

// rewritten gives a unique member of the body another form of its value, and
// tells whether there is one.
func (p *plan) rewritten(d *draft) bool {
	media, ok := jsonMedia(p.op)
	body, isObject := decoded(d.body).(map[string]any)
	if !ok || !isObject {
		return false
	}
	for _, name := range p.source.uniqueMembers(p.op) {
		current, _ := body[name].(string)
		known := spec.ReadKnown(media.Schema.Resolve().Get("properties", name))
		if known == nil {
			continue
		}
		by, _ := body[known.By].(string)
		for _, forms := range known.Values[by] {
			if other := otherOf(forms, current); other != "" {
				body = maps.Clone(body)
				body[name] = other
				d.body = contract.Encode(body)
				return true
			}
		}
	}
	return false
}

// otherOf is another one of the forms, "" where the text is none of them or
// the only one.
func otherOf(forms []string, text string) string {
	other, has := "", false
	for _, form := range forms {
		if form == text {
			has = true
		} else if other == "" {
			other = form
		}
	}
	if !has {
		return ""
	}
	return other
}

// atOnce is how many creations are sent at the same time.
const atOnce = 6

// together makes the same thing several times at once.
func (p *plan) together() *contract.Case {
	sc := p.scene("unique", p.variant()+"/at-once", contract.Any, p.op.Creates.Statements)
	sc.send(p, sc.fresh(p, ""))
	sc.last().Copies = atOnce
	return sc.end()
}

// afterRemoval makes a thing again when the first is gone.
func (p *plan) afterRemoval(r *spec.Resource) *contract.Case {
	sc := p.scene("unique", p.variant()+"/after-removal", contract.Accepted, p.source.Contract.Cites("unique-after-removal"))
	if !sc.madeAndGone(p, r) {
		return nil
	}
	sc.send(p, sc.fresh(p, ""))
	return sc.end()
}

// whileRemoved makes a thing again while the first may still be there, and then
// looks whether it is.
func (p *plan) whileRemoved(r *spec.Resource) *contract.Case {
	if r.Delete == nil || r.Read == nil {
		return nil
	}
	sc := p.scene("unique", p.variant()+"/while-removed", contract.Any, p.op.Creates.Statements)
	m := sc.send(p, sc.fresh(p, ""))
	sc.on(m, r.Delete)
	sc.send(p, sc.fresh(p, ""))
	sc.last().Loose = true
	sc.on(m, r.Read)
	return sc.end()
}

// beside makes a thing beside one with other unique values. Those of the second
// are known to be free, since one that had them was just removed.
func (p *plan) beside(r *spec.Resource) *contract.Case {
	sc := p.scene("unique", p.variant()+"/beside-another", contract.Accepted, p.op.Creates.Statements)
	if !sc.madeAndGone(p, r) {
		return nil
	}
	first := sc.steps[len(sc.steps)-3]
	sc.send(p, sc.fresh(p, "/other"))
	if slices.Equal(sc.last().Locks, first.Locks) {
		return nil
	}
	sc.send(p, sc.fresh(p, ""))
	return sc.end()
}

// madeAndGone makes a thing, removes it and waits until it is gone.
func (sc *scene) madeAndGone(p *plan, r *spec.Resource) bool {
	if r.Delete == nil || r.Read == nil || len(goneStatuses(r.Read)) == 0 {
		return false
	}
	m := sc.send(p, sc.fresh(p, ""))
	sc.removed(m, r)
	return !sc.broken && len(sc.steps[len(sc.steps)-3].Locks) > 0
}
