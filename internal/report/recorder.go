package report

import (
	"encoding/base64"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

const (
	// maxBody is how many bytes of a body a record keeps.
	maxBody = 64 << 10
	// maxText is how many characters of any other text a record keeps.
	maxText = 4 << 10
)

// Recorder turns the verdicts of a run into records, without secrets and
// bounded in size.
type Recorder struct {
	// Contract gives the words of the statements.
	Contract *spec.Contract
	// Redact replaces the secrets that are known; nil knows none. Headers that
	// carry credentials are left out in any case.
	Redact func(string) string
	// All keeps the exchanges of every case, not only of those with something
	// wrong.
	All bool
	// Repeat is how the run is asked again, nil where it is not, and Curl how curl
	// asks its target, nil where that ends with the run.
	Repeat *Repeat
	Curl   *Curl
}

// Verdict is the record of a verdict.
func (r *Recorder) Verdict(v contract.Verdict) *Verdict {
	out := &Verdict{
		Type: typeVerdict, ID: v.Case.ID, Outcome: v.Outcome, Operation: v.Case.Operation, Kind: v.Case.Kind,
		Expect: v.Case.Expect, Reason: r.text(v.Reason, maxText), Findings: []Finding{},
		Tested: v.Tested, Statements: v.Case.Statements,
	}
	for _, f := range v.Findings {
		out.Findings = append(out.Findings, r.finding(f))
	}
	if op := r.Contract.Operation(v.Case.Operation); op != nil {
		out.File, out.Line = op.Node.File(), op.Node.Line()
	}
	var took time.Duration
	for _, e := range v.Exchanges {
		took += e.Elapsed
		if r.All || wrong(v.Outcome) {
			out.Exchanges = append(out.Exchanges, r.exchange(e))
		}
	}
	out.Millis = millis(took)
	out.Again = r.again(&v, out)
	return out
}

// wrong tells whether a reader wants to see what went over the wire.
func wrong(o contract.Outcome) bool {
	return o == contract.Broken || o == contract.Warned || o == contract.Unsent
}

func (r *Recorder) finding(f contract.Finding) Finding {
	for _, text := range []*string{&f.Message, &f.Expected, &f.Got, &f.Pointer} {
		*text = r.text(*text, maxText)
	}
	out := Finding{Finding: f}
	if s, ok := r.Contract.Statement(f.Statement); ok {
		out.Promise, out.Source = s.Text, s.Source
	}
	return out
}

func (r *Recorder) exchange(e *contract.Exchange) Exchange {
	out := Exchange{
		Step: e.Step, Operation: e.Operation, Failure: r.text(e.Failure, maxText), Millis: millis(e.Elapsed), Repeats: e.Repeats,
		Request: r.Request(e.Request),
	}
	if e.Response != nil {
		out.Response = &Response{
			Status: e.Response.Status, Reason: r.text(e.Response.Reason, maxText),
			Headers: r.headers(e.Response.Header), Body: r.body(e.Response.Body, e.Response.Truncated),
		}
	}
	if e.Challenge != nil {
		out.Challenge = &Challenge{Status: e.Challenge.Final().Status}
		for _, asked := range e.Challenge.Final().Header.Values("WWW-Authenticate") {
			out.Challenge.Asked = append(out.Challenge.Asked, r.text(asked, maxText))
		}
	}
	return out
}

// Request is the record of a request.
func (r *Recorder) Request(q contract.Request) Request {
	return Request{
		Method: r.text(q.Method, maxText), URL: r.url(q.URL),
		Headers: r.headers(q.Header), Body: r.body(q.Body, false),
	}
}

// body takes the secrets out first and cuts then, or half a secret could stay.
func (r *Recorder) body(b []byte, cut bool) Body {
	if b == nil {
		return Body{Truncated: cut}
	}
	out := Body{Size: len(b), Truncated: cut}
	text := r.redact(string(b))
	if len(text) > maxBody {
		text, out.Truncated = head(text), true
	}
	if !utf8.ValidString(text) {
		text, out.Encoding = base64.StdEncoding.EncodeToString([]byte(text)), "base64"
	}
	out.Text = &text
	return out
}

// head is the beginning of a text, cut between two characters.
func head(text string) string {
	text = text[:maxBody]
	for n := 1; n < utf8.UTFMax && n < len(text); n++ {
		if utf8.RuneStart(text[len(text)-n]) {
			if r, size := utf8.DecodeRuneInString(text[len(text)-n:]); r == utf8.RuneError && size <= 1 {
				return text[:len(text)-n]
			}
			break
		}
	}
	return text
}

func (r *Recorder) text(s string, limit int) string {
	return contract.Clip(strings.ToValidUTF8(r.redact(s), "\ufffd"), limit)
}

func (r *Recorder) redact(s string) string {
	if r.Redact == nil || s == "" {
		return s
	}
	return r.Redact(s)
}

// millis is a duration in milliseconds, to the microsecond.
func millis(d time.Duration) float64 {
	return float64(d.Microseconds()) / 1000
}
