package checks

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/validate"
)

// Judge runs checks over the exchanges of cases. It is safe for concurrent
// use; validators are made when the first reply comes that needs them.
type Judge struct {
	contract   *spec.Contract
	checks     []Check
	base       string
	mediaTypes map[string]string
	// wholes are the validators of operations, by id, and replies those of
	// declared responses, by slice.
	wholes, replies validate.Recent
	slices          sync.Map // *spec.Response, or *spec.Operation for a status it lacks → spec.ReplySlice
}

// NewJudge makes a judge. Base is the path that stands before the contract's
// paths in the requests.
func NewJudge(c *spec.Contract, base string, checks []Check) *Judge {
	return &Judge{contract: c, checks: checks, base: strings.TrimRight(base, "/")}
}

// Under is a judge for traffic that was recorded elsewhere: its base path and
// its names for media types.
func (j *Judge) Under(r spec.Recording) *Judge {
	under := NewJudge(j.contract, r.Base, j.checks)
	under.mediaTypes = r.MediaTypes
	return under
}

// Judge gives the verdict on a case by its exchanges.
func (j *Judge) Judge(c *contract.Case, exchanges []*contract.Exchange) contract.Verdict {
	s := j.subject(c)
	main := mainStep(c)
	for _, e := range exchanges {
		s.Views = append(s.Views, j.view(e, main))
	}
	s.run(j.checks...)
	return j.verdict(s, exchanges)
}

// mainStep is the name of the step that the case is about, "" for a case
// without steps, whose exchanges all count.
func mainStep(c *contract.Case) string {
	if i := c.Main(); i >= 0 {
		return c.Steps[i].Name
	}
	return ""
}

// History gives the verdict on recorded exchanges as a whole: on what they tell
// together about each thing. What each of them tells alone [Judge.Judge] says.
func (j *Judge) History(c *contract.Case, exchanges []*contract.Exchange) contract.Verdict {
	s := j.subject(c)
	for _, e := range exchanges {
		v := j.look(e, "")
		if v.Operation != nil && v.Came() {
			v.validator = j.whole(v.Operation)
			v.Unknown = j.unknown(v)
		}
		s.Views = append(s.Views, v)
	}
	s.run(lifecycle, immutable, readBack, gone, unique, isolation)
	return j.verdict(s, nil)
}

func (j *Judge) subject(c *contract.Case) *Subject {
	return &Subject{Contract: j.contract, Case: c, base: j.base, tested: map[string]bool{}}
}

// run has the checks look at the subject.
func (s *Subject) run(checks ...Check) {
	for _, check := range checks {
		s.check = check.Name
		check.Run(s)
	}
}

// verdict is what the subject's findings amount to.
func (j *Judge) verdict(s *Subject, exchanges []*contract.Exchange) contract.Verdict {
	slices.SortStableFunc(s.findings, func(a, b contract.Finding) int { return doubts(a) - doubts(b) })
	v := contract.Verdict{Case: s.Case, Outcome: contract.Weigh(s.findings), Findings: s.findings, Exchanges: exchanges}
	for _, st := range j.contract.Statements {
		if s.tested[st.ID] {
			v.Tested = append(v.Tested, st.ID)
		}
	}
	return v
}

// doubts is 0 for what breaks a case and 1 for what only warns, so that the
// worst comes first.
func doubts(f contract.Finding) int {
	if f.Evidence == contract.Assumed {
		return 1
	}
	return 0
}

// view is an exchange with all that the contract says about it.
func (j *Judge) view(e *contract.Exchange, main string) *View {
	v := j.look(e, main)
	if v.Operation != nil && v.Came() {
		v.validator, v.Result = j.whole(v.Operation), j.validate(v)
		v.Unknown = j.unknown(v)
	}
	return v
}

// look is an exchange with its operation, before any validator is asked.
func (j *Judge) look(e *contract.Exchange, main string) *View {
	v := &View{Exchange: e, Main: main == "" || e.Step == main}
	v.Operation = j.contract.Operation(e.Operation)
	if v.Operation == nil {
		v.Operation = j.contract.Outside()
	}
	if u, err := url.Parse(e.Request.URL); err == nil {
		v.Query = u.Query()
	}
	if v.Operation != nil {
		v.Enveloped = v.flag(v.Operation.Envelope())
		v.Pretty = v.flag(v.Operation.Formatting())
	}
	if e.Response == nil {
		return v
	}
	v.Body, v.IsJSON = contract.Decode(e.Response.Body)
	v.Inner = v.Body
	if key := v.wrapped(); key != "" && (v.Enveloped || v.vague(v.Operation.Envelope())) {
		v.Prefix = "/" + spec.Escape(key)
		v.Inner, _ = contract.At(v.Body, v.Prefix)
	}
	if v.refusedHead() || v.servedOutside() {
		v.Operation = nil
		return v
	}
	if v.Operation != nil {
		v.Declared = v.Operation.Response(e.Response.Status)
	}
	return v
}

