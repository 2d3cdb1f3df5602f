package lint

import (
	"encoding/json"
	"fmt"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/validate"
	"github.com/atlas-contract/conformance/internal/values"
)

var regularExpression = Rule{
	Name: "pattern",
	Doc:  "A regular expression cannot be compiled, neither by the rules of JSON Schema (ECMA-262) nor by those of Go.",
	run: func(p *pass) {
		for one := range p.places.of(schema) {
			if text := one.node.Get("pattern"); text.Exists() {
				p.compiles(text, text.Text())
			}
			for text, below := range one.node.Get("patternProperties").Pairs() {
				p.compiles(below, text)
			}
		}
	},
}

func (p *pass) compiles(at spec.Node, text string) {
	if err := validate.Pattern(text); err != nil {
		p.report(at, "%s; the keyword is not judged", err)
	}
}

var unsatisfiable = Rule{
	Name: "unsatisfiable",
	Doc:  "A schema of which no value was found, for itself or for a member that it cannot do without.",
	run: func(p *pass) {
		set := values.NewSet(p.is30())
		without := map[string]bool{}
		var found []spec.Node
		for one := range p.places.of(schema) {
			if n := one.node; !meantToBeEmpty(n) && !set.Has(n) {
				without[placeOf(n)] = true
				if !uncertain(n) {
					found = append(found, n)
				}
			}
		}
		for _, n := range found {
			if !inherited(n, without) {
				p.report(n, "no value was found that satisfies the schema%s", because(set, n))
			}
		}
	},
}

// meantToBeEmpty tells whether a schema is a mere reference, or the way in which
// OpenAPI 3.0 writes that nothing may be there.
func meantToBeEmpty(n spec.Node) bool {
	return n.Len() == 0 || n.Get("$ref").Exists() || n.Get("not").Exists() && n.Get("not").Len() == 0
}

// uncertain tells whether a value may well exist that was not found: one of a
// pattern, or of alternatives that a discriminator tells apart, about which the
// validators differ.
func uncertain(n spec.Node) bool { return n.Get("pattern").Exists() || n.Get("discriminator").Exists() }

func placeOf(n spec.Node) string { return n.File() + "#" + n.Pointer() }

// inherited tells whether a schema directly below has no value either, so that
// the fault is there.
func inherited(n spec.Node, without map[string]bool) bool {
	below := func(child spec.Node) bool { return without[placeOf(child)] || without[placeOf(child.Resolve())] }
	for name, m := range inSchema() {
		held := n.Get(name)
		if m.as == one && held.Exists() && below(held) {
			return true
		}
		for _, child := range held.Items() {
			if below(child) {
				return true
			}
		}
		for _, child := range held.Pairs() {
			if m.as == table && below(child) {
				return true
			}
		}
	}
	return false
}

// because names the keywords that exclude one another, where two simple ones
// do.
func because(set *values.Set, n spec.Node) string {
	for _, pair := range [][2]string{
		{"minimum", "maximum"},
		{"minLength", "maxLength"},
		{"minItems", "maxItems"},
		{"minProperties", "maxProperties"},
	} {
		low, high := n.Get(pair[0]), n.Get(pair[1])
		if exceeds(low, high) {
			return ": " + pair[0] + " is greater than " + pair[1]
		}
	}
	if a, b := overlap(set, n.Get("oneOf")); b > 0 {
		return fmt.Sprintf(": what fits alternative %d of oneOf fits alternative %d too, and only one may fit", a, b)
	}
	if n.Get("enum").Exists() {
		return ": none of its enum is right by the other keywords"
	}
	return ""
}

// overlap are the numbers, from 1, of two alternatives that a value of the first
// fits both.
func overlap(set *values.Set, oneOf spec.Node) (a, b int) {
	for i, one := range oneOf.Items() {
		v, ok := set.Schema(one, values.Options{}).Base()
		for j, other := range oneOf.Items() {
			if ok && i != j && set.Fits(other, v, false) {
				return i + 1, j + 1
			}
		}
	}
	return 0, 0
}

// exceeds compares two numbers of the document.
func exceeds(low, high spec.Node) bool {
	a, isNumber := low.Value().(json.Number)
	b, both := high.Value().(json.Number)
	if !isNumber || !both {
		return false
	}
	x, ok := contract.Rat(a)
	y, known := contract.Rat(b)
	return ok && known && x.Cmp(y) > 0
}
