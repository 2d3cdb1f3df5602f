package kinds

import (
	"iter"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

const acceptedKind = "digest-accepted"

var digestAccepted = Kind{
	Name: acceptedKind,
	Doc:  "Answers a digest challenge of its own rightly: in the usual way everywhere, and on one operation that reads in every way that RFC 7616 allows. Each is to be let in; ways that the document and the RFC leave open must only not be an error of the server.",
	Derive: func(s *Source, op *spec.Operation) iter.Seq[*contract.Case] {
		return func(yield func(*contract.Case) bool) {
			g, ok := s.Contract.Guarded(op, "digest")
			if !ok || !g.Alone {
				return
			}
			p, err := s.plan(op)
			if err != nil {
				return // the kind valid says so
			}
			for _, w := range s.ways(op) {
				d := p.draft
				if w.query {
					if d = p.queried(); d == nil {
						continue
					}
				}
				if c := p.wayCase(g, w, d); c != nil && !yield(c) {
					return
				}
			}
		}
	},
}

// way is one way to answer a challenge rightly.
type way struct {
	detail string
	answer contract.Answer
	freedom
	// query adds a parameter to the query, so that uri has one.
	query bool
}

// freedom says who demands that a way is accepted.
type freedom int

const (
	demanded  freedom = iota // the RFC, and clients rely on it
	tolerated                // the document, where it says so; else it is open
	rare                     // the RFC, but no client is known to need it
	rarest                   // the document, but no client is known to need it
	open                     // nobody
)

// ways are those that are tried on an operation.
func (s *Source) ways(op *spec.Operation) []way {
	usual := way{detail: "usual"}
	if !s.deep(op, "digest") {
		return []way{usual}
	}
	out := []way{usual, {detail: "query", query: true}}
	out = append(out, writings()...)
	out = append(out, s.offers(op)...)
	return append(out, openWays()...)
}

// writings are right answers that differ in their form.
func writings() []way {
	form := func(f contract.Form) contract.Answer { return contract.Answer{Form: f} }
	over := func(name, value string) contract.Answer {
		return contract.Answer{Over: map[string]string{name: value}}
	}
	return []way{
		{detail: "reverse-order", answer: form(contract.Form{Reverse: true})},
		{detail: "cnonce-base64", answer: over("cnonce", "MTkzM2UyMDBmOWJjNzFlMmM4MDJiMjVm/+Y==")},
		{detail: "algorithm-absent", answer: contract.Answer{Written: map[string]string{"algorithm": "{none}"}}, freedom: tolerated},
		{detail: "algorithm-quoted", answer: form(contract.Form{Quoted: []string{"algorithm"}}), freedom: tolerated},
		{detail: "count-from-5", answer: over("nc", "00000005"), freedom: tolerated},
		{detail: "qop-quoted", answer: form(contract.Form{Quoted: []string{"qop"}}), freedom: rarest},
		{detail: "count-quoted", answer: form(contract.Form{Quoted: []string{"nc"}}), freedom: rarest},
		{detail: "no-spaces", answer: form(contract.Form{Comma: ","}), freedom: rare},
		{detail: "spaces-around-commas", answer: form(contract.Form{Comma: " ,  "}), freedom: rare},
		{detail: "spaces-around-equals", answer: form(contract.Form{Equals: " = "}), freedom: rare},
		{detail: "empty-elements", answer: form(contract.Form{Comma: ", , "}), freedom: rare},
		{detail: "scheme-lower-case", answer: form(contract.Form{Scheme: "digest"}), freedom: rare},
		{detail: "names-in-capitals", answer: form(contract.Form{Capitals: true}), freedom: rare},
		{detail: "unknown-directive", answer: over("conformance", "1"), freedom: rare},
	}
}

// offers are answers to what a target may offer beside the usual, as far as
// the declared form of the challenge does not rule it out.
func (s *Source) offers(op *spec.Operation) []way {
	var out []way
	for _, offer := range [][2]string{
		{"algorithm", "SHA-256"},
		{"algorithm", "SHA-512-256"},
		{"algorithm", "MD5-sess"},
		{"algorithm", "SHA-256-sess"},
		{"qop", "auth-int"},
		{"userhash", "true"},
	} {
		if ruledOut(op, offer[1]) || offer[0] == "userhash" && ruledOut(op, "userhash") {
			continue
		}
		out = append(out, way{
			detail: "offer-" + strings.ToLower(strings.TrimSuffix(offer[0]+"-"+offer[1], "-true")),
			answer: contract.Answer{Offer: map[string]string{offer[0]: offer[1]}},
		})
	}
	return out
}

// ruledOut tells whether the declared form of the challenge has no room for a
// word.
func ruledOut(op *spec.Operation, word string) bool {
	r := op.Response(401)
	if r == nil {
		return false
	}
	for _, h := range r.Headers {
		pattern := h.Schema.Resolve().Get("pattern").Text()
		if strings.EqualFold(h.Name, "WWW-Authenticate") && strings.HasPrefix(pattern, "^") && strings.HasSuffix(pattern, "$") {
			return !strings.Contains(strings.ToLower(pattern), strings.ToLower(word)) && !strings.Contains(pattern, ".*")
		}
	}
	return false
}

// openWays are those of which neither document nor RFC tells what comes of
// them.
func openWays() []way {
	written := func(name, value string) contract.Answer {
		return contract.Answer{Written: map[string]string{name: value}}
	}
	over := func(values map[string]string) contract.Answer { return contract.Answer{Over: values} }
	list := []way{
		{detail: "response-in-capitals", answer: written("response", "{upper}")},
		{detail: "opaque-added", answer: written("opaque", "made-up")},
		{detail: "values-bare", answer: contract.Answer{Form: contract.Form{Bare: []string{"cnonce", "response"}}}},
		{detail: "no-qop", answer: over(map[string]string{"qop": "{none}", "nc": "{none}", "cnonce": "{none}"})},
		{detail: "count-short", answer: over(map[string]string{"nc": "1"})},
		{detail: "count-zero", answer: over(map[string]string{"nc": "00000000"})},
		{detail: "count-in-capitals", answer: over(map[string]string{"nc": "0000000A"})},
		{detail: "count-last", answer: over(map[string]string{"nc": "ffffffff"})},
		{detail: "cnonce-empty", answer: over(map[string]string{"cnonce": ""})},
		{detail: "cnonce-escaped", answer: over(map[string]string{"cnonce": `a"b\c`})},
		{detail: "cnonce-long", answer: over(map[string]string{"cnonce": strings.Repeat("0123456789abcdef", 64)})},
		{detail: "algorithm-not-offered", answer: over(map[string]string{"algorithm": "SHA-512-256"})},
	}
	for i := range list {
		list[i].freedom = open
	}
	return list
}

// wayCase makes the case of a way.
func (p *plan) wayCase(g spec.Guard, w way, d *draft) *contract.Case {
	e := entry{kind: acceptedKind, detail: w.detail, expect: contract.Accepted, answer: &w.answer, statements: p.source.Contract.Promises(g, acceptedKind)}
	tolerant := p.source.Contract.Cites("digest-tolerant")
	switch w.freedom {
	case rare:
		e.doubt = "RFC 7616 and RFC 9110 allow it, but no client is known to need it"
	case tolerated, rarest:
		if e.statements = tolerant; len(tolerant) == 0 {
			e.expect = contract.Any
		} else if w.freedom == rarest {
			e.doubt = "no client is known to need it"
		}
	case open:
		e.expect, e.statements = contract.Any, nil
	}
	return p.credentialCase(e, d)
}

// queried is the request with a harmless parameter in its query, nil where the
// operation has none.
func (p *plan) queried() *draft {
	if len(p.draft.query) > 0 {
		return p.draft
	}
	for _, parameter := range p.op.Parameters {
		value, ok := defaultValue(parameter)
		if parameter.In != "query" || !ok {
			continue
		}
		d := p.draft.clone()
		if fine := d.set(parameter, value); !fine {
			continue
		}
		if right, _ := p.right(d); right {
			return d
		}
	}
	return nil
}
