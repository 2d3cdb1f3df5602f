// Package kinds derives cases from the operations of a contract.
//
// A kind is a value: its name, what it derives, and a function that yields the
// cases of one operation. It knows nothing of the checks that will read the
// replies. [All] is the table of contents; the order of the cases in a report
// is that of the operations in the document, then of the kinds in the list.
package kinds

import (
	"iter"
	"strings"
	"sync"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/validate"
)

// Kind is a way to derive cases from an operation.
type Kind struct {
	// Name is a word with hyphens, unique among all kinds: the middle part of
	// a case's id.
	Name string
	// Doc says in a sentence what is derived and what is expected.
	Doc string
	// Derive yields the cases of one operation, the same ones in the same
	// order for the same source.
	Derive func(*Source, *spec.Operation) iter.Seq[*contract.Case]
}

// All are the kinds, in the order of their cases in a report.
func All() []Kind {
	return []Kind{
		example, valid, missing, wrongType, boundary, listed, pattern, format, extra, shape,
		malformed, mediaType, query, unauthenticated, digestAccepted, digestRefused, digestNonce, credentialRefused, method,
		combined, conditional, head, unknownPath, unknown, relation, lifecycle, failed, required, within, setting, unique, roles, isolation, random,
	}
}

// Source is what cases are derived from.
type Source struct {
	Contract *spec.Contract
	// Base is the URL of the target, its base path included, without a slash
	// at the end.
	Base string
	// Near tells that the target is on this machine, so that its settings may be
	// changed, and changed back, without being named in Params.
	Near bool
	// Params are the user's values for path parameters.
	Params map[string]string
	// Seed picks what is chosen at random.
	Seed int64
	// Draws is how many requests of each operation are drawn at random, beside
	// those that are derived one by one.
	Draws int
	// Dropped is told of each case that could not be proved and is not sent;
	// nil ignores them.
	Dropped func(id, reason string)
	// Prefix spares the derivation of cases whose ids do not begin with it. It
	// may still yield some.
	Prefix string
	// Roles are the names of the credentials that the user gave beside the
	// default one.
	Roles []string
	// Tenants are the path parameters of those among them that belong to
	// another tenant, by the name of the credential.
	Tenants map[string]map[string]string
	// Values are the only ones that right requests may use for what is so named,
	// where the user says so.
	Values map[string][]string
	// Failing are values of members of bodies with which what the target makes
	// fails, by the name of the member.
	Failing map[string][]string

	schemas   schemaMemo
	proofs    validate.Recent
	firstRead sync.Map // security scheme → *spec.Operation, the one to try everything on
}

// Cases yields every case of the kinds, operation by operation.
func (s *Source) Cases(kinds []Kind) iter.Seq[*contract.Case] {
	return func(yield func(*contract.Case) bool) {
		for _, op := range s.Contract.Operations {
			for c := range s.CasesOf(op, kinds) {
				if !yield(c) {
					return
				}
			}
		}
	}
}

// CasesOf yields the cases of one operation, kind by kind.
func (s *Source) CasesOf(op *spec.Operation, kinds []Kind) iter.Seq[*contract.Case] {
	return func(yield func(*contract.Case) bool) {
		for _, kind := range kinds {
			if id := op.ID + "/" + kind.Name + "/"; !strings.HasPrefix(id, s.Prefix) && !strings.HasPrefix(s.Prefix, id) {
				continue
			}
			for c := range kind.Derive(s, op) {
				if !yield(c) {
					return
				}
			}
		}
	}
}
