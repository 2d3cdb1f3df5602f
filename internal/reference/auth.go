package reference

import (
	"cmp"
	"net/http"
)

// account is one API key as the server knows it.
type account struct {
	name string
	// ha1 is the hash of name, realm and key: the key itself is not kept.
	ha1   string
	roles map[string]Role
}

// role is what the key may do in the project.
func (a *account) role(project string) Role {
	if role, ok := a.roles[project]; ok {
		return role
	}
	return None
}

// authenticator decides who a request comes from.
type authenticator struct {
	accounts map[string]*account
	// nobody is checked against where there is no such user, so that the two
	// take equally long.
	nobody *account
	nonces *nonces
	realm  string
	hooks  *Hooks
}

func newAuthenticator(o *Options) *authenticator {
	realm := cmp.Or(o.Hooks.Realm, realm)
	a := &authenticator{
		accounts: make(map[string]*account, len(o.Credentials)),
		nobody:   &account{ha1: hash("", realm, randomHex(32))},
		nonces:   newNonces(o),
		realm:    realm,
		hooks:    &o.Hooks,
	}
	for name, c := range o.Credentials {
		a.accounts[name] = &account{name: name, ha1: hash(name, realm, c.Key), roles: c.Roles}
	}
	return a
}

// account is who sent the request, or nil. stale tells that the response was
// right but its nonce or count was not, and that a new nonce is all it takes.
func (a *authenticator) account(r *http.Request) (who *account, outdated bool) {
	found := a.examine(r)
	a.hooks.answer(&found)
	who, known := a.accounts[found.User]
	if !known || !found.Right || !found.Counted || !found.Realm || !found.Fits || !found.Target {
		return nil, false
	}
	switch a.hooks.nonce(&found, a.nonces.use(found.Nonce, found.Count)) {
	case Fresh:
		return who, false
	case Stale:
		return nil, true
	}
	return nil, false
}

// examine looks at the Authorization header and decides nothing.
func (a *authenticator) examine(r *http.Request) Answer {
	found := Answer{Request: r}
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 {
		return found
	}
	found.Header = headers[0]
	d, ok := readDigest(found.Header)
	if !ok {
		return found
	}
	who, known := a.accounts[d.username]
	if !known {
		who = a.nobody
	}
	found.User, found.Nonce, found.URI = d.username, d.nonce, d.uri
	found.Count, found.Counted = d.count()
	found.Right = d.right(who.ha1, r.Method)
	found.Realm, found.Fits, found.Target = d.realm == a.realm, d.fits(), isTarget(d.uri, r)
	return found
}

// challenge is the WWW-Authenticate header, to the letter of A1 and with no
// directive beyond it (A10).
func (a *authenticator) challenge(outdated bool) string {
	suffix := `", algorithm=MD5, qop="auth", stale=false`
	if outdated {
		suffix = `", algorithm=MD5, qop="auth", stale=true`
	}
	return `Digest realm="` + a.realm + `", domain="", nonce="` + a.nonces.issue() + suffix
}

// unauthorizedBody is the body of the challenge, white space as recorded: it
// has no errorCode (A9).
const unauthorizedBody = `{
  "error" : 401,
  "reason" : "Unauthorized",
  "detail" : "The request carries no valid credentials for this resource."
}`

// refuse is the 401 challenge (A1).
func (a *authenticator) refuse(outdated bool) *reply {
	out := newReply()
	out.status, out.bare = http.StatusUnauthorized, true
	out.header.Set("Content-Type", "application/json")
	out.header.Set("WWW-Authenticate", a.challenge(outdated))
	out.body.WriteString(unauthorizedBody)
	return out
}
