package validate

import (
	"encoding/json"
	"strings"
)

// libopenapi-validator writes references out in place. A megabyte of schemas
// that refer to each other may become a hundred megabytes of text so, which it
// copies a few times. Of such a document it is given a slim one, in which a
// schema that would come to too much may be anything: there the other judges are
// alone.

const (
	// mostNodes is how many objects, lists and scalars an operation may come to
	// when all references are written out.
	mostNodes = 50_000
	// mostReferred is how many of them a schema may have, where it is referred to
	// in a document that has too many.
	mostReferred = 1000
)

// slimmer cuts references to what is too large.
type slimmer struct {
	schemas map[string]any
	most    int
	sizes   map[string]int // written out; 0 while it is being counted, as in a circle
}

const componentPrefix = "#/components/schemas/"

// slim returns the text of a document that is not too large, and whether that is
// another one.
func slim(d *document, text []byte) ([]byte, bool) {
	components, _ := d.root["components"].(map[string]any)
	schemas, _ := components["schemas"].(map[string]any)
	whole := slimmer{schemas: schemas, most: mostNodes, sizes: map[string]int{}}
	if whole.size(d.root["paths"]) <= mostNodes {
		return text, false
	}
	s := slimmer{schemas: schemas, most: mostReferred, sizes: map[string]int{}}
	s.size(d.root["paths"])
	less := make(map[string]any, len(schemas))
	for name, schema := range schemas {
		less[name], _ = s.cut(schema)
	}
	root, parts := copyObject(d.root), copyObject(components)
	parts["schemas"], root["components"] = less, parts
	out, err := json.Marshal(root)
	if err != nil {
		return text, false
	}
	return out, true
}

// size counts a node with what it refers to, as far as that is not cut.
func (s *slimmer) size(node any) int {
	n := 1
	switch node := node.(type) {
	case map[string]any:
		for _, key := range sortedKeys(node) {
			n += s.size(node[key])
		}
		if name, ok := refersTo(node); ok {
			if referred := s.referred(name); referred <= s.most || s.most == mostNodes {
				n += referred
			}
		}
	case []any:
		for _, item := range node {
			n += s.size(item)
		}
	}
	return min(n, mostNodes+1)
}

func (s *slimmer) referred(name string) int {
	if n, ok := s.sizes[name]; ok {
		return n
	}
	s.sizes[name] = 0
	s.sizes[name] = s.size(s.schemas[name])
	return s.sizes[name]
}

func refersTo(node map[string]any) (string, bool) {
	ref, _ := node["$ref"].(string)
	name, ok := strings.CutPrefix(ref, componentPrefix)
	return unescapeToken(name), ok
}

// cut is a schema without references to what is too large. A keyword that a
// schema which allows more would make stricter is left out as a whole.
func (s *slimmer) cut(node any) (any, bool) {
	switch node := node.(type) {
	case map[string]any:
		if name, ok := refersTo(node); ok && s.sizes[name] > s.most {
			return map[string]any{}, true
		}
		out, some := make(map[string]any, len(node)), false
		for key, member := range node {
			less, cut := s.cut(member)
			some = some || cut
			if !cut || key != "oneOf" && key != "not" && key != "if" && key != "discriminator" {
				out[key] = less
			}
		}
		return out, some
	case []any:
		out, some := make([]any, len(node)), false
		for i, item := range node {
			less, cut := s.cut(item)
			out[i], some = less, some || cut
		}
		return out, some
	}
	return node, false
}
