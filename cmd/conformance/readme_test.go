package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
)

// TestReadme runs the commands of the README, in their order, in one folder.
// What calls make is left out: it would run these tests again. Where a command
// names the address 127.0.0.1:8080, a server is there: the one of the page once
// it was started, and before that one of the user whose key is exported.
func TestReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("whole runs, or many")
	}
	t.Parallel()
	for _, program := range []string{"sh", "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip("needs " + program)
		}
	}
	text, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	var commands, files strings.Builder
	fmt.Fprintln(&commands, "env CONFORMANCE_KEY=your-private-key\nserved --user your-public-key --ready 20ms --delete 20ms")
	blocks := regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(string(text), -1)
	require.Greater(t, len(blocks), 5)
	for i, b := range blocks {
		body := strings.ReplaceAll(b[1], "bin/conformance", "conformance")
		if strings.HasPrefix(body, "make ") {
			continue
		}
		if serve := regexp.MustCompile(`^CONFORMANCE_KEY=(\S+) conformance serve --addr \S+ (.*)\n$`).FindStringSubmatch(body); serve != nil {
			fmt.Fprintf(&commands, "stopped\nenv CONFORMANCE_KEY=%s\nserved %s\n", serve[1], serve[2])
			continue
		}
		fmt.Fprintf(&commands, "typed %d.sh\n", i)
		fmt.Fprintf(&files, "-- %d.sh --\n%s", i, body)
	}
	recordings, err := os.ReadFile("testdata/script/verify.txtar")
	require.NoError(t, err)
	_, kept, _ := strings.Cut(string(recordings), "-- kept.har --\n")
	kept, _, _ = strings.Cut(kept, "\n-- ")
	fmt.Fprintf(&files, "-- traffic.har --\n%s\n", kept)
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "readme.txtar"), []byte(commands.String()+files.String()), 0o600))
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Values[serverKey{}] = &process{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"served": served, "stopped": stopped, "typed": typed},
	})
}

// typed has a shell read a file, with the address of the script's server in it,
// and wants it to do well.
func typed(ts *testscript.TestScript, neg bool, args []string) {
	text := strings.ReplaceAll(ts.ReadFile(args[0]), "127.0.0.1:8080", ts.Getenv("ADDR"))
	ts.Check(ts.Exec("sh", "-e", "-c", text))
}

// What the README shows of Go stands in a test that is run, but for the names
// that a reader has for what is their own.
func TestReadmeGo(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	tests, err := filepath.Glob("../../*/*/*_test.go")
	require.NoError(t, err)
	own := strings.NewReplacer("TestAnyDocumentInProcess", "TestContract", "t.Parallel()\n", "", "Greetings()", "newServer()", "testdata/greetings.yaml", "openapi.yaml")
	var all strings.Builder
	for _, test := range tests {
		code, err := os.ReadFile(test)
		require.NoError(t, err)
		all.WriteString(flush(own.Replace(string(code))))
	}
	blocks := regexp.MustCompile("(?ms)^```go\n(.*?)^```$").FindAllStringSubmatch(string(text), -1)
	require.NotEmpty(t, blocks)
	for _, b := range blocks {
		require.Contains(t, all.String(), flush(b[1]))
	}
}

// flush is a text without its indentation.
func flush(text string) string { return regexp.MustCompile(`(?m)^[\t ]+`).ReplaceAllString(text, "") }
