package run

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// settings are what cases change that was there before them, such as the
// settings of a tenant that the user gave. Each is read before its first change.
type settings struct {
	mu   sync.Mutex
	kept map[string]*kept // by the URL without its query
}

// kept is a setting as it was.
type kept struct {
	change *spec.Operation
	header http.Header
	before any
}

// keep reads a setting, unless it was before, that a step is about to change.
// One that cannot be read is left alone.
func (r *Runner) keep(ctx context.Context, step *contract.Step) {
	op := r.o.Contract.Operation(step.Operation)
	if op == nil || step.Request.Method != op.Method || r.o.Contract.Setting(op) == nil {
		return
	}
	url, _, _ := strings.Cut(step.Request.URL, "?")
	r.settings.mu.Lock()
	defer r.settings.mu.Unlock()
	if _, had := r.settings.kept[url]; had {
		return
	}
	if r.settings.kept == nil {
		r.settings.kept = map[string]*kept{}
	}
	k := &kept{change: op, header: http.Header{"Accept": step.Request.Header.Values("Accept")}}
	k.before = r.current(ctx, url, k)
	r.settings.kept[url] = k
}

// current is what a setting can be changed to in order to be as it is, nil
// where that is not known.
func (r *Runner) current(ctx context.Context, url string, k *kept) any {
	e, class := r.ask(ctx, contract.Request{Method: http.MethodGet, URL: url, Header: k.header}, "")
	if !asked(class) || e.Response == nil || e.Response.Status != http.StatusOK {
		return nil
	}
	value, ok := contract.Decode(e.Response.Body)
	object, isObject := value.(map[string]any)
	if !ok || !isObject {
		return value
	}
	members := bodyMembers(k.change)
	if len(members) > 0 {
		maps.DeleteFunc(object, func(name string, _ any) bool { return !slices.Contains(members, name) })
	}
	if len(object) == 0 {
		return nil
	}
	return object
}

// bodyMembers are the names that an operation's body may have.
func bodyMembers(op *spec.Operation) []string {
	var out []string
	if op.Body == nil {
		return nil
	}
	for _, m := range op.Body.Media {
		for name := range m.Schema.Resolve().Get("properties").Pairs() {
			out = append(out, name)
		}
	}
	return out
}

// Restore changes back what the cases have changed that was there before them.
// [Runner.Verdicts] does so at its end; who runs the cases one by one has to.
func (r *Runner) Restore(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	r.settings.mu.Lock()
	defer r.settings.mu.Unlock()
	for _, url := range slices.Sorted(maps.Keys(r.settings.kept)) {
		k := r.settings.kept[url]
		if k.before == nil || contract.Equal(k.before, r.current(ctx, url, k)) {
			continue
		}
		header := k.header.Clone()
		header.Set("Content-Type", mediaOf(k.change))
		r.ask(ctx, contract.Request{Method: k.change.Method, URL: url, Header: header, Body: contract.Encode(k.before)}, "")
	}
	r.settings.kept = nil
}

// mediaOf is the JSON type of an operation's body.
func mediaOf(op *spec.Operation) string {
	if op.Body != nil {
		for _, m := range op.Body.Media {
			if strings.Contains(m.Type, "json") {
				return m.Type
			}
		}
	}
	return "application/json"
}
