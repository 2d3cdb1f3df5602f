package report

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	nethtml "golang.org/x/net/html"

	"github.com/atlas-contract/conformance/contract"
)

// hostile are texts that mean something where a report may end up.
var hostile = []string{
	"]]>", "</testcase><testcase name='x'/>", "<!-- ", "<?x ?>", "&lt;b&gt; &amp; &#0; &unknown;",
	"::error::forged", "\n::error::forged", "\r\n##[error]forged", "%0A::error::forged", "##vso[task.setvariable variable=x]y", strings.Repeat("x ", 50) + strings.Repeat("::error::y ", 50), strings.Repeat("y", 83) + "::error::forged", "a,b:c=d",
	"<script>alert(1)</script>", "</script><script>alert(1)</script>", "</style></pre><img src=x onerror=alert(1)>", `" onmouseover="alert(1)`,
	"</details><iframe src='http://127.0.0.1'></iframe>", "`` ` ``` <b>", "```\n<b>forged</b>\n```", "| a |\n|---|\n", "[x](javascript:alert(1))", "see https://127.0.0.1/x or WWW.forged.example", "![x](http://127.0.0.1)", "# forged\n\n# forged",
	"\x1b[2J\x1b]0;title\x07\x9b1m", "\u009b31m", "\u202egnp.exe\u202c", "\u2066\u2069\u200b\ufeff", "\xff\xfe\xc3(", "\x00\x01\x7f\b", "\u2028\u2029", "{{.}} ${{ secrets.KEY }} $(id) `id`", "'; id; '",
	strings.Repeat("long ", 200),
}

// infest puts a text wherever a record has one, but where the words are fixed.
func infest(v reflect.Value, text string) {
	switch v.Interface().(type) {
	case contract.Outcome, contract.Evidence, contract.Expect, State:
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Pointer:
		if v.IsNil() && v.Type().Elem().Kind() == reflect.String {
			return // whether it is there means something
		}
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		infest(v.Elem(), text)
	case reflect.Slice:
		if v.Len() == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		infest(v.Index(0), text)
	case reflect.Map:
		infestMap(v, text)
	case reflect.Struct:
		if v.Type().PkgPath() != "time" {
			for i := range v.NumField() {
				infest(v.Field(i), text)
			}
		}
	}
}

func infestMap(v reflect.Value, text string) {
	value := reflect.New(v.Type().Elem()).Elem()
	if value.Kind() == reflect.Interface {
		value.Set(reflect.ValueOf(text))
	} else {
		infest(value, text)
	}
	made := reflect.MakeMap(v.Type())
	made.SetMapIndex(reflect.ValueOf(text), value)
	v.Set(made)
}

// infested is a report in which every text is this one.
func infested(t *testing.T, format, text string) string {
	t.Helper()
	var out bytes.Buffer
	r, err := New(format, &out, Options{Verbose: true, Errors: true})
	require.NoError(t, err)
	h := &Header{}
	infest(reflect.ValueOf(h).Elem(), text)
	require.NoError(t, r.Header(h))
	for _, o := range []contract.Outcome{contract.Kept, contract.Broken, contract.Warned, contract.Unsent, contract.Skipped} {
		for _, known := range []bool{false, true} {
			v := &Verdict{Outcome: o, Known: known, Line: 3, Findings: []Finding{{}}, Exchanges: []Exchange{{}}}
			infest(reflect.ValueOf(v).Elem(), text)
			v.Findings[0].Evidence = contract.Assumed
			v.Exchanges[0].Request.Encoding, v.Exchanges[0].Response.Encoding = "", ""
			v.Exchanges[0].Request.Text, v.Exchanges[0].Response.Text = &text, &text
			if known {
				v.Findings[0].Known = &text
			}
			require.NoError(t, r.Verdict(v))
		}
	}
	statements, f := []Statement{{State: StateBroken}}, &Footer{Exit: ExitBroken}
	infest(reflect.ValueOf(&statements).Elem(), text)
	infest(reflect.ValueOf(f).Elem(), text)
	require.NoError(t, r.End(statements, f))
	return out.String()
}

// In no format does a text of the target do anything: to a terminal, a parser
// or a browser.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for format, harmless := range map[string]func(*testing.T, string, string){
		"text": harmlessText, "jsonl": harmlessLines, "junit": harmlessXML, "sarif": harmlessJSON,
		"markdown": harmlessMarkdown, "github": harmlessCommands, "ctrf": harmlessJSON, "html": harmlessHTML,
	} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			plain := infested(t, format, "plain")
			for _, text := range hostile {
				out := infested(t, format, text)
				require.True(t, utf8.ValidString(out), "%q", text)
				for _, r := range out {
					require.True(t, r == '\n' || Safe(string(r)) == string(r), "%q is there in %q: %s", r, text, out)
				}
				harmless(t, plain, out)
			}
		})
	}
}

