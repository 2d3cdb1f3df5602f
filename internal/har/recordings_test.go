package har_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// recordings returns the recorded files that lie beside the repository.
func recordings(t testing.TB) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "recorded")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no recordings: %v", err)
	}
	return dir
}

func TestReadRecordings(t *testing.T) {
	t.Parallel()
	dir := recordings(t)
	for name, count := range map[string]int{"aws": 281, "azure": 341, "errors": 51, "gcp": 403, "regional-mode": 141} {
		file, err := os.Open(filepath.Join(dir, name+".har"))
		require.NoError(t, err)
		xs, errs := collect(file)
		require.NoError(t, file.Close())
		require.Empty(t, errs, name)
		require.Len(t, xs, count, name)
		for i, x := range xs {
			require.NotNil(t, x.Response, "%s %d", name, i)
			require.False(t, x.Response.Truncated, "%s %d", name, i)
			require.NotZero(t, x.Start, "%s %d", name, i)
		}
	}
}
