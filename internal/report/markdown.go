package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// markdown writes the summary of a run for a pull request or a step summary of
// GitHub Actions, which takes 1 MiB: the causes in full, not the cases.
type markdown struct {
	gathered
	w io.Writer
}

func newMarkdown(w io.Writer, _ Options) Renderer {
	return &markdown{gathered: newGathered(byWords), w: w}
}

// mostCauses is how many causes are shown in full.
const mostCauses = 50

// End writes it all.
func (m *markdown) End(statements []Statement, f *Footer) error {
	var b strings.Builder
	m.summary(&b, f)
	m.tell(&b, f)
	m.stale(&b, f.Stale)
	m.reasons(&b)
	m.table(&b, statements)
	m.coverage(&b, f.Coverage)
	_, err := io.WriteString(m.w, b.String())
	return err
}

func (m *markdown) summary(b *strings.Builder, f *Footer) {
	fmt.Fprintf(b, "## %s: %s\n\n", prose(m.header.title()), exitMeaning(f))
	fmt.Fprintf(b, "Profile %s, %s %s, %s, exit %d.\n\n", prose(m.header.Profile), aim(&m.header), code(m.header.Target), prose(f.Counts.String()), f.Exit)
	if f.Error != "" {
		fmt.Fprintf(b, "> %s\n\n", prose(f.Error))
	}
}

// tell writes the causes, the worst first.
func (m *markdown) tell(b *strings.Builder, f *Footer) {
	list := m.causes.sorted()
	for i, c := range list {
		if i == mostCauses {
			fmt.Fprintf(b, "… and %d more; the JSON Lines report has all of them.\n\n", len(list)-mostCauses)
			return
		}
		m.cause(b, c, f.Strict)
	}
}

func (m *markdown) cause(b *strings.Builder, c *cause, strict bool) {
	f := &c.finding
	word := "Broken"
	switch {
	case f.Known != nil:
		word = "Known"
	case f.Evidence == contract.Assumed && !strict:
		word = "Warning"
	}
	fmt.Fprintf(b, "### %s: %s\n\n", word, prose(contract.Clip(f.Message, shownText)))
	for _, row := range [][2]string{
		{"promise", prose(Promise(f))},
		{"source", prose(f.Source)},
		{"check", code(f.Check)},
		{"expected", code(contract.Clip(f.Expected, shownText))},
		{"got", code(contract.Clip(f.Got, shownText))},
		{"where", prose(where(c.verdict, *f))},
		{"cases", fmt.Sprintf("%d, first %s", c.cases, code(c.first))},
		{"known", m.known(f)},
	} {
		if row[1] != "" {
			fmt.Fprintf(b, "- **%s** %s\n", row[0], row[1])
		}
	}
	b.WriteByte('\n')
	m.exchange(b, c)
}

func (m *markdown) known(f *Finding) string {
	if f.Known == nil {
		return ""
	}
	return prose(Because(f.Known))
}

// exchange shows what went over the wire, and how to send it again.
func (m *markdown) exchange(b *strings.Builder, c *cause) {
	e := exchangeOf(c.verdict, c.finding)
	if e == nil {
		return
	}
	t := newText(io.Discard, Options{}).(*text)
	var wire strings.Builder
	t.wire(&wire, e)
	fmt.Fprintf(b, "<details><summary>exchange</summary>\n\n%s\n</details>\n\n", fenced("http", contract.Clip(wire.String(), 4<<10)))
	if again := Again(&m.header, c.verdict); again != "" {
		b.WriteString(fenced("sh", again) + "\n")
	}
}

func (m *markdown) stale(b *strings.Builder, list []Stale) {
	if len(list) == 0 {
		return
	}
	b.WriteString("### Known failures that are stale\n\n")
	for _, s := range list {
		fmt.Fprintf(b, "- %s, %s: %s (line %d)\n", code(s.Case), code(s.Check), prose(s.Why), s.Line)
	}
	b.WriteByte('\n')
}

// reasons says why cases were not judged.
func (m *markdown) reasons(b *strings.Builder) {
	reasons := counted{n: map[string]int{}}
	for _, v := range m.verdicts {
		if v.Outcome == contract.Skipped || v.Outcome == contract.Unsent {
			reasons.add(string(v.Outcome) + ": " + v.Reason)
		}
	}
	const most = 20
	for i, reason := range reasons.order {
		if i == most {
			fmt.Fprintf(b, "- … and %d more reasons\n", len(reasons.order)-most)
			break
		}
		fmt.Fprintf(b, "- %s, %s\n", contract.Plural(reasons.n[reason], "case"), prose(reason))
	}
	if len(reasons.order) > 0 {
		b.WriteByte('\n')
	}
}

func (m *markdown) table(b *strings.Builder, statements []Statement) {
	if len(statements) == 0 {
		return
	}
	counts := map[State]int{}
	for _, s := range statements {
		counts[s.State]++
	}
	var parts []string
	for _, state := range states() {
		if counts[state] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[state], state))
		}
	}
	fmt.Fprintf(b, "<details><summary>statements: %s</summary>\n\n| statement | state | cases | promise |\n|---|---|---:|---|\n", strings.Join(parts, ", "))
	for _, s := range statements {
		text := s.Promise
		if s.Reason != "" {
			text += " (" + s.Reason + ")"
		}
		fmt.Fprintf(b, "| %s | %s | %d | %s |\n", prose(s.ID), s.State, s.Cases, prose(text))
	}
	b.WriteString("\n</details>\n")
}

// prose is a text that Markdown and HTML leave as it is, on one line. What looks
// like an address does not become a link: nobody knows where it leads.
func prose(text string) string {
	var b strings.Builder
	text = Safe(text)
	for i, r := range text {
		switch {
		case r == ':' && strings.HasPrefix(text[i:], "://"), r == '.' && i >= 3 && strings.EqualFold(text[i-3:i], "www"):
			b.WriteByte('\\')
		case r == '<':
			b.WriteString("&lt;")
			continue
		case r == '>':
			b.WriteString("&gt;")
			continue
		case r == '&':
			b.WriteString("&amp;")
			continue
		case r == '@': // names nobody
			b.WriteString("&#64;")
			continue
		case strings.ContainsRune("\\`*_{}[]()#+!|~$", r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code is a text as code, with as many backticks around as it takes. A table
// and a list need it on one line.
func code(text string) string {
	text = Safe(text)
	if text == "" {
		return ""
	}
	ticks := strings.Repeat("`", longest(text, '`')+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return ticks + text + ticks
}

// fenced is a text of several lines as a block of code.
func fenced(language, text string) string {
	fence := strings.Repeat("`", max(3, longest(text, '`')+1))
	return fence + language + "\n" + strings.TrimRight(text, "\n") + "\n" + fence + "\n"
}

// longest is the length of the longest run of a character.
func longest(text string, of rune) int {
	most, n := 0, 0
	for _, r := range text {
		if r != of {
			n = 0
			continue
		}
		n++
		most = max(most, n)
	}
	return most
}
