package coverage

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

const document = `
openapi: 3.0.3
info: { title: Pets, version: "1" }
security: [ { key: [] } ]
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
  schemas:
    Pet:
      type: object
      required: [id, kind]
      properties:
        id: { type: integer, readOnly: true }
        kind: { $ref: '#/components/schemas/Kind' }
        name: { type: string, minLength: 1, maxLength: 3, pattern: '^[a-z]*$', nullable: true }
        tags: { type: array, maxItems: 2, items: { type: string } }
        parent: { $ref: '#/components/schemas/Pet' }
        secret: { type: string, writeOnly: true }
        more: { type: object, additionalProperties: { type: boolean } }
    Kind: { type: string, enum: [cat, dog] }
    Error: { type: object, properties: { code: { type: string } } }
    Note: { type: object, required: [text], properties: { text: { type: string } } }
    Alarm: { type: object, required: [loud], properties: { loud: { type: boolean } } }
paths:
  /pets:
    get:
      operationId: list
      parameters:
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 9, exclusiveMaximum: true } }
        - { name: deep, in: query, required: true, schema: { type: boolean } }
        - { name: kinds, in: query, explode: false, schema: { type: array, items: { $ref: '#/components/schemas/Kind' } } }
        - { name: X-Trace, in: header, schema: { type: string } }
      responses:
        "200":
          description: ""
          headers: { X-Total: { schema: { type: integer } }, X-Next: { schema: { type: string } } }
          content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Pet' } } } }
        "401": { description: "" }
        4XX: { description: "", content: { application/problem+json: { schema: { $ref: '#/components/schemas/Error' } } } }
    post:
      operationId: create
      requestBody:
        required: true
        content:
          application/json: { schema: { $ref: '#/components/schemas/Pet' } }
          application/x-www-form-urlencoded: { schema: { $ref: '#/components/schemas/Pet' } }
      responses:
        "201":
          description: ""
          content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } }
          links: { show: { operationId: show, parameters: { id: '$response.body#/id' } } }
        default: { description: "" }
  /pets/{id}:
    get:
      operationId: show
      parameters: [ { name: id, in: path, required: true, schema: { type: integer } } ]
      responses:
        "200":
          description: ""
          content:
            application/json: { schema: { oneOf: [ { $ref: '#/components/schemas/Note' }, { $ref: '#/components/schemas/Alarm' } ] } }
`

func pets(t testing.TB) *spec.Contract {
	t.Helper()
	c, err := spec.Load(spec.Source{Name: "pets.yaml", Data: []byte(document)})
	require.NoError(t, err)
	return c
}

func sent(operation, method, url, body string) *contract.Exchange {
	x := &contract.Exchange{Step: operation, Operation: operation, Request: contract.Request{Method: method, URL: "http://h" + url, Header: http.Header{}}}
	if body != "" {
		x.Request.Body = []byte(body)
		x.Request.Header.Set("Content-Type", "application/json")
	}
	return x
}

func answered(x *contract.Exchange, status int, media, body string) *contract.Exchange {
	x.Response = &contract.Response{Status: status, Header: http.Header{"Content-Type": {media}}, Body: []byte(body)}
	return x
}

func verdict(list ...*contract.Exchange) *contract.Verdict {
	return &contract.Verdict{Case: &contract.Case{}, Outcome: contract.Kept, Exchanges: list}
}

func summary(t *testing.T, verdicts ...*contract.Verdict) *Summary {
	t.Helper()
	c := New(pets(t))
	for _, v := range verdicts {
		c.Add(v)
	}
	return c.Summary()
}

// hits are the items of a criterion that were met.
func (s *Summary) hits(c Criterion) []string {
	i := slices.IndexFunc(s.Criteria, func(one Count) bool { return one.Name == c })
	return s.Criteria[i].Met
}

// whyNot is why an item was not met, "" where it was.
func (s *Summary) whyNot(c Criterion, name string) string {
	for _, m := range s.Missed {
		if m.Criterion == c && m.Item == name {
			return m.Why
		}
	}
	return ""
}

