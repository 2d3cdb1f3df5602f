package kinds

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// deep tells whether an operation is the one on which every variation of
// credentials is tried: the first that reads, and needs nothing made before.
func (s *Source) deep(op *spec.Operation, scheme string) bool {
	if op.Method != "GET" {
		return false
	}
	first, known := s.firstRead.Load(scheme)
	if !known {
		first, _ = s.firstRead.LoadOrStore(scheme, s.firstReading(scheme))
	}
	return first.(*spec.Operation) == op
}

func (s *Source) firstReading(scheme string) *spec.Operation {
	for _, op := range s.Contract.Operations {
		if g, ok := s.Contract.Guarded(op, scheme); !ok || !g.Alone || op.Method != "GET" {
			continue
		}
		if p, err := s.plan(op); err == nil && len(p.story.steps) == 0 {
			return op
		}
	}
	return nil
}

// outsider is the request of somebody who is to be refused at the door. All
// that its path names may be made up.
func (s *Source) outsider(op *spec.Operation) (*plan, error) {
	p, err := (&story{source: s}).plan(op, rightKey(op), 0)
	if err != nil {
		return nil, err
	}
	foreign := p.foreign() != ""
	p.story, p.binds, p.draft = &story{source: s}, nil, p.draft.clone()
	for _, parameter := range op.Parameters {
		_, given := s.Params[parameter.Name]
		if parameter.In != "path" || !p.draft.bound[parameter.Name] && (!foreign || given || closed(parameter.Schema)) {
			continue
		}
		if value, ok := s.madeUp(parameter.Schema); !ok || !p.draft.set(parameter, value) {
			return nil, fmt.Errorf("no value for the path parameter %s could be made up", parameter.Name)
		}
	}
	return p, nil
}

// entry is one case about credentials in the making.
type entry struct {
	kind, detail string
	expect       contract.Expect
	// answer is nil where the draft itself has the credentials, or none.
	answer *contract.Answer
	doubt  string
	// also are the statuses that fit a refusal beside 401.
	also       []int
	statements []string
}

// credentialCase makes the case of a draft, sent with the credentials of e.
func (p *plan) credentialCase(e entry, d *draft) *contract.Case {
	c, err := p.newCase(e.kind, e.detail, e.expect, d)
	if err != nil {
		p.source.drop(p.op.ID+"/"+e.kind+"/"+e.detail, err.Error())
		return nil
	}
	c.Doubt, c.Statements = e.doubt, e.statements
	c.Excuses = []int{tooMany}
	if e.expect == contract.Rejected {
		c.Statuses = p.refusals(e.also)
		c.Breaks = &contract.Break{In: "credential", Keyword: e.detail}
	}
	step := &c.Steps[c.Main()]
	step.Answer = e.answer
	if e.answer == nil {
		step.Credential = "none"
	}
	return c
}

// tooMany is what a target may say to a row of wrong answers (RFC 6585,
// section 4); it proves nothing.
const tooMany = 429

// refusals are the statuses of a refusal: 401; 403 where the document does not
// declare the former; 404 where a target may hide what the path names, as long
// as the document does not promise that credentials come first.
func (p *plan) refusals(also []int) []int {
	out := append([]int{401}, also...)
	if !slices.ContainsFunc(p.op.Responses, func(r spec.Response) bool { return r.Status == "401" }) {
		out = append(out, 403)
	}
	if strings.Contains(p.op.Path, "{") && len(p.source.Contract.Cites(credentialsFirst)) == 0 {
		out = append(out, 404)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// credentialsFirst is the aspect that credentials are checked before all else.
const credentialsFirst = "credentials-first"

func text(s string) *string { return &s }
