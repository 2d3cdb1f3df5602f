package values

import (
	"encoding/json"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/internal/spec"
)

// FuzzPattern writes texts for any pattern: it ends, and what it takes for a
// text of the length wanted is one.
func FuzzPattern(f *testing.F) {
	for _, text := range []string{"^[a-z]+$", "a{2,5}", "(?!x)y", `\d{4}-\d\d`, "[", "(a|b)*c", `\u00e9+`, `(?<n>a)\k<n>`, `[^]`, `\p{Script=Greek}`, "((a*)*)*", "(a{0,900}){900}", `\cA`} {
		f.Add(text, 3, 9)
	}
	f.Fuzz(func(t *testing.T, text string, least, most int) {
		if len(text) > 80 || !utf8.ValidString(text) || least < 0 || most < least || most > 200 {
			t.Skip()
		}
		p := newPattern(text)
		s := &schema{types: kindString, pattern: p, minLength: &least, maxLength: &most}
		g := (&Schema{root: s}).generator()
		if v, ok := g.whole(minimal); ok {
			n := utf8.RuneCountInString(v.(string))
			require.True(t, n >= least && n <= most && p.match(v.(string)), "%q for %q", v, text)
		}
	})
}

// FuzzSchema derives from any schema: it ends, and each value satisfies the
// evaluator.
func FuzzSchema(f *testing.F) {
	for _, row := range table() {
		f.Add(row.schema, row.version == v30)
	}
	f.Add(`{"anyOf":[{"$ref":"#/components/schemas/Tree"},{"not":{}}],"minItems":99999999,"maxLength":-1}`, false)
	f.Add(`{"multipleOf":1e-300,"minimum":1e300,"type":"number"}`, false)
	f.Fuzz(func(t *testing.T, schema string, is30 bool) {
		if len(schema) > 600 || !json.Valid([]byte(schema)) {
			t.Skip()
		}
		version := v31
		if is30 {
			version = v30
		}
		c, err := spec.Load(spec.Source{Name: "test.json", Data: []byte(document(version, schema))})
		if err != nil || len(c.Operations) == 0 || c.Operations[0].Body == nil || len(c.Operations[0].Body.Media) == 0 {
			t.Skip()
		}
		start := time.Now()
		s := New(c.Operations[0].Body.Media[0].Schema, Options{Version30: is30})
		g := s.generator()
		for v := range s.Valid() {
			require.True(t, g.fits([]*compiled{s.root}, v.JSON), v.Detail)
		}
		for v := range s.Misses() {
			require.False(t, g.fits([]*compiled{s.root}, v.JSON), v.Detail)
		}
		if v, ok := s.Draw(seeded(1)); ok {
			require.True(t, g.fits([]*compiled{s.root}, v))
		}
		require.Less(t, time.Since(start), time.Minute)
	})
}

// compiled is another name for schema, which the fuzzed text has taken.
type compiled = schema
