package checks

import (
	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// schemasOf are the schemas that an object in the body has: the one that the
// request selects, else those on the way through the declared body.
func (v *View) schemasOf(pointer string) []spec.Node {
	if op := v.Operation; op.Selects != nil && v.Success() {
		by, _ := contract.Eval(op.Selects.By, v.Exchange)
		value, _ := contract.Text(by)
		if schema, ok := op.Selects.Schemas[value]; ok {
			return []spec.Node{schema}
		}
	}
	var out []spec.Node
	if v.Declared != nil {
		for _, m := range v.Declared.Media {
			out = append(out, along(m.Schema, tokens(pointer), v.Body, 0)...)
		}
	}
	return out
}

// along are the schemas that a place in a value has.
func along(schema spec.Node, path []string, value any, depth int) []spec.Node {
	schema = schema.Resolve()
	if !schema.Exists() || depth > 20 {
		return nil
	}
	var out []spec.Node
	if len(path) == 0 {
		out = append(out, schema)
	} else if member, inner := stepInto(schema, path[0], value); member.Exists() {
		out = append(out, along(member, path[1:], inner, depth+1)...)
	}
	for _, branch := range fitting(schema, value) {
		out = append(out, along(branch, path, value, depth+1)...)
	}
	return out
}

// note is a member of a thing about which the contract says more than its form.
type note struct {
	pointer string
	ext     spec.Node
}

// notesOf are the members of an object that have an extension.
func notesOf(schemas []spec.Node, object any) []note {
	var out []note
	for _, schema := range schemas {
		out = append(out, notesIn(schema, object, "", 0)...)
	}
	return out
}

func notesIn(schema spec.Node, value any, pointer string, depth int) []note {
	members, ok := value.(map[string]any)
	schema = schema.Resolve()
	if !ok || depth > 6 {
		return nil
	}
	var out []note
	for name, property := range schema.Get("properties").Pairs() {
		inner, has := members[name]
		if !has {
			continue
		}
		property = property.Resolve()
		at := pointer + "/" + spec.Escape(name)
		if ext := property.Ext(); ext.Exists() {
			out = append(out, note{at, ext})
		}
		out = append(out, notesIn(property, inner, at, depth+1)...)
	}
	for _, branch := range fitting(schema, value) {
		out = append(out, notesIn(branch, value, pointer, depth+1)...)
	}
	return out
}

// memberStatements are those cited at the members that the body has.
func (v *View) memberStatements() []string {
	var out []string
	for _, schema := range v.schemasOf(v.Prefix) {
		values, under := []any{v.Inner}, schema
		if list, ok := v.Inner.([]any); ok {
			values = list
			if items := schema.Resolve().Get("items"); items.Exists() {
				under = items
			}
		}
		for _, value := range values {
			for _, n := range notesIn(under, value, "", 0) {
				if member, _ := contract.At(value, n.pointer); member != nil {
					out = append(out, n.ext.Get("statements").Strings()...)
				}
			}
		}
	}
	return out
}

// lifecycle is the lifecycle of the thing with the pointer to its state and the
// state; nil where the contract declares none.
func (l look) lifecycle() (*spec.Lifecycle, string, string) {
	for _, n := range l.notes {
		if cycle := spec.ReadLifecycle(n.ext); cycle != nil {
			value, _ := contract.At(l.object, n.pointer)
			state, _ := value.(string)
			return cycle, n.pointer, state
		}
	}
	return nil, "", ""
}
