package transport

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// Answer sends a request as [Client.Do] does, with credentials that differ from
// the usual ones as a says. A digest answers a challenge of its own, asked for
// without credentials first, or the last one of the earlier exchange of. An
// answer that the target calls stale (RFC 7616, section 3.3) is given again to
// its fresh nonce, at most twice in all, unless the nonce is part of a.
//
// Where the target offers no such challenge, or the key would have to go over
// the network in clear text, nothing more is sent: the class is Inapplicable
// and Failure says why.
func (c *Client) Answer(ctx context.Context, r contract.Request, credential string, a *contract.Answer, of *contract.Exchange) (*contract.Exchange, Class) {
	m, err := c.newMessage(r)
	if err != nil {
		return c.unsendable(r, err)
	}
	held, configured := c.accounts[credential]
	if !configured {
		return c.inapplicable(r, fmt.Errorf("no credential %q is configured", clip(credential)))
	}
	known := stand(held.Credential, a)
	if a.Scheme != "" {
		if err := c.substitute(m, known, a); err != nil {
			return c.inapplicable(r, err)
		}
		return c.send(ctx, m)
	}
	if held.scheme() != schemeDigest {
		return c.inapplicable(r, fmt.Errorf("the credential is one of %s, not of digest", held.scheme()))
	}
	d := &dialogue{client: c, message: m, known: known, answer: a}
	return d.run(ctx, of)
}

func (c *Client) inapplicable(r contract.Request, err error) (*contract.Exchange, Class) {
	e, _ := c.unsendable(r, err)
	return e, Inapplicable
}

// stand is the credential with what the answer replaces.
func stand(known Credential, a *contract.Answer) Credential {
	if a.User != nil {
		known.User = *a.User
	}
	if a.Key != nil {
		known.Key = *a.Key
	}
	return known
}

// substitute puts user and key on the message under another scheme.
func (c *Client) substitute(m *message, known Credential, a *contract.Answer) error {
	if a.Key == nil && !c.secret {
		return errors.New("the key would go over the network in clear text")
	}
	switch a.Scheme {
	case schemeBasic:
		if a.User != nil && a.Key == nil { // nothing would know it for a secret when it comes back
			return errors.New("the key goes with its own user only")
		}
		m.authorize("Basic", base64.StdEncoding.EncodeToString([]byte(known.User+":"+known.Key)))
	case schemeBearer:
		m.authorize("Bearer", known.Key)
	default:
		return fmt.Errorf("there is no way to send credentials as %q", clip(a.Scheme))
	}
	return nil
}

// dialogue is a request that is answered on purpose in one way.
type dialogue struct {
	client  *Client
	message *message
	known   Credential
	answer  *contract.Answer
}

func (d *dialogue) run(ctx context.Context, of *contract.Exchange) (*contract.Exchange, Class) {
	asked := of
	if of == nil {
		e, class := d.client.send(ctx, d.message)
		if class != Answered || e.Response.Status != http.StatusUnauthorized {
			return e, class
		}
		asked = e
	}
	ask, err := d.pick(asked)
	switch {
	case err != nil && of == nil && len(d.answer.Offer) == 0:
		return asked, Answered // with a 401 that cannot be answered
	case err != nil:
		return d.client.inapplicable(d.message.shown(), err)
	}
	e, class := d.give(ctx, ask, d.use(ask, of))
	e.Answered.Asked = asked
	if of == nil {
		e.Challenge = asked
	} else if of.Answered != nil && of.Final().Status != http.StatusUnauthorized {
		e.Answered.Asked = of.Answered.Asked
	}
	for range maxAnswers - 1 {
		again, err := d.stale(e, class, ask)
		if err != nil {
			break
		}
		asked, ask = e, again
		e, class = d.give(ctx, ask, d.use(ask, nil))
		e.Challenge, e.Answered.Asked = asked, asked
	}
	return e, class
}

// stale is the fresh challenge that tells the answer to have been right but
// for its nonce; an error tells that there is none.
func (d *dialogue) stale(e *contract.Exchange, class Class, before *challenge) (*challenge, error) {
	_, fixed := d.answer.Over["nonce"]
	if class != Answered || e.Response.Status != http.StatusUnauthorized || d.answer.Again || fixed {
		return nil, errors.New("not to be answered")
	}
	ask, err := d.pick(e)
	if err != nil || !ask.Stale || ask.Nonce == before.Nonce {
		return nil, errors.New("not stale")
	}
	return ask, nil
}

// pick is the challenge to be answered: that of the reply, or the one that the
// request answered.
func (d *dialogue) pick(e *contract.Exchange) (*challenge, error) {
	if e.Final().Status != http.StatusUnauthorized && e.Answered != nil {
		e = e.Answered.Asked
	}
	if e.Final().Status != http.StatusUnauthorized {
		return nil, errors.New("the step before it was not challenged")
	}
	ask, err := pickChallenge(e.Response.Header, d.offered)
	if err != nil && len(d.answer.Offer) > 0 {
		return nil, fmt.Errorf("the target offers no challenge with %s", d.wanted())
	}
	return ask, err
}

// offered tells whether a challenge has what the answer needs, and makes it
// the one to be answered that way.
func (d *dialogue) offered(ask *challenge) bool {
	for name, want := range d.answer.Offer {
		have := false
		for token := range strings.SplitSeq(ask.params[name], ",") {
			have = have || strings.EqualFold(strings.Trim(token, " \t"), want)
		}
		if !have {
			return false
		}
	}
	if qop := d.answer.Offer["qop"]; qop != "" {
		ask.QOP = []string{qop}
	}
	return true
}

func (d *dialogue) wanted() string {
	var list []string
	for name, value := range d.answer.Offer {
		list = append(list, name+"="+value)
	}
	return strings.Join(list, ", ")
}

// use is the count and client nonce of the answer.
func (d *dialogue) use(ask *challenge, of *contract.Exchange) use {
	if of == nil || of.Answered == nil || of.Answered.Nonce != ask.Nonce {
		return use{count: 1, cnonce: newCnonce()}
	}
	u := use{count: int(of.Answered.Count), cnonce: of.Answered.Cnonce}
	if d.answer.Again {
		return u
	}
	u.count++
	if !ask.session {
		u.cnonce = newCnonce()
	}
	return u
}

// give answers the challenge.
func (d *dialogue) give(ctx context.Context, ask *challenge, u use) (*contract.Exchange, Class) {
	directives := d.compose(ask, u)
	scheme := orDefault(d.answer.Form.Scheme, "Digest")
	d.message.answered(scheme, directives.format(d.answer.Form))
	e, class := d.client.send(ctx, d.message)
	e.Answered = &contract.Answered{
		Nonce: ask.Nonce, Cnonce: u.cnonce, Count: uint32(u.count),
		Right: d.answer.User == nil && d.answer.Key == nil,
	}
	return e, class
}
