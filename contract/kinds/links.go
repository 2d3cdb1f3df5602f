package kinds

import (
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/internal/spec"
)

// links are the ways from a reply of an operation to other operations: those
// that the document declares, and where it declares none to a resource below
// the operation's own path, those that paths and names suggest.
func (s *Source) links(op *spec.Operation) []spec.Link {
	var out []spec.Link
	for _, r := range op.Responses {
		if strings.HasPrefix(r.Status, "2") {
			out = append(out, r.Links...)
		}
	}
	if op.Method != "POST" {
		return out
	}
	for _, to := range s.Contract.Operations {
		if slices.ContainsFunc(out, func(l spec.Link) bool { return l.Operation == to.ID }) {
			continue
		}
		if link, ok := inferred(op, to); ok {
			out = append(out, link)
		}
	}
	return out
}

// inferred is the link from a POST on a collection to an operation on one of
// its items, or on something below an item: /orders to /orders/{id} and
// /orders/{id}/lines.
func inferred(op, to *spec.Operation) (spec.Link, bool) {
	rest, below := strings.CutPrefix(to.Path, strings.TrimSuffix(op.Path, "/")+"/{")
	if !below {
		return spec.Link{}, false
	}
	name, _, closed := strings.Cut(rest, "}")
	if !closed {
		return spec.Link{}, false
	}
	expr := identity(op, name)
	if expr == "" {
		return spec.Link{}, false
	}
	return spec.Link{Name: to.ID, Operation: to.ID, Parameters: map[string]string{name: expr}}, true
}

// identity is where a success reply of op names the resource that it made.
func identity(op *spec.Operation, parameter string) string {
	for _, r := range op.Responses {
		if !strings.HasPrefix(r.Status, "2") {
			continue
		}
		for _, m := range r.Media {
			if pointer := idMember(m.Schema, parameter, 0); pointer != "" {
				return "$response.body#" + pointer
			}
		}
		for _, h := range r.Headers {
			if strings.EqualFold(h.Name, "Location") {
				return "$response.header." + h.Name
			}
		}
	}
	return ""
}

// idMember is the pointer to the member of a schema that a path parameter of
// that name most likely means.
func idMember(schema spec.Node, parameter string, depth int) string {
	schema = schema.Resolve()
	if depth > 4 || !schema.Exists() {
		return ""
	}
	plain := plainName(parameter)
	fallback := ""
	for name := range schema.Get("properties").Pairs() {
		switch member := plainName(name); {
		case member == plain:
			return "/" + spec.Escape(name)
		case fallback == "" && member != "" && strings.HasSuffix(plain, member) && slices.Contains([]string{"id", "uuid", "key", "name", "slug", "number", "code"}, member):
			fallback = "/" + spec.Escape(name)
		}
	}
	if fallback != "" {
		return fallback
	}
	for _, choice := range []string{"allOf", "anyOf", "oneOf"} {
		for _, branch := range schema.Get(choice).Items() {
			if pointer := idMember(branch, parameter, depth+1); pointer != "" {
				return pointer
			}
		}
	}
	for _, wrapper := range []string{"data", "item", "result"} {
		if inner := schema.Get("properties", wrapper); inner.Exists() {
			if pointer := idMember(inner, parameter, depth+2); pointer != "" {
				return "/" + wrapper + pointer
			}
		}
	}
	return ""
}

// plainName is a name without case and separators: order_id is orderId.
func plainName(name string) string {
	return strings.NewReplacer("_", "", "-", "", ".", "").Replace(strings.ToLower(name))
}

// producer is the operation whose reply gives op the most of its path
// parameters, nil where none does.
func (s *Source) producer(op *spec.Operation) *spec.Operation {
	var best *spec.Operation
	most := 0
	for _, from := range s.Contract.Operations {
		if from == op || from.Method != "POST" && from.Method != "PUT" {
			continue
		}
		if n := s.gives(from, op); n > most {
			best, most = from, n
		}
	}
	return best
}

// gives is how many path parameters of op the reply of from gives.
func (s *Source) gives(from, op *spec.Operation) int {
	link, ok := s.linkTo(from, func(l spec.Link) bool { return l.Operation == op.ID })
	if !ok {
		return 0
	}
	n := 0
	for _, p := range op.Parameters {
		if p.In == "path" && strings.HasPrefix(link.Parameters[p.Name], "$response.") {
			n++
		}
	}
	return n
}

// linkTo is the first link of an operation that fits.
func (s *Source) linkTo(op *spec.Operation, fits func(spec.Link) bool) (spec.Link, bool) {
	for _, l := range s.links(op) {
		if fits(l) {
			return l, true
		}
	}
	return spec.Link{}, false
}

// makes tells whether a success of the operation makes something that the run
// has to remove: a declared creation, or a POST whose reply names what can be
// read or deleted.
func (s *Source) makes(op *spec.Operation) bool {
	if op.Creates != nil {
		return true
	}
	if op.Method != "POST" {
		return false
	}
	_, deletable := s.linkTo(op, s.resource("DELETE"))
	return deletable
}
