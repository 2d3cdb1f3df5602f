package kinds

import (
	"iter"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var unauthenticated = Kind{
	Name: "unauthenticated",
	Doc:  "Sends the right request without credentials where the operation needs some, also for a thing that is there. It is to get 401, or 403.",
	Derive: func(s *Source, op *spec.Operation) iter.Seq[*contract.Case] {
		return func(yield func(*contract.Case) bool) {
			guards := s.Contract.Guards(op)
			p, err := s.outsider(op)
			if len(guards) == 0 || err != nil {
				return
			}
			for _, bare := range []struct {
				detail string
				draft  *draft
			}{{"none", p.draft}, {"enveloped", p.enveloped()}} {
				if bare.draft == nil {
					continue
				}
				c := p.credentialCase(entry{
					kind: "unauthenticated", detail: bare.detail, expect: contract.Rejected, also: []int{403},
					statements: s.Contract.Promises(guards[0], "unauthenticated"),
				}, bare.draft)
				if c == nil {
					continue
				}
				c.Breaks.Keyword = "absent"
				if !yield(c) {
					return
				}
			}
			if c := s.knocking(op, guards[0]); c != nil {
				yield(c)
			}
		}
	},
}

// knocking asks without credentials for a thing that is there, since one that is
// not may be refused for that alone; nil where the operation is about none.
func (s *Source) knocking(op *spec.Operation, g spec.Guard) *contract.Case {
	p, err := s.plan(op)
	if err != nil || len(p.story.steps) == 0 {
		return nil
	}
	sc := p.scene("unauthenticated", "of-what-is-there", contract.Rejected, s.Contract.Promises(g, "unauthenticated"))
	sc.send(p, sc.fresh(p, ""))
	sc.last().Credential = "none"
	sc.c.Statuses, sc.c.Excuses = p.refusals([]int{403}), []int{tooMany}
	sc.c.Breaks = &contract.Break{In: "credential", Keyword: "absent"}
	return sc.end()
}

// enveloped is the request that asks for a wrapped reply, nil where the
// operation has none.
func (p *plan) enveloped() *draft {
	parameter := p.op.Envelope()
	if parameter == nil {
		return nil
	}
	d := p.draft.clone()
	if !d.set(*parameter, true) {
		return nil
	}
	return d
}

const credentialKind = "credential-refused"

var credentialRefused = Kind{
	Name: credentialKind,
	Doc:  "Sends a made-up or an empty password, token or API key where the document names one, and on one operation that reads the right one in another scheme. Each is to get 401 or 403.",
	Derive: func(s *Source, op *spec.Operation) iter.Seq[*contract.Case] {
		return func(yield func(*contract.Case) bool) {
			p, err := s.outsider(op)
			if err != nil {
				return
			}
			seen := map[string]bool{}
			for _, g := range s.Contract.Guards(op) {
				label := schemeLabel(g, seen)
				if label != "" && g.Scheme != "digest" && !p.madeUpCredentials(g, label, yield) {
					return
				}
			}
		}
	},
}

// schemeLabel names a scheme in the ids of its cases: by the name of its key too
// where another key came before. It is "" for one that asks for the same as
// another before, such as a second bearer token.
func schemeLabel(g spec.Guard, seen map[string]bool) string {
	label := g.Scheme
	if seen[label] && g.Scheme == "apiKey" {
		label += "-" + spec.Escape(g.Node.Get("in").Text()+"-"+g.Node.Get("name").Text())
	}
	if seen[label] {
		return ""
	}
	seen[label] = true
	return label
}

// madeUpCredentials sends what nobody gave out.
func (p *plan) madeUpCredentials(g spec.Guard, label string, yield func(*contract.Case) bool) bool {
	statements := p.source.Contract.Promises(g, credentialKind)
	for _, value := range []struct {
		detail, text string
		also         []int
	}{
		{"wrong", "conformance-made-up", []int{403}},
		{"empty", "", []int{400, 403}},
	} {
		d := p.draft.clone()
		if !put(d, g, value.text) {
			continue
		}
		c := p.credentialCase(entry{
			kind: credentialKind, detail: label + "." + value.detail, expect: contract.Rejected, also: value.also, statements: statements,
		}, d)
		if c != nil && !yield(c) {
			return false
		}
	}
	return p.elsewhere(g, label, statements, yield)
}

// put gives a draft the credentials of a scheme.
func put(d *draft, g spec.Guard, value string) bool {
	switch g.Scheme {
	case "basic":
		if value != "" {
			value = "Y29uZm9ybWFuY2U6bWFkZS11cA==" // conformance:made-up
		}
		d.header.Set("Authorization", "Basic "+value)
	case "bearer":
		d.header.Set("Authorization", "Bearer "+value)
	case "apiKey":
		return putKey(d, g.Node, value)
	default:
		return false
	}
	return true
}

func putKey(d *draft, scheme spec.Node, value string) bool {
	name := scheme.Get("name").Text()
	switch scheme.Get("in").Text() {
	case "header":
		d.header.Set(name, value)
	case "query":
		d.query = append(d.query, pair{"", escape(name, false) + "=" + value})
	case "cookie":
		d.cookie = append(d.cookie, pair{"", name + "=" + value})
	default:
		return false
	}
	return name != ""
}

// elsewhere sends the right password or key as a bearer token, which the
// operation does not take.
func (p *plan) elsewhere(g spec.Guard, label string, statements []string, yield func(*contract.Case) bool) bool {
	if !p.source.deep(p.op, g.Scheme) {
		return true
	}
	if _, legal := p.source.Contract.Guarded(p.op, "bearer"); legal {
		return true
	}
	c := p.credentialCase(entry{
		kind: credentialKind, detail: label + ".as-bearer", expect: contract.Rejected, answer: &contract.Answer{Scheme: "bearer"},
		also: []int{400, 403}, statements: statements, doubt: "the document does not say that it knows no other place for it",
	}, p.draft)
	return c == nil || yield(c)
}
