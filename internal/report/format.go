package report

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// Renderer writes the records of a run in some format. The calls come in this
// order: Header once, Verdict for each case, End once.
type Renderer interface {
	Header(*Header) error
	Verdict(*Verdict) error
	End([]Statement, *Footer) error
}

// Options say how to render, where the format has a choice.
type Options struct {
	// Color turns colours on, where the format has any.
	Color bool
	// Verbose also shows the cases that were kept, and every exchange.
	Verbose bool
	// Quiet shows a line for each case with something wrong, and the summary.
	Quiet bool
	// Errors also shows the sentence for an exit that is no verdict, for a
	// place where nothing else shows it.
	Errors bool
	// Width is the number of columns to wrap at; 0 means 100.
	Width int
}

// Format is one way to write a report.
type Format struct {
	Name string
	// Doc says in a sentence what it is for.
	Doc string
	// Endings are the endings of file names that stand for it.
	Endings []string
	// New makes a renderer that writes to w.
	New func(w io.Writer, o Options) Renderer
}

// Formats are the formats there are.
func Formats() []Format {
	return []Format{
		{"text", "for people, on a terminal", []string{".txt", ".log"}, newText},
		{"jsonl", "for programs: one JSON object a line, the complete report", []string{".jsonl", ".ndjson"}, guarded(inJSON, newJSONL)},
		{"junit", "for continuous integration: XML, one testcase for each case", []string{".xml"}, guarded(Safe, newJUnit)},
		{"sarif", "for code scanning: SARIF 2.1.0, at the lines of the document", []string{".sarif", ".sarif.json"}, guarded(inJSON, newSARIF)},
		{"markdown", "for a pull request or a step summary", []string{".md", ".markdown"}, guarded(Safe, newMarkdown)},
		{"github", "for GitHub Actions: annotations at the lines of the document", []string{".annotations"}, guarded(Safe, newGitHub)},
		{"ctrf", "for dashboards: the Common Test Report Format", []string{".ctrf.json"}, guarded(inJSON, newCTRF)},
		{"html", "for people, in a browser: one page that needs nothing else", []string{".html", ".htm"}, guarded(Safe, newHTML)},
	}
}

// New makes the renderer of a format.
func New(format string, w io.Writer, o Options) (Renderer, error) {
	var known []string
	for _, f := range Formats() {
		if f.Name == format {
			return f.New(w, o), nil
		}
		known = append(known, f.Name)
	}
	return nil, fmt.Errorf("unknown report format %q: choose one of %s", format, strings.Join(known, ", "))
}

// FormatOf is the name of the format that the ending of a file name stands
// for.
func FormatOf(name string) (string, error) {
	var known []string
	for _, f := range Formats() {
		for _, e := range f.Endings {
			if strings.HasSuffix(strings.ToLower(filepath.Base(name)), e) {
				return f.Name, nil
			}
			known = append(known, e)
		}
	}
	return "", fmt.Errorf("write report %s: its ending says no format: give a name that ends with one of %s", name, strings.Join(known, ", "))
}

// Several renders to all of the renderers.
type Several []Renderer

// Header passes the header on.
func (s Several) Header(h *Header) error {
	return s.each(func(r Renderer) error { return r.Header(h) })
}

// Verdict passes a verdict on.
func (s Several) Verdict(v *Verdict) error {
	return s.each(func(r Renderer) error { return r.Verdict(v) })
}

// End passes the end on.
func (s Several) End(statements []Statement, f *Footer) error {
	return s.each(func(r Renderer) error { return r.End(statements, f) })
}

func (s Several) each(do func(Renderer) error) error {
	for _, r := range s {
		if err := do(r); err != nil {
			return err
		}
	}
	return nil
}
