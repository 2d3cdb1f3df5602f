package kinds

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/values"
)

// The kinds of this file change one value of a right request so that exactly
// one keyword of its schema is broken; each is to be rejected.

var (
	missing   = miss("missing", "Leaves out one required member or parameter.", "required", "dependentRequired")
	wrongType = miss("wrong-type", "Sends a value of another JSON type, null included, in one place.", "type", "nullable")
	boundary  = miss("boundary", "Sends a value that is one step outside of one bound.",
		"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
		"minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties")
	listed  = miss("enum", "Sends a value that is none of those listed.", "enum", "const", "discriminator")
	pattern = miss("pattern", "Sends a text that does not match its pattern.", "pattern", "propertyNames")
	format  = miss("format", "Sends a text or a number that has not the format named.", "format")
	extra   = miss("extra", "Sends a member that the schema does not allow, among them those of a sibling operation.", "additionalProperties", "unevaluatedProperties", "items", "prefixItems", "unevaluatedItems", "patternProperties")
	shape   = miss("shape", "Sends a value that fits none, or too many, of the alternatives.", "oneOf", "anyOf", "allOf", "not", "if", "then", "else", "contains", "minContains", "maxContains", "dependentSchemas")
)

// miss is the kind of all near misses that break one of the keywords.
func miss(name, doc string, keywords ...string) Kind {
	return Kind{
		Name: name, Doc: doc + " It is to be rejected.",
		Derive: func(s *Source, op *spec.Operation) iter.Seq[*contract.Case] {
			return func(yield func(*contract.Case) bool) {
				p, err := s.plan(op)
				if err != nil {
					return // the kind valid says so
				}
				p.freshened(name).misses(name, keywords, yield)
			}
		},
	}
}

func wrongValues(s *values.Schema) func(func(values.Value) bool) { return s.Misses() }

func (p *plan) misses(kind string, keywords []string, yield func(*contract.Case) bool) {
	if slices.Contains(keywords, "required") && !p.absences(kind, yield) {
		return
	}
	seen := map[string]bool{}
	p.variations(wrongValues, anyParameter, func(v variation) bool {
		if !slices.Contains(keywords, v.value.Keyword) || v.in != "body" && !p.plain(v) {
			return true
		}
		c := p.wrongCase(kind, v)
		if c == nil || seen[c.ID] {
			return true
		}
		seen[c.ID] = true
		return yield(c)
	})
	if slices.Contains(keywords, "additionalProperties") {
		p.borrowed(kind, yield)
	}
}

// borrowed adds members to the body that a sibling operation has and this one
// has not, as would pass where the two are read by the same code.
func (p *plan) borrowed(kind string, yield func(*contract.Case) bool) {
	media, ok := jsonMedia(p.op)
	body, isObject := decoded(p.draft.body).(map[string]any)
	if !ok || !isObject {
		return
	}
	own := media.Schema.Resolve().Get("properties")
	for _, sibling := range p.source.Contract.Operations {
		if !siblings(p.op, sibling) {
			continue
		}
		others, _ := decoded(p.source.draftExample(sibling, "").body).(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(others)) {
			if own.Get(name).Exists() {
				continue
			}
			d, changed := p.draft.clone(), maps.Clone(body)
			changed[name] = others[name]
			d.body = contract.Encode(changed)
			v := variation{draft: d, in: "body", schema: media.Schema, value: values.Value{Keyword: "additionalProperties"}}
			c := p.rejected(kind, "body/"+plainWord(name)+"-of-"+sibling.ID, v)
			if c != nil && !yield(c) {
				return
			}
		}
	}
}

// siblings tells whether two operations do the same to things of another sort:
// their paths end alike and are as long.
func siblings(a, b *spec.Operation) bool {
	last := func(path string) string { return path[strings.LastIndex(path, "/")+1:] }
	return a != b && a.Method == b.Method && b.Body != nil && a.Path != b.Path &&
		strings.Count(a.Path, "/") == strings.Count(b.Path, "/") && last(a.Path) == last(b.Path) && !strings.HasPrefix(last(a.Path), "{")
}

// plain tells whether a parameter's wrong value is plainly one as text: not
// empty, not null, and no other spelling of a boolean.
func (p *plan) plain(v variation) bool {
	for _, parameter := range p.op.Parameters {
		if parameter.In != v.in || parameter.Name != v.place && !strings.HasPrefix(v.place, parameter.Name+"/") {
			continue
		}
		if isJSON(parameter.Media) {
			return true
		}
		if parameter.Name == v.place && slices.Contains(parameter.Node.Ext().Get("undefined").Strings(), flat(v.value.JSON)) {
			return false
		}
	}
	if object, ok := v.value.JSON.(map[string]any); ok {
		return v.value.Pointer != "" && plainMember(object, v.value.Pointer)
	}
	text := flat(v.value.JSON)
	if list, ok := v.value.JSON.([]any); ok && (len(list) == 0 || len(list) == 1 && list[0] == "") {
		return false
	}
	if slices.Contains(v.schema.Resolve().Get("type").Strings(), "boolean") && slices.Contains([]string{"0", "1"}, text) {
		return false
	}
	return text != "" && v.value.JSON != nil
}

