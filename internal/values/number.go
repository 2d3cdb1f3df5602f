package values

import (
	"encoding/json"
	"math/big"
	"strings"

	"github.com/atlas-contract/conformance/internal/spec"
)

// bounds are what a schema says about a number.
type bounds struct {
	low, high         *big.Rat // nil where there is none
	lowOpen, highOpen bool
	step              *big.Rat
}

func rat(n spec.Node) *big.Rat {
	if !n.Exists() {
		return nil
	}
	number, ok := n.Value().(json.Number)
	if !ok {
		return nil
	}
	r, ok := new(big.Rat).SetString(number.String())
	if !ok {
		return nil
	}
	return r
}

// boundsOf reads the bounds in either spelling of the exclusive ones (a
// boolean in OpenAPI 3.0, a number in 3.1).
func boundsOf(v view, integer bool) bounds {
	b := bounds{low: rat(v.get("minimum")), high: rat(v.get("maximum")), step: rat(v.get("multipleOf"))}
	b.lowOpen, b.highOpen = v.get("exclusiveMinimum").True(), v.get("exclusiveMaximum").True()
	if r := rat(v.get("exclusiveMinimum")); r != nil && (b.low == nil || r.Cmp(b.low) >= 0) {
		b.low, b.lowOpen = r, true
	}
	if r := rat(v.get("exclusiveMaximum")); r != nil && (b.high == nil || r.Cmp(b.high) <= 0) {
		b.high, b.highOpen = r, true
	}
	if b.step == nil && integer {
		b.step = big.NewRat(1, 1)
	}
	return b
}

// grain is the smallest step between two numbers that are tried.
func (b bounds) grain() *big.Rat {
	if b.step != nil && b.step.Sign() > 0 {
		return b.step
	}
	if b.low != nil && b.high != nil {
		if width := new(big.Rat).Sub(b.high, b.low); width.Sign() > 0 && width.Cmp(big.NewRat(1, 1)) < 0 {
			return width.Quo(width, big.NewRat(4, 1))
		}
	}
	return big.NewRat(1, 100)
}

// lowest is the least number that is in, if there is one.
func (b bounds) lowest() *big.Rat {
	if b.low == nil {
		return nil
	}
	if b.step == nil || b.step.Sign() <= 0 {
		if b.lowOpen {
			return new(big.Rat).Add(b.low, b.grain())
		}
		return b.low
	}
	n := ceil(new(big.Rat).Quo(b.low, b.step))
	r := n.Mul(n, b.step)
	if b.lowOpen && r.Cmp(b.low) == 0 {
		r = r.Add(r, b.step)
	}
	return r
}

// highest is the greatest number that is in, if there is one.
func (b bounds) highest() *big.Rat {
	if b.high == nil {
		return nil
	}
	if b.step == nil || b.step.Sign() <= 0 {
		if b.highOpen {
			return new(big.Rat).Sub(b.high, b.grain())
		}
		return b.high
	}
	n := ceil(new(big.Rat).Neg(new(big.Rat).Quo(b.high, b.step)))
	r := n.Mul(n.Neg(n), b.step)
	if b.highOpen && r.Cmp(b.high) == 0 {
		r = r.Sub(r, b.step)
	}
	return r
}

func ceil(r *big.Rat) *big.Rat {
	q, m := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	if m.Sign() != 0 {
		q.Add(q, big.NewInt(1))
	}
	return new(big.Rat).SetInt(q)
}

// number makes a right number, near zero where that is in.
func number(v view, integer bool) (any, bool) {
	b := boundsOf(v, integer)
	low, high := b.lowest(), b.highest()
	if low != nil && high != nil && low.Cmp(high) > 0 {
		return nil, false
	}
	one := big.NewRat(1, 1)
	if b.step != nil && b.step.Sign() > 0 {
		one = b.step
	}
	switch {
	case low != nil && low.Cmp(one) > 0:
		return decimal(low), true
	case high != nil && high.Cmp(one) < 0:
		return decimal(high), true
	}
	return decimal(one), true
}

// decimal writes a number as JSON, exactly where it has a finite decimal form.
func decimal(r *big.Rat) json.Number {
	if r.IsInt() {
		return json.Number(r.Num().String())
	}
	text := strings.TrimRight(r.FloatString(20), "0")
	return json.Number(strings.TrimSuffix(text, "."))
}
