package coverage

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/internal/spec"
)

// This file reads the values of parameters back from their texts (OpenAPI
// 3.0.3, Parameter Object, style values).

// typed is a text as the value that its schema has in mind.
func typed(p *place, text string) any {
	kinds := p.kinds()
	is := func(kind string) bool { return slices.Contains(kinds, kind) }
	switch {
	case is("boolean") && (text == "true" || text == "false"):
		return text == "true"
	case (is("number") || is("integer")) && json.Valid([]byte(text)) && strings.Trim(text, "0123456789+-.eE") == "":
		return json.Number(text)
	}
	return text
}

// several are the texts of an array.
func several(p *place, texts []string) any {
	elem := p.elem
	if elem == nil {
		elem = &place{}
	}
	list := []any{}
	for _, text := range texts {
		list = append(list, typed(elem, text))
	}
	return list
}

// read is the value of a parameter with these texts.
func read(p *spec.Parameter, at *place, texts []string) any {
	text := texts[0]
	switch p.Style {
	case "label":
		text = strings.TrimPrefix(text, ".")
	case "matrix":
		text = strings.TrimPrefix(text, ";"+p.Name+"=")
	}
	switch {
	case p.Media != "":
		return decoded(text)
	case !slices.Contains(at.kinds(), "array"):
		return typed(at, text)
	case p.Explode && p.In == "query":
		return several(at, texts)
	}
	separator := ","
	switch {
	case p.Style == "spaceDelimited":
		separator = " "
	case p.Style == "pipeDelimited":
		separator = "|"
	case p.Style == "label" && p.Explode:
		separator = "."
	case p.Style == "matrix" && p.Explode:
		separator = ";" + p.Name + "="
	}
	return several(at, strings.Split(text, separator))
}

// members are the members of an object that a query has as name[member], or
// exploded as parameters of its own; nil where there are none.
func members(p *spec.Parameter, at *place, query url.Values) map[string]any {
	var out map[string]any
	for name, m := range at.members {
		key := name
		if p.Style == "deepObject" {
			key = p.Name + "[" + name + "]"
		} else if !p.Explode {
			continue
		}
		if query.Has(key) {
			if out == nil {
				out = map[string]any{}
			}
			out[name] = typed(m.place, query.Get(key))
		}
	}
	return out
}
