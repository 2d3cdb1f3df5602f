package kinds

import (
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// This file writes a parameter's value as OpenAPI's styles say (OpenAPI 3.0.3,
// Parameter Object, style values; RFC 6570 for the details).

// escape percent-encodes all but the unreserved characters of RFC 3986, and,
// where reserved is true, leaves the reserved ones as well.
func escape(text string, reserved bool) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		switch {
		case unreserved(c), reserved && strings.IndexByte(":/?[]@!$'()*,;", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

// member is a name and a value of an object parameter.
type member struct{ name, value string }

// members are an object's, in the order of their names.
func members(object map[string]any) []member {
	var out []member
	for name, value := range object {
		out = append(out, member{name, flat(value)})
	}
	slices.SortFunc(out, func(a, b member) int { return strings.Compare(a.name, b.name) })
	return out
}

// texts are the items of an array parameter.
func texts(list []any) []string {
	out := make([]string, len(list))
	for i, item := range list {
		out[i] = flat(item)
	}
	return out
}

// flat is a value as text: a scalar as it is, anything else as JSON.
func flat(value any) string {
	if text, ok := contract.Text(value); ok {
		return text
	}
	return string(contract.Encode(value))
}

// joined writes a value into one text: arrays by separator, objects as
// name,value or, exploded, name=value.
func joined(value any, separator string, explode bool, esc func(string) string) string {
	var parts []string
	switch at := value.(type) {
	case []any:
		for _, text := range texts(at) {
			parts = append(parts, esc(text))
		}
	case map[string]any:
		for _, m := range members(at) {
			if explode {
				parts = append(parts, esc(m.name)+"="+esc(m.value))
			} else {
				parts = append(parts, esc(m.name), esc(m.value))
			}
		}
	default:
		return esc(flat(value))
	}
	return strings.Join(parts, separator)
}

// inPath is a path parameter's value as it stands in the path.
func inPath(p spec.Parameter, value any) string {
	esc := func(text string) string { return escape(text, false) }
	if p.Media != "" {
		return esc(string(contract.Encode(value)))
	}
	switch p.Style {
	case "label":
		separator := ","
		if p.Explode {
			separator = "."
		}
		return "." + joined(value, separator, p.Explode, esc)
	case "matrix":
		return inMatrix(p, value, esc)
	}
	return joined(value, ",", p.Explode, esc)
}

func inMatrix(p spec.Parameter, value any, esc func(string) string) string {
	if !p.Explode {
		return ";" + p.Name + "=" + joined(value, ",", false, esc)
	}
	switch at := value.(type) {
	case []any:
		var b strings.Builder
		for _, text := range texts(at) {
			b.WriteString(";" + p.Name + "=" + esc(text))
		}
		return b.String()
	case map[string]any:
		return ";" + joined(at, ";", true, esc)
	}
	return ";" + p.Name + "=" + esc(flat(value))
}

// inQuery is a query parameter as pairs of escaped name=value.
func inQuery(p spec.Parameter, value any) []string {
	esc := func(text string) string { return escape(text, p.AllowReserved) }
	name := escape(p.Name, false)
	if p.Media != "" {
		return []string{name + "=" + escape(string(contract.Encode(value)), false)}
	}
	list, isList := value.([]any)
	object, isObject := value.(map[string]any)
	switch {
	case p.Style == "deepObject" && isObject:
		var out []string
		for _, m := range members(object) {
			out = append(out, name+escape("["+m.name+"]", false)+"="+esc(m.value))
		}
		return out
	case p.Style == "spaceDelimited" && isList && !p.Explode:
		return []string{name + "=" + joined(list, "%20", false, esc)}
	case p.Style == "pipeDelimited" && isList && !p.Explode:
		return []string{name + "=" + joined(list, "%7C", false, esc)}
	case p.Explode && isList:
		var out []string
		for _, text := range texts(list) {
			out = append(out, name+"="+esc(text))
		}
		return out
	case p.Explode && isObject:
		var out []string
		for _, m := range members(object) {
			out = append(out, esc(m.name)+"="+esc(m.value))
		}
		return out
	}
	return []string{name + "=" + joined(value, ",", false, esc)}
}

// inHeader is a header parameter's value. It is not escaped: a value that a
// header cannot hold is not sent.
func inHeader(p spec.Parameter, value any) (string, bool) {
	text := joined(value, ",", p.Explode, func(text string) string { return text })
	if p.Media != "" {
		text = string(contract.Encode(value))
	}
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7f {
			return "", false
		}
	}
	return text, strings.TrimSpace(text) == text
}

// inCookie is a cookie parameter as name=value.
func inCookie(p spec.Parameter, value any) string {
	if p.Media != "" {
		return p.Name + "=" + escape(string(contract.Encode(value)), false)
	}
	return p.Name + "=" + joined(value, ",", false, func(text string) string { return escape(text, false) })
}
