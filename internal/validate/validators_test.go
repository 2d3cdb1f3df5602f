package validate

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/atlas-contract/conformance/contract"
)

// comparison is one case of testdata/validators.yaml or more.yaml.
type comparison struct {
	Case       string
	Version    string
	Path       string
	Schemas    map[string]any
	Schema     any
	Media      string
	Request    bool
	Parameters []any
	Operation  map[string]any
	Target     string
	Method     string // of the request, where it is not the operation's
	Status     int
	Type       string
	Headers    map[string]string
	Body       string
	Hex        string

	Want    string
	Place   string
	Pointer string
	Keyword string
	Doubt   string // the keyword of a problem that carries a dissent
	Unable  string // who could not judge: a name, both, or any
	// Slow marks a case that is not worth its time more than once.
	Slow bool
	// Doubtful allows problems that carry a dissent.
	Doubtful bool
}

func comparisons(t testing.TB) []comparison {
	t.Helper()
	var all []comparison
	for _, name := range []string{"validators.yaml", "more.yaml"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(t, err)
		var list []comparison
		require.NoError(t, yaml.Unmarshal(text, &list), name)
		all = append(all, list...)
	}
	return all
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func (c comparison) document(t testing.TB) []byte {
	t.Helper()
	operation := c.Operation
	content := map[string]any{or(c.Media, "application/json"): map[string]any{"schema": c.Schema}}
	ok := map[string]any{"200": map[string]any{"description": "ok"}}
	switch {
	case operation != nil:
	case c.Parameters != nil:
		operation = map[string]any{"parameters": c.Parameters, "responses": ok}
	case c.Request:
		operation = map[string]any{"requestBody": map[string]any{"required": true, "content": content}, "responses": ok}
	default:
		operation = map[string]any{"responses": map[string]any{"200": map[string]any{"description": "ok", "content": content}}}
	}
	doc := map[string]any{
		"openapi": or(c.Version, "3.0.3"),
		"info":    map[string]any{"title": "t", "version": "1"},
		"paths":   map[string]any{or(c.Path, "/t"): map[string]any{c.method(): operation}},
	}
	if c.Schemas != nil {
		doc["components"] = map[string]any{"schemas": c.Schemas}
	}
	text, err := json.Marshal(doc)
	require.NoError(t, err)
	return text
}

func (c comparison) method() string {
	if c.Parameters != nil {
		return "get"
	}
	return "post"
}

func (c comparison) judge(t testing.TB, o *Operation) Result {
	t.Helper()
	body := []byte(c.Body)
	if c.Hex != "" {
		var err error
		body, err = hex.DecodeString(c.Hex)
		require.NoError(t, err)
	}
	header := http.Header{}
	if c.Type != "none" && c.Parameters == nil {
		header.Set("Content-Type", or(c.Type, "application/json"))
	}
	for name, value := range c.Headers {
		header.Set(name, value)
	}
	target := or(c.Target, "/t")
	r := &contract.Request{Method: or(c.Method, strings.ToUpper(c.method())), URL: "http://127.0.0.1" + target, Header: http.Header{}}
	if c.Request || c.Parameters != nil {
		r.Header, r.Body = header, body
		return o.Request(r, target)
	}
	status := c.Status
	if status == 0 {
		status = 200
	}
	return o.Response(r, target, &contract.Response{Status: status, Header: header, Body: body})
}

// TestValidators puts the library to the documents on which the two libraries
// differ, and to those on which they agree.
func TestValidators(t *testing.T) {
	t.Parallel()
	for _, c := range comparisons(t) {
		t.Run(or(c.Version, "3.0.3")+" "+c.Case, func(t *testing.T) {
			t.Parallel()
			o, err := New(c.document(t))
			require.NoError(t, err)
			result := c.judge(t, o)
			require.Equal(t, c.Want == "ok", result.OK(), "%+v", result)
			checkUnable(t, c, result)
			if c.Want == "ok" {
				checkDoubt(t, c, result)
				return
			}
			require.Len(t, result.Problems, 1, "%+v", result)
			p := result.Problems[0]
			require.Equal(t, []string{or(c.Place, PlaceBody), c.Pointer, c.Keyword}, []string{p.Place, p.Pointer, p.Keyword}, "%+v", p)
			require.NotEmpty(t, p.Message)
			require.NotContains(t, p.Message, "\n")
		})
	}
}

func checkDoubt(t *testing.T, c comparison, result Result) {
	t.Helper()
	if c.Doubtful {
		return
	}
	if c.Doubt == "" {
		require.Empty(t, result.Problems)
		return
	}
	require.Len(t, result.Problems, 1)
	require.Equal(t, c.Doubt, result.Problems[0].Keyword)
	require.NotEmpty(t, result.Problems[0].Dissent)
}

func checkUnable(t *testing.T, c comparison, result Result) {
	t.Helper()
	switch c.Unable {
	case "":
		require.Empty(t, result.Unable)
	case "any":
		require.NotEmpty(t, result.Unable)
	case "both":
		require.Len(t, result.Unable, 2)
	default:
		require.Len(t, result.Unable, 1)
		require.Contains(t, result.Unable[0], c.Unable+": ")
	}
}
