package kinds

import (
	"strings"
	"sync"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/validate"
	"github.com/atlas-contract/conformance/internal/values"
)

// A case proves itself before it is sent: a request that is meant to be right
// satisfies all validators, and one that is meant to be wrong breaks exactly
// one thing, at the place where it was changed.

// judges are the validators of an operation's requests, made when they are
// first asked.
func (s *Source) judges(op *spec.Operation) (*validate.Operation, error) {
	return s.proofs.Of(op.ID, func() []byte { return s.Contract.SliceRequest(op) })
}

// problems are what the validators say of a draft. The error says why they
// could not be asked.
func (p *plan) problems(d *draft) (validate.Result, error) {
	judges, err := p.source.judges(p.op)
	if err != nil {
		return validate.Result{}, err
	}
	whole := d.clone()
	for _, parameter := range p.op.Parameters {
		if parameter.In == "path" && whole.bound[parameter.Name] { // a stand-in for what an earlier step will give
			value, ok := p.source.madeUp(parameter.Schema)
			if !ok {
				value = "x"
			}
			whole.set(parameter, value)
		}
	}
	target, err := whole.target()
	if err != nil {
		return validate.Result{}, err
	}
	request, err := whole.request("http://target")
	if err != nil {
		return validate.Result{}, err
	}
	return judges.Request(&request, target), nil
}

// right tells whether all validators take a draft for right, and why not.
func (p *plan) right(d *draft) (bool, string) {
	r, err := p.problems(d)
	switch {
	case err != nil:
		return false, err.Error()
	case len(r.Problems) > 0:
		return false, "meant as right, but " + r.Problems[0].Message
	}
	return true, ""
}

// broken is the one thing that is wrong with a draft, nil where nothing is,
// several things are, or the validators differ.
func (p *plan) broken(d *draft) (*contract.Break, string) {
	r, err := p.problems(d)
	switch {
	case err != nil:
		return nil, err.Error()
	case len(r.Problems) == 0:
		return nil, "meant as wrong, but it is right"
	case len(r.Problems) > 1:
		return nil, "it breaks more than one thing"
	case r.Problems[0].Dissent != "":
		return nil, "the validators differ: " + r.Problems[0].Dissent
	}
	one := r.Problems[0]
	return &contract.Break{In: one.Place, Pointer: one.Pointer, Keyword: one.Keyword}, ""
}

// drop notes a case that is not sent.
func (s *Source) drop(id, reason string) {
	if s.Dropped != nil {
		s.Dropped(id, reason)
	}
}

// schema derives the values of a schema, with an example as their base.
func (s *Source) schema(node spec.Node, example any) *values.Schema {
	made := func() *values.Schema {
		return values.New(node, values.Options{
			Version30: strings.HasPrefix(s.Contract.OpenAPI, "3.0"), Known: knownValues, Example: example,
		})
	}
	return s.schemas.get(schemaKey{node, string(contract.Encode(example))}, made)
}

// schemaMemo keeps the schemas that were asked for last, since each kind asks
// for those of an operation again. It is bounded, whatever the document.
type schemaMemo struct {
	mu   sync.Mutex
	kept map[schemaKey]*values.Schema
}

type schemaKey struct {
	node    spec.Node
	example string
}

const maxKept = 64

func (m *schemaMemo) get(key schemaKey, made func() *values.Schema) *values.Schema {
	m.mu.Lock()
	defer m.mu.Unlock()
	if known, ok := m.kept[key]; ok {
		return known
	}
	if m.kept == nil || len(m.kept) >= maxKept {
		m.kept = map[schemaKey]*values.Schema{}
	}
	m.kept[key] = made()
	return m.kept[key]
}

// madeUp is a right value of a schema.
func (s *Source) madeUp(node spec.Node) (any, bool) {
	return s.schema(node, nil).Base()
}

// knownValues are those that the contract says are accepted beside the given
// siblings: each in its first form, then in its other ones.
func knownValues(schema spec.Node, siblings map[string]any) []any {
	known := spec.ReadKnown(schema)
	if known == nil {
		return nil
	}
	by, _ := siblings[known.By].(string)
	groups := known.Values[by]
	var first, rest []any
	for _, group := range groups {
		for i, form := range group {
			if i == 0 {
				first = append(first, form)
			} else {
				rest = append(rest, form)
			}
		}
	}
	return append(first, rest...)
}

// dotted is a JSON pointer as a piece of an id.
func dotted(pointer string) string {
	return strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", ".")
}
