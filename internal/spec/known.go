package spec

import (
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// Known are values of a property that the target is known to accept, each with
// its equivalent forms. Others may exist.
type Known struct {
	// By is the property beside it whose value decides which values are known,
	// "" where they are always the same.
	By string
	// Values are the groups of equivalent forms by the value of By.
	Values     map[string][][]string
	Order      []string // the keys of Values in the order of the document
	Statements []string
}

// ReadKnown reads a schema's x-conformance.known, nil where it has none.
func ReadKnown(schema Node) *Known { return KnownIn(schema.Resolve().Ext()) }

// KnownIn reads the known values of an extension, nil where it has none.
func KnownIn(ext Node) *Known { return remembered(ext, readKnown) }

func readKnown(ext Node) *Known {
	n := ext.Get("known")
	if !n.Exists() {
		return nil
	}
	k := &Known{By: n.Get("by").Text(), Values: map[string][][]string{}, Statements: n.Get("statements").Strings()}
	for value, groups := range n.Get("values").Pairs() {
		k.Order = append(k.Order, value)
		for _, group := range groups.Items() {
			k.Values[value] = append(k.Values[value], group.Strings())
		}
	}
	return k
}

// Has tells whether a value is known, beside whatever value of By.
func (k *Known) Has(value any) bool {
	for _, groups := range k.Values {
		for _, group := range groups {
			for _, form := range group {
				if value == any(form) {
					return true
				}
			}
		}
	}
	return false
}

// collectForms collects the equivalent forms of all operations' bodies.
func (c *Contract) collectForms() {
	c.forms = map[string]map[string]int{}
	for _, op := range c.Operations {
		if op.Body == nil {
			continue
		}
		for _, m := range op.Body.Media {
			for _, property := range m.Schema.Resolve().Get("properties").Pairs() {
				if known := ReadKnown(property); known != nil {
					c.addForms(known)
				}
			}
		}
	}
}

func (c *Contract) addForms(k *Known) {
	for _, groups := range k.Values {
		for _, group := range groups {
			for _, a := range group {
				if c.forms[a] == nil {
					c.forms[a] = map[string]int{}
				}
				for i, b := range group {
					c.forms[a][b] |= 1 << i
				}
			}
		}
	}
}

// Equivalent tells whether two values are equal or known as forms of one
// another.
func (c *Contract) Equivalent(a, b any) bool {
	if contract.Equal(a, b) {
		return true
	}
	x, ok := a.(string)
	y, ok2 := b.(string)
	return ok && ok2 && c.forms[x][y] > 0
}

// IsForm tells whether b is that one, counted from 1, of the forms that are
// known of a. Where none is known so, any value is.
func (c *Contract) IsForm(a, b any, form int) bool {
	x, _ := a.(string)
	y, _ := b.(string)
	bit, known := 1<<(form-1), false
	for _, places := range c.forms[x] {
		known = known || places&bit != 0
	}
	return !known || c.forms[x][y]&bit != 0
}

// Canonical is one form that stands for all that are equivalent, so that two
// requests for the same unique thing can be told from their text.
func (c *Contract) Canonical(value string) string {
	for form := range c.forms[value] {
		if form < value {
			value = form
		}
	}
	return value
}

// Unique are the runtime expressions over a creation whose values no two things
// share: those that the contract declares, else the id where the client chooses it,
// as the body has to have a text of the name that the id has in paths.
func (c *Contract) Unique(op *Operation) []string {
	if op.Creates != nil && len(op.Creates.Unique) > 0 {
		return op.Creates.Unique
	}
	r := c.Resource(op)
	if r == nil || r.Create != op || r.Member() != "/"+Escape(r.Param) || op.Body == nil {
		return nil
	}
	for _, m := range op.Body.Media {
		schema := m.Schema.Resolve()
		own := schema.Get("properties", r.Param).Resolve()
		if slices.Contains(own.Get("type").Strings(), "string") && !own.Get("readOnly").True() && slices.Contains(schema.Get("required").Strings(), r.Param) {
			return []string{"$request.body#/" + Escape(r.Param)}
		}
	}
	return nil
}

// UniqueKey is the values that a creation must not share with another one, each
// in its canonical form, as one text; "" where there are none, or
// where the request lacks one of them as a scalar.
func (c *Contract) UniqueKey(op *Operation, e *contract.Exchange) string {
	unique := c.Unique(op)
	if len(unique) == 0 {
		return ""
	}
	parts := []string{op.ID}
	for _, expr := range unique {
		value, ok := contract.Eval(expr, e)
		text, scalar := contract.Text(value)
		if !ok || !scalar {
			return ""
		}
		parts = append(parts, c.Canonical(text))
	}
	return strings.Join(parts, "\x00")
}

// Cites are the statements that a general promise of HTTP has in this
// contract: the root's x-conformance.checks names them by check.
func (c *Contract) Cites(check string) []string {
	return c.root.Ext().Get("checks", check).Strings()
}

// Forms are a text and all that is known to mean the same, sorted.
func (c *Contract) Forms(text string) []string {
	out := []string{text}
	for form := range c.forms[text] {
		if form != text {
			out = append(out, form)
		}
	}
	slices.Sort(out)
	return out
}
