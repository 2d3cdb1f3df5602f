package ledger

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/contract"
)

// The types of records, as they stand in the member "type".
const (
	typeRun     = "run"
	typeBefore  = "before"
	typeCreate  = "create"
	typeMade    = "made"
	typeNone    = "none"
	typeRemoved = "removed"
	typeSetting = "setting"
	typeBack    = "back"
	typeEnd     = "end"
)

// Run is the first record: what was held against what.
type Run struct {
	Type string `json:"type"`
	// Target is the URL of the target.
	Target string `json:"target"`
	// Contract is the name of the document, Spec and Overlays are the absolute
	// names of its files, none for what is built in, and Digest is the SHA-256
	// of the document in hex.
	Contract string    `json:"contract"`
	Spec     string    `json:"spec,omitempty"`
	Overlays []string  `json:"overlays,omitempty"`
	Digest   string    `json:"digest"`
	Profile  string    `json:"profile"`
	PID      int       `json:"pid"`
	Started  time.Time `json:"started"`
}

// Before is what a list held before the run's first create into it.
type Before struct {
	Type string `json:"type"`
	// List is the URL of the list.
	List string `json:"list"`
	// Things are the URLs that would remove what was in it.
	Things []string `json:"things"`
	// Failed says why that could not be found out.
	Failed string `json:"failed,omitempty"`
}

// Create is a request that makes something, about to be sent.
type Create struct {
	Type string `json:"type"`
	// N is its number within the ledger, from 1.
	N    int    `json:"n"`
	Case string `json:"case"`
	Step string `json:"step"`
	// Credential is the name of the credential that it is sent with.
	Credential string `json:"credential,omitempty"`
	Method     string `json:"method"`
	URL        string `json:"url"`
	Body       string `json:"body,omitempty"`
	// Remove removes what is made; what its URL needs from the reply is still
	// to be filled in.
	Remove Request `json:"remove"`
	// Gone is the method of the read at the URL of Remove that tells by 404 or
	// 410 that it is gone, "" where there is none.
	Gone string `json:"gone,omitempty"`
	// Foretold is the URL of Remove where the request alone decides it.
	Foretold string `json:"foretold,omitempty"`
	// Lookups find what was made where the reply is lost: the list that shows
	// it, or all that may where the request is so wrong that it does not tell.
	Lookups []Lookup `json:"lookups,omitempty"`
}

// Odd tells that the request is so wrong that nobody knows where it would have
// made something.
func (c *Create) Odd() bool { return len(c.Lookups) > 1 }

// Request is a request on what was made.
type Request struct {
	Method string      `json:"method"`
	URL    string      `json:"url"`
	Header http.Header `json:"header,omitempty"`
	// Binds fill {name} in the URL from the reply.
	Binds []Bind `json:"binds,omitempty"`
}

// Bind is where the reply has the value of a placeholder.
type Bind struct {
	Name string `json:"name"`
	// Expr is an OpenAPI runtime expression, and Under are the members that may
	// wrap the reply.
	Expr  string   `json:"expr"`
	Under []string `json:"under,omitempty"`
}

// Lookup is how a list shows what was made.
type Lookup struct {
	Request
	// Remove removes a thing of the list; what its URL needs from the thing is
	// still to be filled in.
	Remove Request `json:"remove"`
	// Under are the members that may wrap the list.
	Under []string `json:"under,omitempty"`
	// Same are the members of a thing, by JSON pointer, that repeat what was
	// sent where they are there, each with the forms that mean the same.
	Same map[string][]string `json:"same,omitempty"`
}

// Entry is a create and what is known of what it made.
type Entry struct {
	Create
	// Made is the URL that removes the thing, "" where the create is lost.
	Made string
	// Also are further URLs one of which may be the right one, where the create
	// is odd.
	Also []string
}

// Setting is what the run is about to change for the first time and has to
// change back.
type Setting struct {
	Type string `json:"type"`
	Case string `json:"case"`
	// Change is the request, without its body, that changes it; a GET of its URL
	// reads it.
	Change Request `json:"change"`
	// Members are those that may be changed, none for all.
	Members []string `json:"members,omitempty"`
	// Before is the body that changes it back.
	Before json.RawMessage `json:"before"`
}

// event is what became of a create or of a setting, or the end of the run.
type event struct {
	Type string `json:"type"`
	N    int    `json:"n,omitempty"`
	URL  string `json:"url,omitempty"`
	// Also are further URLs one of which may be the right one.
	Also []string `json:"also,omitempty"`
	Why  string   `json:"why,omitempty"`
}

// typed gives a record its type.
func typed(record any) any {
	switch r := record.(type) {
	case *Run:
		r.Type = typeRun
	case *Before:
		r.Type = typeBefore
	case *Create:
		r.Type = typeCreate
	case *Setting:
		r.Type = typeSetting
	}
	return record
}

// Bound is the request with the placeholders filled that an exchange has the
// values for. The error names one that is still open.
func (r Request) Bound(e *contract.Exchange) (Request, error) {
	var open []Bind
	var err error
	for _, b := range r.Binds {
		v, ok := contract.Eval(b.Expr, e, b.Under...)
		text, scalar := contract.Text(v)
		if !ok || !scalar || text == "" {
			open = append(open, b)
			err = fmt.Errorf("there is no %s", b.Expr)
			continue
		}
		if !contract.Segment(text) {
			open = append(open, b)
			err = fmt.Errorf("the %s cannot be part of a path: %s", b.Expr, contract.Show(text))
			continue
		}
		r.URL = strings.ReplaceAll(r.URL, "{"+b.Name+"}", url.PathEscape(text))
	}
	r.Binds = open
	return r, err
}
