package main

import (
	"context"
	"fmt"
	"time"

	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/reference"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/spec"
)

// serveCmd starts the reference server.
type serveCmd struct {
	Addr          string   `default:"127.0.0.1:0" placeholder:"HOST:PORT" help:"Where to listen; port 0 is a free one (default: ${default})."`
	State         string   `placeholder:"FILE" help:"Keep the state in a file, over restarts."`
	Profile       string   `default:"documented" placeholder:"NAME" help:"documented or observed (default: ${default})."`
	Optional      bool     `help:"Send the members that the profile leaves to the server too."`
	EnvelopeKey   string   `placeholder:"NAME" help:"Member that holds a wrapped body: envelope or content (default: that of the profile)."`
	Ready         span     `default:"200ms" placeholder:"TIME" help:"From create to ready (default: ${default})."`
	Delete        span     `default:"100ms" placeholder:"TIME" help:"From delete to gone (default: ${default})."`
	FailingRegion []string `sep:"none" placeholder:"REGION" help:"Region whose services fail; may be repeated."`
	Fault         string   `placeholder:"NAME" help:"Give the server one bug; conformance selftest --list shows them all."`
	userFlags     `embed:""`
	paramFlags    `embed:""`
}

// Help is what --help says beyond the flags.
func (*serveCmd) Help() string {
	return `The first line of the output is the URL. Its owner is --user, and further roles come from the credentials of
the configuration; without any a pair is made up for an owner and for a reader, and printed.

Examples:

    conformance serve
    CONFORMANCE_KEY=… conformance serve --addr 127.0.0.1:8080 --user abcdefgh --state services.db
    conformance serve --ready 3m --failing-region us-east-2
    conformance serve --fault list-lacks-the-last`
}

func (cmd *serveCmd) run(ctx context.Context, std *streams) (int, error) {
	c, err := (&documentFlags{Profile: cmd.Profile}).load()
	if err != nil {
		return 0, err
	}
	set, err := config.Load(cmd.Config, lookup)
	if err != nil {
		return 0, err
	}
	credentials, invented, err := cmd.credentials(set)
	if err != nil {
		return 0, err
	}
	o, err := cmd.options(c, set, credentials)
	if err != nil {
		return 0, err
	}
	handler, err := build(o, cmd.Fault)
	if err != nil {
		return 0, err
	}
	b, err := start(c, handler, cmd.Addr)
	if err != nil {
		return 0, err
	}
	announce(std, b, credentials, invented)
	return b.wait(ctx)
}

// announce prints the URL first, so that a script can read it off.
func announce(std *streams, b *builtin, credentials []config.Credential, invented bool) {
	fmt.Fprintln(std.out, b.url)
	if !invented {
		return
	}
	for _, c := range credentials {
		fmt.Fprintln(std.out, describe(c))
	}
}

// wait serves until it is told to stop.
func (b *builtin) wait(ctx context.Context) (int, error) {
	select {
	case <-ctx.Done():
		return report.ExitKept, b.stop()
	case err := <-b.failed:
		_ = b.stop()
		return report.ExitUsage, fmt.Errorf("serve: %w", err)
	}
}

// credentials are those of the configuration, with --user as the owner; where
// there are none, some are made up.
func (cmd *serveCmd) credentials(set *config.Config) (_ []config.Credential, invented bool, _ error) {
	named, err := cmd.named()
	if err != nil {
		return nil, false, err
	}
	if named == nil && len(set.Credentials) == 0 {
		return []config.Credential{invent(config.Owner), invent(reader)}, true, nil
	}
	var out []config.Credential
	if named != nil {
		out = append(out, config.Credential{Role: config.Owner, Credential: *named})
	}
	usual, _ := set.Default()
	for _, c := range set.Credentials {
		if c.Role != usual.Role {
			out = append(out, c)
		} else if named == nil {
			c.Role = config.Owner
			out = append(out, c)
		}
	}
	return out, false, nil
}

func (cmd *serveCmd) options(c *spec.Contract, set *config.Config, credentials []config.Credential) (reference.Options, error) {
	o := reference.Options{
		Profile: reference.Profile(cmd.Profile), EnvelopeKey: cmd.EnvelopeKey, Optional: cmd.Optional,
		FailingRegions: cmd.FailingRegion, State: cmd.State, Ready: cmd.Ready.orNone(), Delete: cmd.Delete.orNone(),
	}
	params, err := cmd.params(c, set)
	if err != nil {
		return o, err
	}
	return o, admit(project(c, params), credentials, &o)
}

// orNone is the time as the server takes it, for which none at all is negative
// and zero is not given.
func (s span) orNone() time.Duration {
	if s == 0 {
		return -1
	}
	return time.Duration(s)
}
