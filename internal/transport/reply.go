package transport

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// cutError is a body that ended before it was complete.
type cutError struct {
	got, want int64
	cause     error
}

func (e *cutError) Error() string {
	if e.want < 0 {
		return fmt.Sprintf("reply cut after %d bytes", e.got)
	}
	return fmt.Sprintf("reply cut after %d of %d bytes", e.got, e.want)
}

func (e *cutError) Unwrap() error { return e.cause }

// readReply reads a response up to limit bytes of body. A response whose body
// breaks off is returned together with the error.
func readReply(resp *http.Response, limit int64) (*contract.Response, error) {
	defer resp.Body.Close()
	r := &contract.Response{Status: resp.StatusCode, Header: resp.Header}
	if len(resp.TransferEncoding) > 0 {
		r.Header["Transfer-Encoding"] = resp.TransferEncoding
	}
	if resp.ProtoMajor < 2 {
		_, r.Reason, _ = strings.Cut(resp.Status, " ")
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return r, nil
	}
	if resp.ContentLength > limit {
		limit = min(limit, maxKept) // the rest would be read for nothing
	}
	body, truncated, err := readBody(resp.Body, limit)
	if len(body) > 0 {
		r.Body = body
	}
	if r.Truncated = truncated; truncated {
		return r, nil
	}
	if err != nil {
		return r, &cutError{got: int64(len(body)), want: resp.ContentLength, cause: err}
	}
	return r, nil
}

// maxKept is how many bytes are kept of a body that is too long to be judged. A
// run holds many replies, until it is their turn in the report.
const maxKept = 16 << 10

// readBody reads up to limit bytes. What is longer is truncated to much less.
// It reads into pieces, as a buffer that grows needs twice the room.
func readBody(r io.Reader, limit int64) (body []byte, truncated bool, err error) {
	const smallest, largest = 512, 64 << 10
	var pieces [][]byte
	var size int64
	for err == nil && size <= limit {
		var b []byte
		b, err = readPiece(r, min(max(size, smallest), largest, limit+1-size))
		pieces, size = append(pieces, b), size+int64(len(b))
	}
	if size > limit {
		return beginning(pieces, min(limit, maxKept)), true, nil
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if len(pieces) == 1 {
		return pieces[0], false, err
	}
	return bytes.Join(pieces, nil), false, err
}

// readPiece reads so many bytes, or as many as there are before an error.
func readPiece(r io.Reader, size int64) ([]byte, error) {
	b, n := make([]byte, size), 0
	for n < len(b) {
		more, err := r.Read(b[n:])
		if n += more; err != nil {
			return b[:n], err
		}
	}
	return b, nil
}

// beginning is the beginning of what the pieces hold together.
func beginning(pieces [][]byte, size int64) []byte {
	out := make([]byte, 0, size)
	for _, b := range pieces {
		out = append(out, b[:min(len(b), cap(out)-len(out))]...)
	}
	return out
}
