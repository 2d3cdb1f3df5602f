package validate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// padded is a document of some size.
func padded(size int) []byte {
	return fmt.Appendf(nil, `{"openapi": "3.0.3", "info": {"title": "%s", "version": "1"}, "paths": {"/a": {"get": {"responses": {}}}}}`,
		strings.Repeat("x", size))
}

func TestOperationsOfALargeDocumentAreKeptWhileTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	var r Recent
	made := map[string]int{}
	ask := func(id string) {
		_, err := r.Of(id, func() []byte { made[id]++; return padded(mostText/8 - perOperation) })
		require.NoError(t, err)
	}
	for i := range 20 {
		ask("first")
		ask(fmt.Sprint("other", i))
		require.LessOrEqual(t, r.size, mostText)
	}
	require.Equal(t, 1, made["first"], "what is in use was made anew")
	require.Len(t, r.made, 7)
	ask("other0")
	require.Equal(t, 2, made["other0"])
}

func TestTheLastOperationsAreKeptHoweverLargeTheyAre(t *testing.T) {
	t.Parallel()
	var r Recent
	made := 0
	for i := range 3 * leastKept {
		_, err := r.Of(fmt.Sprint(i%leastKept), func() []byte { made++; return padded(mostText) })
		require.NoError(t, err)
	}
	require.Equal(t, leastKept, made)
}

func TestAllOperationsOfASmallDocumentAreKept(t *testing.T) {
	t.Parallel()
	var r Recent
	made := 0
	for i := range 120 {
		_, err := r.Of(fmt.Sprint(i%60), func() []byte { made++; return padded(100) })
		require.NoError(t, err)
	}
	require.Equal(t, 60, made)
}

func TestADocumentThatCannotBeReadIsAnErrorEachTime(t *testing.T) {
	t.Parallel()
	var r Recent
	for range 2 {
		_, err := r.Of("bad", func() []byte { return []byte(`{}`) })
		require.ErrorContains(t, err, "read the document")
	}
}
