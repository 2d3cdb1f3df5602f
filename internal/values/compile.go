package values

import (
	"encoding/json"
	"math/big"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// compiler compiles each schema of a document once.
type compiler struct {
	is30  bool
	track bool
	done  map[string]*schema
}

// at compiles a schema with all that it reaches. What does not exist, such as
// the target of a broken reference, allows everything.
func (c *compiler) at(n spec.Node) *schema {
	id := n.File() + "#" + n.Pointer()
	if s, ok := c.done[id]; ok && n.Exists() {
		return s
	}
	s := &schema{node: n}
	if !n.Exists() {
		return s
	}
	c.done[id] = s
	if !n.IsMap() {
		s.never = n.Value() == false
		return s
	}
	if n.Get("$ref").Text() != "" {
		s.ref = c.at(n.Resolve())
		if c.is30 {
			return s // in 3.0 the siblings of $ref are ignored
		}
	}
	c.scalars(s, n)
	c.members(s, n)
	c.compositions(s, n)
	if !c.is30 {
		c.newer(s, n)
	}
	return s
}

func (c *compiler) scalars(s *schema, n spec.Node) {
	for _, name := range n.Get("type").Strings() {
		s.types |= kindOf(name)
	}
	s.nullable = c.is30 && n.Get("nullable").True()
	if e := n.Get("enum"); e.IsList() {
		s.hasEnum = true
		s.enum, _ = e.Value().([]any)
	}
	s.format = n.Get("format").Text()
	s.readOnly, s.writeOnly = n.Get("readOnly").True(), n.Get("writeOnly").True()
	s.minLength, s.maxLength = count(n.Get("minLength")), count(n.Get("maxLength"))
	s.minItems, s.maxItems = count(n.Get("minItems")), count(n.Get("maxItems"))
	s.minProperties, s.maxProperties = count(n.Get("minProperties")), count(n.Get("maxProperties"))
	s.unique = n.Get("uniqueItems").True()
	if text := n.Get("pattern").Text(); text != "" {
		s.pattern = newPattern(text)
	}
	c.bounds(s, n)
	for _, key := range []string{"example", "default"} {
		if e := n.Get(key); e.Exists() {
			s.examples = append(s.examples, e.Value())
		}
	}
	for _, e := range n.Get("examples").Items() {
		s.examples = append(s.examples, e.Value())
	}
}

// bounds reads the limits of numbers; an exclusive one is a boolean beside the
// limit in OpenAPI 3.0, and a number in 3.1.
func (c *compiler) bounds(s *schema, n spec.Node) {
	s.minimum, s.maximum = rational(n.Get("minimum")), rational(n.Get("maximum"))
	s.above, s.below = rational(n.Get("exclusiveMinimum")), rational(n.Get("exclusiveMaximum"))
	if n.Get("exclusiveMinimum").True() {
		s.minimum, s.above = nil, s.minimum
	}
	if n.Get("exclusiveMaximum").True() {
		s.maximum, s.below = nil, s.maximum
	}
	if m := rational(n.Get("multipleOf")); m != nil && m.Sign() > 0 {
		s.multipleOf = m
	}
}

func (c *compiler) members(s *schema, n spec.Node) {
	s.required = n.Get("required").Strings()
	s.properties = c.table(n.Get("properties"))
	s.index = map[string]*schema{}
	for _, p := range s.properties {
		s.index[p.name] = p.schema
	}
	s.additional = c.sub(n, "additionalProperties")
	s.items = c.sub(n, "items")
}

func (c *compiler) compositions(s *schema, n spec.Node) {
	s.allOf, s.anyOf, s.oneOf = c.list(n.Get("allOf")), c.list(n.Get("anyOf")), c.list(n.Get("oneOf"))
	s.not = c.sub(n, "not")
	s.discriminator = c.discriminator(n)
}

// newer reads the keywords that OpenAPI 3.0 does not have.
func (c *compiler) newer(s *schema, n spec.Node) {
	if k := n.Get("const"); k.Exists() {
		c.constant(s, k.Value())
	}
	s.prefix = c.list(n.Get("prefixItems"))
	s.contains = c.sub(n, "contains")
	s.minContains, s.maxContains = count(n.Get("minContains")), count(n.Get("maxContains"))
	s.names = c.sub(n, "propertyNames")
	s.dependentSchemas = c.table(n.Get("dependentSchemas"))
	for name, list := range n.Get("dependentRequired").Pairs() {
		s.dependentRequired = append(s.dependentRequired, dependents{name, list.Strings()})
	}
	s.when, s.then, s.other = c.sub(n, "if"), c.sub(n, "then"), c.sub(n, "else")
	if s.when != nil {
		s.unless = &schema{not: s.when}
	}
	s.unevaluatedItems, s.unevaluatedProps = c.sub(n, "unevaluatedItems"), c.sub(n, "unevaluatedProperties")
	c.track = c.track || s.unevaluatedItems != nil || s.unevaluatedProps != nil
	for text, sub := range n.Get("patternProperties").Pairs() {
		s.patternProperties = append(s.patternProperties, patternProperty{newPattern(text), c.at(sub)})
	}
}

// constant makes const an enum of one; beside an enum only what both have is
// right.
func (c *compiler) constant(s *schema, v any) {
	if s.hasEnum && !among(s.enum, v) {
		s.enum = nil
	} else {
		s.enum = []any{v}
	}
	s.hasEnum, s.constant = true, true
}

func (c *compiler) sub(n spec.Node, key string) *schema {
	if k := n.Get(key); k.Exists() {
		return c.at(k)
	}
	return nil
}

func (c *compiler) list(n spec.Node) []*schema {
	var out []*schema
	for _, item := range n.Items() {
		out = append(out, c.at(item))
	}
	return out
}

func (c *compiler) table(n spec.Node) []property {
	var out []property
	for name, sub := range n.Pairs() {
		out = append(out, property{name, c.at(sub)})
	}
	return out
}

func (c *compiler) discriminator(n spec.Node) *discriminator {
	name := n.Get("discriminator", "propertyName").Text()
	branches := n.Get("oneOf")
	if branches.Len() == 0 {
		branches = n.Get("anyOf")
	}
	if name == "" || branches.Len() == 0 {
		return nil
	}
	d := &discriminator{property: name, complete: true}
	var refs []string
	for _, b := range branches.Items() {
		ref := b.Get("$ref").Text()
		refs = append(refs, ref)
		d.complete = d.complete && ref != ""
		d.tags = append(d.tags, nil)
	}
	d.readMapping(n.Get("discriminator", "mapping"), refs)
	for i, ref := range refs {
		if ref != "" {
			d.tags[i] = append(d.tags[i], spec.Unescape(ref[strings.LastIndexByte(ref, '/')+1:]))
		}
	}
	return d
}

func (d *discriminator) readMapping(mapping spec.Node, refs []string) {
	for tag, to := range mapping.Pairs() {
		found := false
		for i, ref := range refs {
			if ref != "" && (ref == to.Text() || ref == "#/components/schemas/"+to.Text()) {
				d.tags[i] = append(d.tags[i], tag)
				found = true
				break
			}
		}
		d.complete = d.complete && found
	}
}

// count reads a keyword that counts something, nil where there is none.
func count(n spec.Node) *int {
	r := rational(n)
	if r == nil || !r.IsInt() || r.Sign() < 0 {
		return nil
	}
	i := 1 << 30
	if r.Num().IsInt64() {
		i = int(min(r.Num().Int64(), 1<<30))
	}
	return &i
}

func rational(n spec.Node) *big.Rat {
	if !n.Exists() {
		return nil
	}
	number, ok := n.Value().(json.Number)
	if !ok {
		return nil
	}
	r, ok := contract.Rat(number)
	if !ok {
		return nil
	}
	return r
}

func among(list []any, v any) bool {
	for _, item := range list {
		if contract.Equal(item, v) {
			return true
		}
	}
	return false
}
