package validate

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
)

// withBody is a JSON response.
func withBody(status int, body string) *contract.Response {
	return &contract.Response{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(body)}
}

// faults lists the problems as place, pointer and keyword.
func faults(r Result) []string {
	list := []string{}
	for _, p := range r.Problems {
		list = append(list, p.Place+" "+p.Pointer+" "+p.Keyword)
	}
	return list
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                      "it is empty",
		"[]":                                    "its root is not an object",
		"{":                                     "JSON or YAML",
		`{"openapi":"2.0"}`:                     "only 3.x",
		`{"openapi":"3.0.3","paths":{}}`:        "exactly one",
		`{"openapi":"3.0.3","paths":{"/a":{}}}`: "no operation",
		`{"openapi":"3.0.3","paths":{"/a":{"get":{},"put":{}}}}`:  "more than one operation",
		`{"openapi":"3.0.3","paths":{"/a":{"get":{}},"/b":{}}}`:   "2 paths",
		"openapi: 3.0.3\na: &a [*a]\npaths: {/t: {get: {}}}\n":    "line 2",
		"openapi: 3.0.3\npaths: {/t: {get: {}}}\n  wrong: indent": "YAML",
	} {
		_, err := New([]byte(text))
		require.ErrorContains(t, err, want, "%q", text)
	}
}

// TestAllThreeAgree: one problem, found by all, in the words of the strict layer.
func TestAllThreeAgree(t *testing.T) {
	t.Parallel()
	o := serviceOperation(t)
	r := serviceRequest()
	r.Body = []byte(`{"provider":"C","region":"us-east-1"}`)
	result := o.Request(r, serviceTarget)
	require.Equal(t, []Problem{{
		Place: "body", Pointer: "/provider", Keyword: "enum",
		Message:       `"C" is none of "A", "B"`,
		SchemaPointer: "/paths/~1groups~1{groupId}~1services/post/requestBody/content/application~1json/schema/properties/provider",
		By:            []string{Kin, Lib, Strict},
	}}, result.Problems)
	require.False(t, result.OK())
	require.Empty(t, result.Unable)
}

func TestSeveralProblems(t *testing.T) {
	t.Parallel()
	o := serviceOperation(t)
	r := serviceRequest()
	r.Body = []byte(`{"provider":5,"extra":1}`)
	result := o.Request(r, "/groups/zz/services?wrapped=maybe&pretty=2")
	require.Equal(t, []string{
		"path groupId pattern", "query pretty type", "query wrapped type",
		"body /extra additionalProperties", "body /provider type", "body /region required",
	}, faults(result))
	for _, p := range result.Problems {
		require.Empty(t, p.Dissent, "%+v", p)
		require.GreaterOrEqual(t, len(p.By), 2, "%+v", p) // kin says enum of what the others say type of
	}
}

// TestBranch: of an anyOf the branch that was meant is reported.
func TestBranch(t *testing.T) {
	t.Parallel()
	o := serviceOperation(t)
	for body, want := range map[string]string{
		`{"id":"5f7cac1adf5d6c6306f4b284","status":"NEW"}`: "body /names required",
		`{"names":[]}`:                          "body /id required, body /status required",
		`{"id":"zz","status":"NEW","names":[]}`: "body /id pattern",
		`{"id":"5f7cac1adf5d6c6306f4b284","status":"OLD","names":[]}`:                                      "body /status enum",
		`{"status":201,"content":{"id":"5f7cac1adf5d6c6306f4b284","status":"NEW","names":["a",5]}}`:        "body /content/names/1 type",
		`{"status":"201","content":{"id":"5f7cac1adf5d6c6306f4b284","status":"NEW","names":[]}}`:           "body /status type",
		`{"status":600,"content":{"id":"5f7cac1adf5d6c6306f4b284","status":"NEW","names":[]}}`:             "body /status maximum",
		`{"status":201,"content":{"id":"5f7cac1adf5d6c6306f4b284","status":"NEW","names":[],"name":true}}`: "body /content/name type",
	} {
		result := o.Response(serviceRequest(), serviceTarget, withBody(201, body))
		require.Equal(t, want, strings.Join(faults(result), ", "), body)
		require.Empty(t, result.Problems[0].Dissent, body)
		require.Len(t, result.Problems[0].By, 3, body)
	}
}

