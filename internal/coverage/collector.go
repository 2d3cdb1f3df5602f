package coverage

import (
	"net/http"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// Collector reads the exchanges of verdicts. Its memory is bounded by the size
// of the document. It is not safe for concurrent use.
type Collector struct {
	contract *spec.Contract
	compiler *compiler
	entries  map[string]*entry
	flows    *flows
	// media are the contract's names for the media types of recordings.
	media map[string]string
}

// New makes a collector for a contract. The items of an operation are made when
// its first exchange comes.
func New(c *spec.Contract) *Collector {
	out := &Collector{
		contract: c, entries: map[string]*entry{}, media: map[string]string{},
		compiler: &compiler{all: items{}, made: map[string]*place{}, names: map[string]string{}},
	}
	for _, r := range c.Recordings {
		for from, to := range r.MediaTypes {
			out.media[strings.ToLower(from)] = to
		}
	}
	return out
}

// entry is that of an operation, nil for what is none.
func (c *Collector) entry(id string) *entry {
	if known, ok := c.entries[id]; ok {
		return known
	}
	op := c.contract.Operation(id)
	if op == nil {
		return nil
	}
	c.entries[id] = c.compiler.operation(op)
	return c.entries[id]
}

// Add reads the exchanges of a verdict, and of a case that was not sent its
// steps.
func (c *Collector) Add(v *contract.Verdict) {
	if c.flows == nil {
		c.flows = c.compiler.flows(c.contract)
	}
	if len(v.Exchanges) == 0 || !v.Exchanges[0].Recorded {
		c.flows.forget()
	}
	for _, x := range v.Exchanges {
		c.exchange(x)
	}
	if v.Case == nil {
		return
	}
	if v.Outcome == contract.Skipped || v.Outcome == contract.Unsent {
		c.unsent(v)
	}
	c.broken(v)
}

// exchange reads one exchange.
func (c *Collector) exchange(x *contract.Exchange) {
	e := c.entry(x.Operation)
	if e == nil {
		return
	}
	m := meeting{trial: reached(e.op, x), given: true}
	e.request(m, &x.Request, x.Params, c.mediaOf(x, x.Request.Header))
	if x.Response != nil {
		e.reply(x, c.mediaOf(x, x.Response.Header))
		c.flows.exchange(x)
	}
}

// reached is how near a request came to the operation. One that was turned away
// for want of credentials was read no further.
func reached(op *spec.Operation, x *contract.Exchange) trial {
	switch {
	case x.Response == nil:
		return unanswered
	case x.Response.Status == http.StatusUnauthorized && len(op.Security) > 0:
		return turnedAway
	}
	return met
}

// mediaOf is the media type of a message by the contract's name for it.
func (c *Collector) mediaOf(x *contract.Exchange, h http.Header) string {
	name := h.Get("Content-Type")
	if to, ok := c.media[kind(name)]; ok && x.Recorded {
		return to
	}
	return name
}

// unsent reads what a case would have sent.
func (c *Collector) unsent(v *contract.Verdict) {
	m := meeting{trial: skipped, given: true}
	if v.Outcome == contract.Unsent {
		m.trial = unanswered
	}
	for i := range v.Case.Steps {
		s := &v.Case.Steps[i]
		e := c.entry(s.Operation)
		if e == nil {
			continue
		}
		e.request(m, &s.Request, s.Params, s.Request.Header.Get("Content-Type"))
		if i != v.Case.Main() {
			continue
		}
		for _, status := range v.Case.Statuses {
			if r := e.declared(status); r != nil {
				m.hit(r.item)
			}
		}
	}
}

// broken reads what the case of a verdict breaks on purpose.
func (c *Collector) broken(v *contract.Verdict) {
	main := v.Case.Main()
	if v.Case.Breaks == nil || main < 0 {
		return
	}
	e := c.entry(v.Case.Steps[main].Operation)
	if e == nil {
		return
	}
	m := meeting{trial: unanswered}
	if v.Outcome == contract.Skipped {
		m.trial = skipped
	}
	for _, x := range v.Exchanges {
		if x.Step == v.Case.Steps[main].Name {
			m.trial = reached(e.op, x)
		}
	}
	e.broken(m, v.Case.Breaks)
}
