package spec

import (
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// Operation is a method and path of the document.
type Operation struct {
	// ID is the operationId, or METHOD path where the document gives none.
	ID     string
	Method string
	Path   string
	Node   Node

	Parameters []Parameter
	Body       *Body
	Responses  []Response
	// Security are the alternatives, each a set of scheme names; empty where
	// the operation needs none.
	Security [][]string

	Selects   *Select
	Echoes    []Echo
	Creates   *Creates
	Scenarios map[string]Scenario
	// Statements are those that the operation as a whole cites.
	Statements []string
}

// Foretold is the runtime expression over the request whose value an expression
// over the reply repeats, where the reply has it (x-conformance, echoes); "" where
// nothing foretells it.
func (op *Operation) Foretold(expr string) string {
	pointer, ok := strings.CutPrefix(expr, "$response.body#")
	for _, echo := range op.Echoes {
		if ok && !echo.Items && echo.Field == pointer && strings.HasPrefix(echo.Of, "$request.") {
			return echo.Of
		}
	}
	return ""
}

// Told is the value of an expression over an exchange, as [contract.Eval] has it,
// or the one that the request foretells where the reply lacks it.
func (c *Contract) Told(expr string, e *contract.Exchange, under ...string) (any, bool) {
	value, ok := contract.Eval(expr, e, under...)
	if op := c.Operation(e.Operation); !ok && op != nil && op.Foretold(expr) != "" {
		return contract.Eval(op.Foretold(expr), e)
	}
	return value, ok
}

// Parameter is one parameter of an operation, its path's ones included.
type Parameter struct {
	Name, In, Style string
	Explode         bool
	Required        bool
	AllowReserved   bool
	AllowEmpty      bool
	Schema          Node
	// Media is the media type of a `content` parameter, else "".
	Media    string
	Examples []Example
	Relation *Relation
	Node     Node
}

// Body is a request body.
type Body struct {
	Required bool
	Media    []Media
	Node     Node
}

// Media is one media type of a body.
type Media struct {
	Type     string
	Schema   Node
	Examples []Example
}

// Response is one declared response.
type Response struct {
	// Status is a code such as 200, a range such as 4XX, or default.
	Status  string
	Media   []Media
	Headers []Header
	Links   []Link
	Node    Node
}

// Header is one declared response header.
type Header struct {
	Name     string
	Required bool
	Schema   Node
	Node     Node
}

// Link says how a reply's values give another operation its parameters.
type Link struct {
	Name       string
	Operation  string // operationId
	Parameters map[string]string
}

// Example is one documented example; Key is "" for the unnamed one.
type Example struct {
	Key   string
	Value Node
	// External tells that the value stands elsewhere and is not replayed.
	External bool
}

// Methods are the methods that a path item can have.
func Methods() []string {
	return []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}
}

func (c *Contract) readOperations() {
	c.byID = map[string]*Operation{}
	for path, item := range c.root.Get("paths").Pairs() {
		if !strings.HasPrefix(path, "/") {
			continue
		}
		item = item.Resolve()
		for _, method := range Methods() {
			n := item.Get(method)
			if target := n.Resolve(); target.IsMap() { // OpenAPI has no $ref here, but some documents do
				n = target
			}
			if n.IsMap() {
				op := c.operation(path, method, item, n)
				c.Operations = append(c.Operations, op)
				if c.byID[op.ID] == nil {
					c.byID[op.ID] = op
				}
			}
		}
	}
}

func (c *Contract) operation(path, method string, item, n Node) *Operation {
	ext := n.Ext()
	op := &Operation{
		ID: n.Get("operationId").Text(), Method: strings.ToUpper(method), Path: path, Node: n,
		Parameters: parameters(item, n), Body: body(n.Get("requestBody").Resolve()),
		Responses: c.responses(n.Get("responses")), Security: c.security(n),
		Selects: selects(ext), Echoes: echoes(ext), Creates: creates(ext),
		Scenarios: scenarios(ext), Statements: ext.Get("statements").Strings(),
	}
	if op.ID == "" {
		op.ID = op.Method + " " + path
	}
	return op
}

// Operation returns the operation of that id, nil where there is none.
func (c *Contract) Operation(id string) *Operation { return c.byID[id] }

