package run

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/kinds"
	"github.com/atlas-contract/conformance/internal/ledger"
	"github.com/atlas-contract/conformance/internal/transport"
)

// book keeps the ledger of a run: before a step that makes something is sent it
// says so there, and after its reply what came of it. A nil book keeps none.
type book struct {
	runner   *Runner
	ledger   *ledger.Ledger
	holdings *holdings
	removals sync.Map // operation id → *kinds.Removal, which may be nil
	lists    sync.Map // URL of a list → func() error, which looks at it once
}

func newBook(r *Runner) *book {
	if r.o.Ledger == nil {
		return nil
	}
	return &book{runner: r, ledger: r.o.Ledger, holdings: &holdings{ask: r.ask}}
}

// removal is how what a step makes is removed, nil where it makes nothing.
func (b *book) removal(step *contract.Step) *kinds.Removal {
	op := b.runner.o.Contract.Operation(step.Operation)
	if op == nil || op.Method != step.Request.Method {
		return nil
	}
	if known, ok := b.removals.Load(op.ID); ok {
		return known.(*kinds.Removal)
	}
	removal := b.runner.source.Removal(op)
	b.removals.Store(op.ID, removal)
	return removal
}

// announce writes down that a step is about to make something. It returns when
// that is on the disk, with the record, nil where the step makes nothing. After
// an error the step must not be sent.
func (b *book) announce(ctx context.Context, c *contract.Case, step *contract.Step, request contract.Request, params map[string]string) (*ledger.Create, error) {
	if b == nil {
		return nil, nil
	}
	removal := b.removal(step)
	if removal == nil {
		return nil, nil
	}
	create := b.create(removal, &contract.Exchange{Request: request, Params: params})
	create.Case, create.Step, create.Credential = c.ID, step.Name, step.Credential
	if create.Lookup != nil {
		if err := b.before(ctx, &create); err != nil {
			return nil, err
		}
	}
	n, err := b.ledger.Create(create)
	create.N = n
	return &create, err
}

// create is the record of a request, filled in as far as the request tells.
func (b *book) create(removal *kinds.Removal, e *contract.Exchange) ledger.Create {
	out := ledger.Create{
		Method: e.Request.Method, URL: b.safe(e.Request.URL), Body: b.runner.o.Client.Redact(string(e.Request.Body)),
		Remove: half(&removal.Remove, e),
	}
	if gone := removal.Gone; gone != nil && bareURL(half(gone, e).URL) == bareURL(out.Remove.URL) {
		out.Gone = gone.Request.Method
	}
	if removal.Foretold != "" && len(out.Remove.Binds) == 1 {
		told := out.Remove
		told.Binds = []ledger.Bind{{Name: told.Binds[0].Name, Expr: removal.Foretold}}
		if whole, err := told.Bound(e); err == nil {
			out.Foretold = b.safe(whole.URL)
		}
	}
	if removal.List == nil {
		return out
	}
	if list := half(removal.List, e); len(list.Binds) == 0 {
		out.Lookup = &ledger.Lookup{Request: list, Under: removal.Under, Same: b.sent(removal, e)}
	}
	return out
}

// sent are the values that a list repeats, but for those that hold a secret.
func (b *book) sent(removal *kinds.Removal, e *contract.Exchange) map[string][]string {
	same := b.runner.source.Sent(removal, e)
	maps.DeleteFunc(same, func(_ string, forms []string) bool {
		all := strings.Join(forms, "\n")
		return b.safe(all) != all
	})
	return same
}

// safe is a text without secrets.
func (b *book) safe(text string) string { return b.runner.o.Client.Redact(text) }

// half is a step's request, filled in as far as a request without its reply
// tells.
func half(step *contract.Step, e *contract.Exchange) ledger.Request {
	r := ledger.Request{Method: step.Request.Method, URL: step.Request.URL, Header: step.Request.Header}
	for _, bind := range step.Binds {
		r.Binds = append(r.Binds, ledger.Bind{Name: bind.Name, Expr: bind.Expr, Under: bind.Under})
	}
	r, _ = r.Bound(e)
	return r
}

// before notes what a list holds, once, before the first create into it.
func (b *book) before(ctx context.Context, c *ledger.Create) error {
	if _, ours := b.ledger.Parent(c.URL); ours {
		return nil // the run made what the list is part of, so it held nothing
	}
	look, _ := b.lists.LoadOrStore(c.Lookup.URL, sync.OnceValue(func() error {
		note := ledger.Before{List: c.Lookup.URL, Things: []string{}}
		things, err := b.holdings.things(ctx, c)
		if err != nil {
			note.Failed = b.safe(err.Error())
		}
		for _, thing := range things {
			note.Things = append(note.Things, b.safe(thing.url))
		}
		return b.ledger.Before(note)
	}))
	return look.(func() error)()
}

// settle writes down what came of a create.
func (b *book) settle(c *ledger.Create, e *contract.Exchange, class transport.Class) error {
	if c == nil {
		return nil
	}
	status := e.Final().Status
	switch {
	case !transport.Arrived(e, class):
		return b.ledger.None(c.N, "it was not sent: "+e.Failure)
	case status >= 400 && status < 500 && class == transport.Answered:
		return b.ledger.None(c.N, fmt.Sprintf("status %d", status))
	case status < 200 || status > 299:
		return nil // whether it made something is to be seen
	}
	whole, err := c.Remove.Bound(e)
	if err != nil || b.safe(whole.URL) != whole.URL {
		return nil // the reply does not tell, or what it tells is a secret: the list will
	}
	return b.ledger.Made(c.N, whole.URL)
}

// removed writes down that a step which cleans up did.
func (b *book) removed(c *ledger.Create, step *contract.Step, e *contract.Exchange) error {
	if c == nil || e == nil || !step.Cleanup {
		return nil
	}
	status := e.Final().Status
	over := isGone(status) || step.Request.Method == http.MethodDelete && status >= 200 && status < 300
	if !over {
		return nil
	}
	return b.ledger.Removed(c.N)
}

// isGone tells whether a status says that a thing is not there.
func isGone(status int) bool { return status == http.StatusNotFound || status == http.StatusGone }

// bareURL is a URL without its query.
func bareURL(url string) string {
	url, _, _ = strings.Cut(url, "?")
	return url
}
