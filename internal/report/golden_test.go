package report

import (
	"bytes"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/coverage"
	"github.com/atlas-contract/conformance/internal/spec"
)

var update = flag.Bool("update", false, "write the golden files anew")

const document = `
openapi: 3.0.3
info: { title: Pets, version: "1" }
x-conformance:
  statements:
    - { id: S1, evidence: recorded, text: "A pet has an id and a status, which is IN, OUT or GONE.", source: "the page of show" }
    - { id: S2, evidence: documented, text: "A pet that is created is IN and stays so for a while, however long the sentence is that says it and must be wrapped.", source: "the page of create" }
    - { id: S3, evidence: assumed, text: "A reply says when it came.", source: natural reading }
    - { id: S4, evidence: documented, text: "Only an owner creates pets.", source: "the page of roles" }
    - { id: S5, evidence: client, text: "Nobody tests this.", source: a client }
paths: {}
`

func pets(t *testing.T) *spec.Contract {
	t.Helper()
	c, err := spec.Load(spec.Source{Name: "pets.yaml", Data: []byte(document)})
	require.NoError(t, err)
	return c
}

func header() *Header {
	return &Header{
		Tool: "conformance", Version: "test", Started: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC), Command: "run",
		Contract: Contract{Title: "Pets", Version: "1", Name: "pets.yaml", Digest: "00"}, Profile: "documented",
		Target: "http://127.0.0.1:8080/api", Seed: 1, Configuration: map[string]any{"concurrency": 8},
		Repeat: &Repeat{
			Run:     "conformance run http://127.0.0.1:8080/api --spec pets.yaml --user me --param owner=somebody-with-a-long-name",
			Explain: "conformance explain --spec pets.yaml",
		},
	}
}

func exchange(step string, status int, body string) *contract.Exchange {
	return &contract.Exchange{
		Step: step, Operation: step, Elapsed: 3250 * time.Microsecond,
		Request: contract.Request{
			Method: "POST", URL: "http://127.0.0.1:8080/api/pets?api_key=s3cret-key&pretty=true",
			Header: http.Header{"Authorization": {`Digest username="me", response="5ec2e7"`}, "Content-Type": {"application/json"}},
			Body:   []byte(`{"name":"Rex","note":"s3cret-key"}`),
		},
		Response: &contract.Response{
			Status: status, Reason: http.StatusText(status), Body: []byte(body),
			Header: http.Header{"Content-Type": {"application/json"}, "Set-Cookie": {"session=1"}},
		},
		Challenge: &contract.Exchange{Response: &contract.Response{
			Status: 401, Header: http.Header{"Www-Authenticate": {`Digest realm="pets", nonce="n"`}},
		}},
	}
}

func finding(statement string, e contract.Evidence, message, pointer, fingerprint string) contract.Finding {
	return contract.Finding{
		Check: "body", Statement: statement, Evidence: e, Message: message, Place: "body", Pointer: pointer, Step: "createPet",
		Expected: `one of "IN", "OUT", "GONE"`, Got: `"AWAY"`, Fingerprint: fingerprint,
	}
}

// verdicts are those of a run in which something of everything happens.
func verdicts() []contract.Verdict {
	status := finding("S1", contract.Recorded, "the value is none of those allowed", "/status", "aa")
	hostile := "{\"id\":1,\"status\":\"AWAY\",\"note\":\"s3cret-key \x1b[2J\u202egnp\u202c \x9b1m\"}"
	long := strings.Repeat("long ", 200)
	return []contract.Verdict{
		{
			Case:    &contract.Case{ID: "createPet/example/dog", Operation: "createPet", Kind: "example", Expect: contract.Accepted, Statements: []string{"S2"}},
			Outcome: contract.Kept, Exchanges: []*contract.Exchange{exchange("createPet", 201, `{"id":1}`)}, Tested: []string{"S1", "S2"},
		},
		{
			Case:    &contract.Case{ID: "createPet/example/cat", Operation: "createPet", Kind: "example", Expect: contract.Accepted, Statements: []string{"S2"}},
			Outcome: contract.Broken, Findings: []contract.Finding{status, {
				Check: "status", Evidence: contract.Documented, Message: "the status is not declared", Place: "status",
				Expected: "201 Created", Got: "200 OK", Fingerprint: "bb", Step: "createPet",
			}},
			Exchanges: []*contract.Exchange{exchange("createPet", 200, hostile), exchange("showPet", 404, "")}, Tested: []string{"S1", "S2"},
		},
		{
			Case:    &contract.Case{ID: "createPet/example/fish", Operation: "createPet", Kind: "example", Expect: contract.Accepted},
			Outcome: contract.Broken, Findings: []contract.Finding{status, status, status},
			Exchanges: []*contract.Exchange{exchange("createPet", 201, `[]`)}, Tested: []string{"S1"},
		},
		{
			Case:    &contract.Case{ID: "createPet/example/\x1b[31mcow", Operation: "createPet", Kind: "example"},
			Outcome: contract.Warned, Findings: []contract.Finding{finding("S3", contract.Assumed, "no date "+long, "", "cc")},
			Exchanges: []*contract.Exchange{{Step: "createPet", Request: contract.Request{Method: "GET", URL: "http://x/\x07"}, Failure: "the target closed the connection"}},
		},
		{
			Case:    &contract.Case{ID: "createPet/example/reader", Operation: "createPet", Kind: "example", Statements: []string{"S4"}},
			Outcome: contract.Skipped, Reason: `needs the credential "reader"`,
		},
		{
			Case:    &contract.Case{ID: "createPet/example/late", Operation: "createPet", Kind: "example"},
			Outcome: contract.Unsent, Reason: "connection refused",
		},
	}
}

