package coverage

import (
	"encoding/json"
	"slices"

	"github.com/atlas-contract/conformance/contract"
)

// meeting is one look at values: whether they met what they fit, or only would
// have.
type meeting struct {
	trial trial
	// given tells that the values are those of a request.
	given bool
}

// hit has an item met.
func (m meeting) hit(it *item) {
	switch {
	case it == nil:
	case m.trial == met:
		it.n++
	default:
		it.tried = max(it.tried, m.trial)
	}
}

// value meets what a value at a place can meet.
func (m meeting) value(p *place, v any) {
	if p == nil {
		return
	}
	if m.trial == met {
		p.n++
	}
	m.scalar(p, v)
	for _, part := range p.parts {
		m.value(part, v)
	}
	m.choice(p, v)
	switch at := v.(type) {
	case map[string]any:
		m.object(p, at)
	case []any:
		if len(at) > 0 {
			m.hit(p.full)
		}
		if p.elem != nil {
			for _, elem := range at {
				m.value(p.elem, elem)
			}
		}
	}
}

func (m meeting) scalar(p *place, v any) {
	if v == nil {
		m.hit(p.null)
	} else {
		m.hit(p.set)
	}
	for i := range p.values {
		if contract.Equal(p.values[i].value, v) {
			m.hit(p.values[i].item)
		}
	}
	m.wrong(p, v)
	for i := range p.bounds {
		m.hit(p.bounds[i].meets(v))
	}
}

// wrong meets the keywords that a value plainly breaks. What breaks the others
// the case says.
func (m meeting) wrong(p *place, v any) {
	if it := p.keywords["type"]; it != nil && !p.isTyped(v) {
		m.hit(it)
	}
	if it := p.keywords["enum"]; it != nil && !p.isListed(v) {
		m.hit(it)
	}
	if it := p.keywords["const"]; it != nil && !p.isListed(v) {
		m.hit(it)
	}
}

// isTyped tells whether a value is of a type that the schema has.
func (p *place) isTyped(v any) bool {
	return len(p.types) == 0 || v == nil && p.nullable || slices.ContainsFunc(p.types, func(t string) bool { return isOf(t, v) })
}

// isListed tells whether a value is one of those that the schema lists.
func (p *place) isListed(v any) bool {
	return len(p.allowed) == 0 || slices.ContainsFunc(p.allowed, func(one any) bool { return contract.Equal(one, v) })
}

func (m meeting) object(p *place, object map[string]any) {
	if m.trial == met {
		p.objects++
	}
	for name, v := range object {
		known := p.members[name]
		if known == nil {
			known = p.rest
		}
		if known != nil {
			m.hit(known.item)
			m.value(known.place, v)
		}
	}
}

// choice meets the alternatives that a value fits. A request that fits none may
// still be meant as one of them, so that all are looked into.
func (m meeting) choice(p *place, v any) {
	fitting := p.fitting(v)
	for _, c := range fitting {
		m.hit(c.item)
		m.value(c.place, v)
	}
	if len(fitting) == 0 && m.given {
		for _, c := range p.choices {
			m.value(c.place, v)
		}
	}
}

// fitting are the alternatives that a value fits, those alone that its
// discriminator names where there is one.
func (p *place) fitting(v any) []choice {
	if object, ok := v.(map[string]any); ok && p.tag != "" {
		for _, c := range p.choices {
			if slices.Contains(c.tags, object[p.tag]) {
				return []choice{c}
			}
		}
	}
	var out []choice
	for _, c := range p.choices {
		if c.place.fits(v, 0) {
			out = append(out, c)
		}
	}
	return out
}

// maxFit is how deep a value is compared with a schema to tell alternatives
// apart.
const maxFit = 3

// fits tells whether a value fits a schema as far as its type, the values that
// are listed, and the names of its members tell. Alternatives that differ in
// nothing else count as met together.
func (p *place) fits(v any, depth int) bool {
	if depth > maxFit || v == nil && p.nullable {
		return true
	}
	if !p.isTyped(v) || !p.isListed(v) {
		return false
	}
	for _, part := range p.parts {
		if !part.fits(v, depth+1) {
			return false
		}
	}
	if len(p.choices) > 0 && !slices.ContainsFunc(p.choices, func(c choice) bool { return c.place.fits(v, depth+1) }) {
		return false
	}
	object, ok := v.(map[string]any)
	return !ok || p.fitsMembers(object, depth)
}

func (p *place) fitsMembers(object map[string]any, depth int) bool {
	for _, name := range p.required {
		if _, has := object[name]; !has {
			return false
		}
	}
	for name, v := range object {
		known := p.members[name]
		if known == nil && p.closed || known != nil && !known.place.fits(v, depth+1) {
			return false
		}
	}
	return true
}

// isOf tells whether a value is of a type of JSON Schema.
func isOf(t string, v any) bool {
	switch at := v.(type) {
	case map[string]any:
		return t == "object"
	case []any:
		return t == "array"
	case string:
		return t == "string"
	case bool:
		return t == "boolean"
	case json.Number:
		return t == "number" || t == "integer" && isWhole(at)
	}
	return false
}

func isWhole(n json.Number) bool {
	if _, err := n.Int64(); err == nil {
		return true
	}
	exact, ok := contract.Rat(n)
	return ok && exact.IsInt()
}

// kinds are the types that a schema names, also by its parts.
func (p *place) kinds() []string {
	out := p.types
	for _, part := range p.parts {
		out = append(slices.Clip(out), part.kinds()...)
	}
	for _, c := range p.choices {
		out = append(slices.Clip(out), c.place.kinds()...)
	}
	return out
}
