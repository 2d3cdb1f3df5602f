package kinds

import (
	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// plans are right requests of an operation, one for each value that decides
// which schema the reply has, the usual one first.
func (s *Source) plans(op *spec.Operation) []*plan {
	var out []*plan
	for _, key := range s.rightKeys(op) {
		if p, err := s.planFrom(op, key); err == nil {
			out = append(out, p)
		}
	}
	return out
}

// rightKeys are the first documented example that is accepted, and the first
// of each further value that selects another schema.
func (s *Source) rightKeys(op *spec.Operation) []string {
	first := rightKey(op)
	keys := []string{first}
	if op.Selects == nil || first == "" {
		return keys
	}
	seen := map[string]bool{s.selected(op, first): true}
	for _, key := range exampleKeys(op) {
		if value := s.selected(op, key); isRight(op, key) && value != "" && !seen[value] {
			seen[value] = true
			keys = append(keys, key)
		}
	}
	return keys
}

// selected is the value by which an example's request selects a schema.
func (s *Source) selected(op *spec.Operation, key string) string {
	d := s.draftExample(op, key)
	value, _ := contract.Eval(op.Selects.By, &contract.Exchange{Request: contract.Request{Body: d.body}, Params: d.path})
	text, _ := contract.Text(value)
	return text
}

// rightKey is the first documented example that is accepted and is sent as it
// stands, "" where there is none.
func rightKey(op *spec.Operation) string {
	for _, key := range exampleKeys(op) {
		if isRight(op, key) {
			return key
		}
	}
	return ""
}

// isRight tells whether an example is accepted and is sent as it stands.
func isRight(op *spec.Operation, key string) bool {
	statuses := exampleStatuses(op, key)
	return op.Scenarios[key].Plain() && len(statuses) > 0 && expect(statuses) == contract.Accepted
}
