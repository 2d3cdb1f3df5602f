package kinds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// plan is a right request of an operation, with what must be sent before it,
// from which the other kinds make their cases by changing one thing.
type plan struct {
	source *Source
	op     *spec.Operation
	story  *story
	draft  *draft
	binds  []contract.Bind
	// key is the documented example that the request is taken from, if any.
	key string
	// certain tells that all resources named in the path are the run's own or
	// were given by the user, so that none of them can be missing.
	certain bool
	// doubt says why a refusal of the request would prove little.
	doubt string
}

// plan makes the right request of an operation. The error says why there is
// none that may be sent.
func (s *Source) plan(op *spec.Operation) (*plan, error) { return s.planFrom(op, rightKey(op)) }

// planFrom makes the right request of an operation from the example of the key.
func (s *Source) planFrom(op *spec.Operation, key string) (*plan, error) {
	t := &story{source: s}
	p, err := t.plan(op, key, 0)
	if err != nil {
		return nil, err
	}
	if name := p.foreign(); name != "" && (!s.Near || s.Contract.Setting(op) == nil) { // a setting is changed back
		return nil, fmt.Errorf("it would change a resource that the run did not make and was not given: give --param %s=…", name)
	}
	return p, nil
}

// deepest bounds how many resources stand within one another.
const deepest = 5

// plan tells what comes before an operation and drafts its request.
func (t *story) plan(op *spec.Operation, key string, depth int) (*plan, error) {
	if depth > deepest {
		return nil, fmt.Errorf("what %s needs is nested too deep, or in a circle", op.ID)
	}
	s := t.source
	p := &plan{source: s, op: op, story: t, key: key}
	for _, given := range op.Scenarios[p.key].Given {
		id, key, _ := strings.Cut(given, "/")
		if before := s.Contract.Operation(id); before != nil {
			if err := t.tell(before, key); err != nil {
				return nil, err
			}
		}
	}
	if from := s.Contract.Producer(op); from != nil && len(t.made) == 0 && !s.givenAll(from, op) {
		before, err := t.plan(from, rightKey(from), depth+1)
		if err != nil {
			return nil, err
		}
		if err := before.tell(); err != nil {
			return nil, err
		}
	}
	t.require(op)
	p.draft = s.draftExample(op, p.key)
	flagged(op, nil, nil)(p.draft) // so that replies are plain unless a case asks otherwise
	if err := p.complete(); err != nil {
		return nil, err
	}
	p.binds = t.binds(op, p.key, p.draft)
	p.certain = p.uncertain() == ""
	return p, nil
}

// givenAll tells whether the user gave all that the reply of from would. What
// would be changed or removed is made by the run even then.
func (s *Source) givenAll(from, op *spec.Operation) bool {
	if op.Method != "GET" && op.Method != "HEAD" && op.Method != "POST" {
		return false
	}
	link, _ := s.Contract.LinkBetween(from, op)
	for name, expr := range link.Parameters {
		if _, given := s.Params[name]; !given && strings.HasPrefix(expr, "$response.") {
			return false
		}
	}
	return true
}

// complete gives required parameters and the body that have no documented
// value a made-up one.
func (p *plan) complete() error {
	for _, parameter := range p.op.Parameters {
		if !parameter.Required && parameter.In != "path" || p.draft.has(parameter) {
			continue
		}
		value, ok := p.source.madeUp(parameter.Schema)
		if !ok || !p.draft.set(parameter, value) {
			return fmt.Errorf("no value for the %s parameter %s could be made up: give it an example in the document", parameter.In, parameter.Name)
		}
		p.invented(parameter.In+" parameter "+parameter.Name, parameter.Schema)
	}
	if body := p.op.Body; body != nil && len(body.Media) > 0 && p.draft.body == nil && body.Required {
		return p.completeBody(body.Media)
	}
	return nil
}

func (p *plan) completeBody(media []spec.Media) error {
	for _, m := range media {
		if !isJSON(m.Type) {
			continue
		}
		value, ok := p.source.madeUp(m.Schema)
		if !ok {
			return fmt.Errorf("no body could be made up: give the request an example in the document")
		}
		p.draft.header.Set("Content-Type", m.Type)
		p.draft.body = contract.Encode(value)
		p.invented("body", m.Schema)
		return nil
	}
	if p.draft.body = p.source.plainBody(media[0]); p.draft.body == nil {
		return fmt.Errorf("no example of a body of type %s: give one in the document", media[0].Type)
	}
	p.draft.header.Set("Content-Type", media[0].Type)
	return nil
}

// plainBody is a body of text, nil for a media type of which nothing is known.
func (s *Source) plainBody(m spec.Media) []byte {
	if !strings.HasPrefix(m.Type, "text/") {
		return nil
	}
	if value, ok := s.madeUp(m.Schema); ok && isPlainText(m.Type) && m.Schema.Exists() {
		if text, isText := value.(string); isText && text != "" {
			return []byte(text)
		}
	}
	return []byte("text")
}