func TestNothingIsMetAtFirst(t *testing.T) {
	t.Parallel()
	s := summary(t)
	require.Zero(t, s.Level)
	require.Zero(t, s.Covered)
	require.Zero(t, s.Percent)
	require.Len(t, s.Missed, s.Total)
	require.Empty(t, s.Unseen(), "no reply came, so nothing passed")
	totals := map[Criterion]int{}
	for _, c := range s.Criteria {
		totals[c.Name] = c.Total
	}
	require.Equal(t, map[Criterion]int{
		Paths: 2, Operations: 3, RequestMedia: 2, ResponseMedia: 4, Parameters: 12, StatusClasses: 4, ParameterValues: 8, Statuses: 6,
		ResponseProperties: 10, Flows: 1, Bounds: 10, Keywords: 17, ResponseValues: 12, ResponseHeaders: 2,
	}, totals)
}

func TestRequests(t *testing.T) {
	t.Parallel()
	reply := func(x *contract.Exchange) *Summary { return summary(t, verdict(answered(x, 204, "", ""))) }
	for name, c := range map[string]struct {
		x         *contract.Exchange
		criterion Criterion
		want      []string
	}{
		"the operation":           {sent("list", "GET", "/pets", ""), Operations, []string{"list"}},
		"the path":                {sent("list", "GET", "/pets", ""), Paths, []string{"/pets"}},
		"another method":          {sent("list", "PUT", "/pets?limit=1", ""), Parameters, []string{}},
		"no operation":            {sent("", "GET", "/pets", ""), Paths, []string{}},
		"parameters":              {sent("list", "GET", "/pets?limit=3", ""), Parameters, []string{"list query.limit"}},
		"the lower bound":         {sent("list", "GET", "/pets?limit=1", ""), Bounds, []string{"list query.limit minimum 1, kept"}},
		"below it":                {sent("list", "GET", "/pets?limit=0", ""), Bounds, []string{"list query.limit minimum 1, broken"}},
		"below an open bound":     {sent("list", "GET", "/pets?limit=8", ""), Bounds, []string{"list query.limit maximum 9, kept"}},
		"an open bound":           {sent("list", "GET", "/pets?limit=9", ""), Bounds, []string{"list query.limit maximum 9, broken"}},
		"within":                  {sent("list", "GET", "/pets?limit=5", ""), Bounds, []string{}},
		"no number":               {sent("list", "GET", "/pets?limit=x", ""), Keywords, []string{"list query.deep required", "list query.limit type"}},
		"a boolean":               {sent("list", "GET", "/pets?deep=false", ""), ParameterValues, []string{"list query.deep = false"}},
		"an array":                {sent("list", "GET", "/pets?kinds=cat,dog", ""), ParameterValues, []string{`list query.kinds/* = "cat"`, `list query.kinds/* = "dog"`}},
		"a value in a path":       {sent("show", "GET", "/pets/1", ""), Parameters, []string{"show path.id"}},
		"a body":                  {sent("create", "POST", "/pets", `{"kind":"cat","parent":{"name":"a"}}`), Parameters, []string{"Pet/kind", "Pet/name", "Pet/parent", "create body"}},
		"values in a body":        {sent("create", "POST", "/pets", `{"kind":"cat"}`), ParameterValues, []string{`Kind = "cat"`}},
		"lengths":                 {sent("create", "POST", "/pets", `{"kind":"cat","name":"äöü","tags":["a","b","c"]}`), Bounds, []string{"Pet/name maxLength 3, kept", "Pet/tags maxItems 2, broken"}},
		"no body":                 {sent("create", "POST", "/pets", ""), Keywords, []string{"create body required"}},
		"a member that is absent": {sent("create", "POST", "/pets", `{"name":"a"}`), Keywords, []string{"Pet/kind required"}},
		"a value not listed":      {sent("create", "POST", "/pets", `{"kind":"cow","name":7}`), Keywords, []string{"Kind enum", "Pet/name type"}},
		"a media type":            {sent("create", "POST", "/pets", `{}`), RequestMedia, []string{"create application/json"}},
		"a broken body":           {sent("create", "POST", "/pets", `{`), RequestMedia, []string{"create application/json"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, reply(c.x).hits(c.criterion))
		})
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	x := sent("create", "POST", "/pets", "kind=dog&name=ab")
	x.Request.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	s := summary(t, verdict(answered(x, 204, "", "")))
	require.Equal(t, []string{"create application/x-www-form-urlencoded"}, s.hits(RequestMedia))
	require.Equal(t, []string{`Kind = "dog"`}, s.hits(ParameterValues))
}

