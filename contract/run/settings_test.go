package run

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

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
