package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/har"
)

// verifyCmd judges recorded traffic.
type verifyCmd struct {
	Files         []string `arg:"" name:"file" help:"HAR files, or - for standard input."`
	documentFlags `embed:"" group:"Contract"`
	outputFlags   `embed:"" group:"Report"`
}

// Help is what --help says beyond the flags.
func (*verifyCmd) Help() string {
	return `Each exchange of the recordings that belongs to an operation of the contract is a case of its own.
Nothing is sent.

Examples:

    conformance verify traffic.har
    conformance verify --profile observed --report findings.jsonl recorded/*.har`
}

func (cmd *verifyCmd) run(ctx context.Context, std *streams) (int, error) {
	c, err := cmd.load()
	if err != nil {
		return 0, err
	}
	for _, name := range cmd.Files {
		if err := readable(name); err != nil {
			return 0, err
		}
	}
	s, err := newSession(c, &cmd.outputFlags, std, nil)
	if err != nil {
		return 0, err
	}
	h := header("verify", c, &cmd.documentFlags, strings.Join(cmd.Files, ", "))
	return s.hold(ctx, h, run.Verify(c, nil, cmd.exchanges(ctx, std)))
}

// readable finds a name that is wrong before a long recording is judged.
func readable(name string) error {
	if name == "-" {
		return nil
	}
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a folder; name the HAR files in it", name)
	}
	if err != nil {
		return fmt.Errorf("read recording: %w", err)
	}
	return nil
}

// exchanges are those of all files, one after the other.
func (cmd *verifyCmd) exchanges(ctx context.Context, std *streams) iter.Seq2[*contract.Exchange, error] {
	return func(yield func(*contract.Exchange, error) bool) {
		for _, name := range cmd.Files {
			if !fromFile(ctx, name, std.in, yield) {
				return
			}
		}
	}
}

// fromFile yields the exchanges of one file and tells whether to go on.
func fromFile(ctx context.Context, name string, stdin io.Reader, yield func(*contract.Exchange, error) bool) bool {
	if name == "-" {
		return fromReader(ctx, stdin, "standard input", yield)
	}
	file, err := os.Open(name)
	if err != nil {
		return yield(nil, fmt.Errorf("read recording: %w", err))
	}
	defer file.Close()
	return fromReader(ctx, file, name, yield)
}

func fromReader(ctx context.Context, r io.Reader, name string, yield func(*contract.Exchange, error) bool) bool {
	for e, err := range har.Read(r, name) {
		if ctx.Err() != nil || !yield(e, err) {
			return false
		}
	}
	return true
}