func TestBranchOfArray(t *testing.T) {
	t.Parallel()
	o, err := New([]byte(`{"openapi":"3.0.3","paths":{"/t":{"get":{"responses":{"200":{"description":"","content":{"application/json":{"schema":
		{"oneOf":[{"type":"array","items":{"$ref":"#/components/schemas/S"}},{"type":"object","required":["list"],"properties":{"list":{"type":"array","items":{"$ref":"#/components/schemas/S"}}}}]}}}}}}}},
		"components":{"schemas":{"S":{"oneOf":[{"type":"object","required":["kind","a"],"properties":{"kind":{"type":"string","enum":["A"]},"a":{"type":"integer"}}},
			{"type":"object","required":["kind","b"],"properties":{"kind":{"type":"string","enum":["B"]},"b":{"type":"integer"}}}]}}}}`))
	require.NoError(t, err)
	for body, want := range map[string][]string{
		`[{"kind":"A","a":1},{"kind":"B","b":"x"}]`: {"body /1/b type"},
		`{"list":[{"kind":"B"}]}`:                   {"body /list/0/b required"},
		`[{"kind":"A","a":1},5]`:                    {"body /1 type"},
		`[{"kind":"C","a":1}]`:                      {"body /0/kind enum"},
		`[{"kind":"A","a":1},{"kind":"B","b":2}]`:   {},
	} {
		result := o.Response(nil, "/t", withBody(200, body))
		require.Equal(t, want, faults(result), body)
	}
}

// TestDissent: what one judge alone objects to, and no entry settles, is a doubt
// and breaks nothing.
func TestDissent(t *testing.T) {
	t.Parallel()
	f := facts{is30: true, body: []byte("{}"), isJSON: true}
	alone := claim{place: PlaceBody, pointer: "/a", keyword: "maxLength", message: "m"}
	result := judge(settlements(), f, [judges]opinion{{}, {claims: []claim{alone}}, {}})
	require.True(t, result.OK())
	require.Equal(t, []Problem{{
		Place: "body", Pointer: "/a", Keyword: "maxLength", Message: "m",
		By: []string{Kin}, Dissent: Lib + " and " + Strict + " find no fault",
	}}, result.Problems)

	result = judge(settlements(), f, [judges]opinion{{claims: []claim{alone}}, {unable: "x"}, {}})
	require.True(t, result.OK())
	require.Equal(t, Lib+" finds no fault", result.Problems[0].Dissent)
	require.Equal(t, []string{Kin + ": x"}, result.Unable)

	result = judge(settlements(), f, [judges]opinion{{claims: []claim{alone}}, {unable: "x"}, {unable: "y"}})
	require.False(t, result.OK(), "nobody is against it")

	result = judge(settlements(), f, [judges]opinion{{unable: "x"}, {claims: []claim{alone}}, {unable: "y"}})
	require.True(t, result.OK(), "a library alone is not believed")
	require.Equal(t, "nobody else could judge it", result.Problems[0].Dissent)
}

// TestOneEngine: in 3.1 both libraries together are one opinion.
func TestOneEngine(t *testing.T) {
	t.Parallel()
	c := claim{place: PlaceBody, pointer: "/a", keyword: "maxLength", message: "m"}
	both := [judges]opinion{{}, {claims: []claim{c}}, {claims: []claim{c}}}
	require.False(t, judge(nil, facts{is30: true}, both).OK())
	require.True(t, judge(nil, facts{}, both).OK())
}

// TestMerge: claims of one meaning are one problem, whatever each calls it.
func TestMerge(t *testing.T) {
	t.Parallel()
	in := func(pointer, keyword string, far reach, choices ...choice) claim {
		return claim{place: PlaceBody, pointer: pointer, keyword: keyword, reach: far, choices: choices, message: keyword}
	}
	root := choice{PlaceBody, "/x"}
	result := judge(nil, facts{is30: true}, [judges]opinion{
		{claims: []claim{in("/x/a", "required", exact, root), in("/x/b", "const", exact, root)}},
		{claims: []claim{in("/x", "oneOf", branch)}},
		{claims: []claim{in("/x", "anyOf", branch)}},
	})
	require.Equal(t, []string{"body /x/a required", "body /x/b const"}, faults(result))
	require.Len(t, result.Problems[0].By, 3)

	header := func(pointer string) claim { return claim{place: PlaceHeader, pointer: pointer, keyword: "type"} }
	result = judge(nil, facts{is30: true}, [judges]opinion{{claims: []claim{header("X-A")}}, {claims: []claim{header("x-a")}}, {}})
	require.Equal(t, []string{"header X-A type"}, faults(result))
	require.Empty(t, result.Problems[0].Dissent)

	result = judge(nil, facts{is30: true}, [judges]opinion{{}, {claims: []claim{in("/x", "oneOf", branch)}}, {claims: []claim{in("/x", "oneOf", branch)}}})
	require.Equal(t, []string{"body /x oneOf"}, faults(result), "two libraries against the strict layer")
	require.False(t, result.OK())
}

