package lint

import (
	"regexp"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/internal/spec"
)

var form = Rule{
	Name: "form",
	Doc:  "An object is not of the form that OpenAPI demands: a member twice, another type, an unknown word, or something required that is missing.",
	run: func(p *pass) {
		for _, o := range p.places.odd {
			p.report(o.at, "%s", o.want)
		}
		for _, one := range p.places.all {
			p.twice(one.node)
			switch one.kind {
			case document:
				p.paths(one.node.Get("paths"))
			case operation:
				p.responses(one.node)
			case parameter:
				p.parameterForm(one.node)
			case schema:
				p.schemaForm(one.node)
			}
		}
	},
}

// twice reports the second of two members of the same name, and those in the
// tables below.
func (p *pass) twice(n spec.Node) {
	seen := map[string]int{}
	for name, child := range n.Pairs() {
		if line := seen[name]; line > 0 {
			p.report(child, "the member %q stands there already, at line %d; one of them is ignored", name, line)
		}
		seen[name] = max(child.Line(), 1)
		if _, held := map[string]bool{"paths": true, "properties": true, "responses": true, "content": true, "schemas": true, "parameters": true}[name]; held && child.IsMap() {
			p.twice(child)
		}
	}
}

func (p *pass) paths(n spec.Node) {
	if !n.Exists() && p.is30() {
		p.report(p.contract.Root(), "the document has no paths")
	}
	shapes := map[string]string{}
	for path, item := range n.Pairs() {
		switch shape := braces.ReplaceAllString(path, "{}"); {
		case strings.HasPrefix(path, "x-"):
		case !strings.HasPrefix(path, "/"):
			p.report(item, "the path %q does not begin with a slash, so nothing below it is read", path)
		case shapes[shape] != "" && shapes[shape] != path:
			p.report(item, "the path %s is the same as %s, but for the names of its parameters", path, shapes[shape])
		default:
			shapes[shape] = path
		}
	}
}

var status = regexp.MustCompile(`^([1-5]([0-9][0-9]|XX)|default|x-.*)$`)

func (p *pass) responses(op spec.Node) {
	n := op.Get("responses")
	if n.Len() == 0 && !op.Get("$ref").Exists() {
		p.report(op, "the operation documents no response, so no reply to it could be right")
	}
	for code, r := range n.Pairs() {
		if !status.MatchString(strings.ToUpper(code)) && !status.MatchString(code) {
			p.report(r, "%q is no status: write a code such as 200, a range such as 4XX, or default", code)
		}
	}
}

func (p *pass) parameterForm(n spec.Node) {
	if n.Get("$ref").Exists() {
		return
	}
	name, in := n.Get("name").Text(), n.Get("in").Text()
	switch {
	case name == "":
		p.report(n, "the parameter has no name")
	case !slices.Contains([]string{"path", "query", "header", "cookie"}, in):
		p.report(n, "the parameter %s is in %q: it must be path, query, header or cookie", name, in)
	case !n.Get("schema").Exists() && n.Get("content").Len() == 0:
		p.report(n, "the parameter %s has neither a schema nor content", name)
	}
}

func (p *pass) schemaForm(n spec.Node) {
	known := []string{"boolean", "integer", "number", "string", "array", "object"}
	if !p.is30() {
		known = append(known, "null")
	}
	for _, word := range n.Get("type").Strings() {
		if !slices.Contains(known, word) {
			p.report(n.Get("type"), "%q is no type of OpenAPI %s: it must be one of %s", word, p.contract.OpenAPI, strings.Join(known, ", "))
		}
	}
	if required := n.Get("required"); required.Exists() && !required.IsList() {
		p.report(required, "required must be a list of the names of members")
	}
	for _, key := range []string{"minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"} {
		if v := n.Get(key); v.Exists() && !whole.MatchString(v.Text()) {
			p.report(v, "%s must be a whole number, 0 or more", key)
		}
	}
	for _, key := range []string{"enum", "allOf", "anyOf", "oneOf"} {
		if v := n.Get(key); v.Exists() && v.Len() == 0 {
			p.report(v, "%s must be a list of one or more", key)
		}
	}
}

var whole = regexp.MustCompile(`^[0-9]+(\.0+)?$`)
