package kinds

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// story strings steps together: what must have happened before, the step that
// the case is about, and the removal of what all of them made.
type story struct {
	source *Source
	steps  []contract.Step
	made   []made // what the steps create, to be removed
	plans  []told // the steps whose unique values a case may change
}

// told is a step whose unique values may be changed, and where it stands.
type told struct {
	step int
	plan *plan
}

// made is a step that creates, with the operation it belongs to.
type made struct {
	step string
	op   *spec.Operation
}

// tell appends the steps of an example: those of the examples that it names as
// given, then its own.
func (t *story) tell(op *spec.Operation, key string) error {
	if len(t.steps) > 20 {
		return fmt.Errorf("the examples of %s name each other as given in a circle", op.ID)
	}
	scenario := op.Scenarios[key]
	for _, given := range scenario.Given {
		id, givenKey, _ := strings.Cut(given, "/")
		before := t.source.Contract.Operation(id)
		if before == nil {
			return fmt.Errorf("the example %s of %s has %q as given, but there is no operation %s", key, op.ID, given, id)
		}
		if err := t.tell(before, givenKey); err != nil {
			return err
		}
		if before.Method == "DELETE" && len(t.made) > 0 {
			t.awaitGone(t.made[len(t.made)-1], false)
		}
	}
	return t.step(op, key, scenario)
}

func (t *story) step(op *spec.Operation, key string, scenario spec.Scenario) error {
	if key != "" && isRight(op, key) {
		t.require(op)
	}
	d := t.source.draftExample(op, key)
	binds := t.binds(op, key, d)
	if scenario.Path != "" {
		d.op = &spec.Operation{ID: op.ID, Method: op.Method, Path: scenario.Path, Parameters: op.Parameters}
	}
	if scenario.MediaType != "" {
		d.header.Set("Content-Type", scenario.MediaType)
	}
	request, err := d.request(t.source.Base)
	if err != nil {
		return err
	}
	if scenario.Method != "" {
		request.Method = scenario.Method
	}
	s := contract.Step{
		Name: t.name(op.ID), Operation: op.ID, Request: request, Credential: scenario.Credential,
		Params: d.path, Binds: binds, Locks: t.source.locks(op, request, d.path),
	}
	if scenario.Path != "" {
		s.Operation = ""
	}
	t.steps = append(t.steps, s)
	if t.source.Contract.Makes(op) && scenario.Plain() {
		t.made = append(t.made, made{step: s.Name, op: op})
		t.plans = append(t.plans, told{len(t.steps) - 1, &plan{source: t.source, op: op, story: t, draft: d, binds: binds, key: key}})
	}
	return nil
}

// add appends a step, and notes what it makes.
func (t *story) add(step contract.Step, op *spec.Operation) made {
	t.steps = append(t.steps, step)
	m := made{step: step.Name, op: op}
	if t.source.Contract.Makes(op) {
		t.made = append(t.made, m)
	}
	return m
}

// credential is the one with which a thing was made.
func (t *story) credential(m made) string {
	for _, step := range t.steps {
		if step.Name == m.step {
			return step.Credential
		}
	}
	return ""
}

// name is the operation's id, numbered when it comes again.
func (t *story) name(id string) string {
	n := 1
	for _, s := range t.steps {
		if s.Name == id || strings.HasPrefix(s.Name, id+" ") {
			n++
		}
	}
	if n == 1 {
		return id
	}
	return id + " " + strconv.Itoa(n)
}

// binds gives the operation's path parameters from the links of what was made
// before; a value documented under the key itself goes first.
func (t *story) binds(op *spec.Operation, key string, d *draft) []contract.Bind {
	for i := len(t.made) - 1; i >= 0; i-- {
		link, ok := t.source.Contract.LinkBetween(t.made[i].op, op)
		if !ok {
			continue
		}
		own := func(name string) bool { return hasExample(op, name, key) }
		return t.follow(t.made[i], link, op, d, own)
	}
	return nil
}

// follow binds the parameters of a link.
func (t *story) follow(from made, link spec.Link, op *spec.Operation, d *draft, own func(string) bool) []contract.Bind {
	var out []contract.Bind
	for _, p := range op.Parameters {
		expr, linked := link.Parameters[p.Name]
		if !linked || p.In != "path" || own != nil && own(p.Name) {
			continue
		}
		out = append(out, bind(d, p.Name, from, expr))
	}
	return out
}

