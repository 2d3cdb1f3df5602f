package validate

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// compiler turns the schemas of one document into [schema] values, each once,
// so that a recursive document becomes a graph with cycles.
type compiler struct {
	doc      map[string]any
	is30     bool
	patterns *patterns
	done     map[string]*schema
	// unevaluated tells that some schema needs to know which members its
	// neighbours have looked at.
	unevaluated bool
}

// at compiles the schema at a JSON pointer of the document, with all that it
// reaches. base is the pointer of the schema resource that it belongs to.
func (c *compiler) at(pointer, base string) *schema {
	if s, ok := c.done[pointer]; ok {
		return s
	}
	s := &schema{pointer: pointer}
	c.done[pointer] = s
	raw, ok := at(c.doc, pointer)
	if !ok {
		s.broken = fmt.Sprintf("find schema %s: the document has none", quote(pointer))
		return s
	}
	switch raw := raw.(type) {
	case bool:
		s.never = !raw
	case map[string]any:
		if _, own := raw["$id"].(string); own {
			base = pointer
		}
		b := builder{c: c, s: s, raw: raw, base: base}
		b.build()
	default:
		s.broken = fmt.Sprintf("compile schema %s: it is neither an object nor a boolean", quote(pointer))
	}
	return s
}

// builder fills one schema from its keywords.
type builder struct {
	c    *compiler
	s    *schema
	raw  map[string]any
	base string
}

func (b *builder) build() {
	if ref, ok := b.raw["$ref"].(string); ok {
		b.s.ref = b.reference(ref)
		if b.c.is30 {
			return // in 3.0 the siblings of $ref are ignored
		}
	}
	b.scalars()
	b.objects()
	b.compositions()
	if !b.c.is30 {
		b.only31()
	}
}

// reference resolves a $ref; one that leads nowhere becomes a broken schema.
func (b *builder) reference(ref string) *schema {
	pointer, base, err := b.c.locate(ref, b.base, b.s.pointer)
	if err != nil {
		return &schema{pointer: b.s.pointer, broken: err.Error()}
	}
	return b.c.at(pointer, base)
}

func (b *builder) sub(keyword string) *schema {
	if _, ok := b.raw[keyword]; !ok {
		return nil
	}
	return b.c.at(joinPointer(b.s.pointer, keyword), b.base)
}

func (b *builder) list(keyword string) []*schema {
	raw, _ := b.raw[keyword].([]any)
	var subs []*schema
	for i := range raw {
		subs = append(subs, b.c.at(b.s.pointer+"/"+keyword+"/"+strconv.Itoa(i), b.base))
	}
	return subs
}

func (b *builder) table(keyword string) map[string]*schema {
	raw, _ := b.raw[keyword].(map[string]any)
	if len(raw) == 0 {
		return nil
	}
	subs := make(map[string]*schema, len(raw))
	for name := range raw {
		subs[name] = b.c.at(joinPointer(joinPointer(b.s.pointer, keyword), name), b.base)
	}
	return subs
}

func (b *builder) text(keyword string) string {
	s, _ := b.raw[keyword].(string)
	return s
}

func (b *builder) flag(keyword string) bool {
	v, _ := b.raw[keyword].(bool)
	return v
}

func texts(v any) []string {
	raw, _ := v.([]any)
	var list []string
	for _, item := range raw {
		if s, ok := item.(string); ok {
			list = append(list, s)
		}
	}
	return list
}

func (b *builder) count(keyword string) *int {
	n, ok := b.raw[keyword].(json.Number)
	if !ok {
		return nil
	}
	r := rational(n)
	if r == nil || !r.IsInt() || !r.Num().IsInt64() {
		return nil
	}
	i := int(min(r.Num().Int64(), 1<<31))
	return &i
}

func (b *builder) number(keyword string) *bound {
	n, ok := b.raw[keyword].(json.Number)
	if !ok {
		return nil
	}
	r := rational(n)
	if r == nil {
		return nil
	}
	return &bound{value: r, text: n}
}

