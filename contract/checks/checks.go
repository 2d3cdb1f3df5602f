// Package checks reads exchanges and finds broken promises.
//
// A check is a value: its name, what it promises to find, and a function that
// looks at a [Subject]. It knows neither who derived the case nor how findings
// are reported, and nothing of any one contract: what it holds a reply to
// comes from the document. [All] is the table of contents.
package checks

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// Check finds one sort of broken promise.
type Check struct {
	// Name is a word with hyphens, unique among all checks.
	Name string
	// Doc says in a sentence or two what must hold, and who says so.
	Doc string
	// Run looks at the subject, reports what it finds with [Subject.Find] and
	// which statements it put to the test with [Subject.Tested].
	Run func(*Subject)
}

// All are the checks, in the order of their findings in a report.
func All() []Check {
	return []Check{
		answered, noServerError, outcome, status, mediaType, charset, headers, body,
		computed, envelope, formatting, related, selected, echoed, example, undocumented,
		unique, lifecycle, immutable, readBack, gone, awaited, isolation, known, internals,
		allow, conditional, problem, location,
		challenge, nonces, digest,
	}
}

// Subject is one case with its exchanges, as a check sees it.
type Subject struct {
	Contract *spec.Contract
	Case     *contract.Case
	Views    []*View

	base     string     // the path before the contract's paths
	things   *chronicle // made when a check first asks
	check    string
	findings []contract.Finding
	tested   map[string]bool
}

// Find reports a broken promise. The finding cites the first of statements
// that the contract has.
func (s *Subject) Find(v *View, f contract.Finding, statements ...string) {
	f.Check = s.check
	if f.Evidence == "" {
		f.Evidence = contract.Documented
	}
	for _, id := range statements {
		if st, ok := s.Contract.Statement(id); ok {
			f.Statement = st.ID
			if f.Evidence != contract.Assumed {
				f.Evidence = st.Evidence
			}
			break
		}
	}
	operation := s.Case.Operation
	if v != nil {
		f.Step, f.Exchange = v.Exchange.Step, slices.Index(s.Views, v)+1
		if v.Operation != nil {
			operation = v.Operation.ID
		}
	}
	f.Fingerprint = fingerprint(operation, s.withoutIDs(f))
	s.findings = append(s.findings, f)
}

// Tested notes statements as put to the test, kept or not.
func (s *Subject) Tested(statements ...string) {
	for _, id := range statements {
		if _, ok := s.Contract.Statement(id); ok {
			s.tested[id] = true
		}
	}
}

// Last is the exchange that the case is about: the last one that neither
// cleans up nor prepares.
func (s *Subject) Last() *View {
	for i := len(s.Views) - 1; i >= 0; i-- {
		if s.Views[i].Main {
			return s.Views[i]
		}
	}
	return nil
}

// fingerprint is the same for the same fault in every run: ids, times and
// other values of one run are no part of it.
func fingerprint(operation string, f contract.Finding) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00%s\x00%s\x00%s", operation, f.Check, f.Statement, f.Place, generalPointer(f.Pointer), f.Expected)
	return fmt.Sprintf("%016x", h.Sum64())
}

// withoutIDs is a finding whose expectation names no thing that the case made.
func (s *Subject) withoutIDs(f contract.Finding) contract.Finding {
	if s.things == nil {
		return f
	}
	words := strings.Fields(f.Expected)
	for i, word := range words {
		bare := strings.Trim(word, `",.`)
		if slices.ContainsFunc(s.things.list, func(h *history) bool { return h.id == bare }) {
			words[i] = "id"
		}
	}
	f.Expected = strings.Join(words, " ")
	return f
}

// generalPointer leaves out the positions in arrays.
func generalPointer(pointer string) string {
	out := []byte(nil)
	for i := 0; i < len(pointer); i++ {
		if pointer[i] >= '0' && pointer[i] <= '9' && len(out) > 0 && (out[len(out)-1] == '/' || out[len(out)-1] == '*') {
			if out[len(out)-1] == '/' {
				out = append(out, '*')
			}
			continue
		}
		out = append(out, pointer[i])
	}
	return string(out)
}
