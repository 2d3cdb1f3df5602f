package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/internal/config"
)

// parsedRun is the command line of a run, read.
func parsedRun(t *testing.T, args []string) *commands {
	t.Helper()
	var all commands
	parser, err := newParser(&all, &streams{}, func(int) {})
	require.NoError(t, err)
	_, err = parser.Parse(args)
	require.NoError(t, err, args)
	return &all
}

// Each flag of a run is either said again when a case is asked again, or known
// to make no difference to it.
func TestFlagsAreRepeated(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("needs sh")
	}
	given := map[string]string{
		"spec": "it's.yaml", "profile": "observed", "overlay": "a b.yaml", "allow-remote": "", "seed": "7", "cases": "3",
		"config": "c.yaml", "param": "a=$b", "failing": "c=d", "user": "me", "key-file": "key", "header": "X-Kind: a", "ca": "ca.pem",
		"client-cert": "cert.pem", "client-key": "key.pem", "insecure": "", "unix-socket": "s", "resolve": "h:1:::1", "timeout": "7s",
		"rate": "3/m", "patience": "9s", "yes": "", "read-only": "", "max-creates": "4", "strict": "",
	}
	indifferent := map[string]bool{
		"help": true, "run": true, "concurrency": true, "ledger": true, "dry-run": true, "creates-at-once": true, "deadline": true,
		"format": true, "report": true, "known": true, "min-coverage": true, "quiet": true, "verbose": true, "color": true, "version": true,
	}
	var all commands
	parser, err := newParser(&all, &streams{}, func(int) {})
	require.NoError(t, err)
	args := []string{"run", "http://x"}
	for _, node := range parser.Model.Children {
		if node.Name != "run" {
			continue
		}
		for _, flag := range node.Flags {
			value, is := given[flag.Name]
			require.NotEqual(t, is, indifferent[flag.Name], "--%s must be repeated, or be known to make no difference", flag.Name)
			if is && value == "" {
				args = append(args, "--"+flag.Name)
			} else if is {
				args = append(args, "--"+flag.Name, value)
			}
		}
	}
	require.Greater(t, len(args), len(given))
	first := parsedRun(t, args)
	c, err := (&documentFlags{}).load()
	require.NoError(t, err)
	repeat := first.Run.repeat(c, &target{set: &config.Config{}}, "http://x")
	out, err := exec.Command("sh", "-c", `conformance() { printf '%s\n' "$@"; }; `+repeat.Run).Output()
	require.NoError(t, err, repeat.Run)
	require.Equal(t, first.Run, parsedRun(t, strings.Split(strings.TrimSpace(string(out)), "\n")).Run, repeat.Run)
	require.Equal(t, `conformance explain --spec 'it'\''s.yaml' --profile observed --overlay 'a b.yaml' --allow-remote`, repeat.Explain)
}

func TestSecretsOfTheCommandLineAreVariables(t *testing.T) {
	t.Parallel()
	c, err := (&documentFlags{}).load()
	require.NoError(t, err)
	for line, want := range map[string]string{
		"Authorization: Bearer abc-4711-def": `"Authorization: Bearer $CONFORMANCE_KEY"`,
		"authorization:abc-4711-def":         `"authorization: $CONFORMANCE_KEY"`,
		"X-Auth-Token: abc-4711-def":         `"X-Auth-Token: $X_AUTH_TOKEN"`,
		"X-Kind: a 'b'":                      `'X-Kind: a '\''b'\'''`,
	} {
		require.Equal(t, want, shownHeader(c, line))
	}
}

func TestNetworkOfCurl(t *testing.T) {
	t.Parallel()
	set := &config.Config{TLS: config.TLS{CA: "set.pem", Insecure: true}, Network: config.Network{Resolve: "h:1:::1"}}
	require.Equal(t, []string{"--cacert", "my ca.pem", "--resolve", "h:1:::1"}, unquoted((&networkFlags{CA: "my ca.pem"}).curl(set)))
	require.Equal(t, []string{"--cert", "c", "--key", "k", "--insecure", "--unix-socket", "s"},
		unquoted((&networkFlags{ClientCert: "c", ClientKey: "k", Insecure: true, UnixSocket: "s"}).curl(nil)))
	require.Nil(t, (&targetFlags{}).curl(&target{builtin: true}, false), "the built-in server ends with the run")
}

func unquoted(words []string) []string {
	var out []string
	for _, w := range words {
		out = append(out, strings.Trim(w, "'"))
	}
	return out
}
