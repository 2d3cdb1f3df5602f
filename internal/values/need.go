package values

import (
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/internal/spec"
)

// need is all that a value at one place has to satisfy: the schemas that apply
// there, with references and allOf followed.
type need struct {
	// roots are the schemas that were asked for, and the branches chosen; a
	// value that fits them fits the need.
	roots []*schema
	// parts are all the schemas that apply, in the order of the document.
	parts []*schema
	// open are the choices not yet made.
	open []choice
	// only narrows the types, for values of one type; 0 does not.
	only kinds
	// tags are the values of the members that name the chosen branches.
	tags []tag
}

// choice is an anyOf, a oneOf or an if with its alternatives.
type choice struct {
	owner    *schema
	keyword  string
	branches [][]*schema
}

// tag is a member with the values that name a branch.
type tag struct {
	property string
	values   []string
}

func needOf(roots ...*schema) *need {
	n := &need{roots: roots}
	for _, s := range roots {
		n.add(s)
	}
	return n
}

func (n *need) add(s *schema) {
	if s == nil || slices.Contains(n.parts, s) || len(n.parts) > 400 {
		return
	}
	n.parts = append(n.parts, s)
	n.add(s.ref)
	for _, sub := range s.allOf {
		n.add(sub)
	}
	for _, c := range []choice{{s, "oneOf", each(s.oneOf)}, {s, "anyOf", each(s.anyOf)}} {
		if len(c.branches) > 0 {
			n.open = append(n.open, c)
		}
	}
	if s.when != nil {
		n.open = append(n.open, choice{s, "if", [][]*schema{some(s.unless, s.other), some(s.when, s.then)}})
	}
}

func each(list []*schema) [][]*schema {
	var out [][]*schema
	for _, s := range list {
		out = append(out, []*schema{s})
	}
	return out
}

func some(list ...*schema) []*schema {
	return slices.DeleteFunc(list, func(s *schema) bool { return s == nil })
}

func (n *need) clone() *need {
	return &need{
		roots: slices.Clone(n.roots), parts: slices.Clone(n.parts), open: slices.Clone(n.open),
		only: n.only, tags: slices.Clone(n.tags),
	}
}

// choose is the need with one alternative of an open choice taken.
func (n *need) choose(c choice, branch int) *need {
	out := n.clone()
	out.open = slices.DeleteFunc(out.open, func(o choice) bool { return o.owner == c.owner && o.keyword == c.keyword })
	for _, s := range c.branches[branch] {
		out.roots = append(out.roots, s)
		out.add(s)
	}
	if d := c.owner.discriminator; d != nil && c.keyword != "if" && branch < len(d.tags) && len(d.tags[branch]) > 0 {
		out.tags = append(out.tags, tag{d.property, d.tags[branch]})
	}
	return out
}

// also is the need with further schemas.
func (n *need) also(list ...*schema) *need {
	out := n.clone()
	for _, s := range list {
		out.add(s)
	}
	return out
}

// narrow is the need for values of some types only.
func (n *need) narrow(k kinds) *need {
	out := n.clone()
	out.only = k
	return out
}

// label names an alternative: by its component, its title, its tag, its type,
// or else by its position.
func (c choice) label(i int) string {
	if c.keyword == "if" {
		return []string{"else", "then"}[i]
	}
	s := c.branches[i][0]
	if ref := s.node.Get("$ref").Text(); ref != "" {
		return plain(spec.Unescape(ref[strings.LastIndexByte(ref, '/')+1:]))
	}
	if title := s.node.Get("title").Text(); title != "" {
		return plain(title)
	}
	for _, p := range s.properties {
		if len(p.schema.enum) == 1 {
			return plain(p.schema.enum[0])
		}
	}
	if t := s.node.Get("type").Text(); t != "" && !c.sharesType(i) {
		return t
	}
	if len(s.required) == 1 {
		return plain(s.required[0])
	}
	return itoa(i + 1)
}

func (c choice) sharesType(i int) bool {
	for j, b := range c.branches {
		if j != i && b[0].node.Get("type").Text() == c.branches[i][0].node.Get("type").Text() {
			return true
		}
	}
	return false
}

// types are the types that a value may have, as far as the parts say.
func (n *need) types() kinds {
	all := kindAny
	for _, s := range n.parts {
		switch {
		case s.never:
			return 0
		case s.types != 0 && s.nullable:
			all &= s.types | kindNull
		case s.types != 0:
			all &= s.types
		}
	}
	if n.only != 0 {
		all &= n.only
	}
	return all
}

// typed tells whether some part names a type.
func (n *need) typed() bool {
	return slices.ContainsFunc(n.parts, func(s *schema) bool { return s.types != 0 })
}

