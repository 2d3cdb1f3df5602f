package report

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/contract"
)

//go:embed page
var page embed.FS

// html writes one page that needs nothing else: no network, and no JavaScript
// to be read.
type html struct {
	gathered
	w io.Writer
	// told is in how many cases each cause has been shown so far.
	told map[string]int
}

func newHTML(w io.Writer, _ Options) Renderer {
	return &html{gathered: newGathered(byWords), w: w, told: map[string]int{}}
}

// pageData is what the template shows.
type pageData struct {
	Title, Meaning, Word, Counts, Took, Started, Digest string

	Header     *Header
	Footer     *Footer
	Statements []Statement
	Causes     []pageCause
	Cases      []pageCase
	Outcomes   []pageCount
	Stale      []Stale
	Covered    string
	Coverage   []pageCriterion
	Missed     []pageMissed
	Unseen     []pageMissed
	Style      template.CSS
	Script     template.JS
}

type pageCause struct {
	Anchor, CaseAnchor, Word, Label, Message, Promise, Source, Check, Expected, Got, Where, Known, First, Wire, Again string
	Cases                                                                                                             int
}

type pageCase struct {
	Anchor, ID, Word, Reason, Findings, Again string
	Wires                                     []string
}

type pageCount struct {
	Word string
	N    int
}

// End writes the page.
func (h *html) End(statements []Statement, f *Footer) error {
	t, err := template.ParseFS(page, "page/page.html")
	if err != nil {
		return fmt.Errorf("read the template of the page: %w", err)
	}
	data := h.data(f)
	data.Statements = statements
	data.cover(f.Coverage)
	for name, to := range map[string]func(string){
		"page/page.css": func(text string) { data.Style = template.CSS(text) },
		"page/page.js":  func(text string) { data.Script = template.JS(text) },
	} {
		text, err := page.ReadFile(name)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		to(string(text))
	}
	return t.Execute(h.w, data)
}

func (h *html) data(f *Footer) *pageData {
	d := &pageData{
		Title: Safe(h.header.title()), Meaning: exitMeaning(f), Word: "warned", Counts: f.Counts.String(),
		Took: round(time.Duration(f.Millis * float64(time.Millisecond))).String(), Started: h.header.Started.UTC().Format(time.RFC3339),
		Digest: h.header.Contract.Digest[:min(12, len(h.header.Contract.Digest))], Header: &h.header, Footer: f, Stale: f.Stale,
	}
	switch f.Exit {
	case ExitKept:
		d.Word = string(contract.Kept)
	case ExitBroken:
		d.Word = string(contract.Broken)
	}
	anchors := map[string]string{}
	counts := map[string]int{}
	for i, v := range h.verdicts {
		anchors[v.ID] = fmt.Sprintf("case-%d", i+1)
		one := h.item(v)
		one.Anchor = anchors[v.ID]
		d.Cases = append(d.Cases, one)
		counts[one.Word]++
	}
	for _, word := range []string{"broken", "warned", "known", "unsent", "skipped", "kept"} {
		if counts[word] > 0 {
			d.Outcomes = append(d.Outcomes, pageCount{word, counts[word]})
		}
	}
	for i, c := range h.causes.sorted() {
		d.Causes = append(d.Causes, h.cause(c, i, anchors))
	}
	return d
}

// word is the outcome of a case, or that it is known.
func word(v *Verdict) string {
	if v.Known {
		return "known"
	}
	return string(v.Outcome)
}

// fewCases is how many cases of one cause are shown with their exchanges. The
// page would else be too large for a browser where every case is broken.
const fewCases = 3

// telling tells whether a case shows something that not many did before it.
func (h *html) telling(v *Verdict) bool {
	few := len(v.Findings) == 0
	for _, o := range h.causes.of(v) {
		h.told[o.key]++
		few = few || h.told[o.key] <= fewCases
	}
	return few
}

func (h *html) item(v *Verdict) pageCase {
	c := pageCase{ID: Safe(v.ID), Word: word(v), Reason: Safe(v.Reason)}
	if !h.telling(v) {
		c.Reason = Safe(sentence(&v.Findings[0]))
		return c
	}
	if len(v.Findings) > 0 {
		c.Findings = Findings(v, Options{})
		c.Again = Again(&h.header, v)
	}
	for i := range v.Exchanges {
		c.Wires = append(c.Wires, wired(&v.Exchanges[i]))
	}
	return c
}

func (h *html) cause(c *cause, i int, anchors map[string]string) pageCause {
	f := &c.finding
	out := pageCause{
		Anchor: fmt.Sprintf("cause-%d", i+1), CaseAnchor: anchors[c.first], Word: "broken", Label: "broken",
		Message: Safe(f.Message), Promise: Safe(Promise(f)), Source: Safe(f.Source), Check: f.Check,
		Expected: Safe(f.Expected), Got: Safe(f.Got), Where: where(c.verdict, *f), First: Safe(c.first), Cases: c.cases,
		Again: Again(&h.header, c.verdict),
	}
	switch {
	case f.Known != nil:
		out.Word, out.Label, out.Known = "known", "known", Because(f.Known)
	case f.Evidence == contract.Assumed:
		out.Word, out.Label = "warned", "warned"
	}
	if e := exchangeOf(c.verdict, *f); e != nil {
		out.Wire = wired(e)
	}
	return out
}

// wired is a whole exchange as text.
func wired(e *Exchange) string {
	var b strings.Builder
	t := newText(io.Discard, Options{}).(*text)
	t.wire(&b, e)
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, "    ")
	}
	return cmp.Or(strings.Join(lines, "\n"), "nothing")
}
