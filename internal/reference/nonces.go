package reference

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"sync"
	"time"
)

// A nonce is 24 bytes in base64, as recorded ones are: 14 random ones, and 10
// of a MAC over them. The MAC tells a nonce that this server issued and has
// since dropped (stale, A6) from one that it never issued (A5), without having
// to remember it.
const (
	nonceBytes  = 24
	nonceRandom = 14
	// maxNonces bounds what a flood of requests without credentials can make
	// the server remember, some 15 MB.
	maxNonces = 1 << 16
	// maxSpans bounds what one nonce can take up. A client that counts needs
	// one span, and a few more while requests overtake each other.
	maxSpans = 1 << 10
)

// Freshness is what there is to say about a nonce and a count under it.
type Freshness int

// A nonce is good for this count, was so once (A6), or never was (A5).
const (
	Fresh Freshness = iota
	Stale
	Unissued
)

// nonces is the registry of the nonces that are good.
type nonces struct {
	now   func() time.Time
	ttl   time.Duration
	hooks *Hooks
	key   [32]byte

	mu   sync.Mutex
	live map[string]*nonce
	// queue has the live nonces, oldest first.
	queue []string
}

// nonce is one that was issued, and the counts used under it.
type nonce struct {
	expires time.Time
	used    spans
}

func newNonces(o *Options) *nonces {
	n := &nonces{now: o.Now, ttl: o.NonceTTL, hooks: &o.Hooks, live: map[string]*nonce{}}
	rand.Read(n.key[:]) // never returns an error
	return n
}

// issue is a new nonce, never given out before (A3).
func (n *nonces) issue() string {
	var b [nonceBytes]byte
	rand.Read(b[:nonceRandom])
	copy(b[nonceRandom:], n.mac(b[:nonceRandom]))
	value := n.hooks.issue(base64.StdEncoding.EncodeToString(b[:]))
	now := n.now()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.drop(now)
	if n.live[value] != nil { // only a hook gives one out twice
		return value
	}
	n.live[value] = &nonce{expires: now.Add(n.ttl)}
	n.queue = append(n.queue, value)
	return value
}

// drop forgets the expired nonces and, when there are too many, the oldest.
// All live equally long, so the oldest is the first to expire.
func (n *nonces) drop(now time.Time) {
	for len(n.queue) > 0 {
		oldest := n.queue[0]
		if len(n.queue) < maxNonces && now.Before(n.live[oldest].expires) {
			return
		}
		delete(n.live, oldest)
		n.queue = n.queue[1:] // append moves the rest to new ground in time
	}
}

// use spends a count under a nonce. It is called only for responses that were
// right, so that nobody else can spend them.
func (n *nonces) use(value string, count uint32) Freshness {
	now := n.now()
	n.mu.Lock()
	defer n.mu.Unlock()
	known, ok := n.live[value]
	switch {
	case !ok && n.issued(value):
		return Stale
	case !ok:
		return Unissued
	case !now.Before(known.expires):
		return Stale
	case !known.used.add(count):
		return Stale
	}
	return Fresh
}

// issued tells whether the value came from this server at some time.
func (n *nonces) issued(value string) bool {
	b, err := base64.StdEncoding.Strict().DecodeString(value)
	return err == nil && len(b) == nonceBytes && hmac.Equal(b[nonceRandom:], n.mac(b[:nonceRandom]))
}

func (n *nonces) mac(b []byte) []byte {
	m := hmac.New(sha256.New, n.key[:])
	m.Write(b)
	return m.Sum(nil)[:nonceBytes-nonceRandom]
}

// spans is a set of counts, as ascending spans that do not touch. It is a set
// and not a maximum, because concurrent requests arrive in any order; it is
// spans, because nearly all clients count up.
type spans []span

type span struct{ first, last uint32 }

// add puts a count into the set, and tells whether it was new. A set that has
// grown beyond bounds takes no more: its nonce is used up.
func (s *spans) add(n uint32) bool {
	// i is the first span that ends at or after n.
	i, _ := slices.BinarySearchFunc(*s, n, func(v span, n uint32) int {
		if v.last < n {
			return -1
		}
		return 1
	})
	if i < len(*s) && (*s)[i].first <= n {
		return false
	}
	joinsLeft := i > 0 && (*s)[i-1].last+1 == n
	joinsRight := i < len(*s) && (*s)[i].first-1 == n
	switch {
	case joinsLeft && joinsRight:
		(*s)[i-1].last = (*s)[i].last
		*s = slices.Delete(*s, i, i+1)
	case joinsLeft:
		(*s)[i-1].last = n
	case joinsRight:
		(*s)[i].first = n
	case len(*s) >= maxSpans:
		return false
	default:
		*s = slices.Insert(*s, i, span{n, n})
	}
	return true
}