func TestHostileTextsKnowEveryFormat(t *testing.T) {
	t.Parallel()
	for _, f := range Formats() {
		require.NotEmpty(t, infested(t, f.Name, "plain"))
	}
}

// harmlessText wants no line that a runner of continuous integration obeys.
func harmlessText(t *testing.T, _, out string) {
	t.Helper()
	for line := range strings.Lines(out) {
		require.False(t, strings.HasPrefix(strings.TrimSpace(line), "::"), line)
		require.NotContains(t, line, "##[")
		require.NotContains(t, line, "##vso[")
	}
}

func harmlessLines(t *testing.T, plain, out string) {
	t.Helper()
	require.Equal(t, strings.Count(plain, "\n"), strings.Count(out, "\n"))
	for line := range strings.Lines(out) {
		require.True(t, json.Valid([]byte(line)), line)
	}
}

// harmlessJSON also wants what is to be a URI to be one.
func harmlessJSON(t *testing.T, _, out string) {
	t.Helper()
	require.True(t, json.Valid([]byte(out)), out)
	for _, match := range regexp.MustCompile(`"uri": (".*")`).FindAllStringSubmatch(out, -1) {
		var text string
		require.NoError(t, json.Unmarshal([]byte(match[1]), &text))
		require.Regexp(t, `^[!#-;=?-Z_a-z~%\[\]]*$`, text)
	}
}

// harmlessXML wants the same elements as in a report without such texts.
func harmlessXML(t *testing.T, plain, out string) {
	t.Helper()
	require.Equal(t, elements(t, plain), elements(t, out))
}

func elements(t *testing.T, text string) (names []string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return names
		}
		require.NoError(t, err)
		switch token := token.(type) {
		case xml.StartElement:
			names = append(names, token.Name.Local)
			for _, a := range token.Attr {
				names = append(names, "@"+a.Name.Local)
			}
		case xml.Comment, xml.Directive:
			t.Fatalf("%v in %s", token, text)
		}
	}
}

// harmlessHTML wants no element, attribute or place to go to that is not the
// page's own.
func harmlessHTML(t *testing.T, plain, out string) {
	t.Helper()
	require.Equal(t, tags(plain), tags(out))
	require.NotContains(t, out, "ZgotmplZ", "a text came to stand where the template cannot escape it")
}

func tags(text string) (names []string) {
	tokens := nethtml.NewTokenizer(strings.NewReader(text))
	for {
		switch tokens.Next() {
		case nethtml.ErrorToken:
			return names
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			token := tokens.Token()
			names = append(names, token.Data)
			for _, a := range token.Attr {
				names = append(names, "@"+a.Key)
				if a.Key == "href" || a.Key == "id" || a.Key == "class" {
					names = append(names, a.Val)
				}
			}
		}
	}
}

var (
	codeSpan  = regexp.MustCompile("(`+)[^`].*?[^`]`+|(`+)[^`]`+")
	ownMarkup = regexp.MustCompile(`</?(details|summary)>`)
)

// harmlessMarkdown wants no markup but the report's own outside of code, and
// all code to end.
func harmlessMarkdown(t *testing.T, plain, out string) {
	t.Helper()
	fence, ours := "", 0
	for line := range strings.Lines(out) {
		ticks := strings.TrimRight(line, "\n")
		switch {
		case fence != "":
			if ticks == fence {
				fence = ""
			}
			continue
		case strings.HasPrefix(line, "```"):
			fence = line[:longest(line[:strings.IndexFunc(line, func(r rune) bool { return r != '`' })], '`')]
			continue
		}
		rest := codeSpan.ReplaceAllString(line, "")
		ours += len(ownMarkup.FindAllString(rest, -1))
		rest = ownMarkup.ReplaceAllString(rest, "")
		require.NotContains(t, rest, "<", line)
		require.NotRegexp(t, `(^|[^\\])\]\(|[^\\]://|(?i:www)\.`, rest, line)
	}
	require.Empty(t, fence, "a block of code does not end")
	require.Equal(t, len(ownMarkup.FindAllString(plain, -1)), ours)
}

// harmlessCommands wants as many workflow commands as in a report without such
// texts, and nothing else on a line but the summary.
func harmlessCommands(t *testing.T, plain, out string) {
	t.Helper()
	require.Equal(t, strings.Count(plain, "\n"), strings.Count(out, "\n"))
	for line := range strings.Lines(out) {
		require.Regexp(t, `^(::(error|warning) ([a-z]+=[^:]*)::|[0-9]+ cases?|no cases)`, line)
	}
}
