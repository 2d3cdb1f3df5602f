package coverage

import (
	"strings"

	"github.com/atlas-contract/conformance/internal/spec"
)

// entry is an operation with the items that its exchanges can meet.
type entry struct {
	op        *spec.Operation
	path, own *item
	// replies is how many replies came.
	replies    int
	parameters []parameter
	body       *item
	noBody     *item
	media      []media
	responses  []response
}

type parameter struct {
	*spec.Parameter
	item *item
	// absent is met by a request without it.
	absent *item
	place  *place
}

type media struct {
	name  string
	item  *item
	place *place
}

type response struct {
	item, class *item
	media       []media
	headers     []header
}

type header struct {
	name string
	item *item
}

// operation makes the items of an operation.
func (c *compiler) operation(op *spec.Operation) *entry {
	e := &entry{op: op, path: c.all.add(Paths, op.Path), own: c.all.add(Operations, op.ID)}
	for i := range op.Parameters {
		p := &op.Parameters[i]
		name := op.ID + " " + p.In + "." + p.Name
		one := parameter{Parameter: p, item: c.all.add(Parameters, name), place: c.schema(p.Schema, name, side{inline: true}, 0)}
		if p.Required && p.In != "path" {
			one.absent = c.all.add(Keywords, name+" required")
		}
		e.parameters = append(e.parameters, one)
	}
	if op.Body != nil {
		e.body = c.all.add(Parameters, op.ID+" body")
		if op.Body.Required {
			e.noBody = c.all.add(Keywords, op.ID+" body required")
		}
		for i, m := range op.Body.Media {
			name := op.ID + " body" + others(i, m.Type)
			it := c.all.add(RequestMedia, op.ID+" "+m.Type)
			e.media = append(e.media, media{kind(m.Type), it, c.schema(m.Schema, name, side{}, 0)})
		}
	}
	e.responses = make([]response, len(op.Responses))
	for i := range op.Responses {
		e.responses[i] = c.response(e, &op.Responses[i])
	}
	return e
}

// others tells the schemas of further media types apart.
func others(i int, media string) string {
	if i == 0 {
		return ""
	}
	return " (" + media + ")"
}

func (c *compiler) response(e *entry, r *spec.Response) response {
	name := e.op.ID + " " + r.Status
	out := response{item: c.all.among(Statuses, name, &e.replies, "replies of the operation")}
	for _, class := range []string{"2", "4"} {
		if strings.HasPrefix(r.Status, class) {
			out.class = c.all.among(StatusClasses, e.op.ID+" "+class+"XX", &e.replies, "replies of the operation")
		}
	}
	for i, m := range r.Media {
		it := c.all.among(ResponseMedia, name+" "+m.Type, &out.item.n, "replies of that status")
		out.media = append(out.media, media{kind(m.Type), it, c.schema(m.Schema, name+others(i, m.Type), side{reply: true}, 0)})
	}
	for _, h := range r.Headers {
		if !strings.EqualFold(h.Name, "Content-Type") { // to be ignored, says the specification
			it := c.all.among(ResponseHeaders, name+" "+h.Name, &out.item.n, "replies of that status")
			out.headers = append(out.headers, header{h.Name, it})
		}
	}
	return out
}

// kind is a media type without its parameters, in lower case.
func kind(media string) string {
	plain, _, _ := strings.Cut(media, ";")
	return strings.ToLower(strings.TrimSpace(plain))
}

// pick is the declared media type that fits one of a message best (OpenAPI
// 3.0.3, Media Types: the most specific one), nil for none.
func pick(list []media, name string) *media {
	best, how := -1, 0
	for i, m := range list {
		if n := fit(m.name, name); n > how {
			best, how = i, n
		}
	}
	if best < 0 {
		return nil
	}
	return &list[best]
}

func fit(declared, name string) int {
	top, ranged := strings.CutSuffix(declared, "/*")
	switch {
	case declared == name:
		return 3
	case ranged && strings.HasPrefix(name, top+"/"):
		return 2
	case declared == "*/*":
		return 1
	}
	return 0
}