func (b *builder) scalars() {
	s := b.s
	b.types()
	b.bounds()
	s.format = b.text("format")
	s.nullable = b.c.is30 && b.flag("nullable")
	s.readOnly, s.writeOnly = b.flag("readOnly"), b.flag("writeOnly")
	if list, ok := b.raw["enum"].([]any); ok {
		b.values(list)
	}
	s.minLength, s.maxLength = b.count("minLength"), b.count("maxLength")
	s.minItems, s.maxItems = b.count("minItems"), b.count("maxItems")
	s.minProperties, s.maxProperties = b.count("minProperties"), b.count("maxProperties")
	s.uniqueItems = b.flag("uniqueItems")
	if text := b.text("pattern"); text != "" {
		s.pattern = b.pattern(text)
	}
}

func (b *builder) pattern(text string) *pattern {
	p, err := b.c.patterns.get(text)
	if err != nil {
		b.s.broken = err.Error()
		return nil
	}
	return p
}

func (b *builder) types() {
	var names []string
	switch t := b.raw["type"].(type) {
	case string:
		names = []string{t}
	case []any:
		names = texts(t)
	}
	for _, name := range names {
		b.s.types |= kindOf(name)
	}
	b.s.typeName = strings.Join(names, " or ")
}

// bounds reads the limits of numbers. In 3.0 an exclusive limit is a boolean
// beside the limit, later a number of its own.
func (b *builder) bounds() {
	s := b.s
	s.multipleOf = b.number("multipleOf")
	if s.multipleOf != nil && s.multipleOf.value.Sign() <= 0 {
		s.multipleOf = nil
	}
	s.maximum, s.exclusiveMaximum = b.number("maximum"), b.number("exclusiveMaximum")
	if b.flag("exclusiveMaximum") {
		s.maximum, s.exclusiveMaximum = nil, s.maximum
	}
	s.minimum, s.exclusiveMinimum = b.number("minimum"), b.number("exclusiveMinimum")
	if b.flag("exclusiveMinimum") {
		s.minimum, s.exclusiveMinimum = nil, s.minimum
	}
}

func (b *builder) values(list []any) {
	b.s.enum = make(map[string]bool, len(list))
	var shown []string
	for _, v := range list {
		b.s.enum[canonical(v)] = true
		shown = append(shown, show(v))
	}
	b.s.enumText = strings.Join(shown, ", ")
}

func (b *builder) objects() {
	s := b.s
	s.required = texts(b.raw["required"])
	s.properties = b.table("properties")
	s.additional = b.sub("additionalProperties")
	s.items = b.sub("items")
}

func (b *builder) compositions() {
	s := b.s
	s.allOf, s.anyOf, s.oneOf = b.list("allOf"), b.list("anyOf"), b.list("oneOf")
	s.not = b.sub("not")
	if b.c.is30 {
		s.discriminator = b.discriminator()
	}
}

// only31 reads the keywords that JSON Schema 2020-12 has beyond OpenAPI 3.0.
func (b *builder) only31() {
	s := b.s
	if v, ok := b.raw["const"]; ok {
		b.constant(v)
	}
	if ref := b.text("$dynamicRef"); ref != "" && s.ref == nil {
		s.ref = b.reference(ref)
	}
	s.prefixItems = b.list("prefixItems")
	s.contains = b.sub("contains")
	s.minContains, s.maxContains = b.count("minContains"), b.count("maxContains")
	s.propertyNames = b.sub("propertyNames")
	s.dependentSchemas = b.table("dependentSchemas")
	s.when, s.then, s.other = b.sub("if"), b.sub("then"), b.sub("else")
	s.unevaluatedItems = b.sub("unevaluatedItems")
	s.unevaluatedProps = b.sub("unevaluatedProperties")
	if s.unevaluatedItems != nil || s.unevaluatedProps != nil {
		b.c.unevaluated = true
	}
	if raw, ok := b.raw["dependentRequired"].(map[string]any); ok {
		s.dependentRequired = make(map[string][]string, len(raw))
		for name, list := range raw {
			s.dependentRequired[name] = texts(list)
		}
	}
	subs := b.table("patternProperties")
	for _, text := range sortedKeys(subs) {
		if p := b.pattern(text); p != nil {
			s.patternProperties = append(s.patternProperties, patternProperty{p, subs[text]})
		}
	}
}

// constant makes const an enum of one; with an enum beside it, of what both
// have.
func (b *builder) constant(v any) {
	key := canonical(v)
	if b.s.enum != nil && !b.s.enum[key] {
		b.s.enum = map[string]bool{}
	} else {
		b.s.enum = map[string]bool{key: true}
	}
	b.s.isConst = true
	b.s.enumText = show(v)
}

