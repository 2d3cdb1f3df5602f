package manual

import (
	"fmt"
	"io"
	"strings"
)

// Section is a section of a manual page that no model knows.
type Section struct{ Title, Text string }

// Man writes a manual page of section 1, in the man macros. The further
// sections come last.
func Man(w io.Writer, p *Program, version string, further ...Section) error {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH %s 1 \"\" %s\n", roffWord(strings.ToUpper(p.Name)), roffWord(p.Name+" "+version))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(p.Name), roff(short(p.Help)))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n.I command\n[\\fIargument\\fR ...] [\\fIflag\\fR ...]\n", roff(p.Name))
	fmt.Fprintf(&b, ".SH DESCRIPTION\n%s\n", roff(p.Help))
	b.WriteString(".SH OPTIONS\n")
	manFlags(&b, p.Flags)
	b.WriteString(".SH COMMANDS\n")
	for _, c := range p.Commands {
		fmt.Fprintf(&b, ".SS %s\n%s\n", roffWord(p.Name+" "+c.Synopsis), roff(c.Help))
		for _, a := range c.Args {
			fmt.Fprintf(&b, ".TP\n.I %s\n%s\n", roff(a.Name), roff(a.Help))
		}
		manFlags(&b, c.Flags)
		if c.Detail != "" {
			fmt.Fprintf(&b, ".PP\n.nf\n%s\n.fi\n", roff(c.Detail))
		}
	}
	for _, s := range further {
		fmt.Fprintf(&b, ".SH %s\n%s\n", roffWord(s.Title), roff(s.Text))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func manFlags(b *strings.Builder, flags []Flag) {
	for _, f := range flags {
		b.WriteString(".TP\n.B ")
		if f.Short != "" {
			b.WriteString(roff("-"+f.Short) + ", ")
		}
		b.WriteString(roff("--" + f.Name))
		if f.Value != "" {
			b.WriteString("=\\fI" + roff(f.Value) + "\\fR")
		}
		fmt.Fprintf(b, "\n%s\n", roff(f.Help))
	}
}

// roff is a text without meaning to roff, its lines kept.
func roff(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		line = strings.NewReplacer(`\`, `\e`, "-", `\-`, "…", "...", "'", `\(aq`).Replace(line)
		if strings.HasPrefix(line, ".") {
			line = `\&` + line
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

// roffWord is a text as one argument of a macro.
func roffWord(text string) string {
	return `"` + strings.ReplaceAll(roff(text), `"`, `\(dq`) + `"`
}
