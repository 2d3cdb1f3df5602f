package lint

import (
	"regexp"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/internal/spec"
)

var operationID = Rule{
	Name: "operation-id",
	Doc:  "Two operations have the same operationId.",
	run: func(p *pass) {
		first := map[string]spec.Node{}
		for one := range p.places.of(operation) {
			id := one.node.Get("operationId")
			if id.Text() == "" {
				continue
			}
			if other, taken := first[id.Text()]; taken {
				p.report(id, "the operationId %q is taken, by %s at line %d", id.Text(), named(other), other.Line())
				continue
			}
			first[id.Text()] = one.node
		}
	},
}

// named is an operation by its method and path, from its pointer.
func named(n spec.Node) string {
	tokens := strings.Split(n.Pointer(), "/")
	if len(tokens) != 4 || tokens[1] != "paths" {
		return n.Pointer()
	}
	return strings.ToUpper(tokens[3]) + " " + spec.Unescape(tokens[2])
}

var braces = regexp.MustCompile(`\{[^{}]*\}`)

var pathParameter = Rule{
	Name: "path-parameter",
	Doc:  "A path and its path parameters do not go together, or one of them is not required.",
	run: func(p *pass) {
		for _, op := range p.contract.Operations {
			if !op.Node.Get("$ref").Exists() { // one that leads nowhere, which is said elsewhere
				p.pathParameters(op)
			}
		}
	},
}

func (p *pass) pathParameters(op *spec.Operation) {
	var declared []string
	for _, parameter := range op.Parameters {
		if parameter.In != "path" {
			continue
		}
		declared = append(declared, parameter.Name)
		if !strings.Contains(op.Path, "{"+parameter.Name+"}") {
			p.about(op, parameter.Node, "the path parameter %s does not occur in the path %s", parameter.Name, op.Path)
		}
		if !parameter.Required {
			p.report(parameter.Node, "the path parameter %s must say required: true", parameter.Name)
		}
	}
	for _, name := range braces.FindAllString(op.Path, -1) {
		if !slices.Contains(declared, strings.Trim(name, "{}")) {
			p.about(op, op.Node, "the path %s has %s, but the operation declares no such path parameter", op.Path, name)
		}
	}
}

var security = Rule{
	Name: "security",
	Doc:  "A security scheme is not declared, or is one that this tool cannot speak.",
	run: func(p *pass) {
		for one := range p.places.of(scheme) {
			if !one.node.Get("$ref").Exists() {
				p.scheme(one.node)
			}
		}
		p.requirements(p.contract.Root().Get("security"))
		for one := range p.places.of(operation) {
			p.requirements(one.node.Get("security"))
		}
	},
}

// scheme reports what no credential of a run could be sent by.
func (p *pass) scheme(n spec.Node) {
	kind, name := n.Get("type").Text(), strings.ToLower(n.Get("scheme").Text())
	switch {
	case kind == "http" && slices.Contains([]string{"basic", "bearer", "digest"}, name),
		kind == "oauth2", kind == "openIdConnect": // a token, which is sent as a bearer's
	case kind == "http":
		p.report(n, "the tool cannot speak the HTTP scheme %q: it knows basic, bearer and digest", name)
	case kind == "apiKey" && n.Get("name").Text() == "":
		p.report(n, "the API key has no name, so the tool cannot send it")
	case kind == "apiKey" && slices.Contains([]string{"header", "query", "cookie"}, n.Get("in").Text()):
	case kind == "apiKey":
		p.report(n, "the API key is in %q: it must be header, query or cookie", n.Get("in").Text())
	case kind == "mutualTLS":
		p.report(n, "the tool cannot speak mutualTLS: it sends no client certificate")
	default:
		p.report(n, "%q is no type of a security scheme", kind)
	}
}

func (p *pass) requirements(list spec.Node) {
	schemes := p.contract.Root().Get("components", "securitySchemes")
	for _, alternative := range list.Items() {
		for name, scopes := range alternative.Pairs() {
			if !schemes.Get(name).Exists() {
				p.report(scopes, "the security scheme %q is not declared in components", name)
			}
		}
	}
}
