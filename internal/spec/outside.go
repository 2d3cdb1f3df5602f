package spec

// OutsidePath is the path of the operation that stands for all requests
// outside the contract's operations.
const OutsidePath = "/outside"

// Outside is the operation that stands for requests below the base path that
// belong to no operation: the root's x-conformance.errors says what replies
// they may get. It is nil where the document does not say.
func (c *Contract) Outside() *Operation { return c.outside }

func (c *Contract) readOutside() {
	errors := c.root.Ext().Get("errors")
	if !errors.Exists() {
		return
	}
	c.outside = &Operation{ID: "outside", Method: "GET", Path: OutsidePath, Node: errors, Responses: c.responses(errors)}
	for _, op := range c.Operations { // the relations of flags hold for errors too
		for _, p := range op.Parameters {
			if p.Relation != nil && c.outside.related(p.Relation.Kind) == nil {
				c.outside.Parameters = append(c.outside.Parameters, p)
			}
		}
	}
}
