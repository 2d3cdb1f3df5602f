package run

import (
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// Limits are what a run may do to its target. The zero Limits forbid nothing.
type Limits struct {
	// ReadOnly leaves out every case with a request that could change something.
	ReadOnly bool
	// Creates is how many things a run may make in all; 0 is no limit.
	Creates int
	// Values are the only ones that right requests may use for what is so named,
	// a member of a body or a parameter: the regions that a run may go to.
	Values map[string][]string
}

// permitted yields the cases, those that the limits forbid with the reason why
// they are not sent; what they make all together is for [Runner.Cases].
func (l *Limits) permitted(cases iter.Seq[*contract.Case]) iter.Seq[*contract.Case] {
	return func(yield func(*contract.Case) bool) {
		for c := range cases {
			if reason := l.forbids(c); c.Skip == "" && reason != "" {
				c = withheld(c, reason)
			}
			if !yield(c) {
				return
			}
		}
	}
}

// withheld is the case, to be skipped for a reason.
func withheld(c *contract.Case, reason string) *contract.Case {
	other := *c
	other.Skip = reason
	return &other
}

// forbids is why a case is not sent, "" where it may be.
func (l *Limits) forbids(c *contract.Case) string {
	if l.ReadOnly {
		for _, step := range c.Steps {
			if !safe(step.Request.Method) {
				return fmt.Sprintf("it sends %s, and the run may only read (--read-only)", step.Request.Method)
			}
		}
	}
	return l.elsewhere(c)
}

// elsewhere is why the values of a case keep it from being sent.
func (l *Limits) elsewhere(c *contract.Case) string {
	if len(l.Values) == 0 {
		return ""
	}
	for i := range c.Steps {
		step := &c.Steps[i]
		if step.Cleanup || toBeRefused(c, step) {
			continue
		}
		for name, value := range sent(step) {
			if only := l.Values[name]; len(only) > 0 && !slices.Contains(only, value) {
				return fmt.Sprintf("it sends the %s %q, and the run may only use %s", name, contract.Clip(value, 60), strings.Join(only, ", "))
			}
		}
	}
	return ""
}

// sent yields the named texts of a step: its parameters, and what stands at the
// top of its body.
func sent(step *contract.Step) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for name, value := range step.Params {
			if !yield(name, value) {
				return
			}
		}
		body, _ := contract.Decode(step.Request.Body)
		object, _ := body.(map[string]any)
		for name, value := range object {
			if text, scalar := contract.Text(value); scalar && !yield(name, text) {
				return
			}
		}
	}
}

// safe tells whether a request only reads (RFC 9110, section 9.2.1).
func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// creations is how many things a case makes where the target is right.
func creations(c *contract.Case) int {
	n := 0
	for i := range c.Steps {
		if step := &c.Steps[i]; makes(c, step.Name) && !toBeRefused(c, step) {
			n++ // copies of one step make one thing
		}
	}
	return n
}

// toBeRefused tells whether a step of a case is wrong.
func toBeRefused(c *contract.Case, step *contract.Step) bool {
	return step.Expect == contract.Rejected || c.Expect == contract.Rejected && step.Name == c.Steps[c.Main()].Name
}

// makes tells whether a step makes something: another one removes it.
func makes(c *contract.Case, name string) bool {
	return slices.ContainsFunc(c.Steps, func(s contract.Step) bool {
		return s.Cleanup && !safe(s.Request.Method) && slices.ContainsFunc(s.Binds, func(b contract.Bind) bool { return b.Step == name })
	})
}

// Plan is what a run would do, were every reply right.
type Plan struct {
	// Cases are those that would be sent, Skipped those that would not.
	Cases, Skipped int
	// Requests are at least so many: a challenge, or waiting for a state, adds to
	// them. Writes are those among them that could change something.
	Requests, Writes int
	// Creates are the things that would be made in all, and AtOnce the most of
	// them that can be there at the same time.
	Creates, AtOnce int
}

// Plan derives all cases and counts. Nothing is sent.
func (r *Runner) Plan() Plan {
	var p Plan
	most := 0
	for c := range r.Cases() {
		if c.Skip != "" {
			p.Skipped++
			continue
		}
		p.Cases++
		for _, step := range c.Steps {
			n := max(1, step.Copies)
			p.Requests += n
			if !safe(step.Request.Method) {
				p.Writes += n
			}
		}
		n := creations(c)
		p.Creates += n
		most = max(most, n)
	}
	p.AtOnce = min(p.Creates, r.o.Creates*most)
	return p
}
