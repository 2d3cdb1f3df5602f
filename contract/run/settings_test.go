package run

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract/kinds"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
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
	c, err := spec.Load(spec.Source{Name: "lamp.yaml", Data: []byte(lamp)})
	require.NoError(t, err)
	base, err := url.Parse("http://lamp.test/api")
	require.NoError(t, err)
	client, err := transport.New(transport.Options{Base: base, Handler: h})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	var some []kinds.Kind
	for _, kind := range kinds.All() {
		if kind.Name == "example" || kind.Name == "setting" {
			some = append(some, kind)
		}
	}
	r, err := New(Options{Contract: c, Client: client, Base: base.String(), Kinds: some, Concurrency: 1})
	require.NoError(t, err)
	return r
}
