package fault

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/atlas-contract/conformance/internal/reference"
)

// The names of the steps of the reference server that faults leave out.
const (
	stepAuthenticate = "authenticate"
	stepProject      = "project"
	stepRole         = "role"
	stepFlags        = "flags"
)

// skips leaves out steps for the requests that are picked.
func skips(pick cond, steps ...string) plant {
	return inside(func(o *reference.Options) {
		paths := newReader()
		o.Hooks.Skip = func(step string, r *http.Request) bool {
			for _, name := range steps {
				if name == step {
					return pick(paths.read(r))
				}
			}
			return false
		}
	})
}

// requests changes requests once it is known who sent them, as a server that
// reads them in another way.
func requests(change func(t *turn, r *http.Request)) plant {
	return inside(func(o *reference.Options) {
		paths := newReader()
		o.Hooks.Request = func(r *http.Request, _ string) *http.Request {
			next := r.Clone(r.Context())
			change(paths.read(r), next)
			return next
		}
	})
}

// bodies changes the body of an operation before it is looked at.
func bodies(a act, change func([]byte) []byte) plant {
	return requests(func(t *turn, r *http.Request) {
		if t.act != a || r.Body == nil {
			return
		}
		body, err := io.ReadAll(r.Body)
		if err == nil {
			body = change(body)
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	})
}

// fields changes the members of the body of an operation, where it is an
// object.
func fields(a act, change func(m map[string]any)) plant {
	return bodies(a, func(body []byte) []byte {
		v, ok := parse(body)
		m, isObject := v.(map[string]any)
		if !ok || !isObject || !json.Valid(body) || !utf8.Valid(body) {
			return body
		}
		change(m)
		return write(m)
	})
}

// segments changes the path of a request, part by part.
func segments(change func(t *turn, path string) string) plant {
	return requests(func(t *turn, r *http.Request) {
		if path := change(t, r.URL.Path); path != r.URL.Path {
			r.URL = &url.URL{Path: path, RawQuery: r.URL.RawQuery}
		}
	})
}

// query changes the query of a request.
func query(change func(t *turn, q url.Values)) plant {
	return requests(func(t *turn, r *http.Request) {
		q := r.URL.Query()
		change(t, q)
		r.URL = &url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: q.Encode()}
	})
}

// targets changes which resource is meant.
func targets(change func(t *turn, to *reference.Target)) plant {
	return inside(func(o *reference.Options) {
		paths := newReader()
		o.Hooks.Target = func(r *http.Request, to *reference.Target) { change(paths.read(r), to) }
	})
}

// answers changes what is found out about credentials.
func answers(change func(*reference.Answer)) plant {
	return inside(func(o *reference.Options) { o.Hooks.Answer = change })
}
