package values

import (
	"maps"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/internal/spec"
)

// place is a need with a right value of it, somewhere within a right value of
// the whole.
type place struct {
	need     *need
	path     []string // the tokens of its pointer
	value    any
	siblings map[string]any
	// whole is right and has the value in the place.
	whole any
	// branch names the alternatives that were taken on the way, where they are
	// not those of the base.
	branch string
	// absent tells that the base does not have the place.
	absent bool
	around []*schema // the keys of the needs around it
}

func (p place) pointer() string {
	var b strings.Builder
	for _, token := range p.path {
		b.WriteString("/" + spec.Escape(token))
	}
	return b.String()
}

// detail is the name of a variation of the place.
func (p place) detail(what string) string {
	if len(p.path) == 0 {
		return what
	}
	var names []string
	for _, token := range p.path {
		names = append(names, plain(token))
	}
	return strings.Join(names, ".") + "." + what
}

// put is the whole with another value in the place.
func (p place) put(v any) any { return set(p.whole, p.path, v) }

// set is a copy of a value with another one at a place.
func set(whole any, path []string, v any) any {
	if len(path) == 0 {
		return v
	}
	switch at := whole.(type) {
	case map[string]any:
		return with(at, path[0], set(at[path[0]], path[1:], v))
	case []any:
		i := 0
		for _, c := range path[0] {
			i = 10*i + int(c-'0')
		}
		if i < len(at) {
			return withItem(at, i, set(at[i], path[1:], v))
		}
		if i == len(at) {
			return append(slices.Clone(at), set(nil, path[1:], v))
		}
	}
	return whole
}

// The limits of a walk over the places of a schema.
const (
	maxPlaces = 400
	maxDepth  = 12
	maxBranch = 40
)

// places lists the places of a schema, the outer ones first: those of the base,
// those of members and items that the base does not have, and those of each
// alternative.
func (s *Schema) places(base any) []place {
	w := &walk{g: s.generator(), root: s.root}
	w.queue = []place{{need: needOf(s.root), value: base, whole: base}}
	var out []place
	for len(w.queue) > 0 && len(out) < maxPlaces {
		p := w.queue[0]
		w.queue = w.queue[1:]
		p.need = w.resolve(p)
		out = append(out, p)
		if len(p.path) < maxDepth {
			w.below(p)
		}
	}
	return out
}

type walk struct {
	g     *generator
	root  *schema
	queue []place
}

// resolve takes, of each open choice, the alternative that the value is of, and
// queues a place for each other one.
func (w *walk) resolve(p place) *need {
	n := p.need
	for steps := 0; len(n.open) > 0 && steps < 20; steps++ {
		c := n.open[0]
		taken := -1
		for i, b := range c.branches {
			if w.taken(c, i, b, p.value) {
				taken = i
				break
			}
		}
		for i := range c.branches {
			if i != taken && i < maxBranch {
				w.branch(p, n, c, i)
			}
		}
		if taken < 0 {
			n = n.clone()
			n.open = n.open[1:]
			continue
		}
		n = n.choose(c, taken)
	}
	return n.withDependents(p.value)
}

func (w *walk) taken(c choice, i int, branch []*schema, v any) bool {
	if c.keyword != "if" {
		return w.g.fits(branch, v)
	}
	return w.g.fits([]*schema{c.owner.when}, v) == (i == 1)
}

// withDependents is the need with the schemas that apply because of the
// members that an object has.
func (n *need) withDependents(v any) *need {
	object, _ := v.(map[string]any)
	for _, s := range n.parts {
		for _, d := range s.dependentSchemas {
			if _, has := object[d.name]; has {
				n = n.also(d.schema)
			}
		}
	}
	return n
}

// branch queues the place with another alternative.
func (w *walk) branch(p place, n *need, c choice, i int) {
	if len(w.queue) > maxPlaces || strings.Count(p.branch, ".") > 2 {
		return
	}
	other := n.choose(c, i)
	v, ok := w.g.fresh(other, minimal, p.siblings)
	if !ok {
		return
	}
	q := p
	q.need, q.value, q.whole = other, v, p.put(v)
	q.branch = strings.TrimPrefix(p.branch+"."+c.label(i), ".")
	if w.right(q.whole) {
		w.queue = append(w.queue, q)
	}
}

