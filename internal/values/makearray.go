package values

import (
	"math/rand/v2"

	"github.com/atlas-contract/conformance/contract"
)

// sizes are the fewest and most items of a need, most -1 for no end.
func (n *need) sizes() (least, most int) {
	least, _ = n.least(func(s *schema) *int { return s.minItems })
	most, bounded := n.most(func(s *schema) *int { return s.maxItems })
	if !bounded {
		most = -1
	}
	return least, most
}

// longestArray is the longest array that is made.
const longestArray = 1000

// arrays yields candidates for an array.
func (g *generator) arrays(n *need, e extent, depth int, yield func(any) bool) bool {
	least, most := n.sizes()
	if least > longestArray {
		return true
	}
	first := least
	switch {
	case e == maximal:
		first = clamp(max(1, n.prefix()), least, most)
	case e == random && g.r != nil:
		first = clamp(least+g.r.IntN(4), least, most)
	}
	seen := map[int]bool{}
	for _, size := range []int{first, least, least + 1, least + 2, n.prefix(), n.prefix() + 1, least + 3} {
		if seen[size] || most >= 0 && size > most || size < least {
			continue
		}
		seen[size] = true
		if v, ok := g.array(n, size, e, depth); ok && !yield(v) {
			return false
		}
	}
	return true
}

// prefix is the number of items that have schemas of their own.
func (n *need) prefix() int {
	most := 0
	for _, s := range n.parts {
		most = max(most, len(s.prefix))
	}
	return most
}

func (n *need) unique() bool {
	for _, s := range n.parts {
		if s.unique {
			return true
		}
	}
	return false
}

// array makes an array of a size. Its last items are such as contains wants.
func (g *generator) array(n *need, size int, e extent, depth int) ([]any, bool) {
	out := make([]any, 0, size)
	wanted, rest := n.wanted(size)
	for i := range size {
		item := n.item(i)
		if len(wanted) > 0 && i >= size-len(wanted) && i >= min(n.prefix(), size-len(wanted)) {
			item = needOf(append(item.roots, wanted[i-(size-len(wanted))])...)
		} else if rest != nil {
			item.roots = append(item.roots, rest)
		}
		v, ok := g.item(n, item, out, e, depth)
		if !ok {
			return nil, false
		}
		out = append(out, v)
	}
	return out, true
}

// wanted are the schemas of contains that so many items have to satisfy, and,
// where no more than that may, one that the others must not.
func (n *need) wanted(size int) (list []*schema, rest *schema) {
	for _, s := range n.parts {
		if s.contains == nil {
			continue
		}
		least := 1
		if s.minContains != nil {
			least = *s.minContains
		}
		if s.maxContains != nil {
			rest = &schema{not: s.contains}
		}
		for range min(least, size) {
			list = append(list, s.contains)
		}
	}
	return list[:min(len(list), size)], rest
}

func (g *generator) item(n, item *need, given []any, e extent, depth int) (any, bool) {
	g.size++
	if g.size > mostMembers {
		e = minimal
	}
	v, ok := g.make(item, e, depth+1, nil)
	if !ok && e != minimal {
		v, ok = g.make(item, minimal, depth+1, nil)
	}
	if !ok || !n.unique() || !contains(given, v) {
		return v, ok
	}
	for _, other := range g.several(item, len(given)+1) {
		if !contains(given, other) {
			return other, true
		}
	}
	return nil, false
}

func contains(list []any, v any) bool {
	for _, item := range list {
		if contract.Equal(item, v) {
			return true
		}
	}
	return false
}

// several makes up to count different values of a need.
func (g *generator) several(n *need, count int) []any {
	var out []any
	tried := 0
	for v := range g.candidates(n, minimal, deepest/2, nil) {
		if !contains(out, v) && g.fits(n.roots, v) {
			out = append(out, v)
		}
		if tried++; len(out) >= count || tried > 300 {
			return out
		}
	}
	if g.within {
		return out // draws within draws would be without end where schemas contain each other
	}
	drawn := &generator{s: g.s, r: seeded(2), within: true, busy: map[working]int{}, memo: map[*schema]any{}}
	for range min(8*count, 200) {
		if len(out) >= count || g.fuel <= 0 {
			break
		}
		if v, ok := drawn.fresh(n, random, nil); ok && !contains(out, v) {
			out = append(out, v)
		}
		g.fuel -= (fuelPerValue - drawn.fuel) / drawsPerFuel
	}
	return out
}

// drawsPerFuel is how many schemas that a draw visits cost as much as one that
// is visited otherwise.
const drawsPerFuel = 20

// seeded is a source of chance that is the same each time.
func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, seed)) }
