package checks

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// boxes is a document whose boxes can be made, read and listed. List is the
// schema of the list, and parameters are those of its operation.
func boxes(t *testing.T, list, parameters string) *spec.Contract {
	t.Helper()
	const box = `{"application/json": {"schema": {"$ref": "#/components/schemas/Box"}}}`
	c, err := spec.Load(spec.Source{Name: "boxes.json", Data: []byte(`{"openapi": "3.1.0", "info": {"title": "boxes", "version": "1"}, "paths": {
		"/boxes": {
			"get": {"operationId": "listBoxes", "parameters": [` + parameters + `], "responses": {"200": {"description": "all", "content": {"application/json": {"schema": ` + list + `}}}}},
			"post": {"operationId": "makeBox", "responses": {"201": {"description": "made", "content": ` + box + `,
				"links": {"read": {"operationId": "readBox", "parameters": {"id": "$response.body#/id"}}}}}}},
		"/boxes/{id}": {"get": {"operationId": "readBox", "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
			"responses": {"200": {"description": "one", "content": ` + box + `}}}}},
		"components": {"schemas": {"Box": {"type": "object", "properties": {"id": {"type": "string"}}}, "Label": {"type": "object", "properties": {"id": {"type": "string"}}}}}}`)})
	require.NoError(t, err)
	return c
}

// answers are exchanges that follow each other by a second; each is the id of
// an operation and a reply: a status, header lines, an empty line and a body.
func answers(t *testing.T, c *spec.Contract, base string, pairs ...string) []*contract.Exchange {
	t.Helper()
	var out []*contract.Exchange
	for i := 0; i+1 < len(pairs); i += 2 {
		op := c.Operation(pairs[i])
		require.NotNil(t, op, pairs[i])
		e := &contract.Exchange{
			Step: op.ID, Operation: op.ID, Params: map[string]string{"id": "b1"}, Start: time.Unix(int64(i), 0), Elapsed: time.Millisecond,
			Request: contract.Request{Method: op.Method, URL: base + strings.ReplaceAll(op.Path, "{id}", "b1")},
		}
		head, body, _ := strings.Cut(pairs[i+1], "\n\n")
		e.Response = &contract.Response{Header: http.Header{}, Body: []byte(body)}
		for n, line := range strings.Split(head, "\n") {
			if n == 0 {
				_, err := fmt.Sscan(line, &e.Response.Status)
				require.NoError(t, err)
				continue
			}
			name, value, _ := strings.Cut(line, ":")
			e.Response.Header.Add(name, strings.TrimSpace(value))
		}
		out = append(out, e)
	}
	return out
}

