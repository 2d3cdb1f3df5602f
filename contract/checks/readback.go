package checks

import (
	"fmt"
	"maps"
	"slices"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var readBack = Check{
	Name: "read-back",
	Doc:  "What was made can be read and is listed until it is removed; reads and lists of it agree as long as its state does not change; what it is made below lists it meanwhile, and only then, where the contract says so (x-conformance, creates.within); and what was sent is what is read back, member by member, unless it is readOnly or writeOnly.",
	Run: func(s *Subject) {
		for _, h := range s.histories() {
			judgePresence(s, h)
			judgeAgreement(s, h)
			judgeSent(s, h)
		}
		judgeWithin(s)
		judgeSettings(s)
		for _, v := range s.Views {
			judgeTwice(s, v)
		}
	},
}

// judgeTwice looks for a thing that a list has more than once.
func judgeTwice(s *Subject, v *View) {
	if v.Operation == nil || !v.Success() || len(v.Unknown) > 0 {
		return
	}
	r := s.Contract.Resource(v.Operation)
	if r == nil || r.List != v.Operation {
		return
	}
	list, _ := v.listing(r)
	seen := map[string]bool{}
	for i, item := range list.items {
		id := idIn(r, item)
		if id != "" && seen[id] {
			s.Find(v, contract.Finding{
				Message: "a thing is in the list twice", Place: "body", Pointer: v.Prefix + list.pointer + "/" + itoa(i) + r.Member(),
				Expected: "each id once", Got: contract.Clip(id, 80),
			}, s.Contract.Cites("read-back")...)
			return
		}
		seen[id] = true
	}
}

// judgePresence looks for what was made, was not removed, and is missing.
func judgePresence(s *Subject, h *history) {
	birth, deletion := h.first(made), h.first(removed)
	if birth == nil || birth.view.Response.Status == 202 && len(s.Contract.Cites("read-back")) == 0 {
		return // what is merely accepted is not there yet (RFC 9110, section 15.3.3)
	}
	for _, l := range h.looks {
		if l.sight != absent && l.sight != unlisted || !l.after(*birth) || !l.view.sees(l.sight) || !s.places(birth, l) {
			continue
		}
		if deletion != nil && !deletion.view.Start.After(l.view.Start.Add(l.view.Elapsed)) || deletion == nil && l.view.Recorded {
			continue
		}
		s.Find(l.view, missed(h, l), s.Contract.Cites("read-back")...)
	}
}

// missed is the finding that a look does not show a thing. What is expected
// names no thing, so that it is one fault for all of them.
func missed(h *history, l look) contract.Finding {
	if l.sight == absent {
		return contract.Finding{
			Message: "what was made is not there", Place: "status",
			Expected: "a success for everything that a creation returned", Got: phrase(l.view.Response.Status) + " for " + h.id,
		}
	}
	list, _ := l.view.listing(h.resource)
	got := fmt.Sprintf("a list of %d without %s", len(list.items), h.id)
	if len(list.items) == 0 {
		got = "an empty list, without " + h.id
	}
	return contract.Finding{
		Message: "what was made is not in the list", Place: "body", Pointer: l.view.Prefix + list.pointer,
		Expected: "a list of everything that was made and not removed", Got: got,
	}
}

// sees tells whether the thing must be seen with the credential that was sent:
// the usual one, and for a list one whose role may call it.
func (v *View) sees(s sight) bool {
	allowed := v.Operation.Node.Ext().Get("roles", "allowed").Strings()
	return v.Credential == "" || s == unlisted && slices.Contains(allowed, v.Credential)
}

// places tells whether a look was taken at where the thing is.
func (s *Subject) places(birth *look, l look) bool {
	for _, p := range l.view.Operation.Parameters {
		if p.In != "path" {
			continue
		}
		want, known := s.things.place(*birth, l.view.Operation, p.Name)
		if known && want != l.view.Params[p.Name] {
			return false
		}
	}
	return true
}

// judgeAgreement compares each look at a thing with the one before it in the
// same state, nothing having been sent in between that could change it. Only
// the case's own things are compared, as others may change all others.
func judgeAgreement(s *Subject, h *history) {
	if h.first(made) == nil {
		return // it is not the case's own, so others may change it
	}
	var before *look
	for i := range h.looks {
		l := &h.looks[i]
		if !l.shows() || l.sight == shown && l.view.Operation == h.resource.Update {
			if l.sight != unlisted {
				before = nil
			}
			continue
		}
		if before != nil && !l.view.Recorded && sameState(before, l) && !s.changedBetween(before, l) {
			compareLooks(s, h.resource, before, l)
		}
		before = l
	}
}

func sameState(a, b *look) bool {
	_, _, x := a.lifecycle()
	_, _, y := b.lifecycle()
	return x == y
}

// changedBetween tells whether the case sent anything between two looks that
// may have changed the thing.
func (s *Subject) changedBetween(a, b *look) bool {
	return slices.ContainsFunc(s.Views, func(v *View) bool {
		safe := v.Request.Method == "GET" || v.Request.Method == "HEAD" || v.Request.Method == "OPTIONS"
		return !safe && v.Start.After(a.view.Start) && v.Start.Before(b.view.Start.Add(b.view.Elapsed))
	})
}

func compareLooks(s *Subject, r *spec.Resource, before, l *look) {
	s.Tested(s.Contract.Cites("read-back")...)
	x, y := before.object.(map[string]any), l.object.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(y)) {
		old, has := x[name]
		if !has || same(old, y[name]) || unset(old) && unset(y[name]) || s.listsOthers(r, name) {
			continue
		}
		s.Find(l.view, contract.Finding{
			Evidence: s.unlessCited("read-back"),
			Message:  "two looks at a thing that nothing has changed in between differ", Place: "body", Pointer: l.pointer + "/" + spec.Escape(name),
			Expected: contract.Show(old), Got: contract.Show(y[name]),
		}, s.Contract.Cites("read-back")...)
	}
}

