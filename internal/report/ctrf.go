package report

import (
	"encoding/json"
	"io"

	"github.com/atlas-contract/conformance/contract"
)

// ctrf writes the Common Test Report Format, JSON that several dashboards read.
type ctrf struct {
	gathered
	w io.Writer
}

func newCTRF(w io.Writer, _ Options) Renderer { return &ctrf{gathered: newGathered(byWords), w: w} }

type ctrfReport struct {
	Format  string      `json:"reportFormat"`
	Version string      `json:"specVersion"`
	Results ctrfResults `json:"results"`
}

type ctrfResults struct {
	Tool        ctrfTool       `json:"tool"`
	Summary     ctrfSummary    `json:"summary"`
	Tests       []ctrfTest     `json:"tests"`
	Environment map[string]any `json:"environment"`
}

type ctrfTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type ctrfSummary struct {
	Tests   int   `json:"tests"`
	Passed  int   `json:"passed"`
	Failed  int   `json:"failed"`
	Pending int   `json:"pending"`
	Skipped int   `json:"skipped"`
	Other   int   `json:"other"`
	Start   int64 `json:"start"`
	Stop    int64 `json:"stop"`
}

type ctrfTest struct {
	Name      string   `json:"name"`
	Status    string   `json:"status"`
	Duration  int64    `json:"duration"`
	Suite     []string `json:"suite,omitempty"`
	Message   string   `json:"message,omitempty"`
	Trace     string   `json:"trace,omitempty"`
	RawStatus string   `json:"rawStatus"`
	Tags      []string `json:"tags,omitempty"`
	Type      string   `json:"type"`
	Line      int      `json:"line,omitempty"`
	File      string   `json:"filePath,omitempty"`
}

// End writes it all.
func (c *ctrf) End(_ []Statement, f *Footer) error {
	out := ctrfReport{Format: "CTRF", Version: "0.0.0", Results: ctrfResults{
		Tool:    ctrfTool{"conformance", c.header.Version},
		Summary: ctrfSummary{Start: c.header.Started.UnixMilli(), Stop: c.header.stop(f).UnixMilli()},
		Tests:   []ctrfTest{},
		Environment: map[string]any{
			"appName": c.header.title(), "appVersion": c.header.Contract.Version, "testEnvironment": c.header.Target,
		},
	}}
	for _, v := range c.verdicts {
		out.Results.add(c.test(v, f.Strict))
	}
	for _, one := range f.Stale {
		out.Results.add(ctrfTest{
			Name: Safe(one.Case) + " " + one.Check, Status: "failed", RawStatus: "stale", Type: "contract", Suite: []string{"known failures"},
			Message: "a known failure is stale: " + Safe(one.Why),
		})
	}
	out.Results.Summary.Tests = len(out.Results.Tests)
	encoder := json.NewEncoder(c.w)
	encoder.SetIndent("", " ")
	return encoder.Encode(out)
}

func (r *ctrfResults) add(t ctrfTest) {
	switch t.Status {
	case "passed":
		r.Summary.Passed++
	case "failed":
		r.Summary.Failed++
	case "skipped":
		r.Summary.Skipped++
	default:
		r.Summary.Other++
	}
	r.Tests = append(r.Tests, t)
}

func (c *ctrf) test(v *Verdict, strict bool) ctrfTest {
	t := ctrfTest{
		Name: Safe(v.ID), Status: "passed", RawStatus: string(v.Outcome), Duration: int64(v.Millis), Type: "contract",
		Tags: v.Tested, File: v.File, Line: v.Line, Message: Safe(v.Reason),
	}
	if v.Operation != "" {
		t.Suite = []string{v.Operation, v.Kind}
	}
	if len(v.Findings) > 0 {
		t.Message = Safe(sentence(&v.Findings[0]))
		t.Trace = c.told(v)
	}
	switch {
	case v.Known:
		t.Status, t.Message = "skipped", "known: "+Because(v.Findings[0].Known)
	case v.Outcome == contract.Broken, v.Outcome == contract.Warned && strict:
		t.Status = "failed"
	case v.Outcome == contract.Skipped:
		t.Status = "skipped"
	case v.Outcome == contract.Unsent:
		t.Status = "other"
	}
	return t
}
