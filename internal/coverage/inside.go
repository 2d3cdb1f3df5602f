package coverage

import (
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-contract/conformance/internal/spec"
)

// inside are the members and items of a schema.
func (c *compiler) inside(p *place, n spec.Node, s side, depth int) {
	for name, schema := range n.Get("properties").Pairs() {
		if p.members == nil {
			p.members = map[string]*member{}
		}
		p.members[name] = c.member(p, name, schema, s, depth)
	}
	if rest := n.Get("additionalProperties"); rest.IsMap() && rest.Len() > 0 {
		p.rest = &member{place: c.schema(rest, p.name+"/*", s, depth+1)}
		if s.reply {
			p.rest.item = c.all.among(ResponseProperties, p.name+"/*", &p.objects, "objects")
		}
	}
	if elem := n.Get("items"); elem.IsMap() {
		p.elem = c.schema(elem, p.name+"/*", s, depth+1)
	}
	for i, part := range n.Get("allOf").Items() {
		name := p.name
		if part.Get("oneOf").Exists() || part.Get("anyOf").Exists() {
			name += " allOf " + strconv.Itoa(i)
		}
		p.parts = append(p.parts, c.schema(part, name, s, depth+1))
	}
}

// member is one property. One that only the other side has is no item.
func (c *compiler) member(p *place, name string, schema spec.Node, s side, depth int) *member {
	full := p.name + "/" + spec.Escape(name)
	other := "readOnly"
	if s.reply {
		other = "writeOnly"
	}
	if schema.Get(other).True() || schema.Resolve().Get(other).True() {
		return &member{place: &place{name: full}}
	}
	m := &member{place: c.schema(schema, full, s, depth+1)}
	if s.reply {
		m.item = c.all.among(ResponseProperties, full, &p.objects, "objects")
		return m
	}
	m.item = c.all.add(Parameters, full)
	if slices.Contains(p.required, name) {
		m.absent = c.all.add(Keywords, full+" required")
	}
	return m
}

// chosen are the alternatives of a schema.
func (c *compiler) chosen(p *place, n spec.Node, s side, depth int) {
	criterion := Keywords
	if s.reply {
		criterion = ResponseValues
	}
	d := n.Get("discriminator")
	p.tag = d.Get("propertyName").Text()
	for _, keyword := range []string{"oneOf", "anyOf"} {
		for i, schema := range n.Get(keyword).Items() {
			if slices.Equal(schema.Resolve().Get("type").Strings(), []string{"null"}) {
				p.nullable = true
				continue
			}
			name := p.name + " " + keyword + " " + strconv.Itoa(i)
			one := choice{place: c.schema(schema, name, s, depth+1), tags: tags(d, schema)}
			if ref := schema.Get("$ref").Text(); ref != "" {
				name += " (" + last(ref) + ")"
			}
			one.item = c.all.among(criterion, name, p.chances(s), "values")
			p.choices = append(p.choices, one)
		}
	}
}

// tags are the values of a discriminator that name an alternative: its own name,
// and what the mapping says (OpenAPI 3.0.3, Discriminator Object).
func tags(discriminator, schema spec.Node) []any {
	ref := schema.Get("$ref").Text()
	if ref == "" || discriminator.Get("propertyName").Text() == "" {
		return nil
	}
	var out []any
	for value, to := range discriminator.Get("mapping").Pairs() {
		if to.Text() == ref || to.Text() == last(ref) {
			out = append(out, value)
		}
	}
	if out == nil {
		out = append(out, last(ref))
	}
	return out
}

// last is the last token of a reference.
func last(ref string) string {
	return spec.Unescape(ref[strings.LastIndex(ref, "/")+1:])
}

// named is the name of a schema that is referred to: that of the component, with
// its file where another component has the name, and else the place where it
// was met.
func (c *compiler) named(target spec.Node, name string) string {
	at := target.Pointer()
	id := target.File() + "#" + at
	if !strings.HasPrefix(at, "/components/") && !strings.HasPrefix(at, "/$defs/") && !strings.HasPrefix(at, "/definitions/") {
		return name
	}
	plain := last(at)
	if owner, taken := c.names[plain]; taken && owner != id {
		return id
	}
	c.names[plain] = id
	return plain
}

// asked are the items that only requests can meet: both sides of bounds, and
// keywords that are broken.
func (c *compiler) asked(p *place, n spec.Node, s side) {
	if s.reply {
		return
	}
	c.bounds(p, n)
	p.keywords = map[string]*item{}
	for keyword, value := range n.Pairs() {
		switch {
		case !slices.Contains(breakable(), keyword), keyword == "additionalProperties" && !isFalse(value):
		case keyword == "type" && s.inline && !slices.ContainsFunc(p.types, plainType): // any text is a string, and a list of one
		default:
			p.keywords[keyword] = c.all.add(Keywords, p.name+" "+keyword)
		}
	}
}

// plainType tells whether not every text is of a type.
func plainType(t string) bool { return t == "boolean" || t == "integer" || t == "number" }

// breakable are the keywords that a request can break, apart from bounds and
// required, which have items of their own.
func breakable() []string {
	return []string{
		"type", "enum", "const", "pattern", "format", "multipleOf", "uniqueItems", "additionalProperties", "unevaluatedProperties",
		"propertyNames", "dependentRequired", "dependentSchemas", "oneOf", "anyOf", "not", "contains",
	}
}
