package spec

import (
	"fmt"
	"strconv"

	"github.com/atlas-contract/conformance/contract"
)

// Statement is one numbered promise of the contract.
type Statement struct {
	ID       string
	Evidence contract.Evidence
	Text     string
	Source   string
	Line     int
}

// Recording says how traffic recorded under another base path and with other
// media types maps onto the contract.
type Recording struct {
	Base       string
	MediaTypes map[string]string
}

// Relation is what a parameter does to the reply beside its meaning.
type Relation struct {
	// Kind is envelope or formatting.
	Kind string
	// Keys are the members of an envelope that may hold the body.
	Keys []string
	// Status is the member of an envelope that holds the HTTP status.
	Status     string
	Statements []string
}

// Select says which schema a body has by a value of the request.
type Select struct {
	// By is a runtime expression over the request.
	By string
	// Schemas are the schemas by value of By.
	Schemas map[string]Node
	// Items tells that the schema is that of each item of a list.
	Items      bool
	Statements []string
}

// Echo is a member of the reply that, where present, equals a value of the
// request, or an equivalent form of it.
type Echo struct {
	Field      string // JSON pointer into the body, or each item of it
	Of         string // runtime expression over the request
	Equivalent string // name of the known values whose forms are equal
	Form       int    // which of the equal forms it is, counted from 1; 0 for any
	Items      bool   // the member is one of each item of a list
	Statements []string
}

// Scenario is what a named example needs that OpenAPI cannot say.
type Scenario struct {
	Statements []string
	// Constant are the JSON pointers whose values every right reply shares
	// with the documented example.
	Constant   []string
	Credential string
	// Given are operationId/exampleKey pairs that must have been accepted
	// before, in order.
	Given  []string
	Method string
	Path   string
	// MediaType is the Content-Type to send instead of the documented one.
	MediaType string
}

// Plain tells whether the example is sent as the document has it, by the
// default credential.
func (s Scenario) Plain() bool {
	return s.Method == "" && s.Path == "" && s.MediaType == "" && s.Credential == ""
}

// Creates says what an operation makes.
type Creates struct {
	// ID is the runtime expression of the new resource's id.
	ID string
	// Unique are the runtime expressions that no two resources share.
	Unique []string
	// Conflict is the status of a second create with the same Unique.
	Conflict string
	// Within is the pointer, in the resource that the path names, of the list
	// that has the new one's id for as long as it is there; "" where there is
	// none.
	Within     string
	Statements []string
}

func (c *Contract) readExtension() error {
	ext := c.root.Ext()
	c.statements = map[string]int{}
	for _, n := range ext.Get("statements").Items() {
		s := Statement{
			ID: n.Get("id").Text(), Evidence: contract.Evidence(n.Get("evidence").Text()),
			Text: n.Get("text").Text(), Source: n.Get("source").Text(), Line: n.Line(),
		}
		if err := c.addStatement(s); err != nil {
			return err
		}
	}
	for _, n := range ext.Get("recordings").Items() {
		r := Recording{Base: n.Get("base").Text(), MediaTypes: map[string]string{}}
		for from, to := range n.Get("mediaTypes").Pairs() {
			r.MediaTypes[from] = to.Text()
		}
		c.Recordings = append(c.Recordings, r)
	}
	return nil
}

func (c *Contract) addStatement(s Statement) error {
	switch s.Evidence {
	case contract.Recorded, contract.Documented, contract.Client, contract.Assumed:
	default:
		return fmt.Errorf("read %s: line %d: statement %q has evidence %q; one of recorded, documented, client, assumed is needed", c.Name, s.Line, s.ID, s.Evidence)
	}
	if s.ID == "" {
		return fmt.Errorf("read %s: line %d: a statement without an id", c.Name, s.Line)
	}
	if i, taken := c.statements[s.ID]; taken {
		return fmt.Errorf("read %s: line %d: statement %s stands already at line %d", c.Name, s.Line, s.ID, c.Statements[i].Line)
	}
	c.statements[s.ID] = len(c.Statements)
	c.Statements = append(c.Statements, s)
	return nil
}

// Statement returns the statement of that id.
func (c *Contract) Statement(id string) (Statement, bool) {
	i, ok := c.statements[id]
	if !ok {
		return Statement{}, false
	}
	return c.Statements[i], true
}

// Evidence is how well the statement is founded; what the document says
// without a numbered statement is documented.
func (c *Contract) Evidence(id string) contract.Evidence {
	if s, ok := c.Statement(id); ok {
		return s.Evidence
	}
	return contract.Documented
}

func relation(ext Node) *Relation {
	kind := ext.Get("relation").Text()
	if kind == "" {
		return nil
	}
	return &Relation{
		Kind: kind, Keys: ext.Get("keys").Strings(), Status: ext.Get("status").Text(),
		Statements: ext.Get("statements").Strings(),
	}
}

func selects(ext Node) *Select {
	n := ext.Get("selects")
	if !n.Exists() {
		return nil
	}
	s := &Select{
		By: n.Get("by").Text(), Items: n.Get("items").True(),
		Statements: n.Get("statements").Strings(), Schemas: map[string]Node{},
	}
	for value, ref := range n.Get("schemas").Pairs() {
		if target, err := n.file.set.follow(n.file, ref.Text()); err == nil {
			s.Schemas[value] = target
		}
	}
	return s
}

func echoes(ext Node) []Echo {
	var out []Echo
	for _, n := range ext.Get("echoes").Items() {
		echo := Echo{
			Field: n.Get("field").Text(), Of: n.Get("of").Text(),
			Equivalent: n.Get("equivalent").Text(), Items: n.Get("items").True(), Statements: n.Get("statements").Strings(),
		}
		echo.Form, _ = strconv.Atoi(n.Get("form").Text())
		out = append(out, echo)
	}
	return out
}

func creates(ext Node) *Creates {
	n := ext.Get("creates")
	if !n.Exists() {
		return nil
	}
	return &Creates{
		ID: n.Get("id").Text(), Unique: n.Get("unique").Strings(),
		Conflict: n.Get("conflict").Text(), Within: n.Get("within").Text(), Statements: n.Get("statements").Strings(),
	}
}

func scenarios(ext Node) map[string]Scenario {
	out := map[string]Scenario{}
	for key, n := range ext.Get("examples").Pairs() {
		out[key] = Scenario{
			Statements: n.Get("statements").Strings(), Constant: n.Get("constant").Strings(),
			Credential: n.Get("credential").Text(), Given: n.Get("given").Strings(),
			Method: n.Get("method").Text(), Path: n.Get("path").Text(),
			MediaType: n.Get("mediaType").Text(),
		}
	}
	return out
}
