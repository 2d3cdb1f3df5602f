package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/coverage"
)

// Rule: every other format is rendered from the JSON Lines stream, so nothing
// may be shown that the stream has not.
func TestTextFromStreamIsTheSame(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{"plain": {}, "verbose": {Verbose: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var again bytes.Buffer
			r, err := New("text", &again, o)
			require.NoError(t, err)
			require.NoError(t, Replay(bytes.NewReader(render(t, "jsonl", o)), "run.jsonl", r))
			require.Equal(t, string(render(t, "text", o)), again.String())
		})
	}
}

func TestReplayIsLossless(t *testing.T) {
	t.Parallel()
	stream := render(t, "jsonl", Options{Verbose: true})
	var again bytes.Buffer
	require.NoError(t, Replay(bytes.NewReader(stream), "run.jsonl", newJSONL(&again, Options{})))
	require.Equal(t, string(stream), again.String())
}

func TestReplayRefuses(t *testing.T) {
	t.Parallel()
	stream := string(render(t, "jsonl", Options{}))
	lines := strings.SplitAfter(stream, "\n")
	withoutFooter := strings.Join(lines[:len(lines)-2], "")
	for name, c := range map[string]struct{ stream, want string }{
		"empty":         {"", "read report f: it is empty"},
		"no footer":     {withoutFooter, "line 13: the stream ends without its footer"},
		"cut in a line": {stream[:len(stream)-20], "line 14: the stream is cut off within a record"},
		"no header":     {strings.Join(lines[1:], ""), `line 1: the first record is of type "verdict", not header`},
		"two headers":   {lines[0] + lines[0], "line 2: a second header"},
		"two runs":      {stream + stream, "line 15: there is more after the footer"},
		"not JSON":      {"<html>", "line 1: it is no record: a JSON Lines report of a run is needed, as --report run.jsonl writes it"},
		"another JSON":  {`{"log":{}}`, `line 1: the first record is of type ""`},
		"wrong type":    {lines[0] + `{"type":"verdict","id":7}`, "line 2: not a record: its member id is a JSON number, which no report has there"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := Replay(strings.NewReader(c.stream), "f", newText(&bytes.Buffer{}, Options{}))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestReplayPassesOverWhatALaterVersionAdds(t *testing.T) {
	t.Parallel()
	stream := string(render(t, "jsonl", Options{}))
	first, rest, _ := strings.Cut(stream, "\n")
	var out bytes.Buffer
	added := first + "\n" + `{"type":"weather","clouds":3}` + "\n\n" + rest
	require.NoError(t, Replay(strings.NewReader(added), "f", newText(&out, Options{})))
	require.Equal(t, string(render(t, "text", Options{})), out.String())
}

// The names of the stream's fields are promised to other programs.
func TestStreamFields(t *testing.T) {
	t.Parallel()
	want := map[string][]string{
		"header":    {"version", "contract", "profile", "target", "seed", "configuration"},
		"verdict":   {"id", "verdict", "findings"},
		"statement": {"id", "state", "cases"},
		"coverage":  {"level", "percent", "covered", "total", "criteria", "missed"},
		"footer":    {"counts", "exit"},
	}
	seen := map[string]int{}
	for line := range strings.SplitSeq(strings.TrimSpace(string(render(t, "jsonl", Options{}))), "\n") {
		var record map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &record))
		kind := record["type"].(string)
		seen[kind]++
		for _, field := range want[kind] {
			require.Contains(t, record, field, kind)
		}
	}
	require.Equal(t, map[string]int{"header": 1, "verdict": 6, "statement": 5, "coverage": 1, "footer": 1}, seen)
}

func TestNoSecretInAnyFormat(t *testing.T) {
	t.Parallel()
	for _, f := range Formats() {
		out := string(render(t, f.Name, Options{Verbose: true}))
		for _, secret := range []string{"s3cret-key", "5ec2e7", "session=1"} {
			require.NotContains(t, out, secret, f.Name)
		}
	}
}

func TestTextIsSafeForTerminals(t *testing.T) {
	t.Parallel()
	for _, b := range string(render(t, "text", Options{Verbose: true})) {
		require.True(t, b == '\n' || b >= ' ' && b < 0x7f || b > 0x9f && b != '\u202e', "%q", b)
	}
}

func TestStates(t *testing.T) {
	t.Parallel()
	tally := NewTally(pets(t))
	r := &Recorder{Contract: pets(t)}
	for _, v := range verdicts() {
		tally.Add(r.Verdict(v))
	}
	got := map[string]State{}
	for _, s := range tally.Statements() {
		got[s.ID] = s.State
	}
	require.Equal(t, map[string]State{
		"S1": StateBroken, "S2": StateKept, "S3": StateWarned, "S4": StateSkipped, "S5": StateUntested,
	}, got)
	require.Equal(t, Counts{Kept: 1, Broken: 2, Warned: 1, Unsent: 1, Skipped: 1}, tally.Counts)
}

func TestExit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		counts Counts
		strict bool
		want   int
	}{
		{"kept", Counts{Kept: 3, Skipped: 1}, true, ExitKept},
		{"warned", Counts{Kept: 3, Warned: 1}, false, ExitKept},
		{"warned, strict", Counts{Kept: 3, Warned: 1}, true, ExitBroken},
		{"broken", Counts{Kept: 3, Broken: 1, Unsent: 1}, false, ExitBroken},
		{"unsent", Counts{Kept: 3, Unsent: 1}, false, ExitUnasked},
		{"nothing", Counts{}, false, ExitUsage},
		{"all skipped", Counts{Skipped: 9}, false, ExitUsage},
	} {
		require.Equal(t, c.want, c.counts.Exit(c.strict), c.name)
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	_, err := New("txt", nil, Options{})
	require.EqualError(t, err, `unknown report format "txt": choose one of text, jsonl, junit, sarif, markdown, github, ctrf, html`)
	_, err = FormatOf("run.pdf")
	require.ErrorContains(t, err, "write report run.pdf: its ending says no format: give a name that ends with one of .txt")
	for _, f := range Formats() {
		require.NotEmpty(t, f.Doc)
		for _, ending := range f.Endings {
			got, err := FormatOf("dir.d/run" + strings.ToUpper(ending))
			require.NoError(t, err)
			require.Equal(t, f.Name, got)
		}
	}
}

