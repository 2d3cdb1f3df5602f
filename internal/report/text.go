package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// text is the report for people. Cases with something wrong come as they are
// found, each cause in full when it is first seen; the statement table, the
// causes and the summary come last.
type text struct {
	w      io.Writer
	o      Options
	paint  palette
	header Header
	begun  bool
	causes causes
	// reasons say why cases were skipped or unsent.
	reasons counted
	// folded is the number of cases with nothing but causes that were told often.
	folded int
	// knowns is the number of cases with known failures alone.
	knowns int
	// shown is the exchange that was shown last, to show it once per case.
	shown *Exchange
}

func newText(w io.Writer, o Options) Renderer {
	if o.Width <= 0 {
		o.Width = 100
	}
	return &text{w: w, o: o, paint: newPalette(o.Color), causes: newCauses(byWords), reasons: counted{n: map[string]int{}}}
}

// Header is kept until there is a verdict: where nothing could be judged, the
// last line alone says it better.
func (t *text) Header(h *Header) error {
	t.header = *h
	return nil
}

func (t *text) begin(b *strings.Builder) {
	if t.begun || t.o.Quiet {
		return
	}
	t.begun = true
	name := t.header.Contract.Title
	if name == "" {
		name = t.header.Contract.Name
	}
	fmt.Fprintf(b, "%s, profile %s\n", t.paint.bold(unheard(Safe(name))), Safe(t.header.Profile))
	fmt.Fprintf(b, "%s %s\n", aim(&t.header), Safe(t.header.Target))
	if t.header.Configuration["insecure"] == true {
		fmt.Fprintf(b, "%s\n", t.paint.bold("insecure: the target's certificate was not verified"))
	}
	b.WriteByte('\n')
}

// aim says what the target is to the command.
func aim(h *Header) string {
	if h.Command == "verify" {
		return "recorded in"
	}
	return "held against"
}

func (t *text) Verdict(v *Verdict) error {
	var b strings.Builder
	t.begin(&b)
	switch v.Outcome {
	case contract.Broken, contract.Warned:
		if v.Known {
			t.known(&b, v)
			break
		}
		list := t.causes.of(v)
		if t.seenOften(v, list) {
			t.folded++
			break
		}
		if t.o.Quiet {
			t.brief(&b, v, list)
			break
		}
		t.line(&b, v)
		t.findings(&b, v, list)
	case contract.Unsent, contract.Skipped:
		t.reasons.add(string(v.Outcome) + ": " + v.Reason)
	}
	if t.o.Verbose {
		t.verbose(&b, v)
	}
	return t.write(&b)
}

// often is how many cases of a cause are told; more of them tell nothing new.
const often = 5

// seenOften counts the causes of a case and tells whether all of them were told
// often enough.
func (t *text) seenOften(v *Verdict, list []occurrence) bool {
	if t.o.Verbose {
		return false
	}
	for _, o := range list {
		if known := t.causes.seen[o.key]; o.Known != nil || known == nil || known.cases < often {
			return false
		}
	}
	for _, o := range list {
		t.causes.add(o, v)
	}
	return true
}

// Because is the reason of a known failure.
func Because(reason *string) string {
	if reason == nil || *reason == "" {
		return "no reason is written down"
	}
	return Safe(contract.Clip(*reason, shownText))
}

// stale lists the known failures that have come true no more.
func (t *text) stale(b *strings.Builder, list []Stale) {
	for _, s := range list {
		fmt.Fprintf(b, "%s  %s\n", t.paint.outcome("broken", fmt.Sprintf("%-7s", "stale")), Safe(s.Case))
		t.hang(b, "  "+Safe(s.Check)+": ", Safe(s.Check), t.paint.bold, fmt.Sprintf("%s; take it out of the known failures (line %d)", Safe(s.Why), s.Line))
	}
	if len(list) > 0 {
		b.WriteByte('\n')
	}
}

// line is the one line that every case can have.
func (t *text) line(b *strings.Builder, v *Verdict) {
	fmt.Fprintf(b, "%s  %s\n", t.paint.outcome(string(v.Outcome), fmt.Sprintf("%-7s", v.Outcome)), Safe(v.ID))
}

// verbose adds the line of a case that has none yet, and all exchanges.
func (t *text) verbose(b *strings.Builder, v *Verdict) {
	if v.Outcome != contract.Broken && v.Outcome != contract.Warned {
		t.line(b, v)
	}
	if v.Reason != "" {
		b.WriteString(hang("    ", Safe(v.Reason), t.o.Width))
	}
	t.exchanges(b, v)
	if len(v.Exchanges) > 0 {
		b.WriteByte('\n')
	}
}

func (t *text) End(statements []Statement, f *Footer) error {
	var b strings.Builder
	if t.knowns > 0 && !t.o.Quiet {
		b.WriteByte('\n')
	}
	if t.folded > 0 {
		fmt.Fprintf(&b, "… and %s with nothing but the same; --verbose shows each\n\n", contract.Plural(t.folded, "case"))
	}
	t.stale(&b, f.Stale)
	if !t.o.Quiet && f.Counts.Total() > 0 {
		t.table(&b, statements)
		t.coverage(&b, f)
		t.summarizeReasons(&b)
		t.summarizeCauses(&b)
	}
	t.summarizeLeft(&b, f.Left)
	t.summary(&b, f)
	t.next(&b)
	return t.write(&b)
}

// next says what to do about the worst cause.
func (t *text) next(b *strings.Builder) {
	again := t.header.Repeat
	if t.o.Quiet || len(t.causes.order) == 0 || again == nil {
		return
	}
	worst := t.causes.sorted()[0]
	about := worst.finding.Statement
	if about == "" {
		about = worst.finding.Check
	}
	fmt.Fprintf(b, "%s: what is promised, and the worst again\n", t.paint.bold("next"))
	for _, command := range []string{again.Explain + " " + Quoted(about), again.Case(worst.first)} {
		fmt.Fprintln(b, unheard("  "+Safe(command)))
	}
}

func (t *text) write(b *strings.Builder) error {
	if b.Len() == 0 {
		return nil
	}
	_, err := io.WriteString(t.w, b.String())
	return err
}

// hang writes a text after a label in which one word is painted.
func (t *text) hang(b *strings.Builder, label, word string, paint func(...any) string, text string) {
	lines := hang(label, text, t.o.Width)
	if word != "" {
		lines = strings.Replace(lines, word, paint(word), 1)
	}
	b.WriteString(lines)
}
