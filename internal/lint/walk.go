package lint

import (
	"strings"

	"github.com/atlas-contract/conformance/internal/spec"
)

// kind is what an object of a document is (OpenAPI 3.1.0, section 4.8).
type kind string

const (
	document   kind = "document"
	components kind = "components"
	pathItem   kind = "path item"
	operation  kind = "operation"
	parameter  kind = "parameter"
	header     kind = "header"
	body       kind = "request body"
	response   kind = "response"
	media      kind = "media type"
	encoding   kind = "encoding"
	schema     kind = "schema"
	example    kind = "example"
	link       kind = "link"
	callback   kind = "callback"
	scheme     kind = "security scheme"
)

// holds says how a member holds objects: as one, as a list, or as a table by
// name.
type holds int

const (
	one holds = iota
	list
	table
)

// member is what stands under a name.
type member struct {
	as   holds
	kind kind
}

// grammar is what each kind of object has below it.
func grammar(k kind) map[string]member {
	switch k {
	case document:
		return map[string]member{"paths": {table, pathItem}, "webhooks": {table, pathItem}, "components": {one, components}}
	case components:
		return map[string]member{
			"schemas": {table, schema}, "responses": {table, response}, "parameters": {table, parameter}, "examples": {table, example},
			"requestBodies": {table, body}, "headers": {table, header}, "securitySchemes": {table, scheme}, "links": {table, link},
			"callbacks": {table, callback}, "pathItems": {table, pathItem},
		}
	case pathItem:
		out := map[string]member{"parameters": {list, parameter}}
		for _, method := range spec.Methods() {
			out[method] = member{one, operation}
		}
		return out
	case operation:
		return map[string]member{"parameters": {list, parameter}, "requestBody": {one, body}, "responses": {table, response}, "callbacks": {table, callback}}
	case parameter, header:
		return map[string]member{"schema": {one, schema}, "content": {table, media}, "examples": {table, example}}
	case body:
		return map[string]member{"content": {table, media}}
	case response:
		return map[string]member{"headers": {table, header}, "content": {table, media}, "links": {table, link}}
	case media:
		return map[string]member{"schema": {one, schema}, "examples": {table, example}, "encoding": {table, encoding}}
	case encoding:
		return map[string]member{"headers": {table, header}}
	case schema:
		return inSchema()
	}
	return nil
}

func inSchema() map[string]member {
	out := map[string]member{}
	for as, names := range map[holds][]string{
		one: {
			"items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else",
			"unevaluatedItems", "unevaluatedProperties", "contentSchema",
		},
		list:  {"allOf", "anyOf", "oneOf", "prefixItems"},
		table: {"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"},
	} {
		for _, name := range names {
			out[name] = member{as, schema}
		}
	}
	return out
}

// place is one object of the document, where it is written.
type place struct {
	kind kind
	node spec.Node
}

// places are all objects of a document, each once, in the order in which they
// are written and then reached.
type places struct {
	all []place
	// lost are the references that lead nowhere, with the reason, and odd the
	// members that hold no object, or no list or table of them.
	lost []lost
	odd  []odd
	seen map[string]bool
}

type lost struct {
	at  spec.Node
	why error
}

type odd struct {
	at   spec.Node
	want string
}

// deepest bounds how deep objects stand within one another; YAML aliases can
// make a document endless.
const deepest = 200

func walk(root spec.Node) *places {
	w := &places{seen: map[string]bool{}}
	w.visit(document, root, 0)
	return w
}

// of are the places of a kind.
func (w *places) of(kinds ...kind) func(func(place) bool) {
	return func(yield func(place) bool) {
		for _, p := range w.all {
			for _, k := range kinds {
				if p.kind == k && !yield(p) {
					return
				}
			}
		}
	}
}

func (w *places) visit(k kind, n spec.Node, depth int) {
	key := string(k) + " " + n.File() + "#" + n.Pointer()
	if w.seen[key] || depth > deepest {
		return
	}
	w.seen[key] = true
	if !n.IsMap() {
		if k != schema || n.Value() != true && n.Value() != false {
			w.odd = append(w.odd, odd{n, "an object is needed, a " + string(k)})
		}
		return
	}
	w.all = append(w.all, place{k, n})
	if target, is, err := n.Target(); err != nil {
		w.lost = append(w.lost, lost{n.Get("$ref"), err})
	} else if is {
		w.visit(k, target, depth+1)
	}
	if k == callback {
		for name, item := range n.Pairs() {
			if !strings.HasPrefix(name, "x-") && name != "$ref" {
				w.visit(pathItem, item, depth+1)
			}
		}
		return
	}
	below := grammar(k)
	for name, child := range n.Pairs() {
		if m, ok := below[name]; ok {
			w.below(m, child, depth+1)
		}
	}
}

// below visits what a member holds.
func (w *places) below(m member, n spec.Node, depth int) {
	switch m.as {
	case one:
		w.visit(m.kind, n, depth)
	case list:
		if !n.IsList() {
			w.odd = append(w.odd, odd{n, "a list is needed, of " + string(m.kind) + " objects"})
		}
		for _, item := range n.Items() {
			w.visit(m.kind, item, depth)
		}
	case table:
		if !n.IsMap() {
			w.odd = append(w.odd, odd{n, "an object is needed, with " + string(m.kind) + " objects by name"})
		}
		for name, item := range n.Pairs() {
			if !strings.HasPrefix(name, "x-") || m.kind == schema || m.kind == header {
				w.visit(m.kind, item, depth)
			}
		}
	}
}
