package kinds

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// teas is a source over a document with one operation of these parameters.
func teas(t *testing.T, path string, parameters ...string) *Source {
	t.Helper()
	c, err := spec.Load(spec.Source{Name: "teas.json", Data: fmt.Appendf(nil, `{"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": {%q: {"get": {
		"operationId": "teas", "parameters": [%s], "responses": {"200": {"description": "tea"}}}}}}`, path, strings.Join(parameters, ","))})
	require.NoError(t, err)
	return &Source{Contract: c, Base: "http://teas.test"}
}

// sentRows are the requests of the accepted cases: by place and name of a
// parameter its value, "" where it is left out.
func sentRows(t *testing.T, s *Source) []map[string]string {
	t.Helper()
	var out []map[string]string
	for _, c := range cases(t, s, combined) {
		if c.Expect != contract.Accepted {
			continue
		}
		row, request := map[string]string{}, c.Steps[0].Request
		u, err := url.Parse(request.URL)
		require.NoError(t, err)
		for i, segment := range strings.Split(u.Path, "/") {
			row[fmt.Sprint("path ", i)] = segment
		}
		for name := range u.Query() {
			row["query "+name] = u.Query().Get(name)
		}
		for name := range request.Header {
			row["header "+name] = request.Header.Get(name)
		}
		for _, cookie := range strings.Split(request.Header.Get("Cookie"), "; ") {
			name, value, _ := strings.Cut(cookie, "=")
			row["cookie "+name] = value
		}
		out = append(out, row)
	}
	return out
}

func TestEveryPairOfFewValuesIsSent(t *testing.T) {
	t.Parallel()
	s := teas(t, "/teas/{leaf}/{id}",
		`{"name": "leaf", "in": "path", "required": true, "schema": {"type": "string", "enum": ["green", "black"]}}`,
		`{"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1, "maximum": 3}, "example": 2}`,
		`{"name": "milk", "in": "query", "schema": {"type": "boolean"}}`,
		`{"name": "cups", "in": "query", "required": true, "schema": {"type": "integer", "minimum": 1, "maximum": 4}}`,
		`{"name": "X-Heat", "in": "header", "schema": {"type": "string", "enum": ["hot", "warm"]}}`,
		`{"name": "mug", "in": "cookie", "schema": {"type": "string", "enum": ["blue", "red"]}}`,
		`{"name": "batch", "in": "query", "schema": {"type": "string", "format": "uuid"}}`)
	rows := sentRows(t, s)
	require.Less(t, len(rows), 24, "all of them together are %d", 2*3*4*3*3*2)
	values := map[string][]string{
		"path 2": {"green", "black"}, "query milk": {"", "true", "false"}, "query cups": {"1", "2", "3", "4"},
		"header X-Heat": {"", "hot", "warm"}, "cookie mug": {"", "blue", "red"}, "query batch": {"", "3f2b7c1e-5d4a-4b8e-9a6f-0c1d2e3f4a5b"},
	}
	met := map[string]bool{}
	for _, row := range rows {
		require.Equal(t, "2", row["path 3"], "what names a thing is left alone")
		for a := range values {
			for b := range values {
				met[a+"="+row[a]+" "+b+"="+row[b]] = true
			}
		}
	}
	for a, first := range values {
		for b, second := range values {
			for i := 0; a != b && i < len(first)*len(second); i++ {
				pair := a + "=" + first[i/len(second)] + " " + b + "=" + second[i%len(second)]
				require.True(t, met[pair], "no case has %s", pair)
			}
		}
	}
}

func TestWhatIsNotPaired(t *testing.T) {
	t.Parallel()
	flag := `{"name": "milk", "in": "query", "schema": {"type": "boolean"}}`
	for _, row := range []struct{ name, path, parameter, param string }{
		{"a condition", "/teas", `{"name": "If-Match", "in": "header", "schema": {"type": "string", "enum": ["\"a\"", "\"b\""]}}`, ""},
		{"a header that is no parameter", "/teas", `{"name": "Accept", "in": "header", "schema": {"type": "string", "enum": ["text/html"]}}`, ""},
		{"a text that means something", "/teas", `{"name": "near", "in": "query", "schema": {"type": "string"}}`, ""},
		{"a value in the path that the user gave", "/teas/{leaf}", `{"name": "leaf", "in": "path", "required": true, "schema": {"type": "string", "enum": ["green", "black"]}}`, "black"},
		{"a number in the path", "/teas/{leaf}", `{"name": "leaf", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 1, "maximum": 2}}`, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := teas(t, row.path, row.parameter, flag)
			s.Params = map[string]string{"leaf": row.param}
			if row.param == "" {
				s.Params = nil
			}
			require.Empty(t, sentRows(t, s))
		})
	}
}

func TestRowsAreDoubtedWhereTheDocumentDoesNotSayWhatGoesTogether(t *testing.T) {
	t.Parallel()
	s := teas(t, "/teas", `{"name": "batch", "in": "query", "schema": {"type": "string", "format": "uuid"}}`, `{"name": "milk", "in": "query", "schema": {"type": "boolean"}}`)
	list := cases(t, s, combined)
	require.NotEmpty(t, list["teas/combined/usual/milk-true.batch"].Doubt)
	require.Empty(t, list["teas/combined/usual/milk-true"].Doubt)
}

func TestRowsAreBounded(t *testing.T) {
	t.Parallel()
	var parameters []string
	for i := range 12 {
		parameters = append(parameters, fmt.Sprintf(`{"name": "a-parameter-%d", "in": "query", "required": true, "schema": {"type": "string", "enum": ["one", "two", "three", "four", "five", "six", "seven"]}}`, i))
	}
	list := cases(t, teas(t, "/teas", parameters...), combined)
	require.Less(t, len(list), mostRows+121)
	for id := range list {
		require.Less(t, len(id), 260, id)
	}
}

func TestWhatAContractLeavesOpenIsNotSent(t *testing.T) {
	t.Parallel()
	kind := `{"name": "kind", "in": "query", "schema": {"type": "string", "enum": ["green", "black"]%s}}`
	size := `{"name": "size", "in": "query", "schema": {"type": "array", "items": {"type": "integer", "maximum": 9%s}}}`
	broken := func(s *Source, k Kind) []string {
		var out []string
		for _, c := range cases(t, s, k) {
			if c.Expect == contract.Rejected {
				out = append(out, c.Breaks.Pointer+" "+c.Breaks.Keyword)
			}
		}
		return out
	}
	named := func(name string) Kind {
		for _, k := range All() {
			if k.Name == name {
				return k
			}
		}
		t.Fatal("no kind " + name)
		return Kind{}
	}
	all := teas(t, "/teas", fmt.Sprintf(kind, ""), fmt.Sprintf(size, ""))
	require.Contains(t, broken(all, named("enum")), "kind enum")
	require.Contains(t, broken(all, named("boundary")), "size/0 maximum")

	var dropped []string
	open := teas(t, "/teas", fmt.Sprintf(kind, `, "x-conformance": {"undefined": ["enum"]}`), fmt.Sprintf(size, `, "x-conformance": {"undefined": ["maximum"]}`))
	open.Dropped = func(id, reason string) { dropped = append(dropped, id+": "+reason) }
	require.Empty(t, broken(open, named("enum")))
	require.NotContains(t, broken(open, named("boundary")), "size/0 maximum")
	require.Contains(t, strings.Join(dropped, "\n"), "the contract leaves open what such a value gets")
}
