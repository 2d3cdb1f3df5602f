package validate

import "strings"

// reach says how far a claim goes beyond its own pointer and keyword.
type reach int

const (
	// exact claims name one keyword at one pointer.
	exact reach = iota
	// branch claims say that no branch of an anyOf or oneOf fits. The claims
	// of the strict layer inside that choice are the same objection, made
	// precise.
	branch
	// unread claims say that a text could not be read as what the schema wants.
	// Any other claim about that text is the same objection, made precise.
	unread
)

// claim is one objection of one opinion.
type claim struct {
	place   string
	pointer string
	keyword string
	message string
	schema  string
	reach   reach
	// choices are the anyOf and oneOf that the claim lies in the meant branch of.
	choices []choice
	// value is the value at fault, where it is known.
	value any
	// detail is the format that is broken, the library's own word for the
	// keyword, or detailTag.
	detail string
	// inexact marks a fault that arithmetic in float64 does not see.
	inexact bool
	// stops marks the last thing that a judge looked at in a response.
	stops bool
}

// detailTag marks a value that differs from the only one allowed: such members
// tell the branches of a choice apart.
const detailTag = "tag"

// choice is an anyOf or oneOf at a pointer into the instance.
type choice struct{ place, pointer string }

func (c claim) problem(by ...string) Problem {
	return Problem{
		Place: c.place, Pointer: c.pointer, Keyword: c.keyword,
		Message: c.message, SchemaPointer: c.schema, By: by,
	}
}

// opinion is what one judge says about one request, response or value.
type opinion struct {
	claims []claim
	// silent marks a judge that has not been asked, or never judges such a
	// case at all; unable says why one could not judge.
	silent bool
	unable string
	// blind is a place that the judge has not looked at, "" where there is none.
	blind string
}

// class is the keyword under which claims of different judges are compared:
// each library has names of its own for the same rule.
func class(keyword string) string {
	switch keyword {
	case "nullable", "literal":
		return "type"
	case "anyOf", "oneOf", "discriminator":
		return "choice"
	case "const":
		return "enum"
	case "minContains", "maxContains":
		return "contains"
	case ruleSyntax, ruleTrailing, ruleDepth, ruleEmpty:
		return ruleSyntax
	}
	return keyword
}

// masks tells that the judge who made claim c did not look any further than
// that, so that its silence on other says nothing.
func (c claim) masks(other claim) bool {
	switch {
	case c.place == PlaceStatus:
		return true
	case c.place == PlacePath && c.pointer == "":
		return true
	case c.stops && other.place != PlaceStatus:
		return true
	case c.place == PlaceMedia:
		return other.place == PlaceBody
	case c.place != other.place || !within(other.pointer, c.pointer):
		return false
	case c.reach != exact:
		return true
	}
	switch class(c.keyword) {
	case "type", "enum", "format", "choice", "not", "false", ruleSyntax:
		return true
	}
	return false
}

// masks tells that the opinion says nothing about c, for or against it.
func (o *opinion) masks(c claim) bool {
	if o.silent || o.unable != "" || o.blind == c.place {
		return true
	}
	for _, own := range o.claims {
		if own.masks(c) {
			return true
		}
	}
	return false
}

// supports tells that c, of reach branch or unread, means other as well.
func (c claim) supports(other claim) bool {
	switch c.reach {
	case unread:
		if other.keyword == "allowReserved" || other.keyword == ruleRepeated {
			return false // they are about how a text is given, not what it says
		}
		return c.place == other.place && within(other.pointer, c.pointer)
	case branch:
		for _, ch := range other.choices {
			if ch.place == c.place && ch.pointer == c.pointer {
				return true
			}
		}
	}
	return false
}

// firstLine cuts a library's text to what fits a sentence.
func firstLine(s string) string {
	if i := strings.IndexAny(s, "\r\n"); i >= 0 {
		s = s[:i]
	}
	const most = 300
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return s
}
