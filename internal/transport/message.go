package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// message is a request on its way: what is sent, and beside it what may be
// shown, in which no secret ever stands.
type message struct {
	method string
	scheme string
	// host is the authority to connect to, hostHeader what Host says.
	host       string
	hostHeader string
	// target is the request target as on the wire, path and query.
	target  string
	header  http.Header
	body    []byte
	chunked bool

	shownTarget string
	shownHeader http.Header

	// renew makes the credentials anew, where they are good for one use.
	renew func()
}

// refresh makes the message fit to be sent again.
func (m *message) refresh() {
	if m.renew != nil {
		m.renew()
	}
}

// newMessage checks that the request can be sent as it is meant, so that
// whatever fails later is not its fault.
func (c *Client) newMessage(r contract.Request) (*message, error) {
	if !isToken(r.Method) {
		return nil, fmt.Errorf("%q is not an HTTP method", clip(r.Method))
	}
	scheme, host, target, err := c.split(r.URL)
	if err != nil {
		return nil, err
	}
	m := &message{
		method: r.Method, scheme: scheme, host: host, hostHeader: host,
		target: target, shownTarget: target,
		header: http.Header{}, shownHeader: http.Header{}, body: r.Body,
	}
	for name, values := range r.Header {
		if err := m.add(name, values); err != nil {
			return nil, err
		}
	}
	return m, c.complete(m)
}

// complete adds the headers of the options and the User-Agent.
func (c *Client) complete(m *message) error {
	for name, values := range c.header {
		if m.has(name) {
			continue
		}
		if err := m.add(name, values); err != nil {
			return err
		}
		if isSecretHeader(name) {
			m.shownHeader[name] = []string{mask}
		}
	}
	if !m.has("User-Agent") {
		return m.add("User-Agent", []string{c.userAgent})
	}
	return nil
}

// split takes a URL apart without decoding anything. A URL that starts with a
// slash is meant below the base.
func (c *Client) split(raw string) (scheme, host, target string, err error) {
	raw, _, _ = strings.Cut(raw, "#")
	if strings.HasPrefix(raw, "/") {
		raw = c.base.Scheme + "://" + c.base.Host + c.base.EscapedPath() + raw
	}
	scheme, rest, found := strings.Cut(raw, "://")
	if !found {
		return "", "", "", fmt.Errorf("request URL %q is not absolute", clip(raw))
	}
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	host, target = rest[:end], rest[end:]
	if !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	scheme = strings.ToLower(scheme)
	if origin := originOf(scheme, host); origin != c.origin {
		return "", "", "", fmt.Errorf("the request goes to %q, which is not the target %s: not sent", clip(scheme+"://"+host[strings.LastIndex(host, "@")+1:]), c.origin)
	}
	if i := strings.IndexFunc(target, isControl); i >= 0 {
		return "", "", "", fmt.Errorf("request URL %q has a control character, which HTTP cannot carry", clip(raw))
	}
	return scheme, host, target, nil
}

// add sets one header of the request.
func (m *message) add(name string, values []string) error {
	if !isToken(name) {
		return fmt.Errorf("%q is not a name for a header", clip(name))
	}
	for _, value := range values {
		if strings.ContainsFunc(value, isBadValue) {
			return fmt.Errorf("header %s has the value %q, which HTTP cannot carry", clip(name), clip(value))
		}
	}
	if len(values) == 0 {
		return nil
	}
	framing, err := m.frame(name, strings.Join(values, ", "))
	if err != nil {
		return err
	}
	if strings.EqualFold(name, "User-Agent") {
		// Otherwise net/http does not see it and adds its own.
		name = "User-Agent"
	}
	if !framing {
		m.header[name] = slices.Clone(values)
	}
	m.shownHeader[name] = slices.Clone(values)
	return nil
}

// frame obeys the headers that net/http writes itself, and refuses what it
// would silently drop. It tells whether the header is one of them.
func (m *message) frame(name, value string) (bool, error) {
	switch textproto.CanonicalMIMEHeaderKey(name) {
	case "Host":
		if strings.ContainsFunc(value, isBadHost) {
			return true, fmt.Errorf("header Host has the value %q, which cannot be sent", clip(value))
		}
		m.hostHeader = value
	case "Content-Length":
		if value != strconv.Itoa(len(m.body)) {
			return true, fmt.Errorf("header Content-Length says %q and the body has %d bytes: not sent", clip(value), len(m.body))
		}
	case "Transfer-Encoding":
		if !strings.EqualFold(value, "chunked") {
			return true, fmt.Errorf("header Transfer-Encoding can be chunked only, not %q", clip(value))
		}
		m.chunked = true
	case "Trailer":
		return true, errors.New("header Trailer cannot be sent, as there are no trailers")
	default:
		return false, nil
	}
	return true, nil
}

