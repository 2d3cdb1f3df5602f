package kinds

// pairwise are rows of choices, one of each list, in which every pair of
// choices of two lists stands at least once. One list alone makes a row of each
// of its choices.
func pairwise(lists [][]choice) [][]choice {
	if len(lists) == 1 {
		var rows [][]choice
		for _, c := range lists[0] {
			rows = append(rows, []choice{c})
		}
		return rows
	}
	t := newPairs(lists)
	var rows [][]choice
	for {
		first, ok := t.first()
		if !ok {
			return rows
		}
		rows = append(rows, t.row(first))
	}
}

// pairOf is two choices, by the numbers of their lists and their own.
type pairOf struct{ i, a, j, b int }

// pairs are those that no row has yet.
type pairs struct {
	lists [][]choice
	open  map[pairOf]bool
}

func newPairs(lists [][]choice) *pairs {
	t := &pairs{lists, map[pairOf]bool{}}
	t.each(func(p pairOf) bool { t.open[p] = true; return true })
	return t
}

// each visits all pairs in order.
func (t *pairs) each(visit func(pairOf) bool) {
	for i := range t.lists {
		for j := i + 1; j < len(t.lists); j++ {
			for a := range t.lists[i] {
				for b := range t.lists[j] {
					if !visit(pairOf{i, a, j, b}) {
						return
					}
				}
			}
		}
	}
}

func (t *pairs) first() (pairOf, bool) {
	var found pairOf
	ok := false
	t.each(func(p pairOf) bool {
		if t.open[p] {
			found, ok = p, true
		}
		return !ok
	})
	return found, ok
}

// row has the pair, and beside it the choices that leave the fewest pairs open.
func (t *pairs) row(start pairOf) []choice {
	picked := map[int]int{start.i: start.a, start.j: start.b}
	for i := range t.lists {
		if _, has := picked[i]; !has {
			picked[i] = t.best(i, picked)
		}
	}
	row := make([]choice, len(t.lists))
	for i, a := range picked {
		row[i] = t.lists[i][a]
		for j, b := range picked {
			delete(t.open, pairOf{i, a, j, b})
		}
	}
	return row
}

func (t *pairs) best(i int, picked map[int]int) int {
	best, most := 0, -1
	for a := range t.lists[i] {
		n := 0
		for j, b := range picked {
			if t.open[pairOf{i, a, j, b}] || t.open[pairOf{j, b, i, a}] {
				n++
			}
		}
		if n > most {
			best, most = a, n
		}
	}
	return best
}
