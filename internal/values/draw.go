package values

import "math/rand/v2"

// drawTries is how often a value is drawn until one fits.
const drawTries = 12

// Draw makes a right value by chance: which members, which alternatives, which
// sizes, which texts. It tells false where the schema has no value, or none was
// found. The same source of chance gives the same value.
func (s *Schema) Draw(r *rand.Rand) (any, bool) {
	g := s.generator()
	g.r = r
	for range drawTries {
		if v, ok := g.fresh(needOf(s.root), random, nil); ok {
			return v, true
		}
		clear(g.memo)
	}
	g = s.generator()
	return g.whole(minimal)
}
