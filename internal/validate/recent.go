package validate

import "sync"

// Recent keeps the judges that were asked for last, since compiled schemas of a
// large document are more than a memory holds: it may have a thousand operations
// that reach a megabyte of schemas each. Those of a small document it keeps all.
// The zero Recent is empty and ready. It is safe for concurrent use.
type Recent struct {
	mu    sync.Mutex
	clock int
	size  int // of the texts, in bytes
	made  map[string]*kept
}

// kept is an operation that may be made yet.
type kept struct {
	once      sync.Once
	operation *Operation
	err       error
	used      int // by the clock
	size      int
}

const (
	// mostText is how many bytes of documents keep their judges. What the
	// libraries make of them is some hundred times as large.
	mostText = 512 << 10
	// perOperation is what an operation counts beside its text.
	perOperation = 8 << 10
	// leastKept is how many operations keep their judges however large they are:
	// as many as those that take turns in one case.
	leastKept = 4
)

// Of returns the operation of an id, and makes it from its document, as [New]
// does, where it is not there or not there any more.
func (r *Recent) Of(id string, slice func() []byte) (*Operation, error) {
	k := r.touch(id)
	k.once.Do(func() {
		text := slice()
		k.operation, k.err = New(text)
		r.weigh(k, len(text)+perOperation)
	})
	return k.operation, k.err
}

// touch makes an id the last that was asked for.
func (r *Recent) touch(id string) *kept {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.made == nil {
		r.made = map[string]*kept{}
	}
	k := r.made[id]
	if k == nil {
		k = &kept{}
		r.made[id] = k
	}
	r.clock++
	k.used = r.clock
	return k
}

// weigh notes how large something is that was made, and lets go of what was not
// asked for the longest.
func (r *Recent) weigh(k *kept, size int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k.size = size
	r.size += size
	for r.size > mostText && len(r.made) > leastKept {
		oldest := ""
		for id, k := range r.made {
			if oldest == "" || k.used < r.made[oldest].used {
				oldest = id
			}
		}
		r.size -= r.made[oldest].size
		delete(r.made, oldest)
	}
}
