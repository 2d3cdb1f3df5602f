package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/report"
)

// command is one of the commands, its flags read. An error is a sentence for
// the user; the code counts where there is none.
type command interface {
	run(ctx context.Context, std *streams) (code int, err error)
}

// commands is what the program can do.
type commands struct {
	Run        runCmd        `cmd:"" help:"Hold a target against the contract."`
	Verify     verifyCmd     `cmd:"" help:"Judge recorded traffic; nothing is sent."`
	Serve      serveCmd      `cmd:"" help:"Start the reference server."`
	Cleanup    cleanupCmd    `cmd:"" help:"Remove what an interrupted run left on the target."`
	List       listCmd       `cmd:"" help:"List the cases without sending them."`
	Lint       lintCmd       `cmd:"" help:"Tell what in a document is broken, untestable or contradicts itself."`
	Selftest   selftestCmd   `cmd:"" help:"Find out whether the suite notices each fault of a server."`
	Explain    explainCmd    `cmd:"" help:"Explain a statement, check, kind, operation, case, fault, finding or word."`
	Report     reportCmd     `cmd:"" help:"Render the report of a run in another format."`
	Merge      mergeCmd      `cmd:"" help:"Join the reports of parts of a run."`
	Known      knownCmd      `cmd:"" help:"Show the known failures, or write them from a report."`
	Init       initCmd       `cmd:"" help:"Write a configuration, a CI workflow and a Go test to begin with."`
	Completion completionCmd `cmd:"" help:"Write the completion of a shell."`
	Man        manCmd        `cmd:"" help:"Write the manual page."`

	Version versionFlag `help:"Print the version and the digest of the built-in contract."`
}

// streams are the standard streams.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// Main runs the program and returns its exit code.
func Main(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	std := &streams{in: stdin, out: stdout, err: stderr}
	code, err := dispatch(ctx, args, std)
	if err != nil {
		std.complain(err)
		return max(code, exitCode(err))
	}
	return code
}

func dispatch(ctx context.Context, args []string, std *streams) (int, error) {
	answered := false // by --help or --version
	var all commands
	parser, err := newParser(&all, std, func(int) { answered = true })
	if err != nil {
		return report.ExitUsage, err
	}
	parsed, err := parser.Parse(args)
	if answered {
		return report.ExitKept, nil
	}
	if err != nil {
		return report.ExitUsage, usage(err)
	}
	if err := noneEmpty(parsed); err != nil {
		return report.ExitUsage, err
	}
	return parsed.Selected().Target.Addr().Interface().(command).run(ctx, std)
}

// noneEmpty refuses an argument or flag that is there but empty. That is what
// a shell makes of a variable that is not set, and "run $URL" must not come to
// mean "run", which judges another server.
func noneEmpty(parsed *kong.Context) error {
	for _, path := range parsed.Path {
		var name string
		switch {
		case path.Positional != nil:
			name = "the argument " + path.Positional.Name
		case path.Flag != nil:
			name = "--" + path.Flag.Name
		default:
			continue
		}
		texts, several := parsed.Value(path).Interface().([]string)
		if text, one := parsed.Value(path).Interface().(string); one && text == "" || several && slices.Contains(texts, "") {
			return fmt.Errorf("%s is empty; give it a value, or leave it out", name)
		}
	}
	return nil
}

// suggestion is how the parser ends a message with what may have been meant.
var suggestion = regexp.MustCompile(`(?: \(short flag\))?[,;] ((?:did you mean|perhaps try) .*\?)$`)

// atEnd is how the parser calls the end of the command line.
var atEnd = regexp.MustCompile(`expected (\w+) value but got "EOL" \(<EOL>\)`)

// superfluous is how the parser begins about an argument that no command has.
var superfluous = regexp.MustCompile(`^unexpected argument (\S+)`)

// usage is an error of the parser, and where to look it up.
func usage(err error) error {
	text := suggestion.ReplaceAllString(err.Error(), " ($1)")
	text = atEnd.ReplaceAllString(text, "its value, of the type $1, is missing")
	if m := superfluous.FindStringSubmatch(text); m != nil && place(err) == "conformance known" {
		text += ": a report is named as in --update " + m[1]
	}
	return fmt.Errorf("%s; see %s --help", text, place(err))
}

// place is the command whose help may be of help.
func place(err error) string {
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil {
		if node := parse.Context.Selected(); node != nil {
			return node.FullPath()
		}
	}
	return "conformance"
}

// complain prints an error as one sentence on one line.
func (s *streams) complain(err error) {
	text := strings.Join(strings.Fields(err.Error()), " ")
	fmt.Fprintf(s.err, "conformance: %s\n", report.Safe(text))
}

// exitCode is the exit code of an error.
func exitCode(err error) int {
	if errors.As(err, new(shortfall)) {
		return report.ExitBroken
	}
	var unreachable *run.Unreachable
	if errors.As(err, &unreachable) || errors.Is(err, errInterrupted) {
		return report.ExitUnasked
	}
	return report.ExitUsage
}
