package values

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/atlas-contract/conformance/contract"
)

// Shrink makes a value smaller as long as it stays broken: members and items
// are left out, texts cut, numbers brought near zero. It asks broken at most
// budget times, and returns the smallest value that was found; the value given
// is taken to be broken and stays as it is.
func Shrink(v any, broken func(any) bool, budget int) any {
	s := &shrinker{broken: broken, left: budget}
	for {
		smaller, ok := s.step(v, func(x any) any { return x })
		if !ok {
			return v
		}
		v = smaller
	}
}

type shrinker struct {
	broken func(any) bool
	left   int
}

// try asks about a whole that has the part in its place.
func (s *shrinker) try(whole any) bool {
	if s.left <= 0 {
		return false
	}
	s.left--
	return s.broken(whole)
}

// step finds one smaller whole: of the part itself first, then of what is in
// it. The function in puts a part into its place.
func (s *shrinker) step(part any, in func(any) any) (any, bool) {
	for _, smaller := range smallerThan(part) {
		if whole := in(smaller); s.try(whole) {
			return whole, true
		}
	}
	switch at := part.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(at)) {
			if whole, ok := s.step(at[name], func(x any) any { return in(with(at, name, x)) }); ok {
				return whole, true
			}
		}
	case []any:
		for i := range at {
			if whole, ok := s.step(at[i], func(x any) any { return in(withItem(at, i, x)) }); ok {
				return whole, true
			}
		}
	}
	return nil, false
}

// smallerThan are the values one step smaller, the smallest first. The steps
// end, as each has less in it.
func smallerThan(v any) []any {
	switch v := v.(type) {
	case map[string]any:
		return smallerObjects(v)
	case []any:
		return smallerArrays(v)
	case string:
		return smallerTexts(v)
	case json.Number:
		return smallerNumbers(v)
	case bool:
		if v {
			return []any{false}
		}
	}
	return nil
}

func smallerObjects(v map[string]any) []any {
	if len(v) == 0 {
		return nil
	}
	out := []any{map[string]any{}}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		out = append(out, without(v, name))
	}
	return out
}

func smallerArrays(v []any) []any {
	if len(v) == 0 {
		return nil
	}
	out := []any{[]any{}}
	if len(v) > 3 {
		out = append(out, slices.Clone(v[:len(v)/2]), slices.Clone(v[len(v)/2:]))
	}
	for i := range v {
		out = append(out, slices.Delete(slices.Clone(v), i, i+1))
	}
	return out
}

func smallerTexts(v string) []any {
	runes := []rune(v)
	if len(runes) == 0 {
		return nil
	}
	out := []any{""}
	for _, n := range []int{len(runes) / 2, len(runes) - 1} {
		if n > 0 && n < len(runes) {
			out = append(out, string(runes[:n]), string(runes[len(runes)-n:]))
		}
	}
	return out
}

// smallerNumbers go towards zero: zero, half of it, one less.
func smallerNumbers(v json.Number) []any {
	r, ok := contract.Rat(v)
	if !ok {
		return []any{json.Number("0")}
	}
	f, _ := r.Float64()
	whole := int64(f)
	switch {
	case r.Sign() == 0:
		return nil
	case !r.IsInt() && f < 1e15 && f > -1e15:
		return []any{json.Number("0"), json.Number(strconv.FormatInt(whole, 10))}
	case f > 1e15 || f < -1e15:
		return []any{json.Number("0"), json.Number("1000000000000000")}
	case whole > 0:
		return unlike(whole, 0, whole/2, whole-1)
	}
	return unlike(whole, 0, -whole, whole/2, whole+1)
}

func unlike(n int64, list ...int64) []any {
	var out []any
	for i, m := range list {
		if m != n && !slices.Contains(list[:i], m) {
			out = append(out, json.Number(strconv.FormatInt(m, 10)))
		}
	}
	return out
}

// with is a copy of an object that has one more member, or another one.
func with(object map[string]any, name string, v any) map[string]any {
	out := make(map[string]any, len(object)+1)
	maps.Copy(out, object)
	out[name] = v
	return out
}

func without(object map[string]any, names ...string) map[string]any {
	out := maps.Clone(object)
	for _, name := range names {
		delete(out, name)
	}
	return out
}

func withItem(list []any, i int, v any) []any {
	out := slices.Clone(list)
	out[i] = v
	return out
}

func sortedKeys(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }
