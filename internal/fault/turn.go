package fault

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
)

// act is an operation of the contract.
type act string

// The operations; elsewhere is every other method or path.
const (
	create     act = "create"
	list       act = "list"
	get        act = "get"
	remove     act = "delete"
	attach     act = "attach"
	getOne     act = "get an endpoint"
	detach     act = "detach"
	readMode   act = "read the mode"
	setMode    act = "set the mode"
	containers act = "list containers"
	elsewhere  act = ""
)

// turn is a request and the reply to it, before that is sent.
type turn struct {
	r *http.Request
	act
	// project, provider and service are from the path, provider from the body
	// for a create, region from the body. All are as sent.
	project, provider, service, region string
	// endpoint is from the path of get and detach.
	endpoint string
	sent     []byte

	status int
	header http.Header
	body   []byte
	// short tells that the body is to be shorter than the header says.
	short bool
}

// paths tells the operations apart; the groups are project, provider, service,
// endpoint.
func paths() map[act]*regexp.Regexp {
	const group = `/groups/([^/]+)`
	return map[act]*regexp.Regexp{
		create:     regexp.MustCompile(group + `/privateEndpoint/endpointService$`),
		list:       regexp.MustCompile(group + `/privateEndpoint/([^/]+)/endpointService$`),
		get:        regexp.MustCompile(group + `/privateEndpoint/([^/]+)/endpointService/([^/]+)$`),
		attach:     regexp.MustCompile(group + `/privateEndpoint/([^/]+)/endpointService/([^/]+)/endpoint$`),
		getOne:     regexp.MustCompile(group + `/privateEndpoint/([^/]+)/endpointService/([^/]+)/endpoint/(.+)$`),
		readMode:   regexp.MustCompile(group + `/privateEndpoint/regionalMode$`),
		containers: regexp.MustCompile(group + `/containers$`),
	}
}

// reader finds out which operation a request is.
type reader struct{ paths map[act]*regexp.Regexp }

func newReader() *reader { return &reader{paths()} }

// read is the turn that a request begins.
func (p *reader) read(r *http.Request) *turn {
	t := &turn{r: r}
	for a, form := range p.paths {
		m := form.FindStringSubmatch(r.URL.Path)
		if m == nil {
			continue
		}
		t.act = means(a, r.Method)
		for i, into := range []*string{&t.project, &t.provider, &t.service, &t.endpoint} {
			if i+1 < len(m) {
				*into = m[i+1]
			}
		}
	}
	return t
}

// means is the operation that a method is on the path of one.
func means(path act, method string) act {
	switch method {
	case http.MethodPost:
		if path == create || path == attach {
			return path
		}
	case http.MethodDelete:
		switch path {
		case get:
			return remove
		case getOne:
			return detach
		}
	case http.MethodPatch:
		if path == readMode {
			return setMode
		}
	case http.MethodGet, http.MethodHead:
		if path != create && path != attach {
			return path
		}
	}
	return elsewhere
}

// understand reads what the request body says, after it was read.
func (t *turn) understand() {
	if t.act != create {
		return
	}
	var wanted struct{ ProviderName, Region any }
	if json.Unmarshal(t.sent, &wanted) != nil {
		return
	}
	t.provider, _ = wanted.ProviderName.(string)
	t.region, _ = wanted.Region.(string)
}

// asks tells whether a flag is true in the query.
func (t *turn) asks(flag string) bool { return t.r.URL.Query().Get(flag) == "true" }

// user is the name in the digest credentials, or "".
func (t *turn) user() string {
	_, rest, found := strings.Cut(t.r.Header.Get("Authorization"), `username="`)
	name, _, _ := strings.Cut(rest, `"`)
	if !found {
		return ""
	}
	return name
}

// parse reads JSON as it stands: numbers keep their digits.
func parse(text []byte) (any, bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	return v, d.Decode(&v) == nil
}

// write is JSON without white space.
func write(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // only what was JSON before, or is written out in this package
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// outer lets the whole body be changed, an envelope included.
func (t *turn) outer(change func(v any) any) {
	v, ok := parse(t.body)
	if !ok {
		return
	}
	t.body = write(change(v))
	if t.asks("pretty") {
		t.indent()
	}
}

func (t *turn) indent() {
	var b bytes.Buffer
	if json.Indent(&b, t.body, "", "  ") == nil {
		t.body = b.Bytes()
	}
}

// envelope is the body as an envelope, with the name of the member that holds
// what is wrapped, or false.
func (t *turn) envelope(v any) (m map[string]any, key string, ok bool) {
	m, ok = v.(map[string]any)
	if !ok || !t.asks("envelope") || len(m) != 2 {
		return nil, "", false
	}
	for _, key := range []string{"envelope", "content"} {
		if _, ok := m[key]; ok {
			return m, key, true
		}
	}
	return nil, "", false
}

// value lets the body be changed, without the envelope it may have.
func (t *turn) value(change func(v any) any) {
	t.outer(func(v any) any {
		m, key, ok := t.envelope(v)
		if !ok {
			return change(v)
		}
		m[key] = change(m[key])
		return m
	})
}

// object lets an object be changed that is the body.
func (t *turn) object(change func(m map[string]any)) {
	t.value(func(v any) any {
		if m, ok := v.(map[string]any); ok {
			change(m)
		}
		return v
	})
}

// items lets each service in the reply be changed, the one or those of a list.
func (t *turn) items(change func(m map[string]any)) {
	t.value(func(v any) any {
		all, ok := v.([]any)
		if !ok {
			all = []any{v}
		}
		for _, one := range all {
			if m, ok := one.(map[string]any); ok && m["id"] != nil {
				change(m)
			}
		}
		return v
	})
}

// say replaces the reply, with the flags applied.
func (t *turn) say(status int, v any) {
	t.status = status
	t.header.Set("Content-Type", "application/json")
	if t.asks("envelope") {
		v = map[string]any{"status": status, "envelope": v}
	}
	t.body = write(v)
	if t.asks("pretty") {
		t.indent()
	}
}

// refuse replaces the reply by an error.
func (t *turn) refuse(status int, code string) {
	t.say(status, map[string]any{
		"error": status, "reason": http.StatusText(status), "errorCode": code,
		"detail": "The request cannot be served.", "parameters": []string{},
	})
}

// become changes the status, in the envelope as well.
func (t *turn) become(status int) {
	t.status = status
	t.outer(func(v any) any {
		if m, _, ok := t.envelope(v); ok {
			m["status"] = status
		}
		return v
	})
}

// empty drops the body.
func (t *turn) empty() {
	t.body = nil
	t.header.Del("Content-Type")
}
