package kinds

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// What must be unique is drawn from the values that the user allows.
func TestOnlyAllowedUniqueValues(t *testing.T) {
	t.Parallel()
	c, err := spec.Load(spec.Source{Name: "../checks/testdata/shelves.yaml"})
	require.NoError(t, err)
	s := &Source{Contract: c, Base: "http://x", Values: map[string][]string{"label": {"mine", "ours"}}}
	used := map[string]int{}
	for one := range s.CasesOf(c.Operation("createShelf"), All()) {
		if one.Expect != contract.Accepted || one.Kind == "example" || strings.Contains(one.ID, "/body.label/") {
			continue
		}
		body, _ := contract.Decode(one.Steps[one.Main()].Request.Body)
		if object, ok := body.(map[string]any); ok {
			label, _ := object["label"].(string)
			used[label]++
		}
	}
	require.NotZero(t, used["mine"])
	require.NotZero(t, used["ours"])
	require.Len(t, used, 2, "%v", used)
}