func TestSeveralStopsAtAnError(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	var out bytes.Buffer
	s := Several{newJSONL(broken{full}, Options{}), newJSONL(&out, Options{})}
	require.ErrorIs(t, s.Header(header()), full)
	require.ErrorIs(t, s.Verdict(&Verdict{}), full)
	require.ErrorIs(t, s.End(nil, &Footer{}), full)
	require.Zero(t, out.Len())
}

type broken struct{ err error }

func (b broken) Write([]byte) (int, error) { return 0, b.err }

func TestBodies(t *testing.T) {
	t.Parallel()
	r := &Recorder{Contract: pets(t), Redact: func(s string) string { return strings.ReplaceAll(s, "secret", hidden) }}
	require.Equal(t, Body{}, r.body(nil, false))
	empty := ""
	require.Equal(t, Body{Text: &empty}, r.body([]byte{}, false))

	// A secret across the limit must not leave half of itself behind.
	long := r.body([]byte(strings.Repeat("x", maxBody-3)+"secret and more"), false)
	require.True(t, long.Truncated)
	require.Equal(t, maxBody+12, long.Size)
	require.NotContains(t, *long.Text, "sec")

	split := r.body([]byte(strings.Repeat("x", maxBody-1)+"äö"), false)
	require.True(t, utf8.ValidString(*split.Text))
	require.Empty(t, split.Encoding)

	binary := r.body([]byte("\xff\xfe\x00\x01"), true)
	require.Equal(t, "base64", binary.Encoding)
	require.True(t, binary.Truncated)
	require.Equal(t, "(4 bytes that are no text)", preview(binary))
}

