package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"

	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/report"
)

// renderFlags say how a stream is rendered.
type renderFlags struct {
	Format  string   `default:"text" placeholder:"NAME" help:"Format on standard output: text, jsonl, junit, sarif, markdown, github, ctrf or html."`
	Report  []string `sep:"none" placeholder:"FILE" help:"Also write to a file, whose ending picks the format; may be repeated."`
	Quiet   bool     `short:"q" xor:"loudness" help:"Show a line for each case with something wrong, and the summary."`
	Verbose bool     `short:"v" xor:"loudness" help:"Show every case, with all that the stream has of it."`
	Color   string   `default:"auto" placeholder:"WHEN" help:"Colours: auto, always or never."`
}

// open makes the renderers.
func (f *renderFlags) open(std *streams) (*output, error) {
	return (&outputFlags{Format: f.Format, Report: f.Report, Quiet: f.Quiet, Verbose: f.Verbose, Color: f.Color}).open(std)
}

// reportCmd renders the report of a run again.
type reportCmd struct {
	File        string `arg:"" help:"The report of a run in JSON Lines, or - for standard input."`
	renderFlags `embed:""`
	Schema      schemaFlag `help:"Print the JSON Schema of the JSON Lines stream, for programs that read it."`
}

// schemaFlag is --schema.
type schemaFlag bool

// BeforeReset prints the schema and ends the program.
func (schemaFlag) BeforeReset(app *kong.Kong) error {
	if _, err := app.Stdout.Write(report.Schema()); err != nil {
		return fmt.Errorf("write the schema: %w", err)
	}
	app.Exit(report.ExitKept)
	return nil
}

// Help is what --help says beyond the flags.
func (*reportCmd) Help() string {
	return `The exit code is that of the run. A report without its end is refused, after what it has is rendered.

Examples:

    conformance report run.jsonl
    conformance report run.jsonl --format markdown
    conformance report run.jsonl --quiet --report run.xml --report run.html --report run.sarif
    conformance report --schema`
}

func (cmd *reportCmd) run(_ context.Context, std *streams) (int, error) {
	return render(std, &cmd.renderFlags, []string{cmd.File}, func(s []report.Stream, to report.Renderer) error {
		return report.Replay(s[0], s[0].Name, to)
	})
}

// mergeCmd joins the reports of parts of a run.
type mergeCmd struct {
	Files       []string `arg:"" name:"file" help:"The reports in JSON Lines, each of other cases of the same contract and target."`
	renderFlags `embed:""`
}

// Help is what --help says beyond the flags.
func (*mergeCmd) Help() string {
	return `A run can be cut into parts by --run, to be sent side by side. The exit code is that of the whole.

Examples:

    conformance merge create.jsonl others.jsonl
    conformance merge part*.jsonl --format jsonl --report all.html`
}

func (cmd *mergeCmd) run(_ context.Context, std *streams) (int, error) {
	return render(std, &cmd.renderFlags, cmd.Files, report.Merge)
}

// render opens the streams and has them rendered.
func render(std *streams, f *renderFlags, names []string, play func([]report.Stream, report.Renderer) error) (code int, err error) {
	var in []report.Stream
	for _, name := range names {
		stream, err := openReport(name, std.in)
		if err != nil {
			return 0, err
		}
		defer stream.Close()
		in = append(in, report.Stream{Name: name, Reader: stream})
	}
	out, err := f.open(std)
	if err != nil {
		return 0, err
	}
	last := &outcome{Renderer: out}
	if err := errors.Join(play(in, last), out.close()); err != nil {
		return report.ExitUsage, err
	}
	out.say()
	return last.exit, nil
}

// openReport opens the report of a run, standard input for "-".
func openReport(name string, in io.Reader) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(in), nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read report %s: %w", name, config.Reason(err))
	}
	return file, nil
}

// outcome is a renderer that keeps the exit code.
type outcome struct {
	report.Renderer
	exit int
}

// End keeps the exit code.
func (o *outcome) End(statements []report.Statement, f *report.Footer) error {
	o.exit = f.Exit
	return o.Renderer.End(statements, f)
}
