package spec

import (
	"slices"
	"strings"
	"sync"
)

// graph is how replies of operations lead to other operations. It is made when
// it is first asked for, since large documents rarely need all of it.
type graph struct {
	once sync.Once
	// links are the ways on from each operation, by its id.
	links map[string][]Link
	// producer is the operation whose reply gives each operation, by its id,
	// the most of its path parameters.
	producer  map[string]*Operation
	resources []*Resource
	// of is the resource that an operation acts on.
	of map[string]*Resource
}

func (c *Contract) graph() *graph {
	c.ways.once.Do(func() {
		c.ways.links, c.ways.producer, c.ways.of = map[string][]Link{}, map[string]*Operation{}, map[string]*Resource{}
		for _, op := range c.Operations {
			c.ways.links[op.ID] = c.findLinks(op)
		}
		c.findProducers()
		c.findResources()
	})
	return &c.ways
}

// Links are the ways from a reply of an operation to other operations: those
// that the document declares, and where it declares none to a resource below
// the operation's own path, those that paths and names suggest.
func (c *Contract) Links(op *Operation) []Link { return c.graph().links[op.ID] }

// LinkTo is the first link of an operation that fits.
func (c *Contract) LinkTo(op *Operation, fits func(Link) bool) (Link, bool) {
	for _, l := range c.Links(op) {
		if fits(l) {
			return l, true
		}
	}
	return Link{}, false
}

// LinkBetween is the link from one operation to another.
func (c *Contract) LinkBetween(from, to *Operation) (Link, bool) {
	return c.LinkTo(from, func(l Link) bool { return l.Operation == to.ID })
}

// Producer is the operation whose reply gives op the most of its path
// parameters, nil where none does.
func (c *Contract) Producer(op *Operation) *Operation { return c.graph().producer[op.ID] }

// Makes tells whether a success of the operation makes something that a run
// has to remove: a declared creation, or a POST whose reply names what can be
// deleted.
func (c *Contract) Makes(op *Operation) bool {
	if op.Creates != nil {
		return true
	}
	if op.Method != "POST" {
		return false
	}
	_, deletable := c.ToResource(op, "DELETE")
	return deletable
}

// ToResource is the link by which a method reaches the very thing that an
// operation made: some parameter comes from the reply.
func (c *Contract) ToResource(op *Operation, method string) (Link, bool) {
	return c.LinkTo(op, func(l Link) bool {
		to := c.Operation(l.Operation)
		if to == nil || to.Method != method {
			return false
		}
		_, expr := l.FromReply()
		return expr != ""
	})
}

// FromReply is the first parameter that comes from the reply, with its runtime
// expression; empty where none does.
func (l Link) FromReply() (name, expr string) {
	for parameter, expression := range l.Parameters {
		if strings.HasPrefix(expression, "$response.") && (name == "" || parameter < name) {
			name, expr = parameter, expression
		}
	}
	return name, expr
}

func (c *Contract) findLinks(op *Operation) []Link {
	var out []Link
	for _, r := range op.Responses {
		if strings.HasPrefix(r.Status, "2") {
			out = append(out, r.Links...)
		}
	}
	if op.Method != "POST" {
		return out
	}
	for _, to := range c.Operations {
		if slices.ContainsFunc(out, func(l Link) bool { return l.Operation == to.ID }) {
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
func inferred(op, to *Operation) (Link, bool) {
	rest, below := strings.CutPrefix(to.Path, strings.TrimSuffix(op.Path, "/")+"/{")
	if !below {
		return Link{}, false
	}
	name, _, closed := strings.Cut(rest, "}")
	if !closed {
		return Link{}, false
	}
	expr := identity(op, name)
	if expr == "" {
		return Link{}, false
	}
	return Link{Name: to.ID, Operation: to.ID, Parameters: map[string]string{name: expr}}, true
}

// identity is where a success reply of op names the resource that it made.
func identity(op *Operation, parameter string) string {
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
func idMember(schema Node, parameter string, depth int) string {
	schema = schema.Resolve()
	if depth > 4 || !schema.Exists() {
		return ""
	}
	plain := plainName(parameter)
	fallback := ""
	for name := range schema.Get("properties").Pairs() {
		switch member := plainName(name); {
		case member == plain:
			return "/" + Escape(name)
		case fallback == "" && member != "" && strings.HasSuffix(plain, member) && slices.Contains([]string{"id", "uuid", "key", "name", "slug", "number", "code"}, member):
			fallback = "/" + Escape(name)
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
	return wrappedID(schema, parameter, depth)
}

// wrappedID looks below the members by which replies are usually wrapped.
func wrappedID(schema Node, parameter string, depth int) string {
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

func (c *Contract) findProducers() {
	most := map[string]int{}
	for _, from := range c.Operations {
		if from.Method != "POST" && from.Method != "PUT" {
			continue
		}
		for _, link := range c.ways.links[from.ID] {
			to := c.Operation(link.Operation)
			if to == nil || to == from {
				continue
			}
			if n := gives(link, to); n > most[to.ID] {
				most[to.ID], c.ways.producer[to.ID] = n, from
			}
		}
	}
}

// gives is how many path parameters of an operation a link takes from a reply.
func gives(link Link, to *Operation) int {
	n := 0
	for _, p := range to.Parameters {
		if p.In == "path" && strings.HasPrefix(link.Parameters[p.Name], "$response.") {
			n++
		}
	}
	return n
}
