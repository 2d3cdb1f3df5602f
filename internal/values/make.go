package values

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// extent is how much of what is optional a value has.
type extent int

const (
	minimal extent = iota
	maximal
)

// deepest is where optional members and items are left out, so that recursion
// ends; a schema that requires itself has no value.
const (
	deepest  = 4
	hopeless = 12
)

type generator struct{ o Options }

// make makes a right value of a schema.
func (g generator) make(node spec.Node, e extent, depth int) (any, bool) {
	return g.of(look(node), e, depth, nil)
}

// of makes a right value of a view. The siblings are the members beside it.
func (g generator) of(v view, e extent, depth int, siblings map[string]any) (any, bool) {
	if depth > hopeless {
		return nil, false
	}
	if depth > deepest {
		e = minimal
	}
	for _, n := range v.nodes {
		if !n.IsMap() && n.Exists() { // a boolean schema
			return "any", n.True()
		}
	}
	if c := v.get("const"); c.Exists() {
		return c.Value(), true
	}
	if known := g.known(v, siblings); len(known) > 0 {
		return known[0], true
	}
	if enum := v.get("enum"); enum.Len() > 0 {
		for _, item := range enum.Items() {
			if item.Value() != nil || enum.Len() == 1 {
				return item.Value(), true
			}
		}
	}
	if example, ok := scalarExample(v); ok {
		return example, true
	}
	for _, c := range v.choices() {
		return g.choose(v, c, e, depth)
	}
	return g.typed(v, e, depth)
}

// scalarExample is the documented example or default of a scalar.
func scalarExample(v view) (any, bool) {
	for _, key := range []string{"example", "default"} {
		n := v.get(key)
		if n.Exists() && !n.IsMap() && !n.IsList() && n.Value() != nil {
			return n.Value(), true
		}
	}
	for _, n := range v.get("examples").Items() {
		if !n.IsMap() && !n.IsList() && n.Value() != nil {
			return n.Value(), true
		}
	}
	return nil, false
}

func (g generator) known(v view, siblings map[string]any) []any {
	if g.o.Known == nil {
		return nil
	}
	for _, n := range v.nodes {
		if list := g.o.Known(n, siblings); len(list) > 0 {
			return list
		}
	}
	return nil
}

// choose makes a value of the first branch that has one.
func (g generator) choose(v view, c choice, e extent, depth int) (any, bool) {
	for i, branch := range c.list.Items() {
		if value, ok := g.branch(v, c, i, branch, e, depth); ok {
			return value, true
		}
	}
	return nil, false
}

// branch makes a value of one branch of a choice.
func (g generator) branch(v view, c choice, i int, branch spec.Node, e extent, depth int) (any, bool) {
	outer := v.without(c)
	value, ok := g.of(outer.with(branch), e, depth+1, nil)
	if object, isObject := value.(map[string]any); ok && isObject && c.discriminator.Exists() {
		name := c.discriminator.Get("propertyName").Text()
		if tag := discriminatorValue(c, branch); tag != "" && name != "" && !constant(outer.with(branch), name) {
			object[name] = tag
		}
	}
	return value, ok
}

// constant tells whether a member can have listed values only.
func constant(v view, name string) bool {
	for _, p := range v.properties(true) {
		if p.name == name {
			one := look(p.node)
			return one.get("const").Exists() || one.get("enum").Exists()
		}
	}
	return false
}

// without is the view whose choice c has been made.
func (v view) without(c choice) view {
	out := view{}
	for _, n := range v.nodes {
		if n.Get(c.keyword).Pointer() == c.list.Pointer() && n.Get(c.keyword).File() == c.list.File() {
			n = n.Without(c.keyword)
		}
		out.nodes = append(out.nodes, n)
	}
	return out
}

// discriminatorValue is the value that names a branch: that of the mapping, or
// the schema's name (OpenAPI 3.0.3, Discriminator Object).
func discriminatorValue(c choice, branch spec.Node) string {
	ref := branch.Get("$ref").Text()
	for value, to := range c.discriminator.Get("mapping").Pairs() {
		if to.Text() == ref || ref == "#/components/schemas/"+to.Text() {
			return value
		}
	}
	if i := strings.LastIndexByte(ref, '/'); i >= 0 {
		return ref[i+1:]
	}
	return ""
}

// typed makes a value of the first type that is not null.
func (g generator) typed(v view, e extent, depth int) (any, bool) {
	types := v.types()
	for _, t := range types {
		switch t {
		case "object":
			return g.object(v, e, depth)
		case "array":
			return g.array(v, e, depth)
		case "string":
			return text(v)
		case "integer", "number":
			return number(v, t == "integer")
		case "boolean":
			return true, true
		}
	}
	if len(types) > 0 {
		return nil, true // null alone
	}
	return "any", true
}

