package validate

import (
	"fmt"
	"strconv"
)

func (e *evaluator) object(s *schema, v map[string]any, looked *seen) {
	e.least(s, "minProperties", s.minProperties, len(v), v, "members")
	e.most(s, "maxProperties", s.maxProperties, len(v), v, "members")
	e.required(s, v)
	for name, member := range v {
		e.member(s, name, member, looked)
	}
	if s.propertyNames != nil {
		e.names(s, v)
	}
	for name, list := range s.dependentRequired {
		if _, there := v[name]; there {
			e.dependents(s, v, name, list)
		}
	}
	for name, sub := range s.dependentSchemas {
		if _, there := v[name]; there {
			e.merge(looked, e.visit(sub, v))
		}
	}
}

func (e *evaluator) required(s *schema, v map[string]any) {
	for _, name := range s.required {
		if _, there := v[name]; !there && !e.excused(s, name) {
			e.reportAt(s, name, "required", nil, fmt.Sprintf("the required member %s is missing", quote(name)))
		}
	}
}

// excused tells that a required member need not be there in this direction: a
// readOnly one in a request, a writeOnly one in a response (OpenAPI 3.0.3,
// Schema Object). The member may be declared beside the schema that requires
// it, in an allOf around or below.
func (e *evaluator) excused(s *schema, name string) bool {
	if e.direction == neither {
		return false
	}
	for _, around := range e.stack[e.base:] {
		if e.declaresOneWay(around, name, nil) {
			return true
		}
	}
	return e.declaresOneWay(s, name, nil)
}

func (e *evaluator) declaresOneWay(s *schema, name string, seen []*schema) bool {
	for _, other := range seen {
		if other == s {
			return false
		}
	}
	seen = append(seen, s)
	if p, ok := s.properties[name]; ok && e.wrongWay(p) != "" {
		return true
	}
	if s.ref != nil && e.declaresOneWay(s.ref, name, seen) {
		return true
	}
	for _, sub := range s.allOf {
		if e.declaresOneWay(sub, name, seen) {
			return true
		}
	}
	return false
}

// wrongWay is the keyword that keeps a member out of this direction, "" where
// none does.
func (e *evaluator) wrongWay(s *schema) string {
	own, target := s, s.resolved()
	switch {
	case e.direction == request && (own.readOnly || target.readOnly):
		return "readOnly"
	case e.direction == response && (own.writeOnly || target.writeOnly):
		return "writeOnly"
	}
	return ""
}

func (e *evaluator) member(s *schema, name string, v any, looked *seen) {
	known := false
	if p, ok := s.properties[name]; ok {
		known = true
		e.way(p, name, v)
		e.child(p, v, step{key: name})
	}
	for _, pp := range s.patternProperties {
		if pp.pattern.MatchString(name) {
			known = true
			e.child(pp.schema, v, step{key: name})
		}
	}
	if !known && s.additional != nil {
		known = true
		e.extra(s.additional, name, v)
	}
	if known && looked != nil {
		looked.prop(name)
	}
}

// way reports a member that travels in the wrong direction. A writeOnly one is
// never in a response (JSON Schema 2020-12, validation, section 9.4).
func (e *evaluator) way(p *schema, name string, v any) {
	if v == nil {
		return
	}
	switch e.wrongWay(p) {
	case "readOnly":
		if !e.oneWay {
			return
		}
		e.reportAt(p, name, "readOnly", v, fmt.Sprintf("the readOnly member %s is in a request", quote(name)))
	case "writeOnly":
		e.reportAt(p, name, "writeOnly", v, fmt.Sprintf("the writeOnly member %s is in a response", quote(name)))
	}
}

func (e *evaluator) extra(s *schema, name string, v any) {
	if s.never {
		e.reportAt(s, name, "additionalProperties", v, fmt.Sprintf("the member %s is not allowed", quote(name)))
		return
	}
	e.child(s, v, step{key: name})
}

func (e *evaluator) names(s *schema, v map[string]any) {
	for name := range v {
		if got := e.trial(s.propertyNames, name); len(got.claims) > 0 {
			e.reportAt(s.propertyNames, name, "propertyNames", v[name],
				fmt.Sprintf("the member name %s is not allowed: %s", quote(name), got.claims[0].message))
		}
	}
}

func (e *evaluator) dependents(s *schema, v map[string]any, name string, list []string) {
	for _, other := range list {
		if _, there := v[other]; !there {
			e.reportAt(s, other, "dependentRequired", nil,
				fmt.Sprintf("the member %s is missing beside %s", quote(other), quote(name)))
		}
	}
}

func (e *evaluator) array(s *schema, v []any, looked *seen) {
	e.least(s, "minItems", s.minItems, len(v), v, "items")
	e.most(s, "maxItems", s.maxItems, len(v), v, "items")
	if s.uniqueItems {
		e.unique(s, v)
	}
	for i, item := range v {
		sub := s.items
		if i < len(s.prefixItems) {
			sub = s.prefixItems[i]
		}
		if sub == nil {
			continue
		}
		e.child(sub, item, step{index: i, isIndex: true})
		if looked != nil {
			looked.item(i)
		}
	}
	if s.contains != nil {
		e.contains(s, v, looked)
	}
}

func (e *evaluator) unique(s *schema, v []any) {
	first := make(map[string]int, len(v))
	for i, item := range v {
		key := canonical(item)
		if j, twice := first[key]; twice {
			e.report(s, "uniqueItems", v, "items "+strconv.Itoa(j)+" and "+strconv.Itoa(i)+" are equal")
			e.claims[len(e.claims)-1].inexact = inside(item, isInexact)
			return
		}
		first[key] = i
	}
}

func (e *evaluator) contains(s *schema, v []any, looked *seen) {
	n := 0
	for i, item := range v {
		if len(e.trial(s.contains, item).claims) == 0 {
			n++
			if looked != nil {
				looked.item(i)
			}
		}
	}
	least := 1
	if s.minContains != nil {
		least = *s.minContains
	}
	switch {
	case n < least && n == 0:
		e.report(s, "contains", v, "no item is as one has to be")
	case n < least:
		e.report(s, "minContains", v, fmt.Sprintf("%d items are as %d have to be", n, least))
	case s.maxContains != nil && n > *s.maxContains:
		e.report(s, "maxContains", v, fmt.Sprintf("%d items are as at most %d may be", n, *s.maxContains))
	}
}

// unevaluated applies the keywords that see what all others have left over.
func (e *evaluator) unevaluated(s *schema, v any, looked *seen) {
	if looked == nil || looked.all {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		if s.unevaluatedProps == nil {
			return
		}
		for name, member := range v {
			if looked.props[name] {
				continue
			}
			if s.unevaluatedProps.never {
				e.reportAt(s.unevaluatedProps, name, "unevaluatedProperties", member,
					fmt.Sprintf("the member %s is not allowed", quote(name)))
			} else {
				e.child(s.unevaluatedProps, member, step{key: name})
			}
			looked.prop(name)
		}
	case []any:
		if s.unevaluatedItems == nil {
			return
		}
		for i, item := range v {
			if !looked.items[i] {
				e.child(s.unevaluatedItems, item, step{index: i, isIndex: true})
				looked.item(i)
			}
		}
	}
}
