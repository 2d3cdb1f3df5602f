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
	"go.yaml.in/yaml/v3"
)

// TestDocs runs the commands of the pages in docs, and compares what they show.
//
// In a block of the language console, a line that begins with $ is a command,
// and the lines up to the next one are its output, on both streams. The word
// exit=N behind the language says which exit code the last command has. Three
// dots stand for any text within a line, and alone on a line for any lines. A
// block of the language yaml whose first line is a comment with a file's name is
// that file. A command of conformance serve with --addr is started and stays
// until the page ends; its address stands for the one that it really got.
func TestDocs(t *testing.T) {
	if testing.Short() {
		t.Skip("whole runs, or many")
	}
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("needs sh")
	}
	pages, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	require.NotEmpty(t, pages)
	dir := t.TempDir()
	for _, page := range pages {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		name := strings.TrimSuffix(filepath.Base(page), ".md")
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+".txtar"), []byte(script(string(text))), 0o600))
	}
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Values[serverKey{}] = &process{}
			env.Values[pageKey{}] = &page{}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"shown": shown, "placed": placed},
	})
}

var block = regexp.MustCompile("(?ms)^```(console|yaml)([^\n]*)\n(.*?)^```$")

// script is a page as a session of testscript.
func script(page string) string {
	var commands, files strings.Builder
	n := 0
	for _, b := range block.FindAllStringSubmatch(page, -1) {
		language, attribute, body := b[1], strings.TrimSpace(b[2]), b[3]
		if language == "yaml" {
			first, _, _ := strings.Cut(body, "\n")
			if name, is := strings.CutPrefix(first, "# "); is && regexp.MustCompile(`^[\w.-]+\.ya?ml$`).MatchString(name) {
				n++
				fmt.Fprintf(&commands, "placed %d.file %s\n", n, name)
				fmt.Fprintf(&files, "-- %d.file --\n%s", n, body)
			}
			continue
		}
		asked := strings.Split("\n"+body, "\n$ ")[1:]
		for i, one := range asked {
			n++
			code := "0"
			if want, is := strings.CutPrefix(attribute, "exit="); is && i == len(asked)-1 {
				code = want
			}
			fmt.Fprintf(&commands, "shown %s %d.shown\n", code, n)
			fmt.Fprintf(&files, "-- %d.shown --\n%s\n", n, strings.TrimRight(one, "\n"))
		}
	}
	return commands.String() + files.String()
}

// pageKey finds what a page has set up.
type pageKey struct{}

// page is what a page says its server's address is, and what it really is.
type page struct{ said, real string }

var (
	export  = regexp.MustCompile(`^export (\w+)=(\S+)$`)
	service = regexp.MustCompile(`^conformance serve (.*)--addr (\S+)(.*)$`)
)

// placed writes a file that a page has.
func placed(ts *testscript.TestScript, neg bool, args []string) {
	text := ts.Value(pageKey{}).(*page).really(ts.ReadFile(args[0]))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o600))
}

// really is a text of the page with the address that the server really has.
func (p *page) really(text string) string {
	if p.said == "" {
		return text
	}
	return strings.ReplaceAll(text, p.said, p.real)
}

// shown runs the command on the first line of a file; the rest of the file is
// what it is to show.
func shown(ts *testscript.TestScript, neg bool, args []string) {
	command, want, _ := strings.Cut(ts.ReadFile(args[1]), "\n")
	p := ts.Value(pageKey{}).(*page)
	if set := export.FindStringSubmatch(command); set != nil {
		ts.Setenv(set[1], set[2])
		return
	}
	if serve := service.FindStringSubmatch(command); serve != nil {
		rest := strings.Fields(serve[1] + "--addr 127.0.0.1:0" + serve[3])
		served(ts, false, append(rest, "--ready", "20ms", "--delete", "20ms"))
		p.said, p.real = serve[2], ts.Getenv("ADDR")
		return
	}
	err := ts.Exec("sh", "-c", "exec 2>&1\n"+p.really(command))
	got := ts.ReadFile("stdout")
	if p.said != "" {
		got = strings.ReplaceAll(got, p.real, p.said)
	}
	wantCode(ts, args[0], err)
	if !pattern(want).MatchString(strings.TrimRight(got, "\n") + "\n") {
		ts.Fatalf("the page shows\n%s\nbut it is\n%s", want, got)
	}
}

// pattern matches a text in which three dots stand for anything.
func pattern(want string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`\A`)
	for line := range strings.Lines(strings.TrimRight(want, "\n") + "\n") {
		if line = strings.TrimRight(line, "\n"); line == "…" {
			b.WriteString(`(?:.*\n)*?`)
			continue
		}
		b.WriteString(strings.ReplaceAll(regexp.QuoteMeta(line), "…", ".*") + `\n`)
	}
	return regexp.MustCompile(b.String() + `\z`)
}

func TestPattern(t *testing.T) {
	t.Parallel()
	for want, fits := range map[string]bool{
		"one\ntwo\nthree": true, "one\n…": true, "…\nthree": true, "…": true, "o…\n…\nt…ee": true, "one\n…\nthree": true,
		"one\ntwo": false, "two\n…": false, "o.e\n…": false, "…\nfour": false,
	} {
		require.Equal(t, fits, pattern(want).MatchString("one\ntwo\nthree\n"), want)
	}
}

// The reference of the extension names every key of its schema.
func TestDocsNameEveryKeyOfTheExtension(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../openapi/x-conformance.schema.json")
	require.NoError(t, err)
	var schema struct {
		Defs map[string]struct {
			Title      string         `yaml:"title"`
			Properties map[string]any `yaml:"properties"`
		} `yaml:"$defs"`
	}
	require.NoError(t, yaml.Unmarshal(data, &schema))
	text, err := os.ReadFile("../../docs/any-document.md")
	require.NoError(t, err)
	sections := map[string]string{}
	for _, s := range strings.Split(string(text), "\n### ")[1:] {
		title, body, _ := strings.Cut(s, "\n")
		sections[title] = body
	}
	for def, title := range map[string]string{
		"root": "At the root", "ofOperation": "On an operation", "scenario": "On an example of an operation",
		"ofParameter": "On a parameter", "ofSchema": "On a schema or property", "lifecycle": "A lifecycle",
	} {
		require.NotEmpty(t, schema.Defs[def].Properties, def)
		named := map[string]bool{}
		for _, row := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\|").FindAllStringSubmatch(sections[title], -1) {
			named[row[1]] = true
			require.Contains(t, schema.Defs[def].Properties, row[1], "%s has no such key", title)
		}
		for key := range schema.Defs[def].Properties {
			require.True(t, named[key], "%s lacks the key %s", title, key)
		}
	}
}

// Links between pages lead somewhere.
func TestDocsLinks(t *testing.T) {
	t.Parallel()
	for _, glob := range []string{"../../docs/*.md", "../../*.md"} {
		pages, err := filepath.Glob(glob)
		require.NoError(t, err)
		for _, page := range pages {
			text, err := os.ReadFile(page)
			require.NoError(t, err)
			for _, link := range regexp.MustCompile(`\]\(([^)#:]+)[^):]*\)`).FindAllStringSubmatch(string(text), -1) {
				_, err := os.Stat(filepath.Join(filepath.Dir(page), link[1]))
				require.NoError(t, err, "%s leads to %s", page, link[1])
			}
		}
	}
}
