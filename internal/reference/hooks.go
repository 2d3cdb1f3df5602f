package reference

import "net/http"

// Hooks are the places where a server can be made to break the contract on
// purpose. What judges servers has to be judged too: it is given servers with
// one known bug each. Most bugs can be put on from outside, by changing
// replies; these are the places for those that cannot. A nil hook changes
// nothing, and a server without hooks keeps every statement.
type Hooks struct {
	// Realm replaces the protection space, in challenges and hashes (A1).
	Realm string
	// Issue is the nonce to be sent, for the fresh one that was made (A3).
	Issue func(fresh string) string
	// Answer may change what was found out about the credentials of a request,
	// before it is decided upon (A4, A5, A8).
	Answer func(*Answer)
	// Nonce is what is to be thought of a nonce and a count, for what was
	// found. It is asked only where all else is right (A4–A6).
	Nonce func(a *Answer, found Freshness) Freshness
	// Skip tells whether a request is to pass a step unseen. The names are
	// those of the list of steps.
	Skip func(step string, r *http.Request) bool
	// Request is the request to go on with, once it is known who sent it. It
	// may have another path, query or body, which would be too early before:
	// the sender has signed those.
	Request func(r *http.Request, user string) *http.Request
	// Target may change which resource is meant, once it is known that the
	// sender may ask for the one in the path (L13).
	Target func(r *http.Request, t *Target)
	// Taken tells whether there may be no new service in the claimed place (L7).
	Taken func(Claim) bool
	// ID is the id for a new service, for the fresh one that was made (L5).
	ID func(c Claim, fresh string) string
	// Fails tells whether a new service ends as FAILED, beside those in
	// failing regions (S11).
	Fails func(provider, region string) bool
	// Accepts tells whether a service takes an endpoint, by its phase and
	// whether it has one of that id (O5).
	Accepts func(provider, phase string, had bool) bool
	// Frees tells whether a service that has so many endpoints may be deleted
	// (L11).
	Frees func(provider string, endpoints int) bool
}

// Answer is what the server found out about the Authorization header of a
// request. The request is from User if everything in it is true and the nonce
// is fresh.
type Answer struct {
	Request *http.Request
	// Header is the header as sent, empty where there is not exactly one.
	Header      string
	User, Nonce string
	URI         string
	Count       uint32
	// Counted: the nonce count is one. Right: the hash is that of a holder of
	// the key. Realm: it is for this server's realm. Fits: algorithm, qop and
	// the rest are those of the challenge. Target: its uri is the request's.
	Counted, Right, Realm, Fits, Target bool
}

// Target is the resource that a request is about, by its path parameters;
// those that the path does not have are empty.
type Target struct{ Project, Provider, Service string }

// Claim is a place that a new service is wanted in.
type Claim struct {
	Project, Provider string
	// Region is in Atlas form; Sent is the region as the body of the request
	// has it.
	Region, Sent string
	// Taken tells whether there is a service in the place; Phase is then
	// INITIATING, READY, FAILED or DELETING.
	Taken bool
	Phase string
}

func (h *Hooks) answer(a *Answer) {
	if h.Answer != nil {
		h.Answer(a)
	}
}

func (h *Hooks) nonce(a *Answer, found Freshness) Freshness {
	if h.Nonce != nil {
		return h.Nonce(a, found)
	}
	return found
}

func (h *Hooks) issue(fresh string) string {
	if h.Issue != nil {
		return h.Issue(fresh)
	}
	return fresh
}

func (h *Hooks) skips(step string, r *http.Request) bool {
	return h.Skip != nil && h.Skip(step, r)
}

// request lets a call go on with another request.
func (h *Hooks) request(c *call) {
	if h.Request != nil {
		c.r = h.Request(c.r, c.account.name)
		c.flags = readFlags(c.r.URL.RawQuery)
	}
}

// target lets a call be about another resource.
func (h *Hooks) target(c *call) {
	if h.Target != nil {
		t := Target{c.path.project, c.path.provider, c.path.service}
		h.Target(c.r, &t)
		c.path.project, c.path.provider, c.path.service = t.Project, t.Provider, t.Service
	}
}

func (h *Hooks) taken(c Claim) bool {
	if h.Taken != nil {
		return h.Taken(c)
	}
	return c.Taken
}

func (h *Hooks) id(c Claim, fresh string) string {
	if h.ID != nil {
		return h.ID(c, fresh)
	}
	return fresh
}

func (h *Hooks) fails(p place) bool {
	return h.Fails != nil && h.Fails(p.Provider, p.Region)
}

func (h *Hooks) accepts(provider string, at phase, had bool) bool {
	if h.Accepts != nil {
		return h.Accepts(provider, at.String(), had)
	}
	return at == ready && !had
}

func (h *Hooks) frees(provider string, endpoints int) bool {
	if h.Frees != nil {
		return h.Frees(provider, endpoints)
	}
	return endpoints == 0
}
