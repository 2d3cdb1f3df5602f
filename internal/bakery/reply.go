package bakery

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// reply is what goes back.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (a reply) send(w http.ResponseWriter, method string) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	if method != http.MethodHead {
		_, _ = w.Write(a.body) // a client that has gone needs no answer
	}
}

func empty(status int) reply { return reply{status: status, header: http.Header{}} }

// result is a reply of JSON.
func result(status int, v any) reply { return encoded(status, "application/json", v) }

func text(status int, s string) reply {
	a := empty(status)
	a.header.Set("Content-Type", "text/plain; charset=utf-8")
	a.body = []byte(s)
	return a
}

// problem is a refusal as of RFC 9457.
func problem(status int, detail string, wrong ...invalid) reply {
	type body struct {
		Type   string    `json:"type"`
		Title  string    `json:"title"`
		Status int       `json:"status"`
		Detail string    `json:"detail"`
		Errors []invalid `json:"errors,omitempty"`
	}
	return encoded(status, "application/problem+json", body{"about:blank", http.StatusText(status), status, detail, wrong})
}

func encoded(status int, media string, v any) reply {
	a := empty(status)
	a.header.Set("Content-Type", media)
	body, err := json.Marshal(v)
	if err != nil { // the server made v: that cannot be
		return empty(http.StatusInternalServerError)
	}
	a.body = body
	return a
}

// quoted is an entity tag for a version.
func quoted(version int) string { return `"v` + strconv.Itoa(version) + `"` }
