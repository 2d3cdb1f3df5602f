package checks

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// replay is one exchange in the text of HTTP, and what a check must say of it.
type replay struct {
	check     string
	request   string // METHOD target, then the body on the next line
	response  string // "status", header lines, empty line, body; "" for none
	finds     bool
	statement string
	pointer   string
	expect    contract.Expect
	statuses  []int
	example   string
	recorded  bool
}

const (
	created = "201\nContent-Type: application/json\nLocation: /shelves/abc\n\n"
	failed  = "400\nContent-Type: application/json\n\n"
	open    = "POST /shelves\n" + `{"kind":"open","label":"a"}`
	good    = `{"id":"abc","kind":"open","planks":0,"label":"a"}`
)

func replays() []replay {
	return []replay{
		{check: "answered", request: open, response: "", finds: true, statement: "N1"},
		{check: "answered", request: open, response: created + good},
		{check: "no-server-error", request: open, response: "503\n\n", finds: true, statement: "N1"},
		{check: "no-server-error", request: open, response: failed + `{"status":400}`},
		{check: "outcome", request: open, response: failed + `{"status":400}`, expect: contract.Accepted, finds: true},
		{check: "outcome", request: open, response: created + good, expect: contract.Rejected, finds: true},
		{check: "outcome", request: open, response: created + good, expect: contract.Accepted},
		{check: "outcome", request: open, response: "303\n\n", expect: contract.Accepted},
		{check: "outcome", request: open, response: "304\n\n", expect: contract.Accepted, finds: true},
		{check: "outcome", request: open, response: failed + `{"status":400}`, statuses: []int{409}, finds: true},
		{check: "outcome", request: open, response: failed + `{"status":400}`, expect: contract.Rejected},
		{check: "documented-status", request: open, response: "202\n\n", finds: true},
		{check: "documented-status", request: open, response: created + good},
		{check: "media-type", request: open, response: "201\nContent-Type: text/html\nLocation: /shelves/abc\n\n" + good, finds: true, pointer: "Content-Type"},
		{check: "media-type", request: open, response: "201\nContent-Type: application/json; charset=utf-8\nLocation: /shelves/abc\n\n" + good},
		{check: "charset", request: open, response: typed("application/json; charset=iso-8859-1", good), finds: true, pointer: "Content-Type"},
		{check: "charset", request: open, response: typed("application/problem+json; charset=\"latin1\"", `{"label":"é"}`), finds: true, pointer: "Content-Type"},
		{check: "charset", request: open, response: typed("application/json; charset=us-ascii", `{"label":"é"}`), finds: true, pointer: "Content-Type"},
		{check: "charset", request: open, response: "202\nContent-Type: application/json\n\n" + "{\"label\":\"\xe9\"}", finds: true},
		{check: "charset", request: open, response: typed("application/json", "{\"label\":\"\xe9\"}")}, // the body's to report
		{check: "charset", request: open, response: typed("text/plain; charset=utf-9", "a"), finds: true, pointer: "Content-Type"},
		{check: "charset", request: open, response: typed("text/plain; charset=utf-8", "\xe9"), finds: true},
		{check: "charset", request: open, response: typed("text/csv; charset=US-ASCII", "é"), finds: true},
		{check: "charset", request: open, response: typed("text/csv; charset=ascii", "é")}, // browsers read more in it
		{check: "charset", request: open, response: typed("application/json", good)},
		{check: "charset", request: open, response: typed("application/json;charset=UTF-8", `{"label":"é"}`)},
		{check: "charset", request: open, response: typed(`Application/JSON ; Charset="Utf-8"`, `{"label":"é"}`)},
		{check: "charset", request: open, response: typed("application/json; charset=utf8", `{"label":"é"}`)},
		{check: "charset", request: open, response: typed("application/json; charset=us-ascii", good)},
		{check: "charset", request: open, response: typed("application/json; charset", good)},
		{check: "charset", request: open, response: typed("text/plain", "\xe9")},
		{check: "charset", request: open, response: typed("text/plain; charset=ISO-8859-1", "\xe9")},
		{check: "charset", request: open, response: typed("text/plain; charset=windows-1252", "\xe9")},
		{check: "charset", request: open, response: typed("text/plain; charset=KOI7-switched", "\xe9")},
		{check: "charset", request: open, response: typed("text/plain; charset=\"UTF-8\"", "é")},
		{check: "charset", request: open, response: typed("text/plain; charset=utf-8\nContent-Encoding: gzip", "\x1f\x8b")},
		{check: "charset", request: open, response: typed("text/plain; charset=utf-8", "\xe9"), recorded: true}, // a recorder may have read it
		{check: "charset", request: open, response: typed("application/octet-stream; charset=utf-9", "\xe9")},
		{check: "charset", request: open, response: "303\nContent-Type: application/json; charset=utf-16\n\n"},
		{check: "headers", request: open, response: "201\nContent-Type: application/json\n\n" + good, finds: true, pointer: "Location"},
		{check: "headers", request: open, response: created + good},
		{check: "body", request: open, response: created + `{"id":"abc","kind":"open"}`, finds: true, statement: "R1", pointer: "/planks"},
		{check: "body", request: open, response: created + `{"id":7,"kind":"open","planks":0}`, finds: true, statement: "R1", pointer: "/id"},
		{check: "body", request: open, response: created + `{"id":"abc","id":"abc","kind":"open","planks":0}`, finds: true, pointer: "/id"},
		{check: "body", request: open, response: created + good},
		{check: "computed", request: open, response: failed + `{"status":404}`, finds: true, statement: "R3", pointer: "/status"},
		{check: "computed", request: open, response: failed + `{"status":400}`},
		{check: "envelope", request: "POST /shelves?wrap=true\n{}", response: created + good, finds: true, statement: "W1"},
		{check: "envelope", request: "POST /shelves?wrap=true\n{}", response: created + `{"code":200,"content":` + good + `}`, finds: true, pointer: "/code"},
		{check: "envelope", request: "POST /shelves?wrap=true\n{}", response: created + `{"code":201,"content":{},"envelope":{}}`, finds: true},
		{check: "envelope", request: open, response: created + `{"code":201,"content":` + good + `}`, finds: true, pointer: "/content"},
		{check: "envelope", request: "POST /shelves?wrap=true\n{}", response: created + `{"code":201,"envelope":` + good + `}`},
		{check: "envelope", request: open, response: created + good},
		{check: "envelope", request: "POST /shelves?wrap=\n{}", response: created + `{"code":201,"envelope":` + good + `}`},
		{check: "envelope", request: "POST /shelves?wrap=1\n{}", response: created + good},
		{check: "envelope", request: "POST /shelves?wrap=false&wrap=true\n{}", response: created + `{"code":201,"envelope":` + good + `}`},
		{check: "formatting", request: "POST /shelves?nice\n{}", response: created + "{\n\"id\":\"a\"}"},
		{check: "formatting", request: "POST /shelves?nice=TRUE\n{}", response: created + good},
		{check: "formatting", request: "POST /shelves?nice=true\n{}", response: created + good, finds: true, statement: "W2"},
		{check: "formatting", request: open, response: created + "{\n}", finds: true},
		{check: "formatting", request: "POST /shelves?nice=true\n{}", response: created + "{\n\"id\":\"a\"}"},
		{check: "formatting", request: open, response: created + good},
		{check: "selected-schema", request: open, response: created + `{"id":"abc","kind":"shut","lock":"x"}`, finds: true, statement: "R1", pointer: "/kind"},
		{check: "selected-schema", request: open, response: created + good},
		{check: "echo", request: open, response: created + `{"id":"abc","kind":"open","planks":0,"label":"b"}`, finds: true, statement: "R2", pointer: "/label"},
		{check: "echo", request: open, response: created + good},
		{check: "example", request: open, response: created + `{"id":"abc","kind":"open","planks":3}`, example: "open", finds: true, pointer: "/planks"},
		{check: "example", request: open, response: created + good, example: "open"},
		{check: "undocumented-request", request: "POST /shelves\n" + `{"kind":"ajar","label":"a"}`, response: created + good, recorded: true, finds: true, pointer: "/kind"},
		{check: "undocumented-request", request: open, response: created + good, recorded: true},
		{check: "body", request: "POST /shelves\n" + `{"kind":"ajar","label":"a"}`, response: created + `{"id":"abc","kind":"ajar"}`, recorded: true},
	}
}

