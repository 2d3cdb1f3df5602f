package reference

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The set of counts against a map of all of them.
func TestA6CountsAreASet(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	var set spans
	model := map[uint32]bool{}
	for range 20_000 {
		n := uint32(random.IntN(3000))
		if random.IntN(10) == 0 {
			n = ^n // also near the end of the range
		}
		require.Equal(t, !model[n], set.add(n), n)
		model[n] = true
	}
	for i := 1; i < len(set); i++ {
		require.Less(t, uint64(set[i-1].last)+1, uint64(set[i].first), "spans touch or are out of order")
	}
}

func TestA6CountsTakeBoundedRoom(t *testing.T) {
	t.Parallel()
	var set spans
	for n := range uint32(1_000_000) {
		require.True(t, set.add(n+2))
	}
	require.Len(t, set, 1)
	var holes spans
	refusals := 0
	for n := range uint32(3 * maxSpans) {
		if !holes.add(2 * n) {
			refusals++
		}
	}
	require.Len(t, holes, maxSpans)
	require.Equal(t, 2*maxSpans, refusals)
}

func TestA3RegistryIsBounded(t *testing.T) {
	t.Parallel()
	c := newClock()
	n := newNonces(&Options{Now: c.Now, NonceTTL: time.Minute})
	first := n.issue()
	for range maxNonces + 10 {
		n.issue()
	}
	require.LessOrEqual(t, len(n.live), maxNonces)
	require.Len(t, n.queue, len(n.live))
	require.Equal(t, Stale, n.use(first, 1), "dropped, but issued once")
	c.advance(time.Minute)
	last := n.issue()
	require.Len(t, n.live, 1)
	require.Equal(t, Fresh, n.use(last, 1))
}

func TestA5NonceOfAnotherServer(t *testing.T) {
	t.Parallel()
	c := newClock()
	mine, other := newNonces(&Options{Now: c.Now, NonceTTL: time.Minute}), newNonces(&Options{Now: c.Now, NonceTTL: time.Minute})
	require.Equal(t, Unissued, mine.use(other.issue(), 1))
	require.Equal(t, Unissued, mine.use("", 1))
	require.Equal(t, Unissued, mine.use("AAAA", 1))
}