func hasExample(op *spec.Operation, name, key string) bool {
	for _, p := range op.Parameters {
		if p.Name != name {
			continue
		}
		for _, e := range p.Examples {
			if e.Key == key && key != "" {
				return true
			}
		}
	}
	return false
}

// ended is the story with the removal of what it made: delete it, and wait
// until it is gone, so that what was unique is free again.
func (t *story) ended() []contract.Step {
	for i := len(t.made) - 1; i >= 0; i-- {
		m := t.made[i]
		if link, ok := t.source.Contract.ToResource(m.op, "DELETE"); ok && t.linked(m, link, nil) {
			t.awaitGone(m, true)
		}
	}
	return t.steps
}

// awaitGone polls what was made until the target no longer has it, where the
// document knows a status for that.
func (t *story) awaitGone(m made, cleanup bool) {
	link, ok := t.source.Contract.ToResource(m.op, "GET")
	if !ok {
		return
	}
	gone := goneStatuses(t.source.Contract.Operation(link.Operation))
	if len(gone) == 0 {
		return
	}
	if t.linked(m, link, &contract.Until{Statuses: gone}) {
		t.steps[len(t.steps)-1].Cleanup = cleanup
	}
}

// goneStatuses are the declared statuses that say something is not there.
func goneStatuses(op *spec.Operation) []int {
	var out []int
	for _, r := range op.Responses {
		if r.Status == "404" || r.Status == "410" {
			out = append(out, atoi(r.Status))
		}
	}
	return out
}

// knowsGone tells whether the document has a reply for what is not there: by
// its status, by that of all refusals, or by that of all else, where there is
// a success beside it that else is not.
func knowsGone(op *spec.Operation) bool {
	if len(goneStatuses(op)) > 0 {
		return true
	}
	r := op.Response(http.StatusNotFound)
	return r != nil && (!strings.EqualFold(r.Status, "default") || len(successes(op)) > 0)
}

// untilGone is the end of what is polled until it is gone.
func untilGone(op *spec.Operation) *contract.Until {
	if gone := goneStatuses(op); len(gone) > 0 {
		return &contract.Until{Statuses: gone}
	}
	return &contract.Until{Statuses: []int{http.StatusNotFound, http.StatusGone}}
}

// linked appends a step on what was made. It tells false, and appends nothing,
// where a path parameter of the step has no value.
func (t *story) linked(m made, link spec.Link, until *contract.Until) bool {
	op := t.source.Contract.Operation(link.Operation)
	d := t.source.draftExample(op, "")
	binds := append(t.follow(m, link, op, d, nil), t.within(m, d)...)
	request, err := d.request(t.source.Base)
	if err != nil {
		return false
	}
	t.steps = append(t.steps, contract.Step{
		Name: t.name(op.ID), Operation: op.ID, Request: request, Params: d.path, Binds: binds,
		Until: until, Cleanup: true, Credential: t.credential(m),
	})
	return true
}

// within gives a draft the path parameters of the step that made a thing: it
// stands below the same ones.
func (t *story) within(m made, d *draft) []contract.Bind {
	i := slices.IndexFunc(t.steps, func(s contract.Step) bool { return s.Name == m.step })
	if i < 0 {
		return nil
	}
	var out []contract.Bind
	for _, p := range d.op.Parameters {
		if p.In != "path" || d.bound[p.Name] {
			continue
		}
		from := slices.IndexFunc(t.steps[i].Binds, func(b contract.Bind) bool { return b.Name == p.Name })
		if from >= 0 {
			d.bound[p.Name] = true
			out = append(out, t.steps[i].Binds[from])
		} else if value, ok := t.steps[i].Params[p.Name]; ok {
			d.set(p, value)
		}
	}
	return out
}

// locks names the unique thing that a request would create.
func (s *Source) locks(op *spec.Operation, request contract.Request, path map[string]string) []string {
	if len(s.Contract.Unique(op)) == 0 {
		return s.shared(op)
	}
	if key := s.Contract.UniqueKey(op, &contract.Exchange{Request: request, Params: path}); key != "" {
		return []string{key}
	}
	return nil
}

// atoi is a declared status as a number, 0 for a range or default.
func atoi(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}
