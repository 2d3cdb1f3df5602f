package lint

import (
	"bytes"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/atlas-contract/conformance/internal/spec"
)

var extension = Rule{
	Name: "extension",
	Doc:  "The extension x-conformance is not as its schema says.",
	run: func(p *pass) {
		if p.Extension == nil || !p.extended() {
			return
		}
		rules, err := extensionRules(p.Extension)
		if err != nil {
			p.report(p.contract.Root(), "the schema of x-conformance cannot be read: %s", err)
			return
		}
		if broken, ok := rules.Validate(p.contract.Root().Value()).(*jsonschema.ValidationError); ok {
			p.leaves(broken, map[string]bool{})
		}
	},
}

// extended tells whether the document has the extension anywhere, since most
// have not, and the largest of them take long to judge.
func (p *pass) extended() bool {
	for _, one := range p.places.all {
		if one.node.Ext().Exists() {
			return true
		}
	}
	return false
}

func extensionRules(text []byte) (*jsonschema.Schema, error) {
	const name = "x-conformance.schema.json"
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(name, doc); err != nil {
		return nil, err
	}
	return c.Compile(name)
}

// leaves reports the innermost errors, each once.
func (p *pass) leaves(e *jsonschema.ValidationError, seen map[string]bool) {
	for _, cause := range e.Causes {
		p.leaves(cause, seen)
	}
	if len(e.Causes) > 0 {
		return
	}
	pointer := ""
	for _, token := range e.InstanceLocation {
		pointer += "/" + spec.Escape(token)
	}
	text := e.ErrorKind.LocalizedString(message.NewPrinter(language.English))
	if seen[pointer+text] {
		return
	}
	seen[pointer+text] = true
	root := p.contract.Root()
	at, err := root.Follow("#" + strings.ReplaceAll(pointer, "%", "%25"))
	if err != nil {
		at = root
	}
	p.report(at, "x-conformance: %s", text)
}

var citation = Rule{
	Name: "citation",
	Doc:  "A statement is cited that the document does not declare.",
	run: func(p *pass) {
		p.cites(p.contract.Root().Ext().Without("statements"))
		for _, one := range p.places.all {
			if one.kind != document {
				p.cites(one.node.Ext())
			}
		}
	},
}

// cites checks the ids below an extension. Its members statements, errors,
// compact, broken, cites and checks hold ids, as a list, or as lists by a word.
func (p *pass) cites(n spec.Node) {
	for name, child := range n.Pairs() {
		switch name {
		case "statements", "errors", "compact", "broken", "cites", "checks":
			p.ids(child)
		default:
			p.cites(child)
			for _, item := range child.Items() {
				p.cites(item)
			}
		}
	}
}

func (p *pass) ids(n spec.Node) {
	if n.IsMap() {
		for _, list := range n.Pairs() {
			if list.IsList() {
				p.ids(list)
			} else {
				p.cites(list.Ext()) // a response, in errors
			}
		}
		return
	}
	for _, id := range n.Items() {
		if _, ok := p.contract.Statement(id.Text()); !ok {
			p.report(id, "the statement %q is cited, but not declared in the document's x-conformance", id.Text())
		}
	}
}
