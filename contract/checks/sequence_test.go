package checks

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// sequence is a case of several exchanges, and what a check must say of them.
// Each line of the exchanges is
//
//	operation depot id[:stamp] [body] = status [body]
//
// where a body begins with a brace, and the word WRAP asks for an envelope. The
// exchanges follow each other by a second each.
type sequence struct {
	name, check string
	exchanges   string
	until       *contract.Until // of the step "getParcel"
	copies      int             // of the step "sendParcel"
	finds       bool
	statement   string
	evidence    contract.Evidence
}

const (
	packed = `{"id":"p1","street":"a","number":null,"state":"packed"}`
	sent   = `{"id":"p1","street":"a","number":"7","state":"sent"}`
)

func sequences() []sequence {
	born := "sendParcel d1 - {\"street\":\"a\"} = 201 " + packed + "\n"
	second := "sendParcel d1 - {\"street\":\"a\"} = 201 " + `{"id":"p2","street":"a","number":null,"state":"packed"}` + "\n"
	gone := "takeParcel d1 p1 = 204\ngetParcel d1 p1 = 404 {}\n"
	const stamped = "stampParcel d1 p1 = 201 {\"stamp\":\"z1\"}\n"
	lists := func(stamps string) string {
		return "getParcel d1 p1 = 200 " + strings.TrimSuffix(sent, "}") + `,"stamps":[` + stamps + "]}\n"
	}
	detached := "takeStamp d1 p1:z1 = 204\n"
	noStamp := "getStamp d1 p1:z1 = 404 {}\n"
	return []sequence{
		{name: "lists its stamp", check: "read-back", exchanges: born + lists("") + stamped + lists(`"z1"`) + detached + lists(`"z1"`) + noStamp + lists("")},
		{name: "does not list its stamp", check: "read-back", exchanges: born + lists("") + stamped + lists(""), finds: true, statement: "W1"},
		{name: "lists its stamp twice", check: "read-back", exchanges: born + lists("") + stamped + lists(`"z1","z1"`), finds: true, statement: "W1"},
		{name: "lists another stamp", check: "read-back", exchanges: born + lists("") + stamped + lists(`"z2"`), finds: true, statement: "W1"},
		{name: "lists a stamp that is gone", check: "read-back", exchanges: born + lists("") + stamped + lists(`"z1"`) + detached + noStamp + lists(`"z1"`), finds: true, statement: "W1"},
		{name: "stamped once sent", check: "lifecycle", exchanges: born + lists("") + stamped + lists(`"z1"`)},
		{name: "stamped when it may have been sent", check: "lifecycle", exchanges: born + stamped + lists(`"z1"`)},
		{name: "refused before it was sent", check: "lifecycle", exchanges: born + "stampParcel d1 p1 = 409 {}\ngetParcel d1 p1 = 200 " + packed},
		{name: "stamped before it was sent", check: "lifecycle", exchanges: born + stamped + "getParcel d1 p1 = 200 " + packed, finds: true, statement: "W2"},
		{name: "stamped once it was off", check: "lifecycle", exchanges: born + lists("") + "takeParcel d1 p1 = 204\ngetParcel d1 p1 = 200 {\"id\":\"p1\",\"state\":\"off\"}\n" + stamped, finds: true, statement: "W2"},

		{name: "as it should be", check: "lifecycle", exchanges: born + "getParcel d1 p1 = 200 " + sent + "\ntakeParcel d1 p1 = 204\ngetParcel d1 p1 = 404 {}"},
		{name: "a state may be missed", check: "lifecycle", exchanges: born + "takeParcel d1 p1 = 204\ngetParcel d1 p1 = 200 " + `{"id":"p1","state":"off"}`},
		{name: "begins ready", check: "lifecycle", exchanges: "sendParcel d1 - {\"street\":\"a\"} = 201 " + sent, finds: true, statement: "S1"},
		{name: "ready without its number", check: "lifecycle", exchanges: born + `getParcel d1 p1 = 200 {"id":"p1","number":"","state":"sent"}`, finds: true, statement: "S2"},
		{name: "a number too early", check: "lifecycle", exchanges: `sendParcel d1 - {"street":"a"} = 201 {"id":"p1","number":"7","state":"packed"}`, finds: true, statement: "S1"},
		{name: "goes back", check: "lifecycle", exchanges: born + "getParcel d1 p1 = 200 " + sent + "\ngetParcel d1 p1 = 200 " + packed, finds: true, statement: "S3"},
		{name: "goes back in the list", check: "lifecycle", exchanges: born + "getParcel d1 p1 = 200 " + sent + "\nlistParcels d1 - = 200 [" + packed + "]", finds: true, statement: "S3"},
		{name: "ends by itself", check: "lifecycle", exchanges: born + `getParcel d1 p1 = 200 {"id":"p1","state":"off"}`, finds: true, statement: "S3"},
		{name: "stays after its removal", check: "lifecycle", exchanges: born + "takeParcel d1 p1 = 204\ngetParcel d1 p1 = 200 " + packed, finds: true, statement: "S4"},

		{name: "keeps its number", check: "immutable", exchanges: born + "getParcel d1 p1 = 200 " + sent + "\ngetParcel d1 p1 = 200 " + sent},
		{name: "another number", check: "immutable", exchanges: born + "getParcel d1 p1 = 200 " + sent + "\nlistParcels d1 - = 200 [" + strings.ReplaceAll(sent, "7", "8") + "]", finds: true, statement: "I1"},
		{name: "loses its number", check: "immutable", exchanges: "getParcel d1 p1 = 200 " + sent + "\ngetParcel d1 p1 = 200 " + strings.ReplaceAll(sent, `"7"`, "null"), finds: true, statement: "I1"},
		{name: "an id again", check: "immutable", exchanges: born + gone + born, finds: true, statement: "I2"},
		{name: "another one than asked for", check: "immutable", exchanges: "getParcel d1 p2 = 200 " + sent, finds: true, statement: "R1"},

		{name: "agree", check: "read-back", exchanges: born + "getParcel d1 p1 = 200 " + packed + "\nlistParcels d1 - = 200 [" + packed + "]\n" + gone + "listParcels d1 - = 200 []"},
		{name: "another depot's list", check: "read-back", exchanges: born + "listParcels d2 - = 200 []"},
		{name: "not listed", check: "read-back", exchanges: born + "listParcels d1 - = 200 []", finds: true, statement: "R1"},
		{name: "not there", check: "read-back", exchanges: born + "getParcel d1 p1 = 404 {}", finds: true, statement: "R1"},
		{name: "listed otherwise", check: "read-back", exchanges: born + "listParcels d1 - = 200 [" + strings.ReplaceAll(packed, `"a"`, `"b"`) + "]", finds: true, statement: "R1"},
		{name: "not what was sent", check: "read-back", exchanges: `sendParcel d1 - {"street":"a"} = 201 {"id":"p1","street":"z","number":null,"state":"packed"}`, finds: true, statement: "R1"},

		{name: "stays away", check: "gone", exchanges: born + gone + "getParcel d1 p1 = 404 {}\nlistParcels d1 - = 200 []"},
		{name: "comes back", check: "gone", exchanges: born + gone + "getParcel d1 p1 = 200 " + packed, finds: true, statement: "S4"},
		{name: "still listed", check: "gone", exchanges: born + gone + "listParcels d1 - = 200 [" + packed + "]", finds: true, statement: "S4"},

		{name: "came", check: "awaited", until: &contract.Until{Pointer: "/state", Values: []string{"sent"}}, exchanges: born + "getParcel d1 p1 = 200 " + packed + "\ngetParcel d1 p1 = 200 " + sent},
		{name: "did not come", check: "awaited", until: &contract.Until{Statuses: []int{404}}, exchanges: born + "takeParcel d1 p1 = 204\ngetParcel d1 p1 = 200 " + packed, finds: true, statement: "S4", evidence: contract.Assumed},
		{name: "stays, as it was not removed", check: "awaited", until: &contract.Until{Statuses: []int{404}}, exchanges: born + "takeParcel d1 p1 = 409 {}\ngetParcel d1 p1 = 200 " + packed},
		{name: "stays, as another one was removed", check: "awaited", until: &contract.Until{Statuses: []int{404}}, exchanges: born + "takeParcel d1 p2 = 204\ngetParcel d1 p1 = 200 " + packed},

		{name: "one after the other", check: "unique", exchanges: born + gone + second},
		{name: "elsewhere", check: "unique", exchanges: born + strings.ReplaceAll(second, `"street":"a"}`, `"street":"b"}`)},
		{name: "two at once", check: "unique", exchanges: born + second, finds: true, statement: "U1"},
		{name: "one of several", check: "unique", copies: 3, exchanges: born + "sendParcel d1 - {\"street\":\"a\"} = 409 {}\nsendParcel d1 - {\"street\":\"a\"} = 409 {}"},
		{name: "one of several fails otherwise", check: "unique", copies: 2, exchanges: born + "sendParcel d1 - {\"street\":\"a\"} = 400 {}", finds: true, statement: "U1"},

		{name: "not seen from elsewhere", check: "isolation", exchanges: born + "getParcel d2 p1 = 404 {}\nlistParcels d2 - = 200 []"},
		{name: "seen from elsewhere", check: "isolation", exchanges: born + "getParcel d2 p1 = 200 " + packed, finds: true, statement: "T1", evidence: contract.Assumed},
		{name: "listed elsewhere", check: "isolation", exchanges: born + "listParcels d2 - = 200 [" + packed + "]", finds: true, statement: "T1"},

		{name: "code of its status", check: "known-value", exchanges: `getParcel d1 p1 = 404 {"code":"NONE","status":404}`},
		{name: "a code that nobody knows", check: "known-value", exchanges: `getParcel d1 p1 = 404 {"code":"NEW","status":404}`},
		{name: "code of another status", check: "known-value", exchanges: `getParcel d1 p1 = 404 {"code":"TWICE","status":404}`, finds: true, statement: "K1"},

		{name: "a plain error", check: "internals", exchanges: `getParcel d1 p1 = 404 {"detail":"no parcel p1 in depot d1; see https://parcels.test/help/a.html"}`},
		{name: "a stack trace", check: "internals", exchanges: `getParcel d1 p1 = 404 {"detail":"at com.parcels.Store.find(Store.java:12)"}`, finds: true, evidence: contract.Assumed},

		{name: "the same, wrapped", check: "relation", exchanges: "getParcel d1 p1 = 200 " + sent + "\ngetParcel d1 p1 WRAP = 200 {\"code\":200,\"content\":" + sent + "}\ngetParcel d1 p1 = 200 " + sent},
		{name: "another one, wrapped", check: "relation", exchanges: "getParcel d1 p1 = 200 " + sent + "\ngetParcel d1 p1 WRAP = 200 {\"code\":200,\"content\":" + packed + "}\ngetParcel d1 p1 = 200 " + sent, finds: true, statement: "F1"},
		{name: "in another order, wrapped", check: "relation", exchanges: `getParcel d1 p1 = 200 {"l":[1,2]}` + "\n" + `getParcel d1 p1 WRAP = 200 {"code":200,"content":{"l":[2,1]}}` + "\n" + `getParcel d1 p1 = 200 {"l":[1,2]}`, finds: true, statement: "F1"},
		{name: "changed meanwhile", check: "relation", exchanges: "getParcel d1 p1 = 200 " + packed + "\ngetParcel d1 p1 WRAP = 200 {\"code\":200,\"content\":" + packed + "}\ngetParcel d1 p1 = 200 " + sent},

		{name: "Allow", check: "allow", exchanges: "getParcel d1 p1 = 405 {} Allow:DELETE,PUT"},
		{name: "no Allow", check: "allow", exchanges: "getParcel d1 p1 = 405 {}", finds: true, statement: "H1"},
		{name: "Allow has it", check: "allow", exchanges: "getParcel d1 p1 = 405 {} Allow:GET", finds: true, statement: "H1"},

		{name: "a problem", check: "problem", exchanges: `getParcel d1 p1 = 404 {"status":404,"title":"no"} Content-Type:application/problem+json`},
		{name: "a problem of another status", check: "problem", exchanges: `getParcel d1 p1 = 404 {"status":400} Content-Type:application/problem+json`, finds: true},
		{name: "a problem with a number for its title", check: "problem", exchanges: `getParcel d1 p1 = 404 {"title":7} Content-Type:application/problem+json`, finds: true},

		{name: "leads there", check: "location", exchanges: strings.TrimSpace(born) + " Location:/api/depots/d1/parcels/p1"},
		{name: "leads there, relative", check: "location", exchanges: strings.TrimSpace(born) + " Location:parcels/p1"},
		{name: "leads elsewhere", check: "location", exchanges: strings.TrimSpace(born) + " Location:/api/depots/d1/parcels/p9", finds: true, evidence: contract.Assumed},
	}
}

