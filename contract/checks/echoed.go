package checks

import "github.com/atlas-contract/conformance/contract"

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
				_, list := v.Inner.([]any)
				for pointer, item := range v.subjects(list) {
					got, present := contract.At(item, echo.Field)
					if !present {
						continue
					}
					s.Tested(echo.Statements...)
					if s.Contract.Equivalent(want, got) {
						continue
					}
					s.Find(v, contract.Finding{
						Message: "the reply names another value than the request", Place: "body", Pointer: pointer + echo.Field,
						Expected: contract.Show(want), Got: contract.Show(got),
					}, echo.Statements...)
				}
			}
		}
	},
}
