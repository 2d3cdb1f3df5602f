package har

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/contract"
)

// exchange is the entry in the words of the contract.
func (e *entry) exchange() (*contract.Exchange, error) {
	if e.request.method == "" || e.request.fullURL() == "" {
		return nil, errors.New("its request has no method or no url")
	}
	x := &contract.Exchange{Recorded: true, Failure: e.failure, Start: parseTime(e.started)}
	if e.millis > 0 && e.millis < 1e12 {
		x.Elapsed = time.Duration(e.millis * float64(time.Millisecond))
	}
	var err error
	if x.Request, err = e.request.contract(); err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	if e.response.status == 0 {
		x.Failure = e.noResponse()
		return x, nil
	}
	if x.Response, err = e.response.contract(x.Request.Method); err != nil {
		return nil, fmt.Errorf("response: %w", err)
	}
	return x, nil
}

// noResponse words a status of 0, with which recorders note a failure.
func (e *entry) noResponse() string {
	switch {
	case e.failure != "":
		return e.failure
	case e.response.error != "":
		return "recorded without a response: " + e.response.error
	}
	return "recorded without a response"
}

func (r *request) contract() (contract.Request, error) {
	q := contract.Request{Method: r.method, URL: r.fullURL(), Header: header(r.headers)}
	if r.post == nil {
		return q, nil
	}
	q.Header = withType(q.Header, r.post.mimeType)
	switch {
	case r.post.given:
		text, err := r.post.bytes()
		q.Body = text
		return q, err
	case len(r.params) > 0 && strings.HasPrefix(strings.ToLower(r.post.mimeType), "application/x-www-form-urlencoded"):
		q.Body = []byte(encode(r.params))
	}
	return q, nil
}

// fullURL is the URL, completed from queryString where it lacks its query.
func (r *request) fullURL() string {
	address, _, _ := strings.Cut(r.url, "#")
	if len(r.query) == 0 || strings.Contains(address, "?") {
		return address
	}
	return address + "?" + encode(r.query)
}

func encode(pairs []pair) string {
	var b strings.Builder
	for i, p := range pairs {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(p.name) + "=" + url.QueryEscape(p.value))
	}
	return b.String()
}

func (r *response) contract(method string) (*contract.Response, error) {
	if r.status < 0 || r.status > 999 || r.status != float64(int(r.status)) {
		return nil, fmt.Errorf("%v is not a status", r.status)
	}
	text, err := r.content.bytes()
	if err != nil {
		return nil, err
	}
	x := &contract.Response{Status: int(r.status), Reason: r.reason, Header: withType(header(r.headers), r.content.mimeType)}
	if len(text) > 0 {
		x.Body = text
	}
	x.Truncated = r.incomplete(x, method)
	r.plain(x)
	return x, nil
}

// incomplete tells whether the recording lacks a part of the body.
func (r *response) incomplete(x *contract.Response, method string) bool {
	switch {
	case r.content.cut, r.error != "":
		return true
	case method == http.MethodHead, x.Status < 200, x.Status == http.StatusNoContent, x.Status == http.StatusNotModified:
		return false
	case r.content.given:
		return float64(len(x.Body)) < r.content.size
	}
	return r.content.size != 0 && r.bodySize != 0 && x.Header.Get("Content-Length") != "0"
}

// plain drops the headers that tell how the body was encoded on its way, as a
// recording holds it decoded.
func (r *response) plain(x *contract.Response) {
	encoding := strings.ToLower(x.Header.Get("Content-Encoding"))
	if encoding == "" || encoding == "identity" || strings.HasPrefix(string(x.Body), "\x1f\x8b") {
		return
	}
	x.Header.Del("Content-Encoding")
	x.Header.Del("Content-Length")
}

// bytes is the body decoded. The encodings of HAR are none and base64.
func (b *body) bytes() ([]byte, error) {
	switch strings.ToLower(b.encoding) {
	case "":
		return []byte(b.text), nil
	case "base64":
		return decodeBase64(b.text)
	}
	return nil, fmt.Errorf("the body has encoding %.40q, and only base64 is known", b.encoding)
}

// decodeBase64 takes the standard and the URL alphabet, with padding or
// without; line breaks do not matter.
func decodeBase64(text string) ([]byte, error) {
	text = strings.NewReplacer("-", "+", "_", "/", "\n", "", "\r", "", "=", "").Replace(text)
	data, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("the body is not base64: %w", err)
	}
	return data, nil
}

// header makes a header of the pairs. The pseudo headers of HTTP/2 are left
// out; values that a recorder has joined by line ends are taken apart. It is
// nil where there is none.
func header(pairs []pair) http.Header {
	if len(pairs) == 0 {
		return nil
	}
	h := make(http.Header, len(pairs)+1)
	values := make([]string, 0, len(pairs))
	for _, p := range pairs {
		if p.name == "" || p.name[0] == ':' {
			continue
		}
		key := textproto.CanonicalMIMEHeaderKey(p.name)
		if strings.Contains(p.value, "\n") {
			h[key] = append(h[key], strings.Split(p.value, "\n")...)
			continue
		}
		if have := h[key]; have != nil {
			h[key] = append(have, p.value)
			continue
		}
		n := len(values)
		values = append(values, p.value)
		h[key] = values[n : n+1 : n+1]
	}
	return h
}

// withType fills in the media type that the recorder noted beside the headers.
func withType(h http.Header, mimeType string) http.Header {
	if mimeType == "" || mimeType == "x-unknown" || h.Get("Content-Type") != "" {
		return h
	}
	if h == nil {
		h = make(http.Header, 1)
	}
	h.Set("Content-Type", mimeType)
	return h
}

// parseTime reads the ways in which recorders write a time, all of them close
// to ISO 8601. What is none of them is the zero time: no promise hangs on it.
func parseTime(s string) time.Time {
	for _, layout := range [...]string{
		time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999",
		"2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999", time.RFC1123, time.RFC1123Z,
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}
