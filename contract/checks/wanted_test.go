package checks

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// What a finding expects is said in words that need neither the validators'
// keywords nor the code to be read.
func TestExpectedIsWhatIsWanted(t *testing.T) {
	t.Parallel()
	reply := func(body string) string { return created + body }
	for _, r := range []struct {
		check, response string
		place, expected string
		got             string
	}{
		{"documented-status", "202\n\n", "status", "201 Created or 303 See Other or 400 Bad Request", "202 Accepted"},
		{"media-type", "201\nContent-Type: text/html; a=b\nLocation: /shelves/abc\n\n" + good, "header", "application/json", "text/html; a=b"},
		{"headers", "201\nContent-Type: application/json\n\n" + good, "header", "a header Location: a string (required by /paths/~1shelves/post/responses/201/headers/Location)", "none"},
		{"headers", "201\nContent-Type: application/json\nLocation: here\n\n" + good, "header", "a text that matches ^/shelves/ (pattern in /paths/~1shelves/post/responses/201/headers/Location/schema)", "here"},
		{"body", reply(`{"id":"abc","kind":"open"}`), "body", `a member "planks": an integer (required by /components/schemas/Open)`, "nothing"},
		{"body", reply(`{"id":7,"kind":"open","planks":0}`), "body", "a string (type in /components/schemas/Open/properties/id)", "7"},
		{"body", reply(`{"id":"a","id":"abc","kind":"open","planks":0}`), "body", "each member once", `"abc"`},
		{"body", reply(`{"id":"abc"`), "body", "a JSON value (RFC 8259)", `{"id":"abc"`},
	} {
		findings := judge(t, replay{check: r.check, request: open, response: r.response})
		require.NotEmpty(t, findings, r.response)
		require.Equal(t, r.place, findings[0].Place, r.response)
		require.Equal(t, r.expected, findings[0].Expected, r.response)
		require.Equal(t, r.got, findings[0].Got, r.response)
	}
}

// No expectation of any replay is a bare word of the validators.
func TestNoExpectationIsAKeyword(t *testing.T) {
	t.Parallel()
	keywords := []string{"undeclared", "required", "enum", "type", "pattern", "duplicate-key", "syntax", "const", "status", "media"}
	for _, r := range replays() {
		for _, f := range judge(t, r) {
			require.NotContains(t, keywords, f.Expected, r.response)
			require.NotContains(t, []string{"media"}, f.Place, r.response)
			require.False(t, strings.HasPrefix(f.Expected, "required, which"), f.Expected)
		}
	}
}

// A member that is missing breaks what is promised of its object, not of its
// form.
func TestMissingMemberCitesItsObject(t *testing.T) {
	t.Parallel()
	c, err := spec.Load(spec.Source{Name: "m.yaml", Data: []byte(`
openapi: 3.0.3
info: { title: Shelves, version: "1" }
x-conformance:
  statements:
    - { id: F1, evidence: recorded, text: A label that is set is long., source: s }
    - { id: P1, evidence: recorded, text: All members are there., source: s }
paths:
  /shelves:
    get:
      operationId: showShelf
      responses:
        "200":
          description: one
          content:
            application/json:
              schema:
                type: object
                required: [label]
                x-conformance: { statements: [P1] }
                properties: { label: { type: string, nullable: true, x-conformance: { statements: [F1] } } }
`)})
	require.NoError(t, err)
	for body, want := range map[string]string{`{}`: "P1", `{"label":1}`: "F1"} {
		e := exchange(t, replay{request: "GET /shelves\n", response: "200\nContent-Type: application/json\n\n" + body})
		e.Operation = "showShelf"
		v := NewJudge(c, "/api", named(t, "body")).Judge(&contract.Case{ID: "x", Operation: "showShelf", Expect: contract.Any}, []*contract.Exchange{e})
		require.Len(t, v.Findings, 1, body)
		require.Equal(t, want, v.Findings[0].Statement, body)
		require.Equal(t, 1, v.Findings[0].Exchange)
	}
}

