package kinds

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// publicDocuments are large documents that modules of go.mod carry along for
// tests of their own.
func publicDocuments() map[string][]string {
	return map[string][]string{
		"github.com/pb33f/libopenapi": {
			"test_specs/burgershop.openapi.yaml", "test_specs/petstorev3.json", "test_specs/asana.yaml",
			"test_specs/vendor-extensions-test.yaml", "test_specs/digitalocean.yaml", "test_specs/stripe.yaml",
			"test_specs/badref-burgershop.openapi.yaml", "test_specs/circular-tests.yaml",
		},
		"github.com/getkin/kin-openapi":    {"openapi3/testdata/issue796.yml"},
		"github.com/speakeasy-api/openapi": {"jsonschema/oas3/testdata/pagerduty.json", "jsonschema/oas3/testdata/stresstest/combinatorial.json"},
	}
}

const (
	// sampled is how many operations of a document are tried, spread over all.
	sampled = 12
	// slowest is how long that may take on a busy machine; usually it is a
	// second or two.
	slowest = time.Minute
)

// TestDocumentsOfOthers derives every case of some operations of documents that
// nobody here has written.
func TestDocumentsOfOthers(t *testing.T) {
	t.Parallel()
	for module, files := range publicDocuments() {
		dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", module).Output()
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				t.Parallel()
				name := filepath.Join(strings.TrimSpace(string(dir)), filepath.FromSlash(file))
				if _, missing := os.Stat(name); err != nil || len(dir) == 0 || missing != nil {
					t.Skipf("the source of %s, which has %s, is not in the module cache", module, file)
				}
				derive(t, name)
			})
		}
	}
}

func derive(t *testing.T, name string) {
	t.Helper()
	start := time.Now()
	c, err := spec.Load(spec.Source{Name: name})
	require.NoError(t, err)
	seen := map[string]bool{}
	s := &Source{Contract: c, Base: "http://target.test" + c.Base}
	step := max(1, len(c.Operations)/sampled)
	for i := 0; i < len(c.Operations); i += step {
		for _, kind := range All() {
			for one := range kind.Derive(s, c.Operations[i]) {
				require.False(t, seen[one.ID], "the id %s is not unique", one.ID)
				seen[one.ID] = true
				sound(t, one)
			}
		}
		require.Less(t, time.Since(start), slowest, "after %d cases, at %s", len(seen), c.Operations[i].ID)
	}
	require.NotEmpty(t, seen)
}

// sound holds a case to what every case promises.
func sound(t *testing.T, c *contract.Case) {
	t.Helper()
	require.Equal(t, c.Operation+"/"+c.Kind, c.ID[:len(c.Operation)+1+len(c.Kind)])
	if c.Skip != "" {
		return
	}
	require.GreaterOrEqual(t, c.Main(), 0, c.ID)
	for _, step := range c.Steps {
		require.True(t, strings.HasPrefix(step.Request.URL, "http"), "%s: %s", c.ID, step.Request.URL)
	}
	if c.Expect == contract.Rejected && len(c.Statuses) == 0 && c.Example == "" {
		require.NotNil(t, c.Breaks, c.ID) // what is gone or forbidden has its status instead
		require.NotEmpty(t, c.Breaks.Keyword, c.ID)
	}
}
