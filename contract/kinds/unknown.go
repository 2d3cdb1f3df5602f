package kinds

import (
	"math/rand/v2"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var unknown = sceneKind("unknown",
	"Names a well-formed id that does not exist where a path has that of a thing. It is to get 404, or 410, where the document knows one of them.",
	func(p *plan, yield func(*contract.Case) bool) bool {
		gone := goneStatuses(p.op)
		d, ok := p.nowhere("unknown")
		if !ok || len(gone) == 0 {
			return true
		}
		statements := citedByResponses(p.op, gone)
		plain := p.absent(p.variant(), d, gone, statements)
		if !hasFlags(p.op) {
			return each(yield, plain)
		}
		flags := d.clone()
		flagged(p.op, true, true)(flags)
		return each(yield, plain, p.absent(p.variant()+"/with-flags", flags, gone, statements))
	})

// nowhere is the plan's request for a thing that does not exist; it tells false
// where the path names none.
func (p *plan) nowhere(kind string) (*draft, bool) {
	d := p.draft.clone()
	changed := false
	for _, parameter := range p.op.Parameters {
		if parameter.In != "path" || !p.fromReply(parameter.Name) {
			continue
		}
		value, ok := p.random(parameter, kind)
		if !ok || !d.set(parameter, value) {
			return nil, false
		}
		changed = true
	}
	for _, parameter := range p.op.Parameters { // what else would come from a step
		if parameter.In != "path" || !d.bound[parameter.Name] {
			continue
		}
		value, ok := p.source.exampleValue(parameter, p.key)
		if !ok || !d.set(parameter, value) {
			return nil, false
		}
	}
	return d, changed
}

// fromReply tells whether a path parameter is given by the reply that made the
// thing.
func (p *plan) fromReply(name string) bool {
	from := p.source.Contract.Producer(p.op)
	if from == nil {
		return false
	}
	link, _ := p.source.Contract.LinkBetween(from, p.op)
	return strings.HasPrefix(link.Parameters[name], "$response.")
}

// random is a value for a parameter that nothing has.
func (p *plan) random(parameter spec.Parameter, kind string) (any, bool) {
	schema := parameter.Schema.Resolve()
	if isText(schema) && schema.Get("pattern").Text() == "" && schema.Get("format").Text() == "" {
		return "conformance-unknown", true
	}
	h := hashed(p.op.ID+kind+parameter.Name, p.source.Seed)
	return p.source.schema(parameter.Schema, nil).Draw(rand.New(rand.NewPCG(h, h)))
}

func isText(schema spec.Node) bool {
	types := schema.Get("type").Strings()
	return len(types) == 0 || len(types) == 1 && types[0] == "string"
}

func (p *plan) absent(detail string, d *draft, gone []int, statements []string) *contract.Case {
	if ok, why := p.right(d); !ok {
		p.source.drop(p.op.ID+"/unknown/"+detail, why)
		return nil
	}
	alone := *p
	alone.story = &story{source: p.source}
	sc := alone.scene("unknown", detail, contract.Rejected, statements)
	sc.send(p, func(to *draft) { *to = *d.clone() })
	sc.c.Statuses = gone
	sc.c.Breaks = &contract.Break{In: "path", Keyword: "unknown"}
	if len(statements) == 0 {
		sc.c.Doubt = "the document does not say that an unknown one is refused"
	}
	return sc.end()
}

var unknownPath = wireKind("path",
	"Sends to paths that the contract does not have, made from those that it has: with one more segment, and with percent-encoding tricks. The first are to get 404, or 405; none is to get an error of the server.",
	func(p *plan, yield func(*contract.Case) bool) {
		if p.source.firstOf(p.op.Path) != p.op {
			return
		}
		path, ok := p.pathAlone()
		if !ok {
			return
		}
		for _, trick := range []struct {
			detail, path string
			expect       contract.Expect
		}{
			{"one-more-segment", path + "/conformance-unknown", contract.Rejected},
			{"other-word", swapLast(p.op.Path, path), contract.Rejected},
			{"slash-at-end", path + "/", contract.Any},
			{"slashes", strings.Replace(path, "/", "//", 1), contract.Any},
			{"dots", path + "/..%2f", contract.Any},
			{"encoded-slash", path + "%2F", contract.Any},
			{"nul", path + "%00", contract.Any},
			{"not-utf8", path + "%ff", contract.Any},
			{"long", path + "/" + strings.Repeat("x", 3000), contract.Any},
		} {
			if !yield(p.strayed(trick.detail, trick.path, trick.expect)) {
				return
			}
		}
	})

// pathAlone is the plan's path with a made-up value for what steps would give.
func (p *plan) pathAlone() (string, bool) {
	d := p.draft.clone()
	d.query = nil
	if !p.standIn(d) {
		return "", false
	}
	target, err := d.target()
	return target, err == nil
}

// swapLast is the path with another word in its last segment that is no
// parameter, or with more behind it where all of them are.
func swapLast(template, path string) string {
	names, values := strings.Split(template, "/"), strings.Split(path, "/")
	for i := len(names) - 1; i > 0; i-- {
		if !strings.Contains(names[i], "{") && names[i] != "" {
			values[i] += "-unknown"
			return strings.Join(values, "/")
		}
	}
	return path + "/conformance-unknown/"
}

func (p *plan) strayed(detail, path string, expected contract.Expect) *contract.Case {
	method := p.op.Method
	if match, found := p.source.Contract.Route("GET", path); expected == contract.Rejected && (found || match.Operation != nil) {
		expected = contract.Any // another path of the contract fits
	}
	if method != "GET" && method != "HEAD" {
		method = "GET"
	}
	c := &contract.Case{
		ID: p.op.ID + "/path/" + detail, Operation: p.op.ID, Kind: "path", Expect: expected,
		Breaks:     &contract.Break{In: "path", Pointer: contract.Clip(path, 100), Keyword: detail},
		Statements: p.source.Contract.Cites("path"),
		Steps:      []contract.Step{{Name: "path", Request: contract.Request{Method: method, URL: p.source.Base + path, Header: p.draft.header.Clone()}}},
	}
	c.Steps[0].Request.Header.Del("Content-Type")
	if expected == contract.Rejected {
		c.Statuses = []int{404, 405}
		if len(c.Statements) == 0 {
			c.Doubt, c.Statuses = "the document does not say what other paths get", nil
		}
	}
	return c
}

var head = wireKind("head",
	"Sends HEAD to a path that has a GET. Where it is not refused it is to have the status of the GET, and no body (RFC 9110, section 9.3.2).",
	func(p *plan, yield func(*contract.Case) bool) {
		if p.op.Method != "GET" || p.source.has(p.op.Path, "HEAD") {
			return
		}
		d := p.draft.clone()
		d.method = "HEAD"
		c, err := p.newCase("head", "usual", contract.Accepted, d)
		if err != nil {
			return
		}
		c.Excuses = append(c.Excuses, append([]int{400, 401, 403, 404, 406, 410}, p.methodStatuses()...)...)
		c.Doubt = "the document does not have the method HEAD"
		c.Statements = p.source.Contract.Cites("head")
		yield(c)
	})
