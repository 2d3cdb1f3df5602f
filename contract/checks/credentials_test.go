package checks

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// trial is a case of the vault, and what a check must say of it.
type trial struct {
	name      string
	check     string
	c         contract.Case
	exchanges []*contract.Exchange
	finds     string // part of the message; "" where the check is silent
	statement string
	evidence  contract.Evidence
}

const vaultChallenge = `Digest realm="vault", nonce="%s", algorithm=MD5, qop="auth", stale=false`

// asked is the exchange of a step, refused with these WWW-Authenticate lines.
func asked(step string, lines ...string) *contract.Exchange {
	e := &contract.Exchange{
		Step: step, Operation: "listDrawers",
		Request:  contract.Request{Method: "GET", URL: "http://vault.test/api/drawers", Header: http.Header{}},
		Response: &contract.Response{Status: 401, Header: http.Header{}},
	}
	for _, line := range lines {
		e.Response.Header.Add("WWW-Authenticate", line)
	}
	return e
}

func nonce(value string) string { return fmt.Sprintf(vaultChallenge, value) }

func stale(value string) string {
	return strings.Replace(nonce(value), "stale=false", "stale=true", 1)
}

// replied is the exchange of a step whose answer got a status.
func replied(step string, status int, right bool, challenge *contract.Exchange, lines ...string) *contract.Exchange {
	e := asked(step, lines...)
	e.Response.Status = status
	if status == 200 {
		e.Response.Header.Set("Content-Type", "application/json")
		e.Response.Body = []byte("[1]")
	}
	e.Request.Header.Set("Authorization", "Digest [redacted]")
	e.Challenge, e.Answered = challenge, &contract.Answered{Nonce: "n", Count: 1, Right: right}
	return e
}

func about(expect contract.Expect, statement string, a *contract.Answer) contract.Case {
	c := contract.Case{Expect: expect, Statements: []string{statement}, Steps: []contract.Step{{Name: "s", Answer: a}}}
	if expect == contract.Rejected {
		c.Statuses, c.Breaks = []int{401}, &contract.Break{In: "credential", Keyword: "wrong-key"}
	}
	if a == nil {
		c.Steps[0].Credential = "none"
	}
	return c
}

func row(values ...string) []*contract.Exchange {
	var out []*contract.Exchange
	for _, value := range values {
		out = append(out, asked("s", nonce(value)))
	}
	return out
}

func series(n int, value func(int) string) []*contract.Exchange {
	var list []string
	for i := range n {
		list = append(list, value(i))
	}
	return row(list...)
}

func trials() []trial {
	var out []trial
	out = append(out, challengeTrials()...)
	out = append(out, nonceTrials()...)
	return append(out, digestTrials()...)
}

func challengeTrials() []trial {
	absent := about(contract.Rejected, "C1", nil)
	one := func(lines ...string) []*contract.Exchange { return []*contract.Exchange{asked("s", lines...)} }
	behind := func(lines ...string) []*contract.Exchange {
		return []*contract.Exchange{replied("s", 200, true, asked("s", lines...))}
	}
	right := about(contract.Accepted, "C3", &contract.Answer{})
	return []trial{
		{"good", "challenge", absent, one(nonce("a")), "", "", ""},
		{"none", "challenge", absent, one(), "does not say which credentials", "C1", contract.Documented},
		{"none before an answer", "challenge", right, behind(), "in the reply that asked", "C1", contract.Documented},
		{"other scheme", "challenge", absent, one(`Basic realm="vault"`), "asks for other credentials", "C1", ""},
		{"malformed", "challenge", absent, one(`Digest realm="vault`), "does not end", "C1", ""},
		{"no comma", "challenge", absent, one(`Digest realm="vault" nonce="n"`), "no comma", "C1", ""},
		{"no realm", "challenge", absent, one(`Digest nonce="n", qop="auth"`), "no realm", "C1", ""},
		{"no nonce", "challenge", absent, one(`Digest realm="vault", nonce="", qop="auth"`), "no nonce", "C1", ""},
		{"twice", "challenge", absent, one(`Digest realm="vault", nonce="n", nonce="m", qop="auth"`), "nonce twice", "C1", ""},
		{"no qop", "challenge", absent, one(`Digest realm="vault", nonce="n"`), "offers no qop", "C1", contract.Assumed},
		{"two lines", "challenge", absent, one(nonce("a"), nonce("b")), "several challenges", "C6", ""},
		{"two in a line", "challenge", right, behind(nonce("a") + ", " + nonce("b")), "not the declared form", "C6", ""},
		{"more directives", "challenge", right, behind(nonce("a") + ", opaque=x"), "not the declared form", "C6", ""},
		{"good before an answer", "challenge", right, behind(nonce("a")), "", "", ""},
		{"no role", "challenge", contract.Case{Expect: contract.Any}, []*contract.Exchange{replied("s", 401, true, nil)}, "", "", ""},
	}
}

