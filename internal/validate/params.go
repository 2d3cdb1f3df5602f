package validate

import (
	"net/http"
	"strings"
)

// found is a parameter's text in a message.
type found struct {
	raw      raw
	present  bool
	repeated bool // given more than once, where one is meant
	// malformed tells that the text has not the shape of the style.
	malformed bool
}

// fromQuery finds a parameter by its style (OpenAPI 3.0.3, Parameter Object,
// Style Values).
func (p *parameter) fromQuery(query []pair) found {
	switch {
	case p.isJSON || p.opaque:
		return p.single(query)
	case p.style == "deepObject":
		return p.deepObject(query)
	case p.wantsObject() && p.explode && p.style == "form":
		return p.spreadObject(query)
	}
	values := p.all(query)
	switch {
	case len(values) == 0:
		return found{}
	case p.wantsArray() && p.explode:
		list := make([]string, len(values))
		for i, v := range values {
			list[i] = unescapeQuery(v)
		}
		return found{raw: raw{text: list[0], list: list, shape: kindArray}, present: true}
	case p.wantsArray():
		list := split(p.separated(values[0]), ",", unescapeQuery)
		return found{raw: raw{text: unescapeQuery(values[0]), list: list, shape: kindArray}, present: true, repeated: len(values) > 1}
	case p.wantsObject():
		object, ok := named(p.separated(values[0]), ",", ",", unescapeQuery)
		return found{raw: raw{object: object, shape: kindObject}, present: true, malformed: !ok}
	}
	return p.single(query)
}

// all are the values given under the parameter's name, escaped.
func (p *parameter) all(query []pair) []string {
	var values []string
	for _, q := range query {
		if q.name == p.name {
			values = append(values, q.value)
		}
	}
	return values
}

func (p *parameter) single(query []pair) found {
	values := p.all(query)
	if len(values) == 0 {
		return found{}
	}
	return found{raw: textOf(unescapeQuery(values[0])), present: true, repeated: len(values) > 1}
}

// separated replaces the separator of the style by a comma.
func (p *parameter) separated(s string) string {
	switch p.style {
	case "spaceDelimited":
		return strings.NewReplacer("%20", ",", "+", ",", " ", ",").Replace(s)
	case "pipeDelimited":
		return strings.NewReplacer("|", ",", "%7C", ",", "%7c", ",").Replace(s)
	}
	return s
}

// deepObject reads name[member]=value, and name[member][member]=value.
func (p *parameter) deepObject(query []pair) found {
	object := map[string]raw{}
	for _, q := range query {
		rest, ok := strings.CutPrefix(q.name, p.name+"[")
		if !ok || !strings.HasSuffix(rest, "]") {
			continue
		}
		put(object, strings.Split(strings.TrimSuffix(rest, "]"), "]["), textOf(unescapeQuery(q.value)))
	}
	return found{raw: raw{object: object, shape: kindObject}, present: len(object) > 0}
}

func put(object map[string]raw, names []string, value raw) {
	if len(names) == 1 {
		object[names[0]] = value
		return
	}
	inner, ok := object[names[0]]
	if !ok || inner.shape != kindObject {
		inner = raw{object: map[string]raw{}, shape: kindObject}
		object[names[0]] = inner
	}
	put(inner.object, names[1:], value)
}

// spreadObject reads an object whose members are query parameters of their own.
// Only declared members are known to be its.
func (p *parameter) spreadObject(query []pair) found {
	object := map[string]raw{}
	for _, q := range query {
		if p.schema.member(func(s *schema) *schema { return s.properties[q.name] }) != nil {
			object[q.name] = textOf(unescapeQuery(q.value))
		}
	}
	return found{raw: raw{object: object, shape: kindObject}, present: len(object) > 0}
}

// fromPath reads the text of a path segment, or a part of one.
func (p *parameter) fromPath(values map[string]string) found {
	text, ok := values[p.name]
	if !ok {
		return found{}
	}
	if p.isJSON || p.opaque {
		return found{raw: textOf(unescapePath(text)), present: true}
	}
	prefix, separator := "", ","
	switch {
	case p.style == "label":
		prefix = "."
		if p.explode {
			separator = "."
		}
	case p.style == "matrix":
		prefix = ";" + p.name + "="
		if p.explode && p.wantsArray() {
			separator = prefix
		} else if p.explode && p.wantsObject() {
			prefix, separator = ";", ";"
		}
	}
	text, ok = strings.CutPrefix(text, prefix)
	return p.delimited(text, separator, unescapePath, ok)
}

// fromHeader reads a header of style simple, from all of its lines.
func (p *parameter) fromHeader(header http.Header) found {
	lines := header.Values(p.name)
	if len(lines) == 0 {
		return found{}
	}
	same := func(s string) string { return strings.TrimSpace(s) }
	if p.isJSON || p.opaque || !p.wantsArray() && !p.wantsObject() {
		return found{raw: textOf(strings.TrimSpace(lines[0])), present: true}
	}
	return p.delimited(strings.Join(lines, ","), ",", same, true)
}

// fromCookie reads a cookie of style form. Nothing is unescaped: cookies have no
// escapes of their own, and few who send them add any.
func (p *parameter) fromCookie(header http.Header) found {
	r := http.Request{Header: header}
	cookies := r.CookiesNamed(p.name)
	if len(cookies) == 0 {
		return found{}
	}
	if p.isJSON || p.opaque {
		return found{raw: textOf(cookies[0].Value), present: true}
	}
	same := func(s string) string { return s }
	return p.delimited(cookies[0].Value, ",", same, true)
}

func (p *parameter) delimited(text, separator string, unescape func(string) string, ok bool) found {
	f := found{present: true, malformed: !ok}
	switch {
	case p.wantsArray():
		f.raw = raw{text: unescape(text), list: split(text, separator, unescape), shape: kindArray}
	case p.wantsObject():
		equals := separator
		if p.explode {
			equals = "="
		}
		object, readable := named(text, separator, equals, unescape)
		f.raw = raw{object: object, shape: kindObject}
		f.malformed = f.malformed || !readable
	default:
		f.raw = textOf(unescape(text))
	}
	return f
}
