package values

import (
	"maps"
	"slices"

	"github.com/atlas-contract/conformance/contract"
)

// leaf is another value for a place.
type leaf struct {
	value   any
	detail  string
	keyword string
}

// right sends the right values: whole ones first, then the base with one place
// varied at a time.
func (s *Schema) right(st *stream) {
	base, ok := s.Base()
	if !ok {
		return
	}
	r := &righter{s: s, st: st, g: s.generator()}
	r.vouch()
	if s.o.Example != nil && contract.Equal(base, s.o.Example) {
		r.send(place{whole: base}, leaf{base, "example", "example"})
	}
	if least, ok := r.g.whole(minimal); ok {
		r.send(place{}, leaf{least, "minimal", "required"})
		r.onlys(least)
	}
	if all, ok := r.g.whole(maximal); ok {
		r.send(place{}, leaf{all, "all-properties", "properties"})
	}
	r.turns(s.places(base))
}

// righter sends values that the evaluator agrees with.
type righter struct {
	s       *Schema
	st      *stream
	g       *generator
	example any
}

// send tells false when the stream has ended.
func (r *righter) send(p place, l leaf) bool {
	whole := p.put(l.value)
	if !r.g.fits([]*schema{r.s.root}, whole) {
		return true
	}
	v := Value{JSON: whole, Detail: p.detail(l.detail), Pointer: p.pointer(), Keyword: l.keyword}
	v.Free = r.free(whole)
	return r.st.emit(v, p.branch)
}

// onlys adds each optional member alone to the least value.
func (r *righter) onlys(least any) {
	object, ok := least.(map[string]any)
	if !ok {
		return
	}
	w := &walk{g: r.g, root: r.s.root}
	n := w.resolve(place{need: needOf(r.s.root), value: least, whole: least})
	for _, name := range n.declared(r.s.o.Response) {
		if _, has := object[name]; has {
			continue
		}
		r.g.fuel, r.g.size = fuelPerValue, 0
		clear(r.g.busy)
		more := maps.Clone(object)
		if r.g.putWith(n, more, name, minimal, 0) && !r.send(place{}, leaf{more, "only-" + plain(name), "properties"}) {
			return
		}
	}
}

// turns sends one variation of each place after the other, so that each place
// has its share.
func (r *righter) turns(places []place) {
	lists := make([][]leaf, len(places))
	for turn := 0; ; turn++ {
		more := false
		for i, p := range places {
			if turn == 0 {
				lists[i] = r.leaves(p)
			}
			if turn >= len(lists[i]) {
				continue
			}
			more = true
			if !r.send(p, lists[i][turn]) {
				return
			}
		}
		if !more {
			return
		}
	}
}

// leaves are the right values that a place may have.
func (r *righter) leaves(p place) []leaf {
	var out []leaf
	n := p.need
	if p.branch != "" {
		out = append(out, leaf{p.value, p.branch, r.choiceKeyword(n)})
	}
	if p.absent && len(p.path) > 1 {
		out = append(out, leaf{p.value, "present", "properties"})
	}
	if list, ok := n.listed(); ok {
		return append(out, listedLeaves(n, list)...)
	}
	for _, v := range head(r.g.known(n, p.siblings), 8) {
		out = append(out, leaf{v, "known." + plain(v), "known"})
	}
	for _, s := range n.parts {
		for _, v := range s.examples {
			out = append(out, leaf{v, "example." + short(v), "example"})
		}
	}
	if len(r.g.known(n, p.siblings)) > 0 {
		return out
	}
	types := n.types()
	if types&kindNull != 0 && n.typed() {
		out = append(out, leaf{nil, "null", "nullable"})
	}
	return append(out, r.byType(p, types)...)
}

// choiceKeyword is the keyword whose alternative the last root of a need is.
func (r *righter) choiceKeyword(n *need) string {
	if len(n.roots) == 0 {
		return "type"
	}
	last := n.roots[len(n.roots)-1]
	for _, s := range n.parts {
		switch {
		case slices.Contains(s.oneOf, last):
			return "oneOf"
		case slices.Contains(s.anyOf, last):
			return "anyOf"
		}
	}
	return "if"
}

func listedLeaves(n *need, list []any) []leaf {
	keyword := "enum"
	for _, s := range n.parts {
		if s.constant {
			keyword = "const"
		}
	}
	var out []leaf
	for _, v := range list {
		out = append(out, leaf{v, plain(v), keyword})
	}
	return out
}

// byType are the values of each type that may be there.
func (r *righter) byType(p place, types kinds) []leaf {
	n := p.need
	var out []leaf
	if single := types &^ kindNull; single&(single-1) != 0 && single != kindNumber {
		out = append(out, r.perType(n, types)...)
	}
	if types&kindBoolean != 0 && n.typed() {
		out = append(out, leaf{true, "true", "type"}, leaf{false, "false", "type"})
	}
	if n.typed() || n.implied()&kindString != 0 {
		if types&kindString != 0 {
			out = append(out, r.texts(n)...)
		}
	}
	if types&kindNumber != 0 && (n.typed() || n.implied()&kindNumber != 0) {
		out = append(out, r.numbers(n, types)...)
	}
	if types&kindArray != 0 && (n.typed() || n.implied()&kindArray != 0) {
		out = append(out, r.arrays(p)...)
	}
	if object, ok := p.value.(map[string]any); ok && types&kindObject != 0 {
		out = append(out, r.objects(p, object)...)
	}
	return out
}

func (r *righter) perType(n *need, types kinds) []leaf {
	var out []leaf
	for _, k := range []kinds{kindString, kindInteger, kindFraction, kindBoolean, kindObject, kindArray, kindNull} {
		if types&k == 0 {
			continue
		}
		if v, ok := r.g.fresh(n.narrow(k), minimal, nil); ok {
			out = append(out, leaf{v, "type-" + k.String(), "type"})
		}
	}
	return out
}

func (k kinds) String() string {
	switch k {
	case kindNull:
		return "null"
	case kindBoolean:
		return "boolean"
	case kindInteger:
		return "integer"
	case kindFraction:
		return "fraction"
	case kindNumber:
		return "number"
	case kindString:
		return "string"
	case kindArray:
		return "array"
	case kindObject:
		return "object"
	}
	return "several"
}

// short names a value: as itself where it is small, else by its type.
func short(v any) string {
	if typeOf(v)&(kindObject|kindArray) != 0 {
		return typeOf(v).String()
	}
	return plain(v)
}

func head[T any](list []T, n int) []T { return list[:min(len(list), n)] }
