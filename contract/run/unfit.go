package run

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

// unfit says why what came of the first question makes all others vain, "" where
// it does not. What may be one fault among many is left to the cases: all that
// is said here is seen in replies to several questions, or cannot be a reply to
// the question at all.
func (r *Runner) unfit(ctx context.Context, first *contract.Step, e *contract.Exchange) string {
	status := e.Final().Status
	switch {
	case e.Response == nil:
		return r.silent(ctx, e)
	case status == http.StatusTooManyRequests:
		return tooMany(first, e)
	case status == http.StatusUnauthorized && e.Challenge != nil:
		return r.refused(ctx, first, e)
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return r.turnedAway(ctx, first, e)
	case status >= 300 && status < 400 && e.Response.Header.Get("Location") != "":
		return r.redirected(ctx, first, e)
	case foreign(r.o.Contract, e):
		return r.misplaced(ctx, first)
	case status == http.StatusNotFound:
		return r.absent(ctx, first)
	}
	return ""
}

// outside asks for the contract's base, where no operation is.
func (r *Runner) outside(ctx context.Context) (*contract.Exchange, transport.Class) {
	return r.ask(ctx, contract.Request{Method: http.MethodGet, URL: r.o.Base + "/"}, transport.NoCredential)
}

// silent tells whether the target gives no reply to another question either.
func (r *Runner) silent(ctx context.Context, e *contract.Exchange) string {
	if again, _ := r.outside(ctx); again.Response != nil {
		return ""
	}
	return "nothing that is asked gets a reply: " + e.Failure
}

func tooMany(first *contract.Step, e *contract.Exchange) string {
	text := fmt.Sprintf("the target wants no requests for now: %s got 429", first.Name)
	if e.Repeats > 0 {
		text += fmt.Sprintf(", also when it was asked again %d times as the target wished", e.Repeats)
	} else if wait := e.Response.Header.Get("Retry-After"); wait != "" {
		text += fmt.Sprintf(" with Retry-After: %s, which is too long to wait", contract.Clip(wait, 40))
	}
	return text + "; ask later, and with --rate within what it allows"
}

// turnedAway tells whether all is refused that the credential is for, or all
// that is to need none. A 403 may be meant for one operation alone, and a digest
// that is not even asked for is a fault of the target.
func (r *Runner) turnedAway(ctx context.Context, first *contract.Step, e *contract.Exchange) string {
	scheme, status := r.o.Client.Scheme(""), e.Final().Status
	bare := scheme == ""
	op := r.o.Contract.Operation(first.Operation)
	if scheme == "digest" || op == nil || op.Open() != bare {
		return ""
	}
	alike := func(op *spec.Operation) bool { return isRead(op) && op.Open() == bare }
	others, all := r.elsewhere(ctx, first, r.paths(alike, anyCase), func(e *contract.Exchange) bool { return e.Final().Status == status })
	what := first.Name
	if others > 0 {
		what += " and all else"
	}
	switch {
	case !all, others == 0 && bare, status == http.StatusForbidden && (others == 0 || bare):
		return ""
	case bare:
		return fmt.Sprintf("the target wants credentials: %s got 401, and the contract says that none are needed; if they are, say so there or in an overlay, and give them", what)
	}
	text := fmt.Sprintf("the credentials are refused: %s got %d even with them, sent as %s; check the key", what, status, scheme)
	if wanted := contract.Clip(e.Response.Header.Get("WWW-Authenticate"), 60); wanted != "" {
		text += "; the target asks for " + wanted
	}
	return text + clockHint(e)
}

// refused tells whether the credentials are at fault, as far as can be seen,
// where the answer to a challenge got another one.
func (r *Runner) refused(ctx context.Context, first *contract.Step, e *contract.Exchange) string {
	if r.acceptedOtherwise(ctx, first) {
		return ""
	}
	if strings.Contains(strings.ToLower(strings.Join(e.Response.Header.Values("WWW-Authenticate"), " ")), "stale=true") {
		return fmt.Sprintf("the target calls every nonce stale, also one that it has just given: %s got 401 each time; look at its clock, and at whether several servers share their nonces", first.Name) + clockHint(e)
	}
	return fmt.Sprintf("the credentials are refused: %s got 401 even with them; check the user and the key", first.Name) + clockHint(e)
}

// clockHint is about a clock that is far from ours, which makes nonces and
// tokens old before their time.
func clockHint(e *contract.Exchange) string {
	const much = 5 * time.Minute
	date, err := http.ParseTime(e.Response.Header.Get("Date"))
	if err != nil || e.Start.IsZero() {
		return ""
	}
	switch off := date.Sub(e.Start).Round(time.Second); {
	case off > much:
		return fmt.Sprintf(" (the target's clock is %v ahead of ours)", off)
	case off < -much:
		return fmt.Sprintf(" (the target's clock is %v behind ours)", -off)
	}
	return ""
}

