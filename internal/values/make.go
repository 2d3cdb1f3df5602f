package values

import (
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
)

// extent is how much of what is optional a value has.
type extent int

const (
	minimal extent = iota
	maximal
	random
)

// The limits of making one value.
const (
	fuelPerValue  = 4000 // schemas visited
	deepest       = 40   // levels within one another
	mostMembers   = 1500 // places in a value with all that is optional
	mostCandidate = 80   // values tried for one place
)

// generator makes right values of needs.
type generator struct {
	s *Schema
	r *rand.Rand // nil where everything is to be the same each time
	// within tells that it draws values for another generator.
	within bool
	fuel   int
	size   int
	busy   map[working]int // the schemas around the one at hand
	memo   map[*schema]any // the least objects and arrays, by their only root
}

// working is a schema that a value is being made for.
type working struct {
	schema *schema
	extent extent
}

func (s *Schema) generator() *generator {
	return &generator{s: s, fuel: fuelPerValue, busy: map[working]int{}, memo: map[*schema]any{}}
}

// fits tells whether a value satisfies all of the schemas.
func (g *generator) fits(roots []*schema, v any) bool {
	e := g.evaluator()
	for _, s := range roots {
		e.visit(s, v)
		if len(e.faults) > 0 {
			return false
		}
	}
	return e.visits <= maxVisits
}

func (g *generator) evaluator() *evaluator {
	return &evaluator{is30: g.s.o.Version30, response: g.s.o.Response, track: g.s.track}
}

// whole makes a value of the whole schema.
func (g *generator) whole(e extent) (any, bool) { return g.fresh(needOf(g.s.root), e, nil) }

// fresh makes a value with new fuel.
func (g *generator) fresh(n *need, e extent, siblings map[string]any) (any, bool) {
	g.fuel, g.size = fuelPerValue, 0
	clear(g.busy)
	return g.make(n, e, 0, siblings)
}

// make makes a value of a need. It tells false where none was found: the need
// has none, or one that only contains itself, or the fuel has run out.
func (g *generator) make(n *need, e extent, depth int, siblings map[string]any) (any, bool) {
	g.fuel--
	if g.fuel <= 0 || depth > deepest {
		return nil, false
	}
	key := n.key()
	if key != nil && e == minimal {
		if v, ok := g.memo[key]; ok {
			return v, true
		}
	}
	if !g.enter(key, e) {
		return nil, false
	}
	v, ok := g.first(n, g.candidates(n, e, depth, siblings))
	if key != nil {
		g.busy[working{key, e}]--
	}
	if ok && key != nil && e == minimal && typeOf(v)&(kindObject|kindArray) != 0 {
		g.memo[key] = v
	}
	return v, ok
}

// enter notes that a schema is being worked at. What is minimal never needs
// itself within itself; more than that may go round once more.
func (g *generator) enter(key *schema, e extent) bool {
	if key == nil {
		return true
	}
	limit := 1
	if e == random {
		limit = 3
	}
	at := working{key, e}
	if g.busy[at] >= limit {
		return false
	}
	g.busy[at]++
	return true
}

// key is the schema that alone decides a need, nil where several do.
func (n *need) key() *schema {
	if len(n.roots) != 1 || n.only != 0 || len(n.tags) > 0 || len(n.parts) == 0 {
		return nil
	}
	s := n.roots[0]
	if s.ref != nil && len(n.parts) > 1 && n.parts[1] == s.ref && s.node.Len() == 1 {
		s = s.ref
	}
	return s
}

func (g *generator) first(n *need, list iter.Seq[any]) (any, bool) {
	tried := 0
	for v := range list {
		if g.fits(n.roots, v) {
			return v, true
		}
		if tried++; tried > mostCandidate || g.fuel <= 0 {
			break
		}
	}
	return nil, false
}