func TestChecksAcrossExchanges(t *testing.T) {
	t.Parallel()
	c, err := spec.Load(spec.Source{Name: "testdata/parcels.yaml"})
	require.NoError(t, err)
	for _, q := range sequences() {
		t.Run(q.check+"/"+q.name, func(t *testing.T) {
			t.Parallel()
			findings := q.findings(t, c)
			if !q.finds {
				require.Empty(t, findings)
				return
			}
			require.NotEmpty(t, findings)
			require.Equal(t, q.statement, findings[0].Statement)
			require.NotEmpty(t, findings[0].Message)
			if q.evidence != "" {
				require.Equal(t, q.evidence, findings[0].Evidence)
			}
		})
	}
}

func (q sequence) findings(t *testing.T, c *spec.Contract) []contract.Finding {
	t.Helper()
	var exchanges []*contract.Exchange
	for i, line := range strings.Split(strings.TrimSpace(q.exchanges), "\n") {
		exchanges = append(exchanges, q.exchange(t, c, i, line))
	}
	one := &contract.Case{ID: "x", Expect: contract.Any, Steps: []contract.Step{
		{Name: "sendParcel", Operation: "sendParcel", Copies: q.copies}, {Name: "getParcel", Operation: "getParcel", Until: q.until},
	}}
	return NewJudge(c, "/api", named(t, q.check)).Judge(one, exchanges).Findings
}