// discriminator names the branches by the mapping and by the names of the
// components that they refer to.
func (b *builder) discriminator() *discriminator {
	raw, _ := b.raw["discriminator"].(map[string]any)
	property, _ := raw["propertyName"].(string)
	branches, _ := b.raw["oneOf"].([]any)
	if len(branches) == 0 {
		branches, _ = b.raw["anyOf"].([]any)
	}
	if property == "" || len(branches) == 0 {
		return nil
	}
	d := &discriminator{property: property, branches: map[string]int{}, complete: true}
	byRef := map[string]int{}
	for i, item := range branches {
		object, _ := item.(map[string]any)
		ref, ok := object["$ref"].(string)
		if !ok {
			d.complete = false // an inline schema has no name
			continue
		}
		byRef[ref] = i
		d.branches[componentName(ref)] = i
	}
	mapping, _ := raw["mapping"].(map[string]any)
	for value, target := range mapping {
		ref, _ := target.(string)
		i, ok := byRef[ref]
		if !ok {
			i, ok = byRef["#/components/schemas/"+ref]
		}
		if !ok {
			d.complete = false // it leads outside the branches
			continue
		}
		d.branches[value] = i
	}
	return d
}

func componentName(ref string) string { return unescapeToken(ref[strings.LastIndexByte(ref, '/')+1:]) }

// locate finds what a reference names, from a schema of a resource: the pointer
// of the other schema, and of the resource that that one belongs to.
func (c *compiler) locate(ref, base, from string) (pointer, newBase string, err error) {
	resource, fragment, _ := strings.Cut(ref, "#")
	if resource != "" {
		home, ok := c.find("", "$id", resource)
		if !ok {
			return "", "", fmt.Errorf("resolve $ref %s: only references within the document can be judged", quote(ref))
		}
		base = home
		if fragment == "" {
			return home, home, nil
		}
	}
	if plain, err := url.PathUnescape(fragment); err == nil {
		fragment = plain
	}
	if fragment != "" && fragment[0] != '/' {
		return c.anchor(ref, fragment, base)
	}
	for _, home := range []string{base, "", entry(from)} {
		if _, ok := at(c.doc, home+fragment); ok && (home != "" || strings.HasPrefix(fragment, "/")) {
			return home + fragment, home, nil
		}
	}
	return "", "", fmt.Errorf("resolve $ref %s: the document has nothing there", quote(ref))
}

// entry is the outermost schema around a pointer: some documents write
// references such as #/$defs/x relative to it.
func entry(pointer string) string {
	tokens := strings.Split(pointer, "/")
	if len(tokens) > 3 && tokens[1] == "components" {
		return strings.Join(tokens[:4], "/")
	}
	for i, t := range tokens {
		if t == "schema" {
			return strings.Join(tokens[:i+1], "/")
		}
	}
	return pointer
}

// anchor finds the schema that a plain name stands for.
func (c *compiler) anchor(ref, name, base string) (string, string, error) {
	for _, keyword := range []string{"$anchor", "$dynamicAnchor"} {
		for _, home := range []string{base, ""} {
			if pointer, ok := c.find(home, keyword, name); ok {
				return pointer, base, nil
			}
		}
	}
	return "", "", fmt.Errorf("resolve $ref %s: the document has no such anchor", quote(ref))
}

// find returns the pointer of the first object below root that has the keyword
// with the value.
func (c *compiler) find(root, keyword, value string) (string, bool) {
	node, ok := at(c.doc, root)
	if !ok {
		return "", false
	}
	return search(node, root, keyword, value)
}

func search(node any, pointer, keyword, value string) (string, bool) {
	switch node := node.(type) {
	case map[string]any:
		if node[keyword] == value {
			return pointer, true
		}
		for _, key := range sortedKeys(node) {
			if found, ok := search(node[key], joinPointer(pointer, key), keyword, value); ok {
				return found, true
			}
		}
	case []any:
		for i, item := range node {
			if found, ok := search(item, pointer+"/"+strconv.Itoa(i), keyword, value); ok {
				return found, true
			}
		}
	}
	return "", false
}
