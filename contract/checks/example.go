package checks

import (
	"slices"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var example = Check{
	Name: "example",
	Doc:  "A reply agrees with the documented example of the same key in the members that the contract calls constant, and in those whose schema allows one value only.",
	Run: func(s *Subject) {
		v := s.Last()
		if s.Case.Example == "" || v == nil || v.Operation == nil || v.Declared == nil || !v.IsJSON {
			return
		}
		scenario := v.Operation.Scenarios[s.Case.Example]
		documented, ok := documentedReply(v, s.Case.Example)
		if !ok {
			return
		}
		for _, pointer := range scenario.Constant {
			want, ok := contract.At(documented, pointer)
			got, present := contract.At(v.Inner, pointer)
			if !ok || present && contract.Equal(want, got) {
				continue
			}
			f := contract.Finding{
				Message: "the reply differs from the documented example where every right reply is the same", Place: "body",
				Pointer: v.Prefix + pointer, Expected: contract.Show(want), Got: "nothing",
			}
			if present {
				f.Got = contract.Show(got)
			}
			s.Find(v, f, append(v.statements("body", v.Prefix+pointer), scenario.Statements...)...)
		}
	},
}

// documentedReply is the documented example of the key for the status that
// came, without its envelope.
func documentedReply(v *View, key string) (any, bool) {
	for _, m := range v.Declared.Media {
		i := slices.IndexFunc(m.Examples, func(e spec.Example) bool { return e.Key == key && e.Value.Exists() })
		if i < 0 {
			continue
		}
		value := m.Examples[i].Value.Value()
		if v.Enveloped {
			for _, k := range v.keys() {
				if inner, ok := contract.At(value, "/"+spec.Escape(k)); ok {
					return inner, true
				}
			}
		}
		return value, true
	}
	return nil, false
}
