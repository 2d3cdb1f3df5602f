package values

import (
	"encoding/json"
	"math/big"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// span is what all schemas of a need say about a number.
type span struct {
	low, high         *big.Rat // nil where there is none
	lowOpen, highOpen bool
	step              *big.Rat // the least common multiple, nil for none
	formatLow         *big.Rat
	formatHigh        *big.Rat
}

// spanOf merges the bounds, those of the format included.
func spanOf(n *need, integer bool) span {
	var b span
	if integer {
		b.step = big.NewRat(1, 1)
	}
	for _, s := range n.parts {
		b.raise(s.minimum, false)
		b.raise(s.above, true)
		b.lower(s.maximum, false)
		b.lower(s.below, true)
		if low, high := formatRange(s.format); low != nil {
			b.formatLow, b.formatHigh = low, high
		}
		if s.multipleOf != nil {
			b.step = commonMultiple(b.step, s.multipleOf)
		}
	}
	return b
}

func (b *span) raise(low *big.Rat, open bool) {
	if low != nil && (b.low == nil || low.Cmp(b.low) > 0 || low.Cmp(b.low) == 0 && open) {
		b.low, b.lowOpen = low, open
	}
}

func (b *span) lower(high *big.Rat, open bool) {
	if high != nil && (b.high == nil || high.Cmp(b.high) < 0 || high.Cmp(b.high) == 0 && open) {
		b.high, b.highOpen = high, open
	}
}

func commonMultiple(a, b *big.Rat) *big.Rat {
	if a == nil {
		return b
	}
	x := new(big.Int).Mul(a.Num(), b.Denom())
	y := new(big.Int).Mul(b.Num(), a.Denom())
	gcd := new(big.Int).GCD(nil, nil, x, y)
	lcm := new(big.Int).Mul(x, new(big.Int).Quo(y, gcd))
	return new(big.Rat).SetFrac(lcm, new(big.Int).Mul(a.Denom(), b.Denom()))
}

// grain is the smallest step between two numbers that are tried.
func (b span) grain() *big.Rat {
	if b.step != nil {
		return b.step
	}
	if b.low != nil && b.high != nil {
		if width := new(big.Rat).Sub(b.high, b.low); width.Sign() > 0 && width.Cmp(big.NewRat(1, 1)) < 0 {
			return width.Quo(width, big.NewRat(4, 1))
		}
	}
	return big.NewRat(1, 100)
}

// lowest is the least number within, nil where there is none.
func (b span) lowest() *big.Rat {
	if b.low == nil {
		return nil
	}
	return b.inward(b.low, b.lowOpen, 1)
}

// highest is the greatest number within, nil where there is none.
func (b span) highest() *big.Rat {
	if b.high == nil {
		return nil
	}
	return b.inward(b.high, b.highOpen, -1)
}

// inward is the number nearest to a bound on its inner side, which lies in the
// direction of the sign.
func (b span) inward(bound *big.Rat, open bool, sign int64) *big.Rat {
	if b.step == nil {
		if open {
			return moved(bound, b.grain(), sign)
		}
		return bound
	}
	n := ceil(scaled(new(big.Rat).Quo(bound, b.step), sign))
	r := scaled(n.Mul(n, b.step), sign)
	if open && r.Cmp(bound) == 0 {
		r = moved(r, b.step, sign)
	}
	return r
}

// moved is r plus or minus so many steps.
func moved(r, step *big.Rat, steps int64) *big.Rat {
	return new(big.Rat).Add(r, scaled(step, steps))
}

func scaled(r *big.Rat, n int64) *big.Rat { return new(big.Rat).Mul(r, big.NewRat(n, 1)) }

func ceil(r *big.Rat) *big.Rat {
	q, m := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	if m.Sign() != 0 {
		q.Add(q, big.NewInt(1))
	}
	return new(big.Rat).SetInt(q)
}

// numbers are candidates within, those near one first.
func (b span) numbers(integer bool) []any {
	unit := big.NewRat(1, 1)
	if b.step != nil {
		unit = b.step
	}
	list := []*big.Rat{unit, new(big.Rat), scaled(unit, 2), scaled(unit, 10)}
	if !integer && b.step == nil {
		list = append(list, big.NewRat(1, 2))
	}
	if low := b.lowest(); low != nil {
		list = append(list, low, moved(low, b.grain(), 1), moved(low, b.grain(), 2))
	}
	if high := b.highest(); high != nil {
		list = append(list, high, moved(high, b.grain(), -1), moved(high, b.grain(), -2))
	}
	for i := int64(3); i < 30; i++ {
		base := new(big.Rat)
		if low := b.lowest(); low != nil {
			base = low
		} else if high := b.highest(); high != nil {
			base = moved(high, unit, -60)
		}
		list = append(list, moved(base, unit, i))
	}
	list = append(list, scaled(unit, -1), scaled(unit, -2))
	out := make([]any, 0, len(list))
	for _, r := range list {
		out = append(out, decimal(r))
	}
	return out
}

// decimal writes a number as JSON, exactly where it has a finite decimal form.
func decimal(r *big.Rat) json.Number {
	if r.IsInt() {
		return json.Number(r.Num().String())
	}
	digits, exact := r.FloatPrec()
	if !exact {
		digits = max(digits, 20)
	}
	text := strings.TrimRight(r.FloatString(digits), "0")
	return json.Number(strings.TrimSuffix(text, "."))
}

// normal is a value whose numbers are all written alike, so that equal values
// have equal texts.
func normal(v any) any {
	switch v := v.(type) {
	case json.Number:
		if r, ok := contract.Rat(v); ok && strings.ContainsAny(string(v), ".eE-") {
			return decimal(r)
		}
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = normal(v[i])
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, member := range v {
			out[name] = normal(member)
		}
		return out
	}
	return v
}
