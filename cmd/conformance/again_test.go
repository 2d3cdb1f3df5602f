package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/reference"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/transport"
)

// faulty is the reference server with a fault, which knows the test's user.
func faulty(t *testing.T, profile, fault string) string {
	t.Helper()
	o := reference.Options{Profile: reference.Profile(profile), Ready: time.Millisecond, Delete: time.Millisecond}
	owner := config.Credential{Role: config.Owner, Credential: transport.Credential{User: testUser, Key: testKey}}
	require.NoError(t, admit(otherProject, []config.Credential{owner}, &o))
	s, err := build(o, fault)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return servedAt(t, s)
}

// things is a small contract whose credential is the scheme that is put into it.
const things = `
openapi: 3.0.3
info: { title: Things, version: "1" }
components:
  securitySchemes: { key: SCHEME }
  responses: { Refused: { description: refused, content: { text/plain: { schema: { type: string } } } } }
security: [{ key: [] }]
paths:
  /things/{id}:
    get:
      operationId: getThing
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: filter, in: query, schema: { type: string }, example: "[it's $HOME{}]" }
      responses:
        "200": { description: one, content: { application/json: { schema: { type: object, required: [name] } } } }
        4XX: { $ref: "#/components/responses/Refused" }
`

// careless is a server of things that have no name. It lets in whoever has the
// key, and whoever made one up.
func careless(t *testing.T, key func(*http.Request) string) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if given := key(r); given != testKey && given != "conformance-made-up" {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{}"))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// TestCommandsOfReports pastes what reports say into a shell: it must ask the
// same case, or by curl get the same reply.
func TestCommandsOfReports(t *testing.T) {
	if testing.Short() {
		t.Skip("many whole runs")
	}
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("needs sh")
	}
	own := func(more ...string) []string {
		return append([]string{"--user", testUser, "--param", "groupId=" + otherProject}, more...)
	}
	bearer := func(r *http.Request) string { return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ") }
	for name, c := range map[string]struct {
		url    string
		scheme string // of a document, "" for the built-in contract
		config string
		args   []string
		curls  bool // some commands are of curl
	}{
		"digest":                        {url: faulty(t, documented, "unknown-path-gets-200"), args: own("--run", "getRegionalMode/path/*"), curls: true},
		"answers that curl cannot give": {url: faulty(t, documented, "digest-query-unchecked"), args: own("--run", "getRegionalMode/digest-refused/*")},
		"things that are made":          {url: faulty(t, documented, "create-says-only-the-id"), args: own("--run", "create*/example/a*", "--key-file", "its key")},
		"observed":                      {url: faulty(t, documented, ""), args: own("--profile", "observed", "--run", "create*/example/aws*")},
		"random":                        {url: faulty(t, documented, "mode-as-text"), args: own("--cases", "2", "--seed", "7", "--run", "getRegionalMode/random/*"), curls: true},
		"roles": {
			url: faulty(t, documented, "unknown-path-gets-200"), args: own("--run", "getRegionalMode/path/*")[2:], curls: true,
			config: "credentials: { owner: { user: public, key: '${CONFORMANCE_KEY}' } }",
		},
		"bearer": {
			url: careless(t, bearer), scheme: "{ type: http, scheme: bearer }", args: []string{"-H", "Authorization: Bearer " + testKey}, curls: true,
		},
		"header": {
			url:    careless(t, func(r *http.Request) string { return r.Header.Get("X-Key") }),
			scheme: "{ type: apiKey, in: header, name: X-Key }", args: []string{"-H", "x-key:" + testKey, "-H", "X-Kind: it's \"$HOME\""}, curls: true,
		},
		"query": {
			url:    careless(t, func(r *http.Request) string { return r.URL.Query().Get("code") }),
			scheme: "{ type: apiKey, in: query, name: code }", config: "credentials: { owner: { key: '${CONFORMANCE_KEY}' } }", curls: true,
		},
		"cookie": {
			url: careless(t, func(r *http.Request) string {
				if c, err := r.Cookie("session"); err == nil {
					return c.Value
				}
				return ""
			}),
			scheme: "{ type: apiKey, in: cookie, name: session }", config: "credentials: { owner: { key: '${CONFORMANCE_KEY}' } }",
		},
		"a key in no variable": {
			url: careless(t, bearer), scheme: "{ type: http, scheme: bearer }",
			config: "credentials: { owner: { key: " + testKey + " } }",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := pasting{dir: t.TempDir(), hasKey: name != "a key in no variable" && name != "things that are made"}
			p.put(t, "its key", testKey)
			args := append([]string{"run", c.url, "--report", "run.jsonl", "--report", "run.md", "--report", "run.sarif", "--report", "run.annotations"}, c.args...)
			if c.scheme != "" {
				p.put(t, "my things.yaml", strings.Replace(things, "SCHEME", c.scheme, 1))
				args = append(args, "--spec", "my things.yaml", "--param", "id=it's $1")
			}
			if c.config != "" {
				p.put(t, "conformance.yaml", c.config)
			}
			cmd := p.command("conformance", args...)
			out, err := cmd.Output()
			require.Equal(t, 1, cmd.ProcessState.ExitCode(), "%v\n%s\n%s", err, out, cmd.Stderr)
			p.all(t, string(out), c.curls)
		})
	}
}

