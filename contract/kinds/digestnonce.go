package kinds

import (
	"fmt"
	"iter"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

const nonceKind = "digest-nonce"

var digestNonce = Kind{
	Name: nonceKind,
	Doc:  "Looks at the life of nonces on one operation that reads: many challenges in a row, a second use under the next count, the same use again, a wrong answer to a nonce that was answered right, an answer to an older challenge, and a right answer after a wrong one. A target may always call a nonce stale and give out another.",
	Derive: func(s *Source, op *spec.Operation) iter.Seq[*contract.Case] {
		return func(yield func(*contract.Case) bool) {
			g, ok := s.Contract.Guarded(op, "digest")
			if !ok || !g.Alone || !s.deep(op, "digest") {
				return
			}
			p, err := s.plan(op)
			if err != nil {
				return
			}
			for _, t := range s.tales(g) {
				if c := p.taleCase(t); c != nil && !yield(c) {
					return
				}
			}
		}
	},
}

// tale is a row of requests that differ in their credentials alone; the case
// is about the last one.
type tale struct {
	detail     string
	steps      []verse
	expect     contract.Expect
	doubt      string
	statements []string
}

// verse is one request of a tale.
type verse struct {
	name   string
	answer *contract.Answer // nil: no credentials
	expect contract.Expect
}

// manyChallenges is how many challenges are compared: enough that random
// nonces do not come in ascending order by chance, and that a generator with a
// very small state repeats itself.
const manyChallenges = 20

func (s *Source) tales(g spec.Guard) []tale {
	first := verse{name: "first", answer: &contract.Answer{}}
	refused := verse{name: "refused", answer: &contract.Answer{Key: text("conformance-wrong-key")}, expect: contract.Rejected}
	asked := func(name string) verse { return verse{name: name, expect: contract.Rejected} }
	last := func(a contract.Answer) verse { return verse{name: "last", answer: &a} }
	accepted := s.Contract.Promises(g, acceptedKind)
	many := tale{detail: "many-challenges", expect: contract.Rejected, statements: s.Contract.Promises(g, "nonces")}
	for i := range manyChallenges {
		many.steps = append(many.steps, verse{name: fmt.Sprintf("challenge %d", i+1), expect: contract.Rejected})
	}
	later := tale{detail: "count-with-a-gap", expect: contract.Any, steps: []verse{first, last(contract.Answer{Of: "first", Over: map[string]string{"nc": "00000009"}})}}
	if tolerant := s.Contract.Cites("digest-tolerant"); len(tolerant) > 0 {
		later.expect, later.statements = contract.Accepted, tolerant
	}
	return []tale{
		many,
		{detail: "next-count", expect: contract.Accepted, statements: accepted, steps: []verse{first, last(contract.Answer{Of: "first"})}},
		{
			detail: "replay", expect: contract.Rejected, statements: s.Contract.Promises(g, "digest-replay"),
			doubt: "RFC 7616 leaves it to the server whether it guards against replays",
			steps: []verse{first, last(contract.Answer{Of: "first", Again: true})},
		},
		later,
		{detail: "older-challenge", expect: contract.Accepted, statements: accepted, steps: []verse{asked("older"), asked("newer"), last(contract.Answer{Of: "older"})}},
		{
			detail: "wrong-after-right", expect: contract.Rejected, statements: s.Contract.Promises(g, refusedKind),
			steps: []verse{first, last(contract.Answer{Of: "first", Key: text("conformance-wrong-key")})},
		},
		{detail: "after-a-refusal", expect: contract.Accepted, statements: accepted, steps: []verse{refused, last(contract.Answer{Of: "refused"})}},
	}
}

func (p *plan) taleCase(t tale) *contract.Case {
	c := p.credentialCase(entry{
		kind: nonceKind, detail: t.detail, expect: t.expect, answer: t.steps[len(t.steps)-1].answer, doubt: t.doubt, statements: t.statements,
	}, p.draft)
	if c == nil || len(c.Steps) != 1 {
		return nil
	}
	var steps []contract.Step
	for _, v := range t.steps {
		step := c.Steps[0]
		step.Name, step.Answer, step.Credential, step.Expect = v.name, v.answer, "", v.expect
		if v.answer == nil {
			step.Credential = "none"
		}
		steps = append(steps, step)
	}
	c.Steps = steps
	return c
}
