package kinds

import (
	"maps"
	"slices"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var roles = sceneKind("role",
	"Sends the right request with each other credential that the user gave: a role that may call the operation is to be accepted, one that may not gets the declared status, and so does the key of another tenant, or 401.",
	func(p *plan, yield func(*contract.Case) bool) bool {
		declared := p.op.Node.Ext().Get("roles")
		if !declared.Exists() {
			return true
		}
		allowed := declared.Get("allowed").Strings()
		statements := declared.Get("statements").Strings()
		refused := atoi(declared.Get("refused").Text())
		for _, role := range p.source.rolesOf() {
			var c *contract.Case
			switch {
			case p.source.missingRole(role) != "":
				c = p.withoutRole("role", role, p.source.missingRole(role), statements)
			case slices.Contains(allowed, role):
				c = p.asRole(role, contract.Accepted, statements)
			default:
				c = p.asRole(role, contract.Rejected, statements, refused)
			}
			if !yield(c) || c != nil && c.Expect == contract.Rejected && !each(yield, p.withFlags(role, statements, refused), p.afterRefusal(role, statements)) {
				return false
			}
		}
		for _, tenant := range p.source.tenants() {
			if !yield(p.asRole(tenant, contract.Rejected, statements, refused, 401)) {
				return false
			}
		}
		return true
	})

// rolesOf are the roles that the contract names, but for the first one of each
// operation, which is that of the default credential.
func (s *Source) rolesOf() []string {
	var out []string
	usual := map[string]bool{}
	for _, op := range s.Contract.Operations {
		for i, role := range op.Node.Ext().Get("roles", "allowed").Strings() {
			if i == 0 {
				usual[role] = true
			} else if !slices.Contains(out, role) {
				out = append(out, role)
			}
		}
	}
	return slices.DeleteFunc(out, func(role string) bool { return usual[role] })
}

// tenants are the credentials of other tenants.
func (s *Source) tenants() []string { return slices.Sorted(maps.Keys(s.Tenants)) }

func (p *plan) withoutRole(kind, role, why string, statements []string) *contract.Case {
	if p.variant() != p.source.firstVariant(p.op) {
		return nil
	}
	return &contract.Case{ID: p.op.ID + "/" + kind + "/" + role, Operation: p.op.ID, Kind: kind, Expect: contract.Any, Statements: statements, Skip: why}
}

func (s *Source) firstVariant(op *spec.Operation) string {
	return (&plan{source: s, op: op, key: rightKey(op)}).variant()
}

// asRole sends the plan's request with a credential.
func (p *plan) asRole(role string, expected contract.Expect, statements []string, statuses ...int) *contract.Case {
	detail := p.variant() + "/" + plainWord(role)
	sc := p.scene("role", detail, expected, statements)
	sc.send(p, sc.fresh(p, ""))
	sc.last().Credential = role
	if expected == contract.Rejected {
		sc.c.Statuses = statuses
		sc.c.Breaks = &contract.Break{In: "credential", Pointer: role, Keyword: "role"}
	} else {
		sc.c.Excuses, sc.c.Doubt = p.excuses(), p.doubt
	}
	return sc.end()
}

// withFlags is refused in the way that the flags ask for.
func (p *plan) withFlags(role string, statements []string, refused int) *contract.Case {
	if !hasFlags(p.op) {
		return nil
	}
	flags := *p
	flags.draft = p.draft.clone()
	flagged(p.op, true, true)(flags.draft)
	c := flags.asRole(role, contract.Rejected, statements, refused)
	if c != nil {
		c.ID += "-with-flags"
	}
	return c
}

// afterRefusal looks whether what a role may not do was done although it was
// refused: the thing is still there, or can still be made.
func (p *plan) afterRefusal(role string, statements []string) *contract.Case {
	r := p.source.Contract.Resource(p.op)
	if r == nil || r.Read == nil {
		return nil
	}
	sc := p.scene("role", p.variant()+"/"+plainWord(role)+"-afterwards", contract.Accepted, statements)
	switch {
	case p.op == r.Delete && len(sc.made) > 0:
		sc.send(p)
		sc.last().Credential, sc.last().Loose = role, true
		sc.on(sc.made[len(sc.made)-1], r.Read)
	case p.op == r.Create && sc.madeAndGone(p, r):
		sc.send(p, sc.fresh(p, ""))
		sc.last().Credential, sc.last().Loose = role, true
		sc.send(p, sc.fresh(p, ""))
	default:
		return nil
	}
	return sc.end()
}
