package coverage

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// request meets what a request has.
func (e *entry) request(m meeting, r *contract.Request, params map[string]string, media string) {
	if r.Method != e.op.Method {
		return
	}
	m.hit(e.path)
	m.hit(e.own)
	_, query, _ := strings.Cut(contract.Target(r.URL), "?")
	values, _ := url.ParseQuery(query) // what can be read of it
	for i := range e.parameters {
		e.parameters[i].meet(m, r, params, values)
	}
	e.content(m, r, media)
}

// content meets what the body of a request has.
func (e *entry) content(m meeting, r *contract.Request, name string) {
	if len(r.Body) == 0 {
		m.hit(e.noBody)
		return
	}
	m.hit(e.body)
	declared := pick(e.media, kind(name))
	if declared == nil {
		return
	}
	m.hit(declared.item)
	if v, ok := content(declared.place, r.Body, name); ok {
		m.value(declared.place, v)
		m.absences(declared.place, v)
	}
}

// content is the value of a body, false where it cannot be read.
func content(p *place, body []byte, name string) (any, bool) {
	switch plain := kind(name); {
	case plain == "application/x-www-form-urlencoded":
		values, err := url.ParseQuery(string(body))
		return form(p, values), err == nil
	case strings.HasPrefix(plain, "multipart/"):
		return parts(p, body, name)
	case strings.HasSuffix(plain, "json"):
		return contract.Decode(body)
	}
	return nil, false
}

// form is a form as an object.
func form(p *place, values url.Values) any {
	object := map[string]any{}
	for name, texts := range values {
		if known := p.members[name]; known != nil {
			object[name] = typed(known.place, texts[0])
		} else {
			object[name] = texts[0]
		}
	}
	return object
}

// maxParts bounds what is read of a multipart body.
const maxParts = 100

// parts is a multipart body as an object (RFC 7578).
func parts(p *place, body []byte, name string) (any, bool) {
	_, parameters, err := mime.ParseMediaType(name)
	if err != nil || parameters["boundary"] == "" {
		return nil, false
	}
	values := url.Values{}
	reader := multipart.NewReader(bytes.NewReader(body), parameters["boundary"])
	for range maxParts {
		part, err := reader.NextPart()
		if err != nil {
			break
		}
		text, err := io.ReadAll(part)
		if err != nil {
			break
		}
		values.Add(part.FormName(), string(text))
	}
	return form(p, values), true
}

// absences meets the required members that an object leaves out.
func (m meeting) absences(p *place, v any) {
	object, ok := v.(map[string]any)
	if !ok {
		return
	}
	for name, known := range p.members {
		if inner, has := object[name]; !has {
			m.hit(known.absent)
		} else {
			m.absences(known.place, inner)
		}
	}
	for _, part := range p.parts {
		m.absences(part, v)
	}
	for _, c := range p.fitting(v) {
		m.absences(c.place, v)
	}
}

// meet meets what a request has of a parameter.
func (p *parameter) meet(m meeting, r *contract.Request, params map[string]string, query url.Values) {
	var texts []string
	switch p.In {
	case "path":
		m.hit(p.item) // there is no such request without it
		if text, known := params[p.Name]; known {
			texts = []string{text}
		}
	case "query":
		texts = query[p.Name]
		if object := members(p.Parameter, p.place, query); object != nil && texts == nil {
			m.hit(p.item)
			m.value(p.place, object)
			return
		}
	case "header":
		texts = r.Header.Values(p.Name)
	case "cookie":
		for _, c := range (&http.Request{Header: r.Header}).CookiesNamed(p.Name) {
			texts = append(texts, c.Value)
		}
	}
	if len(texts) == 0 {
		m.hit(p.absent)
		return
	}
	if p.In != "path" {
		m.hit(p.item)
	}
	m.value(p.place, read(p.Parameter, p.place, texts))
}

// decoded is a JSON text as a value, or the text itself.
func decoded(text string) any {
	if v, ok := contract.Decode([]byte(text)); ok {
		return v
	}
	return text
}

// broken meets the keyword that a case breaks.
func (e *entry) broken(m meeting, b *contract.Break) {
	at, pointer := e.start(b)
	if at == nil {
		return
	}
	way := []*place{at}
	for token := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if at = at.step(spec.Unescape(token)); at == nil {
			break
		}
		way = append(way, at)
	}
	for i := len(way) - 1; i >= 0; i-- {
		if it := way[i].keyword(b.Keyword); it != nil {
			m.hit(it)
			return
		}
	}
}

// start is the place in which something is broken, and the pointer within.
func (e *entry) start(b *contract.Break) (*place, string) {
	if b.In == "body" && len(e.media) > 0 {
		return e.media[0].place, b.Pointer
	}
	name, pointer, _ := strings.Cut(strings.TrimPrefix(b.Pointer, "/"), "/")
	for i := range e.parameters {
		if p := &e.parameters[i]; p.In == b.In && strings.EqualFold(p.Name, spec.Unescape(name)) {
			return p.place, pointer
		}
	}
	return nil, ""
}

// step is the place of a member or item, nil where the schema has none.
func (p *place) step(token string) *place {
	if m := p.members[token]; m != nil {
		return m.place
	}
	for _, part := range p.parts {
		if at := part.step(token); at != nil {
			return at
		}
	}
	for _, c := range p.choices {
		if at := c.place.step(token); at != nil {
			return at
		}
	}
	if p.rest != nil && p.elem == nil {
		return p.rest.place
	}
	return p.elem
}

// keyword is the item of a keyword at a place.
func (p *place) keyword(name string) *item {
	if it := p.keywords[name]; it != nil {
		return it
	}
	if name == "nullable" {
		return p.keywords["type"]
	}
	for _, part := range p.parts {
		if it := part.keyword(name); it != nil {
			return it
		}
	}
	return nil
}
