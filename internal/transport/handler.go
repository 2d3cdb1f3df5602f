package transport

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
)

// handlerTripper serves requests by a handler in the same process, as the
// server of net/http would: what the handler sees and what comes back are the
// same, but for the connection.
type handlerTripper struct {
	handler http.Handler
	// limit is how many bytes of a body are kept before the handler is no
	// longer waited for.
	limit int64
}

// panicError is a handler that panicked.
type panicError struct{ value any }

func (e *panicError) Error() string { return "handler panicked: " + clip(fmt.Sprint(e.value)) }

// RoundTrip returns the handler's response, or the context's error where the
// handler does not return in time.
func (t *handlerTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	served, err := serverRequest(r)
	if err != nil {
		return badRequest(r), nil
	}
	ctx, cancel := context.WithCancel(r.Context())
	w := &recorder{head: r.Method == http.MethodHead, header: http.Header{}, limit: t.limit, done: make(chan struct{})}
	go func() {
		defer cancel()
		defer func() {
			if value := recover(); value != nil {
				w.finish(value)
			}
		}()
		t.handler.ServeHTTP(w, served.WithContext(ctx))
		w.finish(nil)
	}()
	select {
	case <-w.done:
	case <-r.Context().Done():
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.response(r)
}

// serverRequest is the request as a server would have parsed it.
func serverRequest(r *http.Request) (*http.Request, error) {
	target := r.URL.RequestURI()
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return nil, err
	}
	served := &http.Request{
		Method: r.Method, URL: u, RequestURI: target, Host: r.Host,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: make(http.Header, len(r.Header)+1), Body: http.NoBody, ContentLength: r.ContentLength,
		RemoteAddr: "127.0.0.1:1",
	}
	for name, values := range r.Header {
		key := textproto.CanonicalMIMEHeaderKey(name)
		served.Header[key] = append(served.Header[key], values...)
	}
	if r.Body != nil {
		served.Body = r.Body
	}
	switch {
	case r.ContentLength > 0, r.Method == http.MethodPost, r.Method == http.MethodPut, r.Method == http.MethodPatch,
		len(r.TransferEncoding) > 0:
		served.Header.Set("Content-Length", strconv.FormatInt(max(r.ContentLength, 0), 10))
	}
	if r.ContentLength < 0 {
		served.Header.Del("Content-Length")
		served.TransferEncoding = []string{"chunked"}
	}
	return served, nil
}

// badRequest is what a server says to a target it cannot parse.
func badRequest(r *http.Request) *http.Response {
	const text = "400 Bad Request"
	return &http.Response{
		Status: text, StatusCode: http.StatusBadRequest, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:  http.Header{"Content-Type": {"text/plain; charset=utf-8"}},
		Request: r, ContentLength: -1, Body: io.NopCloser(strings.NewReader(text)),
	}
}
