package coverage

import (
	"net/url"

	"github.com/atlas-contract/conformance/contract"
)

// reply meets what a response has. Media is its media type, under the name that
// the contract has for it.
func (e *entry) reply(x *contract.Exchange, media string) {
	m := meeting{trial: met}
	e.replies++
	r := e.declared(x.Response.Status)
	if r == nil {
		return
	}
	m.hit(r.item)
	m.hit(r.class)
	for _, h := range r.headers {
		if len(x.Response.Header.Values(h.name)) > 0 {
			m.hit(h.item)
		}
	}
	if len(x.Response.Body) == 0 {
		return
	}
	declared := pick(r.media, kind(media))
	if declared == nil {
		return
	}
	m.hit(declared.item)
	if x.Response.Truncated {
		return
	}
	if v, ok := content(declared.place, x.Response.Body, media); ok {
		m.value(declared.place, e.opened(x, declared.place, v))
	}
}

// declared is the entry of the response that the contract has for a status.
func (e *entry) declared(status int) *response {
	declared := e.op.Response(status)
	for i := range e.op.Responses {
		if declared == &e.op.Responses[i] {
			return &e.responses[i]
		}
	}
	return nil
}

// opened is a body without the envelope that the request asked for, unless the
// schema has the envelope too.
func (e *entry) opened(x *contract.Exchange, p *place, v any) any {
	envelope := e.op.Envelope()
	object, ok := v.(map[string]any)
	if envelope == nil || !ok {
		return v
	}
	if u, err := url.Parse(x.Request.URL); err != nil || u.Query().Get(envelope.Name) != "true" {
		return v
	}
	if _, has := object[envelope.Relation.Status]; !has {
		return v
	}
	for _, key := range envelope.Relation.Keys {
		if inner, has := object[key]; has && !p.knows(key) {
			return inner
		}
	}
	return v
}

// knows tells whether a schema declares a member.
func (p *place) knows(name string) bool {
	if p.members[name] != nil {
		return true
	}
	for _, part := range p.parts {
		if part.knows(name) {
			return true
		}
	}
	for _, c := range p.choices {
		if c.place.knows(name) {
			return true
		}
	}
	return false
}
