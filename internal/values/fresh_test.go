package values

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
)

func TestFreshTextsAreRightAndNeverTheSame(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, member, current string
		none                  bool
	}{
		{"pattern of one length", `{"type":"string","pattern":"^BK-[0-9]{6}$"}`, "BK-204816", false},
		{"pattern of any length", `{"type":"string","pattern":"^v-[0-9A-Za-z]+$"}`, "v-1", false},
		{"pattern with a bound", `{"type":"string","pattern":"^[a-z]+$","maxLength":7}`, "a", false},
		{"pattern of a branch", `{"oneOf":[{"type":"string","pattern":"^a[0-9]{7}$"},{"type":"string","pattern":"^b[0-9]{7}$"}]}`, "b0000000", false},
		{"pattern and format", `{"type":"string","format":"email","pattern":"@example\\.com$"}`, "ada@example.com", false},
		{"uuid", `{"type":"string","format":"uuid"}`, "3f2b7c1e-5d4a-4b8e-9a6f-0c1d2e3f4a5b", false},
		{"email", `{"type":"string","format":"email"}`, "ada@example.com", false},
		{"hostname", `{"type":"string","format":"hostname"}`, "example.com", false},
		{"uri", `{"type":"string","format":"uri"}`, "urn:example:a", false},
		{"ipv4", `{"type":"string","format":"ipv4"}`, "192.0.2.1", false},
		{"ipv6", `{"type":"string","format":"ipv6"}`, "::1", false},
		{"byte", `{"type":"string","format":"byte"}`, "YQ==", false},
		{"a date means too much", `{"type":"string","format":"date"}`, "2024-02-29", true},
		{"listed", `{"type":"string","enum":["a","b"],"pattern":"^[a-z]$"}`, "a", true},
		{"free", `{"type":"string"}`, "a", true},
		{"one text alone", `{"type":"string","pattern":"^a$"}`, "a", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := newSubject(t, "3.1.0", `{"allOf":[{"type":"object","required":["name"],"properties":{"name":`+row.member+`}}]}`, Options{})
			object, seen := map[string]any{"name": row.current, "other": "x"}, map[string]bool{}
			draw := func(seed uint64) (string, bool) { return s.Fresh(object, "name", rand.New(rand.NewPCG(seed, seed))) }
			for seed := range uint64(20) {
				text, ok := draw(seed)
				require.Equal(t, !row.none, ok, text)
				if !ok {
					continue
				}
				again, _ := draw(seed)
				require.Equal(t, text, again)
				require.NotEqual(t, row.current, text)
				require.Empty(t, s.result(map[string]any{"name": text}).Problems, contract.Show(text))
				seen[text] = true
			}
			if !row.none {
				require.Greater(t, len(seen), 18)
			}
		})
	}
}
