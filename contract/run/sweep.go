package run

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/atlas-contract/conformance/internal/ledger"
	"github.com/atlas-contract/conformance/internal/transport"
)

// Left is a thing that is, or may be, still on the target.
type Left struct {
	// Method and URL remove it, or change it back; or they are those of the
	// create, where it is not known what that made.
	Method, URL string
	// Case is the id of the case that made it.
	Case string
	// Why says why it was not removed.
	Why string
	// Perhaps tells that it may be somebody else's, so that a person has to
	// decide.
	Perhaps bool
}

// Sweep removes what a ledger says is left. It never touches what the run of
// the ledger did not create: a thing that no reply named is removed only if its
// list did not hold it before, it repeats what was sent, and there are no more
// such things than creates whose replies were lost.
type Sweep struct {
	Ledger *ledger.Ledger
	Client *transport.Client
	// Budget is how long it tries; 0 means ten seconds for a target on this
	// machine, and two minutes for another.
	Budget time.Duration
	// Dry looks and removes nothing.
	Dry bool
}

// Swept is what came of a sweep.
type Swept struct {
	// Removed is what was removed, or would be.
	Removed []Left
	// Restored are the settings that were changed back, or would be.
	Restored []Left
	Left     []Left
	// Unreachable says why the target could not be asked, "" where it could.
	Unreachable string
}

// Run tries until nothing is left, the budget is used up, or trying again is of
// no use. The error is that of writing the ledger.
func (s Sweep) Run(ctx context.Context) (Swept, error) {
	near := Nearby(s.Client.Base().String())
	if s.Budget <= 0 {
		s.Budget = usualBudget(near)
	}
	ctx, cancel := context.WithTimeout(ctx, s.Budget)
	defer cancel()
	sw := &sweeper{Sweep: s, holdings: &holdings{ask: s.Client.Do}, ends: map[int]end{}, looks: map[int]int{}, unlike: map[string]end{}}
	pause := 2 * time.Second
	if near {
		pause = 100 * time.Millisecond
	}
	sw.rounds(ctx, pause)
	sw.out.Left = sw.left()
	return sw.out, sw.err
}

// usualBudget is how long a sweep tries.
func usualBudget(near bool) time.Duration {
	if near {
		return 10 * time.Second
	}
	return 2 * time.Minute
}

// budget is how long the end of the run tries: no longer than the part of the
// deadline that is kept for it.
func (o *Options) budget() time.Duration {
	budget := cmp.Or(o.Sweep, usualBudget(Nearby(o.Base)))
	if o.Deadline > 0 {
		budget = min(budget, o.Deadline/5, reserve)
	}
	return budget
}

// sweep removes what the cases left.
func (r *Runner) sweep(ctx context.Context) {
	if r.book == nil || len(r.book.ledger.Left())+len(r.book.ledger.Changed()) == 0 {
		return
	}
	swept, err := Sweep{Ledger: r.book.ledger, Client: r.o.Client, Budget: r.o.budget()}.Run(context.WithoutCancel(ctx))
	r.left = swept.Left
	if err != nil {
		for i := range r.left {
			r.left[i].Why += "; " + err.Error()
		}
	}
}

// Left is what the last run of the cases made and could not remove, the last
// thing first. Without a ledger nothing is known of it.
func (r *Runner) Left() []Left { return r.left }

// sweeper is a sweep on its way.
type sweeper struct {
	Sweep
	holdings *holdings
	out      Swept
	err      error // of the ledger
	ends     map[int]end
	unlike   map[string]end // the settings that are not as they were, by the URL
	looks    map[int]int    // how often a lost create was looked for in vain
	round    roundState
	// seen are the new things of each list that was looked at in this round, and
	// sought the creates that may have made them.
	seen   map[string][]thing
	sought []ledger.Entry
}

// end is why an entry is still there, and whether that is the end of it.
type end struct {
	why   string
	final bool
	// things are those of which one may be what was made.
	things []thing
}

// pending tells whether a create that was looked up may still be given a thing.
func (e end) pending() bool { return e.why == lostReply && !e.final }

// roundState tells whether anything answered in a round.
type roundState struct {
	asked, answered bool
	failure         string
}

// deaf is how many rounds without any answer end a sweep.
const deaf = 4