func TestRedaction(t *testing.T) {
	t.Parallel()
	r := &Recorder{Contract: pets(t)}
	got := r.headers(http.Header{
		"Authorization": {"Basic dXNlcjpwYXNz"}, "Cookie": {"a=b"}, "X-Api-Key": {"k"}, "X-Auth-Token": {"t"}, "Accept": {"*/*"},
	})
	require.Equal(t, http.Header{
		"Authorization": {"Basic [redacted]"}, "Cookie": {"[redacted]"}, "X-Api-Key": {"[redacted]"},
		"X-Auth-Token": {"[redacted]"}, "Accept": {"*/*"},
	}, got)
	require.Equal(t, "https://[redacted]@host/a?b=1&access_token=[redacted]&c=%20#x", r.url("https://me:pw@host/a?b=1&access_token=123&c=%20#x"))
	f := r.Verdict(contract.Verdict{Case: &contract.Case{}, Findings: []contract.Finding{{Got: strings.Repeat("x", 2*maxText)}}}).Findings[0]
	require.Len(t, []rune(f.Got), maxText+1)
}

func TestSafe(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain \\ text":        `plain \ text`,
		"ümläut 漢字":            "ümläut 漢字",
		"a\x1b[2Jb":            `a\u{1b}[2Jb`,
		"a\u202eb\u2066c":      `a\u{202e}b\u{2066}c`,
		"a\u200bb\u00adc":      `a\u{200b}b\u{ad}c`,
		"a\nb\rc\td":           `a\nb\rc\td`,
		"a\x9b1mb\xff":         `a\x9b1mb\xff`,
		"\u009b1m":             `\u{9b}1m`,
		"\u2028line\U000e0041": `\u{2028}line\u{e0041}`,
	} {
		require.Equal(t, want, Safe(in))
	}
}

func FuzzSafe(f *testing.F) {
	f.Add("a\x1b[2J\u202e")
	f.Fuzz(func(t *testing.T, s string) {
		got := Safe(s)
		require.True(t, utf8.ValidString(got))
		require.Equal(t, got, Safe(got), "what is safe stays as it is")
		require.NotContains(t, got, "\x1b")
		require.NotContains(t, got, "\n")
	})
}

func TestWrap(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{""}, wrap("", 20))
	require.Equal(t, []string{"one two three four", "five"}, wrap("one two  three\nfour five", 20))
	for _, line := range wrap(strings.Repeat("ä", 50)+" end", 20) {
		require.LessOrEqual(t, utf8.RuneCountInString(line), 20)
	}
	require.Equal(t, "label  one two three four\n       five six\n", hang("label  ", "one two three four five six", 27))
}

func TestSlowed(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]Slowed{
		"the target asked to slow down 1 time, 3 s were waited":                                                                                                  {Times: 1, WaitedMillis: 3000},
		"the target asked to slow down 2 times, 3 s were waited, 1 request repeated":                                                                             {Times: 2, WaitedMillis: 3000, Repeats: 1},
		"the target asked to slow down 0 times, 0 s were waited; it asked for up to 3600 s, which is too long to wait: --rate keeps a run within what it allows": {TooLongMillis: 3600e3},
		"the target asked to slow down 9 times, 1 s were waited; it asked without end, and was not waited for any longer":                                        {Times: 9, WaitedMillis: 1000, Ignored: true},
	} {
		require.Equal(t, want, s.String())
	}
	var b strings.Builder
	require.NoError(t, newText(&b, Options{}).End(nil, &Footer{Slowed: &Slowed{Times: 1, WaitedMillis: 1000}}))
	require.Contains(t, b.String(), "the target asked to slow down 1 time, 1 s were waited\n")
}