func (w *walk) right(whole any) bool { return w.g.fits([]*schema{w.root}, whole) }

// below queues the places directly within one.
func (w *walk) below(p place) {
	if len(p.need.roots) > 0 {
		key := p.need.roots[0]
		if key.ref != nil {
			key = key.ref
		}
		if occurrences(p.around, key) > 1 {
			return
		}
		p.around = append(slices.Clone(p.around), key)
	}
	switch v := p.value.(type) {
	case map[string]any:
		w.members(p, v)
	case []any:
		w.items(p, v)
	}
}

func (w *walk) members(p place, v map[string]any) {
	names := p.need.declared(w.g.s.o.Response)
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	extra := 0
	for _, name := range w.g.undeclared(p.need, v) {
		names = append(names, name)
		extra++
	}
	for _, name := range names {
		w.member(p, v, name)
	}
}

// undeclared are names of members that no schema declares but that schemas
// describe: one for each pattern, and one for additionalProperties.
func (g *generator) undeclared(n *need, v map[string]any) []string {
	var out []string
	described := false
	for _, s := range n.parts {
		described = described || s.additional != nil && !s.additional.never || s.unevaluatedProps != nil && !s.unevaluatedProps.never
		for _, pp := range s.patternProperties {
			names := g.patterned([]*pattern{pp.pattern}, 0, -1)
			for _, name := range names[:min(len(names), 6)] {
				if _, has := v[name]; !has && g.nameFits(n, name) && !slices.Contains(out, name) {
					out = append(out, name)
					break
				}
			}
		}
	}
	if described {
		for _, name := range g.newNames(&need{parts: withoutPatterns(n.parts)}, v, 1) {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

func withoutPatterns(parts []*schema) []*schema {
	var out []*schema
	for _, s := range parts {
		plain := *s
		plain.patternProperties = nil
		out = append(out, &plain)
	}
	return out
}

func (w *walk) member(p place, v map[string]any, name string) {
	member, allowed := p.need.member(name)
	if !allowed || len(w.queue) > maxPlaces {
		return
	}
	q := place{
		need: member, path: append(slices.Clone(p.path), name), value: v[name], siblings: v, whole: p.whole,
		branch: p.branch, absent: p.absent, around: p.around,
	}
	if _, has := v[name]; has {
		w.queue = append(w.queue, q)
		return
	}
	w.g.fuel, w.g.size = fuelPerValue, 0
	clear(w.g.busy)
	parent := maps.Clone(v)
	if !w.g.putWith(p.need, parent, name, minimal, len(p.path)) {
		return
	}
	q.value, q.siblings, q.whole, q.absent = parent[name], parent, p.put(parent), true
	if w.right(q.whole) {
		w.queue = append(w.queue, q)
	}
}

func (w *walk) items(p place, v []any) {
	upTo := p.need.prefix() + 1
	for i := range upTo {
		if len(w.queue) > maxPlaces {
			return
		}
		q := place{
			need: p.need.item(i), path: append(slices.Clone(p.path), itoa(i)), whole: p.whole,
			branch: p.branch, absent: p.absent, around: p.around,
		}
		if i >= len(v) {
			longer, ok := w.longer(p, i+1)
			if !ok {
				continue
			}
			q.whole, q.value, q.absent = p.put(longer), longer[i], true
		} else {
			q.value = v[i]
		}
		if len(q.need.roots) > 0 && w.right(q.whole) {
			w.queue = append(w.queue, q)
		}
	}
}

func (w *walk) longer(p place, size int) ([]any, bool) {
	w.g.fuel, w.g.size = fuelPerValue, 0
	clear(w.g.busy)
	return w.g.array(p.need, size, minimal, len(p.path))
}

func occurrences(list []*schema, s *schema) int {
	n := 0
	for _, other := range list {
		if other == s {
			n++
		}
	}
	return n
}
