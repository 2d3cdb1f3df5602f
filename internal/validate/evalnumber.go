package validate

import (
	"encoding/json"
	"fmt"
	"math/big"
)

// number applies the keywords of numbers in exact arithmetic.
func (e *evaluator) number(s *schema, v json.Number) {
	if s.format != "" && !numberFormat(s.format, v) {
		e.numberFault(s, "format", v, fmt.Sprintf("%s is not %s", show(v), withArticle(s.format)))
		e.claims[len(e.claims)-1].detail = s.format
	}
	if s.maximum == nil && s.exclusiveMaximum == nil && s.minimum == nil && s.exclusiveMinimum == nil && s.multipleOf == nil {
		return
	}
	r := rational(v)
	if r == nil {
		if e.unable == "" {
			e.unable = fmt.Sprintf("compare %s: its exponent is out of all bounds", show(v))
		}
		return
	}
	e.limit(s, "maximum", s.maximum, v, r, "greater than", func(c int) bool { return c > 0 })
	e.limit(s, "exclusiveMaximum", s.exclusiveMaximum, v, r, "not less than", func(c int) bool { return c >= 0 })
	e.limit(s, "minimum", s.minimum, v, r, "less than", func(c int) bool { return c < 0 })
	e.limit(s, "exclusiveMinimum", s.exclusiveMinimum, v, r, "not greater than", func(c int) bool { return c <= 0 })
	if b := s.multipleOf; b != nil && !new(big.Rat).Quo(r, b.value).IsInt() {
		e.numberFault(s, "multipleOf", v, fmt.Sprintf("%s is no multiple of %s", show(v), b.text))
	}
}

func (e *evaluator) limit(s *schema, keyword string, b *bound, v json.Number, r *big.Rat, words string, broken func(int) bool) {
	if b != nil && broken(r.Cmp(b.value)) {
		e.numberFault(s, keyword, v, fmt.Sprintf("%s is %s %s", show(v), words, b.text))
	}
}

func (e *evaluator) numberFault(s *schema, keyword string, v json.Number, message string) {
	e.report(s, keyword, v, message)
	e.claims[len(e.claims)-1].inexact = inexact(v)
}
