package lint

import (
	"strings"

	"github.com/atlas-contract/conformance/internal/spec"
)

var reference = Rule{
	Name: "reference",
	Doc:  "A reference leads nowhere: a $ref, a discriminator's mapping, a link's operation, or a schema that x-conformance names.",
	run: func(p *pass) {
		for _, l := range p.places.lost {
			p.report(l.at, "%s", strings.TrimPrefix(l.why.Error(), l.at.File()+": "))
		}
		for s := range p.places.of(schema) {
			p.mapping(s.node.Get("discriminator", "mapping"))
		}
		for l := range p.places.of(link) {
			p.linked(l.node)
		}
		for op := range p.places.of(operation) {
			ext := op.node.Ext()
			for _, ref := range ext.Get("selects", "schemas").Pairs() {
				p.leads(ref, ref.Text())
			}
			p.given(ext.Get("examples"))
		}
	},
}

// mapping checks the targets of a discriminator (OpenAPI 3.0.3, Discriminator
// Object: a name of a schema, or a reference).
func (p *pass) mapping(n spec.Node) {
	for _, to := range n.Pairs() {
		ref := to.Text()
		if !strings.ContainsAny(ref, "#/.") {
			ref = "#/components/schemas/" + ref
		}
		p.leads(to, ref)
	}
}

func (p *pass) leads(at spec.Node, ref string) {
	if _, err := at.Follow(ref); err != nil {
		p.report(at, "%s", strings.TrimPrefix(err.Error(), at.File()+": "))
	}
}

// linked checks the operation that a link names.
func (p *pass) linked(n spec.Node) {
	id, ref := n.Get("operationId"), n.Get("operationRef")
	switch {
	case id.Exists() && p.contract.Operation(id.Text()) == nil:
		p.report(id, "the link leads to the operation %q, which the document does not have", id.Text())
	case ref.Exists():
		p.leads(ref, ref.Text())
	}
}

// given checks the examples that must come before another.
func (p *pass) given(examples spec.Node) {
	for _, scenario := range examples.Pairs() {
		for _, given := range scenario.Get("given").Items() {
			id, key, _ := strings.Cut(given.Text(), "/")
			op := p.contract.Operation(id)
			switch {
			case op == nil:
				p.report(given, "the example needs %s before it, but the document has no operation %q", given.Text(), id)
			case !hasExample(op, key):
				p.report(given, "the example needs %s before it, but %s has no example %q", given.Text(), id, key)
			}
		}
	}
}

// hasExample tells whether an operation has an example of that key anywhere.
func hasExample(op *spec.Operation, key string) bool {
	lists := [][]spec.Example{}
	for _, p := range op.Parameters {
		lists = append(lists, p.Examples)
	}
	if op.Body != nil {
		for _, m := range op.Body.Media {
			lists = append(lists, m.Examples)
		}
	}
	for _, r := range op.Responses {
		for _, m := range r.Media {
			lists = append(lists, m.Examples)
		}
	}
	for _, list := range lists {
		for _, e := range list {
			if e.Key == key {
				return true
			}
		}
	}
	_, scenario := op.Scenarios[key]
	return scenario
}
