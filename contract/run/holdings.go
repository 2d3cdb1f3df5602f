package run

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/ledger"
	"github.com/atlas-contract/conformance/internal/transport"
)

// holdings looks at what the target holds and takes things off it.
type holdings struct {
	ask func(context.Context, contract.Request, string) (*contract.Exchange, transport.Class)
}

// thing is one that a list shows.
type thing struct {
	url  string // which removes it
	item any
}

// mostPages bounds how many pages of a list are read.
const mostPages = 200

// things are all that a list shows. The error says why they cannot be known.
func (s *holdings) things(ctx context.Context, list *ledger.Lookup, credential string) ([]thing, error) {
	var out []thing
	seen := 0
	request := contract.Request{Method: list.Method, URL: list.URL, Header: list.Header}
	for range mostPages {
		e, err := s.read(ctx, request, credential)
		if err != nil {
			return nil, err
		}
		items, more, ok := listed(e, list.Under)
		if !ok {
			return nil, fmt.Errorf("list %s: the reply is no list", request.URL)
		}
		for _, item := range items {
			if where, ok := address(list.Remove, item); ok {
				out = append(out, thing{where, item})
			}
		}
		next := nextPage(e)
		if seen += len(items); next == "" && more > seen {
			return nil, fmt.Errorf("list %s: it shows %d of %d and not where the rest is", request.URL, seen, more)
		}
		if next == "" {
			return out, nil
		}
		request.URL = next
	}
	return nil, fmt.Errorf("list %s: it has more than %d pages", list.URL, mostPages)
}

// read asks for a list.
func (s *holdings) read(ctx context.Context, request contract.Request, credential string) (*contract.Exchange, error) {
	e, class := s.as(ctx, request, credential)
	if err := refusalOf("list "+request.URL, e, class); err != nil {
		return nil, err
	}
	if e.Response.Truncated {
		return nil, fmt.Errorf("list %s: it is too long to be read", request.URL)
	}
	return e, nil
}

// refusal is why something could not be done on the target.
type refusal struct {
	what, why string
	class     transport.Class
	status    int
}

// refusalOf says why a reply is no success.
func refusalOf(what string, e *contract.Exchange, class transport.Class) error {
	switch {
	case e.Response == nil || class != transport.Answered:
		return &refusal{what: what, why: e.Failure, class: class}
	case !e.Response.Success():
		status := e.Response.Status
		return &refusal{what: what, why: fmt.Sprintf("status %d", status), class: class, status: status}
	}
	return nil
}

// Error is one sentence.
func (r *refusal) Error() string { return r.what + ": " + r.why }

// nowhere tells that the target says there is no such list.
func (r *refusal) nowhere() bool {
	return slices.Contains([]int{http.StatusBadRequest, http.StatusNotFound, http.StatusGone, http.StatusUnprocessableEntity}, r.status)
}

// lasting tells whether to ask again is of no use.
func (r *refusal) lasting() bool {
	passing := []int{http.StatusRequestTimeout, http.StatusConflict, http.StatusLocked, http.StatusTooEarly, http.StatusTooManyRequests}
	return r.status >= 300 && r.status < 500 && !slices.Contains(passing, r.status) || r.class == transport.Unsendable
}

// isLasting tells whether an error will not go away by itself.
func isLasting(err error) bool {
	var r *refusal
	return !errors.As(err, &r) || r.lasting()
}

// as sends a request with the credential of a create, or, where that is none or
// may not do it, with the default one.
func (s *holdings) as(ctx context.Context, request contract.Request, credential string) (e *contract.Exchange, class transport.Class) {
	if credential != "" && credential != transport.NoCredential {
		e, class = s.ask(ctx, request, credential)
		if status := e.Final().Status; class != transport.Unsendable && status != http.StatusUnauthorized && status != http.StatusForbidden {
			return e, class
		}
	}
	return s.ask(ctx, request, "")
}

