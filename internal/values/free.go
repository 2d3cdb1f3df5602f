package values

import (
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// vouch keeps the example, whose texts count as right wherever they stand.
func (r *righter) vouch() {
	if r.s.o.Example != nil && r.g.fits([]*schema{r.s.root}, r.s.o.Example) {
		r.example = r.s.o.Example
	}
}

// free tells whether a value holds a text that nothing vouches for.
func (r *righter) free(whole any) bool {
	return r.freeAt(needOf(r.s.root), whole, nil, nil)
}

func (r *righter) freeAt(n *need, v any, siblings map[string]any, path []string) bool {
	if len(path) > maxDepth {
		return false
	}
	switch v := v.(type) {
	case string:
		return !r.vouchedFor(n, v, siblings, path)
	case map[string]any:
		n = r.resolved(n, v)
		for name, member := range v {
			inner, _ := n.member(name)
			if r.freeAt(inner, member, v, append(path, name)) {
				return true
			}
		}
	case []any:
		n = r.resolved(n, v)
		for i, item := range v {
			if r.freeAt(n.item(i), item, nil, append(path, itoa(i))) {
				return true
			}
		}
	}
	return false
}

// resolved is the need with all the alternatives that the value is of.
func (r *righter) resolved(n *need, v any) *need {
	for steps := 0; len(n.open) > 0 && steps < 20; steps++ {
		c := n.open[0]
		w := walk{g: r.g}
		taken := slices.IndexFunc(c.branches, func(b []*schema) bool {
			return w.taken(c, slices.IndexFunc(c.branches, func(x []*schema) bool { return slices.Equal(x, b) }), b, v)
		})
		if taken < 0 {
			n = n.clone()
			n.open = n.open[1:]
			continue
		}
		n = n.choose(c, taken)
	}
	return n.withDependents(v)
}

func (r *righter) vouchedFor(n *need, v string, siblings map[string]any, path []string) bool {
	n = r.resolved(n, v)
	for _, s := range n.parts {
		if s.hasEnum || s.pattern != nil || contains(s.examples, v) {
			return true
		}
		if _, known := sampleOf(s.format); known {
			return true
		}
	}
	for _, t := range n.tags {
		if slices.Contains(t.values, v) {
			return true
		}
	}
	if contains(r.g.known(n, siblings), v) {
		return true
	}
	var pointer strings.Builder
	for _, token := range path {
		pointer.WriteString("/" + spec.Escape(token))
	}
	same, ok := contract.At(r.example, pointer.String())
	return r.example != nil && ok && contract.Equal(same, v)
}
