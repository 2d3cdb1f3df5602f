package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/contract"
)

// summarizeCauses lists the faults, those that the most cases show first.
func (t *text) summarizeCauses(b *strings.Builder) {
	if len(t.causes.order) == 0 {
		return
	}
	const most = 10
	list := t.causes.sorted()
	fmt.Fprintf(b, "%s\n", t.paint.bold(contract.Plural(len(list), "cause")))
	for i, c := range list {
		if i == most {
			fmt.Fprintf(b, "  … and %d more, each shown above\n", len(list)-most)
			break
		}
		text := Safe(contract.Clip(c.finding.Message, 120)) + Safe(c.shared())
		if n := len(c.operations); n > 1 {
			text += fmt.Sprintf("; in %d operations", n)
		}
		text += "; first in " + Safe(c.first)
		t.hang(b, fmt.Sprintf("  %4d× %-4s ", c.cases, Safe(c.finding.Statement)), Safe(c.finding.Statement), t.paint.bold, text)
	}
	b.WriteByte('\n')
}

// summarizeLeft names what is still on the target, and what to do about it.
func (t *text) summarizeLeft(b *strings.Builder, left []Left) {
	if len(left) == 0 {
		return
	}
	fmt.Fprintf(b, "%s\n", t.paint.bold("left on the target: "+contract.Plural(len(left), "thing")))
	commands := counted{n: map[string]int{}}
	for _, l := range left {
		word := "left"
		if l.Perhaps {
			word = "perhaps"
		}
		t.hang(b, fmt.Sprintf("  %-7s  ", word), word, t.paint.bold, fmt.Sprintf("%s %s, by %s: %s", Safe(l.Method), Safe(l.URL), Safe(l.Case), Safe(l.Why)))
		commands.add(l.Command)
	}
	for _, command := range commands.order {
		fmt.Fprintf(b, "  to remove: %s\n", Safe(command))
	}
	b.WriteByte('\n')
}

// counted are texts with how often each came, in the order in which they came
// first.
type counted struct {
	n     map[string]int
	order []string
}

func (c *counted) add(text string) {
	if c.n[text] == 0 {
		c.order = append(c.order, text)
	}
	c.n[text]++
}

// summarizeReasons says why cases were not judged.
func (t *text) summarizeReasons(b *strings.Builder) {
	const most = 8
	for i, reason := range t.reasons.order {
		if i == most {
			fmt.Fprintf(b, "  … and %d more reasons; --verbose shows each case\n", len(t.reasons.order)-most)
			break
		}
		word, why, _ := strings.Cut(reason, ": ")
		paint := func(a ...any) string { return t.paint.outcome(word, fmt.Sprint(a...)) }
		t.hang(b, fmt.Sprintf("%-7s  ", word), word, paint, contract.Plural(t.reasons.n[reason], "case")+": "+Safe(why))
	}
	if len(t.reasons.order) > 0 {
		b.WriteByte('\n')
	}
}

// states is the order of the table.
func states() []State {
	return []State{StateBroken, StateWarned, StateKept, StateSkipped, StateUntested}
}

// table writes the statements, grouped by state, each with the number of cases
// that tested it.
func (t *text) table(b *strings.Builder, statements []Statement) {
	if len(statements) == 0 {
		return
	}
	byState := map[State][]string{}
	for _, s := range statements {
		entry := Safe(s.ID)
		if s.Cases > 0 {
			entry += fmt.Sprintf("×%d", s.Cases)
		}
		byState[s.State] = append(byState[s.State], entry)
	}
	fmt.Fprintf(b, "%s\n", t.paint.bold("statements, each with the number of cases that tested it"))
	for _, state := range states() {
		if list := byState[state]; len(list) > 0 {
			label := fmt.Sprintf("  %-8s %3d  ", state, len(list))
			paint := func(a ...any) string { return t.paint.outcome(string(state), fmt.Sprint(a...)) }
			t.hang(b, label, string(state), paint, strings.Join(list, " "))
		}
	}
	b.WriteByte('\n')
}

// summary is the last line: how many cases, how long, against what, and what
// that means for the exit code.
func (t *text) summary(b *strings.Builder, f *Footer) {
	word := map[int]contract.Outcome{ExitKept: contract.Kept, ExitBroken: contract.Broken}[f.Exit]
	label := string(word)
	if label == "" {
		label = "incomplete"
	}
	took := time.Duration(f.Millis * float64(time.Millisecond))
	if f.Slowed != nil {
		b.WriteString(hang("", f.Slowed.String(), t.o.Width))
	}
	fmt.Fprintf(b, "%s: %s in %s, %s: exit %d, %s\n", t.paint.outcome(string(word), label), f.Counts,
		round(took), Safe(t.header.Target), f.Exit, exitMeaning(f))
	if t.o.Errors && f.Error != "" {
		b.WriteString(hang("  ", Safe(f.Error), t.o.Width))
	}
}

// String is one sentence.
func (s Slowed) String() string {
	text := fmt.Sprintf("the target asked to slow down %s, %.0f s were waited", contract.Plural(s.Times, "time"), s.WaitedMillis/1000)
	if s.Repeats > 0 {
		text += fmt.Sprintf(", %s repeated", contract.Plural(s.Repeats, "request"))
	}
	if s.TooLongMillis > 0 {
		text += fmt.Sprintf("; it asked for up to %.0f s, which is too long to wait: --rate keeps a run within what it allows", s.TooLongMillis/1000)
	}
	if s.Ignored {
		text += "; it asked without end, and was not waited for any longer"
	}
	return text
}

// String is the counts in words, without those that are zero.
func (c Counts) String() string {
	var parts []string
	for _, part := range []struct {
		n    int
		word contract.Outcome
	}{
		{c.Broken - c.Known, contract.Broken},
		{c.Warned - c.KnownWarned, contract.Warned},
		{c.Known + c.KnownWarned, "known"},
		{c.Kept, contract.Kept},
		{c.Unsent, contract.Unsent},
		{c.Skipped, contract.Skipped},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.word))
		}
	}
	if len(parts) == 0 {
		return "no cases"
	}
	return contract.Plural(c.Total(), "case") + " (" + strings.Join(parts, ", ") + ")"
}

// round keeps three digits or so.
func round(d time.Duration) time.Duration {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond)
	case d < time.Minute:
		return d.Round(10 * time.Millisecond)
	}
	return d.Round(time.Second)
}
