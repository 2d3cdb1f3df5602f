package values

import (
	"encoding/json"
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// fault is one thing that is wrong with a value.
type fault struct {
	pointer string
	keyword string
	tag     bool // an enum of one, which tells alternatives apart
}

// maxVisits bounds the work for one value.
const maxVisits = 200_000

// evaluator judges one value, with the same rules and the same names for what
// is wrong as internal/validate has.
type evaluator struct {
	is30, response, track bool

	path   []string
	faults []fault
	stack  []*schema // the schemas around the one at hand
	base   int       // from here on they apply to the same value
	visits int
}

// looked is what the keywords of a schema have looked at, for those that see
// what is left over.
type looked struct {
	props map[string]bool
	items map[int]bool
}

func (l *looked) prop(name string) {
	if l != nil {
		l.props[name] = true
	}
}

func (l *looked) item(i int) {
	if l != nil {
		l.items[i] = true
	}
}

func (l *looked) add(other *looked) {
	if l == nil || other == nil {
		return
	}
	for name := range other.props {
		l.props[name] = true
	}
	for i := range other.items {
		l.items[i] = true
	}
}

func (e *evaluator) report(keyword string) {
	e.faults = append(e.faults, fault{pointer: strings.Join(e.path, ""), keyword: keyword})
}

func (e *evaluator) reportAt(token, keyword string) {
	e.path = append(e.path, "/"+spec.Escape(token))
	e.report(keyword)
	e.path = e.path[:len(e.path)-1]
}

// child judges a member or an item.
func (e *evaluator) child(s *schema, v any, token string) {
	outer := e.base
	e.path, e.base = append(e.path, "/"+spec.Escape(token)), len(e.stack)
	e.visit(s, v)
	e.path, e.base = e.path[:len(e.path)-1], outer
}

// visit judges v by s and tells what it looked at.
func (e *evaluator) visit(s *schema, v any) *looked {
	e.visits++
	if e.visits > maxVisits {
		return nil
	}
	if s.never {
		e.report(falseKeyword(s))
		return nil
	}
	for _, other := range e.stack[e.base:] {
		if other == s {
			return nil
		}
	}
	e.stack = append(e.stack, s)
	var l *looked
	if e.track {
		l = &looked{map[string]bool{}, map[int]bool{}}
	}
	e.apply(s, v, l)
	e.stack = e.stack[:len(e.stack)-1]
	return l
}

// falseKeyword is the keyword that a schema false stands under.
func falseKeyword(s *schema) string {
	for _, keyword := range []string{"additionalProperties", "unevaluatedProperties", "unevaluatedItems", "items"} {
		if strings.HasSuffix(s.node.Pointer(), "/"+keyword) {
			return keyword
		}
	}
	return "false"
}

func (e *evaluator) apply(s *schema, v any, l *looked) {
	if s.ref != nil {
		l.add(e.visit(s.ref, v))
	}
	if s.types != 0 && s.types&typeOf(v) == 0 && !(v == nil && s.nullable) {
		e.report("type")
		return
	}
	if s.hasEnum && !among(s.enum, v) {
		e.enum(s)
	}
	switch v := v.(type) {
	case string:
		e.text(s, v)
	case json.Number:
		e.number(s, v)
	case []any:
		e.array(s, v, l)
	case map[string]any:
		e.object(s, v, l)
	}
	e.compositions(s, v, l)
	e.unevaluated(s, v, l)
}

// typeOf is the type of a decoded value.
func typeOf(v any) kinds {
	switch v := v.(type) {
	case nil:
		return kindNull
	case bool:
		return kindBoolean
	case string:
		return kindString
	case []any:
		return kindArray
	case map[string]any:
		return kindObject
	case json.Number:
		if r, ok := contract.Rat(v); ok && r.IsInt() {
			return kindInteger
		}
		return kindFraction
	}
	return 0
}

func (e *evaluator) enum(s *schema) {
	if s.constant {
		e.report("const")
	} else {
		e.report("enum")
	}
	e.faults[len(e.faults)-1].tag = len(s.enum) == 1
}

func (e *evaluator) within(low, high *int, n int, least, most string) {
	if low != nil && n < *low {
		e.report(least)
	}
	if high != nil && n > *high {
		e.report(most)
	}
}

func (e *evaluator) text(s *schema, v string) {
	if s.minLength != nil || s.maxLength != nil {
		e.within(s.minLength, s.maxLength, utf8.RuneCountInString(v), "minLength", "maxLength")
	}
	if s.pattern != nil && !s.pattern.match(v) {
		e.report("pattern")
	}
	if s.format != "" && !formatOK(s.format, v) {
		e.report("format")
	}
}

func (e *evaluator) number(s *schema, v json.Number) {
	r, ok := contract.Rat(v)
	if !ok {
		return
	}
	if s.format != "" && !numberFormatOK(s.format, r) {
		e.report("format")
	}
	for _, b := range []struct {
		bound   *big.Rat
		keyword string
		broken  func(int) bool
	}{
		{s.maximum, "maximum", func(c int) bool { return c > 0 }},
		{s.below, "exclusiveMaximum", func(c int) bool { return c >= 0 }},
		{s.minimum, "minimum", func(c int) bool { return c < 0 }},
		{s.above, "exclusiveMinimum", func(c int) bool { return c <= 0 }},
	} {
		if b.bound != nil && b.broken(r.Cmp(b.bound)) {
			e.report(b.keyword)
		}
	}
	if s.multipleOf != nil && !new(big.Rat).Quo(r, s.multipleOf).IsInt() {
		e.report("multipleOf")
	}
}
