package report

import (
	"net/http"
	"time"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/coverage"
)

// The types of records, as they stand in the member "type".
const (
	typeHeader    = "header"
	typeVerdict   = "verdict"
	typeStatement = "statement"
	typeCoverage  = "coverage"
	typeFooter    = "footer"
)

// Header is the first record: what was held against what.
type Header struct {
	Type string `json:"type"`
	// Tool is the name of this program and Version its version.
	Tool    string    `json:"tool"`
	Version string    `json:"version"`
	Started time.Time `json:"started"`
	// Command is run or verify.
	Command  string   `json:"command"`
	Contract Contract `json:"contract"`
	Profile  string   `json:"profile"`
	// Target is the URL of the target, or the names of the recordings.
	Target string `json:"target"`
	Seed   int64  `json:"seed"`
	// Configuration is what else was set, without secrets.
	Configuration map[string]any `json:"configuration"`
	// Repeat is how it is asked again, nil where it is not.
	Repeat *Repeat `json:"repeat,omitempty"`
}

// Contract names the document, its overlays applied.
type Contract struct {
	Title   string `json:"title"`
	Version string `json:"version"`
	// Name is the name of the document's file.
	Name string `json:"name"`
	// Digest is the SHA-256 of the document's text, in hex.
	Digest string `json:"digest"`
}

// Verdict is the record of one case.
type Verdict struct {
	Type    string           `json:"type"`
	ID      string           `json:"id"`
	Outcome contract.Outcome `json:"verdict"`
	// Operation, Kind and Expect are those of the case.
	Operation string          `json:"operation,omitempty"`
	Kind      string          `json:"kind,omitempty"`
	Expect    contract.Expect `json:"expect,omitempty"`
	// Reason says why a case was unsent or skipped, or was stopped early.
	Reason   string    `json:"reason,omitempty"`
	Findings []Finding `json:"findings"`
	// Again is the command that asks the case again, where it has findings.
	Again string `json:"again,omitempty"`
	// Known tells that each of the findings is a known failure.
	Known bool `json:"known,omitempty"`
	// Tested are the statements put to the test.
	Tested []string `json:"tested,omitempty"`
	// Statements are those that the case is about.
	Statements []string `json:"statements,omitempty"`
	// File and Line are where the operation stands in the document.
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	// Exchanges are left out where nothing is wrong, unless all are wanted.
	Exchanges []Exchange `json:"exchanges,omitempty"`
	// Millis is the time that the exchanges took together, in milliseconds.
	Millis float64 `json:"millis,omitempty"`
}

// Finding is one broken promise, with the words of the promise.
type Finding struct {
	contract.Finding
	// Promise and Source are the text and source of the statement.
	Promise string `json:"promise,omitempty"`
	Source  string `json:"source,omitempty"`
	// Known is the reason why a known failure is let be, nil for one that is not
	// known.
	Known *string `json:"known,omitempty"`
}

// Exchange is one request and what came back.
type Exchange struct {
	Step      string  `json:"step,omitempty"`
	Operation string  `json:"operation,omitempty"`
	Request   Request `json:"request"`
	// Response is absent where none came; Failure then says why. With both, the
	// response is incomplete.
	Response *Response `json:"response,omitempty"`
	Failure  string    `json:"failure,omitempty"`
	// Challenge is the reply that asked for credentials before.
	Challenge *Challenge `json:"challenge,omitempty"`
	// Repeats is how often the request was sent again, because the target asked
	// to wait or the connection was lost.
	Repeats int     `json:"repeats,omitempty"`
	Millis  float64 `json:"millis"`
}

// Request is a request without its secrets.
type Request struct {
	Method  string      `json:"method"`
	URL     string      `json:"url"`
	Headers http.Header `json:"headers,omitempty"`
	Body
}

// Response is a response without secrets that it may have repeated.
type Response struct {
	Status  int         `json:"status"`
	Reason  string      `json:"reason,omitempty"`
	Headers http.Header `json:"headers,omitempty"`
	Body
}

// Challenge is in short the reply that asked for credentials.
type Challenge struct {
	Status int      `json:"status"`
	Asked  []string `json:"wwwAuthenticate,omitempty"`
}

// Body is the text of a body, as far as it is kept.
type Body struct {
	// Text is nil where there was no body. It is base64 where Encoding says so,
	// which is for bytes that are no UTF-8.
	Text     *string `json:"body,omitempty"`
	Encoding string  `json:"bodyEncoding,omitempty"`
	// Size is the number of bytes that came.
	Size int `json:"bodySize,omitempty"`
	// Truncated tells that Text is only the beginning.
	Truncated bool `json:"bodyTruncated,omitempty"`
}