// has tells whether the request sets the header, in whatever case.
func (m *message) has(name string) bool {
	for have := range m.header {
		if strings.EqualFold(have, name) {
			return true
		}
	}
	return strings.EqualFold(name, "Host") && m.shownHeader.Get("Host") != ""
}

// setSecret replaces a header, in whatever case it was written, by a value of
// which only shown is shown.
func (m *message) setSecret(name, value, shown string) {
	for _, h := range []http.Header{m.header, m.shownHeader} {
		for have := range h {
			if strings.EqualFold(have, name) {
				delete(h, have)
			}
		}
	}
	m.header[name] = []string{value}
	m.shownHeader[name] = []string{shown}
}

// authorize sets the Authorization header and shows its scheme alone.
func (m *message) authorize(scheme, secret string) {
	m.setSecret("Authorization", scheme+" "+secret, scheme+" "+mask)
}

// answered sets the Authorization header to an answer to a digest challenge, and
// shows it without its proof.
func (m *message) answered(scheme, directives string) {
	m.setSecret("Authorization", scheme+" "+directives, scheme+" "+contract.WithoutProof(directives, mask))
}

// addQuery appends a parameter whose value is not shown.
func (m *message) addQuery(name, secret string) {
	sep := "?"
	if strings.Contains(m.target, "?") {
		sep = "&"
	}
	m.target += sep + name + secret
	m.shownTarget += sep + name + mask
}

// addCookie adds to the cookies of the request.
func (m *message) addCookie(name, secret string) {
	var have string
	for key, values := range m.header {
		if strings.EqualFold(key, "Cookie") {
			have = strings.Join(values, "; ") + "; "
		}
	}
	m.setSecret("Cookie", have+name+secret, have+name+mask)
}

// shown is the request as it may appear in an exchange.
func (m *message) shown() contract.Request {
	return contract.Request{
		Method: m.method,
		URL:    m.scheme + "://" + m.host + m.shownTarget,
		Header: m.shownHeader.Clone(),
		Body:   m.body,
	}
}

// request is the message in the terms of net/http.
func (m *message) request(ctx context.Context) (*http.Request, error) {
	u, err := m.url()
	if err != nil {
		return nil, err
	}
	req := &http.Request{
		Method: m.method, URL: u, Host: m.hostHeader,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: m.header.Clone(),
	}
	if m.body != nil {
		m.attach(req)
	}
	return req.WithContext(ctx), nil
}

// url makes net/http write exactly the target. Path and RawPath do where they
// give it back unchanged; Opaque, which a proxy for plain HTTP does not get
// right, where they do not.
func (m *message) url() (*url.URL, error) {
	path, query, asked := strings.Cut(m.target, "?")
	u := &url.URL{Scheme: m.scheme, Host: m.host, RawQuery: query, ForceQuery: asked && query == ""}
	if decoded, err := url.PathUnescape(path); err == nil {
		u.Path, u.RawPath = decoded, path
		if u.RequestURI() == m.target {
			return u, nil
		}
		u.Path, u.RawPath = "", ""
	}
	u.Opaque = path
	if u.RequestURI() != m.target {
		return nil, fmt.Errorf("the request target %q cannot be sent byte for byte", clip(m.target))
	}
	return u, nil
}

// attach gives the request its body. An empty one is announced with
// Content-Length: 0, which net/http writes for a few methods only.
func (m *message) attach(req *http.Request) {
	req.GetBody = func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(m.body)), nil
	}
	req.Body, _ = req.GetBody()
	req.ContentLength = int64(len(m.body))
	switch {
	case m.chunked:
		req.ContentLength = -1
	case len(m.body) > 0:
	case m.method == http.MethodGet || m.method == http.MethodHead:
		// net/http leaves out the header in its usual spelling only.
		req.Body, req.GetBody = http.NoBody, nil
		req.Header["content-length"] = []string{"0"}
	default:
		req.Body, req.GetBody = http.NoBody, nil
		req.TransferEncoding = []string{"identity"}
	}
}
