package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/internal/transport"
)

func env(name string) (string, bool) {
	value, set := map[string]string{"OWNER_KEY": "k1", "READER_KEY": "k2", "EMPTY": ""}[name]
	return value, set
}

func TestParse(t *testing.T) {
	t.Parallel()
	key := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(key, []byte("k3\n"), 0o600))
	got, err := Parse("dir/c.yaml", []byte(`
spec: openapi.yaml
overlays: [a.yaml, /b.yaml]
profile: observed
target: https://api.example.com/v1 # the staging one
params: { groupId: 5f7cac1adf5d6c6306f4b283, n: 7 }
failing: { region: [atlantis, lemuria], size: 9 }
credentials:
  owner: { user: me, key: "${OWNER_KEY}" }
  reader:
    user: you
    key: "x${READER_KEY}y"
    scheme: basic
    params: { groupId: other }
  filed: { user: f, keyFile: `+key+` }
values: { region: [EU_WEST_1, "3"], provider: AWS }
limits: { rate: 90/m, creates: 6, createsAtOnce: 2, deadline: 45m, readOnly: true }
`), env)
	require.NoError(t, err)
	require.Equal(t, &Config{
		Name: "dir/c.yaml", Spec: "dir/openapi.yaml", Overlays: []string{"dir/a.yaml", "/b.yaml"}, Profile: "observed", Target: "https://api.example.com/v1", Rate: 1.5,
		Values:  map[string][]string{"region": {"EU_WEST_1", "3"}, "provider": {"AWS"}},
		Limits:  Limits{Creates: 6, AtOnce: 2, Deadline: 45 * time.Minute, ReadOnly: true},
		Params:  map[string]string{"groupId": "5f7cac1adf5d6c6306f4b283", "n": "7"},
		Failing: map[string][]string{"region": {"atlantis", "lemuria"}, "size": {"9"}},
		Credentials: []Credential{
			{"owner", transport.Credential{User: "me", Key: "k1", Params: map[string]string{}}},
			{"reader", transport.Credential{User: "you", Key: "xk2y", Scheme: "basic", Params: map[string]string{"groupId": "other"}}},
			{"filed", transport.Credential{User: "f", Key: "k3", Params: map[string]string{}}},
		},
	}, got)
	usual, ok := got.Default()
	require.True(t, ok)
	require.Equal(t, "me", usual.User)
}

func TestParseNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "# nothing yet\n", "params:\ncredentials:\n"} {
		got, err := Parse("c.yaml", []byte(text), env)
		require.NoError(t, err, text)
		require.Empty(t, got.Credentials)
	}
}

