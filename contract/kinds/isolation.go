package kinds

import (
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var isolation = sceneKind("isolation",
	"Asks with the key of another tenant, below that tenant's own path, for what the run made: it is not to be seen there, listed, changed or removed, and is still there afterwards.",
	func(p *plan, yield func(*contract.Case) bool) bool {
		r := p.source.Contract.Resource(p.op)
		if r == nil || r.Create != p.op || len(p.source.Contract.Cites("isolation")) == 0 && len(p.source.Tenants) == 0 {
			return true
		}
		if !p.otherCollections(r, yield) {
			return false
		}
		if len(p.source.Tenants) == 0 {
			return yield(p.withoutRole("isolation", "all", "needs a credential of another tenant: name it under `credentials` in the configuration, with `params` of its own", p.source.Contract.Cites("isolation")))
		}
		for _, tenant := range p.source.tenants() {
			if !each(yield, p.foreignRead(r, tenant), p.foreignList(r, tenant, nil), p.foreignList(r, tenant, true), p.foreignRemoval(r, tenant), p.foreignTwin(tenant), p.foreignCreation(tenant)) {
				return false
			}
		}
		return true
	})

// otherCollections asks for what was made below each other value of a path
// parameter that has few, such as the path of another provider.
func (p *plan) otherCollections(r *spec.Resource, yield func(*contract.Case) bool) bool {
	for _, op := range []*spec.Operation{r.Read, r.List} {
		if op == nil {
			continue
		}
		link, _ := p.source.Contract.LinkBetween(p.op, op)
		for _, parameter := range op.Parameters {
			expr := link.Parameters[parameter.Name]
			if parameter.In != "path" || !closed(parameter.Schema) || !strings.HasPrefix(expr, "$request.body") {
				continue
			}
			for _, value := range p.source.few(parameter.Schema) {
				if c := p.inCollection(r, op, parameter, expr, value); c != nil && !yield(c) {
					return false
				}
			}
		}
	}
	return true
}

// inCollection asks below one value of the parameter, unless it is the right one.
func (p *plan) inCollection(r *spec.Resource, op *spec.Operation, parameter spec.Parameter, expr string, value any) *contract.Case {
	right, _ := contract.Eval(expr, &contract.Exchange{Request: contract.Request{Body: p.draft.body}, Params: p.draft.path})
	if contract.Equal(right, value) {
		return nil
	}
	sc := p.scene("isolation", p.variant()+"/"+op.ID+"-"+plainWord(flat(value)), contract.Accepted, nil)
	m := sc.send(p, sc.fresh(p, ""))
	sc.on(m, op)
	sc.on(m, op, func(d *draft) { d.set(parameter, value) })
	if op == r.Read {
		sc.c.Expect, sc.c.Statuses = contract.Rejected, append(goneStatuses(op), 400)
		sc.c.Breaks = &contract.Break{In: "path", Pointer: parameter.Name, Keyword: "collection"}
		sc.c.Doubt = "the document does not say that it is not found there"
	}
	return sc.end()
}

func (p *plan) foreignScene(detail, tenant string) (*scene, made) {
	sc := p.scene("isolation", p.variant()+"/"+plainWord(tenant)+"-"+detail, contract.Rejected, p.source.Contract.Cites("isolation"))
	sc.c.Breaks = &contract.Break{In: "path", Pointer: tenant, Keyword: "tenant"}
	if len(sc.c.Statements) == 0 {
		sc.c.Doubt = "the document does not say that tenants are apart"
	}
	return sc, sc.send(p, sc.fresh(p, ""))
}

// elsewhere asks below the path of another tenant, with its credential.
func (sc *scene) elsewhere(m made, op *spec.Operation, tenant string, change ...func(*draft)) {
	sc.on(m, op, append([]func(*draft){sc.source.below(op, tenant)}, change...)...).Credential = tenant
}

// below gives an operation's path parameters the values of a tenant.
func (s *Source) below(op *spec.Operation, tenant string) func(*draft) {
	return func(d *draft) {
		for _, parameter := range op.Parameters {
			if value, own := s.Tenants[tenant][parameter.Name]; own && parameter.In == "path" {
				d.set(parameter, value)
			}
		}
	}
}

func (p *plan) foreignRead(r *spec.Resource, tenant string) *contract.Case {
	if r.Read == nil || len(goneStatuses(r.Read)) == 0 {
		return nil
	}
	sc, m := p.foreignScene("read", tenant)
	sc.elsewhere(m, r.Read, tenant)
	sc.c.Statuses = goneStatuses(r.Read)
	if len(sc.c.Statements) == 0 {
		sc.c.Statuses = append(sc.c.Statuses, 403)
	}
	return sc.end()
}

// foreignList lists what the tenant has, which may be nothing, with or without
// the flags that change how a reply looks.
func (p *plan) foreignList(r *spec.Resource, tenant string, flags any) *contract.Case {
	if r.List == nil || flags != nil && !hasFlags(r.List) {
		return nil
	}
	detail := "list"
	if flags != nil {
		detail = "list-with-flags"
	}
	sc, m := p.foreignScene(detail, tenant)
	sc.elsewhere(m, r.List, tenant, flagged(r.List, flags, flags))
	sc.c.Expect, sc.c.Breaks = contract.Accepted, nil
	return sc.end()
}

// foreignRemoval removes from elsewhere, and then looks whether the thing is
// still there and as it was.
func (p *plan) foreignRemoval(r *spec.Resource, tenant string) *contract.Case {
	if r.Delete == nil || r.Read == nil || len(goneStatuses(r.Delete)) == 0 {
		return nil
	}
	sc, m := p.foreignScene("removal", tenant)
	sc.elsewhere(m, r.Delete, tenant)
	sc.last().Loose = true
	sc.on(m, r.Read)
	sc.c.Expect, sc.c.Breaks = contract.Accepted, nil
	return sc.end()
}

// foreignTwin makes the same thing for both tenants.
func (p *plan) foreignTwin(tenant string) *contract.Case {
	if len(p.story.steps) > 0 || p.op.Creates == nil {
		return nil
	}
	sc, _ := p.foreignScene("twin", tenant)
	sc.c.Expect, sc.c.Breaks = contract.Accepted, nil
	sc.send(p, sc.fresh(p, ""), p.source.below(p.op, tenant))
	sc.last().Credential = tenant
	return sc.end()
}

// foreignCreation makes something below the thing of another tenant.
func (p *plan) foreignCreation(tenant string) *contract.Case {
	gone := goneStatuses(p.op)
	if len(p.story.made) == 0 || len(gone) == 0 {
		return nil
	}
	sc := p.scene("isolation", p.variant()+"/"+plainWord(tenant)+"-creation", contract.Rejected, p.source.Contract.Cites("isolation"))
	sc.send(p, sc.fresh(p, ""), p.source.below(p.op, tenant))
	sc.last().Credential = tenant
	sc.c.Breaks = &contract.Break{In: "path", Pointer: tenant, Keyword: "tenant"}
	sc.c.Statuses = gone
	if len(sc.c.Statements) == 0 {
		sc.c.Statuses, sc.c.Doubt = append(gone, 403), "the document does not say that tenants are apart"
	}
	return sc.end()
}