// typed is a reply of a media type.
func typed(media, body string) string {
	return "201\nContent-Type: " + media + "\nLocation: /shelves/abc\n\n" + body
}

func TestEveryCheckFiresAndIsSilent(t *testing.T) {
	t.Parallel()
	fires, silent := map[string]bool{}, map[string]bool{}
	for _, r := range replays() {
		t.Run(r.check+" "+r.response, func(t *testing.T) {
			findings := judge(t, r)
			if !r.finds {
				require.Empty(t, findings)
				return
			}
			require.NotEmpty(t, findings)
			if r.statement != "" {
				require.Equal(t, r.statement, findings[0].Statement)
			}
			require.Equal(t, r.pointer, findings[0].Pointer)
			require.NotEmpty(t, findings[0].Message)
			require.NotEmpty(t, findings[0].Fingerprint)
		})
		fires[r.check] = fires[r.check] || r.finds
		silent[r.check] = silent[r.check] || !r.finds
	}
	for _, r := range trials() { // of credentials, whose cases have steps
		fires[r.check] = fires[r.check] || r.finds != ""
		silent[r.check] = silent[r.check] || r.finds == ""
	}
	for _, q := range conditions() {
		fires["conditional"] = fires["conditional"] || q.finds != ""
		silent["conditional"] = silent["conditional"] || q.finds == ""
	}
	for _, q := range sequences() {
		fires[q.check] = fires[q.check] || q.finds
		silent[q.check] = silent[q.check] || !q.finds
	}
	for _, check := range All() {
		require.True(t, fires[check.Name], "no replay on which %s fires", check.Name)
		require.True(t, silent[check.Name], "no replay on which %s is silent", check.Name)
		require.NotEmpty(t, check.Doc)
	}
}

