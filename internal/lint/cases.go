package lint

import (
	"maps"
	"slices"

	"github.com/atlas-contract/conformance/contract/kinds"
	"github.com/atlas-contract/conformance/internal/spec"
)

var noCase = Rule{
	Name: "no-case",
	Doc:  "No case can be derived from an operation, so that it cannot be tested.",
	run: func(p *pass) {
		s := &kinds.Source{Contract: p.contract, Base: p.contract.Server, Params: p.Params, Roles: p.Roles}
		for _, op := range p.contract.Operations {
			if reason, none := untestable(s, op); none {
				p.about(op, op.Node, "no case can be derived from the operation %s: %s", op.ID, reason)
			}
		}
	},
}

// untestable says why an operation has no case that could be sent. It looks no
// further than to the first.
func untestable(s *kinds.Source, op *spec.Operation) (reason string, none bool) {
	dropped := map[string]int{}
	s.Dropped = func(_, why string) { dropped[why]++ }
	for _, kind := range kinds.All() {
		for c := range kind.Derive(s, op) {
			if c.Skip == "" {
				return "", false
			}
			reason = c.Skip
		}
	}
	if reason != "" {
		return reason, true
	}
	for _, why := range slices.Sorted(maps.Keys(dropped)) {
		if dropped[why] > dropped[reason] {
			reason = why
		}
	}
	if reason == "" {
		reason = "nothing in the document says what a request to it is like"
	}
	return reason, true
}