// State is what became of a statement.
type State string

// The states, worst first. Skipped means that only cases which were not sent
// would have tested it; untested, that no case does.
const (
	StateBroken   State = "broken"
	StateWarned   State = "warned"
	StateKept     State = "kept"
	StateSkipped  State = "skipped"
	StateUntested State = "untested"
)

// Statement is the record of one promise of the contract.
type Statement struct {
	Type  string `json:"type"`
	ID    string `json:"id"`
	State State  `json:"state"`
	// Cases is the number of cases that tested it.
	Cases int `json:"cases"`
	// Reason says why a skipped one was not tested.
	Reason   string            `json:"reason,omitempty"`
	Evidence contract.Evidence `json:"evidence"`
	Promise  string            `json:"promise"`
	Source   string            `json:"source,omitempty"`
}

// Coverage is the record of what of the contract the exchanges have met. It
// stands before the footer.
//
// Its member level is that of the criteria that are met in full, 0 to 7;
// covered, total and percent count all items of all criteria; least is the
// percentage that was demanded. Each of the criteria has its name, its level
// (none for some), covered and total, and in met the names of the items that
// were met. Missed are those that were not, each with its criterion, its item and
// in why the reason; unseen marks what the target alone could have shown, so
// that what the contract says of it passed without having been seen.
//
// An item has the same name in every run of the same document.
type Coverage struct {
	Type string `json:"type"`
	coverage.Summary
}

// Footer is the last record; without it a stream is incomplete.
type Footer struct {
	Type   string `json:"type"`
	Counts Counts `json:"counts"`
	// Stale are the known failures that have come true no more.
	Stale []Stale `json:"stale,omitempty"`
	// Exit is the exit code, and Error the sentence for an exit that is no
	// verdict.
	Exit  int    `json:"exit"`
	Error string `json:"error,omitempty"`
	// Strict tells that warnings count as broken.
	Strict bool `json:"strict,omitempty"`
	// Left is what the run made and could not remove.
	Left []Left `json:"left,omitempty"`
	// Slowed is absent where the target never asked for time.
	Slowed *Slowed `json:"slowed,omitempty"`
	// Millis is how long the run took, in milliseconds.
	Millis float64 `json:"millis"`
	// Coverage is what was met, nil where it was not counted. In a stream it has
	// a record of its own.
	Coverage *coverage.Summary `json:"-"`
}

// Left is a thing that the run left, or may have left, on the target.
type Left struct {
	// Method and URL remove it, or change it back; or they are those of the
	// request that may have made it, where it is not known what that made.
	Method string `json:"method"`
	URL    string `json:"url"`
	// Case is the id of the case that made it.
	Case string `json:"case"`
	// Why says why it is still there.
	Why string `json:"why"`
	// Perhaps tells that it may be somebody else's.
	Perhaps bool `json:"perhaps,omitempty"`
	// Command is what to do about it.
	Command string `json:"command"`
}

// Slowed tells how often the target asked for time between requests.
type Slowed struct {
	Times int `json:"times"`
	// WaitedMillis is how long requests were held back, in milliseconds.
	WaitedMillis float64 `json:"waitedMillis"`
	// Repeats is how many requests it refused that were sent again.
	Repeats int `json:"repeats,omitempty"`
	// TooLongMillis is the longest time that it asked for and did not get.
	TooLongMillis float64 `json:"tooLongMillis,omitempty"`
	// Ignored tells that it asked without end, and was then not waited for.
	Ignored bool `json:"ignored,omitempty"`
}

// Counts are the numbers of cases by outcome.
type Counts struct {
	Kept    int `json:"kept"`
	Broken  int `json:"broken"`
	Warned  int `json:"warned"`
	Unsent  int `json:"unsent"`
	Skipped int `json:"skipped"`
	// Known are those of the broken ones, and KnownWarned those of the warned
	// ones, with nothing but known failures.
	Known       int `json:"known,omitempty"`
	KnownWarned int `json:"knownWarned,omitempty"`
}

// Stale is a known failure that has come true no more.
type Stale struct {
	Case   string `json:"case"`
	Check  string `json:"check"`
	Reason string `json:"reason,omitempty"`
	// Why says what became of it, and Line where it stands in the file.
	Why  string `json:"why"`
	Line int    `json:"line,omitempty"`
}

// Total is the number of all cases.
func (c Counts) Total() int { return c.Judged() + c.Unsent + c.Skipped }

// Judged is the number of cases that came to a judgement.
func (c Counts) Judged() int { return c.Kept + c.Broken + c.Warned }