func (s *sweeper) rounds(ctx context.Context, pause time.Duration) {
	silent := 0
	for {
		s.round = roundState{}
		s.lost(ctx)
		s.remove(ctx)
		s.restore(ctx)
		if s.round.asked && !s.round.answered {
			silent++
		} else {
			silent = 0
		}
		s.out.Unreachable = ""
		if silent > 0 {
			s.out.Unreachable = s.round.failure
		}
		if s.err != nil || silent == deaf || s.over() || !s.round.asked || !sleep(ctx, pause) {
			return
		}
		pause = min(2*pause, 20*time.Second)
	}
}

// over tells whether another round is of no use.
func (s *sweeper) over() bool {
	return !slices.ContainsFunc(s.Ledger.Left(), func(e ledger.Entry) bool { return !s.ends[e.N].final }) &&
		!slices.ContainsFunc(s.Ledger.Changed(), func(c ledger.Setting) bool { return !s.unlike[c.Change.URL].final })
}

// heard takes note of the error of a request, nil for none.
func (s *sweeper) heard(err error) {
	s.round.asked = true
	var r *refusal
	if errors.As(err, &r) && r.class == transport.Unreachable {
		s.round.failure = r.why
		return
	}
	s.round.answered = true
}

// remove removes what is known by its URL, the last one first, so that what is
// within another thing goes before it.
func (s *sweeper) remove(ctx context.Context) {
	for _, e := range s.Ledger.Left() {
		if e.Made == "" || s.ends[e.N].final || ctx.Err() != nil {
			continue
		}
		if s.Dry {
			s.gone(e, "")
			continue
		}
		err := s.holdings.remove(ctx, &e)
		s.heard(err)
		if err != nil {
			s.ends[e.N] = end{why: cmp.Or(why(err), "no reply"), final: isLasting(err)}
			continue
		}
		s.gone(e, "")
		s.note(s.Ledger.Removed(e.N))
	}
}

// restore changes the settings back, each after what may be in its way.
func (s *sweeper) restore(ctx context.Context) {
	for _, c := range s.Ledger.Changed() {
		url := c.Change.URL
		if s.unlike[url].final || ctx.Err() != nil {
			continue
		}
		if !s.Dry {
			err := s.holdings.changeBack(ctx, &c)
			s.heard(err)
			if err != nil {
				s.unlike[url] = end{why: why(err), final: isLasting(err)}
				continue
			}
			s.note(s.Ledger.Back(url))
		}
		s.unlike[url] = end{final: true}
		s.out.Restored = append(s.out.Restored, Left{Method: c.Change.Method, URL: url, Case: c.Case})
	}
}

// gone adds to what is removed.
func (s *sweeper) gone(e ledger.Entry, why string) {
	s.ends[e.N] = end{final: true}
	s.out.Removed = append(s.out.Removed, Left{Method: e.Remove.Method, URL: e.Made, Case: e.Case, Why: why})
}

func (s *sweeper) note(err error) {
	if err != nil && s.err == nil {
		s.err = err
	}
}

// why is an error without what was asked.
func why(err error) string {
	var r *refusal
	if errors.As(err, &r) {
		return r.why
	}
	return err.Error()
}

// left is what is still there.
func (s *sweeper) left() []Left {
	var out []Left
	for _, e := range s.Ledger.Left() {
		end := s.ends[e.N]
		if s.Dry && end.why == "" {
			continue
		}
		for _, t := range end.things {
			out = append(out, Left{Method: e.Remove.Method, URL: t.url, Case: e.Case, Why: end.why, Perhaps: true})
		}
		switch {
		case len(end.things) > 0:
		case e.Made != "":
			out = append(out, Left{Method: e.Remove.Method, URL: e.Made, Case: e.Case, Why: cmp.Or(end.why, "the time for it ran out")})
		default:
			out = append(out, Left{Method: e.Method, URL: e.URL, Case: e.Case, Why: cmp.Or(end.why, lostReply+", and the time to look for it ran out"), Perhaps: true})
		}
	}
	for _, c := range s.Ledger.Changed() {
		if !s.Dry {
			out = append(out, Left{
				Method: c.Change.Method, URL: c.Change.URL, Case: c.Case,
				Why: "it is not what it was before: " + cmp.Or(s.unlike[c.Change.URL].why, "the time for it ran out"),
			})
		}
	}
	return out
}
