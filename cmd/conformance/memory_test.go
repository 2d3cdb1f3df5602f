package main

import (
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Not parallel: the memory of the whole process is measured.
func TestMemoryOfARunAgainstEndlessReplies(t *testing.T) {
	const most = 64 << 20
	document, key := written(t, "rooms.yaml", rooms), keyFile(t)
	// Every reply begins as one that is right, and never ends.
	endlessly := endless("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[", strings.Repeat(`{"id":"r"},`, 10_000), 0)
	s := roam(t, func(_ int, _ string, c net.Conn) bool { return endlessly(c) })

	idle := inUse()
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		var highest uint64
		for {
			select {
			case <-stop:
				peak <- highest
				return
			case <-time.After(5 * time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				highest = max(highest, m.HeapInuse+m.StackInuse)
			}
		}
	}()
	got := hold(t, "run", s.url, "--spec", document, "--user", testUser, "--key-file", key, "--param", "id=r1", "--concurrency", "8", "--quiet")
	close(stop)
	highest := <-peak
	require.Equal(t, 1, got.code, got)
	require.Greater(t, len(s.requests()), 50, "a run of some length")
	t.Logf("%d requests, %d MB above idle", len(s.requests()), (highest-min(idle, highest))>>20)
	require.Less(t, highest, idle+most)
}

func inUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
