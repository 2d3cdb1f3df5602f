package checks

import (
	"slices"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// sight is what an exchange tells about a thing.
type sight int

const (
	made     sight = iota // its creation was accepted
	shown                 // a read of it, or a change, shows it
	listed                // a list has it
	removed               // its removal was accepted
	absent                // a read of it says that it is not there
	unlisted              // a list that should have it lacks it
)

// look is one exchange that tells something about a thing.
type look struct {
	sight sight
	view  *View
	// object is the thing as it is shown, at pointer in the body; nil where the
	// exchange does not show it. Schemas are those of the object, and notes what
	// they say of its members beyond their form.
	object  any
	pointer string
	schemas []spec.Node
	notes   []note
}

// shows tells whether the thing itself can be seen.
func (l look) shows() bool { return l.object != nil }

// coarse is how exact the times of recordings are: some tell whole seconds.
const coarse = time.Second

// after tells whether the request was sent when the other's reply had come.
func (l look) after(other look) bool {
	end := other.view.Start.Add(other.view.Elapsed)
	if l.view.Recorded {
		return l.view.Start.After(end.Add(coarse))
	}
	return !l.view.Start.Before(end)
}

// history is all that the exchanges of a case tell about one thing, in the
// order in which they were sent.
type history struct {
	resource *spec.Resource
	id       string
	looks    []look
}

// first is the first look of a sort, nil where there is none.
func (h *history) first(s sight) *look {
	i := slices.IndexFunc(h.looks, func(l look) bool { return l.sight == s })
	if i < 0 {
		return nil
	}
	return &h.looks[i]
}

// histories are those of all things that the case's exchanges tell about, in
// the order in which they first appear.
func (s *Subject) histories() []*history {
	if s.things == nil {
		b := &chronicle{contract: s.Contract, byID: map[string]*history{}}
		views := slices.Clone(s.Views)
		slices.SortStableFunc(views, func(a, b *View) int { return a.Start.Compare(b.Start) })
		for _, v := range views {
			b.add(v)
		}
		s.things = b
	}
	return s.things.list
}

// chronicle sorts exchanges into histories.
type chronicle struct {
	contract *spec.Contract
	list     []*history
	byID     map[string]*history
}

func (b *chronicle) add(v *View) {
	if v.Operation == nil || !v.Came() || v.Request.Method != v.Operation.Method || len(v.Unknown) > 0 {
		return
	}
	r := b.contract.Resource(v.Operation)
	if r == nil {
		return
	}
	switch v.Operation {
	case r.Create:
		if id := b.identity(r, v); id != "" && v.Success() {
			b.note(r, id, look{sight: made, view: v, object: object(v.Inner), pointer: v.Prefix})
		}
	case r.Read, r.Update:
		b.addRead(r, v)
	case r.Delete:
		if v.Success() {
			b.note(r, v.Params[r.Param], look{sight: removed, view: v})
		}
	case r.List:
		if v.Success() && v.IsJSON {
			b.addList(r, v)
		}
	}
}

// identity is the id of what a creation made.
func (b *chronicle) identity(r *spec.Resource, v *View) string {
	value, _ := b.contract.Told(r.ID, v.Exchange, v.keys()...)
	id, _ := contract.Text(value)
	return id
}

func (b *chronicle) note(r *spec.Resource, id string, l look) {
	if id == "" {
		return
	}
	key := r.Create.ID + "\x00" + id
	h := b.byID[key]
	if h == nil {
		h = &history{resource: r, id: id}
		b.byID[key] = h
		b.list = append(b.list, h)
	}
	if l.shows() {
		l.schemas = l.view.schemasOf(l.pointer)
		l.notes = notesOf(l.schemas, l.object)
	}
	h.looks = append(h.looks, l)
}

func (b *chronicle) addRead(r *spec.Resource, v *View) {
	id := v.Params[r.Param]
	switch {
	case v.Success() && object(v.Inner) != nil:
		b.note(r, id, look{sight: shown, view: v, object: object(v.Inner), pointer: v.Prefix})
	case v.Operation == r.Read && (v.Response.Status == 404 || v.Response.Status == 410):
		b.note(r, id, look{sight: absent, view: v})
	}
}

func (b *chronicle) addList(r *spec.Resource, v *View) {
	l, ok := v.listing(r)
	if !ok {
		return
	}
	seen := map[string]bool{}
	for i, item := range l.items {
		id := idIn(r, item)
		seen[strings.ToLower(id)] = true
		b.note(r, id, look{sight: listed, view: v, object: object(item), pointer: v.Prefix + l.pointer + "/" + itoa(i)})
	}
	if seen[""] || !l.complete(v) {
		return // what is not to be seen may be there all the same
	}
	for _, h := range b.list {
		if first := h.first(made); h.resource == r && first != nil && !seen[strings.ToLower(h.id)] && b.belongs(r, *first, v) {
			h.looks = append(h.looks, look{sight: unlisted, view: v})
		}
	}
}

// belongs tells whether a list is of where the thing was made: each of its path
// parameters has the value that the creation gives it.
func (b *chronicle) belongs(r *spec.Resource, first look, v *View) bool {
	for _, p := range v.Operation.Parameters {
		if p.In != "path" {
			continue
		}
		want, known := b.place(first, v.Operation, p.Name)
		if !known || want != v.Params[p.Name] {
			return false
		}
	}
	return !slices.ContainsFunc(v.Operation.Parameters, func(p spec.Parameter) bool {
		return p.In == "query" && p.Relation == nil && (v.Query.Has(p.Name) || filters(p)) // it may be a filter
	})
}

// place is the value that a path parameter of an operation has for a thing, by
// the link from its creation, or by the parameter of the same name there.
func (b *chronicle) place(first look, op *spec.Operation, name string) (string, bool) {
	if link, ok := b.contract.LinkBetween(first.view.Operation, op); ok {
		if expr, has := link.Parameters[name]; has {
			value, _ := contract.Eval(expr, first.view.Exchange, first.view.keys()...)
			return contract.Text(value)
		}
	}
	value, ok := first.view.Params[name]
	return value, ok
}

func object(v any) any {
	if m, ok := v.(map[string]any); ok {
		return m
	}
	return nil
}
