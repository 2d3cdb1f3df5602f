package validate

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// A parameter is text, and text can be read in more than one way: 5 is an
// integer and a string. readings are all the ways that the schema's types
// allow, the most particular first; the text is right if one of them is.
func readings(s *schema, text string) []any {
	var list []any
	types := s.possible()
	any := types == 0
	if (any || types&kindBoolean != 0) && (text == "true" || text == "false") {
		list = append(list, text == "true")
	}
	if (any || types&(kindInteger|kindNumber) != 0) && isNumber(text) {
		list = append(list, json.Number(text))
	}
	return append(list, text)
}

// loose tells that a tolerant reader takes the text for what the schema wants,
// though JSON does not write it so: TRUE, 1 or t for a boolean, +1 or 01 for a
// number.
func loose(s *schema, text string) bool {
	types := s.possible()
	if types&kindBoolean != 0 {
		if _, err := strconv.ParseBool(text); err == nil {
			return text != "true" && text != "false"
		}
	}
	if types&(kindInteger|kindNumber) != 0 && !isNumber(text) && text != "" && !strings.ContainsAny(text, "xXpPnN_") {
		_, err := strconv.ParseFloat(text, 64)
		return err == nil
	}
	return false
}

// raw is the text of a parameter before its schema reads it: one text, a list
// of them, or named ones. A list keeps its whole text too, for a schema that
// allows both.
type raw struct {
	text   string
	list   []string
	object map[string]raw
	shape  kinds // kindString, kindArray or kindObject
}

func textOf(s string) raw { return raw{text: s, shape: kindString} }

// values are the ways to read r by a schema, the likeliest first. fits judges
// candidates for the parts.
func (r raw) values(s *schema, fits func(*schema, any) bool) []any {
	switch r.shape {
	case kindArray:
		return r.arrays(s, fits)
	case kindObject:
		object := make(map[string]any, len(r.object))
		for name, part := range r.object {
			object[name] = part.best(memberSchema(s, name), fits)
		}
		return []any{object}
	}
	return readings(s, r.text)
}

const scalars = kindBoolean | kindInteger | kindNumber | kindString

func (r raw) arrays(s *schema, fits func(*schema, any) bool) []any {
	items := s.member(func(s *schema) *schema { return s.items })
	array := make([]any, len(r.list))
	for i, text := range r.list {
		array[i] = textOf(text).best(items, fits)
	}
	list := []any{array}
	if len(array) == 0 { // an empty text is no item, or one that is empty
		list = append(list, []any{textOf("").best(items, fits)})
	}
	if s.possible()&scalars != 0 && len(r.list) < 2 {
		list = append(list, readings(s, r.text)...)
	}
	return list
}

// best is the first reading that fits, or else the most particular one.
func (r raw) best(s *schema, fits func(*schema, any) bool) any {
	if s == nil {
		s = &schema{}
	}
	list := r.values(s, fits)
	for _, v := range list {
		if fits(s, v) {
			return v
		}
	}
	return list[0]
}

func memberSchema(s *schema, name string) *schema {
	if own := s.member(func(s *schema) *schema { return s.properties[name] }); own != nil {
		return own
	}
	return s.member(func(s *schema) *schema { return s.additional })
}

// wantsArray and wantsObject tell what shape a parameter's text must have.
func (p *parameter) wantsArray() bool { return p.schema.possible()&kindArray != 0 }

func (p *parameter) wantsObject() bool {
	types := p.schema.possible()
	return types&kindObject != 0 && types&kindArray == 0
}

// pair is one name and value of a query or form, the value as it stands there.
type pair struct{ name, value string }

// pairs reads a query string, leaving values escaped: an escaped comma is data,
// a bare one separates.
func pairs(query string) []pair {
	var list []pair
	for query != "" {
		var part string
		part, query, _ = strings.Cut(query, "&")
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		list = append(list, pair{unescapeQuery(name), value})
	}
	return list
}

func unescapeQuery(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

func unescapePath(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// split cuts an escaped text at a separator and unescapes the parts.
func split(s, separator string, unescape func(string) string) []string {
	if s == "" {
		return nil
	}
	parts := strings.Split(s, separator)
	for i, part := range parts {
		parts[i] = unescape(part)
	}
	return parts
}

// named makes an object of name and value pairs: name,value,name,value where
// the two separators are the same, else name=value,name=value. false where the
// text is nothing of the kind.
func named(s, separator, equals string, unescape func(string) string) (map[string]raw, bool) {
	object := map[string]raw{}
	parts := strings.Split(s, separator)
	if separator != equals {
		for _, part := range parts {
			name, value, ok := strings.Cut(part, equals)
			if !ok {
				return nil, false
			}
			object[unescape(name)] = textOf(unescape(value))
		}
		return object, true
	}
	if len(parts)%2 != 0 {
		return nil, false
	}
	for i := 0; i < len(parts); i += 2 {
		object[unescape(parts[i])] = textOf(unescape(parts[i+1]))
	}
	return object, true
}