// standIn gives the path parameters that earlier steps would fill made-up
// values; it tells false where there is none.
func (p *plan) standIn(d *draft) bool {
	for _, parameter := range p.op.Parameters {
		if parameter.In != "path" || !d.bound[parameter.Name] {
			continue
		}
		if value, ok := p.source.madeUp(parameter.Schema); !ok || !d.set(parameter, value) {
			return false
		}
	}
	return true
}

// uncertain is the first path parameter that names something of which it is
// not known whether it exists.
func (p *plan) uncertain() string {
	for _, parameter := range p.op.Parameters {
		if parameter.In != "path" || p.draft.bound[parameter.Name] {
			continue
		}
		if _, given := p.source.Params[parameter.Name]; !given && !closed(parameter.Schema) {
			return parameter.Name
		}
	}
	return ""
}

// closed tells whether a schema lists its values, so that each of them exists.
func closed(schema spec.Node) bool {
	schema = schema.Resolve()
	return schema.Get("enum").Exists() || schema.Get("const").Exists() || slices.Contains(schema.Get("type").Strings(), "boolean")
}

// foreign is the path parameter that names a resource which the request would
// change although it is neither the run's own nor given.
func (p *plan) foreign() string {
	if !slices.Contains([]string{"DELETE", "PUT", "PATCH"}, p.op.Method) {
		return ""
	}
	return p.uncertain()
}

// tell appends the plan's own request to its story.
func (p *plan) tell() error {
	step, err := p.step(p.draft)
	if err != nil {
		return err
	}
	p.story.add(step, p.op)
	p.story.plans = append(p.story.plans, told{len(p.story.steps) - 1, p})
	return nil
}

func (p *plan) step(d *draft) (contract.Step, error) {
	request, err := d.request(p.source.Base)
	if err != nil {
		return contract.Step{}, err
	}
	var binds []contract.Bind
	for _, b := range p.binds {
		if d.bound[b.Name] {
			binds = append(binds, b)
		}
	}
	locks := p.source.locks(p.op, request, d.path)
	if len(locks) == 0 { // a wrong body names nothing, but must not meet a conflict over what it was made from
		if plain, err := p.draft.request(p.source.Base); err == nil {
			locks = p.source.locks(p.op, plain, p.draft.path)
		}
	}
	return contract.Step{
		Name: p.story.name(p.op.ID), Operation: p.op.ID, Request: request, Params: d.path, Binds: binds, Locks: locks,
	}, nil
}

// has tells whether the draft gives a parameter a value.
func (d *draft) has(p spec.Parameter) bool {
	of := func(q pair) bool { return q.parameter == p.Name }
	switch p.In {
	case "path":
		return d.bound[p.Name] || d.text[p.Name] != ""
	case "query":
		return slices.ContainsFunc(d.query, of)
	case "cookie":
		return slices.ContainsFunc(d.cookie, of)
	}
	return len(d.header.Values(p.Name)) > 0
}

// excuses are the documented statuses by which the state of the target may
// refuse a right request.
func (p *plan) excuses() []int {
	var out []int
	for _, status := range []int{402, 404, 409, 410, 412, 423, 429} {
		if (status == 404 || status == 410) && p.certain {
			continue
		}
		if r := p.op.Response(status); r != nil && r.Status != "default" || r != nil && status == 404 {
			out = append(out, status)
		}
	}
	return out
}

// opened is the plan's story for a case of that id, with unique values of the
// case's own, so that cases do not wait for one another.
func (p *plan) opened(id string) *story {
	t := &story{source: p.source, steps: slices.Clone(p.story.steps), made: slices.Clone(p.story.made)}
	for _, before := range p.story.plans {
		changed := before.plan.draft.clone()
		before.plan.fresh(changed, id, "")
		if step, err := before.plan.step(changed); err == nil {
			step.Name, step.Binds = t.steps[before.step].Name, t.steps[before.step].Binds
			t.steps[before.step] = step
		}
	}
	return t
}

// newCase makes a case whose last step is the plan's request as changed in d.
func (p *plan) newCase(kind, detail string, expected contract.Expect, d *draft) (*contract.Case, error) {
	c := &contract.Case{ID: p.op.ID + "/" + kind + "/" + detail, Operation: p.op.ID, Kind: kind, Expect: expected}
	t := p.opened(c.ID)
	step, err := p.step(d)
	if err != nil {
		return nil, err
	}
	t.add(step, p.op)
	c.Steps = t.ended()
	if expected == contract.Accepted {
		c.Excuses, c.Doubt = p.excuses(), p.doubt
	}
	return c, nil
}

func isJSON(mediaType string) bool {
	name, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	name = strings.TrimSpace(name)
	return name == "application/json" || strings.HasSuffix(name, "+json")
}