func TestTheOnlyCredentialIsTheDefault(t *testing.T) {
	t.Parallel()
	got, err := Parse("c.yaml", []byte(`credentials: { me: { user: u, key: k } }`), env)
	require.NoError(t, err)
	usual, ok := got.Default()
	require.True(t, ok)
	require.Equal(t, "u", usual.User)
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"tarket: x":                                 "read c.yaml: line 1: unknown key tarket (did you mean target?); known here: spec, overlays, profile, target, params, failing, credentials, values, limits, tls, network",
		"target: a\ntarget: b":                      "read c.yaml: line 2: target stands already on line 1",
		"credentials:\n  owner: { usr: me }":        "line 2: unknown key credentials.owner.usr (did you mean user?)",
		"credentials: { owner: { user: me } }":      "line 1: credentials.owner has no key",
		`credentials: { owner: { key: "${EMPTY}"}}`: "credentials.owner has no key",
		"credentials: { owner: { key: '${NOPE}' }}": "credentials.owner.key uses ${NOPE}, but no environment variable of that name is set",
		"credentials: { none: { key: k } }":         `a credential cannot be called "none"`,
		"credentials: { a: { keyFile: nowhere } }":  "line 1: read credentials.a.keyFile nowhere: there is no such file",
		"overlays: a.yaml":                          "line 1: overlays must be a list of files",
		"spec: ''":                                  "line 1: spec is empty",
		"profile: observd":                          "did you mean observed?",
		"x: 1\n- y":                                 "read c.yaml: not YAML: line 1",
		"\n[1]":                                     "read c.yaml: line 2: the file must be an object",
		"target: [1]":                               "line 1: target must be a text",
		"target:":                                   "line 1: target must be a text",
		`target: ""`:                                "line 1: target is empty",
		"target: ${EMPTY}":                          "line 1: target is empty; give it a value, or leave it out",
		"params: { a: '' }":                         "line 1: params.a is empty",
		"target: ${NOPE":                            "line 1: target has a ${ that is not followed by a variable's name and }",
		"target: ${}":                               "line 1: target has a ${ that is not followed by a variable's name and }",
		"? [a]\n: b":                                "line 1: a key of the file must be a text",
		"target: a\n---\nparams: {}":                "a second document begins here; put all settings into the first",
		"target: a\n--- [":                          "read c.yaml: not YAML: line 2",
		"credentials: { a: { key: k, scheme: digst } }":  `line 1: credentials.a.scheme: "digst" is not known (did you mean digest?); choose one of digest`,
		"credentials: { a: { key: k, in: heder } }":      "did you mean header?",
		"params: { a: { b: c } }":                        "line 1: params.a must be a text",
		"tls: { cert: x }":                               "line 1: unknown key tls.cert",
		"tls: { ca: '' }":                                "line 1: tls.ca is empty",
		"tls: { insecure: yes }":                         `line 1: tls.insecure: "yes" is neither true nor false`,
		"network: { unixsocket: x }":                     "line 1: unknown key network.unixsocket (did you mean unixSocket?)",
		"limits: { rate: fast }":                         `line 1: limits.rate: "fast" is no rate`,
		"limits: { deadlin: 1m }":                        "line 1: unknown key limits.deadlin (did you mean deadline?); known here: rate, creates, createsAtOnce, deadline, readOnly",
		"limits: { creates: 0 }":                         `line 1: limits.creates: "0" is no number above 0`,
		"limits: { createsAtOnce: many }":                `"many" is no number above 0`,
		"limits: { deadline: 45 }":                       `line 1: limits.deadline: "45" is no length of time`,
		"limits: { readOnly: maybe }":                    `line 1: limits.readOnly: "maybe" is neither true nor false`,
		"values: { region: [] }":                         "line 1: values.region is empty; name its values",
		"values: { region: [[a]] }":                      "line 1: values.region must be a text",
		"credentials:\n  a: { key: k }\n  b: { key: k }": "line 1: none of the credentials is called owner",
	} {
		_, err := Parse("c.yaml", []byte(text), env)
		require.ErrorContains(t, err, want, text)
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "c.yaml")
	_, err := Load(name, env)
	require.ErrorContains(t, err, "read configuration "+name+": there is no such file; check the name")
	require.NoError(t, os.WriteFile(name, []byte("target: http://x"), 0o600))
	got, err := Load(name, env)
	require.NoError(t, err)
	require.Equal(t, "http://x", got.Target)
	_, err = Load(filepath.Dir(name), env)
	require.ErrorContains(t, err, "it is a folder; name a file")
	got, err = Load("", env) // there is no default file in this folder
	require.NoError(t, err)
	require.Equal(t, &Config{}, got)
}

func TestParseRate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]float64{"10": 10, "10/s": 10, "90/m": 1.5, "3600/h": 1, "0.5/s": 0.5} {
		got, err := ParseRate(text)
		require.NoError(t, err)
		require.InDelta(t, want, got, 1e-9)
	}
	for _, text := range []string{"", "0", "-1/s", "1/d", "many", "NaN", "1e99"} {
		_, err := ParseRate(text)
		require.ErrorContains(t, err, "is no rate", text)
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"text", "jsonl", "documented", "observed"}
	require.Equal(t, []string{"text"}, Nearest("txet", known, 3))
	require.Equal(t, []string{"documented"}, Nearest("document", known, 1))
	require.Equal(t, []string{"observed"}, Nearest("OBSERVD", known, 1))
	require.Empty(t, Nearest("xyz", known, 3))
	require.Empty(t, Nearest("", known, 3))
	require.Equal(t, " (did you mean jsonl?)", Hint("json", known))
	require.Equal(t, "", Hint("pdf", known))
}

// What follows a ${ may be a part of a key.
func TestParseShowsNoKey(t *testing.T) {
	t.Parallel()
	_, err := Parse("c.yaml", []byte(`credentials: { a: { user: u, key: "x${hidden-part" } }`), env)
	require.ErrorContains(t, err, "credentials.a.key has a ${")
	require.NotContains(t, err.Error(), "hidden")
}

func TestReason(t *testing.T) {
	t.Parallel()
	other := errors.New("disk on fire")
	for _, c := range []struct {
		err  error
		want string
	}{
		{&fs.PathError{Op: "open", Path: "f", Err: fs.ErrPermission}, "permission is denied; "},
		{&fs.PathError{Op: "read", Path: "f", Err: other}, "disk on fire"},
		{other, "disk on fire"},
	} {
		require.ErrorContains(t, Reason(c.err), c.want)
		require.NotContains(t, Reason(c.err).Error(), "open f")
	}
}

func TestParseNetwork(t *testing.T) {
	t.Parallel()
	got, err := Parse("a/c.yaml", []byte(`{tls: {ca: x.pem, clientCert: /b/y, clientKey: ../k, insecure: true}, network: {unixSocket: s, resolve: "h:1:::1"}}`), env)
	require.NoError(t, err)
	require.Equal(t, TLS{CA: "a/x.pem", ClientCert: "/b/y", ClientKey: "k", Insecure: true}, got.TLS)
	require.Equal(t, Network{UnixSocket: "a/s", Resolve: "h:1:::1"}, got.Network)
}
