package spec

import (
	"slices"
	"strings"
)

// Resource is a kind of thing that operations of the contract make, show and
// remove. Operations that the contract does not have are nil, but for Create.
type Resource struct {
	Create, Read, List, Update, Delete *Operation
	// Param is the path parameter that names one thing.
	Param string
	// ID is the runtime expression over the reply of Create whose value the
	// parameter has, such as $response.body#/id.
	ID string
}

// Member is the JSON pointer to the thing's id in a body that shows it, ""
// where its id is a header's value.
func (r *Resource) Member() string {
	pointer, ok := strings.CutPrefix(r.ID, "$response.body#")
	if !ok {
		return ""
	}
	return pointer
}

// Resources are the kinds of things that the contract's operations make.
func (c *Contract) Resources() []*Resource { return c.graph().resources }

// Resource is the kind of thing that an operation makes, shows, lists, changes
// or removes, nil where there is none.
func (c *Contract) Resource(op *Operation) *Resource { return c.graph().of[op.ID] }

func (c *Contract) findResources() {
	for _, op := range c.Operations {
		if op.Method != "POST" && op.Creates == nil {
			continue
		}
		r := &Resource{Create: op}
		for _, link := range c.ways.links[op.ID] {
			c.place(r, link)
		}
		if r.Read == nil && r.Delete == nil {
			continue
		}
		r.List = c.listOf(r)
		c.ways.resources = append(c.ways.resources, r)
		for _, of := range []*Operation{r.Create, r.Read, r.List, r.Update, r.Delete} {
			if of != nil && c.ways.of[of.ID] == nil {
				c.ways.of[of.ID] = r
			}
		}
	}
}

// place gives the operation that a link leads to its place in a resource: it
// acts on the thing itself, so its path ends in the parameter from the reply.
func (c *Contract) place(r *Resource, link Link) {
	to := c.Operation(link.Operation)
	name, expr := link.FromReply()
	if to == nil || name == "" || !strings.HasSuffix(to.Path, "/{"+name+"}") {
		return
	}
	at := map[string]**Operation{"GET": &r.Read, "PUT": &r.Update, "PATCH": &r.Update, "DELETE": &r.Delete}[to.Method]
	if at == nil || *at != nil {
		return
	}
	*at = to
	r.Param, r.ID = name, expr
}

// listOf is the operation that lists the things: a GET of the path of one
// without its last segment, or of the path that makes them.
func (c *Contract) listOf(r *Resource) *Operation {
	item := r.Read
	if item == nil {
		item = r.Delete
	}
	paths := []string{strings.TrimSuffix(item.Path, "/{"+r.Param+"}"), r.Create.Path}
	for _, path := range paths {
		i := slices.IndexFunc(c.Operations, func(op *Operation) bool { return op.Method == "GET" && op.Path == path })
		if i >= 0 {
			return c.Operations[i]
		}
	}
	return nil
}

// Parent is the kind of thing below which things of this kind are made, with
// the path parameter of Create that names one; nil where there is none.
func (c *Contract) Parent(r *Resource) (parent *Resource, param string) {
	from := c.Producer(r.Create)
	if from == nil || from == r.Create {
		return nil, ""
	}
	link, ok := c.LinkBetween(from, r.Create)
	if parent = c.Resource(from); !ok || parent == nil || parent.Create != from || parent.Read == nil {
		return nil, ""
	}
	for name, expr := range link.Parameters {
		if expr == parent.ID {
			return parent, name
		}
	}
	return nil, ""
}

// Setting is the operation that reads what an operation changes, where that is
// there once and for all and was not made by another operation: nil where it is
// no such thing.
func (c *Contract) Setting(op *Operation) *Operation {
	if op.Method != "PUT" && op.Method != "PATCH" || c.Producer(op) != nil {
		return nil
	}
	i := slices.IndexFunc(c.Operations, func(other *Operation) bool { return other.Method == "GET" && other.Path == op.Path })
	if i < 0 {
		return nil
	}
	return c.Operations[i]
}
