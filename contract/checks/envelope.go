package checks

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

var envelope = Check{
	Name: "envelope",
	Doc:  "A reply is wrapped when the request asks for an envelope and only then: exactly one of the declared members holds the body, and the status member equals the HTTP status.",
	Run: func(s *Subject) {
		for _, v := range s.Views {
			if v.Operation == nil || v.Operation.Envelope() == nil || !v.IsJSON || v.Response.Status == 401 || v.vague(v.Operation.Envelope()) {
				continue
			}
			s.Tested(v.Operation.Envelope().Relation.Statements...)
			if v.Enveloped {
				judgeWrapped(s, v)
			} else if key := v.wrapped(); key != "" {
				findEnvelope(s, v, "/"+key, "the reply is wrapped though the request did not ask for it", "a plain body", "an envelope with "+key)
			}
		}
	},
}

func judgeWrapped(s *Subject, v *View) {
	relation := v.Operation.Envelope().Relation
	object, ok := v.Body.(map[string]any)
	if !ok || v.wrapped() == "" {
		findEnvelope(s, v, "", "the reply is not wrapped though the request asks for it",
			"an object with "+relation.Status+" and "+strings.Join(relation.Keys, " or "), contract.Show(v.Body))
		return
	}
	present := 0
	for _, key := range relation.Keys {
		if _, has := object[key]; has {
			present++
		}
	}
	if present > 1 {
		findEnvelope(s, v, "", "the envelope holds the body twice", "exactly one of "+strings.Join(relation.Keys, ", "), contract.Show(v.Body))
	}
	want := json.Number(itoa(v.Response.Status))
	if !contract.Equal(object[relation.Status], want) {
		findEnvelope(s, v, "/"+relation.Status, fmt.Sprintf("the envelope's %s is not the HTTP status", relation.Status),
			string(want), contract.Show(object[relation.Status]))
	}
}

func findEnvelope(s *Subject, v *View, pointer, message, expected, got string) {
	statements := v.Operation.Envelope().Relation.Statements
	if v.Response.Status >= 400 { // what wraps errors has statements of its own
		statements = append(v.Operation.Envelope().Node.Ext().Get("errors").Strings(), statements...)
	}
	s.Find(v, contract.Finding{Message: message, Place: "body", Pointer: pointer, Expected: expected, Got: got}, statements...)
}
