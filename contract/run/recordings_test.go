package run

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/har"
	"github.com/atlas-contract/conformance/internal/spec"
)

// recorded is a finding of a recording, as far as a test names it.
type recorded struct{ check, statement string }

// found are the findings of one recording, with how many exchanges show each.
func found(t *testing.T, profile, file string) (map[recorded]int, int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "recorded", file))
	if err != nil {
		t.Skipf("no recordings: %v", err)
	}
	source := spec.Source{Name: "../../openapi/private-endpoint.yaml"}
	if profile == "observed" {
		source.Overlays = []spec.Overlay{{Name: "../../openapi/observed.overlay.yaml"}}
	}
	c, err := spec.Load(source)
	require.NoError(t, err)
	out, judged := map[recorded]int{}, 0
	for v, err := range Verify(c, nil, har.Read(bytes.NewReader(text), file)) {
		require.NoError(t, err)
		if v.Outcome != contract.Skipped {
			judged++
		}
		for _, f := range v.Findings {
			require.NotEmpty(t, f.Message)
			out[recorded{f.Check, f.Statement}]++
		}
	}
	return out, judged
}

func TestTrafficAsObservedHasTrueFindingsOnly(t *testing.T) {
	t.Parallel()
	// Between the target and the client a proxy failed once, with a page of HTML.
	failed := map[recorded]int{{"no-server-error", "E5"}: 1, {"documented-status", "O3"}: 1}
	for file, want := range map[string]map[recorded]int{
		"aws.har": failed, "azure.har": {}, "gcp.har": {}, "regional-mode.har": {},
	} {
		got, judged := found(t, "observed", file)
		require.NotZero(t, judged)
		require.Equal(t, want, got, file)
	}
}

func TestTrafficHeldToTheDocumentsDiffersWhereTheyAreBehind(t *testing.T) {
	t.Parallel()
	for file, want := range map[string][]recorded{
		"aws.har":           {{"body", "S5"}, {"no-server-error", "E5"}, {"documented-status", "O3"}}, // AVAILABLE, and the page of HTML
		"azure.har":         nil,
		"gcp.har":           {{"undocumented-request", "P2"}, {"body", "S4"}, {"body", "S1"}}, // a third provider, of another shape
		"regional-mode.har": nil,
	} {
		got, judged := found(t, "documented", file)
		require.NotZero(t, judged)
		for _, w := range want {
			require.NotZero(t, got[w], "%s: %v is not found", file, w)
			delete(got, w)
		}
		require.Empty(t, got, file)
	}
}
