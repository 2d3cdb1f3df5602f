package kinds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var combined = sceneKind("combined",
	"Sends every pair of values of the parameters that have few, and each near miss again with other values beside it: for each schema that the request selects, and with the flags in turn. What is right is to be accepted, what is wrong rejected.",
	func(p *plan, yield func(*contract.Case) bool) bool {
		rows := pairwise(p.choices())
		for _, row := range rows {
			if len(row) > 1 && !yield(p.rowCase(row)) {
				return false
			}
		}
		return p.freshened("combined").missesAmong(rows, yield)
	})

// choice is a parameter and one of its values; nil leaves it out.
type choice struct {
	parameter spec.Parameter
	value     any
}

// few are the first values of a schema that lists its values, but null.
func (s *Source) few(schema spec.Node) []any {
	var out []any
	for v := range s.schema(schema, nil).Valid() {
		known := slices.ContainsFunc(out, func(value any) bool { return contract.Equal(value, v.JSON) })
		if len(out) < 6 && !known && v.JSON != nil {
			out = append(out, v.JSON)
		}
	}
	return out
}

// choices are the query parameters that have few values, with these.
func (p *plan) choices() [][]choice {
	var out [][]choice
	for _, parameter := range p.op.Parameters {
		if parameter.In != "query" || !closed(parameter.Schema) {
			continue
		}
		var list []choice
		if !parameter.Required {
			list = append(list, choice{parameter, nil})
		}
		for _, value := range p.source.few(parameter.Schema) {
			list = append(list, choice{parameter, value})
		}
		if len(list) > 1 {
			out = append(out, list)
		}
	}
	return out
}

func (row choices) apply(d *draft) {
	for _, c := range row {
		d.unset(c.parameter)
		if c.value != nil {
			d.set(c.parameter, c.value)
		}
	}
}

// choices is a row of them.
type choices []choice

// name is a row as a piece of an id.
func (row choices) name() string {
	var parts []string
	for _, c := range row {
		if c.value != nil {
			parts = append(parts, c.parameter.Name+"-"+flat(c.value))
		}
	}
	if len(parts) == 0 {
		return "none"
	}
	return plainWord(strings.Join(parts, "."))
}

// rowCase is the right request with the choices of a row.
func (p *plan) rowCase(row choices) *contract.Case {
	detail := p.variant() + "/" + row.name()
	d := p.draft.clone()
	p.fresh(d, p.op.ID+"/combined/"+detail, "")
	row.apply(d)
	return p.accepted("combined", detail, d)
}

// missesAmong sends each near miss with the choices of a row, in turn. Those of
// the usual request went out without any, so rows without a choice are left out
// there.
func (p *plan) missesAmong(rows [][]choice, yield func(*contract.Case) bool) bool {
	usual := p.variant() == p.source.firstVariant(p.op)
	if usual && len(rows) == 0 {
		return true
	}
	n, more := 0, true
	p.variations(wrongValues, anyParameter, func(v variation) bool {
		if v.in != "body" && !p.plain(v) || v.value.Keyword == "format" {
			return true
		}
		row := choices(nil)
		if len(rows) > 0 {
			row = rows[n%len(rows)]
		}
		n++
		more = yield(p.missAmong(v, row))
		return more && n < 120
	})
	return more
}

func (p *plan) missAmong(v variation, row choices) *contract.Case {
	for _, c := range row {
		if v.in == "query" && (v.place == c.parameter.Name || strings.HasPrefix(v.place, c.parameter.Name+"/")) {
			continue
		}
		choices{c}.apply(v.draft)
	}
	return p.rejected("combined", fmt.Sprintf("%s/%s/%s", p.variant(), row.name(), v.detail()), v)
}

func anyParameter(spec.Parameter) bool { return true }
