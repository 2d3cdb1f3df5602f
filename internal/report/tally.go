package report

import (
	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// Tally counts verdicts and keeps the statement table.
type Tally struct {
	Counts Counts

	order []spec.Statement
	rows  map[string]*row
}

// row is what is known of one statement.
type row struct {
	cases          int
	broken, warned bool
	skipped        string
}

// NewTally begins the table with every statement of the contract.
func NewTally(c *spec.Contract) *Tally {
	t := &Tally{order: c.Statements, rows: map[string]*row{}}
	for _, s := range t.order {
		t.rows[s.ID] = &row{}
	}
	return t
}

// Add counts one verdict.
func (t *Tally) Add(v *Verdict) {
	t.count(v.Outcome)
	switch {
	case v.Known && v.Outcome == contract.Broken:
		t.Counts.Known++
	case v.Known && v.Outcome == contract.Warned:
		t.Counts.KnownWarned++
	}
	if v.Outcome == contract.Skipped || v.Outcome == contract.Unsent {
		for _, id := range v.Statements {
			if r := t.rows[id]; r != nil && r.skipped == "" {
				r.skipped = v.Reason
			}
		}
	}
	tested := map[string]bool{}
	for _, id := range v.Tested {
		tested[id] = true
	}
	for _, f := range v.Findings {
		r := t.rows[f.Statement]
		if r == nil {
			continue
		}
		tested[f.Statement] = true
		if f.Evidence == contract.Assumed {
			r.warned = true
		} else {
			r.broken = true
		}
	}
	for id := range tested {
		if r := t.rows[id]; r != nil {
			r.cases++
		}
	}
}

func (t *Tally) count(o contract.Outcome) {
	switch o {
	case contract.Kept:
		t.Counts.Kept++
	case contract.Broken:
		t.Counts.Broken++
	case contract.Warned:
		t.Counts.Warned++
	case contract.Unsent:
		t.Counts.Unsent++
	case contract.Skipped:
		t.Counts.Skipped++
	}
}

// Statements is the table, in the order of the contract.
func (t *Tally) Statements() []Statement {
	out := make([]Statement, 0, len(t.order))
	for _, s := range t.order {
		r := t.rows[s.ID]
		record := Statement{
			Type: typeStatement, ID: s.ID, State: r.state(), Cases: r.cases,
			Evidence: s.Evidence, Promise: s.Text, Source: s.Source,
		}
		if record.State == StateSkipped {
			record.Reason = r.skipped
		}
		out = append(out, record)
	}
	return out
}

func (r *row) state() State {
	switch {
	case r.broken:
		return StateBroken
	case r.warned:
		return StateWarned
	case r.cases > 0:
		return StateKept
	case r.skipped != "":
		return StateSkipped
	}
	return StateUntested
}
