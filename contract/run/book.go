package run

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
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

// Keep has the run write all that it makes into a ledger before it is made, and
// remove at its end what is left of it. It comes before the cases are sent.
func (r *Runner) Keep(l *ledger.Ledger) {
	r.book = &book{runner: r, ledger: l, holdings: r.holdings()}
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

// prepare is what the ledger will say of a step that is about to make something,
// nil where it makes nothing. What it would be listed with has been noted.
func (b *book) prepare(ctx context.Context, c *contract.Case, step *contract.Step, request contract.Request, params map[string]string) (*ledger.Create, error) {
	if b == nil {
		return nil, nil
	}
	removal := b.removal(step)
	if removal == nil {
		return nil, nil
	}
	create := b.create(removal, &contract.Exchange{Request: request, Params: params})
	create.Case, create.Step, create.Credential = c.ID, step.Name, step.Credential
	for i := range create.Lookups {
		if err := b.before(ctx, create, &create.Lookups[i]); err != nil {
			return nil, err
		}
	}
	return create, nil
}

// held is how many things the lists of a create held before the run.
func (b *book) held(c *ledger.Create) int {
	if b == nil || c == nil {
		return 0
	}
	n := 0
	for _, list := range c.Lookups {
		before, _ := b.ledger.Held(list.URL)
		n += len(before.Things)
	}
	return n
}

// announce writes down that a step is about to make something. It returns when
// that is on the disk. After an error the step must not be sent.
func (b *book) announce(c *ledger.Create) error {
	if c == nil {
		return nil
	}
	n, err := b.ledger.Create(*c)
	c.N = n
	return err
}

// change writes down what a setting is. It returns when that is on the disk.
func (b *book) change(s *ledger.Setting) error {
	if b == nil {
		return nil
	}
	return b.ledger.Change(*s)
}

// create is the record of a request, filled in as far as the request tells.
func (b *book) create(removal *kinds.Removal, e *contract.Exchange) *ledger.Create {
	out := &ledger.Create{
		Method: e.Request.Method, URL: b.safe(e.Request.URL), Body: b.safe(string(e.Request.Body)),
		Remove: half(&removal.Remove, e, "", ""),
	}
	if gone := removal.Gone; gone != nil && bareURL(half(gone, e, "", "").URL) == bareURL(out.Remove.URL) {
		out.Gone = gone.Request.Method
	}
	if removal.Foretold != "" && len(out.Remove.Binds) == 1 {
		told := out.Remove
		told.Binds = []ledger.Bind{{Name: told.Binds[0].Name, Expr: removal.Foretold}}
		if whole, err := told.Bound(e); err == nil {
			out.Foretold = b.safe(whole.URL)
		}
	}
	if removal.List != nil {
		out.Lookups = b.lookups(removal, e)
	}
	return out
}

// lookups are the lists that may show what a request makes: the one that it
// tells, or all there are where it does not.
func (b *book) lookups(removal *kinds.Removal, e *contract.Exchange) []ledger.Lookup {
	one := func(name, value string, same map[string][]string) []ledger.Lookup {
		list := half(removal.List, e, name, value)
		if len(list.Binds) > 0 {
			return nil
		}
		return []ledger.Lookup{{Request: list, Remove: half(&removal.Remove, e, name, value), Under: removal.Under, Same: same}}
	}
	for _, bind := range removal.List.Binds {
		choices := removal.Choices[bind.Name]
		v, _ := contract.Eval(bind.Expr, e)
		if text, _ := contract.Text(v); len(choices) == 0 || slices.Contains(choices, text) {
			continue
		}
		var all []ledger.Lookup
		for _, choice := range choices {
			all = append(all, one(bind.Name, choice, nil)...)
		}
		return all
	}
	return one("", "", b.sent(removal, e))
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
// tells, but with a given value for the parameter of that name.
func half(step *contract.Step, e *contract.Exchange, name, value string) ledger.Request {
	r := ledger.Request{Method: step.Request.Method, URL: step.Request.URL, Header: step.Request.Header}
	for _, bind := range step.Binds {
		if bind.Name == name {
			r.URL = strings.ReplaceAll(r.URL, "{"+name+"}", url.PathEscape(value))
			continue
		}
		r.Binds = append(r.Binds, ledger.Bind{Name: bind.Name, Expr: bind.Expr, Under: bind.Under})
	}
	r, _ = r.Bound(e)
	return r
}

// before notes what a list holds, once, before the first create into it.
func (b *book) before(ctx context.Context, c *ledger.Create, list *ledger.Lookup) error {
	if _, ours := b.ledger.Parent(c.URL); ours {
		return nil // the run made what the list is part of, so it held nothing
	}
	look, _ := b.lists.LoadOrStore(list.URL, sync.OnceValue(func() error {
		note := ledger.Before{List: list.URL, Things: []string{}}
		things, err := b.holdings.things(ctx, list, c.Credential)
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
	if c == nil || c.N == 0 {
		return nil // it makes nothing, or its turn did not come
	}
	status := e.Final().Status
	switch {
	case !transport.Arrived(e, class):
		return b.ledger.None(c.N, "it was not sent: "+e.Failure)
	case status >= 400 && status < 500 && class == transport.Answered:
		return b.ledger.None(c.N, fmt.Sprintf("status %d", status))
	case !e.Final().Success():
		return nil // whether it made something is to be seen
	}
	urls := b.places(c, e)
	if len(urls) == 0 {
		return nil // the reply does not tell: the list will
	}
	return b.ledger.Made(c.N, urls[0], urls[1:]...)
}

// places are the URLs one of which removes what a create made, as far as its
// reply tells. What holds a secret may not be written down.
func (b *book) places(c *ledger.Create, e *contract.Exchange) []string {
	removals := []ledger.Request{c.Remove}
	if c.Odd() {
		for _, l := range c.Lookups {
			removals = append(removals, l.Remove)
		}
	}
	var out []string
	for _, r := range removals {
		if whole, err := r.Bound(e); err == nil && b.safe(whole.URL) == whole.URL {
			out = append(out, whole.URL)
		}
	}
	return out
}

// removed writes down that a step which cleans up did.
func (b *book) removed(c *ledger.Create, step *contract.Step, e *contract.Exchange) error {
	if c == nil || c.N == 0 || e == nil || !step.Cleanup {
		return nil
	}
	status := e.Final().Status
	over := isGone(status) && !c.Odd() || step.Request.Method == http.MethodDelete && e.Final().Success()
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
