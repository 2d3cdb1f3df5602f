package spec

import (
	"slices"
	"strings"
)

// Guard is a security scheme that keeps an operation.
type Guard struct {
	// Scheme is how its credentials go over the wire: apiKey, or in lower case
	// the name of an HTTP scheme such as digest, basic or bearer.
	Scheme string
	// Alone tells that it can suffice by itself, without another scheme.
	Alone bool
	Node  Node
}

// Guards are the schemes of an operation, each once; none where it may be
// called without credentials (OpenAPI 3.0.3, Security Requirement Object).
func (c *Contract) Guards(op *Operation) []Guard {
	var out []Guard
	at := map[string]int{}
	for _, alternative := range op.Security {
		if len(alternative) == 0 {
			return nil
		}
		for _, name := range alternative {
			node := c.root.Get("components", "securitySchemes", name).Resolve()
			if _, seen := at[name]; !seen && schemeOf(node) != "" {
				at[name] = len(out)
				out = append(out, Guard{Scheme: schemeOf(node), Node: node})
			}
			if i, seen := at[name]; seen && len(alternative) == 1 {
				out[i].Alone = true
			}
		}
	}
	return out
}

// Open tells whether an operation may be called without credentials.
func (op *Operation) Open() bool {
	return len(op.Security) == 0 || slices.ContainsFunc(op.Security, func(s []string) bool { return len(s) == 0 })
}

// Guarded is the guard of that scheme, if the operation has one.
func (c *Contract) Guarded(op *Operation, scheme string) (Guard, bool) {
	for _, g := range c.Guards(op) {
		if g.Scheme == scheme {
			return g, true
		}
	}
	return Guard{}, false
}

// Promises are the statements that the document has for an aspect of a guard:
// those that its x-conformance.checks name, or else the only one of the scheme.
func (c *Contract) Promises(g Guard, aspect string) []string {
	if cited := c.Cites(aspect); len(cited) > 0 {
		return cited
	}
	if own := g.Node.Ext().Get("statements").Strings(); len(own) == 1 {
		return own
	}
	return nil
}

// schemeOf reads a Security Scheme Object; the tokens of OAuth 2 and OpenID
// Connect are bearer tokens.
func schemeOf(node Node) string {
	switch node.Get("type").Text() {
	case "apiKey":
		return "apiKey"
	case "oauth2", "openIdConnect":
		return "bearer"
	case "http":
		return strings.ToLower(node.Get("scheme").Text())
	}
	return ""
}
