package manual

import (
	"fmt"
	"io"
	"strings"
)

// Fish writes a completion for fish.
func Fish(w io.Writer, p *Program) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Completion of %[1]s for fish: %[1]s completion fish | source\n", p.Name)
	for _, f := range p.Flags {
		fmt.Fprintf(&b, "complete -c %s%s\n", p.Name, fishFlag(f))
	}
	for i := range p.Commands {
		c := &p.Commands[i]
		fmt.Fprintf(&b, "complete -c %s -f -n __fish_use_subcommand -a %s -d %s\n", p.Name, c.Name, fishQuote(short(c.Help)))
		seen := fmt.Sprintf("complete -c %s -n %s", p.Name, fishQuote("__fish_seen_subcommand_from "+c.Name))
		for _, f := range c.Flags {
			fmt.Fprintf(&b, "%s%s\n", seen, fishFlag(f))
		}
		for _, a := range c.Args {
			if a.Choices != nil {
				fmt.Fprintf(&b, "%s -f -a %s\n", seen, fishQuote(strings.Join(a.Choices, " ")))
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func fishFlag(f Flag) string {
	out := " -l " + f.Name
	if f.Short != "" {
		out += " -s " + f.Short
	}
	switch {
	case f.Choices != nil:
		out += " -x -a " + fishQuote(strings.Join(f.Choices, " "))
	case f.Value != "":
		out += " -r"
	}
	return out + " -d " + fishQuote(short(f.Help))
}

// fishQuote is a text as one word of fish, whose single quotes know two
// escapes.
func fishQuote(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
}
