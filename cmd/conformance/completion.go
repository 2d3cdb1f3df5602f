package main

import (
	"context"
	"fmt"
	"io"

	"github.com/alecthomas/kong"

	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/manual"
	"github.com/atlas-contract/conformance/internal/report"
)

// completionCmd writes the completion of a shell.
type completionCmd struct {
	Shell string `arg:"" help:"bash, zsh or fish."`
}

// Help is what --help says beyond the flags.
func (*completionCmd) Help() string {
	return `Examples:

    source <(conformance completion bash)
    conformance completion zsh >"${fpath[1]}/_conformance"
    conformance completion fish >~/.config/fish/completions/conformance.fish`
}

func (cmd *completionCmd) run(_ context.Context, std *streams) (int, error) {
	shells := map[string]func(io.Writer, *manual.Program) error{"bash": manual.Bash, "zsh": manual.Zsh, "fish": manual.Fish}
	write, known := shells[cmd.Shell]
	if !known {
		return 0, fmt.Errorf("no completion for the shell %q%s: choose bash, zsh or fish", cmd.Shell, config.Hint(cmd.Shell, shellNames()))
	}
	p, err := described(std)
	if err != nil {
		return 0, err
	}
	if err := write(std.out, p); err != nil {
		return 0, fmt.Errorf("write the completion: %w", err)
	}
	return report.ExitKept, nil
}

// manCmd writes the manual page.
type manCmd struct{}

// Help is what --help says beyond the flags.
func (*manCmd) Help() string {
	return `Examples:

    conformance man | man -l -
    conformance man >/usr/local/share/man/man1/conformance.1`
}

func (*manCmd) run(_ context.Context, std *streams) (int, error) {
	p, err := described(std)
	if err != nil {
		return 0, err
	}
	if err := manual.Man(std.out, p, programVersion(), sections()...); err != nil {
		return 0, fmt.Errorf("write the manual page: %w", err)
	}
	return report.ExitKept, nil
}

// sections are what the manual page says beyond commands and flags.
func sections() []manual.Section {
	return []manual.Section{
		{Title: "EXIT STATUS", Text: `0: every promise that was put to the test was kept. 1: a promise was broken, or a known failure is stale.
2: the usage, the configuration or an input is bad, or there was nothing to judge. 3: the target could not be asked.`},
		{Title: "ENVIRONMENT", Text: "CONFORMANCE_KEY: the key that goes with --user. NO_COLOR: no colours. COLUMNS: the width of the report. A configuration may use any variable."},
		{Title: "FILES", Text: "conformance.yaml: the configuration, read from the current folder where it is there."},
	}
}

// described is what this program can be told.
func described(std *streams) (*manual.Program, error) {
	parser, err := newParser(&commands{}, std, func(int) {})
	if err != nil {
		return nil, fmt.Errorf("read the commands: %w", err)
	}
	var formats []string
	for _, f := range report.Formats() {
		formats = append(formats, f.Name)
	}
	p := manual.Of(parser.Model, map[string][]string{
		"profile": {documented, observed}, "color": {"auto", "always", "never"}, "shell": shellNames(), "format": formats,
	})
	for i, c := range p.Commands {
		for j, f := range c.Flags {
			if f.Name == "format" && !rendered(c.Name) {
				p.Commands[i].Flags[j].Choices = []string{"text", "jsonl"}
			}
		}
	}
	return p, nil
}

// rendered tells whether a command writes a report, in any format.
func rendered(name string) bool {
	return name == "run" || name == "verify" || name == "report" || name == "merge"
}

func shellNames() []string { return []string{"bash", "zsh", "fish"} }

// newParser makes the parser of the command line.
func newParser(all *commands, std *streams, exit func(int)) (*kong.Kong, error) {
	return kong.New(all,
		kong.Name("conformance"),
		kong.Description("An OpenAPI document that runs: holds any implementation of it to what it promises."),
		kong.Writers(std.out, std.err),
		kong.Exit(exit),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
}