func TestWhatWasMadeIsInAListThatIsWhole(t *testing.T) {
	t.Parallel()
	const (
		boxList  = `{"type": "array", "items": {"$ref": "#/components/schemas/Box"}}`
		wrapped  = `{"type": "object", "properties": {"boxes": ` + boxList + `, "labels": {"type": "array", "items": {"$ref": "#/components/schemas/Label"}}}}`
		unspoken = `{"type": "object"}`
		ids      = `{"type": "object", "properties": {"boxes": {"type": "array", "items": {"type": "string"}}}}`
		limit    = `{"name": "limit", "in": "query", "schema": {"type": "integer", "default": 3}}`
		page     = `{"name": "page", "in": "query", "schema": {"type": "integer"}}`
		state    = `{"name": "state", "in": "query", "schema": {"type": "string", "default": "full"}}`
		sort     = `{"name": "sort", "in": "query", "schema": {"type": "string", "default": "id"}}`
		other    = `{"id": "b0"}`
	)
	for _, row := range []struct {
		name, list, parameters, reply string
		finds                         bool
	}{
		{name: "a bare list", list: boxList, reply: `[` + other + `]`, finds: true},
		{name: "a wrapped list", list: wrapped, reply: `{"boxes": [` + other + `]}`, finds: true},
		{name: "a wrapped list with nothing in it", list: wrapped, reply: `{"boxes": []}`, finds: true},
		{name: "two lists, of which one is of boxes", list: wrapped, reply: `{"boxes": [], "labels": [` + other + `]}`, finds: true},
		{name: "a list that nobody described", list: unspoken, reply: `{"data": [` + other + `]}`, finds: true},
		{name: "a list that can be sorted", list: wrapped, parameters: sort, reply: `{"boxes": []}`, finds: true},
		{name: "the total says that it is whole", list: wrapped, parameters: limit, reply: `{"boxes": [` + other + `], "total": 1}`, finds: true},
		{name: "the meta data say that it is whole", list: wrapped, parameters: limit, reply: `{"boxes": [], "meta": {"page": {"total_count": "0"}}}`, finds: true},
		{name: "there is no next one", list: wrapped, parameters: page, reply: `{"boxes": [], "_links": {"next": null}}`, finds: true},
		{name: "there is no more", list: wrapped, parameters: page, reply: `{"boxes": [], "has_more": false}`, finds: true},
		{name: "a header has the total", list: boxList, parameters: page, reply: "X-Total-Count: 1\n\n[" + other + `]`, finds: true},
		{name: "a header has no next page", list: boxList, parameters: page, reply: "X-Next-Page:\nX-Total-Pages: 1\n\n[" + other + `]`, finds: true},
		{name: "the last page of Spring", list: wrapped, parameters: page, reply: `{"boxes": [], "last": true, "number": 0, "size": 20, "totalElements": 0, "totalPages": 0}`, finds: true},

		{name: "it is there", list: wrapped, reply: `{"boxes": [` + other + `, {"id": "b1"}]}`},
		{name: "it is there in other letters", list: wrapped, reply: `{"boxes": [{"id": "B1"}]}`},
		{name: "pages without a word of more", list: boxList, parameters: limit, reply: `[` + other + `]`},
		{name: "a full page", list: wrapped, parameters: limit, reply: `{"boxes": [` + other + `, {"id": "b2"}, {"id": "b3"}], "total": 3}`},
		{name: "a full page by its own words", list: wrapped, parameters: page, reply: `{"boxes": [` + other + `], "perPage": 1, "total": 1}`},
		{name: "a larger total", list: wrapped, reply: `{"boxes": [` + other + `], "total": 2}`},
		{name: "a larger count", list: wrapped, reply: `{"boxes": [` + other + `], "count": 2}`},
		{name: "a next link", list: wrapped, reply: `{"boxes": [], "links": {"next": "/boxes?after=b0"}}`},
		{name: "a next link in an object", list: wrapped, reply: `{"boxes": [], "_links": {"next": {"href": "/boxes?page=2"}}, "total": 0}`},
		{name: "a cursor", list: wrapped, reply: `{"boxes": [], "cursor": "abc"}`},
		{name: "a token to go on with", list: wrapped, reply: `{"boxes": [], "continuationToken": "abc"}`},
		{name: "more", list: wrapped, reply: `{"boxes": [], "hasMore": true}`},
		{name: "not the last page of Spring", list: wrapped, reply: `{"boxes": [], "last": false}`},
		{name: "a header with a next link", list: boxList, reply: "Link: </boxes?page=2>; rel=\"next\", </boxes>; rel=\"first\"\n\n[]"},
		{name: "a header with a larger total", list: boxList, reply: "X-Total-Count: 2\n\n[" + other + `]`},
		{name: "a header with a range", list: boxList, reply: "Content-Range: items 0-0/2\n\n[" + other + `]`},
		{name: "a second page", list: wrapped, reply: `{"boxes": [], "page": 2, "total": 0}`},
		{name: "a filter that is there unasked", list: wrapped, parameters: state, reply: `{"boxes": []}`},
		{name: "ids alone", list: ids, reply: `{"boxes": ["b0"]}`},
		{name: "ids alone in a bare list", list: `{"type": "array"}`, reply: `["b0", "b1"]`},
		{name: "no ids at all", list: ids, reply: `{"boxes": []}`},
		{name: "another list", list: unspoken, reply: `{"warnings": []}`},
		{name: "two lists that nobody described", list: unspoken, reply: `{"boxes": [{"id": "b1"}], "labels": [` + other + `]}`},
		{name: "a map", list: unspoken, reply: `{"boxes": {"b0": {}}}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			c := boxes(t, row.list, row.parameters)
			reply := "200\nContent-Type: application/json\n\n" + row.reply
			if header, body, ok := strings.Cut(row.reply, "\n\n"); ok {
				reply = "200\nContent-Type: application/json\n" + header + "\n\n" + body
			}
			exchanges := answers(t, c, "http://boxes.test", "makeBox", "201\nContent-Type: application/json\n\n"+`{"id": "b1"}`, "listBoxes", reply)
			v := NewJudge(c, "", named(t, "read-back")).Judge(&contract.Case{ID: "x", Expect: contract.Any}, exchanges)
			if !row.finds {
				require.Empty(t, v.Findings)
				return
			}
			require.Len(t, v.Findings, 1)
			require.Equal(t, "what was made is not in the list", v.Findings[0].Message)
		})
	}
}
