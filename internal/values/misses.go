package values

import (
	"encoding/json"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/internal/spec"
)

// misses are wrong values of a place, each for one keyword.
func (g generator) misses(p place) []leaf {
	out := wrongTypes(p)
	v := p.view
	if enum := v.get("enum"); enum.Len() > 0 {
		out = append(out, notListed(enum)...)
	}
	if c := v.get("const"); c.Exists() {
		out = append(out, leaf{otherThan(c.Value()), "const", "const", false})
	}
	switch at := p.value0.(type) {
	case map[string]any:
		out = append(out, g.wrongObjects(v, at)...)
	case []any:
		out = append(out, g.wrongArrays(v, at, len(tokens(p.pointer)))...)
	case string:
		out = append(out, wrongTexts(v, at)...)
	case json.Number:
		out = append(out, wrongNumbers(v)...)
	}
	if not := v.get("not"); not.IsMap() {
		if value, ok := g.make(not, minimal, 1); ok {
			out = append(out, leaf{value, "not", "not", false})
		}
	}
	return out
}

// wrongTypes are a value of each other type.
func wrongTypes(p place) []leaf {
	types := p.view.types()
	if len(types) == 0 || p.view.get("enum").Exists() && len(p.view.choices()) > 0 {
		return nil
	}
	var out []leaf
	add := func(value any, name string) {
		out = append(out, leaf{value, "not-" + types[0] + "." + name, "type", false})
	}
	has := func(t string) bool { return slices.Contains(types, t) }
	if !has("null") {
		add(nil, "null")
	}
	if !has("string") {
		switch {
		case has("integer") || has("number"):
			add("1", "string")
		case has("boolean"):
			add("true", "string")
		default:
			add("text", "string")
		}
	}
	if !has("number") {
		if has("integer") {
			add(json.Number("1.5"), "fraction")
		} else {
			add(json.Number("1"), "integer")
		}
	}
	if !has("boolean") {
		add(true, "boolean")
	}
	if !has("array") {
		if one := p.value0; has("string") || has("object") {
			add([]any{one}, "array")
		} else {
			add([]any{}, "array")
		}
	}
	if !has("object") {
		add(map[string]any{}, "object")
	}
	return out
}

// notListed are values that an enum does not have: one that is nothing like
// them, and the first in another case.
func notListed(enum spec.Node) []leaf {
	var listed []string
	var first any
	for i, item := range enum.Items() {
		if i == 0 {
			first = item.Value()
		}
		listed = append(listed, item.Text())
	}
	text, ok := first.(string)
	if !ok {
		return []leaf{{otherThan(first), "enum", "enum", false}}
	}
	out := []leaf{{text + "_", "enum", "enum", false}}
	for _, other := range []string{strings.ToLower(text), strings.ToUpper(text)} {
		if !slices.Contains(listed, other) {
			out = append(out, leaf{other, "enum.other-case", "enum", false})
			break
		}
	}
	if !slices.Contains(listed, "") {
		out = append(out, leaf{"", "enum.empty", "enum", false})
	}
	return out
}

// otherThan is a value of the same type that is another one.
func otherThan(value any) any {
	switch x := value.(type) {
	case string:
		return x + "_"
	case bool:
		return !x
	case json.Number:
		if r, ok := new(big.Rat).SetString(x.String()); ok {
			return decimal(r.Add(r, big.NewRat(97, 1)))
		}
	}
	return "other"
}

func (g generator) wrongObjects(v view, at map[string]any) []leaf {
	var out []leaf
	without := func(name string) map[string]any {
		less := maps.Clone(at)
		delete(less, name)
		return less
	}
	for _, name := range v.required() {
		if _, has := at[name]; has {
			out = append(out, leaf{without(name), "without." + plain(name), "required", false})
		}
	}
	for name, list := range v.get("dependentRequired").Pairs() {
		for _, needed := range list.Strings() {
			less := without(needed)
			g.put(v.properties(g.o.Response), less, name, 1)
			out = append(out, leaf{less, "without." + plain(needed), "dependentRequired", false})
		}
	}
	if extra, ok := g.extra(v, at); ok {
		out = append(out, extra...)
	}
	if least, ok := count(v.get("minProperties")); ok && least > 0 {
		less := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(at))[:min(least-1, len(at))] {
			less[name] = at[name]
		}
		out = append(out, leaf{less, "min-properties", "minProperties", false})
	}
	if most, ok := count(v.get("maxProperties")); ok && most < 1000 {
		more := maps.Clone(at)
		for i := 0; len(more) <= most; i++ {
			more["extra"+strings.Repeat("x", i)] = "any"
		}
		out = append(out, leaf{more, "max-properties", "maxProperties", false})
	}
	return append(out, g.byPattern(v, at)...)
}

// extra are objects with a member that no schema is for.
func (g generator) extra(v view, at map[string]any) ([]leaf, bool) {
	for _, keyword := range []string{"additionalProperties", "unevaluatedProperties"} {
		closed := v.get(keyword)
		if !closed.Exists() || closed.True() {
			continue
		}
		value := any("any")
		if closed.IsMap() {
			if wrong := wrongTypes(place{view: look(closed)}); len(wrong) > 0 {
				value = wrong[len(wrong)-1].value
			}
		}
		more := maps.Clone(at)
		more["notDeclared"] = value
		return []leaf{{more, "extra", keyword, false}}, true
	}
	return nil, false
}

