package report

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMark(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, pointer, marked string }{
		{`{"a": {"b": [1, "x", null]}, "c": 2}`, "/a/b/1", `"x"`},
		{`{"a": {"b": [1, "x", null]}, "c": 2}`, "/c", `2`},
		{`{"a": {"b": [1]}}`, "/a/b", `[1]`},
		{`{"a": {"b": [1]}}`, "/a/missing", `{"b": [1]}`},
		{`{"a": {"b": [1]}}`, "/a/b/7", `[1]`},
		{`{"a": 1}`, "/a/deeper", `1`},
		{` "alone" `, "", `"alone"`},
		{`{"a/b": 1, "m~n": 2}`, "/m~0n", `2`},
		{`{"a/b": 1, "m~n": 2}`, "/a~1b", `1`},
	} {
		x, ok := mark(c.body, c.pointer)
		require.True(t, ok, c.pointer)
		require.Equal(t, c.marked, x.marked, c.pointer)
		text, line := x.lines()
		require.Equal(t, c.marked, text[strings.Index(line, "^"):strings.LastIndex(line, "^")+1])
	}
	for _, broken := range []string{"", "<html>", `{"a":`, `{"a" 1}`, strings.Repeat("[", 1000)} {
		_, ok := mark(broken, "/a")
		require.False(t, ok, broken)
	}
}

func TestMarkIsShort(t *testing.T) {
	t.Parallel()
	x, ok := mark(`{"x":"`+strings.Repeat("ü", 500)+`","a":"`+strings.Repeat("y", 500)+"\",\"z\":\"\x1b[2J\"}", "/a")
	require.True(t, ok)
	text, line := x.lines()
	require.Less(t, len([]rune(text)), 310)
	require.LessOrEqual(t, len([]rune(line)), len([]rune(text)))
	require.NotContains(t, text, "\x1b")
	require.True(t, strings.HasPrefix(text, "…"))
}
