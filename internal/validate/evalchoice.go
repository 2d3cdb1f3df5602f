package validate

import "fmt"

// trialled is what a schema says about a value, not yet reported.
type trialled struct {
	claims []claim
	seen   *seen
}

// trial judges v without reporting.
func (e *evaluator) trial(s *schema, v any) trialled {
	outer := e.claims
	e.claims = nil
	looked := e.visit(s, v)
	got := trialled{claims: e.claims, seen: looked}
	e.claims = outer
	return got
}

func (e *evaluator) compositions(s *schema, v any, looked *seen) {
	for _, sub := range s.allOf {
		e.merge(looked, e.visit(sub, v))
	}
	if len(s.anyOf) > 0 {
		e.choice(s, "anyOf", s.anyOf, v, looked)
	}
	if len(s.oneOf) > 0 {
		e.choice(s, "oneOf", s.oneOf, v, looked)
	}
	if s.not != nil && len(e.trial(s.not, v).claims) == 0 {
		e.report(s, "not", v, fmt.Sprintf("%s is just what it must not be", describe(v)))
	}
	if s.when != nil {
		e.condition(s, v, looked)
	}
}

func (e *evaluator) condition(s *schema, v any, looked *seen) {
	got := e.trial(s.when, v)
	next := s.other
	if len(got.claims) == 0 {
		e.merge(looked, got.seen)
		next = s.then
	}
	if next != nil {
		e.merge(looked, e.visit(next, v))
	}
}

// choice applies anyOf or oneOf. Where no branch fits, what counts is the
// branch that was meant: its faults are reported, not that nothing fits.
func (e *evaluator) choice(s *schema, keyword string, branches []*schema, v any, looked *seen) {
	e.choices = append(e.choices, len(e.path))
	results := make([]trialled, len(branches))
	var fits []int
	for i, sub := range branches {
		results[i] = e.trial(sub, v)
		if len(results[i].claims) == 0 {
			fits = append(fits, i)
			e.merge(looked, results[i].seen)
		}
	}
	e.decide(s, keyword, branches, v, results, fits)
	e.choices = e.choices[:len(e.choices)-1]
}

func (e *evaluator) decide(s *schema, keyword string, branches []*schema, v any, results []trialled, fits []int) {
	meant, named := e.named(s, v)
	switch {
	case named && meant < 0:
		return // reported as such
	case named && len(results[meant].claims) > 0:
		e.claims = append(e.claims, results[meant].claims...)
	case keyword == "oneOf" && len(fits) > 1:
		e.report(s, "oneOf", v, fmt.Sprintf("it fits more than one of the alternatives, numbers %d and %d", fits[0]+1, fits[1]+1))
	case len(fits) == 0:
		e.claims = append(e.claims, results[e.meant(branches, v, results)].claims...)
	}
}

// named is the branch that the discriminator names; false where it does not
// speak, and -1 where it names a branch that is not there.
func (e *evaluator) named(s *schema, v any) (int, bool) {
	if s.discriminator == nil {
		return 0, false
	}
	object, _ := v.(map[string]any)
	name, ok := object[s.discriminator.property].(string)
	if !ok {
		return 0, false
	}
	if i, ok := s.discriminator.branches[name]; ok {
		return i, true
	}
	if !s.discriminator.complete {
		return 0, false
	}
	e.reportAt(s, s.discriminator.property, "discriminator", name,
		fmt.Sprintf("%s names none of the alternatives", show(name)))
	return -1, true
}

// meant is the branch whose faults are the smallest departure from the value.
func (e *evaluator) meant(branches []*schema, v any, results []trialled) int {
	const foreign = 200 // of a branch that knows no member of the object
	object, _ := v.(map[string]any)
	best, least := 0, 0
	for i, r := range results {
		known := overlap(branches[i], v, nil)
		cost := e.cost(r.claims) - 13*known
		if known == 0 && len(object) > 0 {
			cost += foreign
		}
		if i == 0 || cost < least {
			best, least = i, cost
		}
	}
	return best
}

// cost weighs what a branch objects to. The wrong type altogether, or a wrong
// value of a member that tells the branches apart, means another branch; a
// fault deep inside hardly does.
func (e *evaluator) cost(claims []claim) int {
	total, here := 0, len(e.path)
	for _, c := range claims {
		depth := 0
		for i := len(e.prefix); i < len(c.pointer); i++ {
			if c.pointer[i] == '/' {
				depth++
			}
		}
		total += weight(c, depth-here)
	}
	return total
}

func weight(c claim, depth int) int {
	switch {
	case depth <= 0 && c.keyword == "type":
		return 1000
	case depth <= 0:
		return 20
	case depth == 1 && c.detail == detailTag:
		return 40
	case depth == 1 && (c.keyword == "required" || c.keyword == "additionalProperties"):
		return 10
	case depth == 1:
		return 5
	}
	return 1
}

// overlap counts the members of v that a branch knows.
func overlap(s *schema, v any, seen []*schema) int {
	object, ok := v.(map[string]any)
	if !ok {
		return 0
	}
	for _, other := range seen {
		if other == s {
			return 0
		}
	}
	seen = append(seen, s)
	n := 0
	for name := range s.properties {
		if _, there := object[name]; there {
			n++
		}
	}
	if s.ref != nil {
		n += overlap(s.ref, v, seen)
	}
	for _, sub := range s.allOf {
		n += overlap(sub, v, seen)
	}
	return n
}
