package checks

import (
	"bytes"

	"github.com/atlas-contract/conformance/contract"
)

var formatting = Check{
	Name: "formatting",
	Doc:  "A success body is broken into lines when the request asks for formatting, and compact, without a line break, when it does not.",
	Run: func(s *Subject) {
		for _, v := range s.Views {
			if v.Operation == nil || v.Operation.Formatting() == nil || !v.IsJSON || len(v.Response.Body) == 0 || v.vague(v.Operation.Formatting()) {
				continue
			}
			if compact := v.Operation.Formatting().Node.Ext().Get("compact"); !v.Success() && (v.Pretty || v.Response.Status == 401 || !compact.Exists()) {
				continue
			}
			statements := v.Operation.Formatting().Relation.Statements
			broken := bytes.ContainsAny(v.Response.Body, "\n\r")
			switch {
			case v.Pretty:
				s.Tested(statements...)
				if !broken && !empty(v.Body) {
					s.Find(v, contract.Finding{Message: "the reply is compact though the request asks for formatting", Place: "body", Expected: "line breaks", Got: "none"}, statements...)
				}
			default:
				compact := v.Operation.Formatting().Node.Ext().Get("compact").Strings()
				s.Tested(compact...)
				if broken {
					s.Find(v, contract.Finding{Message: "the reply is broken into lines though the request did not ask for it", Place: "body", Expected: "no line break", Got: "line breaks"}, append(compact, statements...)...)
				}
			}
		}
	},
}

// empty tells whether a value has nothing to break into lines.
func empty(v any) bool {
	switch at := v.(type) {
	case map[string]any:
		return len(at) == 0
	case []any:
		return len(at) == 0
	}
	return true
}
