package checks

import (
	"maps"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// listing is a reply's list of things.
type listing struct {
	items []any
	// pointer leads from the body without its envelope to the list.
	pointer string
	// around is the object that the list is a member of, nil where the list is
	// all there is.
	around map[string]any
}

// listing is the list of things of a kind that a reply has: its body, or the
// one array in it whose elements are such things.
func (v *View) listing(r *spec.Resource) (listing, bool) {
	if r.Member() == "" {
		return listing{}, false
	}
	if list, ok := v.Inner.([]any); ok {
		return listing{items: list}, true
	}
	around, _ := v.Inner.(map[string]any)
	var arrays, kin []string
	for _, name := range slices.Sorted(maps.Keys(around)) {
		if list, ok := around[name].([]any); ok {
			arrays = append(arrays, name)
			if v.lists(r, name, list) {
				kin = append(kin, name)
			}
		}
	}
	if len(arrays) > 1 { // that their elements have ids does not tell them apart
		kin = slices.DeleteFunc(kin, func(name string) bool { return !slices.ContainsFunc(v.elements(name), shownBy(r)) })
	}
	if len(kin) != 1 {
		return listing{}, false
	}
	return listing{items: around[kin[0]].([]any), pointer: "/" + spec.Escape(kin[0]), around: around}, true
}

// lists tells whether the elements of an array can be things of a kind: they
// have its id, or, where there are none, their schema does.
func (v *View) lists(r *spec.Resource, name string, list []any) bool {
	if len(list) > 0 {
		return !slices.ContainsFunc(list, func(item any) bool { return idIn(r, item) == "" })
	}
	first := tokens(r.Member())[0]
	return slices.ContainsFunc(v.elements(name), func(schema spec.Node) bool { return names(schema, first, 0) })
}

// elements are the schemas that the document has for the elements of an array.
func (v *View) elements(name string) []spec.Node {
	var out []spec.Node
	if v.Declared == nil {
		return nil
	}
	for _, m := range v.Declared.Media {
		for _, schema := range along(m.Schema, tokens(v.Prefix+"/"+spec.Escape(name)), v.Body, 0) {
			if items := schema.Get("items").Resolve(); items.Exists() {
				out = append(out, items)
			}
		}
	}
	return out
}

// names tells whether a schema has a member of that name.
func names(schema spec.Node, member string, depth int) bool {
	schema = schema.Resolve()
	if depth > 6 || schema.Get("properties", member).Exists() {
		return depth <= 6
	}
	for _, choice := range []string{"allOf", "oneOf", "anyOf"} {
		for _, branch := range schema.Get(choice).Items() {
			if names(branch, member, depth+1) {
				return true
			}
		}
	}
	return false
}

// shownBy tells of a schema whether it is that by which a thing is shown when
// it is made or read.
func shownBy(r *spec.Resource) func(spec.Node) bool {
	var own []spec.Node
	for _, op := range []*spec.Operation{r.Create, r.Read} {
		if op == nil {
			continue
		}
		for _, response := range op.Responses {
			for _, m := range response.Media {
				if strings.HasPrefix(response.Status, "2") {
					own = append(own, m.Schema.Resolve())
				}
			}
		}
	}
	return func(schema spec.Node) bool {
		return slices.ContainsFunc(own, func(one spec.Node) bool {
			return one.File() == schema.File() && one.Pointer() == schema.Pointer()
		})
	}
}

// idIn is the id of a thing as it shows it, "" where it does not.
func idIn(r *spec.Resource, item any) string {
	value, _ := contract.At(item, r.Member())
	id, _ := contract.Text(value)
	return id
}
