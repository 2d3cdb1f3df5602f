package bakery_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
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
			s, c := bakery.New(bakery.Options{Key: key}), load(t)
			accepted, conditions := map[string]bool{}, 0
			for _, v := range held(t, c, s, as, func(o *run.Options) { o.Seed = int64(i) }) {
				switch {
				case v.Outcome == contract.Kept:
					accepted[v.Case.Operation] = accepted[v.Case.Operation] || v.Case.Expect == contract.Accepted
					if v.Case.Kind == "conditional" {
						conditions++
					}
				case v.Outcome != contract.Skipped:
					t.Errorf("%s is %s: %s%s", v.Case.ID, v.Outcome, v.Reason, told(v))
				}
			}
			for _, op := range c.Operations {
				require.True(t, accepted[op.ID], "no right request of %s was shown to be accepted", op.ID)
			}
			require.Equal(t, 5, conditions, "some condition was not put to the test")
			require.JSONEq(t, `{"orders":[],"total":0}`, ask(s, "GET", "/orders", "").Body.String(), "the run left something behind")
			require.JSONEq(t, `{"units":"metric","items":[]}`, ask(s, "GET", "/menu", "").Body.String(), "the run left something behind")
		})
	}
}

func TestEveryFaultIsReportedByItsCheck(t *testing.T) {
	t.Parallel()
	c := load(t)
	for i, f := range bakery.Faults() {
		if testing.Short() && i%12 != 0 { // the race detector needs some, not all
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			s := bakery.New(bakery.Options{Key: key, Fault: f.Name})
			found := map[string]int{}
			for _, v := range held(t, c, s, places()[0], func(o *run.Options) { o.Match = f.Operation + "/*" }) {
				for _, one := range v.Findings {
					found[one.Check]++
				}
			}
			require.Contains(t, found, f.Check, "the server %s", f.Doc)
		})
	}
}

// ask sends one request with the key; headers are name and value in turn.
func ask(s *bakery.Server, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/v2"+path, strings.NewReader(body))
	r.Header.Set("X-Bakery-Key", key)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// TestConditions shows what the document says of entity tags: that they change
// with the order, and with nothing else, no case of a run is derived for.
func TestConditions(t *testing.T) {
	t.Parallel()
	s := bakery.New(bakery.Options{Key: key})
	order := `{"reference":"BK-000001","customer":{"name":"Bo","email":"bo@example.org"},"lines":[{"item":"a","quantity":3,"unitPrice":0.07}]}`
	made := ask(s, "POST", "/orders", order)
	require.Equal(t, http.StatusCreated, made.Code, made.Body)
	require.Contains(t, made.Body.String(), `"total":0.21`)
	path, tag := strings.TrimPrefix(made.Header().Get("Location"), "/v2"), made.Header().Get("ETag")

	require.Equal(t, http.StatusConflict, ask(s, "POST", "/orders", order).Code)
	require.Equal(t, http.StatusNotModified, ask(s, "GET", path, "", "If-None-Match", tag).Code)
	require.Equal(t, http.StatusOK, ask(s, "GET", path, "", "If-None-Match", `"other"`).Code)

	patch := func(tag, body string) *httptest.ResponseRecorder {
		return ask(s, "PATCH", path, body, "If-Match", tag, "Content-Type", "application/merge-patch+json")
	}
	require.Equal(t, http.StatusPreconditionFailed, patch(`"other"`, `{"note":"x"}`).Code)
	require.Equal(t, tag, patch(tag, `{"note":null}`).Header().Get("ETag"), "nothing changed")
	changed := patch(tag, `{"note":"x"}`)
	require.Equal(t, http.StatusOK, changed.Code)
	require.NotEqual(t, tag, changed.Header().Get("ETag"))
	require.Equal(t, http.StatusPreconditionFailed, patch(tag, `{"note":"y"}`).Code)
	require.Equal(t, http.StatusOK, ask(s, "GET", path, "", "If-None-Match", tag).Code)
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
