package checks

import (
	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var echoed = Check{
	Name: "echo",
	Doc:  "A member of the reply that repeats a value of the request is equal to it, or an equivalent form of it (x-conformance, echoes).",
	Run: func(s *Subject) {
		for _, v := range s.Views {
			if v.Operation == nil || !v.Success() || !v.IsJSON {
				continue
			}
			for _, echo := range v.Operation.Echoes {
				want, ok := contract.Eval(echo.Of, v.Exchange)
				if !ok {
					continue
				}
				for pointer, item := range v.echoing(echo.Items) {
					got, present := contract.At(item, echo.Field)
					if !present {
						continue
					}
					s.Tested(echo.Statements...)
					message := "the reply names another value than the request"
					switch {
					case !s.Contract.Equivalent(want, got):
					case echo.Form == 0 || s.Contract.IsForm(want, got, echo.Form):
						continue
					default:
						message = "the reply names the value of the request in another form than the one it has there"
					}
					s.Find(v, contract.Finding{
						Message: message, Place: "body", Pointer: pointer + echo.Field,
						Expected: contract.Show(want), Got: contract.Show(got),
					}, echo.Statements...)
				}
			}
		}
	},
}

// echoing yields the body without its envelope, or each item of the list that
// it is or holds, with its pointer.
func (v *View) echoing(inList bool) func(func(string, any) bool) {
	list, at, ok := items(v.Inner)
	if _, isList := v.Inner.([]any); !isList && !inList || !ok {
		return v.subjects(false)
	}
	return func(yield func(string, any) bool) {
		for i, item := range list {
			if !yield(v.Prefix+at+"/"+itoa(i), item) {
				return
			}
		}
	}
}

// items are the elements of a list: the body itself, or the one array in it.
func items(body any) (list []any, pointer string, ok bool) {
	if list, ok = body.([]any); ok {
		return list, "", true
	}
	m, _ := body.(map[string]any)
	for name, member := range m {
		inner, isList := member.([]any)
		if !isList {
			continue
		}
		if ok {
			return nil, "", false // two arrays: which is the list?
		}
		list, pointer, ok = inner, "/"+spec.Escape(name), true
	}
	return list, pointer, ok
}
