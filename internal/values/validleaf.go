package values

import (
	"encoding/json"
	"maps"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"
)

// longText is how long a text is sent where nothing bounds it.
const longText = 300

// texts are on the inner sides of the bounds, and in each form.
func (r *righter) texts(n *need) []leaf {
	least, most := n.lengths()
	hasLeast := least > 0
	patterns, formats := n.patterns(), n.formats()
	var out []leaf
	size := func(length int, detail, keyword string) {
		if length < 0 || length > longest {
			return
		}
		if s, ok := r.textOf(n, length); ok {
			out = append(out, leaf{s, detail, keyword})
		}
	}
	if hasLeast {
		size(least, "min-length", "minLength")
	}
	if most >= 0 {
		size(most, "max-length", "maxLength")
	}
	for _, f := range formats {
		for i, s := range f.right {
			out = append(out, leaf{s, "format." + f.format + "." + itoa(i+1), "format"})
		}
	}
	for i, s := range head(r.ways(n, patterns, least, most), 4) {
		out = append(out, leaf{s, "pattern." + itoa(i+1), "pattern"})
	}
	if hasLeast {
		size(least+1, "above-min-length", "minLength")
	}
	if most > 0 {
		size(most-1, "below-max-length", "maxLength")
	}
	if len(patterns)+len(formats) > 0 {
		return out
	}
	if unknownFormat(n) {
		return out
	}
	out = append(out, leaf{unicode(clamp(3, least, most)), "unicode", "type"})
	if most > 0 && most <= longest {
		out = append(out, leaf{unicode(most), "max-length-unicode", "maxLength"})
	}
	if most < 0 && least < longText {
		out = append(out, leaf{sized(longText), "long", "type"})
	}
	if least == 0 {
		out = append(out, leaf{"", "empty", "type"})
	}
	return out
}

// unknownFormat tells that a need has a format of which nothing is known, so
// that a made-up text may well be wrong.
func unknownFormat(n *need) bool {
	return slices.ContainsFunc(n.parts, func(s *schema) bool { return s.format != "" && !isNumberFormat(s.format) })
}

// unicode is a text of n characters beyond ASCII, with one beyond the basic
// plane.
func unicode(n int) string {
	return strings.Repeat("ž語𝄞é", n/4+1)[:offset(n)]
}

