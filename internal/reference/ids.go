package reference

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"sync/atomic"
	"time"
)

// idLength is the number of hex digits of every id of the API (P1).
const idLength = 24

// isObjectID tells whether s is 24 lower-case hex digits.
func isObjectID(s string) bool {
	if len(s) != idLength {
		return false
	}
	for i := range len(s) {
		if !(s[i] >= '0' && s[i] <= '9' || s[i] >= 'a' && s[i] <= 'f') {
			return false
		}
	}
	return true
}

// ids makes ids that are never made again (L5): the second, five random bytes
// of this server, and a counter. Within a server the counter keeps them apart,
// between servers on the same state file the random bytes do.
type ids struct {
	server  [5]byte
	counter atomic.Uint32
}

func newIDs() *ids {
	g := &ids{}
	rand.Read(g.server[:]) // never returns an error
	return g
}

// next is an id as of now.
func (g *ids) next(now time.Time) string {
	var b [13]byte
	binary.BigEndian.PutUint32(b[:4], uint32(now.Unix()))
	copy(b[4:9], g.server[:])
	binary.BigEndian.PutUint32(b[9:], g.counter.Add(1)<<8)
	return hex.EncodeToString(b[:12])
}

// randomHex is n hex digits that nobody can guess.
func randomHex(n int) string {
	b := make([]byte, (n+1)/2)
	rand.Read(b)
	return hex.EncodeToString(b)[:n]
}
