package reference

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// reply is an answer before it is sent. It is also the http.ResponseWriter that
// the generated server writes to, so that envelope and white space can be
// decided afterwards from what was written.
type reply struct {
	status int
	header http.Header
	body   bytes.Buffer
	// bare replies are never wrapped or reformatted: the 401 challenge, whose
	// reader is a digest client and not the caller (F4).
	bare bool
}

func newReply() *reply {
	return &reply{status: http.StatusOK, header: make(http.Header, 4)}
}

// Header is the header to be sent.
func (o *reply) Header() http.Header { return o.header }

// WriteHeader sets the status to be sent.
func (o *reply) WriteHeader(status int) { o.status = status }

// Write adds to the body to be sent.
func (o *reply) Write(b []byte) (int, error) { return o.body.Write(b) }

// json makes the reply a JSON value.
func (o *reply) json(status int, value any) {
	o.status = status
	o.header.Set("Content-Type", "application/json")
	o.body.Reset()
	// Only types of this package and of gen come here, and they all marshal.
	_ = json.NewEncoder(&o.body).Encode(value)
}

// finish applies the flags (F1–F7). The encoder's final newline goes: a
// compact body has none (S10).
func (o *reply) finish(f flags, key string) []byte {
	body := bytes.TrimRight(o.body.Bytes(), "\n")
	if o.bare || len(body) == 0 {
		return body
	}
	if f.envelope {
		body = wrap(o.status, key, body)
	}
	if f.pretty {
		body = indent(body)
	}
	return body
}

// wrap puts a body under the envelope's key (F1).
func wrap(status int, key string, body []byte) []byte {
	out := make([]byte, 0, len(body)+len(key)+24)
	out = append(out, `{"status":`...)
	out = strconv.AppendInt(out, int64(status), 10)
	out = append(out, `,"`...)
	out = append(out, key...)
	out = append(out, `":`...)
	out = append(out, body...)
	return append(out, '}')
}

// indent changes the white space of a JSON text and nothing else (F6).
func indent(body []byte) []byte {
	var out bytes.Buffer
	if err := json.Indent(&out, body, "", "  "); err != nil {
		return body
	}
	return out.Bytes()
}

// send writes the reply to the wire. A HEAD request gets the header that GET
// would have got.
func (o *reply) send(w http.ResponseWriter, method string, body []byte) {
	header := w.Header()
	for name, values := range o.header {
		header[name] = values
	}
	if o.status != http.StatusNoContent {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(o.status)
	if method != http.MethodHead && len(body) > 0 {
		_, _ = w.Write(body) // a client that went away is nobody's error
	}
}