// exchange reads one line.
func (q sequence) exchange(t *testing.T, c *spec.Contract, i int, line string) *contract.Exchange {
	t.Helper()
	asked, answered, ok := strings.Cut(line, " = ")
	require.True(t, ok, line)
	words := strings.Fields(asked)
	op := c.Operation(words[0])
	require.NotNil(t, op, words[0])
	id, stamp, _ := strings.Cut(words[2], ":")
	path := strings.NewReplacer("{depot}", words[1], "{id}", id, "{stamp}", stamp).Replace(op.Path)
	e := &contract.Exchange{
		Step: op.ID, Operation: op.ID, Params: map[string]string{"depot": words[1], "id": id, "stamp": stamp},
		Request: contract.Request{Method: op.Method, URL: "http://parcels.test/api" + path},
		Start:   time.Unix(int64(i), 0), Elapsed: time.Millisecond,
	}
	if len(words) > 3 && words[3] == "WRAP" {
		e.Request.URL += "?wrap=true"
	} else if len(words) > 3 {
		e.Request.Body = []byte(words[3])
	}
	reply := strings.Fields(answered)
	e.Response = &contract.Response{Header: http.Header{"Content-Type": {"application/json"}}}
	_, err := fmt.Sscan(reply[0], &e.Response.Status)
	require.NoError(t, err)
	body := strings.TrimSpace(strings.TrimPrefix(answered, reply[0]))
	if last := reply[len(reply)-1]; len(reply) > 1 && strings.Contains(last, ":") && !strings.HasSuffix(last, "}") && !strings.HasSuffix(last, "]") {
		body = strings.TrimSpace(strings.TrimSuffix(body, last))
		name, value, _ := strings.Cut(last, ":")
		e.Response.Header.Set(name, value)
	}
	e.Response.Body = []byte(body)
	return e
}
