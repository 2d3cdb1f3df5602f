package kinds

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/internal/spec"
)

// lamp is a source over a document of one thing that is read and set.
func lamp(t *testing.T, getParameters, getResponses, putParameters, putResponses string) *Source {
	t.Helper()
	c, err := spec.Load(spec.Source{Name: "lamp.json", Data: fmt.Appendf(nil, `{"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": {"/lamp": {
		"get": {"operationId": "get", "parameters": [%s], "responses": {%s}},
		"put": {"operationId": "put", "parameters": [%s], "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object", "properties": {"on": {"type": "boolean"}}}}}}, "responses": {%s}}}}}`,
		getParameters, getResponses, putParameters, putResponses)})
	require.NoError(t, err)
	return &Source{Contract: c, Base: "http://lamp.test"}
}

func TestConditionsAreTakenFromTheDocument(t *testing.T) {
	t.Parallel()
	const (
		ok      = `"200": {"description": "a"}`
		tagged  = `"200": {"description": "a", "headers": {"ETag": {"schema": {"type": "string"}}}}`
		as      = `, "304": {"description": "b"}`
		changed = `, "412": {"description": "b"}`
		none    = `{"name": "If-None-Match", "in": "header", "schema": {"type": "string"}}`
		match   = `{"name": "If-Match", "in": "header", "schema": {"type": "string"}}`
	)
	reads := []string{"get/conditional/usual/current-tag", "get/conditional/usual/current-tag-among-others", "get/conditional/usual/other-tag"}
	writes := []string{"put/conditional/usual/current-tag", "put/conditional/usual/other-tag", "put/conditional/usual/other-tag-changes-nothing"}
	tagOf := func(name, pattern string) string {
		return fmt.Sprintf(`{"name": %q, "in": "header", "schema": {"type": "string", "pattern": %q}}`, name, pattern)
	}
	for _, row := range []struct {
		name                                                   string
		getParameters, getResponses, putParameters, putReplies string
		want                                                   []string
		doubted                                                bool
	}{
		{"nothing", "", ok, "", ok, nil, false},
		{"parameters", none, ok + as, match, ok + changed, slices.Concat(reads, writes), false},
		{"statuses and a tag", "", tagged + as, "", ok + changed, slices.Concat(reads, writes), true},
		{"statuses without a tag", "", ok + as, "", ok + changed, nil, false},
		{"a parameter without its status", none, tagged, match, ok, nil, false},
		{"a range of refusals", "", ok, match, ok + `, "4XX": {"description": "b"}`, writes, false},
		{"one tag at a time", tagOf("If-None-Match", `^"[a-z]+"$`), ok + as, "", ok, []string{reads[0], reads[2]}, false},
		{"tags that are too short to be another", tagOf("If-None-Match", `^"[a-z]{1,2}"$`), ok + as, "", ok, reads[:1], false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			made := cases(t, lamp(t, row.getParameters, row.getResponses, row.putParameters, row.putReplies), conditional)
			require.ElementsMatch(t, row.want, slices.Collect(maps.Keys(made)))
			for _, c := range made {
				require.Equal(t, row.doubted, c.Doubt != "", c.ID)
			}
		})
	}
}

func TestAnotherTagIsOneThatTheDocumentLetsAClientHave(t *testing.T) {
	t.Parallel()
	s := lamp(t, `{"name": "If-None-Match", "in": "header", "schema": {"type": "string", "pattern": "^\"[0-9]+\"$"}}`, `"200": {"description": "a"}, "304": {"description": "b"}`, "", `"200": {"description": "a"}`)
	made := cases(t, s, conditional)
	require.Contains(t, made, "get/conditional/usual/current-tag")
	require.NotContains(t, made, "get/conditional/usual/current-tag-among-others")
	c := made["get/conditional/usual/other-tag"]
	require.NotNil(t, c)
	tag := c.Steps[c.Main()].Request.Header.Get("If-None-Match")
	require.Regexp(t, `^"[0-9]{8,}"$`, tag)
	require.False(t, strings.Contains(tag, "conformance"))
	require.Equal(t, []int{200}, c.Statuses)
}
