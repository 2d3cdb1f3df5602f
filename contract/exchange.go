package contract

import (
	"net/http"
	"time"
)

// Request is one HTTP request as it is meant to go over the wire.
type Request struct {
	Method string
	// URL is absolute. Its path and query are sent byte for byte, so that a
	// case can test percent-encoding.
	URL    string
	Header http.Header
	// Body is nil where no body is sent; an empty, non-nil body is sent with
	// Content-Length: 0.
	Body []byte
}

// Response is one HTTP response as it arrived.
type Response struct {
	Status int
	// Reason is the phrase of the status line, empty under HTTP/2.
	Reason string
	Header http.Header
	Body   []byte
	// Truncated tells that the body was cut at the limit of the transport and
	// Body holds only its beginning.
	Truncated bool
}

// Success tells whether the request was accepted (RFC 9110, section 15.3).
func (r Response) Success() bool { return r.Status >= 200 && r.Status < 300 }

// Exchange is a request and what came back, or why nothing did.
type Exchange struct {
	// Step names the step of the case that this exchange belongs to. A step
	// that polls has several exchanges of the same name.
	Step string
	// Operation is the id of the contract's operation that was meant, empty
	// where the request is outside all of them.
	Operation string
	// Credential is the name of the credential that it was sent with, "" for
	// the default one.
	Credential string
	// Params are the path parameters of the request, decoded.
	Params  map[string]string
	Request Request
	// Response is nil when nothing usable came; Failure then says why.
	Response *Response
	Failure  string
	// Challenge is the earlier round trip in which the target asked for
	// credentials, nil where it did not have to ask.
	Challenge *Exchange
	// Answered is what a step's [Answer] was made for, nil for any other
	// request.
	Answered *Answered
	// Repeats is how often the request was sent again, because the target asked
	// to wait or the connection was lost. What came before is not kept.
	Repeats int
	// Recorded tells that the exchange was read from a recording, which may
	// lack the request's headers and body.
	Recorded bool
	Start    time.Time
	Elapsed  time.Duration
}

// Final is the response, or a zero Response where none came, so that a check
// can read the status without a nil test.
func (e *Exchange) Final() Response {
	if e.Response == nil {
		return Response{}
	}
	return *e.Response
}
