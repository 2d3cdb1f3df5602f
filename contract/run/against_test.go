package run

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
)

func TestMixedKeepsEveryCaseAndLetsKindsTakeTurns(t *testing.T) {
	t.Parallel()
	var cases []*contract.Case
	for range 10 {
		cases = append(cases, &contract.Case{Kind: "common"})
	}
	cases = append(cases, &contract.Case{Kind: "rare"}, &contract.Case{Kind: "rare"})
	first := &Runner{held: cases}

	mixed := first.Mixed(1)
	require.ElementsMatch(t, cases, mixed.held)
	require.ElementsMatch(t, []string{"common", "rare", "common", "rare"}, []string{
		mixed.held[0].Kind, mixed.held[1].Kind, mixed.held[2].Kind, mixed.held[3].Kind,
	})
	require.Equal(t, mixed.held, first.Mixed(1).held, "the same seed, the same order")
	require.Equal(t, "rare", first.held[11].Kind, "the run itself keeps its order")
	require.Equal(t, mixed.held, mixed.Against(nil).held, "the same cases for every server")
}
