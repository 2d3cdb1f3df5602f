package values

import (
	"maps"
	"slices"
)

// objects yields candidates for an object: with what it needs, then with one
// optional member more, then with all.
func (g *generator) objects(n *need, e extent, depth int, yield func(any) bool) bool {
	least, ok := g.object(n, nil, minimal, depth)
	optional := g.optional(n)
	if e == maximal {
		if all, okAll := g.object(n, optional, maximal, depth); okAll && !yield(all) {
			return false
		}
	}
	if e == random && g.r != nil {
		for range 3 {
			if v, ok := g.object(n, append(g.someOf(optional, depth), g.open(n, depth)...), random, depth); ok && !yield(v) {
				return false
			}
		}
	}
	if ok && !yield(least) {
		return false
	}
	for _, name := range optional {
		if g.fuel <= 0 {
			return true
		}
		if v, ok := g.object(n, []string{name}, minimal, depth); ok && !yield(v) {
			return false
		}
	}
	all, okAll := g.object(n, optional, minimal, depth)
	if okAll && !yield(all) {
		return false
	}
	return !ok || g.swapped(n, least, yield) && g.swapped(n, all, yield)
}

// swapped yields an object with each of its members in a few other values, for
// keywords that only trial can satisfy, such as not and else.
func (g *generator) swapped(n *need, v map[string]any, yield func(any) bool) bool {
	for _, name := range sortedKeys(v) {
		if g.fuel -= 20; g.fuel <= 0 {
			return true
		}
		member, _ := n.member(name)
		for _, other := range g.several(member, 5) {
			if !yield(with(v, name, other)) {
				return false
			}
		}
	}
	return true
}

// optional are the declared members that need not be there.
func (g *generator) optional(n *need) []string {
	required := n.required(g.s.o.Response, nil)
	return slices.DeleteFunc(n.declared(g.s.o.Response), func(name string) bool { return slices.Contains(required, name) })
}

func (g *generator) someOf(names []string, depth int) []string {
	var out []string
	for _, name := range names {
		if g.r.IntN(2+depth) == 0 {
			out = append(out, name)
		}
	}
	return out
}

// open are members that no schema declares, of which a drawn value has some.
func (g *generator) open(n *need, depth int) []string {
	if g.r.IntN(2+depth) != 0 || depth > 4 {
		return nil
	}
	return g.undeclared(n, nil)
}

// object makes an object of the required members and the wanted ones, as far
// as they can be made.
func (g *generator) object(n *need, wanted []string, e extent, depth int) (map[string]any, bool) {
	out := map[string]any{}
	n = g.settled(n, wanted)
	for _, name := range g.required(n, out) {
		if !g.put(n, out, name, e, depth) {
			return nil, false
		}
	}
	most, bounded := n.most(func(s *schema) *int { return s.maxProperties })
	for _, name := range wanted {
		if _, has := out[name]; has || bounded && len(out) >= most || g.size > mostMembers {
			continue
		}
		g.putWith(n, out, name, e, depth)
	}
	g.fill(n, out, depth)
	return out, true
}

// settled is the need with the schemas that depend on its members.
func (g *generator) settled(n *need, wanted []string) *need {
	for range 5 {
		names := append(n.required(g.s.o.Response, nil), wanted...)
		before := len(n.parts)
		for _, s := range n.parts[:before:before] {
			for _, d := range s.dependentSchemas {
				if slices.Contains(names, d.name) {
					n = n.also(d.schema)
				}
			}
		}
		if len(n.parts) == before {
			break
		}
	}
	return n
}

// required are the members that have to be there, declared ones first.
func (g *generator) required(n *need, given map[string]any) []string {
	names := n.required(g.s.o.Response, given)
	declared := n.declared(g.s.o.Response)
	slices.SortStableFunc(names, func(a, b string) int {
		return position(declared, a) - position(declared, b)
	})
	return names
}

func position(list []string, name string) int {
	if i := slices.Index(list, name); i >= 0 {
		return i
	}
	return len(list)
}

// put makes one member.
func (g *generator) put(n *need, out map[string]any, name string, e extent, depth int) bool {
	if _, has := out[name]; has {
		return true
	}
	member, allowed := n.member(name)
	if !allowed {
		return false
	}
	g.size++
	v, ok := g.make(member, e, depth+1, out)
	if !ok && e != minimal {
		v, ok = g.make(member, minimal, depth+1, out)
	}
	if ok {
		out[name] = v
	}
	return ok
}

// putWith makes an optional member with all that has to be beside it, or none
// of it.
func (g *generator) putWith(n *need, out map[string]any, name string, e extent, depth int) bool {
	before := maps.Clone(out)
	ok := g.put(n, out, name, e, depth)
	if ok {
		for _, s := range n.parts {
			for _, d := range s.dependentSchemas {
				if d.name == name {
					n = n.also(d.schema)
				}
			}
		}
		for _, other := range n.required(g.s.o.Response, out) {
			ok = ok && g.put(n, out, other, minimal, depth)
		}
	}
	if !ok {
		clear(out)
		maps.Copy(out, before)
	}
	return ok
}

// fill adds members until there are enough.
func (g *generator) fill(n *need, out map[string]any, depth int) {
	least, ok := n.least(func(s *schema) *int { return s.minProperties })
	if !ok {
		return
	}
	for _, name := range g.optional(n) {
		if len(out) < least {
			g.putWith(n, out, name, minimal, depth)
		}
	}
	if len(out) >= least || least > 2000 {
		return
	}
	for _, name := range g.newNames(n, out, least-len(out)) {
		g.put(n, out, name, minimal, depth)
	}
}

// newNames are up to count names that no schema declares, but that may be
// there: such as a pattern has, such as propertyNames allows, or plain ones.
func (g *generator) newNames(n *need, given map[string]any, count int) []string {
	var out []string
	take := func(name string) {
		if _, has := given[name]; has || len(out) >= count || slices.Contains(out, name) || !g.nameFits(n, name) {
			return
		}
		if _, allowed := n.member(name); allowed {
			out = append(out, name)
		}
	}
	for _, s := range n.parts {
		for _, pp := range s.patternProperties {
			for _, name := range g.patterned([]*pattern{pp.pattern}, 0, -1) {
				take(name)
			}
		}
		if s.names != nil {
			for _, v := range g.several(needOf(s.names).narrow(kindString), count) {
				take(v.(string))
			}
		}
	}
	for i := 1; i <= count+20 && len(out) < count; i++ {
		take([]string{"other", "other" + itoa(i)}[min(i-1, 1)])
	}
	return out
}

func (g *generator) nameFits(n *need, name string) bool {
	for _, s := range n.parts {
		if _, own := s.index[name]; own || s.names != nil && !g.fits([]*schema{s.names}, name) {
			return false
		}
	}
	return true
}