func nonceTrials() []trial {
	c := about(contract.Rejected, "C2", nil)
	random := []string{
		"kR3vB1q8xZ", "2hTz9LmQpW", "Ax7cUe0JnS", "m4GdYb6KfV", "Qw1sHo5RtE", "zP8iNj3XaC",
		"7yLu2MvFkB", "Dg9eTr4WqZ", "oS0hKb7UnJ", "Vf5xCm1IpA", "bN6tQd8GyR", "H3wEaZ9jLk",
	}
	timed := func(i int) string { // a time in milliseconds, and something random
		return base64.StdEncoding.EncodeToString([]byte(fmt.Sprintf("%d:%s", 1795600000000+i*7, random[i])))
	}
	return []trial{
		{"random", "nonces", c, row(random...), "", "", ""},
		{"time and random", "nonces", c, series(12, timed), "", "", ""},
		{"ascending by chance", "nonces", c, row("00a71f22", "3b09c411", "e1f0aa37"), "", "", ""},
		{"one alone", "nonces", c, row("a"), "", "", ""},
		{"fixed", "nonces", c, row("x", "x"), "the same nonce", "C2", contract.Recorded},
		{"as before the answer", "nonces", about(contract.Rejected, "C4", &contract.Answer{}), []*contract.Exchange{replied("s", 401, false, asked("s", nonce("x")), nonce("x"))}, "the same nonce", "C2", ""},
		{"counter", "nonces", c, series(3, func(i int) string { return fmt.Sprint("nonce-", 9+i) }), "only count up", "C2", contract.Recorded},
		{"counter in hexadecimal", "nonces", c, series(4, func(i int) string { return fmt.Sprintf("%016x", 0xfffe+i) }), "only count up", "C2", ""},
		{"counter in base64", "nonces", c, series(4, func(i int) string { return base64.StdEncoding.EncodeToString([]byte{7, 7, 0, byte(250 + i)}) }), "only count up", "C2", ""},
		{"time alone", "nonces", c, series(12, func(i int) string { return fmt.Sprint(1795600000123456789 + i*i*31_000_000 + i*7) }), "only count up", "C2", ""},
	}
}

func digestTrials() []trial {
	right, wrong := about(contract.Accepted, "C3", &contract.Answer{}), about(contract.Rejected, "C4", &contract.Answer{Key: new(string)})
	replay := about(contract.Rejected, "C5", &contract.Answer{Of: "first", Again: true})
	replay.Doubt = "servers differ"
	first := asked("s", nonce("a"))
	again := func(status int, rightKey bool, lines ...string) []*contract.Exchange {
		return []*contract.Exchange{replied("s", status, rightKey, replied("s", 401, rightKey, first, stale("b")), lines...)}
	}
	one := func(e *contract.Exchange) []*contract.Exchange { return []*contract.Exchange{e} }
	early := about(contract.Rejected, "C4", &contract.Answer{Key: new(string)})
	early.Statuses = []int{401, 404}
	return []trial{
		{"let in", "digest", right, one(replied("s", 200, true, first)), "", "", ""},
		{"let in, not found", "digest", right, one(replied("s", 404, true, first)), "", "", ""},
		{"let in after stale", "digest", right, again(200, true), "", "", ""},
		{"refused", "digest", right, one(replied("s", 401, true, first, nonce("b"))), "is refused", "C3", contract.Client},
		{"stale for ever", "digest", right, again(401, true, stale("c")), "again and again", "C3", ""},
		{"turned away", "digest", wrong, one(replied("s", 401, false, first, nonce("b"))), "", "", ""},
		{"wrong but let in", "digest", wrong, one(replied("s", 200, false, first)), "is let in (wrong-key)", "C4", contract.Documented},
		{"looked at late", "digest", wrong, one(replied("s", 404, false, first)), "not refused for its wrong credentials", "C4", ""},
		{"allowed to hide", "digest", early, one(replied("s", 404, false, first)), "", "", ""},
		{"wrong and called stale", "digest", wrong, again(401, false, stale("c")), "a wrong key is told", "C5", contract.Assumed},
		{"replay let in", "digest", replay, one(replied("s", 200, true, nil)), "is let in", "C5", contract.Assumed},
		{"replay turned away", "digest", replay, one(replied("s", 401, true, nil, stale("b"))), "", "", ""},
		{"replay not called stale", "digest", replay, one(replied("s", 401, true, nil, nonce("b"))), "the nonce is at fault", "C5", contract.Assumed},
	}
}

func TestChecksOfCredentials(t *testing.T) {
	t.Parallel()
	for _, r := range trials() {
		t.Run(r.check+" "+r.name, func(t *testing.T) {
			t.Parallel()
			findings := try(t, r)
			if r.finds == "" {
				require.Empty(t, findings)
				return
			}
			require.Len(t, findings, 1)
			require.Contains(t, findings[0].Message, r.finds)
			require.Equal(t, r.statement, findings[0].Statement)
			if r.evidence != "" {
				require.Equal(t, r.evidence, findings[0].Evidence)
			}
		})
	}
}

// try returns what the one check of the trial finds.
func try(t *testing.T, r trial) []contract.Finding {
	t.Helper()
	c, err := spec.Load(spec.Source{Name: "testdata/vault.yaml"})
	require.NoError(t, err)
	r.c.ID, r.c.Operation = "x", "listDrawers"
	return NewJudge(c, "/api", named(t, r.check)).Judge(&r.c, r.exchanges).Findings
}

func TestAskingsAreReadAsRFC9110Has(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]string{
		`Digest realm="a, b=\"c\"", nonce=n==`:                 {`Digest map[nonce:n== realm:a, b="c"]`},
		`Basic realm="x", Negotiate, NTLM abc==, Digest q="a"`: {`Basic map[realm:x]`, `Negotiate map[]`, `NTLM map[]`, `Digest map[q:a]`},
		`Newauth realm = "a" ,, title="b", Bearer`:             {`Newauth map[realm:a title:b]`, `Bearer map[]`},
		``: nil,
	} {
		found, err := askings(http.Header{"Www-Authenticate": {line}})
		require.NoError(t, err, line)
		var got []string
		for _, a := range found {
			got = append(got, fmt.Sprint(a.scheme, " ", a.values))
		}
		require.Equal(t, want, got, line)
	}
	for _, line := range []string{`realm="a"`, `Digest "a"`, `Digest realm="a`, `Digest a="b" c="d"`, `Digest @`} {
		_, err := askings(http.Header{"Www-Authenticate": {line}})
		require.Error(t, err, line)
	}
}
