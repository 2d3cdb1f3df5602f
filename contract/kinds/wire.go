package kinds

import (
	"bytes"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// The kinds of this file break what lies beside the schemas: the body as
// bytes, its media type, the query as a whole, the method.

// wireKind is a kind whose cases are made from the plan one after the other.
func wireKind(name, doc string, derive func(p *plan, yield func(*contract.Case) bool)) Kind {
	return Kind{
		Name: name, Doc: doc,
		Derive: func(s *Source, op *spec.Operation) iter.Seq[*contract.Case] {
			return func(yield func(*contract.Case) bool) {
				if p, err := s.plan(op); err == nil {
					derive(p.freshened(name), yield)
				}
			}
		},
	}
}

var malformed = wireKind("malformed",
	"Sends a body that is no JSON text: cut short, with something after it, not UTF-8, or none at all where one is required. It is to be rejected.",
	func(p *plan, yield func(*contract.Case) bool) {
		media, ok := jsonMedia(p.op)
		if !ok || len(p.draft.body) < 2 {
			return
		}
		body := p.draft.body
		for _, fault := range []struct {
			detail string
			body   []byte
			expect contract.Expect
		}{
			{"truncated", body[:len(body)-1], contract.Rejected},
			{"trailing-data", append(slices.Clone(body), " {}"...), contract.Rejected},
			{"no-json", []byte("{no json"), contract.Rejected},
			{"text", []byte("text"), contract.Rejected},
			{"invalid-utf8", []byte("{\"\xff\xfe\":\"\xff\"}"), contract.Rejected},
			{"invalid-utf8-inside", p.spoiled(), contract.Rejected},
			{"empty", []byte{}, contract.Rejected},
			{"trailing-comma", trailingComma(body), contract.Rejected},
			{"comment", append([]byte("/* a comment */ "), body...), contract.Rejected},
			{"single-quotes", bytes.ReplaceAll(body, []byte(`"`), []byte("'")), contract.Rejected},
			{"duplicate-members", twice(body), contract.Any},
			{"deep", append(bytes.Repeat([]byte(`{"a":`), 2000), append([]byte("1"), bytes.Repeat([]byte("}"), 2000)...)...), contract.Any},
			{"huge-number", []byte(`{"a":1e400}`), contract.Any},
			{"lone-surrogate", []byte(`{"a":"\ud800"}`), contract.Any},
			{"nul-character", []byte(`{"a":"\u0000"}`), contract.Any},
		} {
			if fault.detail == "empty" && !p.op.Body.Required || fault.body == nil {
				continue
			}
			d := p.draft.clone()
			d.header.Set("Content-Type", media.Type)
			d.body = fault.body
			if c := p.wire("malformed", fault.detail, fault.expect, d, "body"); c != nil && !yield(c) {
				return
			}
		}
		p.oddTexts(yield)
	})

// oddTexts puts a long text, and one with the character NUL, into each text
// member of the body.
func (p *plan) oddTexts(yield func(*contract.Case) bool) {
	body, _ := decoded(p.draft.body).(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(body)) {
		text, isText := body[name].(string)
		if !isText {
			continue
		}
		for _, odd := range []pair{{"long", strings.Repeat("x", 5000)}, {"longer-than-64", strings.Repeat("x", 65)}, {"nul", text + "\x00"}} {
			d := p.draft.clone()
			changed := maps.Clone(body)
			changed[name] = odd.text
			d.body = contract.Encode(changed)
			if c := p.wire("malformed", plainWord(name)+"."+odd.parameter, contract.Any, d, "body"); c != nil && !yield(c) {
				return
			}
		}
	}
}

// spoiled is the right body with a byte in one of its texts that is not UTF-8,
// and nothing else wrong with it: with another character there, it is right.
// Nil where no text of it is that free.
func (p *plan) spoiled() []byte {
	for i, c := range p.draft.body {
		if c != '"' || !bytes.HasPrefix(bytes.TrimLeft(p.draft.body[i+1:], " "), []byte(`:"`)) {
			continue
		}
		at := i + bytes.IndexByte(p.draft.body[i+1:], '"') + 2
		d := p.draft.clone()
		d.body = slices.Concat(p.draft.body[:at], []byte("\ufffd"), p.draft.body[at:])
		if ok, _ := p.right(d); ok {
			return slices.Concat(p.draft.body[:at], []byte("\xff"), p.draft.body[at:])
		}
	}
	return nil
}

// trailingComma has a comma after the last member, which JSON does not allow.
func trailingComma(body []byte) []byte {
	body = bytes.TrimSpace(body)
	if end := len(body) - 1; end > 1 && (body[end] == '}' || body[end] == ']') {
		return append(append(slices.Clone(body[:end]), ','), body[end])
	}
	return nil
}

// twice repeats the first member of an object.
func twice(body []byte) []byte {
	i := bytes.IndexByte(body, ',')
	if len(body) == 0 || body[0] != '{' || i < 0 {
		return nil
	}
	return []byte(fmt.Sprintf("%s,%s", body[:i], body[1:]))
}

// wire makes a case of a request that is wrong beside the schemas. One that is
// to be rejected proves first that the validators do not take it for right.
func (p *plan) wire(kind, detail string, expected contract.Expect, d *draft, in string) *contract.Case {
	id := p.op.ID + "/" + kind + "/" + detail
	if expected == contract.Accepted {
		p.fresh(d, id, "")
	}
	if expected == contract.Rejected {
		if r, err := p.problems(d); err != nil || r.OK() {
			p.source.drop(id, "meant as wrong, but it is right")
			return nil
		}
	}
	c, err := p.newCase(kind, detail, expected, d)
	if err != nil {
		p.source.drop(id, err.Error())
		return nil
	}
	if expected != contract.Accepted {
		c.Breaks = &contract.Break{In: in, Keyword: detail}
	}
	if p.op.Body != nil && in != "query" {
		c.Statements = p.op.Body.Node.Ext().Get("broken", kind).Strings()
	}
	return c
}

var mediaType = wireKind("media-type",
	"Sends the right body under another media type, which is to be rejected, with its charset named, which is to be accepted, and under none or an unknown charset, which only must not be an error of the server.",
	func(p *plan, yield func(*contract.Case) bool) {
		own, _, _ := strings.Cut(p.draft.header.Get("Content-Type"), ";")
		if p.op.Body == nil || own == "" || len(p.draft.body) == 0 {
			return
		}
		_, json := jsonMedia(p.op)
		for _, fault := range []struct {
			detail, name string
			expect       contract.Expect
		}{
			{"json", "application/json", contract.Rejected},
			{"text", "text/plain", contract.Rejected},
			{"xml", "application/xml", contract.Rejected},
			{"none", "", contract.Any},
			{"charset", own + "; charset=utf-8", contract.Accepted},
			{"unknown-charset", own + "; charset=x-unknown", contract.Any},
			{"malformed", "json", contract.Any},
		} {
			if fault.detail == "json" && json || fault.detail == "text" && isPlainText(own) {
				continue
			}
			d := p.draft.clone()
			d.header.Del("Content-Type")
			if fault.name != "" {
				d.header.Set("Content-Type", fault.name)
			}
			c := p.wire("media-type", fault.detail, fault.expect, d, "media")
			if c == nil {
				continue
			}
			c.Doubt = "that another media type is to be refused follows from no schema (RFC 9110, section 15.5.16)"
			if !yield(c) {
				return
			}
		}
	})

var query = wireKind("query",
	"Adds an unknown parameter to the query, gives a parameter twice, none of its text, or far too much. Where the contract says that unknown ones are ignored they are to be; else there is only to be no error of the server.",
	func(p *plan, yield func(*contract.Case) bool) {
		unknown := p.op.Node.Ext().Get("unknownQuery")
		expected := contract.Any
		if unknown.Text() == "ignored" {
			expected = contract.Accepted
		}
		for _, extra := range []pair{{"unknown", "conformanceUnknown=1"}, {"unknown-paging", "pageNum=1&itemsPerPage=100&includeCount=true"}} {
			d := p.draft.clone()
			d.query = append(d.query, pair{"", extra.text})
			if c := p.wire("query", extra.parameter, expected, d, "query"); c != nil {
				c.Statements = p.op.Node.Ext().Get("unknownQueryStatements").Strings()
				if !yield(c) {
					return
				}
			}
		}
		p.oddQueries(yield)
	})

func (p *plan) oddQueries(yield func(*contract.Case) bool) {
	for _, parameter := range p.op.Parameters {
		if parameter.In != "query" {
			continue
		}
		for _, fault := range []pair{
			{"empty", parameter.Name + "="},
			{"bare", parameter.Name},
			{"oversized", parameter.Name + "=" + strings.Repeat("x", 4000)},
			{"bad-escape", parameter.Name + "=%zz"},
			{"nul", parameter.Name + "=%00"},
			{"not-utf8", parameter.Name + "=%ff"},
		} {
			d := p.draft.clone()
			d.unset(parameter)
			d.query = append(d.query, pair{parameter.Name, fault.text})
			if c := p.wire("query", parameter.Name+"."+fault.parameter, contract.Any, d, "query"); c != nil && !yield(c) {
				return
			}
		}
	}
}

var method = wireKind("method",
	"Sends a method that the path does not have. It is to get 405, or 501 where the document names no 405 (RFC 9110, sections 15.5.6 and 15.6.2).",
	func(p *plan, yield func(*contract.Case) bool) {
		if p.source.firstOf(p.op.Path) != p.op {
			return
		}
		for _, name := range []string{"GET", "PUT", "POST", "PATCH", "DELETE"} {
			if p.source.has(p.op.Path, name) {
				continue
			}
			c := p.undeclared(name)
			if c != nil && !yield(c) {
				return
			}
		}
	})

func (p *plan) undeclared(name string) *contract.Case {
	d := p.draft.clone()
	if !p.standIn(d) {
		return nil
	}
	d.method, d.body, d.query = name, nil, nil
	d.header.Del("Content-Type")
	request, err := d.request(p.source.Base)
	if err != nil {
		return nil
	}
	c := &contract.Case{
		ID: p.op.ID + "/method/" + name, Operation: p.op.ID, Kind: "method", Expect: contract.Rejected, Statuses: p.methodStatuses(),
		Breaks: &contract.Break{In: "method", Pointer: name, Keyword: "undeclared"}, Statements: p.source.Contract.Cites("method"),
		Steps: []contract.Step{{Name: "method", Request: request, Params: d.path}},
	}
	if len(c.Statements) == 0 {
		c.Doubt = "the document does not say what other methods get"
		c.Statuses = append(c.Statuses, 404, 403, 400)
	}
	return c
}

// methodStatuses are those by which a method that the path does not have may be
// refused.
func (p *plan) methodStatuses() []int {
	if r := p.op.Response(405); r != nil && r.Status == "405" {
		return []int{405}
	}
	return []int{405, 501}
}

// firstOf is the first operation of a path.
func (s *Source) firstOf(path string) *spec.Operation {
	for _, op := range s.Contract.Operations {
		if op.Path == path {
			return op
		}
	}
	return nil
}

// has tells whether a path has a method, or another path that the same URLs
// fit.
func (s *Source) has(path, method string) bool {
	for _, op := range s.Contract.Operations {
		if op.Method == method && sameShape(op.Path, path) {
			return true
		}
	}
	return false
}

// sameShape tells whether a URL may fit two paths: as many segments, equal
// where neither is a parameter.
func sameShape(a, b string) bool {
	x, y := strings.Split(a, "/"), strings.Split(b, "/")
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] && !strings.Contains(x[i], "{") && !strings.Contains(y[i], "{") {
			return false
		}
	}
	return true
}
