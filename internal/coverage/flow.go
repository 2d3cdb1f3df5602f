package coverage

import (
	"net/url"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// flow is a way from one operation to another: a link that the document
// declares, or one that its paths suggest.
type flow struct {
	item *item
	link spec.Link
	// under are the members that may wrap the first reply.
	under []string
	// given are the parameters that the last replies gave.
	given []map[string]string
}

// maxGiven bounds how many replies a way on is remembered for.
const maxGiven = 64

// flows are the ways of a document that were not yet gone.
type flows struct {
	from, to map[string][]*flow // by operation
	// begun are those that have something given.
	begun []*flow
}

func (c *compiler) flows(doc *spec.Contract) *flows {
	fs := &flows{from: map[string][]*flow{}, to: map[string][]*flow{}}
	for _, op := range doc.Operations {
		for _, link := range doc.Links(op) {
			if doc.Operation(link.Operation) == nil {
				continue
			}
			f := &flow{item: c.all.add(Flows, op.ID+" → "+link.Operation), link: link}
			if envelope := op.Envelope(); envelope != nil {
				f.under = envelope.Relation.Keys
			}
			fs.from[op.ID] = append(fs.from[op.ID], f)
			fs.to[link.Operation] = append(fs.to[link.Operation], f)
		}
	}
	return fs
}

// forget begins anew, since what one case was given no other case follows.
func (fs *flows) forget() {
	for _, f := range fs.begun {
		f.given = nil
	}
	fs.begun = fs.begun[:0]
}

// exchange follows the ways that lead to an exchange, and begins those that
// lead on from it.
func (fs *flows) exchange(x *contract.Exchange) {
	for _, f := range fs.to[x.Operation] {
		if f.item.n == 0 && f.followed(x) {
			f.item.n++
		}
	}
	if !x.Response.Success() {
		return
	}
	for _, f := range fs.from[x.Operation] {
		if f.item.n > 0 {
			continue
		}
		if given, ok := f.gives(x); ok {
			if f.given == nil {
				fs.begun = append(fs.begun, f)
			}
			f.given = append(f.given, given)
			f.given = f.given[max(0, len(f.given)-maxGiven):]
		}
	}
}

// gives are the parameters that an exchange gives the next one.
func (f *flow) gives(x *contract.Exchange) (map[string]string, bool) {
	out := map[string]string{}
	for name, expr := range f.link.Parameters {
		v, ok := contract.Eval(expr, x, f.under...)
		text, scalar := contract.Text(v)
		if !ok || !scalar {
			return nil, false
		}
		out[name] = text
		if strings.HasPrefix(strings.ToLower(expr), "$response.header.") { // a URL, whose end is the value
			out[name] = last(text)
		}
	}
	return out, true
}

// followed tells whether an exchange has what some reply gave.
func (f *flow) followed(x *contract.Exchange) bool {
	if len(f.given) == 0 {
		return false
	}
	var query url.Values
	if u, err := url.Parse(x.Request.URL); err == nil {
		query = u.Query()
	}
	for _, given := range f.given {
		fits := true
		for name, text := range given {
			got, inPath := x.Params[name]
			if !inPath {
				got = query.Get(name)
			}
			fits = fits && got == text
		}
		if fits {
			return true
		}
	}
	return false
}
