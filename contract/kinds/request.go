package kinds

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// draft is a request of an operation in the making.
type draft struct {
	op     *spec.Operation
	path   map[string]string // decoded values of path parameters
	bound  map[string]bool   // path parameters that an earlier step fills
	query  []string          // name=value, escaped
	header http.Header
	cookie []string
	body   []byte
}

// request puts a draft together. Path parameters that an earlier step fills
// stay as {name}.
func (d *draft) request(base string) (contract.Request, error) {
	path := d.op.Path
	for _, p := range d.op.Parameters {
		if p.In != "path" || d.bound[p.Name] {
			continue
		}
		value, ok := d.path[p.Name]
		if !ok {
			return contract.Request{}, fmt.Errorf("no value for the path parameter %s: give --param %s=…, or an example in the document", p.Name, p.Name)
		}
		path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(value))
	}
	if len(d.query) > 0 {
		path += "?" + strings.Join(d.query, "&")
	}
	header := d.header
	if len(d.cookie) > 0 {
		header.Set("Cookie", strings.Join(d.cookie, "; "))
	}
	return contract.Request{Method: d.op.Method, URL: base + path, Header: header, Body: d.body}, nil
}

// draftExample fills a draft with the values documented under a key, and for
// parameters without such an example with their default ones where they are
// required.
func (s *Source) draftExample(op *spec.Operation, key string) *draft {
	d := &draft{op: op, path: map[string]string{}, bound: map[string]bool{}, header: http.Header{}}
	d.header.Set("Accept", accept(op))
	for _, p := range op.Parameters {
		value, ok := s.exampleValue(p, key)
		if !ok {
			continue
		}
		d.set(p, value)
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

// set puts a parameter's value where it belongs, in the default style of its
// place.
func (d *draft) set(p spec.Parameter, value any) {
	text := flat(value)
	switch p.In {
	case "path":
		d.path[p.Name] = text
	case "query":
		for _, item := range exploded(p, value) {
			d.query = append(d.query, url.QueryEscape(p.Name)+"="+url.QueryEscape(item))
		}
	case "header":
		d.header.Set(p.Name, text)
	case "cookie":
		d.cookie = append(d.cookie, p.Name+"="+url.QueryEscape(text))
	}
}

// exploded is the list of values that a query parameter repeats.
func exploded(p spec.Parameter, value any) []string {
	list, ok := value.([]any)
	if !ok || !p.Explode {
		return []string{flat(value)}
	}
	var out []string
	for _, item := range list {
		out = append(out, flat(item))
	}
	return out
}

// flat is a value as one text: a scalar itself, an array joined with commas.
func flat(value any) string {
	if text, ok := contract.Text(value); ok {
		return text
	}
	if list, ok := value.([]any); ok {
		var out []string
		for _, item := range list {
			out = append(out, flat(item))
		}
		return strings.Join(out, ",")
	}
	return contract.Show(value)
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
