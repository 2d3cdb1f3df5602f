package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/validate"
)

// wanted is what should be at the place of a problem, with the place in the
// document that says so.
func (s *Subject) wanted(v *View, p validate.Problem) string {
	switch p.Place {
	case validate.PlaceStatus:
		return contract.Clip(strings.Join(v.declaredStatuses(), " or "), 300)
	case validate.PlaceMedia:
		return contract.Clip(strings.Join(v.declaredMedia(), " or "), 300)
	}
	schema := s.schemaOf(v, p)
	where := p.SchemaPointer
	if schema.Exists() {
		where = schema.Pointer()
	}
	text, by := demand(schema, p), p.Keyword+" in "
	if p.Keyword == "required" {
		text, by, where = missing(schema, p), "required by ", strings.TrimSuffix(where, "/schema") // of a header
	}
	if where == "" {
		return text
	}
	return text + " (" + by + contract.Clip(where, 200) + ")"
}

// declaredStatuses are those of the operation, each with its name.
func (v *View) declaredStatuses() []string {
	var out []string
	for _, r := range v.Operation.Responses {
		out = append(out, phraseOf(r.Status))
	}
	if len(out) == 0 {
		return []string{"a status that the document declares; it declares none"}
	}
	return out
}

// declaredMedia are the media types that the document has for the status.
func (v *View) declaredMedia() []string {
	var out []string
	if v.Declared != nil {
		for _, m := range v.Declared.Media {
			out = append(out, m.Type)
		}
	}
	if len(out) == 0 {
		return []string{"no body, as the document declares none"}
	}
	return out
}

// schemaOf is the schema that a problem names, or that the document has for the
// header at fault. The validators see a part of the document, in which the
// operation has another path.
func (s *Subject) schemaOf(v *View, p validate.Problem) spec.Node {
	path := tokens(p.SchemaPointer)
	const before = 5 // paths, the path, the method, responses, the status
	switch {
	case len(path) > before && path[0] == "paths" && path[3] == "responses" && v.Declared != nil:
		return at(v.Declared.Node, path[before:])
	case len(path) > 0:
		return at(s.Contract.Root(), path)
	case p.Place == validate.PlaceHeader && v.Declared != nil:
		for _, h := range v.Declared.Headers {
			if strings.EqualFold(h.Name, p.Pointer) {
				return h.Schema.Resolve()
			}
		}
	}
	return spec.Node{}
}

// at is the node that a pointer leads to, none where it leads nowhere.
func at(n spec.Node, path []string) spec.Node {
	for _, token := range path {
		n = n.Resolve()
		if !n.IsList() {
			n = n.Get(token)
			continue
		}
		var item spec.Node
		for i, candidate := range n.Items() {
			if itoa(i) == token {
				item = candidate
			}
		}
		n = item
	}
	return n.Resolve()
}

// missing names what is not there, and its form.
func missing(schema spec.Node, p validate.Problem) string {
	if p.Place == validate.PlaceHeader {
		return "a header " + p.Pointer + ": " + form(schema)
	}
	name := spec.Unescape(p.Pointer[strings.LastIndexByte(p.Pointer, '/')+1:])
	return "a member " + contract.Show(name) + ": " + form(schema.Get("properties", name))
}

// form is what a schema allows, in a few words.
func form(schema spec.Node) string {
	schema = schema.Resolve()
	if list := schema.Get("enum"); list.Exists() {
		return choices(list)
	}
	if only := schema.Get("const"); only.Exists() {
		return contract.Show(only.Value())
	}
	var kinds []string
	for _, name := range schema.Get("type").Strings() {
		kinds = append(kinds, map[string]string{
			"string": "a string", "integer": "an integer", "number": "a number", "boolean": "true or false",
			"array": "an array", "object": "an object", "null": "null",
		}[name])
	}
	if schema.Get("nullable").True() && !slices.Contains(kinds, "null") {
		kinds = append(kinds, "null")
	}
	if len(kinds) == 0 {
		return "a value"
	}
	return strings.Join(kinds, " or ")
}

// choices are the values of an enum, of many the first.
func choices(list spec.Node) string {
	const most = 12
	var out []string
	for _, item := range list.Items() {
		out = append(out, contract.Show(item.Value()))
	}
	if len(out) > most {
		out = append(out[:most], fmt.Sprintf("%d more", len(out)-most))
	}
	if len(out) == 1 {
		return out[0]
	}
	return "one of " + strings.Join(out, ", ")
}

// demand is what a keyword, or a rule of JSON, wants of a value.
func demand(schema spec.Node, p validate.Problem) string {
	limit := schema.Get(p.Keyword).Text()
	switch text, bounded := bounds()[p.Keyword]; {
	case bounded && limit != "":
		return fmt.Sprintf(text, contract.Clip(limit, 200))
	case bounded:
		return "a value within its bounds"
	}
	switch p.Keyword {
	case "type", "nullable":
		return form(schema)
	case "enum", "const":
		if schema.Exists() {
			return form(schema)
		}
		return "a value that the document lists"
	case "additionalProperties", "unevaluatedProperties":
		return "no member " + contract.Show(spec.Unescape(p.Pointer[strings.LastIndexByte(p.Pointer, '/')+1:]))
	case "anyOf", "oneOf":
		return "one of the alternatives of the schema"
	case "uniqueItems":
		return "no element twice"
	case "not":
		return "a value that the schema does not rule out"
	}
	if text := strictly()[p.Keyword]; text != "" {
		return text
	}
	return "a value that keeps " + p.Keyword
}

// bounds are the keywords that have a limit, in words.
func bounds() map[string]string {
	return map[string]string{
		"minLength": "at least %s characters", "maxLength": "at most %s characters", "pattern": "a text that matches %s", "format": "a text of the format %s",
		"minimum": "%s or more", "maximum": "%s or less", "exclusiveMinimum": "more than %s", "exclusiveMaximum": "less than %s", "multipleOf": "a multiple of %s",
		"minItems": "at least %s elements", "maxItems": "at most %s elements", "minProperties": "at least %s members", "maxProperties": "at most %s members",
	}
}

// strictly are the rules of JSON and HTTP that no schema names.
func strictly() map[string]string {
	return map[string]string{
		"syntax": "a JSON value (RFC 8259)", "trailing-data": "one JSON value and nothing after it", "empty-body": "a JSON value",
		"duplicate-key": "each member once", "surrogate": "both halves of each surrogate pair", "utf-8": "a text in UTF-8",
		"depth": "values that lie less deep in one another", "unexpected-body": "no body", "undeclared-body": "no body",
		"literal": "a number, true or false as JSON writes it", "percent-encoding": "right percent-encoding", "style": "the declared style",
	}
}

// broken are the statements that a problem breaks.
func (s *Subject) broken(v *View, p validate.Problem) []string {
	return append(s.demanding(v, p), v.statements(p.Place, p.Pointer)...)
}

// demanding are the statements of the schema by which a missing member is
// required: that it is there is promised of the object, not of the member.
func (s *Subject) demanding(v *View, p validate.Problem) []string {
	if p.Keyword != "required" || p.Place != validate.PlaceBody {
		return nil
	}
	return s.schemaOf(v, p).Ext().Get("statements").Strings()
}