// What is missing is named in what came, and is the same fault whichever thing
// it is.
func TestMissingThings(t *testing.T) {
	t.Parallel()
	c, err := spec.Load(spec.Source{Name: "testdata/parcels.yaml"})
	require.NoError(t, err)
	born := func(id string) string {
		return "sendParcel d1 - {\"street\":\"a\"} = 201 " + strings.ReplaceAll(packed, "p1", id) + "\n"
	}
	find := func(check, exchanges string, copies int) []contract.Finding {
		return sequence{check: check, exchanges: exchanges, copies: copies}.findings(t, c)
	}
	for _, one := range []struct{ reply, place, got string }{
		{"getParcel d1 ID = 404 {}", "status", "404 Not Found for ID"},
		{"listParcels d1 - = 200 []", "body", "an empty list, without ID"},
		{"listParcels d1 - = 200 [" + strings.ReplaceAll(packed, "p1", "p9") + "]", "body", "a list of 1 without ID"},
	} {
		first := find("read-back", born("p1")+strings.ReplaceAll(one.reply, "ID", "p1"), 0)
		second := find("read-back", born("p2")+strings.ReplaceAll(one.reply, "ID", "p2"), 0)
		require.Len(t, first, 1, one.reply)
		require.Len(t, second, 1, one.reply)
		require.Equal(t, strings.ReplaceAll(one.got, "ID", "p1"), first[0].Got)
		require.Equal(t, one.place, first[0].Place)
		require.NotContains(t, first[0].Expected, "p1")
		require.Equal(t, first[0].Fingerprint, second[0].Fingerprint)
		require.Equal(t, 2, first[0].Exchange)
	}
	back := func(id string) []contract.Finding {
		there := "getParcel d1 ID = 200 " + packed + "\n"
		return find("gone", strings.ReplaceAll(strings.ReplaceAll(born("p1")+"takeParcel d1 ID = 204\ngetParcel d1 ID = 404 {}\n"+there, "ID", "p1"), "p1", id), 0)
	}
	require.Len(t, back("p1"), 1)
	require.Contains(t, back("p1")[0].Expected, "p1")
	require.Equal(t, back("p1")[0].Fingerprint, back("p2")[0].Fingerprint)

	twins := find("unique", born("p1")+born("p2"), 2)
	require.NotEmpty(t, twins)
	require.Equal(t, "409 Conflict", twins[0].Expected)
}

// Of what one case shows the cause comes first: that two things were made before
// that one of them is not there, and what breaks the case before what warns.
func TestTheWorstComesFirst(t *testing.T) {
	t.Parallel()
	c, err := spec.Load(spec.Source{Name: "testdata/parcels.yaml"})
	require.NoError(t, err)
	q := sequence{exchanges: "sendParcel d1 - {\"street\":\"a\"} = 201 " + packed + "\n" +
		"sendParcel d1 - {\"street\":\"a\"} = 201 " + strings.ReplaceAll(packed, "p1", "p2") + " Location:/elsewhere\n" + "getParcel d1 p1 = 404 {}"}
	var exchanges []*contract.Exchange
	for i, line := range strings.Split(q.exchanges, "\n") {
		exchanges = append(exchanges, q.exchange(t, c, i, line))
	}
	findings := NewJudge(c, "/api", All()).Judge(&contract.Case{ID: "x", Expect: contract.Any}, exchanges).Findings
	first := func(check string) int {
		for i, f := range findings {
			if f.Check == check {
				return i
			}
		}
		return -1
	}
	require.GreaterOrEqual(t, first("unique"), 0)
	require.Greater(t, first("read-back"), first("unique"))
	require.Greater(t, first("location"), first("read-back"))
	warned := false
	for _, f := range findings {
		require.False(t, warned && f.Evidence != contract.Assumed, "%v", findings)
		warned = warned || f.Evidence == contract.Assumed
	}
	require.True(t, warned)
}

// A wrong answer is to get 401, whatever else fits; and what has no name is not
// named.
func TestWordsOfRefusals(t *testing.T) {
	t.Parallel()
	require.Equal(t, "401 Unauthorized or 400 Bad Request", anyOf(refusals([]int{400, 401})))
	require.Equal(t, "403 Forbidden", anyOf(refusals([]int{403})))
	require.Equal(t, " (unknown, in the path)", because(&contract.Case{Breaks: &contract.Break{In: "path", Keyword: "unknown"}}))
	require.Equal(t, " (required of body /a)", because(&contract.Case{Breaks: &contract.Break{In: "body", Keyword: "required", Pointer: "/a"}}))
	require.Equal(t, "404 Not Found or 410 Gone", awaitedState(&contract.Until{Statuses: []int{404, 410}}))
	require.Equal(t, "A or B", awaitedState(&contract.Until{Pointer: "/s", Values: []string{"A", "B"}}))
}
