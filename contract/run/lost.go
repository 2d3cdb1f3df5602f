package run

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/ledger"
)

const lostReply = "its reply was lost"

// lost finds out what the creates made whose replies did not tell.
func (s *sweeper) lost(ctx context.Context) {
	s.seen = map[string][]thing{}
	for _, e := range s.Ledger.Left() {
		if e.Made != "" || s.ends[e.N].final || ctx.Err() != nil {
			continue
		}
		present, ours := s.Ledger.Parent(e.URL)
		switch {
		case ours && !present:
			s.none(e, "it went with what it was part of")
		case len(e.Lookups) > 0:
			s.lookUp(ctx, e, ours)
		case e.Foretold != "" && ours:
			s.found(e, thing{url: e.Foretold})
		case e.Foretold != "" && s.absent(ctx, e):
			s.none(e, "it is not there")
		case e.Foretold != "":
			s.ends[e.N] = end{
				why: lostReply + ", and the contract has no list that tells whether it is the run's own", final: true,
				things: []thing{{url: e.Foretold}},
			}
		default:
			s.ends[e.N] = end{why: lostReply + ", and the contract has no list of such things", final: !ours}
		}
	}
	s.match()
}

// absent tells whether the target says that nothing is where a create would have
// made something.
func (s *sweeper) absent(ctx context.Context, e ledger.Entry) bool {
	if e.Gone == "" {
		return false
	}
	request := contract.Request{Method: e.Gone, URL: e.Foretold, Header: e.Remove.Header}
	_, err := s.holdings.read(ctx, request, e.Credential)
	s.heard(err)
	var r *refusal
	return errors.As(err, &r) && r.nowhere()
}

// lookUp looks for things that are new in the lists of a create.
func (s *sweeper) lookUp(ctx context.Context, e ledger.Entry, ours bool) {
	s.ends[e.N] = end{why: lostReply}
	for i := range e.Lookups {
		list := &e.Lookups[i]
		if _, known := s.seen[list.URL]; known {
			continue
		}
		all, err := s.holdings.things(ctx, list, e.Credential)
		s.heard(err)
		var r *refusal
		if errors.As(err, &r) && r.nowhere() && !s.Ledger.Hosts(e.URL) {
			all, err = nil, nil // there is no such place, so nothing can be there
		}
		if err != nil {
			s.ends[e.N] = end{why: lostReply + ", and what it made cannot be looked up: " + err.Error(), final: isLasting(err)}
			return
		}
		before, known := s.Ledger.Held(list.URL)
		fresh := slices.DeleteFunc(all, func(t thing) bool { return slices.Contains(before.Things, t.url) || s.Ledger.Owns(t.url) })
		if len(fresh) > 0 && !ours && (!known || before.Failed != "") {
			s.ends[e.N] = end{why: lostReply + ", and what the list held before is not known", final: true, things: fresh}
			return
		}
		s.seen[list.URL] = fresh
	}
	s.sought = append(s.sought, e)
}

// match gives new things to the creates that made them. A create so wrong that
// it does not tell what it would make gets none: the thing may be anybody's.
func (s *sweeper) match() {
	sought := s.sought
	s.sought = nil
	for _, list := range slices.Sorted(maps.Keys(s.seen)) {
		var plain, odd []ledger.Entry
		for _, e := range sought {
			switch {
			case e.Odd() && slices.ContainsFunc(e.Lookups, func(l ledger.Lookup) bool { return l.URL == list }):
				odd = append(odd, e)
			case !e.Odd() && e.Lookups[0].URL == list:
				plain = append(plain, e)
			}
		}
		s.assign(plain, odd, s.seen[list])
	}
	for _, e := range sought {
		s.inVain(e)
	}
}

// assign gives the new things of one list to plain creates, if there are not
// more such things than creates.
func (s *sweeper) assign(plain, odd []ledger.Entry, fresh []thing) {
	fits := func(t thing) func(ledger.Entry) bool {
		return func(e ledger.Entry) bool { return s.ends[e.N].pending() && repeats(t.item, e.Lookups[0].Same) }
	}
	var like, others []thing
	for _, t := range fresh {
		if slices.ContainsFunc(plain, fits(t)) {
			like = append(like, t)
		} else {
			others = append(others, t)
		}
	}
	if len(like) > len(plain) {
		why := fmt.Sprintf("%d things like it are new in the list, and at most %d of them the run's own", len(like), len(plain))
		s.perhaps(plain, like, why)
		like = nil
	}
	for _, t := range like {
		if i := slices.IndexFunc(plain, fits(t)); i >= 0 {
			s.found(plain[i], t)
		}
	}
	if len(odd) > 0 && len(others) > 0 {
		s.perhaps(odd, others, "it may have made any of the new things in the list")
	}
}

// inVain gives up on a create that no list shows. One that is still under way
// shows a moment later.
func (s *sweeper) inVain(e ledger.Entry) {
	const enough = 2
	if !s.ends[e.N].pending() {
		return
	}
	if s.looks[e.N]++; s.looks[e.N] >= enough || s.Dry {
		s.none(e, "no list shows it")
	}
}

// perhaps gives up on creates: any of the things may be somebody else's.
func (s *sweeper) perhaps(lost []ledger.Entry, things []thing, why string) {
	for i, e := range lost {
		s.ends[e.N] = end{why: lostReply + ", and " + why, final: true}
		if i == 0 {
			s.ends[e.N] = end{why: lostReply + ", and " + why, final: true, things: things}
		}
	}
}

// found notes which thing a create made.
func (s *sweeper) found(e ledger.Entry, t thing) {
	s.ends[e.N] = end{}
	if s.Dry {
		e.Made = t.url
		s.gone(e, "")
		return
	}
	s.note(s.Ledger.Made(e.N, t.url))
}

func (s *sweeper) none(e ledger.Entry, why string) {
	s.ends[e.N] = end{final: true}
	if !s.Dry {
		s.note(s.Ledger.None(e.N, why))
	}
}

// repeats tells whether a thing has nothing else where it would repeat what was
// sent. Servers may tidy texts up, and members without a value say nothing.
func repeats(item any, same map[string][]string) bool {
	for pointer, forms := range same {
		v, has := contract.At(item, pointer)
		text, scalar := contract.Text(v)
		like := func(form string) bool { return strings.EqualFold(strings.TrimSpace(form), strings.TrimSpace(text)) }
		if has && scalar && text != "" && !slices.ContainsFunc(forms, like) {
			return false
		}
	}
	return true
}
