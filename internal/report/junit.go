package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// junit writes the XML that continuous integration reads: a testcase for each
// case, its operation as the class. A broken case is a failure, one that could
// not be asked an error; known failures are skipped, and what only warns passes
// and is told in system-out.
type junit struct {
	gathered
	w io.Writer
}

func newJUnit(w io.Writer, _ Options) Renderer { return &junit{gathered: newGathered(byWords), w: w} }

type junitSuites struct {
	XMLName xml.Name   `xml:"testsuites"`
	Suite   junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Package    string          `xml:"package,attr"`
	ID         int             `xml:"id,attr"`
	Name       string          `xml:"name,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Hostname   string          `xml:"hostname,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
	Out        string          `xml:"system-out"`
	Err        string          `xml:"system-err"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Time    string        `xml:"time,attr"`
	Skipped *junitSkipped `xml:"skipped,omitempty"`
	Error   *junitTrouble `xml:"error,omitempty"`
	Failure *junitTrouble `xml:"failure,omitempty"`
}

type junitSkipped struct {
	Message string `xml:"message,attr"`
}

type junitTrouble struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// End writes it all.
func (j *junit) End(_ []Statement, f *Footer) error {
	suite := junitSuite{
		Package: "conformance", Name: Safe(j.header.title()), Timestamp: j.header.Started.UTC().Format("2006-01-02T15:04:05"),
		Hostname: "localhost", Tests: len(j.verdicts), Time: seconds(f.Millis),
		Properties: []junitProperty{
			{"target", Safe(j.header.Target)},
			{"profile", j.header.Profile},
			{"contract", Safe(j.header.Contract.Name) + " sha256:" + j.header.Contract.Digest},
			{"seed", strconv.FormatInt(j.header.Seed, 10)},
			{"exit", strconv.Itoa(f.Exit)},
		},
	}
	for _, v := range j.verdicts {
		suite.add(j, v, f.Strict)
	}
	suite.end(f)
	if _, err := io.WriteString(j.w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(j.w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(junitSuites{Suite: suite}); err != nil {
		return err
	}
	_, err := io.WriteString(j.w, "\n")
	return err
}

func (s *junitSuite) add(j *junit, v *Verdict, strict bool) {
	class, name, _ := strings.Cut(v.ID, "/")
	c := junitCase{Name: Safe(name), Class: Safe(class), Time: seconds(v.Millis)}
	if name == "" {
		c.Name = c.Class
	}
	switch {
	case v.Known:
		c.Skipped = &junitSkipped{"known: " + Because(v.Findings[0].Known)}
		s.Skipped++
	case v.Outcome == contract.Broken, v.Outcome == contract.Warned && strict:
		first := v.Findings[0]
		c.Failure = &junitTrouble{Safe(first.Message), first.Check, j.told(v)}
		s.Failures++
	case v.Outcome == contract.Unsent:
		c.Error = &junitTrouble{Safe(v.Reason), "unsent", Safe(v.Reason)}
		s.Errors++
	case v.Outcome == contract.Skipped:
		c.Skipped = &junitSkipped{Safe(v.Reason)}
		s.Skipped++
	case v.Outcome == contract.Warned:
		s.Out += "warned " + Safe(v.ID) + "\n" + j.told(v) + "\n"
	}
	s.Cases = append(s.Cases, c)
}

// end tells what belongs to no case.
func (s *junitSuite) end(f *Footer) {
	for _, one := range f.Stale {
		s.Cases = append(s.Cases, junitCase{
			Name: Safe(one.Case) + " " + one.Check, Class: "known failures", Time: seconds(0),
			Failure: &junitTrouble{"a known failure is stale: " + Safe(one.Why), "stale", fmt.Sprintf("line %d: take it out", one.Line)},
		})
		s.Tests++
		s.Failures++
	}
	s.Err = Safe(f.Error)
}

func seconds(millis float64) string { return strconv.FormatFloat(millis/1000, 'f', 3, 64) }
