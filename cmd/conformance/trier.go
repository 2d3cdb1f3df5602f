package main

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/fault"
	"github.com/atlas-contract/conformance/internal/reference"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

// trier runs the suite against servers with faults, in this process.
type trier struct {
	cmd *selftestCmd
	// stages are what a run needs, by profile.
	stages map[string]*stage
}

// stage is the contract of a profile, and a target without its server.
type stage struct {
	contract *spec.Contract
	target   *target
	options  reference.Options
	// runner has the cases, for all servers of the stage.
	runner *run.Runner
}

func (t *trier) prepare() error {
	debug.SetGCPercent(roomy) // memory for time: hundreds of runs are ahead
	t.stages = map[string]*stage{}
	for _, profile := range []string{documented, observed} {
		c, err := (&documentFlags{Profile: profile}).load()
		if err != nil {
			return err
		}
		s := &stage{contract: c}
		if s.target, s.options, err = staged(c, profile, nil, nil); err != nil {
			return err
		}
		s.target.base = "http://in-process" + c.Base
		if s.runner, err = t.runner(s); err != nil {
			return err
		}
		t.stages[profile] = s
	}
	return nil
}

// sound runs the suite against the server without a fault, in some profiles at
// once. A finding there would be taken for a catch later.
func (t *trier) sound(ctx context.Context, profiles []string) error {
	errs := make([]error, len(profiles))
	var running sync.WaitGroup
	for i, profile := range profiles {
		running.Go(func() { errs[i] = t.soundIn(ctx, profile) })
	}
	running.Wait()
	return cmp.Or(errs...)
}

func (t *trier) soundIn(ctx context.Context, profile string) error {
	s := t.stages[profile]
	server, err := reference.New(s.options)
	if err != nil {
		return err
	}
	defer server.Close()
	whole := &trial{example: map[string]string{}}
	t.hold(ctx, s, server, whole, false)
	whole.sorted()
	switch {
	case ctx.Err() != nil:
		return errInterrupted
	case whole.ended != "":
		return fmt.Errorf("run the suite against the server without a fault, profile %s: %s", profile, whole.ended)
	case len(whole.reported) > 0:
		check := whole.reported[0]
		return fmt.Errorf("the server without a fault is not free of findings, profile %s: the check %s reports one in %s (%s); until that is mended no catch proves anything",
			profile, check, whole.example[check], report.Safe(strings.Join(whole.says, "; ")))
	}
	return nil
}

// all tries the faults, several at once, and yields what came of them in their
// own order.
func (t *trier) all(ctx context.Context, faults []fault.Fault) iter.Seq[*trial] {
	return func(yield func(*trial) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		witness := witnesses(faults)
		slots := make([]chan *trial, len(faults))
		workers := make(chan struct{}, t.cmd.Concurrency)
		for i := range slots {
			slots[i] = make(chan *trial, 1)
		}
		go func() {
			for i, f := range faults {
				workers <- struct{}{}
				go func() {
					defer func() { <-workers }()
					slots[i] <- t.try(ctx, f, witness[f.Name])
				}()
			}
		}()
		for _, slot := range slots {
			if result := <-slot; ctx.Err() != nil || !yield(result) {
				return
			}
		}
	}
}

// try runs the suite against a server with a fault.
func (t *trier) try(ctx context.Context, f fault.Fault, witness bool) *trial {
	result, started := &trial{fault: f, witness: witness, example: map[string]string{}}, time.Now()
	s := t.stages[profileOf(f)]
	server, err := f.Server(s.options)
	if err != nil {
		result.ended = err.Error()
		return result
	}
	defer server.Close()
	limited, cancel := context.WithTimeout(ctx, time.Duration(t.cmd.Limit))
	defer cancel()
	t.hold(limited, s, server, result, true)
	result.sorted()
	result.took = time.Since(started)
	return result
}

// hold runs the suite against a server to its end, or until the fault is
// noticed.
func (t *trier) hold(ctx context.Context, s *stage, target server, result *trial, until bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	client, err := t.client(s, target)
	if err != nil {
		result.ended = err.Error()
		return
	}
	defer client.Close()
	for v, err := range s.runner.Against(client).Unordered(ctx) {
		if err != nil {
			result.ended = unreachable(err)
			return
		}
		result.note(&v)
		if until && result.noticed() {
			return
		}
	}
}

func (t *trier) client(s *stage, target server) (*transport.Client, error) {
	base, err := url.Parse(s.target.base)
	if err != nil {
		return nil, err
	}
	return transport.New(transport.Options{
		Base: base, Handler: target, Credentials: s.target.credentials,
		Timeout: time.Duration(t.cmd.Timeout), Version: programVersion(),
	})
}

// runner is a run that is to be held against other servers.
func (t *trier) runner(s *stage) (*run.Runner, error) {
	o := s.target.options(s.contract, &caseFlags{Seed: t.cmd.Seed})
	o.Concurrency, o.Creates = inProcess, inProcess
	o.Poll = run.Poll{First: 5 * time.Millisecond, Max: 100 * time.Millisecond, Timeout: time.Duration(t.cmd.Wait)}
	first, err := run.New(o)
	if err != nil {
		return nil, err
	}
	return first.Mixed(t.cmd.Seed), nil
}

// roomy lets the heap grow to four times what is in use.
const roomy = 300

// inProcess is how many requests to one server, and cases that create something,
// are under way at once: few, so that little is in vain once a fault is noticed.
const inProcess = 8
