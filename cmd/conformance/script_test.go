package main

import (
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	log.SetOutput(io.Discard)
	testscript.Main(m, map[string]func(){"conformance": main})
}

// TestScripts runs the command line as a user would: each file under
// testdata/script is a session, with the files that it needs.
//
//	exitcode CODE PROGRAM ARGUMENT…   run it and want this exit code
//	refused REGEXP PROGRAM ARGUMENT…  want exit code 2, nothing on standard
//	                                  output, and on standard error one
//	                                  sentence that matches
//	served ARGUMENT…                  start the reference server: $URL, $ADDR
//	stopped                           interrupt it; served.out is its output
//	interrupted CODE REGEXP PROGRAM ARGUMENT…
//	                                  interrupt it when a line of its output
//	                                  matches, and want this exit code soon
//	valid SCHEMA STREAM               each line of the stream is valid
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Values[serverKey{}] = &process{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exitcode": exitCodeIs, "refused": refused, "served": served, "stopped": stopped, "interrupted": interrupted,
			"valid": valid,
		},
	})
}

func exitCodeIs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exitcode CODE PROGRAM ARGUMENT…")
	}
	wantCode(ts, args[0], ts.Exec(args[1], args[2:]...))
}

// wantCode compares the exit code in the error of a command.
func wantCode(ts *testscript.TestScript, code string, err error) {
	want, parse := strconv.Atoi(code)
	ts.Check(parse)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("run: %v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func refused(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: refused REGEXP PROGRAM ARGUMENT…")
	}
	wantCode(ts, "2", ts.Exec(args[1], args[2:]...))
	if out := ts.ReadFile("stdout"); out != "" {
		ts.Fatalf("standard output is not empty: %q", out)
	}
	text, ended := strings.CutSuffix(ts.ReadFile("stderr"), "\n")
	sentence, named := strings.CutPrefix(text, "conformance: ")
	if !ended || !named || strings.Contains(text, "\n") {
		ts.Fatalf("standard error is not one sentence: %q", text)
	}
	if !regexp.MustCompile(args[0]).MatchString(sentence) {
		ts.Fatalf("%q does not match %q", sentence, args[0])
	}
	if crash := regexp.MustCompile(`goroutine|panic|\.go:\d`).FindString(text); crash != "" {
		ts.Fatalf("%q looks like a crash: %s", text, crash)
	}
}

// serverKey finds the server of a script.
type serverKey struct{}

func served(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serverKey{}).(*process)
	if neg || s.cmd != nil {
		ts.Fatalf("usage: served ARGUMENT…, and stopped before the next")
	}
	s.start(ts, "conformance", append([]string{"serve"}, args...))
	url := s.until(ts, regexp.MustCompile(`^http://`))
	ts.Setenv("URL", url)
	_, rest, _ := strings.Cut(url, "//")
	addr, _, _ := strings.Cut(rest, "/")
	ts.Setenv("ADDR", addr)
}

func stopped(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value(serverKey{}).(*process)
	if neg || len(args) > 0 || s.cmd == nil {
		ts.Fatalf("usage: stopped, after served")
	}
	wantCode(ts, "0", s.interrupt(ts))
	ts.Check(os.WriteFile(ts.MkAbs("served.out"), []byte(s.output.String()), 0o600))
	*s = process{}
}

func interrupted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: interrupted CODE REGEXP PROGRAM ARGUMENT…")
	}
	var p process
	p.start(ts, args[2], args[3:])
	p.until(ts, regexp.MustCompile(args[1]))
	wantCode(ts, args[0], p.interrupt(ts))
}

// valid judges each line of a file by a JSON Schema.
func valid(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: valid SCHEMA STREAM")
	}
	var root jsonschema.Schema
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &root))
	schema, err := root.Resolve(nil)
	ts.Check(err)
	lines := strings.Split(strings.TrimSpace(ts.ReadFile(args[1])), "\n")
	for i, line := range lines {
		var value any
		ts.Check(json.Unmarshal([]byte(line), &value))
		if err := schema.Validate(value); err != nil {
			ts.Fatalf("line %d: %v\n%s", i+1, err, line)
		}
	}
}
