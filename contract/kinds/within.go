package kinds

import (
	"bytes"
	"strconv"

	"github.com/atlas-contract/conformance/contract"
)

var within = sceneKind("within",
	"Makes two things below another one that lists them, looks at it after each, removes the first and looks again: it lists what is there.",
	func(p *plan, yield func(*contract.Case) bool) bool {
		r := p.source.Contract.Resource(p.op)
		if r == nil || r.Create != p.op || p.op.Creates == nil || p.op.Creates.Within == "" || len(p.story.made) == 0 {
			return true
		}
		parent, _ := p.source.Contract.Parent(r)
		if parent == nil {
			return true
		}
		sc := p.scene("within", p.variant(), contract.Accepted, p.op.Creates.Statements)
		outer := sc.made[len(sc.made)-1]
		first := sc.send(p, sc.fresh(p, ""))
		other := sc.unlike(p, sc.last().Request.Body)
		sc.look(outer, parent)
		if other == nil {
			return true
		}
		sc.send(p, other)
		sc.look(outer, parent)
		if r.Delete != nil && r.Read != nil {
			sc.removed(first, r)
			sc.look(outer, parent)
		}
		return each(yield, sc.end())
	})

// unlike gives what must be unique another value than a body has; nil where
// none is found.
func (sc *scene) unlike(p *plan, body []byte) func(*draft) {
	for i := range 16 {
		change := sc.fresh(p, "/other-"+strconv.Itoa(i))
		d := p.draft.clone()
		if change(d); !bytes.Equal(d.body, body) {
			return change
		}
	}
	return nil
}
