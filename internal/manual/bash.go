package manual

import (
	"fmt"
	"io"
	"strings"
)

// Bash writes a completion for bash.
func Bash(w io.Writer, p *Program) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Completion of %[1]s for bash: source <(%[1]s completion bash)\n", p.Name)
	fmt.Fprintf(&b, "_%s() {\n", p.Name)
	b.WriteString("  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words=\n")
	b.WriteString("  [[ $cur == = ]] && cur=\n  [[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD-2]}\n")
	fmt.Fprintf(&b, "  if [[ $COMP_CWORD -eq 1 ]]; then\n    words=%s\n  else\n    case ${COMP_WORDS[1]} in\n", quote(strings.Join(append(names(p), dashed(p.Flags)...), " ")))
	for i := range p.Commands {
		c := &p.Commands[i]
		fmt.Fprintf(&b, "    %s) words=%s", c.Name, quote(strings.Join(dashed(p.all(c)), " ")))
		if len(c.Args) > 0 && c.Args[0].Choices != nil {
			fmt.Fprintf(&b, "; [[ $cur == -* ]] || words=%s", quote(strings.Join(c.Args[0].Choices, " ")))
		}
		b.WriteString(";;\n")
	}
	b.WriteString("    esac\n    case ${COMP_WORDS[1]}:$prev in\n")
	for i := range p.Commands {
		for _, f := range p.Commands[i].Flags {
			switch {
			case f.Choices != nil:
				fmt.Fprintf(&b, "    %s:--%s) words=%s;;\n", p.Commands[i].Name, f.Name, quote(strings.Join(f.Choices, " ")))
			case f.Value != "":
				fmt.Fprintf(&b, "    %s:--%s) words=;;\n", p.Commands[i].Name, f.Name)
			}
		}
	}
	b.WriteString("    esac\n  fi\n  if [[ $words ]]; then COMPREPLY=($(compgen -W \"$words\" -- \"$cur\")); else COMPREPLY=(); fi\n}\n")
	fmt.Fprintf(&b, "complete -o bashdefault -o default -F _%[1]s %[1]s\n", p.Name)
	_, err := io.WriteString(w, b.String())
	return err
}

func names(p *Program) []string {
	var out []string
	for _, c := range p.Commands {
		out = append(out, c.Name)
	}
	return out
}

func dashed(flags []Flag) []string {
	var out []string
	for _, f := range flags {
		out = append(out, "--"+f.Name)
	}
	return out
}

// quote is a text as one word of a POSIX shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
