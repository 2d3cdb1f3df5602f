package checks

import (
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var computed = Check{
	Name: "computed",
	Doc:  "A member that the contract ties to another part of the exchange, such as an error's number to the HTTP status, has that value, and one that holds another member of the same object in it does (x-conformance, is and contains).",
	Run: func(s *Subject) {
		for _, v := range s.Views {
			if v.Declared == nil || !v.IsJSON {
				continue
			}
			for _, m := range v.Declared.Media {
				judgeComputed(s, v, m.Schema, v.Body, "", 0)
			}
		}
	},
}

// judgeComputed walks a schema along the value and looks at each tied member.
func judgeComputed(s *Subject, v *View, schema spec.Node, value any, pointer string, depth int) {
	schema = schema.Resolve()
	if depth > 20 || !schema.Exists() {
		return
	}
	if expr := schema.Ext().Get("is").Text(); expr != "" {
		compare(s, v, schema, expr, value, pointer)
	}
	contains(s, v, schema, value, pointer)
	for _, branch := range fitting(schema, value) {
		judgeComputed(s, v, branch, value, pointer, depth+1)
	}
	if list, ok := value.([]any); ok {
		for i, item := range list {
			judgeComputed(s, v, schema.Get("items"), item, pointer+"/"+itoa(i), depth+1)
		}
	}
	object, ok := value.(map[string]any)
	if !ok {
		return
	}
	for name, member := range schema.Get("properties").Pairs() {
		if inner, has := object[name]; has {
			judgeComputed(s, v, member, inner, pointer+"/"+spec.Escape(name), depth+1)
		}
	}
}

func compare(s *Subject, v *View, schema spec.Node, expr string, value any, pointer string) {
	want, ok := contract.Eval(expr, v.Exchange)
	if !ok {
		return
	}
	statements := schema.Ext().Get("statements").Strings()
	s.Tested(statements...)
	if contract.Equal(want, value) || expr == "$statusPhrase" && renamedPhrase(v.Response.Status, value) {
		return
	}
	s.Find(v, contract.Finding{
		Message: "the member is not what " + strings.TrimPrefix(expr, "$") + " says", Place: "body", Pointer: pointer,
		Expected: contract.Show(want), Got: contract.Show(value),
	}, append(statements, v.statements("body", pointer)...)...)
}

// renamedPhrase tells whether a text is another of the phrases that the RFCs
// have had for a status.
func renamedPhrase(status int, text any) bool {
	others := map[int][]string{
		302: {"Moved Temporarily"}, 413: {"Content Too Large", "Payload Too Large"}, 414: {"URI Too Long"},
		416: {"Range Not Satisfiable"}, 422: {"Unprocessable Content"},
	}[status]
	phrase, _ := text.(string)
	return slices.Contains(others, phrase)
}

// contains judges a text that has another member of the same object in it.
func contains(s *Subject, v *View, schema spec.Node, value any, pointer string) {
	part := schema.Ext().Get("contains").Text()
	text, isText := value.(string)
	if part == "" || !isText || text == "" {
		return
	}
	object, _ := contract.At(v.Body, pointer[:strings.LastIndexByte(pointer, '/')])
	other, has := contract.At(object, part)
	want, isText := other.(string)
	if !has || !isText || want == "" {
		return
	}
	statements := schema.Ext().Get("statements").Strings()
	s.Tested(statements...)
	if !strings.Contains(text, want) {
		s.Find(v, contract.Finding{
			Message: "the member does not hold that of " + part, Place: "body", Pointer: pointer,
			Expected: "a text with " + contract.Show(want), Got: contract.Show(text),
		}, statements...)
	}
}
