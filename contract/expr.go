package contract

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Eval evaluates an OpenAPI runtime expression (OpenAPI 3.0.3, Link Object)
// over an exchange: $url, $method, $statusCode, $request.path.NAME,
// $request.query.NAME, $request.header.NAME, $request.body#/POINTER and the
// same of $response. Beyond the specification it knows $statusPhrase, the
// standard phrase of the status (RFC 9110, section 15), and $target, path and
// query as sent. Anything that does not start with $ is itself.
//
// A reply may be wrapped: when the pointer leads nowhere in the response's
// body, it is tried below each of the members under. It tells false where the
// exchange has no such value.
func Eval(expr string, e *Exchange, under ...string) (any, bool) {
	switch expr {
	case "$url":
		return e.Request.URL, true
	case "$method":
		return e.Request.Method, true
	case "$statusCode":
		return json.Number(strconv.Itoa(e.Final().Status)), e.Response != nil
	case "$statusPhrase":
		phrase := http.StatusText(e.Final().Status)
		return phrase, phrase != ""
	case "$target":
		return Target(e.Request.URL), true
	}
	if rest, ok := strings.CutPrefix(expr, "$request."); ok {
		return evalMessage(rest, e, e.Request.Header, e.Request.Body, nil)
	}
	if rest, ok := strings.CutPrefix(expr, "$response."); ok {
		if e.Response == nil {
			return nil, false
		}
		return evalMessage(rest, e, e.Response.Header, e.Response.Body, under)
	}
	return expr, !strings.HasPrefix(expr, "$")
}

func evalMessage(rest string, e *Exchange, header http.Header, body []byte, under []string) (any, bool) {
	if name, ok := strings.CutPrefix(rest, "header."); ok {
		values := header.Values(name)
		return strings.Join(values, ", "), len(values) > 0
	}
	if name, ok := strings.CutPrefix(rest, "path."); ok {
		value, found := e.Params[name]
		return value, found
	}
	if name, ok := strings.CutPrefix(rest, "query."); ok {
		return evalQuery(e, name)
	}
	if pointer, ok := strings.CutPrefix(rest, "body"); ok {
		return evalBody(strings.TrimPrefix(pointer, "#"), body, under)
	}
	return nil, false
}

func evalQuery(e *Exchange, name string) (any, bool) {
	u, err := url.Parse(e.Request.URL)
	if err != nil {
		return nil, false
	}
	query := u.Query()
	return query.Get(name), query.Has(name)
}

func evalBody(pointer string, body []byte, under []string) (any, bool) {
	v, ok := Decode(body)
	if !ok {
		return nil, false
	}
	if found, ok := At(v, pointer); ok {
		return found, true
	}
	for _, key := range under {
		if found, ok := At(v, "/"+key+pointer); ok {
			return found, true
		}
	}
	return nil, false
}

// Target is the path and query of a URL, byte for byte.
func Target(u string) string {
	if _, rest, ok := strings.Cut(u, "://"); ok {
		i := strings.IndexAny(rest, "/?")
		if i < 0 {
			return "/"
		}
		u = rest[i:]
	}
	if !strings.HasPrefix(u, "/") {
		u = "/" + u
	}
	u, _, _ = strings.Cut(u, "#")
	return u
}

// Path is the path of a URL, byte for byte, without its query.
func Path(u string) string {
	path, _, _ := strings.Cut(Target(u), "?")
	return path
}

// Text is a decoded scalar as it stands in a URL.
func Text(v any) (string, bool) {
	switch x := v.(type) {
	case string:
		return x, true
	case json.Number:
		return string(x), true
	case bool:
		return strconv.FormatBool(x), true
	}
	return "", false
}

// Segment tells whether a text that a target made up may go into a path. With
// dots alone it would lead to another resource, escaped or not (RFC 3986,
// section 5.2.4).
func Segment(text string) bool {
	const most = 6 << 10 // servers take request lines of 8 KiB
	return text != "" && text != "." && text != ".." && len(text) <= most
}
