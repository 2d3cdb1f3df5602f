package kinds

import (
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/values"
)

// variation is the plan's request with one value changed.
type variation struct {
	draft *draft
	value values.Value
	// in is path, query, header, cookie or body; place is the parameter's name
	// or the pointer into the body.
	in, place string
	// schema is that of the parameter or of the body.
	schema spec.Node
}

// detail is the variation's part of a case's id.
func (v variation) detail() string {
	place := v.in
	if dots := dotted(v.place); dots != "" {
		place += "." + dots
	}
	return place + "/" + v.value.Detail
}

// variations visits the plan's request with each of its values changed, in the
// order of the parameters and then of the body.
func (p *plan) variations(values func(*values.Schema) func(func(values.Value) bool), fits func(spec.Parameter) bool, visit func(variation) bool) {
	for _, parameter := range p.op.Parameters {
		if !fits(parameter) {
			continue
		}
		if !p.parameter(parameter, values, visit) {
			return
		}
	}
	p.body(values, visit)
}

func (p *plan) parameter(parameter spec.Parameter, derive func(*values.Schema) func(func(values.Value) bool), visit func(variation) bool) bool {
	example, _ := p.source.exampleValue(parameter, p.key)
	for v := range derive(p.source.schema(parameter.Schema, example)) {
		d := p.draft.clone()
		if !d.set(parameter, v.JSON) {
			continue
		}
		place := parameter.Name + v.Pointer
		if !visit(variation{draft: d, value: v, in: parameter.In, place: place, schema: parameter.Schema}) {
			return false
		}
	}
	return true
}

func (p *plan) body(derive func(*values.Schema) func(func(values.Value) bool), visit func(variation) bool) {
	media, ok := jsonMedia(p.op)
	if !ok {
		p.textBody(derive, visit)
		return
	}
	example, _ := contract.Decode(p.draft.body)
	for v := range derive(p.source.schema(media.Schema, example)) {
		d := p.draft.clone()
		d.header.Set("Content-Type", media.Type)
		d.body = contract.Encode(settle(media.Schema, v))
		if !visit(variation{draft: d, value: v, in: "body", place: v.Pointer, schema: media.Schema}) {
			return
		}
	}
}

// textBody varies a body of plain text, which only a string can be.
func (p *plan) textBody(derive func(*values.Schema) func(func(values.Value) bool), visit func(variation) bool) {
	if p.op.Body == nil || len(p.op.Body.Media) == 0 || !isPlainText(p.op.Body.Media[0].Type) {
		return
	}
	media := p.op.Body.Media[0]
	for v := range derive(p.source.schema(media.Schema, string(p.draft.body))) {
		text, ok := v.JSON.(string)
		if !ok || text == "" { // which would be no body at all
			continue
		}
		d := p.draft.clone()
		d.header.Set("Content-Type", media.Type)
		d.body = []byte(text)
		if !visit(variation{draft: d, value: v, in: "body", place: v.Pointer, schema: media.Schema}) {
			return
		}
	}
}

func isPlainText(mediaType string) bool {
	name, _, _ := strings.Cut(strings.ToLower(mediaType), ";")
	return strings.TrimSpace(name) == "text/plain"
}

// jsonMedia is the JSON form of an operation's body.
func jsonMedia(op *spec.Operation) (spec.Media, bool) {
	if op.Body == nil {
		return spec.Media{}, false
	}
	for _, m := range op.Body.Media {
		if isJSON(m.Type) {
			return m, true
		}
	}
	return spec.Media{}, false
}

// settle gives a member whose known values depend on another member one that
// goes with it, unless it is the one that is varied.
func settle(schema spec.Node, v values.Value) any {
	object, ok := v.JSON.(map[string]any)
	if !ok {
		return v.JSON
	}
	for name, property := range schema.Resolve().Get("properties").Pairs() {
		current, has := object[name]
		known := knownValues(property, object)
		if !has || len(known) == 0 || v.Pointer == "/"+spec.Escape(name) {
			continue
		}
		if !contains(known, current) {
			object = maps.Clone(object)
			object[name] = known[0]
		}
	}
	return object
}

func contains(list []any, value any) bool {
	for _, item := range list {
		if contract.Equal(item, value) {
			return true
		}
	}
	return false
}

// fresh gives what must be unique another value for each case, so that cases
// do not wait for one another and old ones are not in the way. The place that
// the case varies stays as it is.
func (p *plan) fresh(d *draft, id, varied string) {
	media, ok := jsonMedia(p.op)
	object, isObject := decoded(d.body).(map[string]any)
	if !ok || !isObject {
		return
	}
	schema := p.source.schema(media.Schema, nil)
	for _, name := range p.source.uniqueMembers(p.op) {
		if varied == "/"+spec.Escape(name) {
			continue
		}
		for _, value := range p.source.others(media.Schema, schema, object, name, hashed(id, p.source.Seed)) {
			changed := maps.Clone(object)
			changed[name] = value
			next := d.clone()
			next.body = contract.Encode(changed)
			if ok, _ := p.right(next); ok {
				object, d.body = changed, next.body
				break
			}
		}
	}
}

// usable are those of the known values that the user allows, or all that the
// user allows where none of them is known.
func (s *Source) usable(name string, known []any) []any {
	var out, all []any
	for _, value := range s.Values[name] {
		all = append(all, value)
		if contains(known, value) {
			out = append(out, value)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

// uniqueMembers are the members of an operation's body whose values no two
// things share.
func (s *Source) uniqueMembers(op *spec.Operation) []string {
	var out []string
	for _, expr := range s.Contract.Unique(op) {
		if pointer, inBody := strings.CutPrefix(expr, "$request.body#/"); inBody {
			out = append(out, spec.Unescape(pointer))
		}
	}
	return out
}

// freshened is the plan with unique values of a kind's own, so that what is
// wrong with its requests is not hidden behind a conflict.
func (p *plan) freshened(kind string) *plan {
	own := *p
	own.draft = p.draft.clone()
	p.fresh(own.draft, p.op.ID+"/"+kind, "")
	return &own
}

// others are values in place of one that must be unique, the best first: those
// that are known, else a text drawn from what its schema says, else the text
// with something behind it. Where the user allows only some, it is one of them.
// With those that are said to make things fail nothing comes of a case.
func (s *Source) others(node spec.Node, schema *values.Schema, object map[string]any, name string, hash uint64) []any {
	property := node.Resolve().Get("properties", name)
	known := knownValues(property, object)
	text, isText := object[name].(string)
	switch {
	case !isText || len(known) > 0 && !contains(known, text):
		return nil
	case len(s.Values[name]) > 0:
		usable := s.usable(name, known)
		return []any{usable[hash%uint64(len(usable))]}
	case len(known) > 0:
		for i := range uint64(len(known)) {
			if value := known[(hash+i)%uint64(len(known))]; !s.fails(name, value) {
				return []any{value}
			}
		}
		return nil
	case property.Resolve().Get("enum").Exists():
		return nil
	}
	tail := fmt.Sprintf("%08x", uint32(hash))
	list := []any{text + "-" + tail}
	if len(text) > len(tail) { // where the form is that of a longer number
		list = append(list, text[:len(text)-len(tail)]+tail)
	}
	if drawn, ok := schema.Fresh(object, name, rand.New(rand.NewPCG(hash, hash))); ok {
		return append([]any{drawn}, list...)
	}
	return list
}

func decoded(body []byte) any {
	v, _ := contract.Decode(body)
	return v
}

func hashed(id string, seed int64) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%d", id, seed)
	return h.Sum64()
}
