// Package run holds a target against a contract: it derives the cases, sends
// their steps, has the exchanges judged, and yields a verdict per case.
//
// Cases run side by side, but their verdicts come in the order of the cases,
// so that a report is the same whatever the concurrency. Two cases that would
// create the same unique thing never run at once. What a case creates, it
// removes, also when it is broken.
package run

import (
	"context"
	"fmt"
	"iter"
	"net"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/checks"
	"github.com/atlas-contract/conformance/contract/kinds"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

// Options say what is held against what.
type Options struct {
	Contract *spec.Contract
	Client   *transport.Client
	// Base is the URL of the target, its base path included.
	Base string
	// Params are the user's values for path parameters.
	Params map[string]string
	// Roles are the names of the credentials beside the default one.
	Roles []string
	// Tenants are the path parameters of those among them that belong to another
	// tenant, by the name of the credential.
	Tenants map[string]map[string]string
	// Failing are values of members of bodies with which what the target makes
	// fails, by the name of the member.
	Failing map[string][]string
	// Seed picks what is chosen at random, and Draws is how many requests of
	// each operation are.
	Seed  int64
	Draws int
	// Dropped is told of each case that could not prove itself and is not sent,
	// while the cases are derived; nil ignores them.
	Dropped func(id, reason string)
	// Kinds and Checks default to all there are.
	Kinds  []kinds.Kind
	Checks []checks.Check
	// Match picks cases by id, a glob in which * also spans slashes; "" is all.
	Match string
	// Concurrency is how many requests are under way at once; 0 means 8. More
	// cases than that may be, while they wait for a state.
	Concurrency int
	// Creates is how many cases that create something may be under way at
	// once; 0 means 64.
	Creates int
	// Limits are what the run may do to the target.
	Limits Limits
	// Deadline is how long the run may take; 0 is no limit. A part of it, at most
	// two minutes, is kept for the removal of what was made.
	Deadline time.Duration
	Poll     Poll
	// Sweep is how long the end of the run tries to remove what its cases could
	// not, as far as the ledger knows; 0 means ten seconds for a target on this
	// machine, and two minutes for another.
	Sweep time.Duration
}

// Poll says how a step waits for a state.
type Poll struct {
	// First is the pause after the first look; each further one is half as
	// long again, up to Max. Timeout ends it: 0 means a minute for a target on
	// this machine, and half an hour for another.
	First, Max, Timeout time.Duration
}

// Runner is a run, ready to start.
type Runner struct {
	o      Options
	source *kinds.Source
	judge  *checks.Judge
	locks  *locks
	// inFlight and makers are the places for requests, and for cases that make
	// something.
	inFlight, makers chan struct{}
	vain             sync.Map // what was waited for in vain
	waits            waiting
	spent            spent
	settings         settings
	// held are the cases, where they are not derived anew each time.
	held []*contract.Case
	book *book // nil where there is no ledger
	// picked are the cases that may make something, where only so many things
	// may be made.
	pick   sync.Once
	picked map[string]bool
	left   []Left
}

// New checks the options.
func New(o Options) (*Runner, error) {
	if o.Kinds == nil {
		o.Kinds = kinds.All()
	}
	if o.Checks == nil {
		o.Checks = checks.All()
	}
	if o.Concurrency <= 0 {
		o.Concurrency = 8
	}
	if o.Creates <= 0 {
		o.Creates = 64
	}
	o.Base = strings.TrimRight(o.Base, "/")
	o.Poll = o.Poll.orDefault(Nearby(o.Base))
	if _, err := match(o.Match, ""); err != nil {
		return nil, err
	}
	return &Runner{
		o:      o,
		source: o.source(literal(o.Match)),
		judge:  checks.NewJudge(o.Contract, contract.Path(o.Base), o.Checks),
		locks:  newLocks(),

		inFlight: make(chan struct{}, o.Concurrency),
		makers:   make(chan struct{}, o.Creates),
	}, nil
}

func (p Poll) orDefault(near bool) Poll {
	if p.First <= 0 {
		p.First = 20 * time.Millisecond
	}
	if p.Max <= 0 {
		p.Max = 5 * time.Second
	}
	if p.Timeout <= 0 {
		p.Timeout = 30 * time.Minute
		if near {
			p.Timeout = time.Minute
		}
	}
	return p
}

// Nearby tells whether a target is on this machine, where nothing takes long
// and nothing that is made costs anything.
func Nearby(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || u.Hostname() == "in-process" || ip != nil && ip.IsLoopback()
}

// source derives the cases whose ids begin with a prefix.
func (o *Options) source(prefix string) *kinds.Source {
	return &kinds.Source{
		Contract: o.Contract, Base: o.Base, Near: Nearby(o.Base), Params: o.Params, Roles: o.Roles, Tenants: o.Tenants, Failing: o.Failing,
		Seed: o.Seed, Draws: o.Draws, Dropped: o.Dropped, Values: o.Limits.Values, Prefix: prefix,
	}
}

// All yields all cases, whichever Match picks.
func (r *Runner) All() iter.Seq[*contract.Case] { return r.derived(r.o.source("")) }

// derived are the cases of a source, unless they were derived before.
func (r *Runner) derived(from *kinds.Source) iter.Seq[*contract.Case] {
	if r.held != nil {
		return slices.Values(r.held)
	}
	return from.Cases(r.o.Kinds)
}

// of are the cases of an operation, among those of a source.
func (r *Runner) of(op *spec.Operation, from *kinds.Source) iter.Seq[*contract.Case] {
	if r.held == nil {
		return from.CasesOf(op, r.o.Kinds)
	}
	return func(yield func(*contract.Case) bool) {
		for _, c := range r.held {
			if c.Operation == op.ID && !yield(c) {
				return
			}
		}
	}
}

// Cases yields the cases that Match picks; those that the limits forbid have
// the reason why they are skipped.
func (r *Runner) Cases() iter.Seq[*contract.Case] {
	permitted := r.o.Limits.permitted(r.matching())
	if r.o.Limits.Creates <= 0 {
		return permitted
	}
	return func(yield func(*contract.Case) bool) {
		r.pick.Do(func() { r.picked = spend(permitted, r.o.Limits.Creates) })
		for c := range permitted {
			if c.Skip == "" && creations(c) > 0 && !r.picked[c.ID] {
				c = withheld(c, fmt.Sprintf("the run may make no more than %s (--max-creates)", contract.Plural(r.o.Limits.Creates, "thing")))
			}
			if !yield(c) {
				return
			}
		}
	}
}

// matching yields the cases that Match picks.
func (r *Runner) matching() iter.Seq[*contract.Case] {
	return func(yield func(*contract.Case) bool) {
		for c := range r.derived(r.source) {
			if ok, _ := match(r.o.Match, c.ID); ok && !yield(c) {
				return
			}
		}
	}
}

// literal is what every id that fits a glob begins with.
func literal(glob string) string {
	if i := strings.IndexAny(glob, `*?[\`); i >= 0 {
		return glob[:i]
	}
	return glob
}

// match tells whether an id fits a glob. Unlike in a file name, * spans
// slashes, so that create* means all cases of an operation.
func match(glob, id string) (bool, error) {
	if glob == "" {
		return true, nil
	}
	flat := func(s string) string { return strings.ReplaceAll(s, "/", "\x00") }
	ok, err := path.Match(flat(glob), flat(id))
	if err != nil {
		return false, fmt.Errorf("read --run %q: not a glob: a [ needs its ]", glob)
	}
	return ok, nil
}

// Unreachable says that the target could not be asked at all.
type Unreachable struct {
	Target, Reason string
}

// Error is one sentence with a hint.
func (u *Unreachable) Error() string {
	return fmt.Sprintf("ask %s: %s", u.Target, u.Reason)
}

// Verdicts runs the cases and yields their verdicts in the order of the cases.
// An error, such as [Unreachable], ends the run. However it ends, what the
// cases had created by then is removed, and what they had changed is changed
// back, before the last value is yielded or the loop is left; [Runner.Left] tells
// what could not be removed.
func (r *Runner) Verdicts(ctx context.Context) iter.Seq2[contract.Verdict, error] {
	return func(yield func(contract.Verdict, error) bool) {
		ctx, cancel := context.WithCancelCause(ctx)
		if err := r.probe(ctx); err != nil {
			cancel(nil)
			yield(contract.Verdict{}, err)
			return
		}
		slots, finished := r.start(ctx, cancel)
		sweep := sync.OnceFunc(func() { <-finished; r.sweep(ctx); r.Restore(ctx) })
		defer func() { cancel(nil); sweep() }()
		for slot := range slots {
			v := <-slot
			if context.Cause(ctx) != nil {
				break
			}
			if !yield(v, nil) {
				return
			}
		}
		if cause := context.Cause(ctx); cause != nil {
			sweep()
			yield(contract.Verdict{}, cause)
		}
	}
}

// ahead is how many cases may be finished before their turn in the report.
const ahead = 1024

// underWay is how many cases may be under way at once. Most of them wait: for
// their turn to send, for a state, or for one another.
const underWay = 256

// start runs the cases on workers and returns their verdicts' slots in order,
// and what is closed when all that was begun has ended.
func (r *Runner) start(ctx context.Context, cancel context.CancelCauseFunc) (<-chan chan contract.Verdict, <-chan struct{}) {
	slots := make(chan chan contract.Verdict, ahead)
	finished := make(chan struct{})
	workers := make(chan struct{}, underWay)
	begin, end := r.o.within(ctx)
	go func() {
		defer end()
		defer close(finished)
		defer func() { // every worker's place is free again
			for range underWay {
				workers <- struct{}{}
			}
		}()
		defer close(slots)
		for c := range r.Cases() {
			slot := make(chan contract.Verdict, 1)
			select {
			case slots <- slot:
			case <-ctx.Done():
				return
			}
			workers <- struct{}{}
			go func() {
				defer func() { <-workers }()
				v, err := r.runCase(begin, c)
				if err != nil {
					cancel(err)
				}
				slot <- v
			}()
		}
	}()
	return slots, finished
}
