package transport

import (
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
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if int64(len(body)) > limit {
		r.Body, r.Truncated = body[:limit:limit], true
		return r, nil
	}
	if len(body) > 0 {
		r.Body = body
	}
	if err != nil {
		return r, &cutError{got: int64(len(body)), want: resp.ContentLength, cause: err}
	}
	return r, nil
}