// plainMember tells whether a parameter that is an object still says what is
// wrong with a member of it when all members are written as texts.
func plainMember(object map[string]any, pointer string) bool {
	for _, member := range object {
		if text, scalar := contract.Text(member); !scalar || text == "" {
			return false
		}
	}
	wrong, there := contract.At(object, pointer)
	_, isBool := wrong.(bool)
	return len(object) > 0 && (!there || !isBool)
}

// absences leaves out each required parameter that is not in the path.
func (p *plan) absences(kind string, yield func(*contract.Case) bool) bool {
	for _, parameter := range p.op.Parameters {
		if !parameter.Required || parameter.In == "path" {
			continue
		}
		d := p.draft.clone()
		d.unset(parameter)
		v := variation{draft: d, in: parameter.In, place: parameter.Name, schema: parameter.Schema, value: values.Value{Keyword: "required", Detail: "absent"}}
		if c := p.wrongCase(kind, v); c != nil && !yield(c) {
			return false
		}
	}
	return true
}

func (p *plan) wrongCase(kind string, v variation) *contract.Case {
	c := p.rejected(kind, v.detail(), v)
	if c != nil && c.Breaks.Keyword == "format" {
		c.Doubt = "a format is a note, which an implementation may leave unchecked"
	}
	return c
}

// rejected is the case of a variation that is wrong in one thing, there where
// it was varied; nil where it could not be proved.
func (p *plan) rejected(kind, detail string, v variation) *contract.Case {
	id := p.op.ID + "/" + kind + "/" + detail
	broken, why := p.broken(v.draft)
	if broken != nil && broken.In != v.in {
		broken, why = nil, "it breaks something elsewhere"
	}
	if broken == nil {
		p.source.drop(id, why)
		return nil
	}
	if isUndefined(v.schema, broken) {
		p.source.drop(id, "the contract leaves open what such a value gets")
		return nil
	}
	c, err := p.newCase(kind, detail, contract.Rejected, v.draft)
	if err != nil {
		p.source.drop(id, err.Error())
		return nil
	}
	c.Breaks, c.Statements = broken, p.statementsOf(v, broken.Keyword)
	return c
}

// statementsOf are those that the contract cites for a keyword being broken,
// and for the place.
func (p *plan) statementsOf(v variation, keyword string) []string {
	out := v.schema.Resolve().Ext().Get("broken", keyword).Strings()
	for _, parameter := range p.op.Parameters {
		if parameter.In == v.in && (parameter.Name == v.place || strings.HasPrefix(v.place, parameter.Name+"/")) {
			out = append(out, parameter.Node.Ext().Get("statements").Strings()...)
			if parameter.Relation != nil {
				out = append(out, parameter.Node.Ext().Get("broken").Strings()...)
			}
		}
	}
	if len(out) > 0 {
		return out
	}
	return citedAt(v.schema, v.value.Pointer)
}

// citedAt are the statements of the schema at a pointer, or of those around it.
func citedAt(schema spec.Node, pointer string) []string {
	var out []string
	for _, node := range along(schema, pointer) {
		if own := node.Ext().Get("statements").Strings(); len(own) > 0 {
			out = own
		}
	}
	return out
}

// along are a schema and those of the members and items on the way to a pointer.
func along(schema spec.Node, pointer string) []spec.Node {
	node := schema.Resolve()
	out := []spec.Node{node}
	for token := range strings.SplitSeq(pointer, "/") {
		if token == "" {
			continue
		}
		if member := node.Get("properties", spec.Unescape(token)); member.Exists() {
			node = member.Resolve()
		} else {
			node = node.Get("items").Resolve()
		}
		out = append(out, node)
	}
	return out
}

// isUndefined tells whether the schema that a value breaks says of the keyword
// that what comes of it is not defined.
func isUndefined(schema spec.Node, broken *contract.Break) bool {
	pointer := broken.Pointer
	if broken.In != "body" { // it begins with the name of the parameter
		_, pointer, _ = strings.Cut(pointer, "/")
	}
	way := along(schema, pointer)
	if n := len(way); n > 1 && (broken.Keyword == "required" || broken.Keyword == "additionalProperties") {
		way = way[:n-1] // it names the member that the keyword of the object is about
	}
	return slices.Contains(way[len(way)-1].Ext().Get("undefined").Strings(), broken.Keyword)
}
