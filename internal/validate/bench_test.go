package validate

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/atlas-contract/conformance/contract"
)

// serviceDocument is a document of the size and shape that a run meets: a create
// with two flags, a path parameter, and a reply that comes plain or wrapped.
const serviceDocument = `
openapi: 3.0.3
info: {title: t, version: "1"}
paths:
  /groups/{groupId}/services:
    post:
      parameters:
        - {name: groupId, in: path, required: true, schema: {type: string, pattern: '^[a-f0-9]{24}$'}}
        - {name: wrapped, in: query, schema: {type: boolean, default: false}}
        - {name: pretty, in: query, schema: {type: boolean, default: false}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              additionalProperties: false
              required: [provider, region]
              properties:
                provider: {type: string, enum: [A, B]}
                region: {type: string}
      responses:
        "201":
          description: made
          headers: {X-Id: {schema: {type: string}}}
          content:
            application/json:
              schema: {anyOf: [{$ref: '#/components/schemas/Service'}, {$ref: '#/components/schemas/Wrapped'}]}
        4XX:
          description: refused
          x-conformance: {bodyOptional: true}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Error'}
components:
  schemas:
    Service:
      type: object
      required: [id, status, names]
      properties:
        id: {type: string, pattern: '^[a-f0-9]{24}$'}
        status: {type: string, enum: [NEW, READY, FAILED]}
        message: {type: string, nullable: true}
        name: {type: string, nullable: true}
        names: {type: array, items: {type: string}}
    Wrapped:
      type: object
      required: [status, content]
      properties:
        status: {type: integer, minimum: 100, maximum: 599}
        content: {$ref: '#/components/schemas/Service'}
    Error:
      type: object
      required: [error, reason]
      properties:
        error: {type: integer}
        reason: {type: string}
`

const serviceTarget = "/groups/5f7cac1adf5d6c6306f4b283/services?wrapped=true"

func serviceRequest() *contract.Request {
	return &contract.Request{
		Method: "POST", URL: "http://127.0.0.1" + serviceTarget,
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   []byte(`{"provider":"A","region":"us-east-1"}`),
	}
}

func serviceResponse() *contract.Response {
	return &contract.Response{
		Status: 201, Header: http.Header{"Content-Type": {"application/json"}, "X-Id": {"1"}},
		Body: []byte(`{"status":201,"content":{"id":"5f7cac1adf5d6c6306f4b284","status":"NEW","message":null,"name":null,"names":["vpce-0a1b2c3d4e5f60718","vpce-0a1b2c3d4e5f60719","vpce-0a1b2c3d4e5f6071a","vpce-0a1b2c3d4e5f6071b"]}}`),
	}
}

func serviceOperation(t testing.TB) *Operation {
	t.Helper()
	o, err := New([]byte(serviceDocument))
	require.NoError(t, err)
	return o
}

// BenchmarkExchange judges a request and its response by all three opinions;
// the budget is 150 µs.
func BenchmarkExchange(b *testing.B) {
	o := serviceOperation(b)
	r, resp := serviceRequest(), serviceResponse()
	require.True(b, o.Request(r, serviceTarget).OK())
	require.True(b, o.Response(r, serviceTarget, resp).OK())
	for _, part := range []struct {
		name string
		run  func()
	}{
		{"both", func() { o.Request(r, serviceTarget); o.Response(r, serviceTarget, resp) }},
		{"request", func() { o.Request(r, serviceTarget) }},
		{"response", func() { o.Response(r, serviceTarget, resp) }},
		{"strict/request", func() { to, err := parseTarget(serviceTarget); (&strictly{doc: o.doc}).request(r, to, err) }},
		{"strict/response", func() { (&strictly{doc: o.doc}).response("POST", resp) }},
		{"kin/response", func() { o.kin.response(resp) }},
		{"lib/request", func() { o.lib.request(r, location(serviceTarget)) }},
		{"lib/response", func() { o.lib.response(resp) }},
	} {
		b.Run(part.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				part.run()
			}
		})
	}
}

// BenchmarkFirst is what the first exchange of an operation costs: all three
// opinions are compiled.
func BenchmarkFirst(b *testing.B) {
	r, resp := serviceRequest(), serviceResponse()
	for b.Loop() {
		o, err := New([]byte(serviceDocument))
		require.NoError(b, err)
		o.Request(r, serviceTarget)
		o.Response(r, serviceTarget, resp)
	}
}
