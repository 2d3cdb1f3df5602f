package bakery

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// request is a request with what was read of it.
type request struct {
	*http.Request
	path      map[string]string // decoded parameters
	query     []pair
	malformed bool // the query has a percent sign that escapes nothing
	// wrong gathers what is wrong with the parameters.
	wrong checker
}

// pair is one name and value of a query. Raw is the value as it was sent.
type pair struct{ name, value, raw string }

// pairs reads a query. A plus sign is a plus sign.
func pairs(query string) (list []pair, malformed bool) {
	for part := range strings.SplitSeq(query, "&") {
		name, raw, _ := strings.Cut(part, "=")
		plain, err := url.PathUnescape(name)
		value, err2 := url.PathUnescape(raw)
		malformed = malformed || err != nil || err2 != nil
		if part != "" {
			list = append(list, pair{plain, value, raw})
		}
	}
	return list, malformed
}

func (r *request) all(name string) []string {
	var out []string
	for _, p := range r.query {
		if p.name == name {
			out = append(out, p.value)
		}
	}
	return out
}

// one is the value of a parameter that may be given once.
func (r *request) one(name string) (string, bool) {
	values := r.all(name)
	if len(values) > 1 {
		r.wrong.add(name, "is given more than once")
	}
	return append(values, "")[0], len(values) > 0
}

// optional checks a parameter of plain text and returns it, or the default.
func (r *request) optional(name string, check rule, otherwise string) string {
	value, ok := r.one(name)
	if !ok {
		return otherwise
	}
	check(&r.wrong, name, value)
	return value
}

// separated is an array whose items stand in one value, between separators as
// they are sent.
func (r *request) separated(name string, check rule, separators ...string) []string {
	raw := ""
	for _, p := range r.query {
		if p.name == name {
			raw = p.raw
		}
	}
	if _, given := r.one(name); !given {
		return nil
	}
	for _, s := range separators[1:] {
		raw = strings.ReplaceAll(raw, s, separators[0])
	}
	items := strings.Split(raw, separators[0])
	for i := range items {
		items[i], _ = url.PathUnescape(items[i])
	}
	return r.list(name, items, check)
}

// list checks an array of texts.
func (r *request) list(name string, items []string, check rule) []string {
	if len(items) == 0 {
		return nil
	}
	list := make([]any, len(items))
	for i, item := range items {
		list[i] = item
	}
	check(&r.wrong, name, list)
	return items
}

// refused is the reply to a request whose parameters are wrong.
func (r *request) refused() (reply, bool) {
	if len(r.wrong.found) == 0 {
		return reply{}, false
	}
	return problem(http.StatusBadRequest, "a parameter does not fit its schema", r.wrong.found...), true
}

// errTooLong is a body of more than there may be.
var errTooLong = errors.New("the body is longer than 1 MiB")

func (r *request) read() ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, sizeLimit+1))
	if err == nil && len(body) > sizeLimit {
		err = errTooLong
	}
	return body, err
}

// carries tells whether the body is of a media type, in UTF-8.
func (r *request) carries(media string) bool {
	given, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := params["charset"]
	return err == nil && given == media && (charset == "" || strings.EqualFold(charset, "utf-8"))
}

// body reads a body of JSON and checks it. The reply is what refuses it.
func (s *Server) body(r *request, media string, check rule) (map[string]any, *reply) {
	refuse := func(a reply) (map[string]any, *reply) { return nil, &a }
	if !r.carries(media) && !s.fault.is("any-media-type") {
		return refuse(problem(http.StatusUnsupportedMediaType, "send "+media))
	}
	data, err := r.read()
	if errors.Is(err, errTooLong) {
		return refuse(problem(http.StatusRequestEntityTooLarge, err.Error()))
	}
	v, err := decoder{s.fault}.decode(data)
	if err != nil {
		return refuse(s.pickReply("no-json-500", problem(http.StatusInternalServerError, "oops"), problem(http.StatusBadRequest, err.Error())))
	}
	var k checker
	check(&k, "", v)
	if len(k.found) > 0 {
		return refuse(s.unfit(k.found))
	}
	object, _ := v.(map[string]any)
	return object, nil
}

// unfit refuses a body that can be read but is not by its schema.
func (s *Server) unfit(wrong []invalid) reply {
	const detail = "the body does not fit its schema"
	switch {
	case s.fault.is("problem-in-json"):
		a := problem(http.StatusUnprocessableEntity, detail, wrong...)
		a.header.Set("Content-Type", "application/json")
		return a
	case s.fault.is("problem-without-title"):
		return encoded(http.StatusUnprocessableEntity, "application/problem+json", map[string]any{"status": 422})
	case s.fault.is("problem-status-text"):
		return encoded(http.StatusUnprocessableEntity, "application/problem+json", map[string]any{"title": "no", "status": "422"})
	case s.fault.is("unfit-500"):
		return problem(http.StatusInternalServerError, detail)
	}
	return problem(http.StatusUnprocessableEntity, detail, wrong...)
}
