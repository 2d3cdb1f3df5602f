package checks

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// odd is a document about parcels of which many replies are right.
const odd = `{"openapi": "3.0.3", "info": {"title": "odd", "version": "1"}, "servers": [{"url": "http://odd.test/v1"}], "paths": {
	"/parcels": {
		"get": {"operationId": "listParcels", "responses": {"200": {"description": "all", "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Parcel"}}}}}}},
		"post": {"operationId": "sendParcel",
			"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Parcel"}}}},
			"responses": {
				"200": {"description": "there was one", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Parcel"}}}},
				"201": {"description": "made", "headers": {"Location": {"required": true, "schema": {"type": "string"}}}, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Parcel"}}}},
				"202": {"description": "to be made", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Parcel"}}}},
				"default": {"$ref": "#/components/responses/Problem"}},
			"x-conformance": {"creates": {"id": "$response.body#/id"}}}},
	"/parcels/{id}": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
		"get": {"operationId": "readParcel", "responses": {
			"200": {"description": "one", "headers": {"ETag": {"schema": {"type": "string"}}}, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Parcel"}}}},
			"default": {"$ref": "#/components/responses/Problem"}}},
		"put": {"operationId": "stampParcel", "responses": {"200": {"description": "stamped"}, "default": {"$ref": "#/components/responses/Problem"}}},
		"delete": {"operationId": "dropParcel", "responses": {"204": {"description": "dropped"}, "default": {"$ref": "#/components/responses/Problem"}}}}},
	"components": {
		"responses": {"Problem": {"description": "refused", "content": {"application/problem+json": {"schema": {"type": "object", "properties": {
			"status": {"type": "integer", "x-conformance": {"is": "$statusCode"}}, "title": {"type": "string", "x-conformance": {"is": "$statusPhrase"}}}}}}}},
		"schemas": {"Parcel": {"type": "object", "required": ["id"], "properties": {
			"id": {"type": "string"}, "label": {"type": "string", "maxLength": 6}, "weight": {"type": "integer"}, "price": {"type": "number", "multipleOf": 0.01},
			"due": {"type": "string", "format": "date-time"}, "made": {"type": "string", "format": "date-time", "x-conformance": {"immutable": true}},
			"key": {"type": "string", "format": "uuid"}, "link": {"type": "string", "format": "uri-reference"},
			"tags": {"type": "array", "items": {"type": "string"}}}}}}}`

const (
	asJSON    = "\nContent-Type: application/json\n\n"
	asProblem = "\nContent-Type: application/problem+json\n\n"
	located   = "\nLocation: /v1/parcels/b1"
)

