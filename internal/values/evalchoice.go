package values

import "strings"

// verdict is what a schema says about a value, not yet reported.
type verdict struct {
	faults []fault
	looked *looked
}

func (v verdict) fits() bool { return len(v.faults) == 0 }

func (e *evaluator) trial(s *schema, v any) verdict {
	outer := e.faults
	e.faults = nil
	l := e.visit(s, v)
	got := verdict{e.faults, l}
	e.faults = outer
	return got
}

func (e *evaluator) compositions(s *schema, v any, l *looked) {
	for _, sub := range s.allOf {
		l.add(e.visit(sub, v))
	}
	if len(s.anyOf) > 0 {
		e.choice(s, "anyOf", s.anyOf, v, l)
	}
	if len(s.oneOf) > 0 {
		e.choice(s, "oneOf", s.oneOf, v, l)
	}
	if s.not != nil && e.trial(s.not, v).fits() {
		e.report("not")
	}
	if s.when == nil {
		return
	}
	next := s.other
	if got := e.trial(s.when, v); got.fits() {
		l.add(got.looked)
		next = s.then
	}
	if next != nil {
		l.add(e.visit(next, v))
	}
}

// choice applies anyOf or oneOf. Where nothing fits, the faults of the branch
// that was meant are the faults.
func (e *evaluator) choice(s *schema, keyword string, branches []*schema, v any, l *looked) {
	verdicts := make([]verdict, len(branches))
	fits := 0
	for i, sub := range branches {
		verdicts[i] = e.trial(sub, v)
		if verdicts[i].fits() {
			fits++
			l.add(verdicts[i].looked)
		}
	}
	meant, named := e.named(s, v)
	switch {
	case named && meant < 0:
		e.reportAt(s.discriminator.property, "discriminator")
	case named && !verdicts[meant].fits():
		e.faults = append(e.faults, verdicts[meant].faults...)
	case keyword == "oneOf" && fits > 1:
		e.report("oneOf")
	case fits == 0:
		e.faults = append(e.faults, verdicts[e.meant(branches, v, verdicts)].faults...)
	}
}

// named is the branch that the discriminator names, -1 where it names none
// that is there; false where it does not speak. In OpenAPI 3.1 it is a hint.
func (e *evaluator) named(s *schema, v any) (int, bool) {
	if s.discriminator == nil || !e.is30 {
		return 0, false
	}
	object, _ := v.(map[string]any)
	tag, ok := object[s.discriminator.property].(string)
	if !ok {
		return 0, false
	}
	i := s.discriminator.branch(tag)
	return i, i >= 0 || s.discriminator.complete
}

// meant is the branch from which the value departs the least.
func (e *evaluator) meant(branches []*schema, v any, verdicts []verdict) int {
	best, least := 0, 0
	for i, verdict := range verdicts {
		cost := e.cost(verdict.faults) - 13*overlap(branches[i], v, 0)
		if i == 0 || cost < least {
			best, least = i, cost
		}
	}
	return best
}

func (e *evaluator) cost(faults []fault) int {
	total := 0
	for _, f := range faults {
		total += weight(f, strings.Count(f.pointer, "/")-len(e.path))
	}
	return total
}

func weight(f fault, depth int) int {
	switch {
	case depth <= 0 && f.keyword == "type":
		return 1000
	case depth <= 0:
		return 20
	case depth == 1 && f.tag:
		return 40
	case depth == 1 && (f.keyword == "required" || f.keyword == "additionalProperties"):
		return 10
	case depth == 1:
		return 5
	}
	return 1
}

// overlap counts the members of v that a branch declares.
func overlap(s *schema, v any, depth int) int {
	object, ok := v.(map[string]any)
	if !ok || depth > 20 {
		return 0
	}
	n := 0
	for name := range s.index {
		if _, has := object[name]; has {
			n++
		}
	}
	if s.ref != nil {
		n += overlap(s.ref, v, depth+1)
	}
	for _, sub := range s.allOf {
		n += overlap(sub, v, depth+1)
	}
	return n
}
