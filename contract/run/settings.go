package run

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/ledger"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

// settings are what cases change that was there before them, such as the
// settings of a tenant that the user gave. Each is read before its first change.
type settings struct {
	mu   sync.Mutex
	kept map[string]*ledger.Setting // by the URL; nil for one that could not be read
}

// keep reads a setting, unless it was before, that a step is about to change,
// and writes it into the ledger. One that cannot be read is left alone. After
// an error the step must not be sent.
func (r *Runner) keep(ctx context.Context, c *contract.Case, step *contract.Step) error {
	op := r.o.Contract.Operation(step.Operation)
	if op == nil || step.Request.Method != op.Method || r.o.Contract.Setting(op) == nil {
		return nil
	}
	url := bareURL(step.Request.URL)
	r.settings.mu.Lock()
	defer r.settings.mu.Unlock()
	if _, had := r.settings.kept[url]; had {
		return nil
	}
	if r.settings.kept == nil {
		r.settings.kept = map[string]*ledger.Setting{}
	}
	setting := &ledger.Setting{
		Case: c.ID, Members: bodyMembers(op),
		Change: ledger.Request{Method: op.Method, URL: url, Header: http.Header{"Accept": step.Request.Header.Values("Accept"), "Content-Type": {mediaOf(op)}}},
	}
	before, err := r.holdings().setting(ctx, setting)
	if err != nil || before == nil {
		r.settings.kept[url] = nil
		return nil
	}
	setting.Before = contract.Encode(before)
	r.settings.kept[url] = setting
	return r.book.change(setting)
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

// Restore changes back what the cases have changed that was there before them.
// [Runner.Verdicts] does so at its end; who runs the cases one by one has to.
// With a ledger that is part of what is removed.
func (r *Runner) Restore(ctx context.Context) {
	if r.book != nil {
		return
	}
	ctx = context.WithoutCancel(ctx)
	r.settings.mu.Lock()
	defer r.settings.mu.Unlock()
	for _, url := range slices.Sorted(maps.Keys(r.settings.kept)) {
		if setting := r.settings.kept[url]; setting != nil {
			_ = r.holdings().changeBack(ctx, setting) // without a ledger nobody is told
		}
	}
	r.settings.kept = nil
}

// holdings look at what the target of the run holds.
func (r *Runner) holdings() *holdings { return &holdings{ask: r.ask} }

// setting is what a setting can be changed to in order to be as it is, nil where
// its value tells nothing of that.
func (s *holdings) setting(ctx context.Context, of *ledger.Setting) (any, error) {
	header := of.Change.Header.Clone()
	header.Del("Content-Type")
	e, class := s.ask(ctx, contract.Request{Method: http.MethodGet, URL: of.Change.URL, Header: header}, "")
	what := "read " + of.Change.URL
	if err := refusalOf(what, e, class); err != nil {
		return nil, err
	}
	if status := e.Response.Status; status != http.StatusOK { // others need not show all of it
		return nil, &refusal{what: what, why: fmt.Sprintf("status %d", status), class: class, status: status}
	}
	value, ok := contract.Decode(e.Response.Body)
	if !ok {
		return nil, fmt.Errorf("%s: the reply is no JSON", what)
	}
	object, isObject := value.(map[string]any)
	if !isObject {
		return value, nil
	}
	if len(of.Members) > 0 {
		maps.DeleteFunc(object, func(name string, _ any) bool { return !slices.Contains(of.Members, name) })
	}
	if len(object) == 0 {
		return nil, nil
	}
	return object, nil
}

// changeBack makes a setting what it was. The error says why it is not.
func (s *holdings) changeBack(ctx context.Context, to *ledger.Setting) error {
	before, ok := contract.Decode(to.Before)
	if !ok {
		return fmt.Errorf("change %s back: its value before is no JSON", to.Change.URL)
	}
	now, err := s.setting(ctx, to)
	if err != nil || contract.Equal(before, now) {
		return err
	}
	request := contract.Request{Method: to.Change.Method, URL: to.Change.URL, Header: to.Change.Header, Body: to.Before}
	e, class := s.ask(ctx, request, "")
	if err := refusalOf(request.Method+" "+request.URL, e, class); err != nil {
		return err
	}
	if now, err = s.setting(ctx, to); err == nil && !contract.Equal(before, now) {
		err = &refusal{what: "read " + request.URL, why: "the target accepted the change back, and shows another value", class: transport.Answered, status: http.StatusConflict}
	}
	return err
}
