package checks

import (
	"maps"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var related = Check{
	Name: "relation",
	Doc:  "A reply that is wrapped, or formatted, says the same as the plain reply to the same request: the same status, and for a read the same value; for an error the same members (x-conformance, relation).",
	Run: func(s *Subject) {
		for _, group := range s.sameButForFlags() {
			judgeGroup(s, group)
		}
	},
}

// sameButForFlags groups the exchanges whose requests differ in nothing but
// the parameters that only change how a reply looks.
func (s *Subject) sameButForFlags() [][]*View {
	byRequest := map[string][]*View{}
	var order []string
	for _, v := range s.Views {
		if v.Operation == nil || !v.Came() || v.Recorded || v.Operation.Envelope() == nil && v.Operation.Formatting() == nil ||
			v.Operation.Path == spec.OutsidePath || v.Response.Status == 401 || v.vague(v.Operation.Envelope()) || v.vague(v.Operation.Formatting()) {
			continue
		}
		key := v.withoutFlags()
		if byRequest[key] == nil {
			order = append(order, key)
		}
		byRequest[key] = append(byRequest[key], v)
	}
	var out [][]*View
	for _, key := range order {
		if len(byRequest[key]) > 1 {
			out = append(out, byRequest[key])
		}
	}
	return out
}

func (v *View) withoutFlags() string {
	path, _, _ := strings.Cut(v.Request.URL, "?")
	rest := maps.Clone(v.Query)
	for _, p := range []*spec.Parameter{v.Operation.Envelope(), v.Operation.Formatting()} {
		if p != nil {
			delete(rest, p.Name)
		}
	}
	return strings.Join([]string{v.Request.Method, path, rest.Encode(), string(v.Request.Body), v.Credential}, "\x00")
}

// judgeGroup compares all replies of a group to the plain one before them, as
// long as the thing itself stays as it is: the plain replies around them agree.
func judgeGroup(s *Subject, group []*View) {
	plain := func(v *View) bool { return !v.Enveloped && !v.Pretty }
	first := slices.IndexFunc(group, plain)
	if first < 0 {
		return
	}
	read := group[first].Request.Method == "GET"
	for i := first + 1; i < len(group); i++ {
		v := group[i]
		base, next := group[first], slices.IndexFunc(group[i:], plain)
		if plain(v) {
			first = i
			continue
		}
		switch {
		case read && next > 0 && !sameReply(base, group[i+next]):
			continue // it changed meanwhile
		case read && next < 0 && base.Success():
			continue // whether it changed nobody knows
		case !read && base.Response.Status < 400:
			continue // a second one is another request
		}
		compareReplies(s, base, v)
	}
}

func sameReply(a, b *View) bool {
	return a.Response.Status == b.Response.Status && contract.Equal(a.Inner, b.Inner)
}

func compareReplies(s *Subject, plain, v *View) {
	statements := v.flagStatements()
	s.Tested(statements...)
	if plain.Response.Status != v.Response.Status {
		s.Find(v, contract.Finding{
			Message: "a flag that only changes how the reply looks changes its status", Place: "status",
			Expected: phrase(plain.Response.Status), Got: phrase(v.Response.Status),
		}, statements...)
		return
	}
	if !plain.IsJSON || !v.IsJSON {
		return
	}
	if plain.Success() && !contract.Equal(plain.Inner, v.Inner) {
		s.Find(v, contract.Finding{
			Message: "a flag that only changes how the reply looks changes what it says", Place: "body", Pointer: v.Prefix,
			Expected: contract.Show(plain.Inner), Got: contract.Show(v.Inner),
		}, statements...)
	}
	if !plain.Success() {
		compareErrors(s, plain, v, statements)
	}
}

// compareErrors compares the members alone, as their texts may tell the time or
// a request's number.
func compareErrors(s *Subject, plain, v *View, statements []string) {
	x, isObject := plain.Inner.(map[string]any)
	y, isObject2 := v.Inner.(map[string]any)
	if !isObject || !isObject2 {
		return
	}
	want, got := slices.Sorted(maps.Keys(x)), slices.Sorted(maps.Keys(y))
	if slices.Equal(want, got) {
		return
	}
	s.Find(v, contract.Finding{
		Message: "a flag that only changes how the reply looks changes the members of an error", Place: "body", Pointer: v.Prefix,
		Expected: strings.Join(want, ", "), Got: strings.Join(got, ", "),
	}, statements...)
}

// flagStatements are those of the flags that the request sets.
func (v *View) flagStatements() []string {
	var out []string
	if v.Enveloped {
		r := v.Operation.Envelope()
		if v.Response.Status >= 400 {
			out = append(out, r.Node.Ext().Get("errors").Strings()...)
		}
		out = append(out, r.Node.Ext().Get("same").Strings()...)
		out = append(out, r.Relation.Statements...)
	}
	if v.Pretty {
		out = append(out, v.Operation.Formatting().Relation.Statements...)
	}
	return out
}
