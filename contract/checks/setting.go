package checks

import (
	"maps"
	"slices"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// judgeSettings holds reads of what is there once and for all against the last
// change of it in the same case.
func judgeSettings(s *Subject) {
	changes := map[string]*View{}
	for _, v := range s.Views {
		if v.Operation == nil || v.Operation.Path == spec.OutsidePath || !v.Success() || s.Contract.Resource(v.Operation) != nil {
			continue
		}
		path := contract.Path(v.Request.URL)
		switch v.Request.Method {
		case "PUT", "PATCH":
			changes[path] = v
		case "GET":
		default:
			continue
		}
		if change := changes[path]; change != nil {
			compareSetting(s, change, v)
		}
	}
}

func compareSetting(s *Subject, change, v *View) {
	sent, _ := decoded(change.Request.Body).(map[string]any)
	read, _ := v.Inner.(map[string]any)
	l := look{view: v, object: v.Inner, pointer: v.Prefix, schemas: v.schemasOf(v.Prefix)}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		got, has := read[name]
		if !has || oneWay(&l, name) || alike(s, sent[name], got) {
			continue
		}
		s.Find(v, contract.Finding{
			Message: "what is read back is not what was sent", Place: "body", Pointer: v.Prefix + "/" + spec.Escape(name),
			Expected: contract.Show(sent[name]), Got: contract.Show(got),
		}, v.Operation.Statements...)
	}
}

// judgeOthersSettings compares the reads of one path with another credential
// than the usual, nothing having been sent there in the case that changes it.
func judgeOthersSettings(s *Subject) {
	before := map[string]*View{}
	for _, v := range s.Views {
		if v.Operation == nil || v.Credential == "" || !v.Success() || v.Request.Method != "GET" || v.Recorded || s.Contract.Resource(v.Operation) != nil {
			continue
		}
		if first := before[v.Request.URL]; first != nil && !same(first.Inner, v.Inner) {
			s.Find(v, contract.Finding{
				Message: "a change of one tenant shows in what another one reads", Place: "body", Pointer: v.Prefix,
				Expected: contract.Show(first.Inner), Got: contract.Show(v.Inner),
			}, s.Contract.Cites("isolation")...)
		}
		before[v.Request.URL] = v
	}
}