// part is the stream of a run whose coverage was short of what was demanded.
func part(t *testing.T, id string, least float64, c *coverage.Summary) Stream {
	t.Helper()
	var out bytes.Buffer
	r := newJSONL(&out, Options{})
	c.Least = least
	f := &Footer{Counts: Counts{Kept: 1}, Coverage: c}
	if c.Short() {
		f.Exit, f.Error = ExitBroken, c.Sentence()
	}
	require.NoError(t, r.Header(header()))
	require.NoError(t, r.Verdict(&Verdict{ID: id, Outcome: contract.Kept, Findings: []Finding{}}))
	require.NoError(t, r.End(nil, f))
	return Stream{id, &out}
}

func TestMergeJoinsCoverage(t *testing.T) {
	t.Parallel()
	half := func(met, missed string) *coverage.Summary {
		return &coverage.Summary{
			Percent: 50, Covered: 1, Total: 2,
			Criteria: []coverage.Count{{Name: coverage.Paths, Level: 1, Covered: 1, Total: 2, Met: []string{met}}},
			Missed:   []coverage.Missed{{Criterion: coverage.Paths, Item: missed, Why: "no case sends it"}},
		}
	}
	for name, c := range map[string]struct {
		least   float64
		second  *coverage.Summary
		percent float64
		exit    int
		text    string
	}{
		"nothing demanded":          {0, half("/a", "/b"), 50, ExitKept, ""},
		"enough together":           {90, half("/b", "/a"), 100, ExitKept, ""},
		"not enough, even together": {90, half("/a", "/b"), 50, ExitBroken, "coverage is 50 % of all items (1 of 2), less than the 90 % of --min-coverage; level 0 of 7 is reached, level 1 needs all paths (1 of 2); the least met is paths: 1 of 2, 50 %"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			end := &lastFooter{Renderer: newJSONL(&bytes.Buffer{}, Options{})}
			require.NoError(t, Merge([]Stream{part(t, "one", c.least, half("/a", "/b")), part(t, "two", c.least, c.second)}, end))
			require.Equal(t, c.percent, end.footer.Coverage.Percent)
			require.Equal(t, c.exit, end.footer.Exit)
			require.Equal(t, c.text, end.footer.Error)
		})
	}
}

type lastFooter struct {
	Renderer
	footer *Footer
}

func (l *lastFooter) End(statements []Statement, f *Footer) error {
	l.footer = f
	return l.Renderer.End(statements, f)
}

// Cases that show nothing but what was told often are counted, and told with
// --verbose.
func TestTextFoldsRepeats(t *testing.T) {
	t.Parallel()
	for verbose, want := range map[bool]int{false: often, true: 9} {
		var out bytes.Buffer
		r := newText(&out, Options{Verbose: verbose})
		require.NoError(t, r.Header(header()))
		for range 9 {
			v := &Verdict{ID: "a/b/c", Outcome: contract.Broken, Findings: []Finding{{Finding: finding("S1", contract.Recorded, "wrong", "/a", "aa")}}}
			require.NoError(t, r.Verdict(v))
		}
		require.NoError(t, r.End(nil, &Footer{Counts: Counts{Broken: 9}, Exit: 1}))
		require.Equal(t, want, strings.Count(out.String(), "broken   a/b/c"))
		require.Equal(t, !verbose, strings.Contains(out.String(), "… and 4 cases with nothing but the same; --verbose shows each"))
		require.Contains(t, out.String(), "9× S1")
	}
}

// A known failure that is gone is told in every format.
func TestStaleInEveryFormat(t *testing.T) {
	t.Parallel()
	for _, f := range Formats() {
		var out bytes.Buffer
		r, err := New(f.Name, &out, Options{})
		require.NoError(t, err)
		require.NoError(t, r.Header(header()))
		require.NoError(t, r.Verdict(&Verdict{ID: "a/b/c", Outcome: contract.Kept}))
		require.NoError(t, r.End(nil, &Footer{
			Counts: Counts{Kept: 1}, Exit: 1, Stale: []Stale{{Case: "a/b/gone", Check: "body", Why: "the check finds nothing there any more", Line: 4}},
		}))
		require.Contains(t, out.String(), "a/b/gone", f.Name)
		require.Contains(t, out.String(), "finds nothing there any more", f.Name)
	}
}
