package coverage

import (
	"encoding/json"
	"math/big"
	"slices"
	"unicode/utf8"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// bound is a limit of a schema with an item for each of its sides.
type bound struct {
	keyword string
	limit   *big.Rat
	// lower tells that values below the limit are wrong; open, that the limit
	// itself is.
	lower, open bool
	// at is met by the last right value or, at an open limit, by one less than 1
	// away from it; beyond by any wrong one.
	at, beyond *item
}

// limits are the keywords that set a bound, and whether from below.
func limits() map[string]bool {
	return map[string]bool{
		"minimum": true, "maximum": false, "exclusiveMinimum": true, "exclusiveMaximum": false, "minLength": true, "maxLength": false,
		"minItems": true, "maxItems": false, "minProperties": true, "maxProperties": false,
	}
}

func (c *compiler) bounds(p *place, n spec.Node) {
	all := limits()
	for keyword, value := range n.Pairs() {
		lower, is := all[keyword]
		if !is {
			continue
		}
		number, ok := value.Value().(json.Number)
		if !ok {
			continue // the boolean exclusiveMinimum of OpenAPI 3.0
		}
		limit, ok := contract.Rat(number)
		if !ok {
			continue
		}
		name := p.name + " " + keyword + " " + number.String()
		b := bound{keyword: keyword, limit: limit, lower: lower, open: open(keyword, n), at: c.all.add(Bounds, name+", kept")}
		if limit.Sign() > 0 || slices.Contains([]string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}, keyword) || !lower {
			b.beyond = c.all.add(Bounds, name+", broken") // nothing is shorter than nothing
		}
		p.bounds = append(p.bounds, b)
	}
}

// open tells whether the limit itself is wrong.
func open(keyword string, n spec.Node) bool {
	switch keyword {
	case "exclusiveMinimum", "exclusiveMaximum":
		return true
	case "minimum":
		return n.Get("exclusiveMinimum").True()
	case "maximum":
		return n.Get("exclusiveMaximum").True()
	}
	return false
}

// measure is what a bound limits of a value, false where it is not about such
// values.
func (b *bound) measure(v any) (*big.Rat, bool) {
	size := func(n int) (*big.Rat, bool) { return new(big.Rat).SetInt64(int64(n)), true }
	switch b.keyword {
	case "minLength", "maxLength":
		if text, ok := v.(string); ok {
			return size(utf8.RuneCountInString(text))
		}
	case "minItems", "maxItems":
		if list, ok := v.([]any); ok {
			return size(len(list))
		}
	case "minProperties", "maxProperties":
		if object, ok := v.(map[string]any); ok {
			return size(len(object))
		}
	default:
		if number, ok := v.(json.Number); ok {
			return contract.Rat(number)
		}
	}
	return nil, false
}

// meets is the item that a value meets, nil for none.
func (b *bound) meets(v any) *item {
	if b.at.n > 0 && (b.beyond == nil || b.beyond.n > 0) {
		return nil
	}
	size, ok := b.measure(v)
	if !ok {
		return nil
	}
	away := size.Sub(size, b.limit) // above 0 is right
	if !b.lower {
		away.Neg(away)
	}
	switch sign := away.Sign(); {
	case sign < 0, sign == 0 && b.open:
		return b.beyond
	case sign == 0, b.open && away.Cmp(big.NewRat(1, 1)) <= 0:
		return b.at
	}
	return nil
}
