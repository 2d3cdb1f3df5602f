package coverage

import (
	"slices"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// place is a schema with the items that a value there can meet.
type place struct {
	name string
	// n is how many values were there, and objects how many of them were objects.
	n, objects int
	types      []string
	nullable   bool
	// allowed are the values of an enum or const.
	allowed  []any
	required []string
	// closed tells that no further members are allowed.
	closed bool

	values []valued
	// null and set are met by null and by anything else, full by an array with
	// something in it.
	null, set, full *item
	bounds          []bound
	// keywords are met by a value that breaks them.
	keywords map[string]*item

	members map[string]*member
	rest    *member // further members
	elem    *place
	parts   []*place
	choices []choice
	tag     string // the property by which a choice is told
}

// valued is an item that is met by one value.
type valued struct {
	value any
	item  *item
}

// member is a property.
type member struct {
	item *item
	// absent is met by a request without it.
	absent *item
	place  *place
}

// choice is one alternative of a oneOf or anyOf.
type choice struct {
	item  *item
	place *place
	// tags are the values of the discriminator that name it.
	tags []any
}

// compiler makes places of schemas.
type compiler struct {
	all items
	// made are the places of schemas in bodies, by side and place in the document.
	made map[string]*place
	// names are the names of referenced schemas, and whose they are.
	names map[string]string
}

// side is the direction of the values of a schema.
type side struct {
	reply bool
	// inline gives referenced schemas no name of their own: those of a parameter
	// are counted for each parameter.
	inline bool
}

// maxDepth bounds inline schemas, which may be recursive and branch.
const maxDepth = 4

// schema is the place of a schema that stands under a name.
func (c *compiler) schema(n spec.Node, name string, s side, depth int) *place {
	target := n.Resolve()
	if !target.IsMap() || s.inline && depth > maxDepth {
		return &place{name: name}
	}
	if s.inline {
		p := &place{name: name}
		c.fill(p, target, s, depth)
		return p
	}
	id := target.File() + "#" + target.Pointer()
	if s.reply {
		id = "reply " + id
	}
	if p := c.made[id]; p != nil {
		return p
	}
	if n.Get("$ref").Exists() {
		name = c.named(target, name)
	}
	p := &place{name: name}
	c.made[id] = p
	c.fill(p, target, s, depth)
	return p
}

// fill reads the schema.
func (c *compiler) fill(p *place, n spec.Node, s side, depth int) {
	for _, t := range n.Get("type").Strings() {
		if t == "null" {
			p.nullable = true
		} else {
			p.types = append(p.types, t)
		}
	}
	p.nullable = p.nullable || n.Get("nullable").True()
	p.required = n.Get("required").Strings()
	p.closed = isFalse(n.Get("additionalProperties"))
	c.listed(p, n, s)
	c.asked(p, n, s)
	c.inside(p, n, s, depth)
	c.chosen(p, n, s, depth)
}

func isFalse(n spec.Node) bool { return !n.IsMap() && n.Text() == "false" }

// listed are the values that a schema lists: of an enum, or of a boolean.
func (c *compiler) listed(p *place, n spec.Node, s side) {
	criterion := ParameterValues
	if s.reply {
		criterion = ResponseValues
	}
	if one := n.Get("const"); one.Exists() {
		p.allowed = []any{one.Value()}
	}
	for _, value := range n.Get("enum").Items() {
		p.allowed = append(p.allowed, value.Value())
	}
	listed := p.allowed
	if len(listed) == 0 && slices.Equal(p.types, []string{"boolean"}) {
		listed = []any{true, false}
	}
	for _, value := range listed {
		if value == nil && s.reply {
			continue // counted below
		}
		it := c.all.among(criterion, p.name+" = "+contract.Show(value), p.chances(s), "values")
		p.values = append(p.values, valued{value, it})
	}
	if !s.reply {
		return
	}
	if p.nullable || slices.Contains(p.allowed, nil) {
		p.null = c.all.among(criterion, p.name+" null", &p.n, "values")
		p.set = c.all.among(criterion, p.name+" not null", &p.n, "values")
	}
	if slices.Contains(p.types, "array") {
		p.full = c.all.among(criterion, p.name+" not empty", &p.n, "values")
	}
}

// chances counts the values of replies; what a request has is a matter of the
// cases.
func (p *place) chances(s side) *int {
	if s.reply {
		return &p.n
	}
	return nil
}
