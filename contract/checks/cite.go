package checks

import (
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/internal/spec"
)

// bodyStatements follows a pointer through the declared schema of the body and
// collects the statements cited on the way, innermost first.
func (v *View) bodyStatements(pointer string) []string {
	if v.Declared == nil {
		return nil
	}
	var out []string
	for _, m := range v.Declared.Media {
		out = append(out, cited(m.Schema, tokens(pointer), v.Body)...)
	}
	return out
}

func tokens(pointer string) []string {
	if pointer == "" {
		return nil
	}
	list := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, token := range list {
		list[i] = spec.Unescape(token)
	}
	return list
}

// cited walks a schema along the tokens. At a choice of several branches it
// takes the ones that the value could be meant for.
func cited(schema spec.Node, path []string, value any) []string {
	schema = schema.Resolve()
	own := schema.Ext().Get("statements").Strings()
	var deeper []string
	if len(path) > 0 {
		member, inner := stepInto(schema, path[0], value)
		if member.Exists() {
			deeper = cited(member, path[1:], inner)
		}
	}
	for _, branch := range fitting(schema, value) {
		own = append(cited(branch, path, value), own...)
	}
	return append(deeper, own...)
}

func stepInto(schema spec.Node, token string, value any) (spec.Node, any) {
	switch at := value.(type) {
	case []any:
		for i, item := range at {
			if token == itoa(i) {
				return schema.Get("items"), item
			}
		}
		return schema.Get("items"), nil
	case map[string]any:
		if member := schema.Get("properties", token); member.Exists() {
			return member, at[token]
		}
		return schema.Get("additionalProperties"), at[token]
	}
	return schema.Get("properties", token), nil
}

// fitting are the branches of allOf, and of anyOf and oneOf those that share
// the most members with the value.
func fitting(schema spec.Node, value any) []spec.Node {
	var out []spec.Node
	for _, branch := range schema.Get("allOf").Items() {
		out = append(out, branch)
	}
	for _, choice := range []string{"anyOf", "oneOf"} {
		out = append(out, best(schema.Get(choice), value)...)
	}
	return out
}

func best(choice spec.Node, value any) []spec.Node {
	var out []spec.Node
	top := -1
	for _, branch := range choice.Items() {
		switch n := likeness(branch.Resolve(), value); {
		case n > top:
			out, top = []spec.Node{branch}, n
		case n == top:
			out = append(out, branch)
		}
	}
	if len(out) > 1 && top <= 0 { // nothing tells them apart: cite none
		return nil
	}
	return out
}

// likeness counts what a branch and a value have in common.
func likeness(schema spec.Node, value any) int {
	switch at := value.(type) {
	case map[string]any:
		n := 0
		for name := range at {
			if schema.Get("properties", name).Exists() {
				n += 2
			}
		}
		for _, name := range schema.Get("required").Strings() {
			if _, has := at[name]; !has {
				n--
			}
		}
		return n
	case []any:
		if slices.Contains(schema.Get("type").Strings(), "array") {
			return 1
		}
	}
	return 0
}
