package transport

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/atlas-contract/conformance/contract"
)

const (
	// maxPause is the longest time that a target is given when it asks for time.
	maxPause = 2 * time.Minute
	// maxRepeats is how often a refused request is sent again.
	maxRepeats = 3
	// careful is how many replies in a row without a refusal it takes after one
	// until requests go out side by side again.
	careful = 16
	// maxVain is how many requests in a row may be refused to the last repeat,
	// and how many pauses in a row may change nothing, until the target's wishes
	// are no longer heeded: a run must end.
	maxVain = 4
	// grace is what is left of a pause when the caller wants to end.
	grace = 5 * time.Second
)

// Slowed tells how often a target asked for time, and what came of it.
type Slowed struct {
	// Times is the number of pauses, and Waited how long requests were held
	// back by them. Pauses of several requests at once count once.
	Times  int
	Waited time.Duration
	// Repeats is how many requests were sent again after a pause.
	Repeats int
	// TooLong is the longest pause that was asked for and not made.
	TooLong time.Duration
	// Ignored tells that the target asked for time again and again without ever
	// having enough of it, so that it was no longer waited for.
	Ignored bool
}

// Slowed tells how often the target asked for time until now.
func (c *Client) Slowed() Slowed {
	c.manners.mu.Lock()
	defer c.manners.mu.Unlock()
	return c.manners.slowed
}

// Unbroken is a context for requests that are to be finished once they are
// begun, though ctx ends. Only the pauses before them, which a target may ask
// for, become short when it does.
func Unbroken(ctx context.Context) context.Context {
	if _, is := ctx.Value(hurryKey{}).(<-chan struct{}); is && ctx.Done() == nil {
		return ctx
	}
	return context.WithValue(context.WithoutCancel(ctx), hurryKey{}, ctx.Done())
}

// hurryKey finds the channel that is closed when pauses are to be short.
type hurryKey struct{}

// manners keep all requests of a client to what the target asked for: nothing
// goes out before its pause is over, and after a refusal one request at a time
// does, so that those that were refused together do not refuse one another.
type manners struct {
	// turn is held by the one request that is under way while care is taken.
	turn chan struct{}

	mu     sync.Mutex
	until  time.Time // nothing goes out before
	care   int       // how many replies it takes until none is needed
	vain   int       // how many requests were refused to the last repeat
	futile int       // how many pauses in a row changed nothing
	seen   time.Time // up to here, time waited is counted
	slowed Slowed
}

func newManners() *manners { return &manners{turn: make(chan struct{}, 1)} }

// visit is one request among those that the manners apply to.
type visit struct {
	*manners
	alone bool
}

// wait returns when the request may go out, or with an error when the context
// has ended.
func (v *visit) wait(ctx context.Context) error {
	for {
		pause, alone := v.due()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case alone && !v.alone:
			select {
			case v.turn <- struct{}{}:
				v.alone = true
			case <-ctx.Done():
			}
		case pause > 0:
			if v.pause(ctx, pause) {
				return ctx.Err()
			}
		default:
			return nil
		}
	}
}

// leave lets the next request go.
func (v *visit) leave() {
	if v.alone {
		<-v.turn
	}
}

// due is how long the target is still to be left alone, and whether one request
// goes at a time.
func (m *manners) due() (pause time.Duration, alone bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Until(m.until), m.care > 0
}

// pause sleeps, and tells whether it was cut short by a caller in a hurry.
func (m *manners) pause(ctx context.Context, d time.Duration) (short bool) {
	begun := time.Now()
	defer func() { m.waited(begun) }()
	hurry, _ := ctx.Value(hurryKey{}).(<-chan struct{})
	select {
	case <-hurry:
	default:
		if rest(ctx, hurry, d) {
			return false
		}
	}
	left := d - time.Since(begun)
	rest(ctx, nil, min(left, grace))
	return left > grace
}

// rest sleeps to the end, or tells false where something ended it before.
func rest(ctx context.Context, hurry <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-hurry:
	case <-ctx.Done():
	}
	return false
}

// waited counts time that a request was held back.
func (m *manners) waited(begun time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	if begun.Before(m.seen) {
		begun = m.seen
	}
	m.slowed.Waited += max(now.Sub(begun), 0)
	m.seen = now
}

// again takes note of a reply, and tells whether its request is to be sent once
// more. A refusal with 429 did nothing, whatever the method; one with 503 may
// have, so only what may be done twice is repeated. Both only where the reply
// says when (RFC 9110, section 10.2.3): else it is the reply.
func (m *manners) again(method string, resp *contract.Response, repeats int) bool {
	now := time.Now()
	wait, said := retryAfter(resp.Header, now)
	refused := said && (resp.Status == http.StatusTooManyRequests || resp.Status == http.StatusServiceUnavailable)
	m.mu.Lock()
	defer m.mu.Unlock()
	if !refused {
		m.accepted(resp.Header, now)
		return false
	}
	m.care = careful
	switch {
	case wait > maxPause:
		m.slowed.TooLong = max(m.slowed.TooLong, wait)
		return false
	case m.vain >= maxVain:
		m.slowed.Ignored = true
		return false
	}
	m.rest(now, wait)
	if resp.Status == http.StatusServiceUnavailable && !repeatable(method) {
		return false
	}
	if repeats == maxRepeats {
		m.vain++
		return false
	}
	m.slowed.Repeats++
	return true
}

// accepted takes note of a reply that refuses nothing; it may be the last one
// that the target wants to give for a while.
func (m *manners) accepted(h http.Header, now time.Time) {
	m.care, m.vain = max(m.care-1, 0), 0
	wait, spent := quota(h, now)
	switch {
	case !spent:
		m.futile = 0
	case wait > maxPause:
		m.slowed.TooLong = max(m.slowed.TooLong, wait)
	case m.futile >= maxVain:
		m.slowed.Ignored = true
	default:
		if !now.Before(m.until) {
			m.futile++
		}
		m.rest(now, wait)
	}
}

// rest makes all requests wait.
func (m *manners) rest(now time.Time, wait time.Duration) {
	if !now.Before(m.until) {
		m.slowed.Times++
	}
	if until := now.Add(wait); until.After(m.until) {
		m.until = until
	}
}

// repeatable tells whether a request may be done twice (RFC 9110, section
// 9.2.2).
func repeatable(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete:
		return true
	}
	return false
}
