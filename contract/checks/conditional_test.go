package checks

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// condition is a case of several exchanges with one card. Each line of the
// exchanges is
//
//	METHOD [header field] = status ETag|- body
type condition struct {
	name, exchanges string
	finds           string // what the message has, "" for no finding
	doubt           string
	recorded        bool
}

const cardDocument = `{"openapi": "3.0.3", "info": {"title": "a", "version": "1"}, "paths": {"/card": {
	"get": {"operationId": "GET", "responses": {"200": {"description": "a"}, "304": {"description": "as it was"}}},
	"patch": {"operationId": "PATCH", "responses": {"200": {"description": "a"}, "412": {"description": "changed"}}},
	"delete": {"operationId": "DELETE", "responses": {"204": {"description": "gone"}, "412": {"description": "changed"}}}}}}`

func conditions() []condition {
	const (
		read    = `GET = 200 "v1" {"text":"old"}` + "\n"
		refused = `PATCH If-Match: "other" = 412 - {}` + "\n"
	)
	return []condition{
		{name: "as it was", exchanges: read + `GET If-None-Match: "v1" = 304 "v1"`},
		{name: "changed", exchanges: read + `GET If-None-Match: "v1" = 200 "v2" {}`},
		{name: "no tag", exchanges: `GET If-None-Match: "v1" = 200 - {}`},
		{name: "no tag with 304", exchanges: read + `GET If-None-Match: "v1" = 304 -`},
		{name: "any tag", exchanges: `GET If-None-Match: * = 304 "v1"`},
		{name: "one of several, with a comma", exchanges: `GET If-None-Match: "a,b", W/"v1" = 304 "v1"`},
		{name: "sent again", exchanges: read + `GET If-None-Match: "v1" = 200 "v1" {}`, finds: "in full"},
		{name: "sent again, by the weak comparison", exchanges: `GET If-None-Match: W/"v1" = 200 "v1" {}`, finds: "in full"},
		{name: "sent again, one of several", exchanges: `GET If-None-Match: "a,b", "v1" = 200 "v1" {}`, finds: "in full"},
		{name: "sent again, recorded", exchanges: `GET If-None-Match: "v1" = 200 "v1" {}`, recorded: true},
		{name: "part of another tag", exchanges: `GET If-None-Match: "a, "v1" = 200 "v1" {}`},
		{name: "not as it was", exchanges: `GET If-None-Match: "v1" = 304 "v2"`, finds: "got 304"},

		{name: "refused, and unchanged", exchanges: read + refused + read},
		{name: "refused, and changed", exchanges: read + refused + `GET = 200 "v2" {"text":"new"}`, finds: "made all the same"},
		{name: "refused, and changed by something else", exchanges: read + refused + `GET = 200 "v2" {"text":"newer"}`},
		{name: "refused, and as sent before", exchanges: `GET = 200 "v1" {"text":"new"}` + "\n" + refused + `GET = 200 "v1" {"text":"new"}`},
		{name: "refused, and written again", exchanges: read + refused + "PATCH = 200 - {}\n" + `GET = 200 "v2" {"text":"new"}`},
		{name: "refused, and gone", exchanges: read + `DELETE If-Match: "other" = 412 - {}` + "\nGET = 404 - {}", finds: "made all the same"},
		{name: "refused, and still there", exchanges: read + `DELETE If-Match: "other" = 412 - {}` + "\n" + read},
		{name: "refused with the tag", exchanges: read + `PATCH If-Match: "v1" = 412 - {}` + "\n" + read, finds: "names the current tag"},
		{name: "refused with the tag, doubted", exchanges: read + `PATCH If-Match: "v1" = 412 - {}` + "\n" + read, finds: "names the current tag", doubt: "no parameter"},
		{name: "refused with the tag, changed meanwhile", exchanges: read + `PATCH If-Match: "v1" = 412 - {}` + "\n" + `GET = 200 "v2" {"text":"old"}`},
		{name: "refused with a weak tag", exchanges: strings.ReplaceAll(read+`PATCH If-Match: "v1" = 412 - {}`+"\n"+read, `"v1"`, `W/"v1"`)},
		{name: "nothing read before", exchanges: `PATCH If-Match: "v1" = 412 - {}` + "\n" + read},
	}
}

func TestConditions(t *testing.T) {
	t.Parallel()
	c, err := spec.Load(spec.Source{Name: "cards.json", Data: []byte(cardDocument)})
	require.NoError(t, err)
	for _, q := range conditions() {
		t.Run(q.name, func(t *testing.T) {
			t.Parallel()
			var exchanges []*contract.Exchange
			for _, line := range strings.Split(strings.TrimSpace(q.exchanges), "\n") {
				exchanges = append(exchanges, q.exchange(t, line))
			}
			findings := NewJudge(c, "", named(t, "conditional")).Judge(&contract.Case{ID: "x", Doubt: q.doubt}, exchanges).Findings
			if q.finds == "" {
				require.Empty(t, findings)
				return
			}
			require.Len(t, findings, 1)
			require.Contains(t, findings[0].Message, q.finds)
			require.Equal(t, q.doubt != "", findings[0].Evidence == contract.Assumed)
		})
	}
}

func (q condition) exchange(t *testing.T, line string) *contract.Exchange {
	t.Helper()
	asked, answered, ok := strings.Cut(line, " = ")
	require.True(t, ok, line)
	method, field, _ := strings.Cut(asked, " ")
	e := &contract.Exchange{Operation: method, Recorded: q.recorded, Request: contract.Request{Method: method, URL: "http://cards.test/card", Header: http.Header{}}}
	if name, value, has := strings.Cut(field, ": "); has {
		e.Request.Header.Set(name, value)
	}
	if method == "PATCH" {
		e.Request.Body = []byte(`{"text":"new"}`)
	}
	parts := append(strings.SplitN(answered, " ", 3), "")
	status, err := strconv.Atoi(parts[0])
	require.NoError(t, err)
	e.Response = &contract.Response{Status: status, Header: http.Header{}, Body: []byte(parts[2])}
	if parts[1] != "-" {
		e.Response.Header.Set("ETag", parts[1])
	}
	return e
}
