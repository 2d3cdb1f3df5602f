package values

import (
	"slices"

	"github.com/atlas-contract/conformance/internal/spec"
)

// view is a schema with its references and allOf resolved: for each keyword
// the places that have it.
type view struct {
	nodes []spec.Node
}

// look resolves a schema into a view.
func look(node spec.Node) view {
	var v view
	v.add(node, 0)
	return v
}

func (v *view) add(node spec.Node, depth int) {
	if depth > 30 || len(v.nodes) > 60 {
		return
	}
	if ref := node.Get("$ref"); ref.Exists() {
		v.add(node.Resolve(), depth+1)
		if node.Len() == 1 {
			return
		}
	}
	if slices.ContainsFunc(v.nodes, func(n spec.Node) bool { return n.Pointer() == node.Pointer() && n.File() == node.File() }) {
		return
	}
	v.nodes = append(v.nodes, node)
	for _, branch := range node.Get("allOf").Items() {
		v.add(branch, depth+1)
	}
}

// with is the view narrowed by a further schema, such as a branch.
func (v view) with(node spec.Node) view {
	out := view{nodes: slices.Clone(v.nodes)}
	out.add(node, 0)
	return out
}

// get is the first place that has a keyword.
func (v view) get(keyword string) spec.Node {
	for _, n := range v.nodes {
		if k := n.Get(keyword); k.Exists() {
			return k
		}
	}
	return spec.Node{}
}

// types are the JSON types that the schema allows, null included.
func (v view) types() []string {
	var out []string
	for _, n := range v.nodes {
		t := n.Get("type").Strings()
		if len(t) == 0 {
			continue
		}
		if n.Get("nullable").True() {
			t = append(slices.Clone(t), "null")
		}
		if out == nil {
			out = t
			continue
		}
		out = slices.DeleteFunc(slices.Clone(out), func(s string) bool {
			return !slices.Contains(t, s) && !(s == "integer" && slices.Contains(t, "number"))
		})
	}
	if out != nil {
		return out
	}
	return v.implied()
}

// implied is the type that the keywords suggest where none is named.
func (v view) implied() []string {
	for _, pair := range [][2]string{
		{"properties", "object"},
		{"required", "object"},
		{"additionalProperties", "object"},
		{"patternProperties", "object"},
		{"minProperties", "object"},
		{"items", "array"},
		{"prefixItems", "array"},
		{"minItems", "array"},
		{"contains", "array"},
		{"minLength", "string"},
		{"maxLength", "string"},
		{"pattern", "string"},
		{"format", "string"},
		{"minimum", "number"},
		{"maximum", "number"},
		{"multipleOf", "number"},
		{"exclusiveMinimum", "number"},
	} {
		if v.get(pair[0]).Exists() {
			return []string{pair[1]}
		}
	}
	return nil
}

func (v view) allows(kind string) bool { return slices.Contains(v.types(), kind) }

// required are the names of the members that must be there.
func (v view) required() []string {
	var out []string
	for _, n := range v.nodes {
		for _, name := range n.Get("required").Strings() {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// property is a named member's schema.
type property struct {
	name string
	node spec.Node
}

// properties are the members that a request or a response may have.
func (v view) properties(response bool) []property {
	var out []property
	for _, n := range v.nodes {
		for name, node := range n.Get("properties").Pairs() {
			if slices.ContainsFunc(out, func(p property) bool { return p.name == name }) {
				continue
			}
			one := look(node)
			if !response && one.get("readOnly").True() || response && one.get("writeOnly").True() {
				continue
			}
			out = append(out, property{name, node})
		}
	}
	return out
}

// choices are the lists of branches, each with its keyword.
func (v view) choices() []choice {
	var out []choice
	for _, n := range v.nodes {
		for _, keyword := range []string{"oneOf", "anyOf"} {
			if list := n.Get(keyword); list.Len() > 0 {
				out = append(out, choice{keyword, list, n.Get("discriminator")})
			}
		}
	}
	return out
}

type choice struct {
	keyword       string
	list          spec.Node
	discriminator spec.Node
}