// remove takes off what an entry made.
func (s *holdings) remove(ctx context.Context, entry *ledger.Entry) error {
	var last error
	for _, where := range append([]string{entry.Made}, entry.Also...) {
		removed, err := s.removeAt(ctx, entry, where)
		if removed {
			return nil
		}
		if err != nil {
			last = err
		}
	}
	return last
}

// removeAt tells whether it removed what was there, or why not; neither where
// nothing was.
func (s *holdings) removeAt(ctx context.Context, entry *ledger.Entry, where string) (removed bool, err error) {
	request := contract.Request{Method: entry.Remove.Method, URL: where, Header: entry.Remove.Header}
	e, class := s.as(ctx, request, entry.Credential)
	status := e.Final().Status
	if isGone(status) || status >= 200 && status < 300 {
		return !isGone(status), nil
	}
	why := &refusal{what: request.Method + " " + where, why: e.Failure, class: class, status: status}
	if e.Response != nil {
		why.why = fmt.Sprintf("status %d", status)
	}
	if len(entry.Also) > 0 && why.nowhere() {
		return false, nil
	}
	if entry.Gone != "" {
		request.Method = entry.Gone
		if read, _ := s.as(ctx, request, entry.Credential); isGone(read.Final().Status) {
			return false, nil
		}
	}
	return false, why
}

// address is the URL that removes a thing of a list. A pointer into a reply that
// shows one thing may be longer than that into an item of a list.
func address(remove ledger.Request, item any) (string, bool) {
	shown := &contract.Exchange{Response: &contract.Response{Status: 200, Body: contract.Encode(item)}}
	whole, err := remove.Bound(shown)
	if err != nil {
		whole.Binds = slices.Clone(whole.Binds)
		for i, b := range whole.Binds {
			whole.Binds[i].Expr = "$response.body#" + b.Expr[max(0, strings.LastIndexByte(b.Expr, '/')):]
		}
		whole, err = whole.Bound(shown)
	}
	return whole.URL, err == nil
}

// listed are the items of a reply: the list that it is, or the only one that it
// holds, perhaps within a member of under. More is how many there are in all,
// where a number beside the list says so.
func listed(e *contract.Exchange, under []string) (items []any, more int, ok bool) {
	body, ok := contract.Decode(e.Final().Body)
	if !ok {
		return nil, 0, false
	}
	if object, _ := body.(map[string]any); object != nil {
		for _, key := range under {
			if inner, wrapped := object[key]; wrapped {
				body = inner
			}
		}
	}
	if items, ok = body.([]any); ok {
		return items, 0, true
	}
	object, _ := body.(map[string]any)
	full, empty := 0, 0
	for _, member := range object {
		list, isList := member.([]any)
		switch {
		case isList && len(list) == 0:
			empty++
		case isList && isObject(list[0]):
			items = list
			full++
		}
	}
	return items, total(object), full == 1 || full == 0 && empty > 0
}

func isObject(v any) bool {
	_, ok := v.(map[string]any)
	return ok
}

// total is the number beside a list that says how many there are.
func total(object map[string]any) int {
	for name, member := range object {
		text, _ := contract.Text(member)
		n := 0
		if _, err := fmt.Sscan(text, &n); err == nil && strings.HasPrefix(strings.ToLower(name), "total") && !strings.Contains(strings.ToLower(name), "page") {
			return n
		}
	}
	return 0
}

// nextPage is where a list goes on (RFC 8288), "" where it does not.
func nextPage(e *contract.Exchange) string {
	link := regexp.MustCompile(`<([^>]*)>\s*;[^,]*\brel="?next"?`)
	found := link.FindStringSubmatch(strings.Join(e.Response.Header.Values("Link"), ", "))
	if found == nil {
		return ""
	}
	base, err := url.Parse(e.Request.URL)
	if err != nil {
		return ""
	}
	next, err := base.Parse(found[1])
	if err != nil || next.String() == e.Request.URL {
		return ""
	}
	return next.String()
}
