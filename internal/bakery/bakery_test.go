package bakery_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/bakery"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

const key = "bakery-test-key"

// places are where the document takes the key.
func places() []transport.Credential {
	return []transport.Credential{
		{Scheme: "apiKey", In: "header", Name: "X-Bakery-Key", Key: key},
		{Scheme: "apiKey", In: "cookie", Name: "bakery_key", Key: key},
		{Scheme: "apiKey", In: "query", Name: "key", Key: key},
	}
}

func load(t *testing.T) *spec.Contract {
	t.Helper()
	c, err := spec.Load(spec.Source{Name: "bakery.yaml"})
	require.NoError(t, err)
	return c
}

// held are the verdicts of a run over a server.
func held(t *testing.T, c *spec.Contract, h http.Handler, as transport.Credential, change func(*run.Options)) []contract.Verdict {
	t.Helper()
	base, err := url.Parse("http://bakery.test/v2")
	require.NoError(t, err)
	client, err := transport.New(transport.Options{Base: base, Handler: h, Credentials: map[string]transport.Credential{"": as}})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	o := run.Options{
		Contract: c, Client: client, Base: base.String(),
		Poll: run.Poll{First: time.Millisecond, Max: 5 * time.Millisecond, Timeout: 200 * time.Millisecond},
	}
	if change != nil {
		change(&o)
	}
	r, err := run.New(o)
	require.NoError(t, err)
	var out []contract.Verdict
	for v, err := range r.Verdicts(t.Context()) {
		require.NoError(t, err)
		out = append(out, v)
	}
	require.NotEmpty(t, out)
	return out
}

func TestTheBakeryKeepsItsContract(t *testing.T) {
	t.Parallel()
	for i, as := range places() {
		t.Run("key in "+as.In, func(t *testing.T) {
			t.Parallel()
			seed := func(o *run.Options) { o.Seed = int64(i) }
			for _, v := range held(t, load(t), bakery.New(bakery.Options{Key: key}), as, seed) {
				if v.Outcome != contract.Kept && v.Outcome != contract.Skipped {
					t.Errorf("%s is %s: %s%s", v.Case.ID, v.Outcome, v.Reason, told(v))
				}
			}
		})
	}
}

func TestEveryFaultIsReportedByItsCheck(t *testing.T) {
	t.Parallel()
	for _, f := range bakery.Faults() {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			s := bakery.New(bakery.Options{Key: key, Fault: f.Name})
			found := map[string]int{}
			for _, v := range held(t, load(t), s, places()[0], func(o *run.Options) { o.Match = f.Operation + "/*" }) {
				for _, one := range v.Findings {
					found[one.Check]++
				}
			}
			require.Contains(t, found, f.Check, "the server %s", f.Doc)
		})
	}
}

// told shows what broke a case, for whoever reads the failed test.
func told(v contract.Verdict) string {
	out := ""
	for _, f := range v.Findings {
		out += fmt.Sprintf("\n  %s: %s: expected %s, got %s at %s %s", f.Check, f.Message, f.Expected, f.Got, f.Place, f.Pointer)
	}
	for _, e := range v.Exchanges {
		out += fmt.Sprintf("\n  %s %s %.300s", e.Request.Method, e.Request.URL, e.Request.Body)
		if e.Response != nil {
			out += fmt.Sprintf("\n    %d %.300s", e.Response.Status, e.Response.Body)
		}
	}
	return out
}
