package checks

import (
	"net/url"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/validate"
)

// View is an exchange with what the contract says about it.
type View struct {
	*contract.Exchange
	// Main tells that the exchange belongs to the step that the case is about.
	Main bool
	// Operation is nil for a request outside all operations whose replies the
	// contract says nothing about.
	Operation *spec.Operation
	// Declared is the declared response for the status, nil where there is
	// none or nothing came.
	Declared *spec.Response
	Query    url.Values
	// Enveloped tells that the request asks for a wrapped reply.
	Enveloped bool
	// Pretty tells that the request asks for a formatted reply.
	Pretty bool
	// Body is the decoded body of the response; IsJSON tells that it is one.
	Body   any
	IsJSON bool
	// Inner is Body without its envelope, and Prefix the pointer to it.
	Inner  any
	Prefix string
	// Result is what the validators say of the response.
	Result validate.Result

	// Unknown are the values of a recorded request that the contract does not
	// list, though the server accepted them. Of the reply to such a request the
	// contract says nothing.
	Unknown []validate.Problem

	// validator makes the validators of the whole operation.
	validator func() (*validate.Operation, error)
}

// Success tells that the reply has a status of 200 to 299.
func (v *View) Success() bool {
	return v.Final().Success()
}

// Came tells that a whole response came.
func (v *View) Came() bool { return v.Response != nil }

// keys are the members that may hold an enveloped body.
func (v *View) keys() []string {
	if v.Operation == nil || v.Operation.Envelope() == nil {
		return nil
	}
	return v.Operation.Envelope().Relation.Keys
}

// wrapped returns the member under which the body is wrapped, "" where it is
// not: an object with the envelope's status member, a number, and one of its
// keys.
func (v *View) wrapped() string {
	object, ok := v.Body.(map[string]any)
	if !ok || v.Operation == nil || v.Operation.Envelope() == nil {
		return ""
	}
	if _, has := object[v.Operation.Envelope().Relation.Status]; !has {
		return ""
	}
	for _, key := range v.keys() {
		if _, has := object[key]; has {
			return key
		}
	}
	return ""
}

// flag tells whether a boolean query parameter asks for its effect.
func (v *View) flag(p *spec.Parameter) bool {
	return p != nil && v.Query.Get(p.Name) == "true" && !v.vague(p)
}

// vague tells that a boolean query parameter is there and is neither true nor
// false, or is there twice: nothing says whether that asks for its effect.
func (v *View) vague(p *spec.Parameter) bool {
	if p == nil {
		return false
	}
	values := v.Query[p.Name]
	return len(values) > 1 || len(values) == 1 && values[0] != "true" && values[0] != "false"
}

// undeclaredHead tells that the request was a HEAD where the document has a GET
// alone.
func (v *View) undeclaredHead() bool {
	return v.Request.Method == "HEAD" && v.Operation != nil && v.Operation.Method != "HEAD"
}

// servedOutside tells that a path that the document does not have was served, as
// where a target lets a slash stand at the end of a path. Whether it may is the
// case's word; the document has none for such a reply.
func (v *View) servedOutside() bool {
	return v.Operation != nil && v.Operation.Path == spec.OutsidePath && v.Success()
}

// refusedHead tells that a HEAD that the document does not have was refused with
// a status that it does not name. Whatever the GET declares, this says nothing
// about it: no server needs to have HEAD beyond what RFC 9110, section 9.1, asks
// of those for general use.
func (v *View) refusedHead() bool {
	return v.undeclaredHead() && v.Response.Status >= 400 && !v.declares(v.Response.Status)
}
