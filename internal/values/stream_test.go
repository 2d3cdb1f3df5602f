package values

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

func details(seq func(func(Value) bool)) map[string]Value {
	out := map[string]Value{}
	for v := range seq {
		out[v.Detail] = v
	}
	return out
}

const labelled = `{"type":"object","required":["kind"],"properties":{
	"kind":{"type":"string","enum":["AWS","GCP"]},"label":{"type":"string","maxLength":6},
	"id":{"type":"string","readOnly":true},"secret":{"type":"string","writeOnly":true},
	"items":{"type":"array","items":{"type":"string","format":"uuid"}}}}`

func TestDetailsNameThePlaceAndWhatIsSpecial(t *testing.T) {
	t.Parallel()
	s := newSubject(t, v30, labelled, Options{})
	valid, misses := details(s.Valid()), details(s.Misses())
	for _, want := range []string{"minimal", "all-properties", "only-label", "label.max-length", "kind.AWS", "kind.GCP", "items.no-items"} {
		require.Contains(t, valid, want)
	}
	for _, want := range []string{"without-kind", "kind.enum", "label.max-length", "items.type-string", "items.0.type-integer"} {
		require.Contains(t, misses, want)
	}
	require.Equal(t, "/label", misses["label.max-length"].Pointer)
	require.Equal(t, "/kind", misses["without-kind"].Pointer)
}

func TestEachDirectionLeavesOutWhatTravelsTheOtherWay(t *testing.T) {
	t.Parallel()
	for response, absent := range map[bool]string{false: "id", true: "secret"} {
		s := newSubject(t, v30, labelled, Options{Response: response})
		for v := range s.Valid() {
			require.NotContains(t, v.JSON, absent)
			require.Empty(t, s.result(v.JSON).Problems, v.Detail)
		}
		present := map[string]string{"id": "secret", "secret": "id"}[absent]
		require.Contains(t, details(s.Valid())["all-properties"].JSON, present)
	}
}

func TestATextThatNothingVouchesForIsFree(t *testing.T) {
	t.Parallel()
	s := newSubject(t, v30, labelled, Options{})
	valid := details(s.Valid())
	require.False(t, valid["minimal"].Free)
	require.False(t, valid["only-items"].Free)
	require.True(t, valid["only-label"].Free)
	known := newSubject(t, v30, labelled, Options{Known: func(n spec.Node, siblings map[string]any) []any {
		if n.Get("maxLength").Exists() && siblings["kind"] == "AWS" {
			return []any{"east"}
		}
		return nil
	}})
	require.Equal(t, "east", details(known.Valid())["only-label"].JSON.(map[string]any)["label"])
	require.False(t, details(known.Valid())["only-label"].Free)
}

func TestTheExampleIsTheBase(t *testing.T) {
	t.Parallel()
	example := map[string]any{"kind": "GCP", "label": "mine"}
	s := newSubject(t, v30, labelled, Options{Example: example})
	base, ok := s.Base()
	require.True(t, ok)
	require.True(t, contract.Equal(example, base))
	require.False(t, details(s.Valid())["example"].Free)
	require.Equal(t, "GCP", details(s.Misses())["label.type-null"].JSON.(map[string]any)["kind"])
}

func TestTheStreamsAreTheSameEveryTimeAndBounded(t *testing.T) {
	t.Parallel()
	for _, row := range table() {
		list := func() (out []string) {
			s := newSubject(t, row.version, row.schema, Options{})
			for v := range s.Valid() {
				out = append(out, v.Detail+" "+contract.Show(v.JSON))
			}
			for v := range s.Misses() {
				out = append(out, v.Detail+" "+contract.Show(v.JSON))
			}
			return out
		}
		first := list()
		require.Equal(t, first, list(), row.name)
		require.LessOrEqual(t, len(first), maxValid+maxMisses)
	}
}

func TestAStreamCanBeLeft(t *testing.T) {
	t.Parallel()
	s := newSubject(t, v30, labelled, Options{})
	for range s.Valid() {
		break
	}
	n := 0
	for range s.Misses() {
		if n++; n == 2 {
			break
		}
	}
	require.Equal(t, 2, n)
}

func TestWhatRequiresItselfHasNoValues(t *testing.T) {
	t.Parallel()
	for _, schema := range []string{
		`{"type":"object","required":["v"],"properties":{"v":{"$ref":"#/components/schemas/Loop"}}}`,
		`false`,
		`{"type":"string","enum":[1]}`,
		`{"type":"string","minLength":3,"maxLength":2}`,
	} {
		doc := document(v31, schema)
		c, err := spec.Load(spec.Source{Name: "test.json", Data: []byte(doc[:len(doc)-3] + `,"Loop":{"type":"object","required":["l"],"properties":{"l":{"$ref":"#/components/schemas/Loop"}}}}}}`)})
		require.NoError(t, err)
		s := New(c.Operations[0].Body.Media[0].Schema, Options{})
		require.Empty(t, details(s.Valid()), schema)
		require.Empty(t, details(s.Misses()), schema)
		_, ok := s.Draw(seeded(1))
		require.False(t, ok, schema)
	}
}
