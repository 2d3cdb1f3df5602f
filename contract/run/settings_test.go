package run

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/internal/ledger"
	"github.com/atlas-contract/conformance/internal/spec"
)

const lamp = `
openapi: 3.0.3
info: { title: Lamp, version: "1" }
servers: [{ url: "http://lamp.test/api" }]
paths:
  /lamp:
    get:
      operationId: readLamp
      responses: { "200": { description: it, content: { application/json: { schema: { $ref: "#/components/schemas/Shown" } } } } }
    patch:
      operationId: setLamp
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: "#/components/schemas/Lamp" }, examples: { low: { value: { level: 1 } } } } }
      responses: { "200": { description: it, content: { application/json: { schema: { $ref: "#/components/schemas/Shown" }, examples: { low: { value: { level: 1, id: l } } } } } }, "400": { description: wrong } }
components:
  schemas:
    Lamp: { type: object, additionalProperties: false, required: [level], properties: { level: { type: integer, minimum: 0, maximum: 9 } } }
    Shown: { type: object, required: [id, level], properties: { id: { type: string }, level: { type: integer } } }
`

func TestASettingIsAsItWasBeforeTheRun(t *testing.T) {
	t.Parallel()
	for _, interrupted := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		level, changes, last := 7, 0, ""
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "PATCH" {
				var sent struct{ Level int }
				d := json.NewDecoder(r.Body)
				d.DisallowUnknownFields()
				if d.Decode(&sent) == nil {
					level, last = sent.Level, r.Header.Get("Content-Type")
					changes++
				}
				if interrupted {
					cancel()
				}
			}
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"id":"l","level":%d}`, level)
		})
		for _, err := range lampRunner(t, h).Verdicts(ctx) {
			require.True(t, interrupted || err == nil, "%v", err)
		}
		cancel()
		require.Greater(t, changes, 1, "the run changed nothing: it proved nothing")
		require.Equal(t, 7, level)
		require.Equal(t, "application/json", last)
	}
}

func lampRunner(t *testing.T, h http.Handler) *Runner {
	t.Helper()
	return over(t, spec.Source{Name: "lamp.yaml", Data: []byte(lamp)}, "http://lamp.test/api", h, nil, func(o *Options) {
		o.Kinds = only(func(name string) bool { return name == "example" || name == "setting" })
		o.Concurrency = 1
	})
}

// brightness is a lamp that can be told to stay as it is.
type brightness struct {
	mu    sync.Mutex
	level int
	// refusal is what a change to more than 6 gets, 0 where it is made, and 200
	// where that is only said.
	refusal int
	changes int
}

func (b *brightness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if r.Method == "PATCH" {
		var sent struct{ Level int }
		d := json.NewDecoder(r.Body)
		d.DisallowUnknownFields()
		switch err := d.Decode(&sent); {
		case err != nil || sent.Level > 6 && b.refusal >= 400:
			w.WriteHeader(max(400, b.refusal))
		case sent.Level > 6 && b.refusal > 0:
		default:
			b.level = sent.Level
			b.changes++
		}
	}
	fmt.Fprintf(w, `{"id":"l","level":%d}`, b.level)
}

func TestASettingThatCannotBeChangedBackIsNamed(t *testing.T) {
	t.Parallel()
	for refusal, why := range map[int]string{
		0:   "",
		403: "it is not what it was before: status 403",
		200: "it is not what it was before: the target accepted the change back, and shows another value",
	} {
		lamp := &brightness{level: 7, refusal: refusal}
		l := opened(t)
		r := lampRunner(t, lamp)
		r.o.Sweep = 300 * time.Millisecond
		r.Keep(l)
		for _, err := range r.Verdicts(t.Context()) {
			require.NoError(t, err)
		}
		require.Positive(t, lamp.changes, "the run changed nothing: it proved nothing")
		if why == "" {
			require.Empty(t, r.Left())
			require.Empty(t, l.Changed())
			require.Equal(t, 7, lamp.level)
			continue
		}
		require.Len(t, r.Left(), 1)
		left := r.Left()[0]
		require.Equal(t, why, left.Why)
		require.Equal(t, "PATCH http://lamp.test/api/lamp", left.Method+" "+left.URL)
		require.Regexp(t, "^setLamp/", left.Case)
		require.NotEqual(t, 7, lamp.level)
		require.Len(t, l.Changed(), 1)
	}
}

func TestASettingIsInTheLedgerBeforeItIsChanged(t *testing.T) {
	t.Parallel()
	lamp := &brightness{level: 7}
	name := filepath.Join(t.TempDir(), "lamp"+ledger.Suffix)
	l, err := ledger.New(name, ledger.Run{Target: "http://lamp.test/api"})
	require.NoError(t, err)
	seen := 0
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "PATCH" {
			state, err := ledger.Read(name)
			require.NoError(t, err)
			require.Len(t, state.Changed(), 1)
			require.JSONEq(t, `{"level":7}`, string(state.Changed()[0].Before))
			seen++
		}
		lamp.ServeHTTP(w, r)
	})
	r := lampRunner(t, h)
	r.Keep(l)
	for _, err := range r.Verdicts(t.Context()) {
		require.NoError(t, err)
	}
	require.Positive(t, seen)
	require.NoError(t, l.Close())
	require.NoFileExists(t, name)
}

func TestAChangeWaitsForALedgerThatCanBeWritten(t *testing.T) {
	t.Parallel()
	lamp := &brightness{level: 7}
	l := opened(t)
	r := lampRunner(t, lamp)
	r.Keep(l)
	require.NoError(t, l.Leave()) // nothing can be written from here on
	failed := false
	for _, err := range r.Verdicts(t.Context()) {
		failed = failed || err != nil
	}
	require.True(t, failed)
	require.Zero(t, lamp.changes)
}

func TestSweepChangesASettingBack(t *testing.T) {
	t.Parallel()
	lamp, l := &brightness{level: 2}, opened(t)
	at := base + "/lamp"
	require.NoError(t, l.Change(ledger.Setting{
		Case: "setLamp/example/low", Members: []string{"level"}, Before: json.RawMessage(`{"level":7}`),
		Change: ledger.Request{Method: "PATCH", URL: at, Header: http.Header{"Content-Type": {"application/json"}}},
	}))
	want := []Left{{Method: "PATCH", URL: at, Case: "setLamp/example/low"}}
	out := swept(t, l, lamp, func(s *Sweep) { s.Dry = true })
	require.Equal(t, want, out.Restored)
	require.Equal(t, 2, lamp.level)
	require.Len(t, l.Changed(), 1)

	out = swept(t, l, lamp)
	require.Equal(t, want, out.Restored)
	require.Empty(t, out.Left)
	require.Equal(t, 7, lamp.level)
	require.Empty(t, l.Changed())
}
