package spec

import (
	"testing"
	"time"
)

// FuzzLoad: whatever a document says, it is read or refused with its name, soon
// and without a panic, and so are its links and resources.
func FuzzLoad(f *testing.F) {
	f.Add([]byte("openapi: 3.0.3\ninfo: { title: T, version: '1' }\npaths: { /a/{id}: { get: { responses: { '200': { description: d } } }, parameters: [{ name: id, in: path }] } }"))
	f.Add([]byte("openapi: 3.1.0\npaths: { /a: { $ref: '#/paths/~1b' }, /b: { $ref: '#/paths/~1a' } }"))
	f.Add([]byte(`{"openapi":"3.1.0","paths":{"/a":{"post":{"x-conformance":{"creates":{"unique":["$request.body#/a"]}},"responses":{"4XX":{"links":{"l":{"operationId":"x"}}}}}}}}`))
	f.Add([]byte("openapi: 3.0.0\nx-conformance: { statements: [{ id: A }] }\ncomponents: { schemas: { A: { allOf: [{ $ref: '#/components/schemas/A' }] } } }"))
	f.Add([]byte("swagger: '2.0'"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		begin := time.Now()
		c, err := Load(Source{Name: "doc.yaml", Data: data})
		if (c == nil) == (err == nil) {
			t.Fatalf("neither read nor refused: %v", err)
		}
		if err != nil {
			return
		}
		for _, op := range c.Operations {
			c.Links(op)
			c.Resource(op)
			c.Slice(op)
		}
		if took := time.Since(begin); took > 20*time.Second {
			t.Fatalf("it took %v", took)
		}
	})
}
