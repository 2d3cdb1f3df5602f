package values

// compositions are values that fit none of the alternatives, more than one, or
// what they must not fit.
func (w *wronger) compositions(p place) []miss {
	var out []miss
	for _, s := range p.need.parts {
		if s.not != nil {
			out = append(out, miss{"not", "not", w.denied(p, s)})
		}
		if len(s.oneOf) > 1 {
			out = append(out, w.both(p, s)...)
		}
		if len(s.oneOf)+len(s.anyOf) > 1 {
			out = append(out, miss{"none", "", w.none(p)})
		}
		for _, side := range some(s.then, s.other) {
			out = append(out, w.broken(p, s, side)...)
		}
		for _, d := range s.dependentSchemas {
			out = append(out, w.brokenBeside(p, d)...)
		}
	}
	return out
}

// denied are values that are as not says.
func (w *wronger) denied(p place, s *schema) []any {
	n := needOf(s.not)
	for _, part := range p.need.parts {
		n = n.also(stripped(part))
	}
	out := w.g.several(n, 4)
	return append(out, w.g.several(needOf(s.not), 6)...)
}

// stripped is a schema without what only trial can tell.
func stripped(s *schema) *schema {
	free := *s
	free.not, free.ref = nil, nil
	free.allOf, free.oneOf, free.anyOf = nil, nil, nil
	free.when, free.then, free.other = nil, nil, nil
	return &free
}

// maxPairs bounds the pairs of alternatives that are tried together: of a
// hundred there are thousands, and most exclude each other.
const maxPairs = 60

// both are values that fit two alternatives of a oneOf.
func (w *wronger) both(p place, s *schema) []miss {
	var out []miss
	c := choice{s, "oneOf", each(s.oneOf)}
	tried := 0
	for i := 0; i < len(s.oneOf) && len(out) < 6; i++ {
		for j := i + 1; j < len(s.oneOf) && len(out) < 6 && tried < maxPairs; j++ {
			tried++
			n := needOf(s.oneOf[i], s.oneOf[j])
			for _, part := range p.need.parts {
				if part != s.oneOf[i] && part != s.oneOf[j] && part != s {
					n = n.also(stripped(part))
				}
			}
			w.fresh()
			if list := w.g.several(n, 2); len(list) > 0 {
				out = append(out, miss{"both-" + c.label(i) + "-" + c.label(j), "oneOf", list})
			}
		}
	}
	return out
}

// none are values that fit no alternative, and depart from one in one thing.
func (w *wronger) none(p place) []any {
	out := []any{nil, true, number("1.5"), number("-1"), "", "text", []any{}, map[string]any{}}
	if v, ok := p.value.(map[string]any); ok {
		for _, name := range sortedKeys(v) {
			out = append(out, without(v, name))
		}
	}
	return out
}

// broken are values that come under a condition but do not keep to what it
// asks for.
func (w *wronger) broken(p place, s, side *schema) []miss {
	n := p.need.clone()
	if side == s.then {
		n = n.also(s.when)
		n.roots = append(n.roots, s.when)
	}
	name := "then"
	if side == s.other {
		name = "else"
	}
	return w.breaking(p, n, side, name)
}

func (w *wronger) brokenBeside(p place, d property) []miss {
	n := p.need.clone()
	n.add(&schema{required: []string{d.name}})
	return w.breaking(p, n, d.schema, "beside-"+plain(d.name))
}

// breaking makes a value that fits a further schema, and breaks that one.
func (w *wronger) breaking(p place, n *need, further *schema, name string) []miss {
	with := n.also(further)
	with.roots = append(with.roots, further)
	v, ok := w.g.fresh(with, minimal, p.siblings)
	if !ok {
		return nil
	}
	q := p
	q.need, q.value = needOf(further), v
	walk := &walk{g: w.g, root: further}
	q.need = walk.resolve(q)
	var out []miss
	for _, m := range w.shallow(q) {
		out = append(out, miss{name + "." + m.detail, "", m.values})
	}
	return out
}

// shallow are the misses of a place and of the members right in it, as values
// of the place.
func (w *wronger) shallow(p place) []miss {
	out := append(w.absences(p), w.lists(p.need)...)
	switch v := p.value.(type) {
	case string:
		out = append(out, w.texts(p.need, v)...)
	case map[string]any:
		for _, name := range sortedKeys(v) {
			inner, _ := p.need.member(name)
			list := append(w.lists(inner), w.types(place{need: inner, value: v[name]})...)
			if text, ok := v[name].(string); ok {
				list = append(list, w.texts(inner, text)...)
			}
			if typeOf(v[name])&kindNumber != 0 {
				list = append(list, w.numbers(inner)...)
			}
			for _, m := range head(list, 6) {
				out = append(out, miss{plain(name) + "." + m.detail, m.keyword, members(v, name, m.values)})
			}
		}
	case []any:
		out = append(out, w.arrays(p, v)...)
	}
	if typeOf(p.value)&kindNumber != 0 {
		out = append(out, w.numbers(p.need)...)
	}
	return out
}

func members(v map[string]any, name string, values []any) []any {
	var out []any
	for _, x := range values {
		out = append(out, with(v, name, x))
	}
	return out
}
