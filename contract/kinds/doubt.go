package kinds

import (
	"slices"

	"github.com/atlas-contract/conformance/internal/spec"
)

// invented notes that a value was made up whose meaning the document does not
// fully tell: a text that may name something.
func (p *plan) invented(what string, schema spec.Node) {
	if p.doubt == "" && hasFreeText(schema, 0) {
		p.doubt = "the " + what + " is made up from its schema"
	}
}

// hasFreeText tells whether a schema takes a text that nothing but its meaning
// bounds.
func hasFreeText(schema spec.Node, depth int) bool {
	schema = schema.Resolve()
	if depth > 6 || !schema.Exists() {
		return false
	}
	if slices.Contains(schema.Get("type").Strings(), "string") && !schema.Get("enum").Exists() && !schema.Get("const").Exists() &&
		!schema.Get("format").Exists() && !schema.Get("pattern").Exists() && !schema.Get("example").Exists() && !schema.Get("examples").Exists() {
		return true
	}
	for _, property := range schema.Get("properties").Pairs() {
		if hasFreeText(property, depth+1) {
			return true
		}
	}
	for _, choice := range []string{"allOf", "anyOf", "oneOf"} {
		for _, branch := range schema.Get(choice).Items() {
			if hasFreeText(branch, depth+1) {
				return true
			}
		}
	}
	return hasFreeText(schema.Get("items"), depth+1)
}
