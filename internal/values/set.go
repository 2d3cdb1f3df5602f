package values

import "github.com/atlas-contract/conformance/internal/spec"

// Set asks about many schemas of one document and compiles each of them once.
// It is not safe for concurrent use.
type Set struct {
	c *compiler
}

// NewSet reads the schemas as OpenAPI 3.0 does, or as 3.1.
func NewSet(version30 bool) *Set {
	return &Set{&compiler{is30: version30, done: map[string]*schema{}}}
}

// Schema is [New] of a schema of the document.
func (s *Set) Schema(node spec.Node, o Options) *Schema {
	o.Version30 = s.c.is30
	root := s.c.at(node)
	return &Schema{root: root, o: o, track: s.c.track}
}

// Has tells whether a value of the schema was found that travels in either
// direction.
func (s *Set) Has(node spec.Node) bool {
	for _, response := range []bool{false, true} {
		if _, ok := s.Schema(node, Options{Response: response}).Base(); ok {
			return true
		}
	}
	return false
}

// Fits tells whether a value is right by the package's own evaluator.
func (s *Set) Fits(node spec.Node, v any, response bool) bool {
	g := s.Schema(node, Options{Response: response}).generator()
	return g.fits([]*schema{g.s.root}, v)
}
