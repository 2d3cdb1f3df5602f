package checks

import (
	"github.com/atlas-contract/conformance/contract"
)

var isolation = Check{
	Name: "isolation",
	Doc:  "A thing is seen, listed, changed and removed only through the path below which it was made, never through that of another tenant or collection.",
	Run: func(s *Subject) {
		judgeOthersSettings(s)
		for _, h := range s.histories() {
			birth := h.first(made)
			if birth == nil {
				continue
			}
			for _, l := range h.looks {
				if l.sight == made || l.sight == absent || l.sight == unlisted {
					continue
				}
				judgePlace(s, h, birth, l)
			}
		}
	},
}

func judgePlace(s *Subject, h *history, birth *look, l look) {
	for _, p := range l.view.Operation.Parameters {
		if p.In != "path" || p.Name == h.resource.Param {
			continue
		}
		want, known := s.things.place(*birth, l.view.Operation, p.Name)
		if !known || want == l.view.Params[p.Name] || l.view.Params[p.Name] == "" {
			continue
		}
		statements := s.Contract.Cites("isolation")
		evidence := contract.Evidence("")
		if _, tenant := birth.view.Params[p.Name]; !tenant { // the path of another sort of things
			statements = l.view.Operation.Statements
			if l.sight != listed {
				evidence = contract.Assumed
			}
		}
		verb := map[sight]string{shown: "shown", listed: "listed", removed: "removed"}[l.sight]
		s.Find(l.view, contract.Finding{
			Evidence: evidence,
			Message:  "a thing is " + verb + " through a path that is not its own", Place: "path", Pointer: p.Name,
			Expected: contract.Clip(want, 80), Got: contract.Clip(l.view.Params[p.Name], 80),
		}, statements...)
	}
}
