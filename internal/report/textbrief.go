package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/atlas-contract/conformance/contract"
)

// brief is a case with something wrong on one line: the worst of it, as far as
// the width goes.
func (t *text) brief(b *strings.Builder, v *Verdict, list []occurrence) {
	list = slices.DeleteFunc(list, func(o occurrence) bool { return o.Known != nil })
	for _, o := range list {
		t.causes.add(o, v)
	}
	word, id := fmt.Sprintf("%-7s", v.Outcome), Safe(v.ID)
	fmt.Fprintf(b, "%s  %s", t.paint.outcome(string(v.Outcome), word), id)
	if len(list) > 0 {
		const least = 40 // so that a long id leaves something to be read
		room := max(t.o.Width-utf8.RuneCountInString(word+id)-4, least)
		b.WriteString("  " + contract.Clip(summed(list), room-1))
	}
	b.WriteByte('\n')
}

// summed is the first of some findings, and how many more there are.
func summed(list []occurrence) string {
	f := list[0]
	about := f.Check
	if f.Statement != "" {
		about += " " + f.Statement
	}
	if len(list) > 1 {
		about += fmt.Sprintf(" (and %d more)", len(list)-1)
	}
	return unheard(Safe(about + ": " + f.Message))
}

// known is a case with nothing but known failures.
func (t *text) known(b *strings.Builder, v *Verdict) {
	t.knowns++
	if t.o.Quiet {
		return
	}
	fmt.Fprintf(b, "%s  %s\n", t.paint.faint(fmt.Sprintf("%-7s", "known")), Safe(v.ID))
	t.letBe(b, v)
}

// letBe is a line for each check whose findings in a case are known, with the
// first of them, and each reason once.
func (t *text) letBe(b *strings.Builder, v *Verdict) {
	times := map[string]int{}
	var first []Finding
	for _, f := range v.Findings {
		if f.Known == nil {
			continue
		}
		if times[f.Check] == 0 {
			first = append(first, f)
		}
		times[f.Check]++
	}
	for i, f := range first {
		title := Safe(contract.Clip(f.Message, shownText))
		if more := times[f.Check] - 1; more > 0 {
			title += fmt.Sprintf(" (and %d more)", more)
		}
		t.hang(b, "  "+Safe(f.Check)+": ", Safe(f.Check), t.paint.bold, title)
		if i == len(first)-1 || Because(first[i+1].Known) != Because(f.Known) {
			t.field(b, "known", Because(f.Known))
		}
	}
}