func TestReplies(t *testing.T) {
	t.Parallel()
	list := answered(sent("list", "GET", "/pets", ""), 200, "application/json", `[{"id":1,"kind":"cat","name":null,"tags":[],"secret":"x","more":{"a":true}}]`)
	list.Response.Header.Set("X-Total", "1")
	s := summary(t, verdict(list))
	require.Equal(t, []string{"list 200"}, s.hits(Statuses))
	require.Equal(t, []string{"list 2XX"}, s.hits(StatusClasses))
	require.Equal(t, []string{"list 200 application/json"}, s.hits(ResponseMedia))
	require.Equal(t, []string{"list 200 X-Total"}, s.hits(ResponseHeaders))
	require.Equal(t, []string{"Pet/id", "Pet/kind", "Pet/more", "Pet/more/*", "Pet/name", "Pet/tags"}, s.hits(ResponseProperties))
	require.Equal(t, []string{`Kind = "cat"`, "Pet/more/* = true", "Pet/name null", "list 200 not empty"}, s.hits(ResponseValues))

	unseen := map[string]string{}
	for _, m := range s.Unseen() {
		unseen[m.Item] = m.Why
	}
	require.Equal(t, map[string]string{
		"list 401": "not in 1 replies of the operation", "list 4XX": "not in 1 replies of the operation",
		"list 200 X-Next": "not in 1 replies of that status", "Pet/parent": "not in 1 objects",
		`Kind = "dog"`: "not in 1 values", "Pet/more/* = false": "not in 1 values", "Pet/name not null": "not in 1 values", "Pet/tags not empty": "not in 1 values",
	}, unseen)
	require.Equal(t, "no reply came that could have it", s.whyNot(ResponseMedia, "create 201 application/json"))
}

func TestRepliesThatAreOther(t *testing.T) {
	t.Parallel()
	list := func(status int, media, body string) *Summary {
		return summary(t, verdict(answered(sent("list", "GET", "/pets", ""), status, media, body)))
	}
	require.Equal(t, []string{"list 4XX"}, list(404, "", "").hits(Statuses), "a range")
	require.Empty(t, list(302, "", "").hits(Statuses), "not declared")
	require.Equal(t, []string{"Error/code"}, list(404, "Application/Problem+JSON; a=b", `{"code":""}`).hits(ResponseProperties))
	require.Empty(t, list(404, "text/html", `{"code":""}`).hits(ResponseMedia), "another media type")
	require.Empty(t, list(200, "application/json", `[{"id"`).hits(ResponseProperties), "no JSON")
	require.Equal(t, []string{"create default"}, summary(t, verdict(answered(sent("create", "POST", "/pets", ""), 500, "", ""))).hits(Statuses))
}

func TestAlternatives(t *testing.T) {
	t.Parallel()
	show := func(body string) []string {
		return summary(t, verdict(answered(sent("show", "GET", "/pets/1", ""), 200, "application/json", body))).hits(ResponseValues)
	}
	require.Equal(t, []string{"show 200 oneOf 0 (Note)"}, show(`{"text":""}`))
	require.Equal(t, []string{"Alarm/loud = true", "show 200 oneOf 1 (Alarm)"}, show(`{"loud":true}`))
	require.Empty(t, show(`{"text":1}`))
}

func TestFlows(t *testing.T) {
	t.Parallel()
	create := func() *contract.Exchange {
		return answered(sent("create", "POST", "/pets", `{"kind":"cat"}`), 201, "application/json", `{"id":7,"kind":"cat"}`)
	}
	show := func(id string, recorded bool) *contract.Exchange {
		x := answered(sent("show", "GET", "/pets/"+id, ""), 200, "application/json", `{}`)
		x.Params, x.Recorded = map[string]string{"id": id}, recorded
		return x
	}
	followed := []string{"create → show"}
	require.Equal(t, followed, summary(t, verdict(create(), show("7", false))).hits(Flows))
	require.Empty(t, summary(t, verdict(create(), show("8", false))).hits(Flows), "another one")
	require.Empty(t, summary(t, verdict(show("7", false), create())).hits(Flows), "the other way round")
	require.Empty(t, summary(t, verdict(create()), verdict(show("7", false))).hits(Flows), "in another case")
	require.Equal(t, followed, summary(t, verdict(create()), verdict(show("7", true))).hits(Flows), "a recording has no cases")
}