// unknown are the values of a recorded request that the contract does not
// know, though the server accepted them.
func (j *Judge) unknown(v *View) []validate.Problem {
	if !v.Recorded || !v.Success() || v.Operation.Path == spec.OutsidePath {
		return nil
	}
	validator, err := v.validator()
	if err != nil {
		return nil
	}
	var out []validate.Problem
	for _, p := range validator.Request(j.renamedRequest(v), j.target(v)).Problems {
		if p.Keyword == "enum" || p.Keyword == "const" {
			out = append(out, p)
		}
	}
	return out
}

// validate asks the validators about the response. They see that part of the
// document only which says what this response must be: many operations share it.
func (j *Judge) validate(v *View) validate.Result {
	slice := j.slice(v)
	validator, err := j.replies.Of(slice.ID, slice.Text)
	if err != nil {
		return validate.Result{Unable: []string{err.Error()}}
	}
	return validator.Response(j.method(v), j.target(v), j.renamed(v.Response))
}

func (j *Judge) slice(v *View) spec.ReplySlice {
	var key any = v.Declared
	if v.Declared == nil {
		key = v.Operation
	}
	known, ok := j.slices.Load(key)
	if !ok {
		known, _ = j.slices.LoadOrStore(key, j.contract.SliceReply(v.Operation, v.Declared))
	}
	return known.(spec.ReplySlice)
}

// target is the request's path below the base, with its query.
func (j *Judge) target(v *View) string {
	path, query, hasQuery := strings.Cut(contract.Target(v.Request.URL), "?")
	target := strings.TrimPrefix(path, j.base)
	if v.Operation.Path == spec.OutsidePath {
		target = spec.OutsidePath
	}
	if hasQuery {
		target += "?" + query
	}
	return target
}

// method returns the request with the method of the operation, since a case
// may send another one to see it refused.
func (j *Judge) method(v *View) *contract.Request {
	if v.Request.Method == v.Operation.Method || v.Request.Method == "HEAD" {
		return &v.Request
	}
	r := v.Request
	r.Method = v.Operation.Method
	return &r
}

// whole are the validators of all of an operation, made when they are asked.
func (j *Judge) whole(op *spec.Operation) func() (*validate.Operation, error) {
	return func() (*validate.Operation, error) {
		return j.wholes.Of(op.ID, func() []byte { return j.contract.Slice(op) })
	}
}

// renamed gives a recorded response the contract's media type.
func (j *Judge) renamed(r *contract.Response) *contract.Response {
	out := *r
	out.Header = j.renamedType(r.Header)
	return &out
}

// renamedRequest gives a recorded request the contract's media type.
func (j *Judge) renamedRequest(v *View) *contract.Request {
	out := *j.method(v)
	out.Header = j.renamedType(out.Header)
	return &out
}

func (j *Judge) renamedType(h http.Header) http.Header {
	name, parameters, _ := strings.Cut(h.Get("Content-Type"), ";")
	to, ok := j.mediaTypes[strings.TrimSpace(strings.ToLower(name))]
	if !ok {
		return h
	}
	if parameters != "" {
		to += ";" + parameters
	}
	h = h.Clone()
	h.Set("Content-Type", to)
	return h
}

// statements are those that the contract cites for a place in a response: the
// ones of the innermost schema on the way there, then the outer ones.
func (v *View) statements(place, pointer string) []string {
	var out []string
	if place == "body" {
		out = v.bodyStatements(pointer)
	}
	if v.Declared != nil {
		if place == "header" {
			for _, h := range v.Declared.Headers {
				if strings.EqualFold(h.Name, strings.SplitN(pointer, "/", 2)[0]) {
					out = append(out, h.Node.Ext().Get("statements").Strings()...)
				}
			}
		}
		out = append(out, v.Declared.Node.Ext().Get("statements").Strings()...)
	}
	if v.Operation != nil {
		out = append(out, v.Operation.Statements...)
	}
	return slices.Compact(out)
}
