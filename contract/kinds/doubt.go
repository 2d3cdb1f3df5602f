package kinds

import (
	"regexp"
	"slices"
	"sync"

	"github.com/atlas-contract/conformance/internal/spec"
)

// invented notes that a value was made up whose meaning the document does not
// fully tell: a text that may name something.
func (p *plan) invented(what string, schema spec.Node) {
	if p.doubt == "" && hasFreeText(schema, false, 0) {
		p.doubt = "the " + what + " is made up from its schema"
	}
}

// hasFreeText tells whether a schema takes a text that nothing but its meaning
// bounds. One that is made up is the documented example where there is one; one
// that is drawn is not, but a known one where any is.
func hasFreeText(schema spec.Node, drawn bool, depth int) bool {
	schema = schema.Resolve()
	if depth > 6 || !schema.Exists() {
		return false
	}
	if slices.Contains(schema.Get("type").Strings(), "string") && !schema.Get("enum").Exists() && !schema.Get("const").Exists() &&
		!schema.Get("format").Exists() && !schema.Get("pattern").Exists() &&
		(drawn && spec.ReadKnown(schema) == nil || !drawn && !schema.Get("example").Exists() && !schema.Get("examples").Exists()) {
		return true
	}
	for name, property := range schema.Get("properties").Pairs() {
		if hasFreeText(property, drawn, depth+1) || namesAnother(name, property.Resolve()) {
			return true
		}
	}
	for _, choice := range []string{"allOf", "anyOf", "oneOf"} {
		for _, branch := range schema.Get(choice).Items() {
			if hasFreeText(branch, drawn, depth+1) {
				return true
			}
		}
	}
	return hasFreeText(schema.Get("items"), drawn, depth+1)
}

// namesAnother tells whether a member seems to name another thing, by a UUID or
// a number: one that is made up does not.
func namesAnother(name string, schema spec.Node) bool {
	if schema.Get("enum").Exists() || schema.Get("const").Exists() || schema.Get("example").Exists() || schema.Get("examples").Exists() {
		return false
	}
	return schema.Get("format").Text() == "uuid" ||
		slices.Contains(schema.Get("type").Strings(), "integer") && reference().MatchString(name)
}

// reference matches the names of members that usually refer to other things.
var reference = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[a-z0-9](Id|ID)s?$|_ids?$`) })

// vouched tells whether a value has known values wherever its schema knows some.
func vouched(schema spec.Node, value any, siblings map[string]any) bool {
	schema = schema.Resolve()
	if known := knownValues(schema, siblings); len(known) > 0 && !contains(known, value) {
		return false
	}
	switch at := value.(type) {
	case map[string]any:
		for name, member := range at {
			if !vouched(schema.Get("properties", name), member, at) {
				return false
			}
		}
	case []any:
		for _, item := range at {
			if !vouched(schema.Get("items"), item, nil) {
				return false
			}
		}
	}
	return true
}
