package kinds

import (
	"fmt"
	"maps"
	"slices"
	"strings"

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
				c = p.withoutRole("role", role, p.source.missingRole(role))
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

func (p *plan) withoutRole(kind, role, why string) *contract.Case {
	if p.variant() != p.source.firstVariant(p.op) {
		return nil
	}
	return &contract.Case{ID: p.op.ID + "/" + kind + "/" + role, Operation: p.op.ID, Kind: kind, Expect: contract.Any, Skip: why}
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
	case p.op == r.Create && sc.madeAndGone(p, r, ""):
		sc.send(p, sc.fresh(p, ""))
		sc.last().Credential, sc.last().Loose = role, true
		sc.send(p, sc.fresh(p, ""))
	default:
		return nil
	}
	return sc.end()
}

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
			return yield(p.withoutRole("isolation", "all", "needs a credential of another tenant: name it under `credentials` in the configuration, with `params` of its own"))
		}
		for _, tenant := range p.source.tenants() {
			if !each(yield, p.foreignRead(r, tenant), p.foreignList(r, tenant, nil), p.foreignList(r, tenant, true), p.foreignRemoval(r, tenant), p.foreignTwin(tenant)) {
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
	step := sc.on(m, op)
	d := p.source.draftExample(op, "")
	for _, b := range step.Binds {
		d.bound[b.Name] = true
	}
	d.set(parameter, value)
	request, err := d.request(p.source.Base)
	if err != nil {
		return nil
	}
	step.Request, step.Params = request, d.path
	step.Binds = slices.DeleteFunc(step.Binds, func(b contract.Bind) bool { return b.Name == parameter.Name })
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

// elsewhere turns a step to the path of another tenant, with its credential.
func (sc *scene) elsewhere(m made, op *spec.Operation, tenant string, change ...func(*draft)) {
	params := sc.source.Tenants[tenant]
	step := sc.on(m, op)
	step.Credential = tenant
	d := sc.source.draftExample(op, "")
	var binds []contract.Bind
	for _, p := range op.Parameters {
		if p.In != "path" {
			continue
		}
		if value, own := params[p.Name]; own {
			d.set(p, value)
			continue
		}
		for _, b := range step.Binds {
			if b.Name == p.Name {
				binds = append(binds, bind(d, p.Name, m, b.Expr))
			}
		}
	}
	for _, f := range change {
		f(d)
	}
	request, err := d.request(sc.source.Base)
	if err != nil {
		sc.broken = true
	}
	step.Request, step.Params, step.Binds = request, d.path, binds
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
	sc.send(p, sc.fresh(p, ""), func(d *draft) {
		for _, parameter := range p.op.Parameters {
			if value, own := p.source.Tenants[tenant][parameter.Name]; own && parameter.In == "path" {
				d.set(parameter, value)
			}
		}
	})
	sc.last().Credential = tenant
	return sc.end()
}

func atoi(text string) int {
	n := 0
	if _, err := fmt.Sscanf(text, "%d", &n); err != nil {
		return 0
	}
	return n
}
