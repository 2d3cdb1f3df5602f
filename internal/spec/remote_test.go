package spec

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// remote serves the parts of a document.
func remote(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/parts/pet.yaml", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "Pet: { type: object, properties: { name: { $ref: 'name.yaml#/Name' } } }")
	})
	mux.HandleFunc("/parts/name.yaml", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "Name: { type: string }") })
	mux.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, strings.Repeat(" ", 3000)) })
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func referring(t *testing.T, ref string, fetch func(string) ([]byte, error)) (Node, error) {
	t.Helper()
	text := `{"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": {}, "components": {"schemas": {"A": {"$ref": "` + ref + `"}}}}`
	c, err := Load(Source{Name: "a.json", Data: []byte(text), Fetch: fetch})
	require.NoError(t, err)
	target, _, err := c.Root().Get("components", "schemas", "A").Target()
	return target, err
}

func TestRemoteReferences(t *testing.T) {
	t.Parallel()
	s := remote(t)
	target, err := referring(t, s.URL+"/parts/pet.yaml#/Pet", Remote())
	require.NoError(t, err)
	require.Equal(t, "string", target.Get("properties", "name").Resolve().Get("type").Text(), "a relative reference in a remote file")
	_, err = referring(t, s.URL+"/parts/pet.yaml#/Pet", nil)
	require.ErrorContains(t, err, "--allow-remote")
}

func TestRemoteIsBounded(t *testing.T) {
	t.Parallel()
	s := remote(t)
	for path, says := range map[string]string{
		"/none":            "404 Not Found",
		"/long":            "it is longer than",
		"/slow":            "no whole reply came within",
		"/parts/name.yaml": "",
	} {
		_, err := referring(t, s.URL+path, fetcher(100*time.Millisecond, 2000, 1))
		if says == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, says)
		require.NotContains(t, err.Error(), "\n")
	}
	get := fetcher(time.Second, 2000, 1)
	_, err := get(s.URL + "/parts/name.yaml")
	require.NoError(t, err)
	_, err = get(s.URL + "/parts/name.yaml")
	require.ErrorContains(t, err, "no more than 1 are fetched")
}