func TestTruncated(t *testing.T) {
	t.Parallel()
	o := serviceOperation(t)
	resp := withBody(201, `{"id":"5f7c`)
	resp.Truncated = true
	result := o.Response(nil, serviceTarget, resp)
	require.True(t, result.OK())
	require.Len(t, result.Unable, 1)
	resp.Status = 500
	require.Equal(t, []string{"status  undeclared"}, faults(o.Response(nil, serviceTarget, resp)))
}

func TestValue(t *testing.T) {
	t.Parallel()
	o := serviceOperation(t)
	const body = "/paths/~1groups~1{groupId}~1services/post/requestBody/content/application~1json/schema"
	for _, c := range []struct {
		pointer, value string
		want           []string
	}{
		{"/components/schemas/Service", `{"id":"5f7cac1adf5d6c6306f4b284","status":"NEW","names":[]}`, []string{}},
		{"/components/schemas/Service", `{"id":"zz","status":"NEW","names":[]}`, []string{"body /id pattern"}},
		{"/components/schemas/Service/properties/names", `[1]`, []string{"body /0 type"}},
		{"/paths/~1groups~1{groupId}~1services/post/parameters/0/schema", `"zz"`, []string{"body  pattern"}},
		{body, `{"provider":"A","region":"x"}`, []string{}},
		{body, `{"provider":"A"}`, []string{"body /region required"}},
		{body, `{"provider":"A","region":"x","region":"y"}`, []string{"body /region duplicate-key"}},
		{body, `{`, []string{"body  syntax"}},
		{body, `null`, []string{"body  type"}},
	} {
		result := o.Value(c.pointer, []byte(c.value))
		require.Equal(t, c.want, faults(result), "%s by %s", c.value, c.pointer)
		require.Empty(t, result.Unable)
	}
	result := o.Value("/components/schemas/Gone", []byte("1"))
	require.True(t, result.OK())
	require.Len(t, result.Unable, 1)
}

// TestValueDirection: the pointer says which way a value travels.
func TestValueDirection(t *testing.T) {
	t.Parallel()
	const document = `{"openapi":"3.0.3","info":{"title":"t","version":"1"},"paths":{"/t":{"post":{
		"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/S"}}}},
		"responses":{"200":{"description":"","content":{"application/json":{"schema":{"$ref":"#/components/schemas/S"}}}}}}}},
		"components":{"schemas":{"S":{"type":"object","required":["id","key"],"properties":{"id":{"type":"string","readOnly":true},"key":{"type":"string","writeOnly":true}}}}}}`
	o, err := New([]byte(document))
	require.NoError(t, err)
	const in, out = "/paths/~1t/post/requestBody/content/application~1json/schema", "/paths/~1t/post/responses/200/content/application~1json/schema"
	require.Equal(t, []string{}, faults(o.Value(in, []byte(`{"key":"x"}`))))
	require.Equal(t, []string{"body /id readOnly"}, faults(o.Value(in, []byte(`{"key":"x","id":"y"}`))))
	require.Equal(t, []string{}, faults(o.Value(out, []byte(`{"id":"x"}`))))
	require.Equal(t, []string{"body /key writeOnly"}, faults(o.Value(out, []byte(`{"key":"x","id":"y"}`))))
	require.Equal(t, []string{"body /id required"}, faults(o.Value("/components/schemas/S", []byte(`{"key":"x"}`))))
	require.Equal(t, []string{}, faults(o.Value("/components/schemas/S", []byte(`{"key":"x","id":"y"}`))))
}

// TestConcurrent is for the race detector: every judge is made and used by many
// at once, with good and bad messages.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.3", "3.1.0"} {
		o, err := New([]byte(strings.Replace(strings.ReplaceAll(serviceDocument, ", nullable: true", ""), "3.0.3", version, 1)))
		require.NoError(t, err)
		var wait sync.WaitGroup
		for i := range 16 {
			wait.Go(func() {
				r := serviceRequest()
				good := o.Request(r, serviceTarget)
				bad := o.Request(r, "/groups/zz/services?wrapped=5")
				value := o.Value(fmt.Sprintf("/components/schemas/%s", []string{"Service", "Wrapped", "Error"}[i%3]), []byte(`{}`))
				created := o.Response(r, serviceTarget, withBody(201, `{"id":5,"status":"NEW","names":[]}`))
				refused := o.Response(r, serviceTarget, withBody(404, `{"error":404,"reason":"Not Found"}`))
				if len(good.Problems)+len(refused.Problems) != 0 || bad.OK() || value.OK() || created.OK() {
					t.Errorf("%s: %v %v %v %v %v", version, good, bad, value, created, refused)
				}
			})
		}
		wait.Wait()
	}
}