// named is the one check of that name.
func named(t *testing.T, name string) []Check {
	t.Helper()
	list := slices.DeleteFunc(All(), func(check Check) bool { return check.Name != name })
	require.Len(t, list, 1)
	return list
}

// judge returns what the one check of the replay finds.
func judge(t *testing.T, r replay) []contract.Finding {
	t.Helper()
	c, err := spec.Load(spec.Source{Name: "testdata/shelves.yaml"})
	require.NoError(t, err)
	expect := r.expect
	if expect == "" {
		expect = contract.Any
	}
	v := NewJudge(c, "/api", named(t, r.check)).Judge(
		&contract.Case{ID: "x", Operation: "createShelf", Expect: expect, Statuses: r.statuses, Example: r.example},
		[]*contract.Exchange{exchange(t, r)})
	return v.Findings
}

func exchange(t *testing.T, r replay) *contract.Exchange {
	t.Helper()
	line, body, _ := strings.Cut(r.request, "\n")
	method, target, _ := strings.Cut(line, " ")
	e := &contract.Exchange{Operation: "createShelf", Request: contract.Request{
		Method: method, URL: "http://shelves.test/api" + target, Body: []byte(body),
		Header: http.Header{"Content-Type": {"application/json"}},
	}}
	e.Recorded = r.recorded
	if r.response == "" {
		e.Failure = "connection reset before the reply"
		return e
	}
	head, content, _ := strings.Cut(r.response, "\n\n")
	text := "HTTP/1.1 " + strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n"
	response, err := http.ReadResponse(bufio.NewReader(strings.NewReader(strings.Replace(text, "\r\n", " x\r\n", 1))), nil)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	e.Response = &contract.Response{Status: response.StatusCode, Header: response.Header, Body: bytes.Clone([]byte(content))}
	return e
}
