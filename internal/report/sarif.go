package report

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/contract"
)

// sarif writes the Static Analysis Results Interchange Format 2.1.0 (OASIS), for
// code scanning: a result for each cause, at the place of its operation in the
// OpenAPI document.
type sarif struct {
	gathered
	w io.Writer
}

func newSARIF(w io.Writer, _ Options) Renderer {
	return &sarif{gathered: newGathered(byFingerprint), w: w}
}

type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Invocations []sarifInvocation `json:"invocations"`
	Results     []sarifResult     `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID   string       `json:"id"`
	Help sarifMessage `json:"help"`
}

type sarifMessage struct {
	Text string `json:"text"`
}

type sarifInvocation struct {
	Successful bool      `json:"executionSuccessful"`
	ExitCode   int       `json:"exitCode"`
	Start      time.Time `json:"startTimeUtc"`
	End        time.Time `json:"endTimeUtc"`
}

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Level        string             `json:"level"`
	Message      sarifMessage       `json:"message"`
	Locations    []sarifLocation    `json:"locations"`
	Count        int                `json:"occurrenceCount"`
	Fingerprints map[string]string  `json:"partialFingerprints"`
	Suppressions []sarifSuppression `json:"suppressions,omitempty"`
	Properties   map[string]string  `json:"properties"`
}

type sarifLocation struct {
	Physical *sarifPhysical `json:"physicalLocation,omitempty"`
	Logical  []sarifLogical `json:"logicalLocations"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

type sarifLogical struct {
	Name          string `json:"name"`
	QualifiedName string `json:"fullyQualifiedName"`
	Kind          string `json:"kind"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Justification string `json:"justification"`
}

// End writes it all.
func (s *sarif) End(_ []Statement, f *Footer) error {
	run := sarifRun{
		Tool:    sarifTool{sarifDriver{Name: "conformance", Version: s.header.Version, Rules: []sarifRule{}}},
		Results: []sarifResult{},
		Invocations: []sarifInvocation{{
			Successful: f.Exit == ExitKept || f.Exit == ExitBroken, ExitCode: f.Exit, Start: s.header.Started, End: s.header.stop(f),
		}},
	}
	rules := map[string]int{}
	for _, c := range s.causes.sorted() {
		check := c.finding.Check
		if _, known := rules[check]; !known {
			rules[check] = len(run.Tool.Driver.Rules)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{check, sarifMessage{"conformance explain " + check}})
		}
		run.Results = append(run.Results, s.result(c, rules[check]))
	}
	for _, one := range f.Stale {
		if _, known := rules["stale"]; !known {
			rules["stale"] = len(run.Tool.Driver.Rules)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{"stale", sarifMessage{"conformance known --help"}})
		}
		run.Results = append(run.Results, stale(&one, rules["stale"]))
	}
	encoder := json.NewEncoder(s.w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	})
}

func (s *sarif) result(c *cause, rule int) sarifResult {
	f := &c.finding
	r := sarifResult{
		RuleID: f.Check, RuleIndex: rule, Level: "error", Count: c.cases,
		Message:      sarifMessage{Safe(sentence(f))},
		Locations:    []sarifLocation{{Logical: []sarifLogical{{Name: c.verdict.Operation, QualifiedName: Safe(c.first), Kind: "function"}}}},
		Fingerprints: map[string]string{"conformance/v1": f.Fingerprint},
		Properties:   map[string]string{"case": Safe(c.first), "promise": Safe(Promise(f)), "again": Again(&s.header, c.verdict)},
	}
	if f.Evidence == contract.Assumed {
		r.Level = "warning"
	}
	if c.verdict.Line > 0 {
		r.Locations[0].Physical = &sarifPhysical{sarifArtifact{reference(c.verdict.File)}, sarifRegion{c.verdict.Line}}
	}
	if f.Known != nil {
		r.Suppressions = []sarifSuppression{{"external", Because(f.Known)}}
	}
	return r
}

// reference is the name of a file as a URI reference, which is relative where
// the name is.
func reference(file string) string {
	u := url.URL{Path: filepath.ToSlash(file)}
	if filepath.IsAbs(file) {
		u.Scheme, u.Path = "file", "/"+strings.TrimPrefix(u.Path, "/")
	}
	return u.String()
}

// stale is a known failure that is gone.
func stale(s *Stale, rule int) sarifResult {
	return sarifResult{
		RuleID: "stale", RuleIndex: rule, Level: "error", Count: 1,
		Message:      sarifMessage{Safe("a known failure is stale: " + s.Case + ", " + s.Check + ": " + s.Why)},
		Locations:    []sarifLocation{{Logical: []sarifLogical{{Name: Safe(s.Case), QualifiedName: Safe(s.Case), Kind: "function"}}}},
		Fingerprints: map[string]string{"conformance/v1": "stale " + Safe(s.Case) + " " + s.Check},
		Properties:   map[string]string{"case": Safe(s.Case), "reason": Safe(s.Reason)},
	}
}

// sentence is a finding on one line.
func sentence(f *Finding) string {
	text := f.Message
	if f.Expected != "" {
		text += "; expected " + contract.Clip(f.Expected, shownText)
	}
	if f.Got != "" {
		text += "; got " + contract.Clip(f.Got, shownText)
	}
	return text
}
