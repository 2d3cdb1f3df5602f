package fault

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/atlas-contract/conformance/internal/reference"
)

// edit changes a reply.
type edit func(*turn)

// cond picks turns.
type cond func(*turn) bool

// replies is a bug in replies that remembers nothing.
func replies(change edit) plant { return remembering(func() edit { return change }) }

// remembering is a bug in replies with a memory of its own for each server.
func remembering(begin func() edit) plant {
	return func(*reference.Options) wrap { return edited(begin()) }
}

// inside is a bug that is in how the server is made.
func inside(set func(o *reference.Options)) plant {
	return func(o *reference.Options) wrap {
		set(o)
		return nil
	}
}

// both are two changes that make one bug.
func both(first, second plant) plant {
	return func(o *reference.Options) wrap {
		a, b := first(o), second(o)
		switch {
		case a == nil:
			return b
		case b == nil:
			return a
		}
		return func(h http.Handler) http.Handler { return b(a(h)) }
	}
}

// edited changes the replies of a server.
func edited(change edit) wrap {
	return func(next http.Handler) http.Handler {
		paths := newReader()
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h := &holder{w: w, turn: paths.read(r), change: change, status: http.StatusOK, header: http.Header{}}
			sent := *r
			if r.Body != nil {
				sent.Body = &tee{r.Body, &h.sent}
			}
			next.ServeHTTP(h, &sent)
			h.send()
		})
	}
}

// tee keeps the beginning of what is read.
type tee struct {
	io.ReadCloser
	into *bytes.Buffer
}

// Read keeps what it reads, as far as any of this package wants to know it.
func (t *tee) Read(p []byte) (int, error) {
	const enough = 1 << 20
	n, err := t.ReadCloser.Read(p)
	if t.into.Len() < enough {
		t.into.Write(p[:n])
	}
	return n, err
}

// holder holds a reply back until it is whole, and sends it changed.
type holder struct {
	w      http.ResponseWriter
	turn   *turn
	change edit
	sent   bytes.Buffer

	status int
	header http.Header
	body   bytes.Buffer
	gone   bool
}

// Header is the header to be sent.
func (h *holder) Header() http.Header { return h.header }

// WriteHeader sets the status to be sent.
func (h *holder) WriteHeader(status int) { h.status = status }

// Write adds to the body to be sent.
func (h *holder) Write(b []byte) (int, error) { return h.body.Write(b) }

// FlushError sends the reply: a server flushes when it has written it whole.
func (h *holder) FlushError() error {
	h.send()
	return http.NewResponseController(h.w).Flush()
}

// Unwrap lets deadlines through to the connection.
func (h *holder) Unwrap() http.ResponseWriter { return h.w }

func (h *holder) send() {
	if h.gone {
		return
	}
	h.gone = true
	t := h.turn
	t.sent, t.status, t.header, t.body = h.sent.Bytes(), h.status, h.header, h.body.Bytes()
	t.understand()
	h.change(t)
	header := h.w.Header()
	for name, values := range t.header {
		header[name] = values
	}
	if t.header.Get("Content-Length") != "" && t.r.Method != http.MethodHead && !t.short {
		header.Set("Content-Length", strconv.Itoa(len(t.body)))
	}
	h.w.WriteHeader(t.status)
	if t.r.Method != http.MethodHead && len(t.body) > 0 {
		_, _ = h.w.Write(t.body) // a client that went away is nobody's error
	}
}

// on makes an edit where all the conditions hold.
func on(change edit, conds ...cond) edit {
	return func(t *turn) {
		for _, holds := range conds {
			if !holds(t) {
				return
			}
		}
		change(t)
	}
}

// acts picks operations.
func acts(names ...act) cond {
	return func(t *turn) bool { return slices.Contains(names, t.act) }
}

// of picks a provider.
func of(provider string) cond { return func(t *turn) bool { return t.provider == provider } }

// flagged picks requests that ask for a flag.
func flagged(name string) cond { return func(t *turn) bool { return t.asks(name) } }

// code picks statuses.
func code(statuses ...int) cond {
	return func(t *turn) bool { return slices.Contains(statuses, t.status) }
}

func good(t *turn) bool { return t.status >= 200 && t.status < 300 }

// refused picks errors, but for the challenge.
func refused(t *turn) bool { return t.status >= 400 && t.status != http.StatusUnauthorized }

// not picks what a condition does not.
func not(c cond) cond { return func(t *turn) bool { return !c(t) } }

// anonymous picks requests without credentials.
func anonymous(t *turn) bool { return t.r.Header.Get("Authorization") == "" }

// each makes an edit of every nth turn that the conditions pick.
func each(n int64, change edit, conds ...cond) plant {
	return remembering(func() edit {
		var count atomic.Int64
		return on(func(t *turn) {
			if count.Add(1)%n == 0 {
				change(t)
			}
		}, conds...)
	})
}

// memory is a map for many at once.
type memory[V any] struct {
	mu sync.Mutex
	m  map[string]V
}

func newMemory[V any]() *memory[V] { return &memory[V]{m: map[string]V{}} }

// swap keeps a value and returns the one before.
func (m *memory[V]) swap(key string, v V) (before V, had bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	before, had = m.m[key]
	m.m[key] = v
	return before, had
}

// first keeps a value unless there is one, and returns the one that is kept.
func (m *memory[V]) first(key string, v V) (kept V, had bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if kept, had = m.m[key]; had {
		return kept, true
	}
	m.m[key] = v
	return v, false
}

// look is the value that is kept.
func (m *memory[V]) look(key string) (v V, had bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, had = m.m[key]
	return v, had
}

// drop forgets a value.
func (m *memory[V]) drop(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.m, key)
}

// tally counts by name.
type tally struct{ memory[int] }

func newTally() *tally { return &tally{memory[int]{m: map[string]int{}}} }

// next is how often the name was counted, this time included.
func (c *tally) next(name string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.m[name]++
	return c.m[name]
}
