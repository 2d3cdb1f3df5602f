package contract

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEval(t *testing.T) {
	t.Parallel()
	e := &Exchange{
		Params: map[string]string{"id": "a/b"},
		Request: Request{
			Method: "POST", URL: "http://h/p%2Fq?x=1&y=", Header: http.Header{"Accept": {"a", "b"}},
			Body: []byte(`{"list":[{"n":1e2}],"a/b":null}`),
		},
		Response: &Response{Status: 404, Header: http.Header{"Location": {"/z"}}, Body: []byte(`{"content":{"id":"i"}}`)},
	}
	for expr, want := range map[string]any{
		"$url":                          "http://h/p%2Fq?x=1&y=",
		"$method":                       "POST",
		"$target":                       "/p%2Fq?x=1&y=",
		"$statusCode":                   json.Number("404"),
		"$statusPhrase":                 "Not Found",
		"$request.path.id":              "a/b",
		"$request.query.x":              "1",
		"$request.query.y":              "",
		"$request.header.accept":        "a, b",
		"$request.body#/list/0/n":       json.Number("1e2"),
		"$request.body#/a~1b":           nil,
		"$response.header.location":     "/z",
		"$response.body#/id":            "i",
		"$response.body#/content":       map[string]any{"id": "i"},
		"a constant is its own meaning": "a constant is its own meaning",
	} {
		got, ok := Eval(expr, e, "envelope", "content")
		require.True(t, ok, expr)
		require.Equal(t, want, got, expr)
	}
	for _, expr := range []string{"$request.query.z", "$request.path.x", "$response.body#/none", "$request.body#/list/1", "$request.body#list", "$nothing"} {
		_, ok := Eval(expr, e)
		require.False(t, ok, expr)
	}
	_, ok := Eval("$response.body#/id", &Exchange{})
	require.False(t, ok)
}

func TestEqualComparesNumbersByValue(t *testing.T) {
	t.Parallel()
	same := [][2]string{{"1", "1.0"}, {"1e2", "100"}, {`{"a":[1]}`, `{"a":[1.00]}`}, {"-0", "0"}}
	other := [][2]string{{"1", `"1"`}, {"9007199254740993", "9007199254740992"}, {`{"a":1}`, `{"a":1,"b":1}`}, {"[1]", "[1,1]"}, {"null", "false"}, {"1e999999999", "1e999999998"}}
	for _, pair := range same {
		require.True(t, equalText(t, pair), "%v", pair)
	}
	for _, pair := range other {
		require.False(t, equalText(t, pair), "%v", pair)
	}
}

func equalText(t *testing.T, pair [2]string) bool {
	t.Helper()
	a, ok := Decode([]byte(pair[0]))
	require.True(t, ok)
	b, ok := Decode([]byte(pair[1]))
	require.True(t, ok)
	return Equal(a, b)
}

func TestDecodeTakesExactlyOneValue(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "{", "1 2", "{}x", "nul"} {
		_, ok := Decode([]byte(text))
		require.False(t, ok, text)
	}
}

func TestWeigh(t *testing.T) {
	t.Parallel()
	require.Equal(t, Kept, Weigh(nil))
	require.Equal(t, Warned, Weigh([]Finding{{Evidence: Assumed}}))
	require.Equal(t, Broken, Weigh([]Finding{{Evidence: Assumed}, {Evidence: Client}}))
}

func TestTarget(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		"http://h": "/", "http://h?a": "/?a", "https://h:1/a%2F?b#c": "/a%2F?b", "/x/y": "/x/y",
	} {
		require.Equal(t, want, Target(from))
	}
	require.Equal(t, "/a", Path("http://h/a?b=http://c/d"))
}
