package transport

import (
	"bytes"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strings"
	"sync"

	"github.com/icholy/digest"
)

// keptNonces bounds how many nonces of a target are counted at once. Requests
// in flight may hold different ones.
const keptNonces = 128

// session is what one credential knows of the target's nonces. A nonce may be
// used many times if each use has its own count (RFC 7616, section 3.4.5), so
// requests at the same time draw their counts from here.
type session struct {
	mu      sync.Mutex
	current *challenge
	uses    map[string]*use
	order   []string
}

// use is how often a nonce was used. With a -sess algorithm the first client
// nonce is part of the key, so it stays the same.
type use struct {
	count  int
	cnonce string
}

// draw is the challenge (nil: the current one) with the next count and client
// nonce for it.
func (s *session) draw(ask *challenge) (*challenge, use) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ask == nil {
		ask = s.current
	}
	if ask == nil {
		return nil, use{}
	}
	u := s.uses[ask.Nonce]
	if u == nil {
		u = s.start(ask.Nonce)
	}
	u.count++
	if u.cnonce == "" || !ask.session {
		u.cnonce = newCnonce()
	}
	return ask, *u
}

// keep makes the challenge current: its answer was accepted. Until then the
// nonce is that request's own, so that no other can use it up before.
func (s *session) keep(ask *challenge) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = ask
}

func (s *session) start(nonce string) *use {
	if s.uses == nil {
		s.uses = make(map[string]*use)
	}
	if len(s.order) >= keptNonces {
		delete(s.uses, s.order[0])
		s.order = s.order[1:]
	}
	u := &use{}
	s.uses[nonce] = u
	s.order = append(s.order, nonce)
	return u
}

// reuse authorizes the message with the nonce of an earlier challenge and
// returns that nonce, or "" where there was none.
func (a *account) reuse(m *message) string {
	ask, u := a.session.draw(nil)
	if ask == nil || a.sign(m, ask, u) != nil {
		return ""
	}
	return ask.Nonce
}

// answer authorizes the message with the nonce of this challenge.
func (a *account) answer(m *message, ask *challenge) error {
	ask, u := a.session.draw(ask)
	return a.sign(m, ask, u)
}

// sign computes the response to the challenge (RFC 7616, section 3.4.1).
func (a *account) sign(m *message, ask *challenge, u use) error {
	known := ask.Challenge
	known.Algorithm = ask.base
	o := digest.Options{
		Method: m.method, URI: m.target, Username: a.User, Password: a.Key,
		Count: u.count, Cnonce: u.cnonce,
		GetBody: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(m.body)), nil },
	}
	if ask.session {
		o.A1 = sessionKey(ask, a.User, a.Key, u.cnonce)
	}
	answer, err := digest.Digest(&known, o)
	if err != nil {
		return fmt.Errorf("answer the challenge: %w", err)
	}
	answer.Algorithm = ask.Algorithm
	m.authorize("Digest", format(answer, ask.session))
	m.renew = func() { _ = a.answer(m, ask) } // as it could be answered before
	return nil
}

// sessionKey is A1 of the -sess algorithms, which the library lacks.
func sessionKey(ask *challenge, user, key, cnonce string) string {
	secret := hashed(ask.base, user, ask.Realm, key)
	return hashed(ask.base, secret, ask.Nonce, cnonce)
}

func hashed(algorithm string, parts ...string) string {
	h := newHash(algorithm)
	io.WriteString(h, strings.Join(parts, ":"))
	return hex.EncodeToString(h.Sum(nil))
}

func newHash(algorithm string) hash.Hash {
	switch algorithm {
	case "SHA-256":
		return sha256.New()
	case "SHA-512-256":
		return sha512.New512_256()
	}
	return md5.New()
}

// format writes the credentials as RFC 7616, section 3.4, has them: some
// directives must be quoted, others must not. The library quotes as Go does,
// which changes bytes outside ASCII.
func format(c *digest.Credentials, session bool) string {
	var b strings.Builder
	quoted := func(name, value string) {
		value = strings.ReplaceAll(value, `\`, `\\`)
		value = strings.ReplaceAll(value, `"`, `\"`)
		fmt.Fprintf(&b, `, %s="%s"`, name, value)
	}
	quoted("username", c.Username)
	quoted("realm", c.Realm)
	quoted("nonce", c.Nonce)
	quoted("uri", c.URI)
	if c.Algorithm != "" {
		fmt.Fprintf(&b, ", algorithm=%s", c.Algorithm)
	}
	if c.QOP != "" {
		fmt.Fprintf(&b, ", qop=%s, nc=%08x", c.QOP, c.Nc)
	}
	if c.QOP != "" || session {
		quoted("cnonce", c.Cnonce)
	}
	if c.Opaque != "" {
		quoted("opaque", c.Opaque)
	}
	if c.Userhash {
		b.WriteString(", userhash=true")
	}
	quoted("response", c.Response)
	return b.String()[2:]
}

// newCnonce is 128 random bits.
func newCnonce() string {
	var b [16]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
