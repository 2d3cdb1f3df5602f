package values

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
)

var detailText = regexp.MustCompile(`^[A-Za-z0-9._~-]+$`)

func TestRightValuesOfEveryKeywordAreRight(t *testing.T) {
	t.Parallel()
	for _, row := range table() {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := newSubject(t, row.version, row.schema, Options{})
			explored, named := map[string]bool{}, map[string]bool{}
			for v := range s.Valid() {
				require.Empty(t, s.result(v.JSON).Problems, "%s: %s", v.Detail, contract.Show(v.JSON))
				require.True(t, row.alone || s.agrees(t, v.JSON), "jsonschema-go takes %s for wrong: %s", v.Detail, contract.Show(v.JSON))
				require.Regexp(t, detailText, v.Detail)
				require.False(t, named[v.Detail], v.Detail)
				explored[v.Keyword], named[v.Detail] = true, true
			}
			for _, keyword := range row.explores {
				require.True(t, explored[keyword], "no right value explores %s: %v", keyword, explored)
			}
		})
	}
}

func TestNearMissesOfEveryKeywordBreakItAlone(t *testing.T) {
	t.Parallel()
	for _, row := range table() {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := newSubject(t, row.version, row.schema, Options{})
			broken, named := map[string]bool{}, map[string]bool{}
			for v := range s.Misses() {
				require.Regexp(t, detailText, v.Detail)
				require.False(t, named[v.Detail], v.Detail)
				named[v.Detail] = true
				problems := s.result(v.JSON).Problems
				if undecided(v) {
					continue
				}
				require.Len(t, problems, 1, "%s: %s", v.Detail, contract.Show(v.JSON))
				require.Equal(t, v.Keyword+" "+v.Pointer, problems[0].Keyword+" "+problems[0].Pointer, "%s: %s", v.Detail, contract.Show(v.JSON))
				require.Empty(t, problems[0].Dissent, "%s: %s", v.Detail, contract.Show(v.JSON))
				require.False(t, !row.alone && s.agrees(t, v.JSON), "jsonschema-go takes %s for right: %s", v.Detail, contract.Show(v.JSON))
				broken[v.Keyword+" "+v.Pointer] = true
			}
			for _, want := range row.breaks {
				require.True(t, breaks(broken, want), "no near miss of %q: %v", want, broken)
			}
		})
	}
}

// undecided are the near misses about which the validators differ among
// themselves: an unknown discriminator, which neither library minds.
func undecided(v Value) bool { return v.Keyword == "discriminator" }

// breaks takes a place of any name for propertyNames.
func breaks(broken map[string]bool, want string) bool {
	if keyword, ok := strings.CutSuffix(want, "propertyNames "); ok && keyword == "" {
		for got := range broken {
			if strings.HasPrefix(got, want) {
				return true
			}
		}
	}
	return broken[want]
}

func TestDrawnValuesAreRight(t *testing.T) {
	t.Parallel()
	for _, row := range table() {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := newSubject(t, row.version, row.schema, Options{})
			different := map[string]bool{}
			for seed := range uint64(300) {
				v, ok := s.Draw(rand.New(rand.NewPCG(seed, 1)))
				require.True(t, ok)
				require.Empty(t, s.result(v).Problems, contract.Show(v))
				again, _ := s.Draw(rand.New(rand.NewPCG(seed, 1)))
				require.True(t, contract.Equal(v, again), "seed %d", seed)
				different[string(contract.Encode(v))] = true
			}
			if !slices.Contains([]string{"const", "type null", "type object"}, row.name) {
				require.Greater(t, len(different), 1)
			}
		})
	}
}
