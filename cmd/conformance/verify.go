package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/config"
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

The report ends with what of the contract the recordings met: each path, operation, parameter, value, bound,
status, media type, header and property of a reply is an item. --min-coverage counts all items alike.

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
	names := strings.Join(cmd.Files, ", ")
	s.patient = true
	s.none = fmt.Sprintf("nothing was judged: no exchange is recorded in %s; record the traffic of a client and name that file", names)
	h := header("verify", c, &cmd.documentFlags, names)
	return s.hold(ctx, h, run.Verify(c, nil, cmd.exchanges(ctx, std)))
}

// readable finds a name that is wrong before a long recording is judged.
func readable(name string) error {
	if name == "-" {
		return nil
	}
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		err = errors.New("it is a folder; name the HAR files in it")
	}
	if err != nil {
		return fmt.Errorf("read recording %s: %w", name, config.Reason(err))
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
		return fromReader(ctx, &interruptible{ctx, stdin}, "standard input", yield)
	}
	file, err := os.Open(name)
	if err != nil {
		return yield(nil, fmt.Errorf("read recording %s: %w", name, config.Reason(err)))
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

// interruptible is a reader that a signal ends, although a read of standard
// input may wait for ever.
type interruptible struct {
	ctx  context.Context
	from io.Reader
}

// Read reads into a buffer of its own, since a read that is given up may still
// come to an end.
func (i *interruptible) Read(p []byte) (int, error) {
	type result struct {
		data []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		buffer := make([]byte, len(p))
		n, err := i.from.Read(buffer)
		done <- result{buffer[:n], err}
	}()
	select {
	case r := <-done:
		return copy(p, r.data), r.err
	case <-i.ctx.Done():
		return 0, i.ctx.Err()
	}
}
