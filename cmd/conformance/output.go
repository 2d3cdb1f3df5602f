package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/term"

	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/report"
)

// outputFlags say how the report is written, and where to.
type outputFlags struct {
	Format      string   `default:"text" placeholder:"NAME" help:"Format of the report on standard output: text, jsonl, junit, sarif, markdown, github, ctrf or html (default: ${default})."`
	Report      []string `sep:"none" placeholder:"FILE" help:"Also write the report to a file, whose ending picks the format; may be repeated."`
	Known       string   `placeholder:"FILE" help:"Known failures, which do not count; one that is gone does. conformance known writes the file."`
	MinCoverage float64  `placeholder:"PERCENT" help:"Fail where less of the contract was met: of all items of all coverage criteria together (default: no demand)."`
	Strict      bool     `help:"Let broken assumptions count as broken, not as warnings."`
	Quiet       bool     `short:"q" xor:"loudness" help:"Show a line for each case with something wrong, and the summary."`
	Verbose     bool     `short:"v" xor:"loudness" help:"Show every case, with all that went over the wire."`
	Color       string   `default:"auto" placeholder:"WHEN" help:"Colours: auto, always or never."`
}

// output is where a report goes.
type output struct {
	report.Several
	files []*os.File
	// to is told where the files are; nil where it is not for people, and with
	// --quiet.
	to io.Writer
}

// open makes the renderers. Files are made at once, so that a name that cannot
// be written is found before anything is sent.
func (f *outputFlags) open(std *streams) (*output, error) {
	options := report.Options{Verbose: f.Verbose, Quiet: f.Quiet, Width: width(std.out)}
	var err error
	if options.Color, err = f.colored(std.out); err != nil {
		return nil, err
	}
	first, err := report.New(f.Format, std.out, options)
	if err != nil {
		return nil, fmt.Errorf("%w%s", err, config.Hint(f.Format, formatNames()))
	}
	out := &output{Several: report.Several{first}}
	if f.Format == "text" && !f.Quiet {
		out.to = std.out
	}
	for i, name := range f.Report {
		if slices.Contains(f.Report[:i], name) {
			err = fmt.Errorf("write report %s: the file is named twice", name)
		} else {
			err = out.add(name, f.Verbose)
		}
		if err != nil {
			out.close()
			return nil, err
		}
	}
	return out, nil
}

func formatNames() []string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, f.Name)
	}
	return names
}

func (o *output) add(name string, verbose bool) error {
	format, err := report.FormatOf(name)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // requests are for nobody else
	if err != nil {
		return cannotWrite(name, err)
	}
	renderer, err := report.New(format, file, report.Options{Verbose: verbose, Errors: true})
	o.files = append(o.files, file)
	o.Several = append(o.Several, renderer)
	return err
}

func cannotWrite(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("write report %s: there is no such folder; make it, or name another", name)
	}
	return fmt.Errorf("write report %s: %w", name, config.Reason(err))
}

// mute leaves standard output out of the report.
func (o *output) mute() { o.Several, o.to = o.Several[1:], nil }

// say says where the files are.
func (o *output) say() {
	if o.to == nil || len(o.files) == 0 {
		return
	}
	var names []string
	for _, file := range o.files {
		names = append(names, report.Safe(file.Name()))
	}
	fmt.Fprintf(o.to, "report: %s\n", strings.Join(names, ", "))
}

// close closes the files and tells the first error, since a full disk may be
// found only then.
func (o *output) close() error {
	var first error
	for _, file := range o.files {
		if err := file.Close(); err != nil && first == nil {
			first = fmt.Errorf("write report: %w", err)
		}
	}
	return first
}

// colored decides about colours (https://no-color.org).
func (f *outputFlags) colored(w io.Writer) (bool, error) {
	known := []string{"auto", "always", "never"}
	switch f.Color {
	case "always":
		return true, nil
	case "never":
		return false, nil
	case "auto":
		_, isTerminal := terminal(w)
		return isTerminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb", nil
	}
	return false, fmt.Errorf("unknown value %q for --color%s: choose auto, always or never", f.Color, config.Hint(f.Color, known))
}

// terminal tells whether a stream is one.
func terminal(stream any) (fd int, ok bool) {
	file, ok := stream.(*os.File)
	if !ok {
		return 0, false
	}
	return int(file.Fd()), term.IsTerminal(int(file.Fd()))
}

// width is what COLUMNS says, else that of the terminal, between 80 and 100
// columns; lines that are longer are hard to read.
func width(w io.Writer) int {
	const least, most, narrowest = 80, 100, 40
	if columns, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && columns > 0 {
		return max(columns, narrowest)
	}
	fd, ok := terminal(w)
	if !ok {
		return most
	}
	columns, _, err := term.GetSize(fd)
	if err != nil {
		return most
	}
	return min(max(columns, least), most)
}
