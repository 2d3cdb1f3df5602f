package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/ledger"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/spec"
)

// book starts the ledger of a run, nil against the built-in reference server,
// which ends with the run.
func (cmd *runCmd) book(c *spec.Contract, t *target) (*ledger.Ledger, error) {
	if t.builtin {
		if cmd.Ledger != "" {
			return nil, fmt.Errorf("read --ledger %s: a ledger is for a target: give its URL; the built-in reference server ends with the run", cmd.Ledger)
		}
		return nil, nil
	}
	name := cmd.Ledger
	if name == "" {
		name = filepath.Join(ledger.Dir, fmt.Sprintf("%s-%08x%s", time.Now().UTC().Format("20060102T150405Z"), rand.Uint32(), ledger.Suffix))
	}
	r := ledger.Run{
		Target: t.base, Contract: c.Name, Digest: c.Digest, Profile: cmd.Profile, PID: os.Getpid(), Started: time.Now().UTC(),
	}
	for _, overlay := range cmd.Overlay {
		r.Overlays = append(r.Overlays, absolute(overlay))
	}
	if !cmd.builtin() {
		r.Spec = absolute(cmd.Spec)
	}
	l, err := ledger.New(name, r)
	if err != nil && cmd.Ledger == "" { // a folder that may only be read
		l, err = ledger.New(filepath.Join(os.TempDir(), "conformance", filepath.Base(name)), r)
	}
	if err != nil && cmd.Ledger == "" {
		err = fmt.Errorf("%w; --ledger FILE keeps it elsewhere", err)
	}
	return l, err
}

// remind says that earlier runs left something on the target.
func (t *target) remind(std *streams, redact func(string) string) {
	names, _ := ledger.Files(ledger.Dir)
	for _, name := range names {
		l, err := ledger.Open(name)
		if err != nil {
			continue // its run is under way, or cleanup will say what is wrong
		}
		if l.Run().Target == t.base && len(l.Left())+len(l.Changed()) > 0 {
			fmt.Fprintf(std.err, "conformance: note: an earlier run left something on the target, which may be in this one's way: %s removes it\n", redact(t.cleanup(name)))
		}
		_ = l.Leave()
	}
}

// absolute is a name that is good in any folder.
func absolute(name string) string {
	if full, err := filepath.Abs(name); err == nil {
		return full
	}
	return name
}

// heed tells the user what becomes of a signal: the first ends the run, which
// then cleans up; the second ends the program, and the command cleanup does what
// is left. The function that it returns ends that. A reader of the output who
// goes away ends the run like the first signal does, and not the program at once.
func (s *streams) heed(cleanup string) (stop func()) {
	signal.Ignore(syscall.SIGPIPE)
	signals, done := make(chan os.Signal, 2), make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	say := func(text string) { fmt.Fprintf(s.err, "conformance: %s\n", text) }
	go func() {
		for n := 1; ; n++ {
			select {
			case <-done:
				return
			case <-signals:
			}
			if n > 1 {
				say("stopped at once; to remove what the run left: " + cleanup)
				os.Exit(report.ExitUnasked)
			}
			say("interrupted: the run removes what it made; interrupt again to stop at once")
		}
	}()
	return func() { signal.Stop(signals); close(done) }
}

// cleanup is the command that finishes the work of a ledger.
func (t *target) cleanup(name string) string {
	return append(words{"conformance", "cleanup", report.Quoted(name)}, t.asked...).String()
}

// leftovers are what is left, with what to do about it.
func (t *target) leftovers(l *ledger.Ledger, left []run.Left, redact func(string) string) []report.Left {
	var out []report.Left
	for _, one := range left {
		command := t.cleanup(l.Name())
		if one.Perhaps && one.Method == "DELETE" {
			command = t.curl(one)
		}
		out = append(out, report.Left{
			Method: one.Method, URL: redact(one.URL), Case: one.Case, Why: redact(one.Why), Perhaps: one.Perhaps, Command: redact(command),
		})
	}
	return out
}

// curl is the command by which a person removes what may be somebody else's.
func (t *target) curl(one run.Left) string {
	by := *t.hand
	if command := by.Command("", &report.Request{Method: one.Method, URL: one.URL}); command != "" {
		return command
	}
	by.Credentials = nil // it is given by hand
	return by.Command("", &report.Request{Method: one.Method, URL: one.URL})
}
