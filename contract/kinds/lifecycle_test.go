package kinds

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// notes is a document whose notes can be made, read and removed. Replies are
// what a read of one may get beside, or instead of, a note.
func notes(t *testing.T, replies string, listed bool) *Source {
	t.Helper()
	list := ""
	if listed {
		list = `"get": {"operationId": "listNotes", "responses": {"200": {"description": "all"}}},`
	}
	c, err := spec.Load(spec.Source{Name: "notes.json", Data: []byte(`{"openapi": "3.0.3", "info": {"title": "notes", "version": "1"}, "paths": {
		"/notes": {` + list + `"post": {"operationId": "makeNote", "responses": {"201": {"description": "made",
			"content": {"application/json": {"schema": {"type": "object", "properties": {"id": {"type": "string"}}}}},
			"links": {"read": {"operationId": "readNote", "parameters": {"id": "$response.body#/id"}}, "remove": {"operationId": "removeNote", "parameters": {"id": "$response.body#/id"}}}}}}},
		"/notes/{id}": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
			"get": {"operationId": "readNote", "responses": {` + replies + `}},
			"delete": {"operationId": "removeNote", "responses": {"204": {"description": "removed"}}}}}}`)})
	require.NoError(t, err)
	return &Source{Contract: c, Base: "http://notes.test"}
}

func TestWhatWasRemovedIsGoneWhereTheDocumentHasAReplyForThat(t *testing.T) {
	t.Parallel()
	const content = `{"description": "x", "content": {"application/json": {"schema": {"type": "object"}}}}`
	for _, row := range []struct {
		replies  string
		until    []int
		statuses []int
		doubt    bool
	}{
		{replies: `"200": ` + content + `, "404": ` + content, until: []int{404}, statuses: []int{404}},
		{replies: `"200": ` + content + `, "410": ` + content + `, "4XX": ` + content, until: []int{410}, statuses: []int{410}},
		{replies: `"200": ` + content + `, "4XX": ` + content, until: []int{404, 410}, doubt: true},
		{replies: `"200": ` + content + `, "default": ` + content, until: []int{404, 410}, doubt: true},
		{replies: `"default": ` + content}, // which is the note itself
		{replies: `"200": ` + content + `, "403": ` + content},
		{replies: `"200": ` + content + `, "5XX": ` + content},
	} {
		t.Run(row.replies, func(t *testing.T) {
			t.Parallel()
			c := cases(t, notes(t, row.replies, false), lifecycle)["makeNote/lifecycle/usual"]
			require.NotNil(t, c)
			last := c.Steps[c.Main()]
			if row.until == nil {
				require.Equal(t, "removeNote", last.Operation)
				require.Equal(t, contract.Accepted, c.Expect)
				return
			}
			require.Equal(t, "readNote", last.Operation)
			require.Equal(t, row.until, last.Until.Statuses)
			require.Equal(t, contract.Rejected, c.Expect)
			require.Equal(t, row.statuses, c.Statuses)
			require.Equal(t, row.doubt, c.Doubt != "")
			sound(t, c)

			c = cases(t, notes(t, row.replies, true), lifecycle)["makeNote/lifecycle/usual"]
			require.Equal(t, "listNotes", c.Steps[c.Main()].Operation)
			require.Equal(t, row.until, c.Steps[c.Main()-1].Until.Statuses)
			require.True(t, strings.HasPrefix(c.Steps[c.Main()-1].Name, "readNote"))
		})
	}
}
