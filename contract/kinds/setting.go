package kinds

import (
	"slices"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var setting = sceneKind("setting",
	"Changes what is there once and for all, such as the settings of a project that the user gave, to each of its values in turn, and reads it twice after each change: it is to be what was sent.",
	func(p *plan, yield func(*contract.Case) bool) bool {
		read := p.source.Contract.Setting(p.op)
		if read == nil {
			return true
		}
		reading, err := p.source.plan(read)
		if err != nil {
			return true
		}
		sc := p.scene("setting", p.variant(), contract.Accepted, p.op.Statements)
		for _, body := range p.bodies() {
			sc.send(p, func(d *draft) { d.body = body })
			sc.send(reading)
			sc.send(reading)
		}
		sc.send(p) // and back to the usual
		if !each(yield, sc.end()) {
			return false
		}
		for _, tenant := range p.source.tenants() {
			if !each(yield, p.unseenBy(tenant, reading)) {
				return false
			}
		}
		return true
	})

// unseenBy changes the setting while another tenant reads its own.
func (p *plan) unseenBy(tenant string, reading *plan) *contract.Case {
	sc := p.scene("setting", p.variant()+"/"+plainWord(tenant), contract.Accepted, p.source.Contract.Cites("isolation"))
	for _, body := range p.bodies() {
		sc.send(p, func(d *draft) { d.body = body })
		sc.send(reading, p.source.below(reading.op, tenant))
		sc.last().Credential = tenant
	}
	return sc.end()
}

// bodies are the first right bodies of the plan's request.
func (p *plan) bodies() [][]byte {
	var out [][]byte
	p.body(rightValues, func(v variation) bool {
		if ok, _ := p.right(v.draft); ok && !slices.ContainsFunc(out, func(b []byte) bool { return string(b) == string(v.draft.body) }) {
			out = append(out, v.draft.body)
		}
		return len(out) < 4
	})
	return out
}

// shared names what all cases have in common that read or change a setting, so
// that none sees the changes of another.
func (s *Source) shared(op *spec.Operation) []string {
	if s.Contract.Producer(op) != nil {
		return nil
	}
	changes := slices.ContainsFunc(s.Contract.Operations, func(other *spec.Operation) bool {
		return other.Path == op.Path && (other.Method == "PUT" || other.Method == "PATCH")
	})
	if !changes {
		return nil
	}
	return []string{op.Path}
}
