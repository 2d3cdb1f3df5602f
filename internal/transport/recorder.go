package transport

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// recorder is the response writer of one request.
type recorder struct {
	head   bool
	header http.Header
	limit  int64

	mu       sync.Mutex
	status   int
	sent     http.Header
	body     bytes.Buffer
	declared int64
	flushed  bool
	finished bool
	panicked any
	done     chan struct{}
}

// buffered is how much of a body the server of net/http holds back to learn
// its length; what is longer is sent in chunks.
const buffered = 2 << 10

var errOver = errors.New("the client has read enough of the body")

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if status < 100 || status > 999 {
		panic(fmt.Sprintf("invalid WriteHeader code %d", status))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if status < 200 && status != http.StatusSwitchingProtocols {
		return
	}
	w.begin(status)
}

// begin fixes the status and the header; later changes are not sent.
func (w *recorder) begin(status int) {
	if w.status != 0 || w.finished {
		return
	}
	w.status, w.sent, w.declared = status, w.header.Clone(), -1
	if n, err := strconv.ParseInt(w.sent.Get("Content-Length"), 10, 64); err == nil && n >= 0 {
		w.declared = n
	}
}

func (w *recorder) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begin(http.StatusOK)
	switch {
	case w.finished:
		return 0, errOver
	case !bodyAllowed(w.status):
		return 0, http.ErrBodyNotAllowed
	case w.declared >= 0 && int64(w.body.Len()+len(p)) > w.declared:
		return 0, http.ErrContentLength
	}
	room := w.limit - int64(w.body.Len())
	if int64(len(p)) < room {
		return w.body.Write(p)
	}
	w.body.Write(p[:room])
	w.end(nil)
	return int(room), errOver
}

// Flush sends what is there; there is nothing to hurry in memory, but the
// length of the body is then not known when the header leaves.
func (w *recorder) Flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begin(http.StatusOK)
	w.flushed = true
}

func (w *recorder) finish(panicked any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if panicked == nil {
		w.begin(http.StatusOK)
	}
	w.end(panicked)
}

func (w *recorder) end(panicked any) {
	if !w.finished {
		w.finished, w.panicked = true, panicked
		close(w.done)
	}
}

// response is what a client would have read. The headers that a server adds
// are added.
func (w *recorder) response(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.panicked != nil {
		if err, ok := w.panicked.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			return nil, io.EOF
		}
		return nil, &panicError{w.panicked}
	}
	resp := &http.Response{
		Status:     fmt.Sprintf("%d %s", w.status, orDefault(http.StatusText(w.status), fmt.Sprintf("status code %d", w.status))),
		StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Request: r, ContentLength: w.declared,
	}
	w.addHeaders(resp)
	// A nil value keeps a server from adding the header.
	maps.DeleteFunc(resp.Header, func(name string, values []string) bool { return !isToken(name) || len(values) == 0 })
	resp.Body = io.NopCloser(w.reader())
	return resp, nil
}

func (w *recorder) addHeaders(resp *http.Response) {
	h := resp.Header
	if _, given := h["Date"]; !given {
		h.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
	if !bodyAllowed(w.status) {
		return
	}
	_, typed := h["Content-Type"]
	if body := w.body.Bytes(); !typed && len(body) > 0 && h.Get("Content-Encoding") == "" {
		h.Set("Content-Type", http.DetectContentType(body))
	}
	switch {
	case w.declared >= 0, w.head && (w.flushed || w.body.Len() == 0 || w.body.Len() > buffered):
	case w.flushed || w.body.Len() > buffered:
		resp.TransferEncoding = []string{"chunked"}
	default:
		h.Set("Content-Length", strconv.Itoa(w.body.Len()))
		resp.ContentLength = int64(w.body.Len())
	}
}

// reader is the body as it arrives: none for HEAD, and cut where the handler
// wrote less than it declared.
func (w *recorder) reader() io.Reader {
	switch {
	case w.head:
		return bytes.NewReader(nil)
	case w.declared > int64(w.body.Len()) && bodyAllowed(w.status):
		return io.MultiReader(bytes.NewReader(w.body.Bytes()), cutReader{})
	}
	return bytes.NewReader(w.body.Bytes())
}

// cutReader breaks off.
type cutReader struct{}

func (cutReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}
