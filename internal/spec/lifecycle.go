package spec

import (
	"slices"
	"strconv"
)

// Lifecycle is the states that a thing goes through, as one property of it
// shows them (x-conformance, lifecycle).
type Lifecycle struct {
	// Groups are the states by group: initial, ready, failed and final.
	Groups map[string][]string
	// Gone is the status that a read gets after the removal, 0 where none is
	// declared.
	Gone int
	// Transitions are the states that may follow, by the state.
	Transitions map[string][]string
	// Set and Unset are the JSON pointers of members that are neither null nor
	// empty, or are so, in the states of a group.
	Set, Unset map[string][]string

	cites      map[string][]string
	statements []string
}

// ReadLifecycle reads the lifecycle of a property's extension, nil where it
// has none.
func ReadLifecycle(ext Node) *Lifecycle { return remembered(ext, readLifecycle) }

func readLifecycle(ext Node) *Lifecycle {
	n := ext.Get("lifecycle")
	if !n.Exists() {
		return nil
	}
	l := &Lifecycle{
		Groups: map[string][]string{}, Transitions: lists(n.Get("transitions")),
		Set: lists(n.Get("set")), Unset: lists(n.Get("unset")), cites: lists(n.Get("cites")), statements: n.Get("statements").Strings(),
	}
	l.Gone, _ = strconv.Atoi(n.Get("gone").Text())
	for _, group := range groups() {
		l.Groups[group] = n.Get(group).Strings()
	}
	return l
}

func groups() []string { return []string{"initial", "ready", "failed", "final"} }

func lists(n Node) map[string][]string {
	out := map[string][]string{}
	for key, list := range n.Pairs() {
		out[key] = list.Strings()
	}
	return out
}

// Cites are the statements about a group of states, about transitions or about
// being gone: those named for it, else those of the lifecycle as a whole.
func (l *Lifecycle) Cites(about string) []string {
	if own := l.cites[about]; len(own) > 0 {
		return own
	}
	return l.statements
}

// Group is the group that a state belongs to, "" where it is in none.
func (l *Lifecycle) Group(state string) string {
	for _, group := range groups() {
		if slices.Contains(l.Groups[group], state) {
			return group
		}
	}
	return ""
}

// Knows tells whether the lifecycle has a state.
func (l *Lifecycle) Knows(state string) bool {
	_, leads := l.Transitions[state]
	return leads || l.Group(state) != ""
}

// Leads tells whether one state can be followed by another, at once or through
// states in between that nobody saw.
func (l *Lifecycle) Leads(from, to string) bool {
	seen := map[string]bool{}
	var visit func(string) bool
	visit = func(state string) bool {
		if state == to {
			return true
		}
		if seen[state] {
			return false
		}
		seen[state] = true
		return slices.ContainsFunc(l.Transitions[state], visit)
	}
	return visit(from)
}

// Settled are the states in which a new thing has come as far as it will:
// ready or failed.
func (l *Lifecycle) Settled() []string {
	return slices.Concat(l.Groups["ready"], l.Groups["failed"])
}
