package run

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/checks"
	"github.com/atlas-contract/conformance/internal/spec"
)

// Verify judges recorded exchanges and sends nothing. Each is matched to an
// operation by its path below the contract's base path, or below that of one
// of the contract's recordings.
func Verify(c *spec.Contract, list []checks.Check, exchanges iter.Seq2[*contract.Exchange, error]) iter.Seq2[contract.Verdict, error] {
	if list == nil {
		list = checks.All()
	}
	v := &verifier{contract: c, found: map[string]bool{}}
	v.add(checks.NewJudge(c, c.Base, list), c.Base)
	for _, recording := range c.Recordings {
		v.add(checks.NewJudge(c, c.Base, list).Under(recording), recording.Base)
	}
	return func(yield func(contract.Verdict, error) bool) {
		n := 0
		for e, err := range exchanges {
			if err != nil {
				yield(contract.Verdict{}, err)
				return
			}
			n++
			if !yield(v.judge(n, e), nil) {
				return
			}
		}
		for i := range v.judges {
			if len(v.told[i]) > 1 && !yield(v.history(i), nil) {
				return
			}
		}
	}
}

// history is the verdict on what the exchanges under one base tell together.
// Findings of single exchanges are not repeated.
func (v *verifier) history(i int) contract.Verdict {
	id := "recorded/history"
	if i > 0 {
		id += strings.ReplaceAll(v.bases[i], "/", "-")
	}
	c := &contract.Case{ID: id, Kind: "recorded", Expect: contract.Any}
	out := v.judges[i].History(c, v.told[i])
	out.Findings = slices.DeleteFunc(out.Findings, func(f contract.Finding) bool { return v.found[f.Fingerprint] })
	out.Outcome = contract.Weigh(out.Findings)
	return out
}

type verifier struct {
	contract *spec.Contract
	bases    []string
	judges   []*checks.Judge
	// told are the exchanges that matched an operation, by base, and found the
	// fingerprints of what they showed alone.
	told  [][]*contract.Exchange
	found map[string]bool
}

func (v *verifier) add(j *checks.Judge, base string) {
	v.bases = append(v.bases, strings.TrimRight(base, "/"))
	v.judges = append(v.judges, j)
	v.told = append(v.told, nil)
}

// judge gives the verdict on one recorded exchange. Its id tells the entry's
// number in the recordings, which is all the name that it has.
func (v *verifier) judge(n int, e *contract.Exchange) contract.Verdict {
	c := &contract.Case{ID: fmt.Sprintf("recorded/%05d", n), Kind: "recorded", Expect: contract.Any}
	path := contract.Path(e.Request.URL)
	for i, base := range v.bases {
		below, ok := strings.CutPrefix(path, base)
		if !ok || !strings.HasPrefix(below, "/") {
			continue
		}
		match, found := v.contract.Route(e.Request.Method, below)
		if found && match.Operation != nil {
			e.Operation, e.Params = match.Operation.ID, match.Params
			c.Operation = e.Operation
			c.ID = fmt.Sprintf("%s/recorded/%05d", e.Operation, n)
			v.told[i] = append(v.told[i], e)
			out := v.judges[i].Judge(c, []*contract.Exchange{e})
			for _, f := range out.Findings {
				v.found[f.Fingerprint] = true
			}
			return out
		}
		if v.contract.Outside() != nil && e.Final().Status >= 400 {
			return v.judges[i].Judge(c, []*contract.Exchange{e})
		}
		return skipped(c, e, "no operation of the contract")
	}
	return skipped(c, e, "outside the contract's base path")
}

func skipped(c *contract.Case, e *contract.Exchange, why string) contract.Verdict {
	return contract.Verdict{
		Case: c, Outcome: contract.Skipped, Exchanges: []*contract.Exchange{e},
		Reason: fmt.Sprintf("%s %s is %s", e.Request.Method, contract.Clip(contract.Path(e.Request.URL), 120), why),
	}
}
