package values

import (
	"maps"
	"slices"

	"github.com/atlas-contract/conformance/contract"
)

func (e *evaluator) object(s *schema, v map[string]any, l *looked) {
	e.within(s.minProperties, s.maxProperties, len(v), "minProperties", "maxProperties")
	for _, name := range s.required {
		if _, has := v[name]; !has && !e.excused(name) {
			e.reportAt(name, "required")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		e.member(s, name, v[name], l)
	}
	e.dependents(s, v, l)
}

// excused tells that a required member does not travel in this direction
// (OpenAPI 3.0.3, Schema Object, readOnly and writeOnly).
func (e *evaluator) excused(name string) bool {
	for _, around := range e.stack[e.base:] {
		if declaresOneWay(around, name, e.response, 0) {
			return true
		}
	}
	return false
}

func declaresOneWay(s *schema, name string, response bool, depth int) bool {
	if p, ok := s.index[name]; ok && p.oneWay(response) {
		return true
	}
	if depth > 20 {
		return false
	}
	if s.ref != nil && declaresOneWay(s.ref, name, response, depth+1) {
		return true
	}
	for _, sub := range s.allOf {
		if declaresOneWay(sub, name, response, depth+1) {
			return true
		}
	}
	return false
}

func (e *evaluator) member(s *schema, name string, v any, l *looked) {
	known := false
	if p, ok := s.index[name]; ok {
		known = true
		if e.is30 && v != nil && p.oneWay(e.response) {
			e.reportAt(name, map[bool]string{false: "readOnly", true: "writeOnly"}[e.response])
		}
		e.child(p, v, name)
	}
	for _, pp := range s.patternProperties {
		if pp.pattern.match(name) {
			known = true
			e.child(pp.schema, v, name)
		}
	}
	if !known && s.additional != nil {
		known = true
		e.child(s.additional, v, name)
	}
	if known {
		l.prop(name)
	}
	if s.names != nil && !e.trial(s.names, name).fits() {
		e.reportAt(name, "propertyNames")
	}
}

func (e *evaluator) dependents(s *schema, v map[string]any, l *looked) {
	for _, d := range s.dependentRequired {
		if _, has := v[d.name]; !has {
			continue
		}
		for _, name := range d.needs {
			if _, has := v[name]; !has {
				e.reportAt(name, "dependentRequired")
			}
		}
	}
	for _, d := range s.dependentSchemas {
		if _, has := v[d.name]; has {
			l.add(e.visit(d.schema, v))
		}
	}
}

func (e *evaluator) array(s *schema, v []any, l *looked) {
	e.within(s.minItems, s.maxItems, len(v), "minItems", "maxItems")
	if s.unique && hasTwins(v) {
		e.report("uniqueItems")
	}
	for i, item := range v {
		sub := s.items
		if i < len(s.prefix) {
			sub = s.prefix[i]
		}
		if sub != nil {
			e.child(sub, item, itoa(i))
			l.item(i)
		}
	}
	if s.contains != nil {
		e.contains(s, v, l)
	}
}

func hasTwins(list []any) bool {
	first := make(map[string]bool, len(list))
	for _, item := range list {
		key := string(contract.Encode(normal(item)))
		if first[key] {
			return true
		}
		first[key] = true
	}
	return false
}

func (e *evaluator) contains(s *schema, v []any, l *looked) {
	n := 0
	for i, item := range v {
		if e.trial(s.contains, item).fits() {
			n++
			l.item(i)
		}
	}
	least := 1
	if s.minContains != nil {
		least = *s.minContains
	}
	switch {
	case n < least && n == 0:
		e.report("contains")
	case n < least:
		e.report("minContains")
	case s.maxContains != nil && n > *s.maxContains:
		e.report("maxContains")
	}
}

// unevaluated applies the keywords for what all others left over.
func (e *evaluator) unevaluated(s *schema, v any, l *looked) {
	if l == nil {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if s.unevaluatedProps != nil && !l.props[name] {
				e.child(s.unevaluatedProps, v[name], name)
				l.prop(name)
			}
		}
	case []any:
		for i, item := range v {
			if s.unevaluatedItems != nil && !l.items[i] {
				e.child(s.unevaluatedItems, item, itoa(i))
				l.item(i)
			}
		}
	}
}