// TestRecursive: a document may lead back to itself.
func TestRecursive(t *testing.T) {
	t.Parallel()
	document := `{"openapi":"3.0.3","paths":{"/t":{"get":{"responses":{"200":{"description":"","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Tree"}}}}}}}},
		"components":{"schemas":{"Tree":{"type":"object","required":["v"],"properties":{"v":{"type":"integer"},"kids":{"type":"array","items":{"$ref":"#/components/schemas/Tree"}}}}}}}`
	o, err := New([]byte(document))
	require.NoError(t, err)
	body := `{"v":"x"}`
	for range 100 {
		body = `{"v":1,"kids":[` + body + `]}`
	}
	result := o.Response(nil, "/t", withBody(200, body))
	require.Equal(t, []string{"body " + strings.Repeat("/kids/0", 100) + "/v type"}, faults(result))
	require.Len(t, result.Problems[0].By, 3)
}

func TestJSONRules(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][]string{
		`{"a":[1,{"b":null}],"c":"\u00e9\"\\\/\b\f\n\r\t"}`: {},
		`-0.5e+10`:                  {},
		`"\ud83d\ude00"`:            {},
		``:                          {"body  empty-body"},
		" \n":                       {"body  empty-body"},
		`{"a":1,}`:                  {"body  syntax"},
		`[1 2]`:                     {"body  syntax"},
		`tru`:                       {"body  syntax"},
		`"\x"`:                      {"body  syntax"},
		`"\u12"`:                    {"body  syntax"},
		`-`:                         {"body  syntax"},
		`1.`:                        {"body  syntax"},
		`.5`:                        {"body  syntax"},
		`NaN`:                       {"body  syntax"},
		`{} {}`:                     {"body  trailing-data"},
		"\"\xc3\x28\"":              {"body  utf-8"},
		"{\"\xff\":1}":              {"body  utf-8"},
		`["\udc00"]`:                {"body /0 surrogate"},
		`["\ud800\u0041"]`:          {"body /0 surrogate"},
		`{"a":{"b":1,"b":2,"b":3}}`: {"body /a/b duplicate-key", "body /a/b duplicate-key"},
		`{"a":1,"\u0061":2}`:        {"body /a duplicate-key"},
		strings.Repeat("[", 512) + strings.Repeat("]", 512): {},
	} {
		require.Equal(t, want, faults(Result{Problems: JSON([]byte(body))}), "%q", body)
	}
	deep := JSON([]byte(strings.Repeat("[", 100_000)))
	require.Len(t, deep, 1)
	require.Equal(t, "depth", deep[0].Keyword)
	syntax := JSON([]byte(`{"a" 1}`))
	require.Equal(t, "not JSON: '1' instead of ':' at byte 5", syntax[0].Message)
	require.Equal(t, []string{Strict}, syntax[0].By)
}

// FuzzJSON compares the reader's values with those of
// encoding/json.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5e3,"x\u00e9",null,true]}`, `"\ud83d\ude00"`, `[[[]]]`, `01`, `{"a":1,"a":2}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, claims := readJSON(body)
		clean := true // by the grammar, whatever else is wrong
		for _, c := range claims {
			clean = clean && class(c.keyword) != ruleSyntax
			if c.keyword == ruleDepth {
				return
			}
		}
		require.Equal(t, json.Valid(body), clean, "%q: %+v", body, claims)
		if clean {
			decoder := json.NewDecoder(strings.NewReader(string(body)))
			decoder.UseNumber()
			var want any
			require.NoError(t, decoder.Decode(&want))
			require.Equal(t, want, got)
		}
	})
}

// FuzzResponse: no body of a target brings any judge to fall, and what is said
// of it fits a line.
func FuzzResponse(f *testing.F) {
	for _, seed := range []string{`{"id":"5f7cac1adf5d6c6306f4b284","status":"NEW","names":[]}`, `{"status":201,"content":{}}`, `null`, ``, `[1e400]`, `{"a":"\ud800"}`} {
		f.Add([]byte(seed))
	}
	o, err := New([]byte(serviceDocument))
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, status := range []int{201, 400} {
			result := o.Response(nil, serviceTarget, withBody(status, string(body)))
			require.Empty(t, result.Unable)
			for _, p := range result.Problems {
				require.NotEmpty(t, p.By)
				require.NotContains(t, p.Message, "\n")
				require.Less(t, len(p.Message), 1000)
			}
		}
	})
}
