package run

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

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

// TestWhatCannotBeRemovedYetIsRemovedLater has a server refuse removals until a
// thing is some time old.
func TestWhatCannotBeRemovedYetIsRemovedLater(t *testing.T) {
	t.Parallel()
	for young, want := range map[time.Duration]int{0: 0, 200 * time.Millisecond: 0, time.Hour: 1} {
		s, refused := &shelf{kept: map[string]string{}}, 0
		born := time.Now()
		h := func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "DELETE" && time.Since(born) < young {
				w.Header().Set("Content-Type", "application/json")
				refuse(w, 409)
				refused++
				return
			}
			s.ServeHTTP(w, r)
		}
		r := runner(t, http.HandlerFunc(h), func(o *Options) {
			o.Match = "*/example/open"
			o.Poll = Poll{First: 10 * time.Millisecond, Max: 50 * time.Millisecond, Timeout: time.Second}
		})
		verdicts(t, r)
		require.Positive(t, s.made)
		require.Len(t, s.kept, want)
		require.Equal(t, young > 0, refused > 0)
	}
}
