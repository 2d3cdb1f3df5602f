package validate

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// direction is the way a value travels: readOnly and writeOnly depend on it.
type direction int

const (
	neither direction = iota
	request
	response
)

// maxVisits bounds the work for one value, which a recursive schema with many
// branches could multiply.
const maxVisits = 1 << 20

// evaluator is the strict layer's own JSON Schema engine, at work on one value.
// It knows the keywords of OpenAPI 3.0 and of JSON Schema 2020-12, calculates
// exactly, and reports claims with the place given.
type evaluator struct {
	place     string
	prefix    string // before each pointer: a parameter's name
	direction direction
	// oneWay forbids readOnly members in requests, as OpenAPI 3.0 does and 3.1
	// no longer does.
	oneWay bool
	// track makes it keep what was looked at, for unevaluatedProperties and
	// unevaluatedItems.
	track bool

	path   path
	claims []claim
	// choices are the anyOf and oneOf around the schema at hand, each by the
	// length of the path that it applies to.
	choices []int
	// stack holds the schemas around the one at hand, outermost first; those
	// from base on apply to the same value.
	stack  []*schema
	base   int
	visits int
	unable string
}

// seen is what the keywords of a schema have looked at in an object or array.
type seen struct {
	all   bool
	props map[string]bool
	items map[int]bool
}

func (s *seen) prop(name string) {
	if s.props == nil {
		s.props = map[string]bool{}
	}
	s.props[name] = true
}

func (s *seen) item(i int) {
	if s.items == nil {
		s.items = map[int]bool{}
	}
	s.items[i] = true
}

func (s *seen) add(other *seen) {
	if other == nil {
		return
	}
	s.all = s.all || other.all
	for name := range other.props {
		s.prop(name)
	}
	for i := range other.items {
		s.item(i)
	}
}

func (e *evaluator) pointer() string { return e.prefix + e.path.String() }

func (e *evaluator) report(s *schema, keyword string, v any, message string) {
	var around []choice
	for _, n := range e.choices {
		around = append(around, choice{e.place, e.prefix + e.path[:n].String()})
	}
	e.claims = append(e.claims, claim{
		place: e.place, pointer: e.pointer(), keyword: keyword, message: message,
		schema: s.pointer, choices: around, value: v,
	})
}

// reportAt is report for a member of the object at hand.
func (e *evaluator) reportAt(s *schema, name, keyword string, v any, message string) {
	e.path = append(e.path, step{key: name})
	e.report(s, keyword, v, message)
	e.path = e.path[:len(e.path)-1]
}

// child judges a member or item. What applied to the parent does not count
// there.
func (e *evaluator) child(s *schema, v any, at step) {
	outer := e.base
	e.path, e.base = append(e.path, at), len(e.stack)
	e.visit(s, v)
	e.path, e.base = e.path[:len(e.path)-1], outer
}

// visit judges v by s and returns what it looked at.
func (e *evaluator) visit(s *schema, v any) *seen {
	e.visits++
	if e.visits > maxVisits {
		e.unable = "judge the value: the schema and the value together are too large"
		return nil
	}
	if s.broken != "" && e.unable == "" {
		e.unable = s.broken
	}
	if s.never {
		e.report(s, falseKeyword(s.pointer), v, "no value is allowed here")
		return nil
	}
	for _, other := range e.stack[e.base:] {
		if other == s {
			return nil // a schema that refers to itself adds nothing
		}
	}
	e.stack = append(e.stack, s)
	var looked *seen
	if e.track {
		looked = &seen{}
	}
	e.apply(s, v, looked)
	e.stack = e.stack[:len(e.stack)-1]
	return looked
}

// falseKeyword names the rule that a false schema stands for, by its place.
func falseKeyword(pointer string) string {
	for _, keyword := range []string{"additionalProperties", "unevaluatedProperties", "unevaluatedItems", "items"} {
		if len(pointer) > len(keyword) && pointer[len(pointer)-len(keyword)-1:] == "/"+keyword {
			return keyword
		}
	}
	return "false"
}

func (e *evaluator) apply(s *schema, v any, looked *seen) {
	if s.ref != nil {
		e.merge(looked, e.visit(s.ref, v))
	}
	if !e.typeFits(s, v) {
		e.report(s, "type", v, fmt.Sprintf("%s where %s is due", describe(v), withArticle(s.typeName)))
		return
	}
	if s.enum != nil && !s.enum[canonical(v)] {
		e.enum(s, v)
	}
	switch v := v.(type) {
	case string:
		e.text(s, v)
	case json.Number:
		e.number(s, v)
	case []any:
		e.array(s, v, looked)
	case map[string]any:
		e.object(s, v, looked)
	}
	e.compositions(s, v, looked)
	e.unevaluated(s, v, looked)
}

func (e *evaluator) merge(looked, other *seen) {
	if looked != nil {
		looked.add(other)
	}
}

// typeFits applies type and, in 3.0, nullable: null is allowed where nullable
// stands beside a type, and where there is no type at all (OpenAPI 3.0.3 with
// its clarification of nullable).
func (e *evaluator) typeFits(s *schema, v any) bool {
	if s.types == 0 {
		return true
	}
	switch v := v.(type) {
	case nil:
		return s.types&kindNull != 0 || s.nullable
	case bool:
		return s.types&kindBoolean != 0
	case string:
		return s.types&kindString != 0
	case []any:
		return s.types&kindArray != 0
	case map[string]any:
		return s.types&kindObject != 0
	case json.Number:
		return s.types&kindNumber != 0 || s.types&kindInteger != 0 && isInteger(v)
	}
	return false
}

func (e *evaluator) enum(s *schema, v any) {
	if s.isConst {
		e.report(s, "const", v, fmt.Sprintf("%s is not %s", show(v), s.enumText))
	} else {
		e.report(s, "enum", v, fmt.Sprintf("%s is none of %s", show(v), shorten(s.enumText)))
	}
	last := &e.claims[len(e.claims)-1]
	last.inexact = inside(v, isInexact)
	if len(s.enum) == 1 {
		last.detail = detailTag
	}
}

func (e *evaluator) text(s *schema, v string) {
	if s.minLength != nil || s.maxLength != nil {
		n := utf8.RuneCountInString(v)
		e.least(s, "minLength", s.minLength, n, v, "characters")
		e.most(s, "maxLength", s.maxLength, n, v, "characters")
	}
	if s.pattern != nil {
		ok, err := s.pattern.match(v)
		if err != nil && e.unable == "" {
			e.unable = err.Error()
		}
		if err == nil && !ok {
			e.report(s, "pattern", v, fmt.Sprintf("%s does not match %s", show(v), quote(s.pattern.text)))
		}
	}
	if s.format != "" && !stringFormat(s.format, v) {
		e.report(s, "format", v, fmt.Sprintf("%s is not %s", show(v), withArticle(s.format)))
		e.claims[len(e.claims)-1].detail = s.format
	}
}

// least and most compare a count with its limit.
func (e *evaluator) least(s *schema, keyword string, limit *int, n int, v any, of string) {
	if limit != nil && n < *limit {
		e.report(s, keyword, v, fmt.Sprintf("%d %s, fewer than %d", n, of, *limit))
	}
}

func (e *evaluator) most(s *schema, keyword string, limit *int, n int, v any, of string) {
	if limit != nil && n > *limit {
		e.report(s, keyword, v, fmt.Sprintf("%d %s, more than %d", n, of, *limit))
	}
}
