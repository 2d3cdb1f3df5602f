package run

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// TestAConflictIsNoAnswerToAWrongCreate has a server put a usual value in place
// of a body that is empty, which something else has for a while.
func TestAConflictIsNoAnswerToAWrongCreate(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("../checks/testdata/shelves.yaml")
	require.NoError(t, err)
	document = bytes.Replace(document, []byte(`"303": { description`), []byte(`"409": { description`), 1)
	for conflicts, want := range map[int]contract.Outcome{0: contract.Broken, 3: contract.Broken, 1000: contract.Skipped} {
		s := &shelf{kept: map[string]string{}}
		n := 0
		h := func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if r.Method == "POST" && len(body) == 0 {
				n++
				body = []byte(`{"kind":"open","label":"usual"}`)
				if n <= conflicts {
					w.Header().Set("Content-Type", "application/json")
					refuse(w, 409)
					return
				}
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			s.ServeHTTP(w, r)
		}
		r := over(t, spec.Source{Name: "shelves.yaml", Data: document}, "http://shelves.test/api", http.HandlerFunc(h), nil, func(o *Options) {
			o.Kinds = only(func(name string) bool { return name == "malformed" })
			o.Match = "*/malformed/empty"
		})
		got := verdicts(t, r)
		require.Len(t, got, 1)
		require.Equal(t, want, got[0].Outcome, fmt.Sprint(conflicts, got[0].Reason))
		require.Equal(t, want == contract.Skipped, strings.Contains(got[0].Reason, "taken for a second one"))
		require.Less(t, n, 10)
	}
}
