package kinds

import (
	"iter"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// scene is a case in the making that follows things over several steps. What
// it makes is removed at its end.
type scene struct {
	*story
	c *contract.Case
	// broken tells that a step could not be made, so that there is no case.
	broken bool
}

// scene opens a case on the plan's operation. What the plan needs stands first.
func (p *plan) scene(kind, detail string, expected contract.Expect, statements []string) *scene {
	c := &contract.Case{
		ID: p.op.ID + "/" + kind + "/" + detail, Operation: p.op.ID, Kind: kind, Expect: expected, Statements: statements,
	}
	return &scene{story: p.opened(c.ID), c: c}
}

// send appends the plan's request, as changed; the value tells what it makes.
func (sc *scene) send(p *plan, change ...func(*draft)) made {
	d := p.draft.clone()
	for _, f := range change {
		f(d)
	}
	step, err := p.step(d)
	if err != nil {
		sc.broken = true
		return made{}
	}
	step.Name = sc.name(p.op.ID)
	return sc.add(step, p.op)
}

// fresh changes what must be unique to a value of the case's own; the word
// tells several in one case apart.
func (sc *scene) fresh(p *plan, word string) func(*draft) {
	return func(d *draft) { p.fresh(d, sc.c.ID+word, "") }
}

// on appends a request of another operation on what was made.
func (sc *scene) on(m made, op *spec.Operation, change ...func(*draft)) *contract.Step {
	step, ok := sc.reach(m, op, change...)
	if !ok {
		sc.broken = true
		return &contract.Step{}
	}
	sc.steps = append(sc.steps, step)
	return &sc.steps[len(sc.steps)-1]
}

// until appends a read of what was made that is repeated until it is there.
func (sc *scene) until(m made, op *spec.Operation, until *contract.Until) {
	sc.on(m, op).Until = until
}

// last is the step that was appended last.
func (sc *scene) last() *contract.Step { return &sc.steps[len(sc.steps)-1] }

// end is the case, nil where it could not be made.
func (sc *scene) end() *contract.Case {
	if sc.broken || len(sc.steps) == 0 {
		return nil
	}
	sc.c.Steps = sc.ended()
	return sc.c
}

// reach is a step of an operation on what was made, as changed: its path
// parameters come by the link from the creation, or are those of the creation
// itself, unless a change gives them another value.
func (t *story) reach(m made, op *spec.Operation, change ...func(*draft)) (contract.Step, bool) {
	d := t.source.draftExample(op, "")
	var binds []contract.Bind
	link, _ := t.source.Contract.LinkBetween(m.op, op)
	for _, p := range op.Parameters {
		if p.In != "path" {
			continue
		}
		expr, linked := link.Parameters[p.Name]
		if !linked && slices.ContainsFunc(m.op.Parameters, func(q spec.Parameter) bool { return q.In == "path" && q.Name == p.Name }) {
			expr, linked = "$request.path."+p.Name, true
		}
		if linked {
			binds = append(binds, bind(d, p.Name, m, expr))
		}
	}
	for _, f := range change {
		f(d)
	}
	binds = slices.DeleteFunc(binds, func(b contract.Bind) bool { return !d.bound[b.Name] })
	request, err := d.request(t.source.Base)
	return contract.Step{Name: t.name(op.ID), Operation: op.ID, Request: request, Params: d.path, Binds: binds}, err == nil
}

// bind fills a path parameter from what was made.
func bind(d *draft, name string, m made, expr string) contract.Bind {
	d.bound[name] = true
	delete(d.path, name)
	delete(d.text, name)
	b := contract.Bind{Name: name, Step: m.step, Expr: expr}
	if envelope := m.op.Envelope(); envelope != nil {
		b.Under = envelope.Relation.Keys
	}
	return b
}

// variant names the plan's request among those of its operation.
func (p *plan) variant() string {
	if p.op.Selects != nil && p.key != "" {
		if value := plainWord(p.source.selected(p.op, p.key)); value != "" {
			return value
		}
	}
	return "usual"
}

// plainWord is a text as a piece of an id.
func plainWord(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 128 && unreserved(byte(r)) {
			return r
		}
		return '-'
	}, text)
}

// flagged sets the flags that change how a reply looks and nothing else; nil
// leaves one out.
func flagged(op *spec.Operation, envelope, formatting any) func(*draft) {
	return func(d *draft) {
		for parameter, value := range map[*spec.Parameter]any{op.Envelope(): envelope, op.Formatting(): formatting} {
			switch {
			case parameter == nil || value == nil && parameter.Required:
			case value == nil:
				d.unset(*parameter)
			default:
				d.set(*parameter, value)
			}
		}
		slices.SortStableFunc(d.query, func(a, b pair) int { return strings.Compare(a.parameter, b.parameter) })
	}
}

// hasFlags tells whether an operation has any of them.
func hasFlags(op *spec.Operation) bool { return op.Envelope() != nil || op.Formatting() != nil }

// sceneKind is a kind whose cases are made for each right request of an
// operation.
func sceneKind(name, doc string, derive func(p *plan, yield func(*contract.Case) bool) bool) Kind {
	return Kind{
		Name: name, Doc: doc,
		Derive: func(s *Source, op *spec.Operation) iter.Seq[*contract.Case] {
			return func(yield func(*contract.Case) bool) {
				some := func(c *contract.Case) bool { return c == nil || yield(c) }
				for _, p := range s.plans(op) {
					if !derive(p, some) {
						return
					}
				}
			}
		},
	}
}

// each yields cases, of which some may be nil.
func each(yield func(*contract.Case) bool, cases ...*contract.Case) bool {
	for _, c := range cases {
		if !yield(c) {
			return false
		}
	}
	return true
}
