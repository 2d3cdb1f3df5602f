// Package values derives values from a schema: right ones, at and around each
// bound that the schema names, and near misses that break one keyword at one
// place.
//
// It proposes and does not judge. Whoever uses a value proves it first with
// the validators, and drops what they do not confirm; so a schema whose
// keywords bear upon one another in a way that is not foreseen here costs a
// value, never a false alarm. The values of a schema are the same every time,
// the simplest first.
package values

import (
	"iter"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// Value is one value of a schema.
type Value struct {
	// JSON is the decoded value: map[string]any, []any, string, json.Number,
	// bool or nil.
	JSON any
	// Detail names what is special about it, such as "minimal" or
	// "max-length", in letters, digits, dots and hyphens.
	Detail string
	// Pointer is the JSON pointer of the place that is varied.
	Pointer string
	// Keyword is the keyword that is explored, or broken.
	Keyword string
	// Free tells that the place holds a made-up text that nothing in the
	// schema vouches for.
	Free bool
}

// Options say which values are wanted.
type Options struct {
	// Response derives what a server sends, without the writeOnly members;
	// else it is what a client sends, without the readOnly ones.
	Response bool
	// Known gives values that are known to be accepted for a schema, beside
	// the values of its siblings; nil knows none.
	Known func(schema spec.Node, siblings map[string]any) []any
	// Example is a right value as a whole, preferred to a made-up one; nil for
	// none.
	Example any
}

// Schema derives the values of one schema.
type Schema struct {
	node spec.Node
	gen  generator
	o    Options
}

// New takes a schema of a document.
func New(node spec.Node, o Options) *Schema {
	return &Schema{node: node, gen: generator{o: o}, o: o}
}

// maxValues bounds each stream, so that a huge schema costs no more than a
// large one.
const maxValues = 400

// Base is a right value with as little in it as may be, or the example. It
// tells false where the schema has none, or none could be made.
func (s *Schema) Base() (any, bool) {
	if s.o.Example != nil {
		return s.o.Example, true
	}
	return s.gen.make(s.node, minimal, 0)
}

// Valid proposes right values.
func (s *Schema) Valid() iter.Seq[Value] {
	return func(yield func(Value) bool) { s.stream(yield, s.right) }
}

// Misses proposes values that break one keyword at one place.
func (s *Schema) Misses() iter.Seq[Value] {
	return func(yield func(Value) bool) { s.stream(yield, s.wrong) }
}

// stream yields no value twice and not too many.
func (s *Schema) stream(yield func(Value) bool, produce func(emit func(Value) bool)) {
	seen, named, n := map[string]bool{}, map[string]bool{}, 0
	produce(func(v Value) bool {
		text := string(contract.Encode(v.JSON)) + "\x00" + v.Keyword + v.Pointer
		if seen[text] || named[v.Pointer+" "+v.Detail] {
			return true
		}
		seen[text], named[v.Pointer+" "+v.Detail] = true, true
		n++
		return yield(v) && n < maxValues
	})
}

// right emits the right values: whole ones first, then the base with one place
// varied at a time.
func (s *Schema) right(emit func(Value) bool) {
	base, ok := s.Base()
	if !ok {
		return
	}
	if least, ok := s.gen.make(s.node, minimal, 0); ok && !emit(Value{JSON: least, Detail: "minimal", Keyword: "required", Free: s.o.Example != nil && hasFree(s.node, 0)}) {
		return
	}
	if all, ok := s.gen.make(s.node, maximal, 0); ok && !emit(Value{JSON: s.over(all, base), Detail: "all-properties", Keyword: "properties"}) {
		return
	}
	s.places(base, func(p place) bool {
		for _, l := range s.gen.variants(p) {
			if !emit(p.value(l)) {
				return false
			}
		}
		return true
	})
}

// wrong emits the near misses of every place of the base, and of the fuller
// values that reach the places that it has not.
func (s *Schema) wrong(emit func(Value) bool) {
	base, ok := s.Base()
	if !ok {
		return
	}
	s.places(base, func(p place) bool {
		for _, l := range s.gen.misses(p) {
			if !emit(p.value(l)) {
				return false
			}
		}
		return true
	})
}

// over lays the members of base over those of an object that has more.
func (s *Schema) over(all, base any) any {
	to, ok := all.(map[string]any)
	from, ok2 := base.(map[string]any)
	if !ok || !ok2 {
		return all
	}
	for name, value := range from {
		to[name] = value
	}
	return to
}
