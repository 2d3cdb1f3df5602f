package validate

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSettled takes out each entry of the table in turn: some case of testdata
// must then come out otherwise, or the entry has no reason to be there.
func TestSettled(t *testing.T) {
	t.Parallel()
	table := settlements()
	changed := make([][]string, len(table))
	for _, c := range comparisons(t) {
		if c.Slow {
			continue
		}
		o, err := New(c.document(t))
		require.NoError(t, err)
		whole := fmt.Sprint(c.judge(t, o))
		for i := range table {
			o.settled = slices.Delete(slices.Clone(table), i, i+1)
			if fmt.Sprint(c.judge(t, o)) != whole {
				changed[i] = append(changed[i], c.Case)
			}
		}
	}
	for i, s := range table {
		require.NotEmpty(t, s.why, s.name)
		require.NotEmpty(t, changed[i], "settled entry %q decides no case", s.name)
		t.Logf("%s: %q", s.name, changed[i])
	}
}