// redirected tells whether the target is elsewhere: at another origin, or at
// one place whatever is asked for, such as a page to log in.
func (r *Runner) redirected(ctx context.Context, first *contract.Step, e *contract.Exchange) string {
	status := e.Final().Status
	to, ok := leadsTo(e)
	switch {
	case !ok || status == http.StatusNotModified || status == http.StatusMultipleChoices:
		return ""
	case origin(to) == origin(from(e)):
		other, _ := r.outside(ctx)
		same, ok := leadsTo(other)
		if !ok || origin(same) != origin(to) || same.Path != to.Path {
			return ""
		}
		return fmt.Sprintf("the target sends all questions to one place: %s got %d with the Location %q; redirects are not followed: give the URL of the contract's server, and check the credentials", first.Name, status, contract.Clip(to.Path, 100))
	}
	return fmt.Sprintf("the target sends elsewhere: %s got %d with a Location at %q; redirects are not followed, as keys would go along: give the URL that is meant", first.Name, status, contract.Clip(origin(to), 100))
}

// leadsTo is where a redirect leads.
func leadsTo(e *contract.Exchange) (*url.URL, bool) {
	location := e.Final().Header.Get("Location")
	if status := e.Final().Status; status < 300 || status > 399 || location == "" {
		return nil, false
	}
	to, err := from(e).Parse(location)
	return to, err == nil && to.Host != ""
}

func from(e *contract.Exchange) *url.URL {
	u, err := url.Parse(e.Request.URL)
	if err != nil {
		return &url.URL{}
	}
	return u
}

func origin(u *url.URL) string { return strings.ToLower(u.Scheme + "://" + u.Host) }

// foreign tells whether a reply is none of the contract's: a 404 without a body
// of its media types, or a web page.
func foreign(c *spec.Contract, e *contract.Exchange) bool {
	reply := e.Final()
	media, _, _ := mime.ParseMediaType(reply.Header.Get("Content-Type"))
	if len(reply.Body) > 0 && speaks(c, media) {
		return false
	}
	page := media == "text/html" && bytes.HasPrefix(bytes.TrimSpace(reply.Body), []byte("<"))
	return reply.Status == http.StatusNotFound || page && reply.Status == http.StatusOK
}

// speaks tells whether some reply of the contract has the media type. JSON is
// always taken for one of it.
func speaks(c *spec.Contract, media string) bool {
	if strings.Contains(media, "json") {
		return true
	}
	for _, op := range c.Operations {
		for _, declared := range op.Responses {
			for _, m := range declared.Media {
				want, _, _ := mime.ParseMediaType(m.Type)
				if want == media || want == "*/*" {
					return true
				}
			}
		}
	}
	return false
}

// misplaced tells whether nothing of the contract is where the URL leads: no
// documented path has a reply of the contract, whoever asks. One path that is
// missing is a fault like others.
func (r *Runner) misplaced(ctx context.Context, first *contract.Step) string {
	if e, _ := r.outside(ctx); e.Response == nil || !foreign(r.o.Contract, e) {
		return ""
	}
	others, all := r.elsewhere(ctx, first, r.paths(anyOperation, anyCase), func(e *contract.Exchange) bool {
		return foreign(r.o.Contract, e)
	})
	if !all {
		return ""
	}
	switch meant := r.otherBase(); {
	case meant != "":
		return fmt.Sprintf("nothing of the contract is there: %s and all else got a 404 or a web page; the contract's server has the base path %s: does it belong to the URL?", first.Name, meant)
	case others > 0:
		return fmt.Sprintf("nothing of the contract is there: %s and all else got a 404 or a web page; is the base path of the URL right?", first.Name)
	}
	return "" // one path alone may be missing
}

// absent tells whether nothing that the contract asks for is there, though the
// replies are in the contract's form.
func (r *Runner) absent(ctx context.Context, first *contract.Step) string {
	meant := r.otherBase()
	paths := r.paths(anyOperation, anyCase)
	if meant == "" {
		paths = r.paths(isRead, isAccepted)
	}
	others, all := r.elsewhere(ctx, first, paths, func(e *contract.Exchange) bool { return e.Final().Status == http.StatusNotFound })
	text := fmt.Sprintf("nothing of the contract is there: %s and all else got 404; ", first.Name)
	switch {
	case !all || others == 0:
		return ""
	case meant != "":
		return text + fmt.Sprintf("the contract's server has the base path %s: does it belong to the URL?", meant)
	}
	return text + "is the base path of the URL right, and are the ids in the paths those of things that are there? --param NAME=VALUE gives them"
}

// otherBase is the base path of the contract's server, "" where the target
// has the same one.
func (r *Runner) otherBase() string {
	if strings.HasSuffix(strings.TrimSuffix(contract.Path(r.o.Base), "/"), r.o.Contract.Base) {
		return ""
	}
	return r.o.Contract.Base
}

// elsewhere asks for a few other paths, with the default credential, and tells
// how many there are and whether all replies are alike.
func (r *Runner) elsewhere(ctx context.Context, first *contract.Step, paths iter.Seq[string], alike func(*contract.Exchange) bool) (others int, all bool) {
	const most = 3
	asked := map[string]bool{contract.Path(first.Request.URL): true}
	for path := range paths {
		if len(asked) > most {
			break
		}
		if asked[contract.Path(path)] {
			continue
		}
		asked[contract.Path(path)] = true
		if e, _ := r.ask(ctx, contract.Request{Method: http.MethodGet, URL: path}, ""); e.Response == nil || !alike(e) {
			return len(asked) - 1, false
		}
	}
	return len(asked) - 1, true
}
