package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strconv"
	"strings"
	"syscall"

	"github.com/atlas-contract/conformance/contract"
)

// Class says what kind of result an exchange is.
type Class int

const (
	// Answered: a response came, whatever its status; its body may be cut at
	// the client's own limit.
	Answered Class = iota
	// Misbehaved: the target had the connection and gave no reply, none in
	// time, one that is not HTTP, or one that breaks off.
	Misbehaved
	// Unreachable: nothing was there that could have answered, so nothing can
	// be said about the target.
	Unreachable
	// Unsendable: the request or its credential cannot be sent; nothing was.
	Unsendable
	// Interrupted: the caller's context ended it.
	Interrupted
	// Inapplicable: the target or the credential has not what an [contract.Answer]
	// needs, so the request was not sent.
	Inapplicable
)

// String is the class as one lower-case word.
func (c Class) String() string {
	names := [...]string{"answered", "misbehaved", "unreachable", "unsendable", "interrupted", "inapplicable"}
	if c < 0 || int(c) >= len(names) {
		return "class " + strconv.Itoa(int(c))
	}
	return names[c]
}

// closedEarly is the failure of the one request of which it is not known whether
// the target had it.
const closedEarly = "the target closed a kept connection as the request went out: it may not have arrived"

// Arrived tells whether the target may have had a request, and so may have done
// what it asks.
func Arrived(e *contract.Exchange, class Class) bool {
	switch class {
	case Unsendable, Inapplicable:
		return false
	case Unreachable:
		return strings.HasPrefix(e.Failure, closedEarly)
	}
	return true
}

// fail turns an error into the failure of the exchange.
func (c *Client) fail(ctx context.Context, e *contract.Exchange, err error, way *progress) (*contract.Exchange, Class) {
	class, text := c.explain(ctx, err, way)
	e.Failure = c.sentence(text)
	return e, class
}

func (c *Client) explain(ctx context.Context, err error, way *progress) (Class, string) {
	if ctx.Err() != nil {
		return Interrupted, "stopped before the reply was complete"
	}
	var panicked *panicError
	if errors.As(err, &panicked) {
		return Misbehaved, panicked.Error()
	}
	if way.early() {
		return Misbehaved, errEarly.Error()
	}
	var cut *cutError
	if errors.As(err, &cut) {
		return Misbehaved, c.explainCut(cut)
	}
	if !way.connected() && !c.inProcess() {
		return Unreachable, c.explainUnreachable(err, way)
	}
	if op := (*net.OpError)(nil); errors.As(err, &op) && op.Op == "remote error" && way.phase.Load() < reading {
		// Under TLS 1.3 the target judges our side when our handshake is over.
		return Unreachable, explainTLS(err, c.peer)
	}
	if way.lostKept(err) {
		return Unreachable, closedEarly
	}
	return Misbehaved, c.explainNoReply(err, way)
}

func (c *Client) inProcess() bool {
	_, in := c.tripper.(*handlerTripper)
	return in
}

func (c *Client) explainCut(cut *cutError) string {
	switch {
	case isTimeout(cut.cause):
		return fmt.Sprintf("%v: the rest did not come within %v", cut, c.timeout)
	case isReset(cut.cause):
		return fmt.Sprintf("%v: the target reset the connection", cut)
	case errors.Is(cut.cause, io.ErrUnexpectedEOF), errors.Is(cut.cause, io.EOF):
		return fmt.Sprintf("%v: the target closed the connection", cut)
	}
	return fmt.Sprintf("%v: %s", cut, detail(cut.cause))
}

// explainUnreachable says why there was no connection, and what to look at.
func (c *Client) explainUnreachable(err error, way *progress) string {
	host := c.peer
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return fmt.Sprintf("the proxy for %s cannot be reached: %v", host, op.Err)
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Sprintf("no such host %q: is the target's URL right?", dns.Name)
	case errors.As(err, &dns):
		return fmt.Sprintf("the address of %q cannot be looked up: %s", dns.Name, dns.Err)
	case errors.Is(err, fs.ErrNotExist) && errors.As(err, &op) && op.Net == "unix":
		return fmt.Sprintf("there is no such socket as %s: is the target running, and the path right?", strings.TrimPrefix(host, "the socket "))
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("connection refused by %s: is the target running, and the port right?", host)
	case isTimeout(err) && way.phase.Load() == handshaking:
		return fmt.Sprintf("no TLS handshake with %s within %v: does the target speak TLS?", host, min(c.timeout, maxConnect))
	case isTimeout(err):
		return fmt.Sprintf("no connection to %s within %v: can it be reached from here?", host, min(c.timeout, maxConnect))
	case way.phase.Load() == handshaking:
		return explainTLS(err, host)
	}
	return fmt.Sprintf("no connection to %s: %s", host, detail(err))
}

func explainTLS(err error, host string) string {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	switch {
	case strings.Contains(err.Error(), "certificate required"):
		return fmt.Sprintf("TLS: %s wants a client certificate, and was shown none", host)
	case strings.Contains(err.Error(), "remote error"):
		return fmt.Sprintf("TLS: %s refuses the handshake: %s", host, strings.TrimPrefix(detail(err), "remote error: tls: "))
	case errors.As(err, &unknown):
		return fmt.Sprintf("TLS: the certificate of %s is signed by no authority that is trusted here", host)
	case errors.As(err, &name):
		return fmt.Sprintf("TLS: the certificate of %s is for another host", host)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Sprintf("TLS: the certificate of %s has expired or is not valid yet: is the clock right?", host)
	case errors.As(err, &record), strings.Contains(err.Error(), "HTTP response to HTTPS client"):
		return fmt.Sprintf("%s does not speak TLS: should its URL start with http:// ?", host)
	case errors.Is(err, io.EOF), isReset(err):
		return fmt.Sprintf("TLS: %s closed the connection in the handshake", host)
	}
	return fmt.Sprintf("TLS with %s: %s", host, strings.TrimPrefix(detail(err), "tls: "))
}

// explainNoReply says how a target failed that had taken the connection. The
// reasons of net/http have no types, so some are known by their words.
func (c *Client) explainNoReply(err error, way *progress) string {
	text := err.Error()
	phase := way.phase.Load()
	switch {
	case isTimeout(err) && phase == sending:
		return fmt.Sprintf("the request was not taken within %v", c.timeout)
	case isTimeout(err) && phase == reading:
		return fmt.Sprintf("the reply's header was not complete within %v", c.timeout)
	case isTimeout(err):
		return fmt.Sprintf("no reply within %v", c.timeout)
	case strings.Contains(text, "response headers exceeded"), strings.Contains(text, "too many 1xx"):
		return fmt.Sprintf("the reply's header, interim (1xx) replies included, is longer than %d bytes", maxHeaderBytes)
	case isReset(err):
		return "the target reset the connection before it replied"
	case isClosed(err) && phase == reading:
		return "the target closed the connection within the reply's header"
	case isClosed(err):
		return "the target closed the connection without a reply"
	}
	return "the reply is not valid HTTP: " + detail(err)
}

// detail is the core of an error from net/http.
func detail(err error) string {
	text := err.Error()
	for _, prefix := range []string{"net/http: ", "HTTP/1.x transport connection broken: ", "http: ", "http2: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return text
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

func isClosed(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		strings.Contains(err.Error(), "server closed idle connection")
}

// sentence makes a text fit to be shown: no secrets, no control characters
// that a target could have put there, and short.
func (c *Client) sentence(text string) string {
	const most = 300
	quoted := strconv.Quote(c.Redact(text))
	text = strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
	text = strings.ReplaceAll(text, `\\`, `\`)
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}