// candidates are values of a need that are likely right, the best first.
func (g *generator) candidates(n *need, e extent, depth int, siblings map[string]any) iter.Seq[any] {
	return func(yield func(any) bool) {
		for _, t := range n.tags {
			if t.property == "" && !yieldTexts(t.values, yield) {
				return
			}
		}
		if list, ok := n.listed(); ok {
			g.shuffleIf(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			yieldAll(list, yield)
			return
		}
		if e == random { // what is known to be accepted, where any is
			if list := g.known(n, siblings); len(list) > 0 && !yield(list[g.r.IntN(len(list))]) {
				return
			}
		}
		if e != random && !yieldAll(g.vouched(n, siblings), yield) {
			return
		}
		if len(n.open) > 0 {
			g.alternatives(n, e, depth, siblings, yield)
			return
		}
		order := n.order()
		g.shuffleIf(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, k := range order {
			if !g.ofKind(n, k, e, depth, yield) {
				return
			}
		}
	}
}

func yieldAll(list []any, yield func(any) bool) bool {
	for _, v := range list {
		if !yield(v) {
			return false
		}
	}
	return true
}

func yieldTexts(list []string, yield func(any) bool) bool {
	for _, v := range list {
		if !yield(v) {
			return false
		}
	}
	return true
}

func (g *generator) shuffleIf(n int, swap func(i, j int)) {
	if g.r != nil {
		g.r.Shuffle(n, swap)
	}
}

// listed are the values that an enum or a const of the need leaves, null last.
func (n *need) listed() ([]any, bool) {
	for _, s := range n.parts {
		if s.hasEnum {
			list := slices.Clone(s.enum)
			slices.SortStableFunc(list, func(a, b any) int { return last(a) - last(b) })
			if n.only != 0 {
				list = slices.DeleteFunc(list, func(v any) bool { return typeOf(v)&n.only == 0 })
			}
			return list, true
		}
	}
	return nil, false
}

func last(v any) int {
	if v == nil {
		return 1
	}
	return 0
}

// vouched are the values that somebody vouches for: those known to be
// accepted, and the documented examples of scalars.
func (g *generator) vouched(n *need, siblings map[string]any) []any {
	out := g.known(n, siblings)
	for _, s := range n.parts {
		for _, x := range s.examples {
			if k := typeOf(x); k&(kindObject|kindArray|kindNull) == 0 && (n.only == 0 || n.only&k != 0) {
				out = append(out, x)
			}
		}
	}
	return out
}

func (g *generator) known(n *need, siblings map[string]any) []any {
	var out []any
	if g.s.o.Known == nil {
		return nil
	}
	for _, s := range n.parts {
		if s.node.Exists() {
			out = append(out, g.s.o.Known(s.node, siblings)...)
		}
	}
	return out
}

// alternatives make the first open choice, each way.
func (g *generator) alternatives(n *need, e extent, depth int, siblings map[string]any, yield func(any) bool) {
	c := n.open[0]
	order := make([]int, len(c.branches))
	for i := range order {
		order[i] = i
	}
	g.shuffleIf(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for _, i := range order {
		branch := n.choose(c, i)
		if v, ok := g.make(branch, e, depth+1, siblings); ok && !yield(v) {
			return
		}
		if g.fuel <= 0 {
			return
		}
	}
}

// ofKind yields candidates of one type.
func (g *generator) ofKind(n *need, k kinds, e extent, depth int, yield func(any) bool) bool {
	switch k {
	case kindNull:
		return yield(nil)
	case kindBoolean:
		b := g.r == nil || g.r.IntN(2) == 0
		return yield(b) && yield(!b)
	case kindString:
		return yieldTexts(g.texts(n, e), yield)
	case kindInteger:
		return yieldAll(g.numbers(n, true, e), yield)
	case kindFraction:
		if n.types()&kindInteger != 0 && e != random {
			return true // whole numbers were tried
		}
		return yieldAll(g.numbers(n, false, e), yield)
	case kindArray:
		return g.arrays(n, e, depth, yield)
	case kindObject:
		return g.objects(n, e, depth, yield)
	}
	return true
}

// plain is a value as a piece of a name.
func plain(v any) string {
	text, ok := v.(string)
	if !ok {
		text = string(encode(v))
	}
	if text == "" {
		return "empty"
	}
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '~'
	}, text)
	return clean[:min(len(clean), 60)]
}