// unlessCited is the evidence of what only reason says, where the contract has
// no statement about it.
func (s *Subject) unlessCited(check string) contract.Evidence {
	if len(s.Contract.Cites(check)) == 0 {
		return contract.Assumed
	}
	return ""
}

// judgeSent compares what was sent to make or change a thing with what the
// first read after it shows.
func judgeSent(s *Subject, h *history) {
	var sent *look
	for i := range h.looks {
		l := &h.looks[i]
		switch {
		case l.sight == made, l.sight == shown && l.view.Operation == h.resource.Update:
			sent = l
			compareSent(s, sent, l)
		case l.sight == shown && sent != nil && !s.changedBetween(sent, l):
			compareSent(s, sent, l)
			sent = nil
		}
	}
}

func compareSent(s *Subject, sent, l *look) {
	body, _ := decoded(sent.view.Request.Body).(map[string]any)
	if l.object == nil || body == nil {
		return
	}
	read := l.object.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(body)) {
		got, has := read[name]
		want := body[name]
		if !has || oneWay(l, name) || alike(s, want, got) {
			continue
		}
		s.Find(l.view, contract.Finding{
			Evidence: s.unlessCited("read-back"),
			Message:  "what is read back is not what was sent", Place: "body", Pointer: l.pointer + "/" + spec.Escape(name),
			Expected: contract.Show(want), Got: contract.Show(got),
		}, s.Contract.Cites("read-back")...)
	}
}

func decoded(body []byte) any {
	v, _ := contract.Decode(body)
	return v
}

// oneWay tells whether a member of a thing travels in one direction only.
func oneWay(l *look, name string) bool {
	return slices.ContainsFunc(l.schemas, func(schema spec.Node) bool {
		property := schema.Resolve().Get("properties", name).Resolve()
		return property.Get("readOnly").True() || property.Get("writeOnly").True()
	})
}

// alike tells whether what is read says what was sent: it is the same, an
// equivalent form, or what is left of it when a server has tidied it up.
func alike(s *Subject, want, got any) bool {
	if same(want, got) || sameDouble(want, got) || s.Contract.Equivalent(want, got) {
		return true
	}
	x, isText := want.(string)
	y, isText2 := got.(string)
	if isText && isText2 {
		return sameText(x, y)
	}
	_, isMap := want.(map[string]any)
	_, isList := want.([]any)
	return isMap || isList || isText != isText2
}
