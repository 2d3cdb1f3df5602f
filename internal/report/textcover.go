package report

import (
	"fmt"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/coverage"
)

// coverage says in a few lines what of the contract was met, and how much
// passed without having been seen.
func (t *text) coverage(b *strings.Builder, f *Footer) {
	c := f.Coverage
	if c == nil {
		return
	}
	t.hang(b, "coverage  ", "coverage", t.paint.bold, ended(c.String(), c.Next()))
	if worst := c.Worst(3); len(worst) > 0 {
		t.hang(b, "  least   ", "least", t.paint.bold, Safe(list(worst)))
	}
	t.unseen(b, c.Unseen())
	if c.Short() && !f.onlyShort() { // else the exit says so
		t.hang(b, "  short   ", "short", t.paint.bold, Safe(c.Sentence()))
	}
	b.WriteByte('\n')
}

// ended is a text with what follows, if anything does.
func ended(text, more string) string {
	if more != "" {
		text += "; " + more
	}
	return Safe(text)
}

func list(counts []coverage.Count) string {
	var parts []string
	for _, c := range counts {
		parts = append(parts, c.String())
	}
	return strings.Join(parts, "; ")
}

// unseen counts what passed without having been seen, and names the first.
func (t *text) unseen(b *strings.Builder, list []coverage.Missed) {
	if len(list) == 0 {
		return
	}
	const most = 10
	text := fmt.Sprintf("%s that a reply could have had never came, so passed unseen", contract.Plural(len(list), "thing"))
	if !t.o.Verbose {
		text += "; --verbose names the first, jsonl and html all"
	}
	t.hang(b, "  unseen  ", "unseen", t.paint.bold, text)
	if !t.o.Verbose {
		return
	}
	for i, m := range list {
		if i == most {
			fmt.Fprintf(b, "    … and %d more\n", len(list)-most)
			return
		}
		b.WriteString(hang("    ", Safe(missing(m)), t.o.Width))
	}
}

// missing is one item that was not met, with the reason.
func missing(m coverage.Missed) string {
	return fmt.Sprintf("%s (%s): %s", m.Item, m.Criterion, m.Why)
}
