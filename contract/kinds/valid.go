package kinds

import (
	"iter"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/values"
)

var valid = Kind{
	Name: "valid",
	Doc:  "Sends the usual request where no example does, and right values: each member of a list, both ends of each bound, each alternative, optional members left out, alone and all together; each is to be accepted.",
	Derive: func(s *Source, op *spec.Operation) iter.Seq[*contract.Case] {
		return func(yield func(*contract.Case) bool) {
			p, err := s.plan(op)
			if err != nil {
				yield(unplanned(op, "valid", err))
				return
			}
			if c := p.usual(); c != nil && !yield(c) {
				return
			}
			p.variations(rightValues, p.free, func(v variation) bool {
				c := p.rightCase(v)
				return c == nil || yield(c)
			})
		}
	},
}

// usual sends the plan's request as it is, where no documented example does:
// an operation without a body and parameters of its own has no other right
// request.
func (p *plan) usual() *contract.Case {
	if p.key != "" {
		return nil
	}
	d := p.draft.clone()
	p.fresh(d, p.op.ID+"/valid/usual", "")
	return p.accepted("valid", "usual", d)
}

// accepted is the case of a draft that is right; nil where it could not be
// proved.
func (p *plan) accepted(kind, detail string, d *draft) *contract.Case {
	id := p.op.ID + "/" + kind + "/" + detail
	if ok, why := p.right(d); !ok {
		p.source.drop(id, why)
		return nil
	}
	c, err := p.newCase(kind, detail, contract.Accepted, d)
	if err != nil {
		p.source.drop(id, err.Error())
		return nil
	}
	return c
}

func rightValues(s *values.Schema) func(func(values.Value) bool) { return s.Valid() }

// unplanned is a case that stands for all that cannot be derived.
func unplanned(op *spec.Operation, kind string, err error) *contract.Case {
	return &contract.Case{ID: op.ID + "/" + kind + "/all", Operation: op.ID, Kind: kind, Expect: contract.Any, Skip: err.Error()}
}

// free tells whether a parameter may have any of its right values. An id in a
// path may not: it names a resource.
func (p *plan) free(parameter spec.Parameter) bool {
	if parameter.In != "path" {
		return true
	}
	return len(p.binds) == 0 && closed(parameter.Schema)
}

func (p *plan) rightCase(v variation) *contract.Case {
	p.fresh(v.draft, p.op.ID+"/valid/"+v.detail(), v.value.Pointer)
	c := p.accepted("valid", v.detail(), v.draft)
	if c == nil {
		return nil
	}
	if v.value.Free && c.Doubt == "" {
		c.Doubt = "the text there is made up, and only its meaning could tell whether it is right"
	}
	c.Statements = citedAt(v.schema, v.value.Pointer)
	return c
}
