package values

import "slices"

// arrays have too few items, too many, the same twice, or none of the kind that
// has to be there.
func (w *wronger) arrays(p place, v []any) []miss {
	n := p.need
	least, most := n.sizes()
	var out []miss
	if least > 0 && least <= longestArray {
		out = append(out, miss{"min-items", "minItems", w.ofSize(p, least-1)})
	}
	if most >= 0 && most < longestArray {
		out = append(out, miss{"max-items", "maxItems", w.ofSize(p, most+1)})
	}
	if n.unique() {
		out = append(out, miss{"twice", "uniqueItems", w.twice(p, v)})
	}
	for _, s := range n.parts {
		if s.contains != nil {
			out = append(out, w.contains(p, v, s)...)
		}
		if s.items != nil && s.items.never {
			out = append(out, miss{"more-items", "items", []any{append(slices.Clone(v), "text"), w.filled(p, v, len(s.prefix))}})
		}
		if s.unevaluatedItems != nil && s.unevaluatedItems.never {
			out = append(out, miss{"more-items", "unevaluatedItems", []any{append(slices.Clone(v), "text"), w.filled(p, v, n.prefix())}})
		}
	}
	return out
}

// filled is the array with as many items as have schemas, and one more.
func (w *wronger) filled(p place, v []any, size int) any {
	w.fresh()
	list, ok := w.g.array(p.need, max(size, len(v)), minimal, len(p.path))
	if !ok {
		return nil
	}
	return append(list, "text")
}

func (w *wronger) ofSize(p place, size int) []any {
	w.fresh()
	if list, ok := w.g.array(p.need, size, minimal, len(p.path)); ok {
		return []any{list}
	}
	return nil
}

// twice are arrays with the last item once more, or in place of another.
func (w *wronger) twice(p place, v []any) []any {
	var out []any
	for _, size := range []int{len(v), 1, 2, p.need.prefix() + 1} {
		w.fresh()
		list, ok := w.g.array(p.need, size, minimal, len(p.path))
		if !ok || size == 0 {
			continue
		}
		out = append(out, append(slices.Clone(list), list[len(list)-1]))
		if size > 1 {
			out = append(out, withItem(list, size-2, list[size-1]))
		}
	}
	return out
}

// contains are arrays with too few, or too many, of the items that s wants.
func (w *wronger) contains(p place, v []any, s *schema) []miss {
	n := p.need
	least, _ := n.sizes()
	other := withoutContains(n)
	var none []any
	for _, size := range []int{least, max(least, 1), 0} {
		if list, ok := w.others(other, s, size, 0); ok {
			none = append(none, list)
		}
	}
	out := []miss{{"contains", "contains", none}}
	if s.minContains != nil && *s.minContains > 1 {
		if list, ok := w.others(other, s, max(least, *s.minContains), *s.minContains-1); ok {
			out = append(out, miss{"min-contains", "minContains", []any{list}})
		}
	}
	if s.maxContains != nil && *s.maxContains < longestArray {
		if list, ok := w.others(other, s, max(least, *s.maxContains+1), *s.maxContains+1); ok {
			out = append(out, miss{"max-contains", "maxContains", []any{list}})
		}
	}
	return out
}

func withoutContains(n *need) *need {
	out := &need{}
	for _, s := range n.parts {
		free := *s
		free.contains = nil
		out.parts = append(out.parts, &free)
	}
	return out
}

// others makes an array of which so many items are as contains has them.
func (w *wronger) others(n *need, s *schema, size, matching int) ([]any, bool) {
	w.fresh()
	out := []any{}
	for i := range size {
		item := n.item(i)
		if i < matching {
			item = needOf(append(item.roots, s.contains)...)
		} else {
			item.roots = append(item.roots, &schema{not: s.contains})
		}
		v, ok := w.g.item(n, item, out, minimal, 1)
		if !ok {
			return nil, false
		}
		out = append(out, v)
	}
	return out, true
}
