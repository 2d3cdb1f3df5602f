package kinds

import (
	"github.com/atlas-contract/conformance/contract"
)

var relation = sceneKind("relation",
	"Sends the same request without and with each flag that only changes how the reply looks, and with all of them: reads, and requests that are refused. Every reply is to say the same.",
	func(p *plan, yield func(*contract.Case) bool) bool {
		if !hasFlags(p.op) {
			return true
		}
		return each(yield, p.sameRead(), p.sameRefusal(), p.sameAbsence())
	})

// looks are the ways to ask for the same, plain ones first and last.
func looks() [][2]any {
	return [][2]any{{nil, nil}, {true, nil}, {nil, true}, {true, true}, {false, false}, {nil, nil}}
}

func (p *plan) sameRead() *contract.Case {
	if p.op.Method != "GET" {
		return nil
	}
	sc := p.scene("relation", p.variant(), contract.Accepted, nil)
	for _, flags := range looks() {
		sc.send(p, flagged(p.op, flags[0], flags[1]))
	}
	sc.c.Excuses, sc.c.Doubt = p.excuses(), p.doubt
	return sc.end()
}

// sameRefusal sends the first near miss that there is.
func (p *plan) sameRefusal() *contract.Case {
	var wrong *draft
	missing := func(v variation) bool {
		if broken, _ := p.broken(v.draft); broken != nil && (v.in == "body" || v.in == "path") && (v.in == "body" || p.plain(v)) {
			wrong = v.draft
		}
		return wrong == nil
	}
	p.variations(wrongValues, anyParameter, missing)
	return p.same("refused", wrong)
}

// sameAbsence asks for what does not exist.
func (p *plan) sameAbsence() *contract.Case {
	d, ok := p.nowhere("relation")
	if !ok || len(goneStatuses(p.op)) == 0 {
		return nil
	}
	return p.same("absent", d)
}

func (p *plan) same(detail string, wrong *draft) *contract.Case {
	if wrong == nil {
		return nil
	}
	alone := *p
	if !wrong.needsSteps() {
		alone.story = &story{source: p.source}
	}
	sc := alone.scene("relation", p.variant()+"/"+detail, contract.Rejected, nil)
	for _, flags := range looks() {
		sc.send(p, func(d *draft) {
			*d = *wrong.clone()
			flagged(p.op, flags[0], flags[1])(d)
		})
		sc.last().Loose = true
	}
	return sc.end()
}

// needsSteps tells whether earlier steps give the draft a parameter.
func (d *draft) needsSteps() bool {
	for _, bound := range d.bound {
		if bound {
			return true
		}
	}
	return false
}
