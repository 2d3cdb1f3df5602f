package kinds

import (
	"iter"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

const refusedKind = "digest-refused"

var digestRefused = Kind{
	Name: refusedKind,
	Doc:  "Answers a digest challenge wrongly: with a wrong key, an unknown user or another scheme everywhere, and on one operation that reads with every directive wrong or left out. Each is to get 401, whatever else is wrong with the request where the document says that credentials come first.",
	Derive: func(s *Source, op *spec.Operation) iter.Seq[*contract.Case] {
		return func(yield func(*contract.Case) bool) {
			g, ok := s.Contract.Guarded(op, "digest")
			if !ok {
				return
			}
			p, err := s.outsider(op)
			if err != nil {
				return
			}
			wrongs := append(strangers(), s.substitutes(op)...)
			if s.deep(op, "digest") {
				wrongs = append(wrongs, wrongDirectives()...)
			}
			for _, w := range wrongs {
				if c := p.wrongAnswer(g, w, p.draft); c != nil && !yield(c) {
					return
				}
			}
			if s.deep(op, "digest") && !p.wrongQueries(g, yield) {
				return
			}
			p.firstOfAll(g, yield)
		}
	},
}

// wrong is one way to answer a challenge wrongly.
type wrong struct {
	detail string
	answer contract.Answer
	// aspect is what the document's x-conformance.checks call it by.
	aspect string
	doubt  string
	// also are the statuses that fit beside 401.
	also []int
}

// strangers are the answers of those whom the target does not know.
func strangers() []wrong {
	key := text("conformance-wrong-key")
	return []wrong{
		{detail: "wrong-key", answer: contract.Answer{Key: key}},
		{detail: "unknown-user", answer: contract.Answer{User: text("conformance-nobody"), Key: key}},
		{detail: "unknown-user-empty-key", answer: contract.Answer{User: text("conformance-nobody"), Key: text("")}},
	}
}

// substitutes are the right user and key under the schemes that the operation
// does not have.
func (s *Source) substitutes(op *spec.Operation) []wrong {
	var out []wrong
	for _, scheme := range []string{"basic", "bearer"} {
		if _, legal := s.Contract.Guarded(op, scheme); !legal {
			out = append(out, wrong{detail: scheme, answer: contract.Answer{Scheme: scheme}, aspect: "other-scheme"})
		}
	}
	return out
}

// malformedAnswer is what RFC 7616 allows for an answer that is wrong in form:
// section 3.4, "a 4xx error code", 400 above all.
func malformedAnswer() []int { return []int{400} }

// wrongDirectives are answers that only the right key makes plausible.
func wrongDirectives() []wrong {
	over := func(name, value string) contract.Answer {
		return contract.Answer{Over: map[string]string{name: value}}
	}
	written := func(name, value string) contract.Answer {
		return contract.Answer{Written: map[string]string{name: value}}
	}
	const lenient = "a target that is lenient may know without it what was meant"
	return []wrong{
		{detail: "empty-key", answer: contract.Answer{Key: text("")}},
		{detail: "empty-user", answer: contract.Answer{User: text(""), Key: text("")}, also: malformedAnswer()},
		{detail: "response-altered", answer: written("response", "{flip}")},
		{detail: "response-made-up", answer: written("response", "00000000000000000000000000000000")},
		{detail: "response-empty", answer: written("response", ""), also: malformedAnswer()},
		{detail: "response-absent", answer: written("response", "{none}"), also: malformedAnswer()},
		{detail: "username-absent", answer: written("username", "{none}"), also: malformedAnswer()},
		{detail: "nonce-absent", answer: written("nonce", "{none}"), also: malformedAnswer()},
		{detail: "nonce-empty", answer: over("nonce", ""), also: malformedAnswer()},
		{detail: "nonce-invented", answer: over("nonce", "c29tZXRoaW5nIG1hZGUgdXAgaGVyZQ==")},
		{detail: "nonce-altered", answer: over("nonce", "{flip}")},
		{detail: "realm-wrong", answer: over("realm", "made up")},
		{detail: "realm-other-than-hashed", answer: written("realm", "made up")},
		{detail: "uri-of-another-path", answer: over("uri", "/"), also: malformedAnswer()},
		{detail: "uri-longer", answer: over("uri", "{}x"), also: malformedAnswer()},
		{detail: "uri-with-query", answer: over("uri", "{}?made=up"), also: malformedAnswer()},
		{detail: "method-other-than-hashed", answer: over("method", "POST")},
		{detail: "count-other-than-hashed", answer: written("nc", "00000002")},
		{detail: "cnonce-other-than-hashed", answer: written("cnonce", "{flip}")},
		{detail: "uri-absent", answer: written("uri", "{none}"), doubt: lenient, also: malformedAnswer()},
		{detail: "realm-absent", answer: written("realm", "{none}"), doubt: lenient, also: malformedAnswer()},
		{detail: "count-absent", answer: written("nc", "{none}"), doubt: lenient, also: malformedAnswer()},
		{detail: "cnonce-absent", answer: contract.Answer{Over: map[string]string{"cnonce": "{none}"}}, doubt: lenient, also: malformedAnswer()},
		{detail: "count-not-hexadecimal", answer: over("nc", "zzzzzzzz"), doubt: lenient, also: malformedAnswer()},
		{detail: "qop-unknown", answer: over("qop", "auth-conf"), doubt: lenient, also: malformedAnswer()},
	}
}

// wrongQueries has a uri that says another query than the request.
func (p *plan) wrongQueries(g spec.Guard, yield func(*contract.Case) bool) bool {
	d := p.queried()
	if d == nil {
		return true
	}
	target, err := d.request("")
	if err != nil {
		return true
	}
	bare := contract.Path(p.source.Base + target.URL)
	c := p.wrongAnswer(g, wrong{
		detail: "uri-without-query", answer: contract.Answer{Over: map[string]string{"uri": bare}}, also: malformedAnswer(),
	}, d)
	return c == nil || yield(c)
}

// firstOfAll sends requests in which more is wrong than the credentials, where
// the document says that these are looked at first.
func (p *plan) firstOfAll(g spec.Guard, yield func(*contract.Case) bool) {
	if len(p.source.Contract.Cites(credentialsFirst)) == 0 {
		return
	}
	stranger := contract.Answer{Key: text("conformance-wrong-key")}
	for _, odd := range p.oddities() {
		if odd.draft == nil {
			continue
		}
		w := wrong{detail: "wrong-key." + odd.detail, answer: stranger, aspect: credentialsFirst}
		absent := entry{kind: refusedKind, detail: "absent." + odd.detail, expect: contract.Rejected, statements: p.source.Contract.Promises(g, credentialsFirst)}
		for _, c := range []*contract.Case{p.wrongAnswer(g, w, odd.draft), p.credentialCase(absent, odd.draft)} {
			if c == nil {
				continue
			}
			if odd.outside {
				c.Steps = c.Steps[:1] // nothing can have been made
				c.Steps[0].Operation = ""
			}
			if !yield(c) {
				return
			}
		}
	}
}

// oddity is a request in which something is wrong beside the credentials.
type oddity struct {
	detail string
	draft  *draft
	// outside tells that the request belongs to no operation.
	outside bool
}

func (p *plan) oddities() []oddity {
	out := []oddity{
		{detail: "malformed-path", draft: p.oddPath()},
		{detail: "malformed-body", draft: p.oddBody("application/json", "{no json")},
		{detail: "empty-body", draft: p.oddBody("application/json", "")},
		{detail: "other-media-type", draft: p.oddBody("text/plain", "text")},
		{detail: "malformed-query", draft: p.oddQuery()},
	}
	if p.source.firstOf(p.op.Path) == p.op {
		out = append(out,
			oddity{detail: "unknown-path", draft: p.astray(), outside: true},
			oddity{detail: "undeclared-method", draft: p.otherMethod(), outside: true})
	}
	return out
}

// astray is a request below the operation's path, where there is nothing, or,
// from the operation that is tried in depth, below the base itself.
func (p *plan) astray() *draft {
	d := p.draft.clone()
	if p.source.deep(p.op, "digest") {
		d.op = &spec.Operation{ID: p.op.ID, Method: p.op.Method, Path: "/conformance/nothing/here"}
		return d
	}
	d.op = &spec.Operation{ID: p.op.ID, Method: p.op.Method, Path: p.op.Path + "/conformance/nothing/here", Parameters: p.op.Parameters}
	if _, found := p.source.Contract.Route(p.op.Method, d.op.Path); found {
		return nil
	}
	return d
}

// otherMethod is the request with a method that the path does not have, nil
// where it has all.
func (p *plan) otherMethod() *draft {
	for _, name := range []string{"PUT", "PATCH", "DELETE", "POST"} {
		if !p.source.has(p.op.Path, name) {
			d := p.draft.clone()
			d.method = name
			return d
		}
	}
	return nil
}

// oddPath has a parameter of the path that cannot be right, nil where there is
// none.
func (p *plan) oddPath() *draft {
	for _, parameter := range p.op.Parameters {
		if parameter.In != "path" {
			continue
		}
		d := p.draft.clone()
		if !d.set(parameter, "not!an-id") {
			continue
		}
		if right, _ := p.right(d); !right {
			return d
		}
	}
	return nil
}

// oddBody has another body than the JSON that the operation wants.
func (p *plan) oddBody(mediaType, body string) *draft {
	media, ok := jsonMedia(p.op)
	if !ok {
		return nil
	}
	d := p.draft.clone()
	if isJSON(mediaType) {
		mediaType = media.Type
	}
	d.header.Set("Content-Type", mediaType)
	d.body = []byte(body)
	return d
}

// oddQuery has a boolean that is none.
func (p *plan) oddQuery() *draft {
	for _, parameter := range p.op.Parameters {
		if parameter.In != "query" || parameter.Schema.Resolve().Get("type").Text() != "boolean" {
			continue
		}
		d := p.draft.clone()
		if d.set(parameter, "maybe") {
			return d
		}
	}
	return nil
}

// wrongAnswer makes the case of a wrong answer.
func (p *plan) wrongAnswer(g spec.Guard, w wrong, d *draft) *contract.Case {
	aspect := w.aspect
	if aspect == "" {
		aspect = refusedKind
	}
	return p.credentialCase(entry{
		kind: refusedKind, detail: w.detail, expect: contract.Rejected, answer: &w.answer,
		doubt: w.doubt, also: w.also, statements: p.source.Contract.Promises(g, aspect),
	}, d)
}
