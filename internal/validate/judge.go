package validate

import (
	"slices"
	"sort"
	"strings"
)

// The three judges, as indexes.
const (
	byStrict = iota
	byKin
	byLib
	judges
)

func judgeName(i int) string { return [judges]string{Strict, Kin, Lib}[i] }

// facts is what settlements may want to know beyond a claim.
type facts struct {
	is30     bool
	response bool
	// lacksBody: there is no body, and the document lets that pass.
	lacksBody bool
	// body is the body that is judged; isJSON tells that it says it is JSON.
	body   []byte
	isJSON bool
	// separator: some separator of lists is escaped in the query.
	separator bool
}

// dispute is one objection and where the judges stand on it.
type dispute struct {
	claim   claim
	by      [judges]bool // who objects
	against [judges]bool // who has looked and does not object
	facts   facts
}

// only tells that the judge objects alone.
func (d *dispute) only(judge int) bool { return d.count() == 1 && d.by[judge] }

func (d *dispute) count() int {
	n := 0
	for _, yes := range d.by {
		if yes {
			n++
		}
	}
	return n
}

// agreed tells that two independent judges object. In OpenAPI 3.1 both
// libraries judge by engines of one make, which count as one.
func (d *dispute) agreed() bool {
	return d.count() >= 2 && (d.facts.is30 || d.by[byStrict])
}

// standing is what becomes of a dispute.
type standing int

const (
	open    standing = iota // one against the others, and nothing settles it
	broken                  // a problem
	dropped                 // a known mistake of those who object
)

func (d *dispute) decide(table []settlement) standing {
	for _, s := range table {
		if s.applies(d) {
			if s.stands {
				return broken
			}
			return dropped
		}
	}
	if d.agreed() || d.only(byStrict) && !slices.Contains(d.against[:], true) {
		return broken
	}
	return open
}

// judge weighs three opinions, by a table of what is settled.
func judge(table []settlement, f facts, opinions [judges]opinion) Result {
	disputes := gather(f, opinions)
	var certain, doubtful []*dispute
	for _, d := range disputes {
		for i := range opinions {
			d.against[i] = !d.by[i] && !opinions[i].masks(d.claim)
		}
		switch d.decide(table) {
		case broken:
			certain = append(certain, d)
		case open:
			doubtful = append(doubtful, d)
		}
	}
	var result Result
	for _, d := range certain {
		result.Problems = append(result.Problems, d.problem(""))
	}
	for _, d := range doubtful {
		if !explained(d, certain) {
			result.Problems = append(result.Problems, d.problem(d.dissent()))
		}
	}
	sortProblems(result.Problems)
	for i, o := range opinions {
		if o.unable != "" {
			result.Unable = append(result.Unable, judgeName(i)+": "+o.unable)
		}
	}
	return result
}

// explained tells that the value of a doubtful claim, or one around it, is at
// fault for certain: then a further objection of one judge is not news. A
// parameter is one value in this, as the libraries stop at its first fault.
func explained(d *dispute, certain []*dispute) bool {
	for _, c := range certain {
		at := c.claim.pointer
		if d.inParameter() {
			at, _, _ = strings.Cut(at, "/")
		}
		if c.claim.place == d.claim.place && (within(d.claim.pointer, at) || d.leftOver() && within(at, d.parent())) {
			return true
		}
	}
	return false
}

// leftOver tells that only the libraries take what is at the pointer for
// unevaluated. Their engine forgets what a failed schema has looked at, so
// that one fault in an object or array makes it object to the rest as well.
func (d *dispute) leftOver() bool {
	unevaluated := d.claim.keyword == "unevaluatedProperties" || d.claim.keyword == "unevaluatedItems"
	return unevaluated && !d.by[byStrict]
}

// parent is the pointer of the object or array around.
func (d *dispute) parent() string {
	return d.claim.pointer[:max(0, strings.LastIndexByte(d.claim.pointer, '/'))]
}

type key struct{ place, pointer, class string }

func (c claim) key() key {
	pointer := c.pointer
	if c.place == PlaceHeader { // names of headers know no case
		name, rest, _ := strings.Cut(pointer, "/")
		pointer = strings.ToLower(name) + "/" + rest
	}
	return key{c.place, pointer, class(c.keyword)}
}

// gather makes one dispute of all claims that mean the same. The words are those
// of the strict layer, where it objects.
func gather(f facts, opinions [judges]opinion) []*dispute {
	var list []*dispute
	index := map[key]*dispute{}
	add := func(judge int, c claim) {
		k := c.key()
		d, known := index[k]
		if !known {
			d = &dispute{claim: c, facts: f}
			index[k] = d
			list = append(list, d)
		} else {
			d.claim.choices = append(d.claim.choices, c.choices...)
		}
		d.by[judge] = true
	}
	for judge, o := range opinions {
		for _, c := range o.claims {
			if c.reach == exact {
				add(judge, c)
			}
		}
	}
	for judge, o := range opinions {
		for _, c := range o.claims {
			if c.reach != exact && !join(list, judge, c) {
				add(judge, c)
			}
		}
	}
	return list
}

// join counts a coarse claim as an objection to all that make it precise.
func join(list []*dispute, judge int, c claim) bool {
	joined := false
	for _, d := range list {
		if c.supports(d.claim) {
			d.by[judge], joined = true, true
		}
	}
	return joined
}

func (d *dispute) problem(dissent string) Problem {
	var by []string
	for i, yes := range d.by {
		if yes {
			by = append(by, judgeName(i))
		}
	}
	sort.Strings(by)
	p := d.claim.problem(by...)
	p.Dissent = dissent
	return p
}

func (d *dispute) dissent() string {
	if d.claim.keyword == ruleRepeated {
		return "the specification leaves open what that means"
	}
	var names []string
	for i, no := range d.against {
		if no {
			names = append(names, judgeName(i))
		}
	}
	sort.Strings(names)
	switch len(names) {
	case 0:
		return "nobody else could judge it"
	case 1:
		return names[0] + " finds no fault"
	}
	return strings.Join(names, " and ") + " find no fault"
}

func sortProblems(list []Problem) {
	order := []string{PlaceStatus, PlaceMedia, PlaceHeader, PlacePath, PlaceQuery, PlaceCookie, PlaceBody}
	slices.SortStableFunc(list, func(a, b Problem) int {
		if a.Place != b.Place {
			return slices.Index(order, a.Place) - slices.Index(order, b.Place)
		}
		if c := strings.Compare(a.Pointer, b.Pointer); c != 0 {
			return c
		}
		return strings.Compare(a.Keyword, b.Keyword)
	})
}
