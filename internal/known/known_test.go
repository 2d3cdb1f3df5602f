package known

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func checks() []string { return []string{"outcome", "body", "echo"} }

const sample = `
known:
  - check: outcome
    reason: regions are not validated yet
    cases: [a/missing/x, a/missing/y]
  - check: body
    reason: ""
    cases:
      - a/missing/x
`

func TestParse(t *testing.T) {
	t.Parallel()
	f, err := Parse("k.yaml", []byte(sample), checks())
	require.NoError(t, err)
	require.Equal(t, []Failure{
		{"a/missing/x", "outcome", "regions are not validated yet", false, 5},
		{"a/missing/y", "outcome", "regions are not validated yet", false, 5},
		{"a/missing/x", "body", "", false, 9},
	}, f.Failures)
	got, ok := f.Find("a/missing/y", "outcome")
	require.True(t, ok)
	require.Equal(t, "regions are not validated yet", got.Reason)
	_, ok = f.Find("a/missing/y", "body")
	require.False(t, ok)
	for _, nothing := range []string{"", "# none\n", "known: []\n", "known:\n", "---\n"} {
		f, err := Parse("k.yaml", []byte(nothing), checks())
		require.NoError(t, err, nothing)
		require.Empty(t, f.Failures)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"known:\n  - check: outcom\n    cases: [a]":                                "read k.yaml: line 2: there is no check outcom (did you mean outcome?)",
		"known:\n  - cases: [a]":                                                   "line 2: the entry has no check",
		"known:\n  - check: body":                                                  "line 2: the entry has no cases",
		"known:\n  - check: body\n    case: [a]":                                   "line 3: unknown key case (did you mean cases?)",
		"known:\n  - check: body\n    cases: [a/*]":                                `line 3: "a/*" is not the id of one case`,
		"known:\n  - check: body\n    cases: [a]\n  - check: body\n    cases: [a]": "line 5: a with the check body stands already on line 3",
		"knwon: []":     "read k.yaml: line 1: unknown key knwon (did you mean known?); the file has known alone",
		"known: [":      "read k.yaml: it is no YAML: ",
		"known: [1]":    "line 1: an entry has a check, a reason, a list of cases",
		"[known]":       "read k.yaml: line 1: the file is no mapping; write it as `known:` and a list",
		"known: {a: b}": "read k.yaml: line 1: known is no list; write it as",
		"known: [{check: body, cases: [a]}]\nknown: []":                        "read k.yaml: line 2: known stands there twice",
		"known:\n  - check: [body]\n    cases: [a]":                            "line 2: an entry has a check, a reason, a list of cases",
		`{"type":"header","tool":"conformance"}` + "\n" + `{"type":"verdict"}`: "k.yaml is a report, not a file of known failures: conformance known FILE --update k.yaml writes one from it",
		"known:\n - [a]": "line 2: an entry has",
		"known:\n  - { check: body, flaky: true, cases: [a] }":                    "line 2: the entry is flaky and has no reason",
		"known:\n  - { check: body, reason: r, flaky: now and then, cases: [a] }": "line 2: an entry has a check, a reason, a list of cases, and flaky: true",
	} {
		_, err := Parse("k.yaml", []byte(text), checks())
		require.ErrorContains(t, err, want, text)
		require.NotContains(t, err.Error(), "\n")
		require.NotContains(t, err.Error(), "yaml.Node")
		require.NotContains(t, err.Error(), "struct")
		require.NotContains(t, err.Error(), "unmarshal")
	}
}

func TestStale(t *testing.T) {
	t.Parallel()
	f, err := Parse("k.yaml", []byte(sample+"  - { check: echo, reason: r, cases: [gone/x, late/x] }\n"), checks())
	require.NoError(t, err)
	f.Saw("a/missing/x", []string{"outcome"})
	f.Saw("other", []string{"echo"})
	stale := f.Stale(func(id string) bool { return id != "gone/x" })
	require.Len(t, stale, 2)
	require.Equal(t, "a/missing/x", stale[0].Case)
	require.Equal(t, "the check body finds nothing there any more", stale[0].Why)
	require.Equal(t, "there is no such case", stale[1].Why)
	require.Equal(t, "gone/x", stale[1].Case)
}

// What is flaky may pass, but its case has to be there; an update keeps it so.
func TestFlaky(t *testing.T) {
	t.Parallel()
	f, err := Parse("k.yaml", []byte("known: [{ check: body, reason: one in ten, flaky: true, cases: [a/x, a/gone] }, { check: echo, reason: one in ten, cases: [a/x] }]"), checks())
	require.NoError(t, err)
	f.Saw("a/x", nil)
	stale := f.Stale(func(id string) bool { return id != "a/gone" })
	require.Len(t, stale, 2)
	require.Equal(t, "there is no such case", stale[0].Why)
	require.Equal(t, "echo", stale[1].Check)
	text, err := f.Updated(stale, nil).Text()
	require.NoError(t, err)
	again, err := Parse("k.yaml", text, checks())
	require.NoError(t, err)
	require.Len(t, again.Failures, 1)
	require.Equal(t, "a/x", again.Failures[0].Case)
	require.True(t, again.Failures[0].Flaky)
}

// What is written is read again as the same, and a refuted pair is gone.
func TestUpdated(t *testing.T) {
	t.Parallel()
	f, err := Parse("k.yaml", []byte(sample), checks())
	require.NoError(t, err)
	f.Saw("a/missing/y", nil)
	stale := f.Stale(func(string) bool { return true })
	require.Len(t, stale, 1)
	next := f.Updated(stale, []Failure{{Case: "b/x", Check: "body"}, {Case: "a/missing/x", Check: "outcome"}})
	text, err := next.Text()
	require.NoError(t, err)
	again, err := Parse("k.yaml", text, checks())
	require.NoError(t, err)
	var got [][3]string
	for _, failure := range again.Failures {
		got = append(got, [3]string{failure.Check, failure.Case, failure.Reason})
	}
	require.Equal(t, [][3]string{
		{"body", "a/missing/x", ""},
		{"body", "b/x", ""},
		{"outcome", "a/missing/x", "regions are not validated yet"},
	}, got)
	require.Contains(t, string(text), "# Failures that are known")
}
