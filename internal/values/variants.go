package values

import (
	"encoding/json"
	"math/big"
	"strings"

	"github.com/atlas-contract/conformance/internal/spec"
)

// variants are the other right values of a place.
func (g generator) variants(p place) []leaf {
	v := p.view
	var out []leaf
	if p.absent {
		out = append(out, leaf{p.value0, "only", "properties", freeText(v)})
	}
	for _, item := range v.get("enum").Items() {
		out = append(out, leaf{item.Value(), "enum." + plain(item.Value()), "enum", false})
	}
	if v.get("enum").Exists() || v.get("const").Exists() {
		return out
	}
	if known := g.known(v, p.siblings); len(known) > 0 {
		for _, value := range known[:min(len(known), 8)] {
			out = append(out, leaf{value, "known." + plain(value), "enum", false})
		}
		return out
	}
	for _, c := range v.choices() {
		for i, branch := range c.list.Items() {
			if value, ok := g.branch(v, c, i, branch, minimal, len(tokens(p.pointer))); ok {
				out = append(out, leaf{value, c.keyword + "." + branchName(branch, i), c.keyword, false})
			}
		}
	}
	if len(v.choices()) > 0 {
		return out
	}
	for _, t := range v.types() {
		switch t {
		case "null":
			out = append(out, leaf{nil, "null", "nullable", false})
		case "string":
			out = append(out, texts(v)...)
		case "integer", "number":
			out = append(out, numbers(v, t == "integer")...)
		case "boolean":
			out = append(out, leaf{true, "true", "type", false}, leaf{false, "false", "type", false})
		case "array":
			out = append(out, g.arrays(v, len(tokens(p.pointer)))...)
		}
	}
	return out
}

// plain is a value as a piece of an id.
func plain(value any) string {
	text, ok := value.(string)
	if number, isNumber := value.(json.Number); isNumber {
		text, ok = number.String(), true
	}
	if !ok {
		switch value {
		case nil:
			return "null"
		case true:
			return "true"
		case false:
			return "false"
		}
		return "value"
	}
	if text == "" {
		return "empty"
	}
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '~'
	}, text[:min(len(text), 60)])
}

func branchName(branch spec.Node, i int) string {
	if ref := branch.Get("$ref").Text(); ref != "" {
		return plain(ref[strings.LastIndexByte(ref, '/')+1:])
	}
	if title := branch.Get("title").Text(); title != "" {
		return plain(title)
	}
	return string(rune('1' + i%9))
}

// texts are strings on the inner side of each bound, and in each form.
func texts(v view) []leaf {
	least, hasLeast := count(v.get("minLength"))
	most, hasMost := count(v.get("maxLength"))
	if pattern := v.get("pattern").Text(); pattern != "" {
		return patterned(pattern, least, most, hasMost)
	}
	if form, ok := formats()[v.get("format").Text()]; ok {
		return []leaf{{form[1], "format." + plain(v.get("format").Text()), "format", false}}
	}
	if v.get("format").Exists() {
		return nil // a form that is not known: no text is sure to have it
	}
	var out []leaf
	if hasLeast {
		out = append(out, leaf{sized(least), "min-length", "minLength", false})
	}
	if hasMost && most <= 100_000 {
		out = append(out, leaf{sized(most), "max-length", "maxLength", false})
	}
	if hasMost && most > 0 && most <= 100_000 {
		out = append(out, leaf{strings.Repeat("é", max(most, 1)), "max-length-in-characters", "maxLength", true})
	}
	if fits(3, least, most, hasMost) {
		out = append(out, leaf{"žÆ語", "unicode", "type", true})
	}
	if !hasMost {
		out = append(out, leaf{sized(max(least, 300)), "long", "type", true})
	}
	return out
}

func fits(n, least, most int, bounded bool) bool { return n >= least && (!bounded || n <= most) }

func patterned(pattern string, least, most int, bounded bool) []leaf {
	if !bounded {
		most = -1
	}
	var out []leaf
	for n, name := range []string{"pattern.first", "pattern.second"} {
		if s, ok := matching(pattern, least, most, n+1); ok {
			out = append(out, leaf{s, name, "pattern", true})
		}
	}
	return out
}

// numbers are those on the inner side of each bound, and one step within.
func numbers(v view, integer bool) []leaf {
	b := boundsOf(v, integer)
	var out []leaf
	add := func(r *big.Rat, detail, keyword string) {
		if r != nil {
			out = append(out, leaf{decimal(r), detail, keyword, false})
		}
	}
	low, high := b.lowest(), b.highest()
	add(low, "minimum", "minimum")
	add(high, "maximum", "maximum")
	if low != nil && (high == nil || low.Cmp(high) < 0) {
		add(new(big.Rat).Add(low, b.grain()), "above-minimum", "minimum")
	}
	if high != nil && (low == nil || low.Cmp(high) < 0) {
		add(new(big.Rat).Sub(high, b.grain()), "below-maximum", "maximum")
	}
	if low == nil || low.Sign() <= 0 && (high == nil || high.Sign() >= 0) {
		add(new(big.Rat), "zero", "type")
	}
	return out
}

// arrays are those with as few and as many items as may be.
func (g generator) arrays(v view, depth int) []leaf {
	least, hasLeast := count(v.get("minItems"))
	most, hasMost := count(v.get("maxItems"))
	var out []leaf
	add := func(n int, detail, keyword string) {
		if value, ok := g.items(v, n, depth); ok {
			out = append(out, leaf{value, detail, keyword, false})
		}
	}
	if hasLeast {
		add(least, "min-items", "minItems")
	}
	if hasMost && most <= 1000 {
		add(most, "max-items", "maxItems")
	}
	if !hasLeast && !v.get("contains").Exists() {
		out = append(out, leaf{[]any{}, "no-items", "type", false})
	}
	if fits(2, least, most, hasMost) {
		add(2, "two-items", "items")
	}
	return out
}

// freeText tells whether a schema takes a text that only its meaning bounds.
func freeText(v view) bool {
	if !v.allows("string") {
		return false
	}
	for _, keyword := range []string{"enum", "const", "format", "example", "examples", "default"} {
		if v.get(keyword).Exists() {
			return false
		}
	}
	return true
}

// hasFree tells whether a schema has such a text anywhere.
func hasFree(node spec.Node, depth int) bool {
	v := look(node)
	if freeText(v) {
		return true
	}
	if depth > 4 {
		return false
	}
	for _, p := range v.properties(false) {
		if hasFree(p.node, depth+1) {
			return true
		}
	}
	return hasFreeBranch(v, depth) || v.get("items").IsMap() && hasFree(v.get("items"), depth+1)
}

func hasFreeBranch(v view, depth int) bool {
	for _, c := range v.choices() {
		for _, branch := range c.list.Items() {
			if hasFree(branch, depth+1) {
				return true
			}
		}
	}
	return false
}
