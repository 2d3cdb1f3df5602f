package values

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
)

func TestShrinkKeepsWhatBreaksAndNothingElse(t *testing.T) {
	t.Parallel()
	has := func(pointer string, fits func(any) bool) func(any) bool {
		return func(v any) bool {
			x, ok := contract.At(v, pointer)
			return ok && fits(x)
		}
	}
	for name, row := range map[string]struct {
		from, to string
		broken   func(any) bool
	}{
		"a member that is there": {`{"a":{"b":[1,2,3],"c":"text"},"d":true}`, `{"a":{"c":""}}`, has("/a/c", func(any) bool { return true })},
		"an array of three":      {`{"a":[5,6,7,8,9],"b":1}`, `{"a":[0,0,0]}`, has("/a", func(v any) bool { l, _ := v.([]any); return len(l) >= 3 })},
		"a number beyond ten":    {`[900]`, `[11]`, has("/0", func(v any) bool { n, _ := v.(json.Number); f, _ := n.Float64(); return f > 10 })},
		"a text of four":         {`["längere Texte"]`, ``, has("/0", func(v any) bool { s, _ := v.(string); return len([]rune(s)) >= 4 })},
		"anything":               {`{"a":[1]}`, `{}`, func(any) bool { return true }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, ok := contract.Decode([]byte(row.from))
			require.True(t, ok)
			got := Shrink(from, row.broken, 1000)
			require.True(t, row.broken(got))
			require.JSONEq(t, row.from, string(contract.Encode(from)), "the value given has changed")
			if row.to == "" {
				text, _ := contract.At(got, "/0")
				require.Len(t, []rune(text.(string)), 4)
				return
			}
			require.JSONEq(t, row.to, string(contract.Encode(got)))
		})
	}
}

func TestShrinkAsksNoMoreThanItsBudget(t *testing.T) {
	t.Parallel()
	v, _ := contract.Decode([]byte(`{"a":[1,2,3,4,5,6,7,8],"b":{"c":"some text"}}`))
	asked := 0
	Shrink(v, func(any) bool { asked++; return asked%3 == 0 }, 20)
	require.LessOrEqual(t, asked, 20)
	require.True(t, contract.Equal(v, Shrink(v, func(any) bool { return true }, 0)))
}
