package lint

import (
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/validate"
	"github.com/atlas-contract/conformance/internal/values"
)

var contradictedExample = Rule{
	Name: "example",
	Doc:  "An example, a default or a member of an enum contradicts its own schema. An example that is documented with an error is meant to.",
	run: func(p *pass) {
		e := &examiner{pass: p, set: values.NewSet(p.is30()), judges: map[string]*validate.Operation{}, done: map[string]bool{}}
		for _, op := range p.contract.Operations {
			e.operation(op)
		}
		for one := range p.places.of(schema) {
			e.own(one.node)
		}
	},
}

// examiner holds examples to their schemas. The quick evaluator is asked first;
// only what it takes for wrong is put before the validators, which have the last
// word.
type examiner struct {
	*pass
	set    *values.Set
	judges map[string]*validate.Operation
	done   map[string]bool // by place: what several operations share is judged once
}

const memberOfEnum = "the member of enum"

// The ways that a value may travel.
const (
	asRequest = 1 << iota
	asResponse
)

func (e *examiner) operation(op *spec.Operation) {
	wrong := failing(op)
	right := func(list []spec.Example) (out []spec.Example) {
		for _, x := range list {
			if !wrong[x.Key] {
				out = append(out, x)
			}
		}
		return out
	}
	for _, parameter := range op.Parameters {
		e.examples(parameter.Schema, right(parameter.Examples), asRequest)
	}
	if op.Body != nil {
		for _, m := range op.Body.Media {
			e.media(m, right(m.Examples), asRequest)
		}
	}
	for _, r := range op.Responses {
		for _, m := range r.Media {
			e.media(m, m.Examples, asResponse)
		}
	}
}

// failing are the keys of examples that are documented with an error, and with
// no success.
func failing(op *spec.Operation) map[string]bool {
	out := map[string]bool{}
	for _, class := range []string{"4", "5", "2"} { // a success has the last word
		for _, r := range op.Responses {
			for _, m := range r.Media {
				for _, x := range m.Examples {
					if x.Key != "" && strings.HasPrefix(r.Status, class) {
						out[x.Key] = class != "2"
					}
				}
			}
		}
	}
	for key, s := range op.Scenarios {
		if s.MediaType != "" || s.Method != "" {
			out[key] = true
		}
	}
	return out
}

// media judges the examples of JSON; those of other media types are texts.
func (e *examiner) media(m spec.Media, list []spec.Example, ways int) {
	name, _, _ := strings.Cut(strings.ToLower(m.Type), ";")
	if name = strings.TrimSpace(name); name == "application/json" || strings.HasSuffix(name, "+json") {
		e.examples(m.Schema, list, ways)
	}
}

func (e *examiner) examples(schema spec.Node, list []spec.Example, ways int) {
	for _, x := range list {
		if x.Value.Exists() && !x.External {
			e.judge(schema, x.Value, "the example", ways)
		}
	}
}

// own judges what a schema says of its own values. They need be right in one
// direction only.
func (e *examiner) own(n spec.Node) {
	if n.Get("$ref").Exists() && e.is30() { // what stands beside is ignored
		return
	}
	e.judge(n, n.Get("example"), "the example", asRequest|asResponse)
	e.judge(n, n.Get("default"), "the default", asRequest|asResponse)
	for _, x := range n.Get("examples").Items() {
		e.judge(n, x, "the example", asRequest|asResponse)
	}
	for _, x := range n.Get("enum").Items() {
		e.judge(n, x, memberOfEnum, asRequest|asResponse)
	}
}

func (e *examiner) judge(schema, value spec.Node, what string, ways int) {
	key := schema.File() + "#" + schema.Pointer() + " " + value.File() + "#" + value.Pointer()
	if !schema.Exists() || !value.Exists() || e.done[key] {
		return
	}
	e.done[key] = true
	v := value.Value()
	var worst *validate.Problem
	for _, way := range []int{asRequest, asResponse} {
		if ways&way == 0 {
			continue
		}
		problem := e.problem(schema, v, way == asResponse)
		if problem == nil {
			return
		}
		worst = problem
	}
	if what == memberOfEnum && worst.Keyword == "const" {
		return // it is never used, and does no harm
	}
	at := value
	if found, err := value.Follow("#" + strings.ReplaceAll(value.Pointer()+worst.Pointer, "%", "%25")); err == nil && found.Exists() {
		at = found
	}
	e.report(at, "%s contradicts its schema (%s): %s", what, worst.Keyword, worst.Message)
}

// problem is what is wrong with a value for certain, nil where nothing is.
func (e *examiner) problem(schema spec.Node, v any, response bool) *validate.Problem {
	if e.set.Fits(schema, v, response) {
		return nil
	}
	judge, pointer := e.judgeOf(schema, response)
	if judge == nil {
		return nil
	}
	r := judge.Value(pointer, contract.Encode(v))
	for i := range r.Problems {
		if r.Problems[i].Dissent == "" {
			return &r.Problems[i]
		}
	}
	return nil
}

// judgeOf are the validators of a schema, nil where it cannot be taken out of
// its document.
func (e *examiner) judgeOf(schema spec.Node, response bool) (*validate.Operation, string) {
	pointer, way := spec.RequestSchema, "request "
	if response {
		pointer, way = spec.ResponseSchema, "response "
	}
	key := way + schema.File() + "#" + schema.Pointer()
	if made, ok := e.judges[key]; ok {
		return made, pointer
	}
	made, err := validate.New(e.contract.SliceSchema(schema, response))
	if err != nil {
		made = nil
	}
	clear(e.judges) // examples of a schema stand together; a large document has too many to keep
	e.judges[key] = made
	return made, pointer
}
