package report

import (
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
)

func TestQuotedIsOneWordOfAShell(t *testing.T) {
	t.Parallel()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("needs sh")
	}
	for _, text := range append([]string{"", "plain", "it's", `a\b`, "$HOME `id` \"x\"", "100%s %d", "a\nb", "é😀", "--flag"}, hostile...) {
		want := strings.TrimRight(text, "\n") // which a shell takes off what a command says
		if strings.Contains(text, "\x00") {
			continue // no argument can have it
		}
		for _, word := range []string{Quoted(text), WithSecret(text, "$NONE")} {
			out, err := exec.Command(shell, "-c", "printf %s "+word).Output()
			require.NoError(t, err, word)
			require.Equal(t, want, string(out), word)
			require.Equal(t, Safe(word), word)
		}
	}
	out, err := exec.Command(shell, "-c", "KEY='a  b'; printf '%s|' "+WithSecret("$x:", "$KEY")+" "+WithSecret("x:", "$KEY")).Output()
	require.NoError(t, err)
	require.Equal(t, "$x:a  b|x:a  b|", string(out))
}

func TestRequestsByCurl(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	digest := CurlCredential{Header: "Authorization", Options: []string{"--digest", "--user", `"me:$KEY"`}}
	c := &Curl{Way: []string{"--insecure"}, Credentials: map[string]CurlCredential{
		"": digest, "key": {Header: "X-Key", Options: []string{"-H", `"X-Key: $KEY"`}}, "query": {Query: "code", Key: "$KEY"}, "unknown": {},
	}}
	for name, one := range map[string]struct {
		credential string
		request    Request
		want       string
	}{
		"read":       {"", Request{Method: "GET", URL: "http://x/a", Headers: http.Header{"Authorization": {"Digest [redacted]"}}}, `curl -i --insecure --digest --user "me:$KEY" http://x/a`},
		"head":       {"none", Request{Method: "HEAD", URL: "http://x/a"}, `curl -i --insecure --head http://x/a`},
		"body":       {"none", Request{Method: "POST", URL: "http://x/a", Body: Body{Text: text("@it's")}}, `curl -i --insecure -X POST -H Content-Type: --data-raw '@it'\''s' http://x/a`},
		"no body":    {"none", Request{Method: "POST", URL: "http://x/a"}, `curl -i --insecure -X POST http://x/a`},
		"empty body": {"none", Request{Method: "POST", URL: "http://x/a", Body: Body{Text: text("")}}, `curl -i --insecure -X POST -H Content-Type: --data-raw '' http://x/a`},
		"headers": {
			"key",
			Request{Method: "GET", URL: "http://x/a", Headers: http.Header{"X-Key": {"[redacted]"}, "X-Empty": {""}, "Accept": {"a/b"}, "User-Agent": {"x"}}},
			`curl -i --insecure -H "X-Key: $KEY" -H 'Accept: a/b' -H 'X-Empty;' http://x/a`,
		},
		"glob and dots":     {"none", Request{Method: "GET", URL: "http://x/../a[0]?b={}"}, `curl -i --insecure --path-as-is --globoff 'http://x/../a[0]?b={}'`},
		"query":             {"query", Request{Method: "GET", URL: "http://x/a?code=[redacted]"}, `curl -i --insecure "http://x/a?code=$KEY"`},
		"query elsewhere":   {"query", Request{Method: "GET", URL: "http://x/a?b=c"}, ""},
		"key in no text":    {"unknown", Request{Method: "GET", URL: "http://x/a"}, ""},
		"URL no curl takes": {"none", Request{Method: "GET", URL: "http://x/a b"}, ""},
		"head with a body":  {"none", Request{Method: "HEAD", URL: "http://x/a", Body: Body{Text: text("x")}}, ""},
		"lines":             {"none", Request{Method: "POST", URL: "http://x/a", Body: Body{Text: text("a\nb")}}, `curl -i --insecure -X POST -H Content-Type: --data-raw "$(printf 'a\012b')" http://x/a`},
		"line at the end":   {"none", Request{Method: "POST", URL: "http://x/a", Body: Body{Text: text("a\n")}}, ""},
		"zero byte":         {"none", Request{Method: "POST", URL: "http://x/a", Body: Body{Text: text("a\x00")}}, ""},
		"cut":               {"none", Request{Method: "POST", URL: "http://x/a", Body: Body{Text: text("a"), Truncated: true}}, ""},
		"no text":           {"none", Request{Method: "POST", URL: "http://x/a", Body: Body{Text: text("/////w=="), Encoding: "base64"}}, ""},
		"long":              {"none", Request{Method: "POST", URL: "http://x/a", Body: Body{Text: text(strings.Repeat("x", mostCommand))}}, ""},
	} {
		require.Equal(t, one.want, c.Command(one.credential, &one.request), name)
	}
}

func TestAgain(t *testing.T) {
	t.Parallel()
	r := &Recorder{Contract: pets(t), Repeat: &Repeat{Run: "conformance run http://x"}, Curl: &Curl{}}
	run := "conformance run http://x --run op/kind/detail --verbose"
	for name, c := range map[string]struct {
		change func(*contract.Verdict)
		want   string
	}{
		"one request":          {func(*contract.Verdict) {}, "curl -i http://x/a"},
		"nothing wrong":        {func(v *contract.Verdict) { v.Findings = nil }, ""},
		"another credential":   {func(v *contract.Verdict) { v.Case.Steps[0].Answer = &contract.Answer{} }, run},
		"polling":              {func(v *contract.Verdict) { v.Case.Steps[0].Until = &contract.Until{} }, run},
		"something is removed": {func(v *contract.Verdict) { v.Case.Steps = append(v.Case.Steps, contract.Step{Cleanup: true}) }, run},
		"two requests":         {func(v *contract.Verdict) { v.Exchanges = append(v.Exchanges, v.Exchanges[0]) }, run},
		"credentials refused":  {func(v *contract.Verdict) { v.Exchanges[0].Response = &contract.Response{Status: 401} }, run},
		"a hidden header":      {func(v *contract.Verdict) { v.Exchanges[0].Request.Header = http.Header{"Cookie": {"a=b"}} }, run},
		"odd id": {func(v *contract.Verdict) {
			v.Case.ID, v.Exchanges = "op/a[0]*?\\\x1b", nil
		}, `conformance run http://x --run 'op/a\[0]\*\?\\?' --verbose`},
	} {
		v := contract.Verdict{
			Case:      &contract.Case{ID: "op/kind/detail", Steps: []contract.Step{{Name: "one"}}},
			Outcome:   contract.Broken,
			Findings:  []contract.Finding{finding("S1", contract.Recorded, "wrong", "", "aa")},
			Exchanges: []*contract.Exchange{{Step: "one", Request: contract.Request{Method: "GET", URL: "http://x/a"}, Response: &contract.Response{Status: 200}}},
		}
		c.change(&v)
		require.Equal(t, c.want, Again(&Header{Command: "run"}, r.Verdict(v)), name)
		require.Empty(t, Again(&Header{Command: "verify"}, r.Verdict(v)), name)
	}
	require.Empty(t, (&Recorder{Contract: pets(t)}).Verdict(verdicts()[1]).Again)
}