func TestWhy(t *testing.T) {
	t.Parallel()
	step := contract.Step{Name: "list", Operation: "list", Request: sent("list", "GET", "/pets?limit=3", "").Request}
	broken := &contract.Case{Steps: []contract.Step{step}, Breaks: &contract.Break{In: "query", Pointer: "limit", Keyword: "type"}, Statuses: []int{404}}
	of := func(v *contract.Verdict) func(Criterion, string) string { return summary(t, v).whyNot }

	why := of(&contract.Verdict{Case: broken, Outcome: contract.Skipped})
	require.Equal(t, "only skipped cases have it", why(Parameters, "list query.limit"))
	require.Equal(t, "only skipped cases have it", why(Keywords, "list query.limit type"))
	require.Equal(t, "only skipped cases have it", why(Statuses, "list 4XX"))
	require.Equal(t, "no case sends it", why(Parameters, "list query.kinds"))
	require.Equal(t, "no case breaks it", why(Keywords, "Kind enum"))

	why = of(&contract.Verdict{Case: broken, Outcome: contract.Unsent, Exchanges: []*contract.Exchange{sent("list", "GET", "/pets?limit=3", "")}})
	require.Equal(t, "the target never answered it", why(Parameters, "list query.limit"))
	require.Equal(t, "the target never answered it", why(Keywords, "list query.limit type"))

	why = of(verdict(answered(sent("list", "GET", "/pets?limit=3", ""), 401, "", "")))
	require.Equal(t, "only requests without the right credentials have it", why(Parameters, "list query.limit"))
	require.Empty(t, why(Statuses, "list 401"))

	why = of(&contract.Verdict{Case: broken, Outcome: contract.Kept, Exchanges: []*contract.Exchange{answered(sent("list", "GET", "/pets?limit=3", ""), 404, "", "")}})
	require.Empty(t, why(Keywords, "list query.limit type"))
}

func TestJoin(t *testing.T) {
	t.Parallel()
	list := verdict(answered(sent("list", "GET", "/pets?deep=true", ""), 200, "application/json", `[{"id":1,"kind":"cat"}]`))
	show := verdict(answered(sent("show", "GET", "/pets/1", ""), 200, "application/json", `{"text":""}`))
	skipped := &contract.Verdict{Case: &contract.Case{Steps: []contract.Step{{Operation: "create", Request: sent("create", "POST", "/pets", `{"name":"abc"}`).Request}}}, Outcome: contract.Skipped}

	whole := summary(t, list, show, skipped)
	parts := Join(summary(t, list), summary(t, show), summary(t, skipped))
	require.Equal(t, whole, parts)
	require.Equal(t, whole, Join(whole, whole))
	require.Equal(t, 1, Join(whole).Level)

	text, err := json.Marshal(whole)
	require.NoError(t, err)
	again := &Summary{}
	require.NoError(t, json.Unmarshal(text, again))
	require.Equal(t, whole, again)
}

func TestLevels(t *testing.T) {
	t.Parallel()
	full := func(level int) *Summary {
		s := &Summary{}
		for _, r := range rules() {
			c := Count{Name: r.criterion, Level: r.level, Covered: 3, Total: 3}
			if r.level > level {
				c.Covered = 1
			}
			s.Criteria = append(s.Criteria, c)
		}
		s.total()
		return s
	}
	for level := range TopLevel + 1 {
		require.Equal(t, level, full(level).Level)
	}
	s := full(3)
	s.Least = 90
	require.True(t, s.Short())
	require.Equal(t, "level 4 needs all parameters (1 of 3) and all status classes (1 of 3)", s.Next())
	require.Equal(t, "coverage is 71.4 % of all items (30 of 42), less than the 90 % of --min-coverage; level 3 of 7 is reached, "+s.Next()+
		"; the least met is parameters: 1 of 3, 33.3 %", s.Sentence())
	s.Least = 71.4
	require.False(t, s.Short())
	require.Empty(t, full(7).Next())
	require.Equal(t, 99.9, Percent(9999, 10000), "only the whole is 100")
	require.False(t, (*Summary)(nil).Short())
}
