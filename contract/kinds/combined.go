package kinds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var combined = sceneKind("combined",
	"Sends every pair of values of the parameters that have few, of what is optional being there or not among them, and each near miss again with other values beside it: for each schema that the request selects, and with the flags in turn. What is right is to be accepted, what is wrong rejected.",
	func(p *plan, yield func(*contract.Case) bool) bool {
		few := p.choices()
		named := map[string]bool{}
		for _, row := range pairwise(slices.Concat(few, p.optional())) {
			name := choices(row).name()
			if len(row) < 2 || named[name] || len(named) == mostRows {
				continue
			}
			named[name] = true
			if !yield(p.rowCase(row)) {
				return false
			}
		}
		return p.freshened("combined").missesAmong(pairwise(few), yield)
	})

// mostRows is how many rows of values are sent: enough for every pair of three
// parameters with six values each.
const mostRows = 72

// rowCase is the right request with the choices of a row; nil where one of them
// cannot be sent.
func (p *plan) rowCase(row choices) *contract.Case {
	detail := p.variant() + "/" + row.name()
	d := p.draft.clone()
	p.fresh(d, p.op.ID+"/combined/"+detail, "")
	if !row.apply(d) {
		p.source.drop(p.op.ID+"/combined/"+detail, "one of its values cannot be sent in its place")
		return nil
	}
	c := p.accepted("combined", detail, d)
	if c != nil && row.open() && c.Doubt == "" {
		c.Doubt = "the document does not say which of its optional parameters go together"
	}
	return c
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
		if v.in == c.parameter.In && (v.place == c.parameter.Name || strings.HasPrefix(v.place, c.parameter.Name+"/")) {
			continue
		}
		choices{c}.apply(v.draft)
	}
	return p.rejected("combined", fmt.Sprintf("%s/%s/%s", p.variant(), row.name(), v.detail()), v)
}

func anyParameter(spec.Parameter) bool { return true }
