package kinds

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// choice is a parameter and one of its values; nil leaves it out.
type choice struct {
	parameter spec.Parameter
	value     any
	// open tells that the parameter has more values than can be tried, of which
	// this is the one that is.
	open bool
}

// choices is a row of them.
type choices []choice

// mostChoices is how many values of a parameter are tried in pairs.
const mostChoices = 6

// choices are the parameters that have few values, with these, and with being
// left out where they may be. Those in the path are among them where they name
// nothing that is to be there first.
func (p *plan) choices() [][]choice {
	var out [][]choice
	for _, parameter := range p.op.Parameters {
		if !p.pairable(parameter) || !isFew(parameter) {
			continue
		}
		var list []choice
		if !parameter.Required && parameter.In != "path" {
			list = append(list, choice{parameter: parameter})
		}
		for _, value := range p.source.few(parameter.Schema) {
			list = append(list, choice{parameter: parameter, value: value})
		}
		if len(list) > 1 {
			out = append(out, list)
		}
	}
	return out
}

// optional are the parameters with more than a few values that may be left out:
// there and not there. What a text means the document does not say, so only one
// that it shows or bounds is there.
func (p *plan) optional() [][]choice {
	var out [][]choice
	for _, parameter := range p.op.Parameters {
		if parameter.Required || parameter.In == "path" || !p.pairable(parameter) || isFew(parameter) {
			continue
		}
		value, ok := p.source.exampleValue(parameter, p.key)
		if !ok {
			value, ok = defaultValue(parameter)
		}
		if !ok && !hasFreeText(parameter.Schema, false, 0) {
			value, ok = p.source.madeUp(parameter.Schema)
		}
		if d := p.draft.clone(); ok && value != nil && d.set(parameter, value) && d.has(parameter) {
			out = append(out, []choice{{parameter: parameter}, {parameter, value, true}})
		}
	}
	return out
}

// pairable tells whether a parameter's values may be put beside those of
// others.
func (p *plan) pairable(parameter spec.Parameter) bool {
	switch parameter.In {
	case "path":
		_, given := p.source.Params[parameter.Name]
		return p.free(parameter) && !given && !p.selects(parameter)
	case "header":
		return !slices.Contains(meaningful(), strings.ToLower(parameter.Name))
	}
	return !p.selects(parameter)
}

// selects tells whether a parameter decides which schema the reply has. Each of
// its values has a plan of its own.
func (p *plan) selects(parameter spec.Parameter) bool {
	return p.op.Selects != nil && p.op.Selects.By == "$request."+parameter.In+"."+parameter.Name
}

// meaningful are the headers that make another request of one: those that
// OpenAPI takes for no parameters (OpenAPI 3.0.3, Parameter Object), those of
// conditions and ranges (RFC 9110, sections 13 and 14), and the one by which a
// server knows a request that comes again.
func meaningful() []string {
	return []string{
		"accept", "content-type", "authorization",
		"if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range", "range",
		"idempotency-key",
	}
}

// isFew tells whether a parameter has few values: its schema lists them, or
// they are whole numbers that lie close together. Such a number in a path may be
// that of a thing.
func isFew(parameter spec.Parameter) bool {
	_, near := span(parameter.Schema)
	return closed(parameter.Schema) || near > 0 && parameter.In != "path"
}

// span is the least whole number that a schema takes, and how many there are;
// none where there are many, or not every one between two bounds.
func span(schema spec.Node) (least, count int) {
	schema = schema.Resolve()
	for _, keyword := range []string{"exclusiveMinimum", "exclusiveMaximum", "multipleOf", "allOf", "anyOf", "oneOf", "not"} {
		if schema.Get(keyword).Exists() {
			return 0, 0
		}
	}
	least, err := strconv.Atoi(schema.Get("minimum").Text())
	most, err2 := strconv.Atoi(schema.Get("maximum").Text())
	types := schema.Get("type").Strings()
	if err != nil || err2 != nil || len(types) != 1 || types[0] != "integer" || most < least || most-least >= mostChoices {
		return 0, 0
	}
	return least, most - least + 1
}

// few are the first values of a schema that lists its values, but null, and all
// whole numbers of one that has few.
func (s *Source) few(schema spec.Node) []any {
	least, count := span(schema)
	var out []any
	add := func(v any) {
		known := slices.ContainsFunc(out, func(value any) bool { return contract.Equal(value, v) })
		if len(out) < mostChoices && !known && v != nil {
			out = append(out, v)
		}
	}
	for v := range s.schema(schema, nil).Valid() {
		add(v.JSON)
	}
	for i := range count {
		value, _ := contract.Decode([]byte(strconv.Itoa(least + i)))
		add(value)
	}
	return out
}

// apply gives a draft the choices; it tells false where one cannot be sent.
func (row choices) apply(d *draft) bool {
	for _, c := range row {
		d.unset(c.parameter)
		if c.value != nil && !d.set(c.parameter, c.value) {
			return false
		}
	}
	return true
}

// open tells whether a parameter with many values is there.
func (row choices) open() bool {
	return slices.ContainsFunc(row, func(c choice) bool { return c.open })
}

// longestName is how long a row's name may be before a sum stands for its end.
const longestName = 120

// name is a row as a piece of an id.
func (row choices) name() string {
	var parts []string
	for _, c := range row {
		switch {
		case c.open:
			parts = append(parts, c.parameter.Name)
		case c.value != nil:
			parts = append(parts, c.parameter.Name+"-"+flat(c.value))
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	name := plainWord(strings.Join(parts, "."))
	if len(name) <= longestName {
		return name
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // it never returns an error
	return fmt.Sprintf("%s-%08x", name[:longestName], h.Sum32())
}
