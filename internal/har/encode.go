package har

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/atlas-contract/conformance/contract"
)

// Encoder writes exchanges as a HAR 1.2 file, each as it comes. The file is
// complete after Close. It is not safe for concurrent use.
type Encoder struct {
	w             io.Writer
	name, version string
	entries       int
	err           error
}

// NewEncoder returns an encoder; name and version are those of the program
// that records.
func NewEncoder(w io.Writer, name, version string) *Encoder {
	return &Encoder{w: w, name: name, version: version}
}

// Encode writes an exchange, and before it the challenge that it answered.
// Secrets are written like anything else.
func (e *Encoder) Encode(x *contract.Exchange) error {
	if x.Challenge != nil {
		if err := e.Encode(x.Challenge); err != nil {
			return err
		}
	}
	text, err := marshal(newOutEntry(x))
	if err != nil {
		return fmt.Errorf("write recording: %w", err)
	}
	before := ",\n"
	if e.entries == 0 {
		before = e.head()
	}
	e.entries++
	return e.write(before + text)
}

// Close writes the end of the file; it does not close the writer.
func (e *Encoder) Close() error {
	end := "\n]}}\n"
	if e.entries == 0 {
		end = e.head() + end
	}
	return e.write(end)
}

func (e *Encoder) head() string {
	creator, _ := marshal(map[string]string{"name": e.name, "version": e.version})
	return `{"log":{"version":"1.2","creator":` + creator + ",\"entries\":[\n"
}

func (e *Encoder) write(text string) error {
	if e.err != nil {
		return e.err
	}
	if _, err := io.WriteString(e.w, text); err != nil {
		e.err = fmt.Errorf("write recording: %w", err)
	}
	return e.err
}

func marshal(v any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// The members that HAR 1.2 wants, and with an underscore our own.
type outEntry struct {
	Started  string         `json:"startedDateTime"`
	Time     float64        `json:"time"`
	Request  outRequest     `json:"request"`
	Response outResponse    `json:"response"`
	Cache    struct{}       `json:"cache"`
	Timings  map[string]int `json:"timings"`
	Failure  string         `json:"_failure,omitempty"`
	Comment  string         `json:"comment,omitempty"`
}

type outRequest struct {
	Method      string    `json:"method"`
	URL         string    `json:"url"`
	Version     string    `json:"httpVersion"`
	Cookies     []outPair `json:"cookies"`
	Headers     []outPair `json:"headers"`
	Query       []outPair `json:"queryString"`
	Post        *outBody  `json:"postData,omitempty"`
	HeadersSize int       `json:"headersSize"`
	BodySize    int       `json:"bodySize"`
}

type outResponse struct {
	Status      int       `json:"status"`
	Reason      string    `json:"statusText"`
	Version     string    `json:"httpVersion"`
	Cookies     []outPair `json:"cookies"`
	Headers     []outPair `json:"headers"`
	Content     outBody   `json:"content"`
	Redirect    string    `json:"redirectURL"`
	HeadersSize int       `json:"headersSize"`
	BodySize    int       `json:"bodySize"`
}

type outBody struct {
	Size      *int   `json:"size,omitempty"`
	MimeType  string `json:"mimeType"`
	Text      string `json:"text"`
	Encoding  string `json:"encoding,omitempty"`
	Truncated bool   `json:"_truncated,omitempty"`
}

type outPair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func newOutEntry(x *contract.Exchange) outEntry {
	out := outEntry{
		Started:  x.Start.Format(time.RFC3339Nano),
		Time:     float64(x.Elapsed) / float64(time.Millisecond),
		Timings:  map[string]int{"send": 0, "wait": int(x.Elapsed.Milliseconds()), "receive": 0},
		Request:  newOutRequest(x.Request),
		Response: newOutResponse(x.Final()),
		Failure:  x.Failure,
	}
	out.Comment = strings.Trim(x.Operation+" "+x.Step, " ")
	return out
}

func newOutRequest(r contract.Request) outRequest {
	out := outRequest{
		Method: r.Method, URL: r.URL, Version: "HTTP/1.1", Cookies: []outPair{},
		Headers: pairsOf(r.Header), Query: queryOf(r.URL), HeadersSize: -1, BodySize: len(r.Body),
	}
	if r.Body != nil {
		body := newOutBody(r.Body, r.Header)
		out.Post = &body
	}
	return out
}

func newOutResponse(r contract.Response) outResponse {
	out := outResponse{
		Status: r.Status, Reason: r.Reason, Version: "HTTP/1.1", Cookies: []outPair{},
		Headers: pairsOf(r.Header), Content: newOutBody(r.Body, r.Header),
		Redirect: r.Header.Get("Location"), HeadersSize: -1, BodySize: len(r.Body),
	}
	size := len(r.Body)
	out.Content.Size = &size
	out.Content.Truncated = r.Truncated
	return out
}

// newOutBody writes what JSON can hold as text, and anything else in base64.
func newOutBody(body []byte, h http.Header) outBody {
	out := outBody{MimeType: h.Get("Content-Type"), Text: string(body)}
	if !utf8.Valid(body) {
		out.Text, out.Encoding = base64.StdEncoding.EncodeToString(body), "base64"
	}
	return out
}

// pairsOf lists the headers in the order of their names.
func pairsOf(h http.Header) []outPair {
	pairs := make([]outPair, 0, len(h))
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			pairs = append(pairs, outPair{name, value})
		}
	}
	return pairs
}

// queryOf lists the parameters of a URL, decoded where they can be.
func queryOf(address string) []outPair {
	pairs := []outPair{}
	_, query, _ := strings.Cut(address, "?")
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, outPair{decoded(name), decoded(value)})
	}
	return pairs
}

func decoded(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}