// pasting is a folder in which a run was, and in which commands are pasted.
type pasting struct {
	dir    string
	hasKey bool
}

func (p *pasting) put(t *testing.T, name, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600))
}

func (p *pasting) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, name))
	require.NoError(t, err)
	return string(text)
}

// command is a command in that folder.
func (p *pasting) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stderr = p.dir, &bytes.Buffer{}
	cmd.Env = append(os.Environ(), "no_proxy=*", "NO_PROXY=*", "USER=somebody", "HOME="+p.dir)
	if p.hasKey {
		cmd.Env = append(cmd.Env, keyVariable+"="+testKey)
	}
	return cmd
}

// fewRuns is how many of the commands of a report that are runs are pasted.
const fewRuns = 5

// all pastes the commands of all reports, each once.
func (p *pasting) all(t *testing.T, text string, curls bool) {
	t.Helper()
	told := map[string]report.Verdict{}
	curl := false
	for line := range strings.Lines(p.read(t, "run.jsonl")) {
		var v report.Verdict
		require.NoError(t, json.Unmarshal([]byte(line), &v))
		if len(v.Findings) == 0 {
			continue
		}
		require.NotEmpty(t, v.Again, v.ID)
		told[v.Again] = v
		curl = curl || strings.HasPrefix(v.Again, "curl ")
	}
	require.NotEmpty(t, told)
	require.Equal(t, curls, curl, "are there commands of curl?")
	for where, found := range map[string][]string{
		"text":     matches(text, `(?m)^    again     (.*)$`),
		"markdown": matches(p.read(t, "run.md"), "(?s)```sh\n(.*?)\n```"),
		"sarif":    p.sarif(t),
		"github":   matches(strings.ReplaceAll(p.read(t, "run.annotations"), "%25", "%"), `(?m)%0Aagain: (.*)$`),
	} {
		require.NotEmpty(t, found, where)
		for _, command := range found {
			_, is := told[command]
			require.True(t, is, "%s has a command of its own: %s", where, command)
		}
	}
	runs := 0
	for _, command := range slices.Sorted(maps.Keys(told)) {
		require.NotContains(t, command, testKey)
		require.NotContains(t, command, "[redacted]")
		if strings.HasPrefix(command, "conformance ") {
			runs++
		}
		if v := told[command]; runs <= fewRuns {
			p.paste(t, command, &v)
		}
	}
	p.next(t, text)
}

// next pastes what the last lines say, and what explains a finding.
func (p *pasting) next(t *testing.T, text string) {
	t.Helper()
	next := matches(text, `(?m)^next: [^\n]*\n  (conformance explain [^\n]*)\n  conformance run `)
	require.Len(t, next, 1, text)
	cmd := p.command("sh", "-c", next[0])
	require.NoError(t, cmd.Run(), "%s\n%s", next[0], cmd.Stderr)
	again := matches(text, `(?m)^next: [^\n]*\n[^\n]*\n  (conformance run [^\n]*)$`)
	require.Len(t, again, 1, text)
	p.paste(t, again[0], nil)

	print := matches(p.read(t, "run.jsonl"), `"fingerprint":"([0-9a-f]+)"`)[0]
	explain := regexp.MustCompile(` \S+$`).ReplaceAllString(next[0], " "+print+" --report run.jsonl")
	out, err := p.command("sh", "-c", explain).Output()
	require.NoError(t, err, explain)
	asks := matches(string(out), `(?m)^  ask again: (.*)$`)
	require.Len(t, asks, 1, string(out))
	if strings.HasPrefix(asks[0], "conformance ") {
		p.paste(t, asks[0], nil)
	}
}

// paste runs a command, which must show what the verdict says.
func (p *pasting) paste(t *testing.T, command string, v *report.Verdict) {
	t.Helper()
	if !strings.HasPrefix(command, "curl ") {
		cmd := p.command("sh", "-c", command)
		out, _ := cmd.Output()
		code, outcome, id := 1, "broken", ""
		if v != nil {
			outcome, id = string(v.Outcome), v.ID+"\n"
		}
		if outcome == "warned" {
			code = 0
		}
		require.Equal(t, code, cmd.ProcessState.ExitCode(), "%s\n%s\n%s", command, out, cmd.Stderr)
		require.Contains(t, string(out), ": 1 case (1 "+outcome+")", command)
		require.Contains(t, string(out), "\n"+outcome+"   "+id, command)
		return
	}
	if _, err := exec.LookPath("curl"); err != nil {
		return
	}
	cmd := p.command("sh", "-c", command+` --silent --show-error --output /dev/null --write-out '%{http_code}'`)
	out, err := cmd.Output()
	require.NoError(t, err, "%s\n%s", command, cmd.Stderr)
	require.Equal(t, strconv.Itoa(v.Exchanges[0].Response.Status), string(out), command)
}

// sarif are the commands of that report.
func (p *pasting) sarif(t *testing.T) []string {
	t.Helper()
	var log struct {
		Runs []struct {
			Results []struct{ Properties struct{ Again string } }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(p.read(t, "run.sarif")), &log))
	var out []string
	for _, r := range log.Runs[0].Results {
		out = append(out, r.Properties.Again)
	}
	return out
}

// matches are the texts that the group of a pattern matches.
func matches(text, pattern string) []string {
	var out []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}
