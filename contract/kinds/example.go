package kinds

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var example = Kind{
	Name: "example",
	Doc:  "Replays each documented example request and expects the reply documented under the same key.",
	Derive: func(s *Source, op *spec.Operation) iter.Seq[*contract.Case] {
		return func(yield func(*contract.Case) bool) {
			for _, key := range exampleKeys(op) {
				if !yield(s.exampleCase(op, key)) {
					return
				}
			}
		}
	},
}

// exampleKeys are the keys of the operation's example requests in the order of
// the document: those of the body, of parameters, and of scenarios.
func exampleKeys(op *spec.Operation) []string {
	var keys []string
	add := func(key string) {
		if key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	if op.Body != nil {
		for _, m := range op.Body.Media {
			for _, e := range m.Examples {
				add(e.Key)
			}
		}
	}
	for _, p := range op.Parameters {
		for _, e := range p.Examples {
			add(e.Key)
		}
	}
	for _, scenario := range op.Node.Ext().Get("examples").Pairs() {
		tokens := strings.Split(scenario.Pointer(), "/")
		add(spec.Unescape(tokens[len(tokens)-1]))
	}
	return keys
}

func (s *Source) exampleCase(op *spec.Operation, key string) *contract.Case {
	scenario := op.Scenarios[key]
	c := &contract.Case{
		ID: op.ID + "/example/" + key, Operation: op.ID, Kind: "example", Example: key,
		Statements: scenario.Statements, Statuses: exampleStatuses(op, key),
	}
	c.Expect = expect(c.Statuses)
	if missing := s.missingRole(scenario.Credential); missing != "" {
		c.Skip = missing
		return c
	}
	story := &story{source: s}
	if err := story.tell(op, key); err != nil {
		c.Skip = err.Error()
		return c
	}
	c.Steps = story.ended()
	return c
}

// exampleStatuses are the statuses under which a reply of the key is
// documented; none where it stands under a range or default.
func exampleStatuses(op *spec.Operation, key string) []int {
	var out []int
	for _, r := range op.Responses {
		for _, m := range r.Media {
			if !slices.ContainsFunc(m.Examples, func(e spec.Example) bool { return e.Key == key }) {
				continue
			}
			status, err := strconv.Atoi(r.Status)
			if err != nil {
				return nil
			}
			out = append(out, status)
		}
	}
	return append(out, bodiless(op, key)...)
}

// bodiless are the declared statuses without a body that answer an example as
// well as those with one: where a 2xx fits, a documented 204 fits too.
func bodiless(op *spec.Operation, key string) []int {
	if !successKeys(op)[key] {
		return nil
	}
	var out []int
	for _, r := range op.Responses {
		if status, err := strconv.Atoi(r.Status); err == nil && status/100 == 2 && len(r.Media) == 0 {
			out = append(out, status)
		}
	}
	return out
}

func expect(statuses []int) contract.Expect {
	good, bad := 0, 0
	for _, status := range statuses {
		switch {
		case status < 300:
			good++
		case status >= 400 && status < 500:
			bad++
		}
	}
	switch {
	case len(statuses) > 0 && good == len(statuses):
		return contract.Accepted
	case len(statuses) > 0 && bad == len(statuses):
		return contract.Rejected
	}
	return contract.Any
}

func (s *Source) missingRole(role string) string {
	if role == "" || role == "none" || slices.Contains(s.Roles, role) {
		return ""
	}
	return fmt.Sprintf("needs the credential %q: name it under `credentials` in the configuration", role)
}
