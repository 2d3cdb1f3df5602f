// Package values derives values from a schema: right ones, at both sides of
// each bound and in each alternative that the schema names, and near misses
// that break one keyword at one place.
//
// A schema is first compiled into a graph (schema.go, compile.go). What a value
// at one place has to satisfy is a need: all the schemas that apply there, with
// references and allOf followed and the alternatives still open (need.go). From
// a need the generator makes candidates, the simplest first, and takes the
// first that the package's own evaluator agrees with (make.go, eval.go), so that
// keywords which no generator could foresee, such as not and if, work by trial.
//
// The streams vary one place of a right value at a time (place.go): valid.go
// has what a place may hold, misses.go what it may not. A near miss counts only
// where the evaluator finds exactly one fault, the intended one; its pointer
// and keyword are those of the fault, in the words of internal/validate.
//
// The package proposes and does not judge. Whoever sends a value proves it
// first with the validators. Everything is deterministic and bounded: a budget
// ends what a recursive schema would go on with.
package values

import (
	"iter"
	"sync"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// Value is one value of a schema.
type Value struct {
	// JSON is the decoded value: map[string]any, []any, string, json.Number,
	// bool or nil. It may share parts with other values: copy before changing.
	JSON any
	// Detail names what is special about the value, such as "minimal",
	// "only-label" or "label.max-length". It is unique in its stream and has
	// none but the characters A-Z a-z 0-9 . _ ~ -.
	Detail string
	// Pointer is the JSON pointer of the place that is varied, or broken; ""
	// is the whole. A missing member has the pointer that it would have.
	Pointer string
	// Keyword is the keyword that is explored, or broken.
	Keyword string
	// Free tells that a right value holds a made-up text that no enum,
	// pattern, format, example or known value vouches for.
	Free bool
}

// Options say which values are wanted.
type Options struct {
	// Version30 reads the schema as OpenAPI 3.0 does, with nullable; else it
	// is JSON Schema 2020-12 as in OpenAPI 3.1.
	Version30 bool
	// Response derives what a server sends, without the writeOnly members;
	// else it is what a client sends, without the readOnly ones.
	Response bool
	// Known gives values that are known to be accepted for a schema of an open
	// string, beside the values of its siblings; nil knows none.
	Known func(schema spec.Node, siblings map[string]any) []any
	// Example is a right value of the whole, the preferred base for
	// variations; nil for none. One that does not fit the schema is ignored.
	Example any
}

// Schema derives the values of one schema. It is safe for concurrent use.
type Schema struct {
	root *schema
	o    Options
	// track tells that some schema has to know what its neighbours looked at.
	track bool

	once   sync.Once
	missed []Value // the near misses, made when they are first asked for
}

// The most that a stream yields.
const (
	maxValid  = 150
	maxMisses = 300
)

// New takes a schema of a document.
func New(node spec.Node, o Options) *Schema {
	c := &compiler{is30: o.Version30, done: map[string]*schema{}}
	root := c.at(node)
	return &Schema{root: root, o: o, track: c.track}
}

// Base is the example, or else a right value with as little in it as may be.
// It tells false where the schema has no value, or none was found.
func (s *Schema) Base() (any, bool) {
	g := s.generator()
	if s.o.Example != nil && g.fits([]*schema{s.root}, s.o.Example) {
		return s.o.Example, true
	}
	return g.whole(minimal)
}

// Valid yields right values, the simplest first.
func (s *Schema) Valid() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		st := &stream{yield: yield, left: maxValid, named: map[string]bool{}, seen: map[string]bool{}}
		s.right(st)
	}
}

// Misses yields values that break one keyword at one place, in turns from all
// places. Where there are more than a stream yields, every keyword has one at
// every place, as far as that goes, before any has a second.
func (s *Schema) Misses() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		s.once.Do(func() { s.missed = s.wrong() })
		for _, v := range s.missed {
			if !yield(v) {
				return
			}
		}
	}
}

// stream yields no value twice, gives each a name of its own, and ends.
type stream struct {
	yield func(Value) bool
	left  int
	named map[string]bool
	seen  map[string]bool
	ended bool
}

// has tells whether the value went out before, for the same reason.
func (st *stream) has(v Value) bool {
	return st.seen[string(contract.Encode(v.JSON))+"\x00"+v.Keyword+"\x00"+v.Pointer]
}

// emit sends a value; it tells false when the stream has ended. The branch
// makes a name unique that two alternatives share.
func (st *stream) emit(v Value, branch string) bool {
	if st.ended {
		return false
	}
	key := string(contract.Encode(v.JSON)) + "\x00" + v.Keyword + "\x00" + v.Pointer
	if st.seen[key] {
		return true
	}
	st.seen[key] = true
	v.Detail = st.name(v.Detail, branch)
	st.left--
	st.ended = !st.yield(v) || st.left <= 0
	return !st.ended
}

func (st *stream) name(detail, branch string) string {
	name := detail
	if st.named[name] && branch != "" {
		name = "as-" + branch + "." + detail
	}
	for n := 2; st.named[name]; n++ {
		name = detail + "-" + itoa(n)
	}
	st.named[name] = true
	return name
}
