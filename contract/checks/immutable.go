package checks

import (
	"bytes"

	"github.com/atlas-contract/conformance/contract"
)

var immutable = Check{
	Name: "immutable",
	Doc:  "A member that never changes while the thing exists keeps its value, from the start or once it is set (x-conformance, immutable), and no id is given to two things.",
	Run: func(s *Subject) {
		for _, h := range s.histories() {
			judgeImmutable(s, h)
			judgeIdentity(s, h)
		}
	},
}

func judgeImmutable(s *Subject, h *history) {
	known := map[string]any{}
	for _, l := range h.looks {
		if !l.shows() {
			continue
		}
		for _, n := range l.notes {
			rule := n.ext.Get("immutable").Text()
			value, _ := contract.At(l.object, n.pointer)
			before, has := known[n.pointer]
			switch {
			case rule == "" || !has && rule == "once-set" && unset(value):
				continue
			case !has:
				known[n.pointer] = value
				continue
			}
			s.Tested(stable(n)...)
			if !same(before, value) {
				s.Find(l.view, contract.Finding{
					Message: "a member that never changes has changed", Place: "body", Pointer: l.pointer + n.pointer,
					Expected: contract.Show(before), Got: contract.Show(value),
				}, stable(n)...)
				known[n.pointer] = value
			}
		}
	}
}

// stable are the statements about a member never changing: the last that it
// cites, since the first ones are about its form.
func stable(n note) []string {
	if own := n.ext.Get("immutableStatements").Strings(); len(own) > 0 {
		return own
	}
	all := n.ext.Get("statements").Strings()
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1:]
}

// judgeIdentity looks for an id that was given twice, and for a thing that is
// shown under another one's id.
func judgeIdentity(s *Subject, h *history) {
	creations := 0
	for _, l := range h.looks {
		if l.sight == made {
			creations++
		}
		given := bytes.Contains(l.view.Request.Body, []byte(`"`+h.id+`"`)) // by the client
		again := l.view.Response.Status == 200 && l.view.declares(201)     // it says that nothing was made
		if l.sight == made && creations > 1 && !given && !again {
			s.Find(l.view, contract.Finding{
				Message: "a new thing has the id of another one", Place: "body", Pointer: l.pointer + h.resource.Member(),
				Expected: "an id that was never used", Got: h.id,
			}, s.Contract.Cites("immutable")...)
		}
		if l.sight != shown || h.resource.Member() == "" {
			continue
		}
		value, has := contract.At(l.object, h.resource.Member())
		if id, _ := contract.Text(value); has && id != h.id {
			s.Find(l.view, contract.Finding{
				Message: "the reply shows another thing than the one in the path", Place: "body", Pointer: l.pointer + h.resource.Member(),
				Expected: h.id, Got: contract.Show(value),
			}, s.Contract.Cites("read-back")...)
		}
	}
}
