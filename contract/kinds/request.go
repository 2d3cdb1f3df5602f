package kinds

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// draft is a request of an operation in the making.
type draft struct {
	op     *spec.Operation
	method string
	path   map[string]string // decoded values of path parameters
	text   map[string]string // the same as they stand in the path
	bound  map[string]bool   // path parameters that an earlier step fills
	query  []pair            // escaped name=value pairs by parameter
	header http.Header
	cookie []pair
	body   []byte
}

// pair is what one parameter adds to a query or to the cookies.
type pair struct{ parameter, text string }

func newDraft(op *spec.Operation) *draft {
	d := &draft{op: op, method: op.Method, path: map[string]string{}, text: map[string]string{}, bound: map[string]bool{}, header: http.Header{}}
	d.header.Set("Accept", accept(op))
	return d
}

// clone is a draft to be changed.
func (d *draft) clone() *draft {
	out := *d
	out.path, out.text, out.bound = maps.Clone(d.path), maps.Clone(d.text), maps.Clone(d.bound)
	out.query, out.cookie = slices.Clone(d.query), slices.Clone(d.cookie)
	out.header = d.header.Clone()
	return &out
}

// target is path and query. Path parameters that an earlier step fills stay as
// {name}, in the style that they have.
func (d *draft) target() (string, error) {
	path := d.op.Path
	for _, p := range d.op.Parameters {
		if p.In != "path" {
			continue
		}
		if d.bound[p.Name] {
			path = strings.ReplaceAll(path, "{"+p.Name+"}", affix(p)+"{"+p.Name+"}")
			continue
		}
		text, ok := d.text[p.Name]
		if !ok {
			return "", fmt.Errorf("no value for the path parameter %s: give --param %s=…, or an example in the document", p.Name, p.Name)
		}
		path = strings.ReplaceAll(path, "{"+p.Name+"}", text)
	}
	var query []string
	for _, q := range d.query {
		query = append(query, q.text)
	}
	if len(query) > 0 {
		path += "?" + strings.Join(query, "&")
	}
	return path, nil
}

// affix is what a style puts before a path parameter's value.
func affix(p spec.Parameter) string {
	switch p.Style {
	case "label":
		return "."
	case "matrix":
		return ";" + p.Name + "="
	}
	return ""
}

// request puts a draft together.
func (d *draft) request(base string) (contract.Request, error) {
	target, err := d.target()
	if err != nil {
		return contract.Request{}, err
	}
	header := d.header.Clone()
	var cookies []string
	for _, c := range d.cookie {
		cookies = append(cookies, c.text)
	}
	if len(cookies) > 0 {
		header.Set("Cookie", strings.Join(cookies, "; "))
	}
	return contract.Request{Method: d.method, URL: base + target, Header: header, Body: d.body}, nil
}

// draftExample fills a draft with the values documented under a key, and for
// parameters without such an example with their default ones where they are
// required.
func (s *Source) draftExample(op *spec.Operation, key string) *draft {
	d := newDraft(op)
	for _, p := range op.Parameters {
		if value, ok := s.exampleValue(p, key); ok {
			d.set(p, value)
		}
	}
	if op.Body != nil {
		d.setBody(op, key)
	}
	return d
}

// accept lists the media types of the documented successes.
func accept(op *spec.Operation) string {
	var list []string
	seen := map[string]bool{}
	for _, r := range op.Responses {
		for _, m := range r.Media {
			if strings.HasPrefix(r.Status, "2") && !seen[m.Type] {
				seen[m.Type] = true
				list = append(list, m.Type)
			}
		}
	}
	if len(list) == 0 {
		return "*/*"
	}
	return strings.Join(list, ", ")
}

// exampleValue is the parameter's example of the key; failing that, for a
// required one, the user's value, the unnamed example, the schema's example or
// its default.
func (s *Source) exampleValue(p spec.Parameter, key string) (any, bool) {
	for _, e := range p.Examples {
		if key != "" && e.Key == key && e.Value.Exists() {
			return e.Value.Value(), true
		}
	}
	if p.In == "path" {
		if value, ok := s.Params[p.Name]; ok {
			return value, true
		}
	}
	if !p.Required && p.In != "path" {
		return nil, false
	}
	return defaultValue(p)
}

func defaultValue(p spec.Parameter) (any, bool) {
	for _, e := range p.Examples {
		if e.Key == "" && e.Value.Exists() {
			return e.Value.Value(), true
		}
	}
	schema := p.Schema.Resolve()
	for _, key := range []string{"example", "default"} {
		if v := schema.Get(key); v.Exists() {
			return v.Value(), true
		}
	}
	for _, e := range p.Examples {
		if e.Value.Exists() {
			return e.Value.Value(), true
		}
	}
	for _, v := range schema.Get("enum").Items() {
		return v.Value(), true
	}
	return nil, false
}

// set gives a parameter a value, in place of any that it has. It tells false
// where the value cannot be sent in that place.
func (d *draft) set(p spec.Parameter, value any) bool {
	d.unset(p)
	if list, ok := value.([]any); ok && len(list) == 0 {
		return false // a parameter cannot say that it holds nothing (RFC 6570, section 2.3)
	}
	switch p.In {
	case "path":
		d.path[p.Name], d.text[p.Name] = flat(value), inPath(p, value)
		return d.text[p.Name] != "" && d.text[p.Name] != "." && d.text[p.Name] != ".."
	case "query":
		for _, text := range inQuery(p, value) {
			d.query = append(d.query, pair{p.Name, text})
		}
	case "header":
		text, ok := inHeader(p, value)
		if !ok {
			return false
		}
		d.header.Set(p.Name, text)
	case "cookie":
		d.cookie = append(d.cookie, pair{p.Name, inCookie(p, value)})
	}
	return true
}

// unset leaves a parameter out.
func (d *draft) unset(p spec.Parameter) {
	of := func(q pair) bool { return q.parameter == p.Name }
	switch p.In {
	case "path":
		delete(d.path, p.Name)
		delete(d.text, p.Name)
		delete(d.bound, p.Name)
	case "query":
		d.query = slices.DeleteFunc(d.query, of)
	case "header":
		d.header.Del(p.Name)
	case "cookie":
		d.cookie = slices.DeleteFunc(d.cookie, of)
	}
}

// setBody takes the body's example of the key, else the first one whose key is
// documented with a success.
func (d *draft) setBody(op *spec.Operation, key string) {
	media, example, ok := bodyExample(op, key)
	if !ok {
		return
	}
	d.header.Set("Content-Type", media)
	d.body = example.Value.JSON()
	if !strings.Contains(media, "json") {
		d.body = []byte(example.Value.Text())
	}
}

func bodyExample(op *spec.Operation, key string) (string, spec.Example, bool) {
	good := successKeys(op)
	for _, want := range []func(spec.Example) bool{
		func(e spec.Example) bool { return key != "" && e.Key == key },
		func(e spec.Example) bool { return e.Key == "" },
		func(e spec.Example) bool { return good[e.Key] },
	} {
		for _, m := range op.Body.Media {
			for _, e := range m.Examples {
				if want(e) && e.Value.Exists() {
					return m.Type, e, true
				}
			}
		}
	}
	return "", spec.Example{}, false
}

// successKeys are the keys of the examples documented with a 2xx.
func successKeys(op *spec.Operation) map[string]bool {
	out := map[string]bool{}
	for _, r := range op.Responses {
		for _, m := range r.Media {
			for _, e := range m.Examples {
				out[e.Key] = out[e.Key] || strings.HasPrefix(r.Status, "2") && e.Key != ""
			}
		}
	}
	return out
}