// unusual are right servers that few would write. Each is what was sent to make
// a parcel, "" for a plain one, and operations with their replies in turn.
func unusual() map[string][]string {
	return map[string][]string{
		"a media type in capitals with a charset":   {"", "readParcel", "200\nContent-Type: Application/JSON;charset=UTF-8\n\n" + `{"id":"b1"}`},
		"a charset in quotes and a further one":     {"", "readParcel", "200\nContent-Type: application/json ; profile=\"a;b\" ; charset=\"utf-8\"\n\n" + `{"id":"b1"}`},
		"header names in small letters":             {`{}`, "sendParcel", "201\nlocation: parcels/b1\ncontent-type: application/json\n\n" + `{"id":"b1"}`},
		"an empty body that nobody described":       {"", "stampParcel", "200\n\n"},
		"an empty body with a media type":           {"", "stampParcel", "200\nContent-Type: application/json\nContent-Length: 0\n\n"},
		"a body that nobody described":              {"", "stampParcel", "200" + asJSON + `{"ok":true}`},
		"nothing, with a media type":                {"", "dropParcel", "204\nContent-Type: text/plain; charset=utf-8\n\n"},
		"in chunks":                                 {"", "readParcel", "200\nTransfer-Encoding: chunked" + asJSON + `{"id":"b1"}`},
		"further members":                           {"", "readParcel", "200" + asJSON + `{"id":"b1","_links":{"self":{"href":"/v1/parcels/b1"}},"x":null}`},
		"white space wherever JSON may have it":     {"", "readParcel", "200" + asJSON + "\r\n { \"id\"\t: \"b1\" } \n"},
		"unicode escapes":                           {"", "readParcel", "200" + asJSON + `{"\u0069d":"\u00621","label":"\ud83d\ude00\u00e9\/abc"}`},
		"an integer with a fraction of nought":      {"", "readParcel", "200" + asJSON + `{"id":"b1","weight":1.0}`},
		"an integer with an exponent":               {"", "readParcel", "200" + asJSON + `{"id":"b1","weight":1E2,"price":1.10e1}`},
		"a time with an offset":                     {"", "readParcel", "200" + asJSON + `{"id":"b1","due":"2026-11-25T23:59:59.123456789-12:45"}`},
		"a time in small letters":                   {"", "readParcel", "200" + asJSON + `{"id":"b1","due":"2026-11-25t08:00:00z"}`},
		"a leap second":                             {"", "readParcel", "200" + asJSON + `{"id":"b1","due":"2016-12-31T23:59:60Z"}`},
		"a UUID in capitals":                        {"", "readParcel", "200" + asJSON + `{"id":"b1","key":"7D0A86B5-2F0C-4F3C-9D0E-0D7B3D5F6A11","link":"../a?b=c#d"}`},
		"a weak entity tag and headers beside":      {"", "readParcel", "200\nETag: W/\"1\"\nVary: Accept\nVary: Origin" + asJSON + `{"id":"b1"}`},
		"a relative Location":                       {`{}`, "sendParcel", "201\nLocation: ./parcels/b1" + asJSON + `{"id":"b1"}`},
		"an absolute Location behind a gateway":     {`{}`, "sendParcel", "201\nLocation: https://inside.test:8443/inner/odd/parcels/b1?v=1#x" + asJSON + `{"id":"b1"}`},
		"a Location with a slash at its end":        {`{}`, "sendParcel", "201\nLocation: /v1/parcels/b1/" + asJSON + `{"id":"b1"}`},
		"a Location with escapes":                   {`{}`, "sendParcel", "201\nLocation: /v1/parcels/%62%31" + asJSON + `{"id":"b1"}`},
		"sent at one offset, read at another":       {`{"due":"2027-03-04T09:30:00.5+01:00"}`, "sendParcel", "201" + located + asJSON + `{"id":"b1","due":"2027-03-04T08:30:00Z"}`},
		"sent apart, read composed":                 {`{"label":"e\u0301"}`, "sendParcel", "201" + located + asJSON + `{"id":"b1","label":"\u00e9"}`},
		"sent as a fraction, read without":          {`{"weight":3.0,"price":4.50}`, "sendParcel", "201" + located + asJSON + `{"id":"b1","weight":3,"price":4.5}`},
		"sent beyond double precision":              {`{"weight":9007199254740993}`, "sendParcel", "201" + located + asJSON + `{"id":"b1","weight":9007199254740992}`},
		"tags in another order":                     {`{"tags":["a","b"]}`, "sendParcel", "201" + located + asJSON + `{"id":"b1","tags":["b","a"]}`, "readParcel", "200" + asJSON + `{"id":"b1","tags":["a","b"]}`},
		"a list in another order":                   {"", "sendParcel", "201" + located + asJSON + `{"id":"b1"}`, "listParcels", "200" + asJSON + `[{"id":"b1"},{"id":"b0"}]`, "listParcels", "200" + asJSON + `[{"id":"b0"},{"id":"b1"}]`},
		"one instant in two spellings":              {"", "sendParcel", "201" + located + asJSON + `{"id":"b1","made":"2026-11-25T08:00:00Z"}`, "readParcel", "200" + asJSON + `{"id":"b1","made":"2026-11-25T09:00:00.000+01:00"}`},
		"less in the list than in the read":         {"", "readParcel", "200" + asJSON + `{"id":"b1","label":"a","tags":[]}`, "listParcels", "200" + asJSON + `[{"id":"b1"}]`},
		"made later":                                {`{}`, "sendParcel", "202" + asJSON + `{"id":"b1"}`, "readParcel", "404" + asProblem + `{"status":404}`, "listParcels", "200" + asJSON + `[]`},
		"made before, and found again":              {`{}`, "sendParcel", "201" + located + asJSON + `{"id":"b1"}`, "sendParcel", "200" + asJSON + `{"id":"b1"}`},
		"a problem with a decimal status":           {"", "readParcel", "404" + asProblem + `{"status":404.0}`},
		"a problem with a phrase of today":          {"", "readParcel", "422" + asProblem + `{"title":"Unprocessable Content"}`},
		"a problem that says nothing":               {"", "readParcel", "410" + asProblem + `{}`},
		"a problem that repeats the path":           {"", "readParcel", "404" + asProblem + `{"instance":"/v1/parcels/b1"}`},
		"a problem about a place of the input":      {`{"label":`, "sendParcel", "400" + asProblem + `{"detail":"unexpected end at line(1), at position(10)"}`},
		"a problem that repeats what looks inside":  {`{"label":"/usr/lib/x.py:12"}`, "sendParcel", "400" + asProblem + `{"detail":"label is longer than 6: /usr/lib/x.py:12"}`},
		"a method that is refused for now":          {"", "stampParcel", "405\nAllow: GET, HEAD, OPTIONS" + asProblem + `{}`},
		"Allow in two lines":                        {"", "stampParcel", "405\nAllow: GET\nAllow: DELETE, HEAD" + asProblem + `{}`},
		"an Allow that knows more":                  {"", "stampParcel", "405\nAllow:GET ,DELETE,PATCH,PROPFIND" + asProblem + `{}`},
		"a time to wait":                            {"", "readParcel", "429\nRetry-After: Wed, 25 Nov 2026 08:00:00 GMT" + asProblem + `{"status":429}`},
		"a language and a length beside everything": {"", "readParcel", "200\nContent-Language: de\nContent-Length: 11\nConnection: close" + asJSON + `{"id":"b1"}`},
	}
}

// TestAnUnusualServerIsRight holds right exchanges to every check. What the
// document is silent about may warn, and must not break.
func TestAnUnusualServerIsRight(t *testing.T) {
	t.Parallel()
	c, err := spec.Load(spec.Source{Name: "odd.json", Data: []byte(odd)})
	require.NoError(t, err)
	mayWarn := map[string]bool{"a method that is refused for now": true}
	for name, row := range unusual() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			exchanges := answers(t, c, "http://odd.test/v1", row[1:]...)
			for _, e := range exchanges {
				if e.Operation == "sendParcel" && row[0] != "" {
					e.Request.Body = []byte(row[0])
				}
			}
			v := NewJudge(c, "/v1", All()).Judge(&contract.Case{ID: "x", Expect: contract.Any}, exchanges)
			if mayWarn[name] {
				require.NotEqual(t, contract.Broken, v.Outcome, "%+v", v.Findings)
				return
			}
			require.Empty(t, v.Findings)
		})
	}
}
