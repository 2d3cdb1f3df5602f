// Package manual says what a command line can be told, to shells and to man.
//
// A program's commands and flags are read once, from the parser's own model,
// into a [Program]; each form of documentation is a rendering of that, so that
// none can disagree with what the parser accepts.
package manual

import (
	"strings"

	"github.com/alecthomas/kong"
)

// Program is a program with its commands.
type Program struct {
	Name, Help string
	Flags      []Flag
	Commands   []Command
}

// Command is one command.
type Command struct {
	Name, Help string
	// Detail is what its help says beyond the flags.
	Detail string
	// Synopsis is how it is called, without the name of the program.
	Synopsis string
	Args     []Arg
	Flags    []Flag
}

// Arg is a positional argument.
type Arg struct {
	Name, Help string
	// Choices are the values there are, nil for any.
	Choices []string
}

// Flag is a flag, of one command or of all.
type Flag struct {
	Name, Help string
	Short      string
	// Value is the name of its value, "" where it takes none.
	Value string
	// Choices are the values there are, nil for any.
	Choices []string
}

// Of reads the model of a parser. Choices are the values of flags and
// arguments that the model does not know, by name.
func Of(app *kong.Application, choices map[string][]string) *Program {
	p := &Program{Name: app.Name, Help: app.Help}
	for _, f := range app.Flags {
		p.Flags = append(p.Flags, flag(f, choices))
	}
	for _, node := range app.Children {
		if node.Hidden {
			continue
		}
		c := Command{Name: node.Name, Help: node.Help, Detail: node.Detail, Synopsis: node.Name}
		for _, a := range node.Positional {
			c.Args = append(c.Args, Arg{a.Name, a.Help, choices[a.Name]})
			c.Synopsis += " " + a.Summary()
		}
		for _, f := range node.Flags {
			if !f.Hidden {
				c.Flags = append(c.Flags, flag(f, choices))
			}
		}
		p.Commands = append(p.Commands, c)
	}
	return p
}

func flag(f *kong.Flag, choices map[string][]string) Flag {
	out := Flag{Name: f.Name, Help: f.Help, Choices: choices[f.Name]}
	if f.Short != 0 {
		out.Short = string(f.Short)
	}
	if !f.IsBool() {
		out.Value = strings.Trim(f.FormatPlaceHolder(), `"`)
	}
	return out
}

// all are the flags of a command, its own and those of every command.
func (p *Program) all(c *Command) []Flag {
	return append(append([]Flag{}, c.Flags...), p.Flags...)
}

// short is the first sentence of a help text, for where there is little room.
func short(help string) string {
	for _, end := range []string{". ", "; ", ": ", " ("} {
		if first, _, more := strings.Cut(help, end); more {
			help = first
		}
	}
	return strings.TrimSuffix(help, ".")
}
