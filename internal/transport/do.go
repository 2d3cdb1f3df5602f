package transport

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"time"

	"github.com/atlas-contract/conformance/contract"
)

// maxAnswers bounds how often one request answers a challenge, so that a
// target that always asks again cannot keep it forever.
const maxAnswers = 2

// Do sends a request with the named credential ("" is the default one where
// there is one, "none" sends without) and returns what came of it. The
// exchange is never nil and shows no secret that the client added.
//
// A request that brings its own Authorization header is sent with that and
// with nothing else. A digest credential reuses the last nonce; where the
// target asks (again), it is answered at most twice, and the exchange holds
// the asking reply as Challenge. A 401 that still comes is the response.
//
// The class tells whether there is a usable response. It is Misbehaved also
// where a response is there but was cut; Failure then says how.
func (c *Client) Do(ctx context.Context, r contract.Request, credential string) (*contract.Exchange, Class) {
	m, err := c.newMessage(r)
	if err != nil {
		return c.unsendable(r, err)
	}
	if credential == NoCredential {
		return c.send(ctx, m)
	}
	a, configured := c.accounts[credential]
	switch {
	case !configured && credential != "":
		return c.unsendable(r, fmt.Errorf("credential %q is not configured", clip(credential)))
	case !configured, m.has("Authorization"):
		return c.send(ctx, m)
	case a.scheme() == schemeDigest:
		return c.dance(ctx, m, a)
	}
	a.apply(m)
	return c.send(ctx, m)
}

// dance sends a request and answers digest challenges.
func (c *Client) dance(ctx context.Context, m *message, a *account) (*contract.Exchange, Class) {
	used := a.reuse(m)
	stored := used != ""
	e, class := c.send(ctx, m)
	for range maxAnswers {
		if class != Answered || e.Response.Status != http.StatusUnauthorized {
			break
		}
		ask, err := findChallenge(e.Response.Header)
		if err != nil || !worthAnswering(ask, used, stored) {
			break
		}
		if err := a.answer(m, ask); err != nil {
			break
		}
		asked := e
		e, class = c.send(ctx, m)
		used, stored = ask.Nonce, e.Repeats > 0 // it may have grown old in a pause
		e.Challenge = asked
		if class == Answered && e.Response.Status != http.StatusUnauthorized {
			a.session.keep(ask)
		}
	}
	return e, class
}

// worthAnswering tells whether another answer can fare better: to a bare
// request always, after an answer only with a fresh nonce, and after a fresh
// answer only if the target says that the nonce, not the key, was at fault
// (RFC 7616, section 3.3, stale).
func worthAnswering(ask *challenge, used string, stored bool) bool {
	if used == "" {
		return true
	}
	return ask.Nonce != used && (stored || ask.Stale)
}

// send makes a round trip, and repeats it where the target refuses to answer
// now and says when it will.
func (c *Client) send(ctx context.Context, m *message) (*contract.Exchange, Class) {
	v := visit{manners: c.manners}
	defer v.leave()
	for repeats := 0; ; repeats++ {
		if err := c.await(ctx, &v); err != nil {
			e := &contract.Exchange{Request: m.shown(), Start: time.Now(), Repeats: repeats}
			e.Failure = "stopped before the request was sent"
			return e, Interrupted
		}
		e, class := c.trip(ctx, m)
		e.Repeats += repeats
		if e.Response == nil || !c.manners.again(m.method, e.Response, repeats) {
			return e, class
		}
		m.refresh()
	}
}

// await keeps to what the target asked for, and to the rate. While a request
// waits for the one, the other may change.
func (c *Client) await(ctx context.Context, v *visit) error {
	if err := v.wait(ctx); err != nil {
		return err
	}
	if c.limiter == nil {
		return nil
	}
	if err := c.limiter.Wait(ctx); err != nil {
		return err
	}
	return v.wait(ctx)
}

// trip makes one round trip.
func (c *Client) trip(ctx context.Context, m *message) (*contract.Exchange, Class) {
	e := &contract.Exchange{Request: m.shown(), Start: time.Now()}
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	way := &progress{}
	req, err := m.request(httptrace.WithClientTrace(limited, way.trace()))
	if err != nil {
		return c.unsendable(e.Request, err)
	}
	e.Start = time.Now()
	resp, err := c.tripper.RoundTrip(req)
	if err == nil && way.early() {
		resp.Body.Close()
		err = errEarly
	}
	if err == nil {
		e.Response, err = readReply(resp, c.maxBody)
	}
	if e.Response != nil && e.Response.Truncated {
		e.Response.Body = c.redactor.trim(e.Response.Body)
	}
	e.Elapsed = time.Since(e.Start)
	e.Repeats = way.repeats()
	if err == nil {
		return e, Answered
	}
	return c.fail(ctx, e, err, way)
}

func (c *Client) unsendable(r contract.Request, err error) (*contract.Exchange, Class) {
	e := &contract.Exchange{Request: r, Start: time.Now()}
	e.Failure = c.sentence(err.Error())
	return e, Unsendable
}