func offset(n int) int {
	text := strings.Repeat("ž語𝄞é", n/4+1)
	at := 0
	for range n {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

// textOf is a text of the need that has exactly so many characters.
func (r *righter) textOf(n *need, length int) (string, bool) {
	exact := n.clone()
	bound := &schema{minLength: &length, maxLength: &length, types: kindString}
	exact.parts = append(exact.parts, bound)
	exact.roots = append(exact.roots, bound)
	for _, s := range r.g.texts(exact, minimal) {
		if utf8.RuneCountInString(s) == length && r.g.fits(exact.roots, s) {
			return s, true
		}
	}
	return "", false
}

// ways are different texts that the patterns match.
func (r *righter) ways(n *need, patterns []*pattern, least, most int) []string {
	if len(patterns) == 0 {
		return nil
	}
	var out []string
	for _, s := range r.g.patterned(patterns, least, most) {
		if r.g.fits(n.roots, s) && !slices.Contains(out, s) {
			out = append(out, s)
		}
		if len(out) == 4 {
			break
		}
	}
	return out
}

// numbers are on the inner sides of the bounds, and some of note.
func (r *righter) numbers(n *need, types kinds) []leaf {
	integer := types&kindFraction == 0
	b := spanOf(n, integer)
	var out []leaf
	add := func(v *big.Rat, detail, keyword string) {
		if v != nil {
			out = append(out, leaf{decimal(v), detail, keyword})
		}
	}
	low, high := b.lowest(), b.highest()
	least, most := "minimum", "maximum"
	if b.lowOpen {
		least = "exclusiveMinimum"
	}
	if b.highOpen {
		most = "exclusiveMaximum"
	}
	add(low, "minimum", least)
	add(high, "maximum", most)
	if low != nil {
		add(moved(low, b.grain(), 1), "above-minimum", least)
	}
	if high != nil {
		add(moved(high, b.grain(), -1), "below-maximum", most)
	}
	if step := n.multiple(); step != nil {
		for _, k := range []int64{1, 2, 3, 10} {
			add(scaled(step, k), "multiple-"+itoa(int(k)), "multipleOf")
		}
	}
	add(new(big.Rat), "zero", "type")
	if low == nil {
		add(big.NewRat(-1, 1), "negative", "type")
	}
	if !integer {
		out = append(out, leaf{json.Number("1.5"), "fraction", "type"})
	}
	if b.formatHigh != nil && integer {
		add(b.formatHigh, "format-maximum", "format")
		add(b.formatLow, "format-minimum", "format")
	} else if high == nil {
		add(big.NewRat(1_000_000_000, 1), "large", "type")
	}
	return out
}

// multiple is the least common multiple that a need wants.
func (n *need) multiple() *big.Rat {
	var out *big.Rat
	for _, s := range n.parts {
		if s.multipleOf != nil {
			out = commonMultiple(out, s.multipleOf)
		}
	}
	return out
}

// arrays are on the inner sides of the bounds.
func (r *righter) arrays(p place) []leaf {
	n := p.need
	least, most := n.sizes()
	var out []leaf
	add := func(size int, detail, keyword string) {
		if size < 0 || size > longestArray || most >= 0 && size > most {
			return
		}
		r.g.fuel, r.g.size = fuelPerValue, 0
		clear(r.g.busy)
		if v, ok := r.g.array(n, size, minimal, len(p.path)); ok {
			out = append(out, leaf{v, detail, keyword})
		}
	}
	if least > 0 {
		add(least, "min-items", "minItems")
	} else {
		add(0, "no-items", "type")
	}
	if most >= 0 {
		add(most, "max-items", "maxItems")
	}
	if least > 0 {
		add(least+1, "above-min-items", "minItems")
	}
	if most > 0 {
		add(most-1, "below-max-items", "maxItems")
	}
	several := "items"
	if n.unique() {
		several = "uniqueItems"
	}
	add(max(2, least), "two-items", several)
	if prefix := n.prefix(); prefix > 0 {
		add(prefix, "prefix-items", "prefixItems")
		add(prefix+1, "beyond-prefix-items", "prefixItems")
	}
	return append(out, r.containing(n, add)...)
}

func (r *righter) containing(n *need, add func(int, string, string)) []leaf {
	for _, s := range n.parts {
		if s.contains == nil {
			continue
		}
		add(1, "contains", "contains")
		if s.minContains != nil {
			add(*s.minContains, "min-contains", "minContains")
		}
		if s.maxContains != nil {
			add(*s.maxContains, "max-contains", "maxContains")
		}
	}
	return nil
}

// objects are on the inner sides of the bounds, and have what is not declared.
func (r *righter) objects(p place, v map[string]any) []leaf {
	n := p.need
	var out []leaf
	add := func(size int, detail, keyword string) {
		if object, ok := r.objectOf(p, v, size); ok {
			out = append(out, leaf{object, detail, keyword})
		}
	}
	least, hasLeast := n.least(func(s *schema) *int { return s.minProperties })
	most, hasMost := n.most(func(s *schema) *int { return s.maxProperties })
	if hasLeast {
		add(least, "min-properties", "minProperties")
		add(least+1, "above-min-properties", "minProperties")
	}
	if hasMost {
		add(most, "max-properties", "maxProperties")
		add(most-1, "below-max-properties", "maxProperties")
	}
	for _, name := range r.g.optional(n) {
		if _, has := v[name]; has && len(p.path) == 0 {
			out = append(out, leaf{without(v, name), "without-" + plain(name), "properties"})
		}
	}
	return out
}

// objectOf is an object with so many members.
func (r *righter) objectOf(p place, v map[string]any, size int) (map[string]any, bool) {
	if size < 0 || size > 500 {
		return nil, false
	}
	out := maps.Clone(v)
	required := p.need.required(r.s.o.Response, v)
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if len(out) > size && !slices.Contains(required, name) {
			delete(out, name)
		}
	}
	r.g.fuel, r.g.size = fuelPerValue, 0
	clear(r.g.busy)
	for _, name := range r.g.optional(p.need) {
		if len(out) < size {
			r.g.putWith(p.need, out, name, minimal, len(p.path))
		}
	}
	if len(out) < size {
		for _, name := range r.g.newNames(p.need, out, size-len(out)) {
			r.g.put(p.need, out, name, minimal, len(p.path))
		}
	}
	return out, len(out) == size
}
