package transport

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http/httptrace"
	"sync/atomic"
)

// The phases of a round trip, in their order.
const (
	connecting int32 = iota
	handshaking
	sending
	waiting
	reading
)

// progress is how far a round trip got. Its hooks run on other goroutines,
// sometimes after the round trip is over.
type progress struct {
	phase atomic.Int32
	// idle is how long the connection had been kept unused, in nanoseconds.
	idle atomic.Int64
	// conn is the connection, and before how often it had been read when the
	// request had not gone out yet.
	conn   atomic.Pointer[countedConn]
	before atomic.Int64
	// trips is how often there was a connection for the request: net/http repeats
	// what is safe to repeat when a kept one was lost.
	trips atomic.Int32
}

// repeats is how often the request was sent again.
func (p *progress) repeats() int { return max(int(p.trips.Load())-1, 0) }

func (p *progress) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn:           func(string) { p.phase.Store(connecting) },
		TLSHandshakeStart: func() { p.phase.CompareAndSwap(connecting, handshaking) },
		GotConn: func(info httptrace.GotConnInfo) {
			p.idle.Store(int64(info.IdleTime))
			p.watch(info.Conn)
			p.trips.Add(1)
			p.phase.Store(sending)
		},
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err == nil {
				p.phase.CompareAndSwap(sending, waiting)
			}
		},
		GotFirstResponseByte: p.begun,
	}
}

func (p *progress) connected() bool { return p.phase.Load() >= sending }

// lostKept tells whether the connection may have been closed for its age
// before the request reached the target, which RFC 9112, section 9.3.1, allows
// a target to do. Where a repeat is safe net/http has repeated it already.
func (p *progress) lostKept(err error) bool {
	const young = 100_000_000
	return p.idle.Load() > young && p.phase.Load() < reading && (isClosed(err) || isReset(err))
}

// errEarly is a reply that cannot be one to the request.
var errEarly = errors.New("the reply was there before the request: an earlier one on this connection was longer than it said")

// watch remembers the connection. Under HTTP/2 there is no need, as replies
// carry the number of their request.
func (p *progress) watch(conn net.Conn) {
	p.conn.Store(nil)
	if secure, ok := conn.(*tls.Conn); ok {
		if secure.ConnectionState().NegotiatedProtocol == "h2" {
			return
		}
		conn = secure.NetConn()
	}
	if counted, ok := conn.(*countedConn); ok {
		p.before.Store(counted.reads.Load())
		p.conn.Store(counted)
	}
}

// begun sees the first byte of the reply. If nothing was read since before the
// request, it is the end of an earlier reply and must not be taken for an
// answer; all that follows on this connection would be one reply too late.
func (p *progress) begun() {
	p.phase.Store(reading)
	if conn := p.conn.Load(); conn != nil && conn.reads.Load() == p.before.Load() {
		conn.spoiled.Store(true)
		conn.Close()
	}
}

// early tells whether the connection's replies do not belong to its requests.
func (p *progress) early() bool {
	conn := p.conn.Load()
	return conn != nil && conn.spoiled.Load()
}

// countedConn counts how often something was read, and remembers when its
// replies no longer belong to its requests.
type countedConn struct {
	net.Conn
	reads   atomic.Int64
	spoiled atomic.Bool
}

// Read counts the reads that bring something.
func (c *countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.reads.Add(1)
	}
	return n, err
}