// implied are the types that the keywords are about.
func (n *need) implied() kinds {
	var k kinds
	for _, s := range n.parts {
		if len(s.properties)+len(s.required)+len(s.patternProperties)+len(s.dependentRequired)+len(s.dependentSchemas) > 0 ||
			s.additional != nil || s.names != nil || s.minProperties != nil || s.maxProperties != nil || s.unevaluatedProps != nil {
			k |= kindObject
		}
		if s.items != nil || s.prefix != nil || s.contains != nil || s.minItems != nil || s.maxItems != nil || s.unique || s.unevaluatedItems != nil {
			k |= kindArray
		}
		if s.pattern != nil || s.minLength != nil || s.maxLength != nil || s.format != "" && !isNumberFormat(s.format) {
			k |= kindString
		}
		if s.minimum != nil || s.maximum != nil || s.above != nil || s.below != nil || s.multipleOf != nil {
			k |= kindNumber
		}
	}
	return k
}

func isNumberFormat(format string) bool {
	low, _ := formatRange(format)
	return low != nil
}

// order lists the types to try, what the keywords are about first and null
// last.
func (n *need) order() []kinds {
	types, implied := n.types(), n.implied()
	var first, rest []kinds
	for _, k := range []kinds{kindString, kindInteger, kindFraction, kindBoolean, kindObject, kindArray, kindNull} {
		switch {
		case types&k == 0:
		case implied&k != 0:
			first = append(first, k)
		default:
			rest = append(rest, k)
		}
	}
	return append(first, rest...)
}

// member are the schemas of a member, and whether it may be there at all.
func (n *need) member(name string) (*need, bool) {
	var list []*schema
	declared := false
	for _, s := range n.parts {
		own := s.forMember(name)
		declared = declared || len(own) > 0
		list = append(list, own...)
	}
	if !declared {
		for _, s := range n.parts {
			if s.unevaluatedProps != nil {
				list = append(list, s.unevaluatedProps)
			}
		}
	}
	out := needOf(list...)
	for _, t := range n.tags {
		if t.property == name {
			out.tags = append(out.tags, tag{"", t.values})
		}
	}
	return out, !slices.ContainsFunc(out.parts, func(s *schema) bool { return s.never })
}

func (s *schema) forMember(name string) []*schema {
	var list []*schema
	if p, ok := s.index[name]; ok {
		list = append(list, p)
	}
	for _, pp := range s.patternProperties {
		if pp.pattern.match(name) {
			list = append(list, pp.schema)
		}
	}
	if len(list) == 0 && s.additional != nil {
		list = append(list, s.additional)
	}
	return list
}

// item are the schemas of an item.
func (n *need) item(i int) *need {
	var list []*schema
	for _, s := range n.parts {
		switch {
		case i < len(s.prefix):
			list = append(list, s.prefix[i])
		case s.items != nil:
			list = append(list, s.items)
		}
	}
	if len(list) == 0 {
		for _, s := range n.parts {
			if s.unevaluatedItems != nil && s.contains == nil {
				list = append(list, s.unevaluatedItems)
			}
		}
	}
	return needOf(list...)
}

// declared are the members that have schemas by name, in the order of the
// document, without those that do not travel in the direction.
func (n *need) declared(response bool) []string {
	var names []string
	hidden := map[string]bool{}
	for _, s := range n.parts {
		for _, p := range s.properties {
			hidden[p.name] = hidden[p.name] || p.schema.oneWay(response)
			if !slices.Contains(names, p.name) {
				names = append(names, p.name)
			}
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return hidden[name] })
}

// required are the members that have to be there, beside those given.
func (n *need) required(response bool, given map[string]any) []string {
	var names []string
	add := func(list []string) {
		for _, name := range list {
			if !slices.Contains(names, name) && !n.excused(name, response) {
				names = append(names, name)
			}
		}
	}
	for _, s := range n.parts {
		add(s.required)
	}
	for _, t := range n.tags {
		if t.property != "" {
			add([]string{t.property})
		}
	}
	for again := true; again; {
		before := len(names)
		for _, s := range n.parts {
			for _, d := range s.dependentRequired {
				if _, has := given[d.name]; has || slices.Contains(names, d.name) {
					add(d.needs)
				}
			}
		}
		again = len(names) > before
	}
	return names
}

func (n *need) excused(name string, response bool) bool {
	return slices.ContainsFunc(n.parts, func(s *schema) bool {
		p, ok := s.index[name]
		return ok && p.oneWay(response)
	})
}

// most is the least of an upper limit, and least the most of a lower one.
func (n *need) most(get func(*schema) *int) (int, bool) {
	out, ok := 0, false
	for _, s := range n.parts {
		if v := get(s); v != nil && (!ok || *v < out) {
			out, ok = *v, true
		}
	}
	return out, ok
}

func (n *need) least(get func(*schema) *int) (int, bool) {
	out, ok := 0, false
	for _, s := range n.parts {
		if v := get(s); v != nil && (!ok || *v > out) {
			out, ok = *v, true
		}
	}
	return out, ok
}