// parameters merges the path's parameters with the operation's, which win
// (OpenAPI 3.0.3, Path Item Object).
func parameters(item, n Node) []Parameter {
	var out []Parameter
	at := map[string]int{}
	for _, list := range []Node{item.Get("parameters"), n.Get("parameters")} {
		for _, p := range list.Items() {
			parameter := readParameter(p.Resolve())
			if parameter.Name == "" {
				continue
			}
			key := parameter.In + " " + parameter.Name
			if i, ok := at[key]; ok {
				out[i] = parameter
				continue
			}
			at[key] = len(out)
			out = append(out, parameter)
		}
	}
	return out
}

func readParameter(n Node) Parameter {
	p := Parameter{
		Name: n.Get("name").Text(), In: n.Get("in").Text(), Style: n.Get("style").Text(),
		Required: n.Get("required").True(), AllowReserved: n.Get("allowReserved").True(),
		AllowEmpty: n.Get("allowEmptyValue").True(), Schema: n.Get("schema"),
		Examples: examples(n), Relation: relation(n.Ext()), Node: n,
	}
	if p.Style == "" {
		p.Style = map[string]string{"query": "form", "cookie": "form"}[p.In]
		if p.Style == "" {
			p.Style = "simple"
		}
	}
	p.Explode = p.Style == "form"
	if explode := n.Get("explode"); explode.Exists() {
		p.Explode = explode.True()
	}
	for media, m := range n.Get("content").Pairs() {
		p.Media, p.Schema = media, m.Get("schema")
		p.Examples = append(p.Examples, examples(m)...)
	}
	return p
}

func body(n Node) *Body {
	if !n.IsMap() {
		return nil
	}
	return &Body{Required: n.Get("required").True(), Media: media(n.Get("content")), Node: n}
}

func media(content Node) []Media {
	var out []Media
	for name, m := range content.Pairs() {
		out = append(out, Media{Type: name, Schema: m.Get("schema"), Examples: examples(m)})
	}
	return out
}

func examples(n Node) []Example {
	var out []Example
	if single := n.Get("example"); single.Exists() {
		out = append(out, Example{Value: single})
	}
	for key, e := range n.Get("examples").Pairs() {
		e = e.Resolve()
		out = append(out, Example{Key: key, Value: e.Get("value"), External: e.Get("externalValue").Exists()})
	}
	return out
}

func (c *Contract) responses(n Node) []Response {
	var out []Response
	for status, r := range n.Pairs() {
		if strings.HasPrefix(status, "x-") {
			continue
		}
		r = r.Resolve()
		response := Response{Status: status, Media: media(r.Get("content")), Node: r}
		for name, h := range r.Get("headers").Pairs() {
			h = h.Resolve()
			response.Headers = append(response.Headers, Header{Name: name, Required: h.Get("required").True(), Schema: h.Get("schema"), Node: h})
		}
		for name, l := range r.Get("links").Pairs() {
			response.Links = append(response.Links, link(name, l.Resolve()))
		}
		out = append(out, response)
	}
	return out
}

func link(name string, n Node) Link {
	l := Link{Name: name, Operation: n.Get("operationId").Text(), Parameters: map[string]string{}}
	for parameter, expr := range n.Get("parameters").Pairs() {
		_, plain, qualified := strings.Cut(parameter, ".") // path.id is id
		if !qualified {
			plain = parameter
		}
		l.Parameters[plain] = expr.Text()
	}
	return l
}

func (c *Contract) security(n Node) [][]string {
	list := n.Get("security")
	if !list.Exists() {
		list = c.root.Get("security")
	}
	var out [][]string
	for _, alternative := range list.Items() {
		names := []string{}
		for name := range alternative.Pairs() {
			names = append(names, name)
		}
		out = append(out, names)
	}
	return out
}

// Response returns the declared response for a status: the code itself, its
// range, or default (OpenAPI 3.0.3, Responses Object).
func (op *Operation) Response(status int) *Response {
	code := itoa(status)
	for _, want := range []string{code, code[:1] + "XX", "default"} {
		for i := range op.Responses {
			if strings.EqualFold(op.Responses[i].Status, want) {
				return &op.Responses[i]
			}
		}
	}
	return nil
}

// Envelope is the parameter that wraps the reply, nil where there is none.
func (op *Operation) Envelope() *Parameter { return op.related("envelope") }

// Formatting is the parameter that changes white space, nil where there is
// none.
func (op *Operation) Formatting() *Parameter { return op.related("formatting") }

func (op *Operation) related(kind string) *Parameter {
	for i := range op.Parameters {
		if r := op.Parameters[i].Relation; r != nil && r.Kind == kind {
			return &op.Parameters[i]
		}
	}
	return nil
}
