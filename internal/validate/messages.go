package validate

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxShown bounds how much of a value a message shows.
const maxShown = 60

// quote shows a text of the document or the target, bounded and with all that
// could steer a terminal escaped.
func quote(s string) string {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > maxShown {
		return strconv.Quote(shorten(s))
	}
	return strconv.Quote(s)
}

func shorten(s string) string {
	n := 0
	for i := range s {
		if n == maxShown {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// show is a value as a message shows it.
func show(v any) string {
	switch v := v.(type) {
	case string:
		return quote(v)
	case []any, map[string]any:
		return describe(v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return describe(v)
	}
	return shorten(string(text))
}

// describe names the type of a value.
func describe(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	case []any:
		return "an array"
	case map[string]any:
		return "an object"
	case json.Number:
		if isInteger(v) {
			return "an integer"
		}
		return "a number with a fraction"
	}
	return "a value"
}

func withArticle(s string) string {
	if s != "" && strings.IndexByte("aeiou", s[0]) >= 0 && !strings.HasPrefix(s, "uu") && !strings.HasPrefix(s, "uri") {
		return "an " + s
	}
	return "a " + s
}

// general is a sentence for a keyword that only a library objects to.
func general(keyword string) string {
	switch keyword {
	case "required":
		return "a required value is missing"
	case "additionalProperties", "unevaluatedProperties":
		return "a member is not allowed here"
	case "anyOf", "oneOf":
		return "none of the alternatives fits, or more than one"
	case "not":
		return "the value is what it must not be"
	case "undeclared":
		return "it is not declared"
	case "undeclared-body":
		return "the operation does not declare a request body"
	case "template":
		return "the path is not that of the operation"
	case ruleSyntax:
		return "the body cannot be read as its media type"
	case "type":
		return "the value is not of the declared type"
	}
	return "the value breaks " + keyword
}
