package values

import (
	"slices"
	"strings"
)

// miss is a wrong value for a place, with the keyword that it is to break; any
// keyword will do where that is empty. Several values are tried in turn.
type miss struct {
	detail  string
	keyword string
	values  []any
}

// wrong are near misses: one of each place in turn where that has room for all
// of them, else chosen fairly.
func (s *Schema) wrong() []Value {
	base, ok := s.Base()
	if !ok {
		return nil
	}
	places := s.places(base)
	w := &wronger{s: s, g: s.generator()}
	lists := make([][]miss, len(places))
	for i, p := range places {
		lists[i] = w.misses(p)
	}
	out, room := w.collect(func() { w.inTurns(places, lists) })
	if !room {
		out, _ = w.collect(func() { w.fairly(places, lists) })
	}
	return out
}

type wronger struct {
	s  *Schema
	st *stream
	g  *generator
}

// collect are the values that are sent, and whether there was room for all.
func (w *wronger) collect(send func()) ([]Value, bool) {
	var out []Value
	keep := func(v Value) bool { out = append(out, v); return true }
	w.st = &stream{yield: keep, left: maxMisses, named: map[string]bool{}, seen: map[string]bool{}}
	send()
	return out, !w.st.ended
}

// inTurns sends one of each place, then a second one of each, and so on.
func (w *wronger) inTurns(places []place, lists [][]miss) {
	for turn := 0; ; turn++ {
		more := false
		for i, p := range places {
			if turn >= len(lists[i]) {
				continue
			}
			more = true
			if w.send(p, lists[i][turn]); w.st.ended {
				return
			}
		}
		if !more {
			return
		}
	}
}

// send sends the first of the values that breaks what it is to break, and
// nothing else; it tells false where none does, or each went out before.
func (w *wronger) send(p place, m miss) bool {
	for _, x := range m.values {
		whole := p.put(x)
		f, one := w.fault(whole)
		if !one || m.keyword != "" && f.keyword != m.keyword || !strings.HasPrefix(f.pointer, p.pointer()) {
			continue
		}
		v := Value{JSON: whole, Detail: p.detail(m.detail), Pointer: f.pointer, Keyword: f.keyword}
		if w.st.has(v) {
			continue
		}
		w.st.emit(v, p.branch)
		return true
	}
	return false
}

// fault is the only thing that is wrong with a value.
func (w *wronger) fault(whole any) (fault, bool) {
	e := w.g.evaluator()
	e.visit(w.s.root, whole)
	var found []fault
	for _, f := range e.faults {
		f.tag = false
		if !slices.Contains(found, f) {
			found = append(found, f)
		}
	}
	if len(found) != 1 || e.visits > maxVisits {
		return fault{}, false
	}
	return found[0], true
}

// misses are the wrong values of a place, those of each keyword in turn.
func (w *wronger) misses(p place) []miss {
	n := p.need
	out := slices.Concat(w.absences(p), w.types(p), w.lists(n))
	switch v := p.value.(type) {
	case string:
		out = append(out, w.texts(n, v)...)
	case map[string]any:
		out = append(out, w.objects(p, v)...)
	case []any:
		out = append(out, w.arrays(p, v)...)
	}
	if typeOf(p.value)&kindNumber != 0 {
		out = append(out, w.numbers(n)...)
	}
	return append(out, w.compositions(p)...)
}

// types are a value of each other type.
func (w *wronger) types(p place) []miss {
	var out []miss
	have := p.need.types()
	if !p.need.typed() && len(p.need.parts) == 0 {
		return nil
	}
	for _, k := range []kinds{kindNull, kindString, kindFraction, kindInteger, kindBoolean, kindArray, kindObject} {
		if have&k != 0 || k == kindInteger && have&kindNumber != 0 {
			continue
		}
		if k == kindFraction && have&kindInteger == 0 && have&kindNumber == 0 && k != kindFraction {
			continue
		}
		if list := w.ofType(k, have, p.value); len(list) > 0 {
			out = append(out, miss{"type-" + k.String(), "type", list})
		}
	}
	return out
}

// ofType are values of a wrong type, the ones that are nearest to what is right
// first: the same in a text, or in a list.
func (w *wronger) ofType(k, have kinds, right any) []any {
	switch k {
	case kindNull:
		return []any{nil}
	case kindString:
		return append(textLike(have, right), "text")
	case kindFraction:
		if have&kindInteger != 0 {
			return []any{number("1.5")}
		}
		return nil
	case kindInteger:
		return []any{number("1"), number("0")}
	case kindBoolean:
		return []any{true}
	case kindArray:
		return []any{[]any{right}, []any{}}
	case kindObject:
		return []any{map[string]any{}, map[string]any{"other": "text"}}
	}
	return nil
}

func textLike(have kinds, right any) []any {
	switch {
	case typeOf(right)&kindNumber != 0:
		return []any{string(encode(right))}
	case have&kindNumber != 0:
		return []any{"1"}
	case have&kindBoolean != 0:
		return []any{"true"}
	}
	if list, ok := right.([]any); ok && len(list) > 0 {
		if text, ok := list[0].(string); ok {
			return []any{text}
		}
	}
	return nil
}

// lists are values that an enum or a const does not have.
func (w *wronger) lists(n *need) []miss {
	list, ok := n.listed()
	if !ok || len(list) == 0 {
		return nil
	}
	keyword := "enum"
	for _, s := range n.parts {
		if s.constant {
			keyword = "const"
		}
	}
	first := list[0]
	out := []miss{{keyword, keyword, unlisted(first)}}
	text, ok := first.(string)
	if !ok {
		return out
	}
	return append(out,
		miss{keyword + "-other-case", keyword, []any{strings.ToLower(text), strings.ToUpper(text)}},
		miss{keyword + "-empty", keyword, []any{""}},
		miss{keyword + "-space", keyword, []any{text + " "}},
		miss{keyword + "-other-type", keyword, []any{nil, number("1"), true}})
}

// unlisted are values of the same type as one that is listed.
func unlisted(first any) []any {
	switch v := first.(type) {
	case string:
		return []any{v + "_", v + "x", cut(v), "other"}
	case bool:
		return []any{!v}
	case []any:
		return []any{[]any{}, append(slices.Clone(v), nil)}
	case map[string]any:
		return []any{map[string]any{}, with(v, "other", "text")}
	case nil:
		return []any{"text", number("1"), true}
	}
	return []any{number("1"), number("98"), number("0"), number("-1"), number("98.5")}
}

func cut(s string) string {
	runes := []rune(s)
	return string(runes[:max(0, len(runes)-1)])
}