// byPattern are members whose name or whose value a pattern forbids.
func (g generator) byPattern(v view, at map[string]any) []leaf {
	var out []leaf
	for pattern, node := range v.get("patternProperties").Pairs() {
		name, ok := matching(pattern, 0, -1, 3)
		if wrong := wrongTypes(place{view: look(node)}); ok && len(wrong) > 0 {
			more := maps.Clone(at)
			more[name] = wrong[len(wrong)-1].value
			out = append(out, leaf{more, "pattern-property", "patternProperties", false})
		}
	}
	if names := v.get("propertyNames"); names.IsMap() {
		for _, wrong := range wrongTexts(look(names), "abc") {
			if name, ok := wrong.value.(string); ok {
				more := maps.Clone(at)
				more[name] = "any"
				if extra := v.get("additionalProperties"); extra.IsMap() {
					more[name], _ = g.make(extra, minimal, 1)
				}
				out = append(out, leaf{more, "name." + wrong.detail, "propertyNames", false})
			}
		}
	}
	return out
}

func (g generator) wrongArrays(v view, at []any, depth int) []leaf {
	var out []leaf
	if least, ok := count(v.get("minItems")); ok && least > 0 {
		if value, ok := g.items(v, least-1, depth); ok {
			out = append(out, leaf{value, "min-items", "minItems", false})
		}
	}
	if most, ok := count(v.get("maxItems")); ok && most < 1000 {
		if value, ok := g.items(v, most+1, depth); ok {
			out = append(out, leaf{value, "max-items", "maxItems", false})
		}
	}
	if v.get("uniqueItems").True() {
		if value, ok := g.items(v, max(1, v.get("prefixItems").Len()), depth); ok {
			list := value.([]any)
			if len(list) > 0 {
				out = append(out, leaf{append(slices.Clone(list), list[len(list)-1]), "twice", "uniqueItems", false})
			}
		}
	}
	if contains := v.get("contains"); contains.IsMap() {
		if wrong := wrongTypes(place{view: look(contains)}); len(wrong) > 0 {
			out = append(out, leaf{[]any{wrong[len(wrong)-1].value}, "contains", "contains", false})
		}
	}
	if v.get("items").Exists() && !v.get("items").IsMap() && !v.get("items").True() {
		out = append(out, leaf{append(slices.Clone(at), "any"), "more-items", "items", false})
	}
	return out
}

func wrongTexts(v view, right string) []leaf {
	var out []leaf
	if least, ok := count(v.get("minLength")); ok && least > 0 {
		s := sized(least - 1)
		if pattern := v.get("pattern").Text(); pattern != "" {
			if short, ok := matching(pattern, 0, least-1, 0); ok {
				s = short
			}
		}
		out = append(out, leaf{s, "min-length", "minLength", false})
	}
	if most, ok := count(v.get("maxLength")); ok && most <= 100_000 {
		s := sized(most + 1)
		if pattern := v.get("pattern").Text(); pattern != "" {
			if long, ok := matching(pattern, most+1, most+200, 0); ok {
				s = long
			}
		}
		out = append(out, leaf{s, "max-length", "maxLength", false})
	}
	if pattern := v.get("pattern").Text(); pattern != "" {
		if s, ok := mismatching(pattern, right); ok {
			out = append(out, leaf{s, "pattern", "pattern", false})
		}
		out = append(out, leaf{right + "\n", "pattern.line-break", "pattern", false}, leaf{strings.ToUpper(right), "pattern.other-case", "pattern", false})
	}
	if form, ok := formats()[v.get("format").Text()]; ok && !v.get("enum").Exists() {
		out = append(out, leaf{form[2], "format", "format", false})
	}
	return out
}

func wrongNumbers(v view) []leaf {
	integer := v.allows("integer") && !v.allows("number")
	b := boundsOf(v, integer)
	var out []leaf
	outside := func(bound *big.Rat, open bool, sign int64, detail, keyword string) {
		if bound == nil {
			return
		}
		r := new(big.Rat).Set(bound)
		if !open || b.step != nil && !new(big.Rat).Quo(r, b.step).IsInt() {
			step := new(big.Rat).Mul(b.grain(), big.NewRat(sign, 1))
			inner := b.lowest()
			if sign > 0 {
				inner = b.highest()
			}
			if b.step != nil && inner != nil {
				r = inner
			}
			r = new(big.Rat).Add(r, step)
		}
		out = append(out, leaf{decimal(r), detail, keyword, false})
	}
	low, high := "minimum", "maximum"
	if rat(v.get("exclusiveMinimum")) != nil {
		low = "exclusiveMinimum"
	}
	if rat(v.get("exclusiveMaximum")) != nil {
		high = "exclusiveMaximum"
	}
	outside(b.low, b.lowOpen, -1, "below-minimum", low)
	outside(b.high, b.highOpen, 1, "above-maximum", high)
	if step := rat(v.get("multipleOf")); step != nil && step.Sign() > 0 {
		base := b.lowest()
		if base == nil {
			base = new(big.Rat).Set(step)
		}
		half := new(big.Rat).Quo(step, big.NewRat(2, 1))
		if integer && !half.IsInt() {
			half = big.NewRat(1, 1)
		}
		out = append(out, leaf{decimal(new(big.Rat).Add(base, half)), "multiple", "multipleOf", false})
	}
	switch v.get("format").Text() {
	case "int32":
		if b.high == nil {
			out = append(out, leaf{json.Number("2147483648"), "int32", "format", false})
		}
	case "int64":
		if b.high == nil {
			out = append(out, leaf{json.Number("9223372036854775808"), "int64", "format", false})
		}
	}
	return out
}
