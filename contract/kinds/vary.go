package kinds

import (
	"fmt"
	"hash/fnv"
	"maps"
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
	if !ok || !isObject || p.op.Creates == nil {
		return
	}
	for _, name := range uniqueMembers(p.op) {
		if varied == "/"+spec.Escape(name) {
			continue
		}
		for _, value := range p.source.others(name, media.Schema.Resolve().Get("properties", name), object, hashed(id, p.source.Seed)) {
			changed, body := d.clone(), maps.Clone(object)
			body[name] = value
			changed.body = contract.Encode(body)
			if ok, _ := p.right(changed); ok {
				d.body, object = changed.body, body
				break
			}
		}
	}
}

// uniqueMembers are the members of an operation's body whose values no two
// things share.
func uniqueMembers(op *spec.Operation) []string {
	var out []string
	for _, expr := range op.Creates.Unique {
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

// others are values in place of a member's one, which must be unique, the first
// choice first. With those known values that are said to make things fail
// nothing comes of a case.
func (s *Source) others(name string, schema spec.Node, siblings map[string]any, hash uint64) []any {
	known, current := knownValues(schema, siblings), siblings[name]
	text, isText := current.(string)
	switch {
	case !isText || len(known) > 0 && !contains(known, current):
		return nil
	case len(known) > 0:
		for i := range uint64(len(known)) {
			if value := known[(hash+i)%uint64(len(known))]; !s.fails(name, value) {
				return []any{value}
			}
		}
		return nil
	case schema.Resolve().Get("enum").Exists():
		return nil
	}
	tail := fmt.Sprintf("%08x", uint32(hash))
	list := []any{text + "-" + tail}
	if len(text) > len(tail) { // where the form is that of a longer number
		list = append(list, text[:len(text)-len(tail)]+tail)
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
