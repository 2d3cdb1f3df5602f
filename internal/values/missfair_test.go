package values

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// crowded is an object with so many alternatives that their near misses alone
// are more than a stream yields, beside some keywords that stand there once.
func crowded() string {
	var branches []string
	for i := range 12 {
		var members []string
		for j := range 5 {
			members = append(members, fmt.Sprintf(`"m%d":{"type":"string","minLength":2,"maxLength":9,"pattern":"^[a-z]+$"}`, j))
		}
		branches = append(branches, fmt.Sprintf(`{"type":"object","required":["kind","m0","m1"],"properties":{"kind":{"const":"k%d"},%s}}`, i, strings.Join(members, ",")))
	}
	return `{"type":"object","oneOf":[` + strings.Join(branches, ",") + `],
		"properties":{"size":{"type":"integer","maximum":5},"list":{"type":"array","items":{"type":"integer"},"uniqueItems":true,"contains":{"const":7}}},
		"if":{"required":["size"]},"then":{"required":["list"]},"else":{"required":["m4"]},
		"dependentRequired":{"list":["m2"]},"dependentSchemas":{"m3":{"required":["m2"]}},
		"propertyNames":{"maxLength":6}}`
}

func TestACrowdOfAlternativesLeavesRoomForOtherKeywords(t *testing.T) {
	t.Parallel()
	misses := details(newSubject(t, v31, crowded(), Options{}).Misses())
	require.Len(t, misses, maxMisses)
	found := map[string]int{}
	for detail, v := range misses {
		found[v.Keyword]++
		if strings.HasPrefix(detail, "as-") { // the alternative stands first
			_, detail, _ = strings.Cut(detail[strings.Index(detail, ".")-1:], ".")
		}
		word, _, _ := strings.Cut(detail, ".")
		word, _, _ = strings.Cut(word, "-")
		found["of "+word]++
	}
	for _, want := range []string{
		"type", "required", "const", "minLength", "maxLength", "pattern", "maximum",
		"uniqueItems", "contains", "dependentRequired", "propertyNames", "of then", "of else", "of beside", "of none",
	} {
		require.Positive(t, found[want], "%s of %v", want, found)
	}
}

func TestEveryKeywordAtEveryPlaceHasOneBeforeAnyHasTwo(t *testing.T) {
	t.Parallel()
	const member = `{"type":"string","minLength":2,"maxLength":9,"pattern":"^[a-z]+$","enum":["abc","abcd"]}`
	s := newSubject(t, v31, `{"type":"object","required":["a","b"],"additionalProperties":false,"properties":{"a":`+member+`,"b":`+member+`,"n":{"type":"integer","maximum":5}}}`, Options{})
	base, ok := s.Base()
	require.True(t, ok)
	places := s.places(base)
	w := &wronger{s: s.Schema, g: s.generator()}
	lists := make([][]miss, len(places))
	for i, p := range places {
		lists[i] = w.misses(p)
	}
	out, room := w.collect(func() { w.fairly(places, lists) })
	require.True(t, room)
	plain, _ := w.collect(func() { w.inTurns(places, lists) })
	require.Len(t, out, len(plain))
	turns, before := map[string]int{}, 0
	for _, v := range out {
		key := v.Pointer + " " + v.Keyword
		if v.Keyword == "required" || v.Keyword == "additionalProperties" {
			key = v.Keyword // of the whole
		}
		turns[key]++
		require.GreaterOrEqual(t, turns[key], before, "%s is too late", v.Detail)
		before = turns[key]
	}
	require.Greater(t, before, 1)
}
