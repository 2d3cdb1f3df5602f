package values

import (
	"maps"
	"slices"
	"strconv"

	"github.com/atlas-contract/conformance/internal/spec"
)

// place is a schema with a right value of it, somewhere within a right value
// of the whole.
type place struct {
	view     view
	pointer  string
	value0   any // the value that is there
	siblings map[string]any
	required bool
	whole    any
	absent   bool // the base has nothing there: value0 is made up
}

// leaf is another value for a place.
type leaf struct {
	value   any
	detail  string
	keyword string
	free    bool
}

// value puts a leaf into its place.
func (p place) value(l leaf) Value {
	return Value{JSON: set(p.whole, tokens(p.pointer), l.value), Detail: l.detail, Pointer: p.pointer, Keyword: l.keyword, Free: l.free}
}

// set is a copy of a value with another one at a place.
func set(whole any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	switch at := whole.(type) {
	case map[string]any:
		out := maps.Clone(at)
		out[path[0]] = set(at[path[0]], path[1:], value)
		return out
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil || i < 0 || i >= len(at) {
			return whole
		}
		out := slices.Clone(at)
		out[i] = set(at[i], path[1:], value)
		return out
	}
	return map[string]any{path[0]: set(nil, path[1:], value)}
}

// maxPlaces bounds how many places of a schema are varied.
const maxPlaces = 120

// places visits the places of a schema, breadth first so that all parts get
// their share: those of the base, of members that it does not have, and of
// every branch of a choice.
func (s *Schema) places(base any, visit func(place) bool) {
	queue := []place{{view: look(s.node), value0: base, whole: base, required: true}}
	for n := 0; len(queue) > 0 && n < maxPlaces; n++ {
		p := queue[0]
		queue = queue[1:]
		if !visit(p) {
			return
		}
		queue = append(queue, s.gen.below(p)...)
	}
}

// below are the places directly within a place.
func (g generator) below(p place) []place {
	var out []place
	for _, c := range p.view.choices() {
		out = append(out, g.branches(p, c)...)
	}
	depth := len(tokens(p.pointer))
	if depth > deepest {
		return out
	}
	switch at := p.value0.(type) {
	case map[string]any:
		out = append(out, g.membersOf(p, at, depth)...)
	case []any:
		out = append(out, g.itemsOf(p, at)...)
	}
	return out
}

func (g generator) membersOf(p place, at map[string]any, depth int) []place {
	var out []place
	required := p.view.required()
	properties := p.view.properties(g.o.Response)
	for _, property := range properties {
		value, has := at[property.name]
		inner := place{
			view: look(property.node), pointer: p.pointer + "/" + spec.Escape(property.name), value0: value,
			siblings: at, required: slices.Contains(required, property.name), whole: p.whole,
		}
		if !has {
			made, ok := g.of(inner.view, minimal, depth+1, at)
			if !ok {
				continue
			}
			parent := maps.Clone(at)
			parent[property.name] = made
			g.dependent(p.view, properties, parent, depth)
			inner.value0, inner.absent = made, true
			inner.whole = set(p.whole, tokens(p.pointer), parent)
		}
		out = append(out, inner)
	}
	return out
}

func (g generator) itemsOf(p place, at []any) []place {
	if len(at) == 0 {
		made, ok := g.items(p.view, 1, len(tokens(p.pointer)))
		list, _ := made.([]any)
		if !ok || len(list) == 0 {
			return nil
		}
		p.whole = set(p.whole, tokens(p.pointer), list)
		at = list
	}
	var out []place
	for i := range min(len(at), 1+p.view.get("prefixItems").Len()) {
		node := g.item(p.view, i)
		if node.IsMap() {
			out = append(out, place{
				view: look(node), pointer: p.pointer + "/" + strconv.Itoa(i), value0: at[i], required: true, whole: p.whole,
			})
		}
	}
	return out
}

// branches are the place once more for each branch of a choice, narrowed to it.
func (g generator) branches(p place, c choice) []place {
	var out []place
	for i, branch := range c.list.Items() {
		value, ok := g.branch(p.view, c, i, branch, maximal, len(tokens(p.pointer)))
		if !ok || i > 20 {
			continue
		}
		out = append(out, place{
			view: p.view.without(c).with(branch), pointer: p.pointer, value0: value, siblings: p.siblings,
			required: p.required, whole: set(p.whole, tokens(p.pointer), value),
		})
	}
	return out
}

func tokens(pointer string) []string {
	var out []string
	start := 1
	for i := 1; i <= len(pointer); i++ {
		if i == len(pointer) || pointer[i] == '/' {
			out = append(out, spec.Unescape(pointer[start:i]))
			start = i + 1
		}
	}
	return out
}