// render runs all verdicts through a renderer of the format.
func render(t *testing.T, format string, o Options) []byte {
	t.Helper()
	var out bytes.Buffer
	r, err := New(format, &out, o)
	require.NoError(t, err)
	c := pets(t)
	recorder := &Recorder{Contract: c, All: o.Verbose, Repeat: header().Repeat, Curl: &Curl{}, Redact: func(s string) string { return strings.ReplaceAll(s, "s3cret-key", hidden) }}
	tally := NewTally(c)
	require.NoError(t, r.Header(header()))
	for _, v := range verdicts() {
		record := recorder.Verdict(v)
		tally.Add(record)
		require.NoError(t, r.Verdict(record))
	}
	f := &Footer{Counts: tally.Counts, Exit: tally.Counts.Exit(false), Millis: 1234.5, Coverage: covered()}
	require.NoError(t, r.End(tally.Statements(), f))
	return out.Bytes()
}

// covered is what those verdicts may have met of a larger document.
func covered() *coverage.Summary {
	return &coverage.Summary{
		Level: 2, Percent: 62.5, Covered: 5, Total: 8,
		Criteria: []coverage.Count{
			{Name: coverage.Paths, Level: 1, Covered: 1, Total: 1, Met: []string{"/pets"}},
			{Name: coverage.Operations, Level: 2, Covered: 1, Total: 1, Met: []string{"createPet"}},
			{Name: coverage.ResponseMedia, Level: 3, Covered: 1, Total: 2, Met: []string{"createPet 201 application/json"}},
			{Name: coverage.ParameterValues, Level: 5, Covered: 1, Total: 2, Met: []string{`Kind = "cat"`}},
			{Name: coverage.ResponseProperties, Level: 6, Covered: 1, Total: 2, Met: []string{"Pet/id"}},
		},
		Missed: []coverage.Missed{
			{Criterion: coverage.ResponseMedia, Item: "createPet 400 application/json", Why: "no reply came that could have it"},
			{Criterion: coverage.ParameterValues, Item: "Kind = \"\x1b[31m<b>`|\"", Why: "only skipped cases have it"},
			{Criterion: coverage.ResponseProperties, Item: "Pet/owner", Why: "not in 2 objects", Unseen: true},
		},
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, got, 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "run the test with -update to write the golden file")
	require.Equal(t, string(want), string(got))
}

func TestGolden(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		format string
		o      Options
	}{
		"text.golden":         {"text", Options{}},
		"text-narrow.golden":  {"text", Options{Width: 80}},
		"text-quiet.golden":   {"text", Options{Quiet: true}},
		"text-verbose.golden": {"text", Options{Verbose: true}},
		"text-color.golden":   {"text", Options{Color: true}},
		"jsonl.golden":        {"jsonl", Options{}},
		"jsonl-all.golden":    {"jsonl", Options{Verbose: true}},
		"junit.golden":        {"junit", Options{}},
		"sarif.golden":        {"sarif", Options{}},
		"markdown.golden":     {"markdown", Options{}},
		"github.golden":       {"github", Options{}},
		"ctrf.golden":         {"ctrf", Options{}},
		"html.golden":         {"html", Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, name, render(t, c.format, c.o))
		})
	}
}

func TestWhatIsLeftIsInEveryReport(t *testing.T) {
	t.Parallel()
	left := []Left{
		{Method: "DELETE", URL: "http://x/pets/\x1b[31m1", Case: "createPet/example/a", Why: "status 500", Command: "conformance cleanup a.ledger"},
		{Method: "DELETE", URL: "http://x/pets/2", Case: "createPet/example/b", Why: "its reply was lost", Perhaps: true, Command: "curl --request DELETE http://x/pets/2"},
	}
	for name, want := range map[string][]string{
		"text": {
			"left on the target: 2 things\n", "  left     DELETE http://x/pets/\\u{1b}[31m1, by createPet/example/a: status 500\n",
			"  perhaps  DELETE http://x/pets/2,", "  to remove: conformance cleanup a.ledger\n", "  to remove: curl --request DELETE http://x/pets/2\n",
			"exit 1, something was left on the target\n",
		},
		"jsonl": {`"left":[{"method":"DELETE","url":"http://x/pets/`, `"why":"its reply was lost","perhaps":true,"command":"curl --request DELETE http://x/pets/2"}]`},
	} {
		for _, quiet := range []bool{false, true} {
			var out bytes.Buffer
			r, err := New(name, &out, Options{Quiet: quiet, Width: 100})
			require.NoError(t, err)
			require.NoError(t, r.Header(header()))
			require.NoError(t, r.End(nil, &Footer{Counts: Counts{Kept: 1}, Exit: ExitBroken, Left: left}))
			for _, text := range want {
				require.Contains(t, out.String(), text)
			}
		}
	}
}
