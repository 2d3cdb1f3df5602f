package values

import (
	"maps"
	"slices"
	"strings"
)

// absences are an object without each of the members that it has to have.
func (w *wronger) absences(p place) []miss {
	v, ok := p.value.(map[string]any)
	if !ok {
		return nil
	}
	var out []miss
	names := w.g.required(p.need, nil)
	for _, name := range names {
		if _, has := v[name]; has {
			out = append(out, miss{"without-" + plain(name), "required", w.withoutOne(p, v, name)})
		}
	}
	for _, s := range p.need.parts {
		for _, d := range s.dependentRequired {
			for _, name := range d.needs {
				out = append(out, miss{"without-" + plain(name) + "-beside-" + plain(d.name), "dependentRequired", w.without(p, v, d.name, name)})
			}
		}
	}
	return out
}

// withoutOne is the object without a member, and, where that leaves too few,
// with another one.
func (w *wronger) withoutOne(p place, v map[string]any, name string) []any {
	out := []any{without(v, name)}
	for _, other := range w.g.newNames(p.need, v, 1) {
		more := without(v, name)
		if w.g.put(p.need, more, other, minimal, len(p.path)) {
			out = append(out, more)
		}
	}
	return out
}

// without is the object with one member, but without another that it wants
// beside it.
func (w *wronger) without(p place, v map[string]any, name, needed string) []any {
	w.fresh()
	object := maps.Clone(v)
	if !w.g.putWith(p.need, object, name, minimal, len(p.path)) {
		return nil
	}
	return []any{without(object, needed)}
}

func (w *wronger) fresh() {
	w.g.fuel, w.g.size = fuelPerValue, 0
	clear(w.g.busy)
}

// objects have too few members, too many, or some that may not be there.
func (w *wronger) objects(p place, v map[string]any) []miss {
	n := p.need
	var out []miss
	if least, ok := n.least(func(s *schema) *int { return s.minProperties }); ok && least > 0 {
		out = append(out, miss{"min-properties", "minProperties", w.fewer(n, v, least-1)})
	}
	if most, ok := n.most(func(s *schema) *int { return s.maxProperties }); ok && most < 500 {
		out = append(out, miss{"max-properties", "maxProperties", w.more(p, v, most+1)})
	}
	for _, s := range n.parts {
		if s.additional != nil && s.additional.never {
			out = append(out, miss{"extra", "additionalProperties", w.extra(n, v)},
				miss{"extra-null", "additionalProperties", w.extraNull(v)}, miss{"extra-case", "additionalProperties", w.extraCase(v)})
		}
		if s.unevaluatedProps != nil && s.unevaluatedProps.never {
			out = append(out, miss{"extra", "unevaluatedProperties", w.extra(n, v)},
				miss{"extra-null", "unevaluatedProperties", w.extraNull(v)})
		}
		if s.names != nil {
			out = append(out, w.names(p, v, s.names)...)
		}
	}
	out = append(out, w.forbidden(p, v)...)
	return append(out, w.tags(n, v)...)
}

func (w *wronger) fewer(n *need, v map[string]any, size int) []any {
	required := n.required(w.s.o.Response, v)
	out := maps.Clone(v)
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if len(out) > size && !slices.Contains(required, name) {
			delete(out, name)
		}
	}
	return []any{out}
}

func (w *wronger) more(p place, v map[string]any, size int) []any {
	w.fresh()
	out := maps.Clone(v)
	free := p.need.clone()
	for _, name := range w.g.optional(free) {
		if len(out) < size {
			w.g.putWith(free, out, name, minimal, len(p.path))
		}
	}
	if len(out) < size {
		for _, name := range w.g.newNames(free, out, size-len(out)) {
			w.g.put(free, out, name, minimal, len(p.path))
		}
	}
	return []any{out}
}

// extra are objects with a member that nobody knows.
func (w *wronger) extra(n *need, v map[string]any) []any {
	var out []any
	names := []string{"notDeclared", "notdeclared", "x", "X1", "0"}
	for _, s := range n.parts {
		if s.names != nil {
			for _, name := range w.g.several(needOf(s.names).narrow(kindString), 3) {
				names = append(names, name.(string))
			}
		}
	}
	for _, name := range names {
		if _, has := v[name]; !has {
			out = append(out, with(v, name, "text"))
		}
	}
	return out
}

// extraNull are objects with a member that nobody knows and that is null, and
// extraCase are those with a member that is known but for the case of its name.
func (w *wronger) extraNull(v map[string]any) []any { return []any{with(v, "notDeclared", nil)} }

func (w *wronger) extraCase(v map[string]any) []any {
	var out []any
	for _, name := range slices.Sorted(maps.Keys(v)) {
		for _, other := range []string{strings.ToUpper(name[:min(1, len(name))]) + name[min(1, len(name)):], strings.ToLower(name), strings.ToUpper(name)} {
			if _, has := v[other]; !has {
				out = append(out, with(v, other, v[name]))
			}
		}
	}
	return out
}

// names are objects with a member whose name is not allowed.
func (w *wronger) names(p place, v map[string]any, names *schema) []miss {
	var out []miss
	n := needOf(names)
	right, _ := w.g.fresh(n.narrow(kindString), minimal, nil)
	text, ok := right.(string)
	if !ok {
		text = "a"
	}
	for _, m := range append(w.texts(n, text), w.lists(n)...) {
		var values []any
		for _, x := range m.values {
			name, ok := x.(string)
			if !ok {
				continue
			}
			member, allowed := p.need.member(name)
			if _, has := v[name]; has || !allowed {
				continue
			}
			if value, ok := w.g.fresh(member, minimal, v); ok {
				values = append(values, with(v, name, value))
			}
		}
		out = append(out, miss{"name." + m.detail, "propertyNames", values})
	}
	return out
}

// forbidden are objects with a member whose schema is false.
func (w *wronger) forbidden(p place, v map[string]any) []miss {
	var out []miss
	for _, name := range p.need.declared(w.s.o.Response) {
		if _, allowed := p.need.member(name); !allowed {
			out = append(out, miss{"with-" + plain(name), "", []any{with(v, name, "text")}})
		}
	}
	return out
}

// tags are objects whose discriminator names no alternative.
func (w *wronger) tags(n *need, v map[string]any) []miss {
	var out []miss
	for _, s := range n.parts {
		if s.discriminator == nil {
			continue
		}
		name := s.discriminator.property
		right, _ := v[name].(string)
		out = append(out, miss{"unknown-" + plain(name), "discriminator", []any{with(v, name, right+"_"), with(v, name, "unknown")}})
	}
	return out
}
