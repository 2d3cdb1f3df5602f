package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
)

// told is the text report of verdicts.
func told(t *testing.T, o Options, verdicts ...*Verdict) string {
	t.Helper()
	var out bytes.Buffer
	r := newText(&out, o)
	require.NoError(t, r.Header(header()))
	for _, v := range verdicts {
		require.NoError(t, r.Verdict(v))
	}
	require.NoError(t, r.End(nil, &Footer{Counts: Counts{Broken: len(verdicts)}, Exit: 1}))
	return out.String()
}

// With --quiet a case is one line that says what is wrong, as wide as it may be,
// and what was told often is counted.
func TestQuietSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	long := &Verdict{ID: "a/b/c", Outcome: contract.Broken, Findings: []Finding{
		{Finding: finding("S1", contract.Recorded, strings.Repeat("wrong ", 40), "/a", "aa")},
		{Finding: finding("S2", contract.Recorded, "other", "/b", "bb")},
	}}
	out := told(t, Options{Quiet: true, Width: 80}, long, long, long, long, long, long, long)
	require.Contains(t, out, "broken   a/b/c  body S1 (and 1 more): wrong wrong ")
	require.Equal(t, often, strings.Count(out, "broken   a/b/c"))
	require.Contains(t, out, "… and 2 cases with nothing but the same")
	line, _, _ := strings.Cut(out, "\n")
	require.Len(t, []rune(line), 80)
	require.True(t, strings.HasSuffix(line, "…"))

	far := &Verdict{ID: strings.Repeat("id/", 40), Outcome: contract.Broken, Findings: long.Findings}
	require.Contains(t, told(t, Options{Quiet: true, Width: 80}, far), far.ID+"  body S1 (and 1 more): wrong")
}

// A known failure is told with what is wrong, each check and each reason once.
func TestKnownIsToldOnce(t *testing.T) {
	t.Parallel()
	none, why := "", "regions are not validated yet"
	with := func(check, message string, reason *string) Finding {
		f := Finding{Finding: finding("S1", contract.Recorded, message, "/a", message), Known: reason}
		f.Check = check
		return f
	}
	v := &Verdict{ID: "a/b/c", Outcome: contract.Broken, Known: true, Findings: []Finding{
		with("body", "first is missing", &none), with("body", "second is missing", &none), with("body", "third is missing", &none), with("outcome", "accepted", &none),
	}}
	out := told(t, Options{}, v)
	require.Contains(t, out, "known    a/b/c\n  body: first is missing (and 2 more)\n  outcome: accepted\n    known     no reason is written down\n")
	require.Equal(t, 1, strings.Count(out, "no reason is written down"))

	v.Known, v.Findings[3].Known = false, nil
	v.Findings = append(v.Findings, with("echo", "differs", &why))
	out = told(t, Options{}, v)
	require.Contains(t, out, "  outcome: accepted [accepted]\n")
	require.Contains(t, out, "  body: first is missing (and 2 more)\n    known     no reason is written down\n  echo: differs\n    known     regions are not validated yet\n")
}

// Polls that got the same are told once, and the exchange that a finding is
// about is marked.
func TestPollsAreFolded(t *testing.T) {
	t.Parallel()
	r := &Recorder{Contract: pets(t), All: true}
	poll := func(body string) *contract.Exchange {
		e := exchange("showPet", 200, body)
		e.Request.Method = "GET"
		return e
	}
	v := contract.Verdict{Case: &contract.Case{ID: "a/b/c"}, Outcome: contract.Broken, Exchanges: []*contract.Exchange{exchange("createPet", 201, `{"id":1}`)}}
	for range 13 {
		v.Exchanges = append(v.Exchanges, poll(`{"status":"IN"}`))
	}
	v.Exchanges = append(v.Exchanges, poll(`{"status":"AWAY"}`))
	for range 3 { // each creation is one of its own, whatever it got
		v.Exchanges = append(v.Exchanges, exchange("createPet", 409, "{}"))
	}
	f := finding("S1", contract.Recorded, "the value is none of those allowed", "/status", "0123456789abcdef")
	f.Exchange, f.Step = 15, "showPet"
	v.Findings = []contract.Finding{f}
	out := told(t, Options{Verbose: true}, r.Verdict(v))
	require.Equal(t, 1, strings.Count(out, "(asked 13 times, each time with this reply; the last:)"))
	require.Equal(t, 1, strings.Count(out, `< {"status":"IN"}`))
	require.Equal(t, 4, strings.Count(out, "> POST "))
	mark := strings.Index(out, "    # body is about this exchange: the value is none of those allowed [01234567]\n")
	require.Greater(t, mark, strings.Index(out, `< {"status":"IN"}`))
	require.Less(t, mark, strings.LastIndex(out, `< {"status":"AWAY"}`))
	require.Equal(t, 1, strings.Count(out, "# body is about"))

	shown := exchangeOf(r.Verdict(v), Finding{Finding: f})
	require.Contains(t, *shown.Response.Text, "AWAY")
	f.Exchange = 99
	require.NotNil(t, exchangeOf(r.Verdict(v), Finding{Finding: f}))
}

// Each finding of a case shows the exchange that it is about.
func TestEachFindingShowsItsExchange(t *testing.T) {
	t.Parallel()
	r := &Recorder{Contract: pets(t)}
	v := contract.Verdict{Case: &contract.Case{ID: "a/b/c"}, Outcome: contract.Broken}
	for i, id := range []string{"p1", "p2"} {
		e := exchange("showPet", 404, `{"detail":"no `+id+`"}`)
		v.Exchanges = append(v.Exchanges, e)
		f := finding("S1", contract.Recorded, "it is not there, as "+[]string{"shown", "listed"}[i], "", id)
		f.Step, f.Exchange = "showPet", i+1
		v.Findings = append(v.Findings, f)
	}
	out := told(t, Options{}, r.Verdict(v))
	require.Equal(t, 2, strings.Count(out, "    came      404"))
	require.Contains(t, out, "no p1")
	require.Contains(t, out, "no p2")
}

// An object that lacks a member is shown in full, in rows that fit.
func TestMarkShowsTheWholeObject(t *testing.T) {
	t.Parallel()
	object := `{"id":"6b0cdc928c67eb736a00000f","interfaceEndpoints":[],"status":"INITIATING"}`
	x, ok := mark(`{"envelope":`+object+`,"status":201}`, "/envelope/endpointServiceName")
	require.True(t, ok)
	require.Equal(t, object, x.marked)
	var text, line strings.Builder
	for row, under := range x.rows(40) {
		require.LessOrEqual(t, len([]rune(row)), 40)
		require.LessOrEqual(t, len([]rune(under)), len([]rune(row)))
		text.WriteString(row)
		line.WriteString(under)
	}
	require.Equal(t, `{"envelope":`+object+`,"status":201}`, text.String())
	require.Equal(t, len(object), strings.Count(line.String(), "^"))
}