func (g generator) object(v view, e extent, depth int) (any, bool) {
	out := map[string]any{}
	properties := v.properties(g.o.Response)
	required := map[string]bool{}
	for _, name := range v.required() {
		required[name] = true
	}
	for pass := range 2 { // what is required first: others may depend on it
		for _, p := range properties {
			if required[p.name] != (pass == 0) || pass == 1 && (e == minimal || depth > deepest) {
				continue
			}
			value, ok := g.of(look(p.node), e, depth+1, out)
			if !ok && pass == 0 {
				return nil, false
			}
			if ok {
				out[p.name] = value
			}
		}
	}
	g.undeclared(v, out, required)
	g.dependent(v, properties, out, depth)
	g.enough(v, properties, out, depth)
	return out, true
}

// undeclared fills required members that have no schema of their own.
func (g generator) undeclared(v view, out map[string]any, required map[string]bool) {
	for name := range required {
		if _, has := out[name]; has || declared(v, name) {
			continue
		}
		value, ok := g.make(v.get("additionalProperties"), minimal, deepest)
		if !ok || !v.get("additionalProperties").IsMap() {
			value = "any"
		}
		out[name] = value
	}
}

func declared(v view, name string) bool {
	for _, n := range v.nodes {
		if n.Get("properties", name).Exists() {
			return true
		}
	}
	return false
}

// dependent adds the members that others require.
func (g generator) dependent(v view, properties []property, out map[string]any, depth int) {
	for name, list := range v.get("dependentRequired").Pairs() {
		if _, has := out[name]; !has {
			continue
		}
		for _, needed := range list.Strings() {
			g.put(properties, out, needed, depth)
		}
	}
}

func (g generator) put(properties []property, out map[string]any, name string, depth int) bool {
	if _, has := out[name]; has {
		return false
	}
	for _, p := range properties {
		if p.name == name {
			if value, ok := g.of(look(p.node), minimal, depth+1, out); ok {
				out[name] = value
				return true
			}
		}
	}
	return false
}

// enough adds members until minProperties is reached.
func (g generator) enough(v view, properties []property, out map[string]any, depth int) {
	least, ok := count(v.get("minProperties"))
	if !ok {
		return
	}
	for _, p := range properties {
		if len(out) >= least {
			return
		}
		g.put(properties, out, p.name, depth)
	}
	for i := 0; len(out) < least && i < 100; i++ {
		name := "x" + strconv.Itoa(i)
		for pattern := range v.get("patternProperties").Pairs() {
			if s, ok := matching(pattern, 0, -1, i); ok {
				name = s
			}
		}
		value := any("any")
		if extra := v.get("additionalProperties"); extra.IsMap() {
			value, _ = g.make(extra, minimal, depth+1)
		}
		for _, schema := range v.get("patternProperties").Pairs() {
			value, _ = g.make(schema, minimal, depth+1)
		}
		out[name] = value
	}
}

// array makes an array with as many items as it must have, or a few.
func (g generator) array(v view, e extent, depth int) (any, bool) {
	least, _ := count(v.get("minItems"))
	most, bounded := count(v.get("maxItems"))
	n := least
	if e == maximal && n == 0 && depth <= deepest {
		n = 1
	}
	if contains := v.get("contains"); contains.Exists() && n == 0 {
		n = 1
	}
	prefix := v.get("prefixItems")
	if e == maximal || n > 0 {
		n = max(n, prefix.Len())
	}
	if bounded {
		n = min(n, most)
	}
	return g.items(v, n, depth)
}

// items makes an array of n items, which differ where they can.
func (g generator) items(v view, n, depth int) (any, bool) {
	out := []any{}
	for i := range n {
		node := g.item(v, i)
		value, ok := g.make(node, minimal, depth+1)
		if !ok {
			return nil, false
		}
		if i > 0 && v.get("uniqueItems").True() {
			value = g.other(node, out, value)
		}
		out = append(out, value)
	}
	return out, true
}

// item is the schema of the item at a position.
func (g generator) item(v view, i int) spec.Node {
	prefix := v.get("prefixItems")
	for at, node := range prefix.Items() {
		if at == i {
			return node
		}
	}
	if contains := v.get("contains"); contains.Exists() && i == prefix.Len() {
		return contains
	}
	return v.get("items")
}

// other is a value of the schema that is not among those given.
func (g generator) other(node spec.Node, given []any, value any) any {
	among := func(x any) bool {
		for _, y := range given {
			if contract.Equal(x, y) {
				return true
			}
		}
		return false
	}
	if !among(value) {
		return value
	}
	v := look(node)
	for _, l := range g.variants(place{view: v, value0: value}) {
		if !among(l.value) {
			return l.value
		}
	}
	for i := range 200 {
		var candidate any
		switch x := value.(type) {
		case string:
			candidate = x + strconv.Itoa(i)
		case json.Number:
			f, _ := x.Float64()
			candidate = json.Number(strconv.FormatFloat(f+float64(i+1), 'f', -1, 64))
		default:
			return value
		}
		if !among(candidate) {
			return candidate
		}
	}
	return value
}

// count reads a keyword that counts something.
func count(n spec.Node) (int, bool) {
	if !n.Exists() {
		return 0, false
	}
	f, err := strconv.ParseFloat(n.Text(), 64)
	if err != nil || f < 0 || f > 1e6 {
		return 0, false
	}
	return int(f), true
}
