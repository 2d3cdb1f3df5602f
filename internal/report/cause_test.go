package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
)

// shows is a case of an operation with one finding.
func shows(operation, id, fingerprint string, reason *string) *Verdict {
	f := finding("S1", contract.Recorded, `"`+id+`" is not there`, "", fingerprint)
	return &Verdict{
		ID: operation + "/a/" + id, Operation: operation, Outcome: contract.Broken, Known: reason != nil,
		Findings: []Finding{{Finding: f, Known: reason}},
	}
}

func rendered(t *testing.T, format string, list ...*Verdict) string {
	t.Helper()
	var b bytes.Buffer
	r, err := New(format, &b, Options{Width: 100})
	require.NoError(t, err)
	require.NoError(t, r.Header(&Header{Command: "run"}))
	for _, v := range list {
		require.NoError(t, r.Verdict(v))
	}
	require.NoError(t, r.End(nil, &Footer{Counts: Counts{Broken: len(list)}, Exit: ExitBroken}))
	return b.String()
}

// People are told one fault of several operations once; who follows faults by
// their place in the document is told of each.
func TestOneFaultOfSeveralOperations(t *testing.T) {
	t.Parallel()
	list := []*Verdict{shows("showPet", "p1", "aaaa", nil), shows("showPet", "p2", "aaaa", nil), shows("listPets", "p3", "bbbb", nil)}
	out := rendered(t, "text", list...)
	require.Contains(t, out, "1 cause\n")
	require.Contains(t, out, "3× S1")
	require.Contains(t, out, "in 2 operations; first in showPet/a/p1")
	require.Equal(t, 2, strings.Count(rendered(t, "github", list...), "::error "))
	require.Equal(t, 2, strings.Count(rendered(t, "sarif", list...), `"conformance/v1"`))
}

// A failure that is known in one case does not hide that of another.
func TestAKnownFailureHidesNoOther(t *testing.T) {
	t.Parallel()
	reason := "it is let be"
	list := []*Verdict{shows("showPet", "p1", "aaaa", &reason), shows("showPet", "p2", "aaaa", nil)}
	for format, words := range map[string]string{
		"text": "first in showPet/a/p2", "github": "first in showPet/a/p2", "markdown": "first `showPet/a/p2`", "sarif": `"case": "showPet/a/p2"`,
	} {
		require.Contains(t, rendered(t, format, list...), words, format)
	}
}
