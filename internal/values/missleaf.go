package values

import (
	"encoding/json"
	"math/big"
	"strings"
)

func number(text string) any { return json.Number(text) }

// texts are near misses of a text: one character too few or too many, not quite
// the pattern, not quite the format.
func (w *wronger) texts(n *need, right string) []miss {
	least, most := n.lengths()
	var out []miss
	if least > 0 {
		out = append(out, miss{"min-length", "minLength", w.ofLength(n, least-1)})
		if least > 1 {
			out = append(out, miss{"min-length-empty", "minLength", []any{""}})
		}
	}
	if most >= 0 && most < longest {
		out = append(out, miss{"max-length", "maxLength", w.ofLength(n, most+1)})
	}
	for _, s := range n.parts {
		if s.pattern != nil {
			out = append(out,
				miss{"pattern", "pattern", mutated(right)},
				miss{"pattern-case", "pattern", []any{strings.ToUpper(right), strings.ToLower(right)}},
				miss{"pattern-more", "pattern", []any{right + "!", "!" + right, right + "\n"}},
				miss{"pattern-longer", "pattern", []any{right + lastOf(right), right + right}},
				miss{"pattern-line-break", "pattern", []any{right + "\n", "\n" + right}},
				miss{"pattern-less", "pattern", []any{cut(right)}},
				miss{"pattern-empty", "pattern", []any{""}})
			break
		}
	}
	for _, f := range n.formats() {
		for i, s := range f.wrong {
			out = append(out, miss{"format." + f.format + "." + itoa(i+1), "format", []any{s}})
		}
	}
	return out
}

// ofLength are texts that are right but for their length.
func (w *wronger) ofLength(n *need, length int) []any {
	exact := &need{}
	for _, s := range n.parts {
		free := *s
		free.minLength, free.maxLength = nil, nil
		exact.parts = append(exact.parts, &free)
	}
	exact.parts = append(exact.parts, &schema{minLength: &length, maxLength: &length})
	var out []any
	for _, s := range w.g.texts(exact, minimal) {
		if len([]rune(s)) == length {
			out = append(out, s)
		}
	}
	return out
}

// mutated are texts with one character changed, of the same length.
func mutated(right string) []any {
	runes := []rune(right)
	var out []any
	for _, other := range "!Z9 ~é" {
		for i := range min(len(runes), 20) {
			changed := append([]rune{}, runes...)
			changed[i] = other
			out = append(out, string(changed))
		}
	}
	return append(out, right+"!", "!"+right, "", "!!!", "\n")
}

// numbers are one step beyond each bound, between multiples, and beyond what
// the format holds.
func (w *wronger) numbers(n *need) []miss {
	integer := n.types()&kindFraction == 0
	b := spanOf(n, integer)
	var out []miss
	for _, s := range n.parts {
		out = append(out, b.beyond("below-minimum", "minimum", s.minimum, -1, false)...)
		out = append(out, b.beyond("above-maximum", "maximum", s.maximum, 1, false)...)
		out = append(out, b.beyond("exclusive-minimum", "exclusiveMinimum", s.above, -1, true)...)
		out = append(out, b.beyond("exclusive-maximum", "exclusiveMaximum", s.below, 1, true)...)
		if s.multipleOf != nil {
			out = append(out, miss{"multiple-of", "multipleOf", b.between(s.multipleOf, integer)})
		}
	}
	if b.formatHigh != nil && integer {
		one := big.NewRat(1, 1)
		out = append(out,
			miss{"format-above-maximum", "format", []any{decimal(moved(b.formatHigh, one, 1))}},
			miss{"format-below-minimum", "format", []any{decimal(moved(b.formatLow, one, -1))}})
	}
	return out
}

// beyond are the numbers just outside a bound, in the direction of the sign.
func (b span) beyond(detail, keyword string, bound *big.Rat, sign int64, open bool) []miss {
	if bound == nil {
		return nil
	}
	var values []any
	if open {
		values = append(values, decimal(bound))
	}
	edge := b.inward(bound, false, -sign)
	for _, step := range []int64{1, 2} {
		values = append(values, decimal(moved(edge, b.grain(), sign*step)))
	}
	if b.step == nil {
		values = append(values, decimal(moved(bound, big.NewRat(1, 1), sign)))
	}
	return []miss{{detail, keyword, values}}
}

// between are numbers that are no multiple, but within all bounds.
func (b span) between(step *big.Rat, integer bool) []any {
	parts := []*big.Rat{big.NewRat(1, 2), big.NewRat(1, 4), big.NewRat(1, 10)}
	if integer {
		parts = []*big.Rat{new(big.Rat).Inv(step), new(big.Rat).Quo(big.NewRat(2, 1), step)}
	}
	var out []any
	for _, start := range []*big.Rat{b.lowest(), new(big.Rat), b.highest(), step} {
		if start == nil {
			continue
		}
		for _, part := range parts {
			small := new(big.Rat).Mul(step, part)
			out = append(out, decimal(moved(start, small, 1)), decimal(moved(start, small, -1)))
		}
	}
	return out
}

// lastOf is the last character of a text, which makes it longer by one of its
// own sort.
func lastOf(text string) string {
	runes := []rune(text)
	if len(runes) == 0 {
		return ""
	}
	return string(runes[len(runes)-1:])
}
