package manual

import (
	"fmt"
	"io"
	"strings"
)

// Zsh writes a completion for zsh, which works from a folder of $fpath as well
// as sourced.
func Zsh(w io.Writer, p *Program) error {
	var b strings.Builder
	fmt.Fprintf(&b, "#compdef %[1]s\n# Completion of %[1]s for zsh: source <(%[1]s completion zsh)\n_%[1]s() {\n", p.Name)
	b.WriteString("  local line state\n  _arguments -C '1: :->command' '*::argument:->arguments'")
	for _, f := range p.Flags {
		b.WriteString(" " + zshFlag(f))
	}
	b.WriteString("\n  case $state in\n  command)\n    local -a commands=(\n")
	for _, c := range p.Commands {
		fmt.Fprintf(&b, "      %s\n", quote(c.Name+":"+short(c.Help)))
	}
	b.WriteString("    )\n    _describe command commands;;\n  arguments)\n    case $line[1] in\n")
	for i := range p.Commands {
		c := &p.Commands[i]
		fmt.Fprintf(&b, "    %s) _arguments", c.Name)
		for _, f := range p.all(c) {
			b.WriteString(" \\\n      " + zshFlag(f))
		}
		for _, a := range c.Args {
			b.WriteString(" \\\n      " + quote("*:"+a.Name+zshValues(a.Choices)))
		}
		b.WriteString(";;\n")
	}
	fmt.Fprintf(&b, "    esac;;\n  esac\n}\nif [[ $zsh_eval_context[-1] == loadautofunc ]]; then _%[1]s \"$@\"; else compdef _%[1]s %[1]s; fi\n", p.Name)
	_, err := io.WriteString(w, b.String())
	return err
}

func zshFlag(f Flag) string {
	help := "[" + strings.NewReplacer("[", `\[`, "]", `\]`, ":", `\:`).Replace(short(f.Help)) + "]"
	if f.Value == "" {
		return quote("--" + f.Name + help)
	}
	return quote("*--" + f.Name + "=" + help + ":" + strings.ReplaceAll(f.Value, ":", `\:`) + zshValues(f.Choices))
}

func zshValues(choices []string) string {
	if choices == nil {
		return ":_files"
	}
	return ":(" + strings.Join(choices, " ") + ")"
}
