package spec

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"strings"
)

// Slice returns one operation as a small OpenAPI document of its own, as JSON:
// its path with that one method, everything referenced but schemas put in
// place, and the schemas it reaches under components. A schema that another
// file or a deep pointer held gets a component name of its own.
//
// Where the place of a schema did not change, its pointer is the same as in
// the contract, so that a finding can name it there.
func (c *Contract) Slice(op *Operation) []byte {
	s := &slicer{schemas: map[string]any{}, names: map[string]string{}}
	item := map[string]any{strings.ToLower(op.Method): s.operation(op)}
	return c.document(s, op.Path, item)
}

// document is the one path with all that it reaches.
func (c *Contract) document(s *slicer, path string, item any) []byte {
	for s.drain() {
	}
	doc := map[string]any{
		"openapi": c.OpenAPI,
		"info":    map[string]any{"title": c.Title, "version": "1"},
		"paths":   map[string]any{path: item},
	}
	if dialect := c.root.Get("jsonSchemaDialect").Text(); dialect != "" {
		doc["jsonSchemaDialect"] = dialect
	}
	if len(s.schemas) > 0 {
		doc["components"] = map[string]any{"schemas": s.schemas}
	}
	out, err := json.Marshal(doc)
	if err != nil { // only values that came from JSON are in it
		panic(err)
	}
	return out
}

// SliceRequest is Slice without the operation's replies. It judges requests as
// Slice does, and in a large document it is very much smaller.
func (c *Contract) SliceRequest(op *Operation) []byte {
	asked := *op
	asked.Responses = nil
	return c.Slice(&asked)
}

// The pointers of the one schema in a document that [Contract.SliceSchema] makes.
const (
	RequestSchema  = "/paths/~1value/post/requestBody/content/application~1json/schema"
	ResponseSchema = "/paths/~1value/post/responses/200/content/application~1json/schema"
)

// SliceSchema returns one schema, with all that it reaches, as a small document
// in which it is the schema of a request, or of a response: at [RequestSchema],
// or at [ResponseSchema].
func (c *Contract) SliceSchema(n Node, response bool) []byte {
	s := &slicer{schemas: map[string]any{}, names: map[string]string{}}
	content := map[string]any{"content": map[string]any{"application/json": map[string]any{"schema": s.schema(n, 0)}}}
	reply := map[string]any{"description": ""}
	op := map[string]any{"operationId": "op", "responses": map[string]any{"200": reply}}
	if response {
		reply["content"] = content["content"]
	} else {
		op["requestBody"] = content
	}
	return c.document(s, "/value", map[string]any{"post": op})
}

// ReplySlice is a document that has one declared response and all that it
// reaches: enough to judge a response by. Its path and method stand for those of
// any operation.
type ReplySlice struct {
	// ID is the same for two slices of a contract that are the same.
	ID string
	// Text makes the document.
	Text func() []byte
}

// SliceReply returns the slice of a response that an operation declares. Where
// it is nil, the slice is that of the statuses that are declared instead.
func (c *Contract) SliceReply(op *Operation, declared *Response) ReplySlice {
	outline := func() (*slicer, map[string]any) {
		s := &slicer{schemas: map[string]any{}, names: map[string]string{}}
		bare := *op
		bare.Parameters, bare.Body, bare.Responses = nil, nil, nil
		if declared != nil {
			bare.Responses = []Response{*declared}
		} else {
			for _, r := range op.Responses {
				bare.Responses = append(bare.Responses, Response{Status: r.Status})
			}
		}
		return s, map[string]any{"get": s.operation(&bare)}
	}
	s, item := outline()
	id, err := json.Marshal(item)
	if err != nil { // only values that came from JSON are in it
		panic(err)
	}
	sum := sha256.New()
	sum.Write(id)
	for _, n := range s.queue {
		sum.Write([]byte("\n" + n.id()))
	}
	return ReplySlice{
		ID:   hex.EncodeToString(sum.Sum(nil)),
		Text: func() []byte { s, item := outline(); return c.document(s, "/reply", item) },
	}
}

// slicer copies what an operation reaches.
type slicer struct {
	schemas map[string]any
	names   map[string]string // component name by file and pointer
	queue   []Node            // named, not yet copied
}

func (s *slicer) drain() bool {
	if len(s.queue) == 0 {
		return false
	}
	n := s.queue[0]
	s.queue = s.queue[1:]
	s.schemas[s.names[n.id()]] = s.schema(n, 0)
	return true
}

func (n Node) id() string { return n.File() + "#" + n.ptr }

func (s *slicer) operation(op *Operation) map[string]any {
	out := map[string]any{"operationId": "op"}
	if len(op.Parameters) > 0 {
		list := make([]any, len(op.Parameters))
		for i := range op.Parameters {
			list[i] = s.parameter(op.Parameters[i].Node)
		}
		out["parameters"] = list
	}
	if op.Body != nil {
		body := map[string]any{"content": s.content(op.Body.Node.Get("content"))}
		if op.Body.Required {
			body["required"] = true
		}
		out["requestBody"] = body
	}
	responses := map[string]any{}
	for _, r := range op.Responses {
		responses[r.Status] = s.response(r.Node)
	}
	if len(responses) == 0 {
		responses["default"] = map[string]any{"description": ""}
	}
	out["responses"] = responses
	return out
}

// parameter keeps all that decides what a value may be.
func (s *slicer) parameter(n Node) map[string]any {
	out := map[string]any{}
	for key, value := range n.Pairs() {
		switch key {
		case "name", "in", "required", "style", "explode", "allowReserved", "allowEmptyValue":
			out[key] = value.Value()
		case "schema":
			out[key] = s.schema(value, 0)
		case "content":
			out[key] = s.content(value)
		}
	}
	if out["in"] == "path" {
		out["required"] = true // the specification demands it; some documents forget
	}
	return out
}

func (s *slicer) content(n Node) map[string]any {
	out := map[string]any{}
	for name, m := range n.Pairs() {
		media := map[string]any{}
		if schema := m.Get("schema"); schema.Exists() {
			media["schema"] = s.schema(schema, 0)
		}
		if encoding := m.Get("encoding"); encoding.Exists() {
			media["encoding"] = s.encoding(encoding)
		}
		out[name] = media
	}
	return out
}

func (s *slicer) encoding(n Node) map[string]any {
	out := map[string]any{}
	for property, e := range n.Pairs() {
		one := map[string]any{}
		for _, key := range []string{"contentType", "style", "explode", "allowReserved"} {
			if v := e.Get(key); v.Exists() {
				one[key] = v.Value()
			}
		}
		out[property] = one
	}
	return out
}

func (s *slicer) response(n Node) map[string]any {
	out := map[string]any{"description": ""}
	if content := n.Get("content"); content.Exists() {
		out["content"] = s.content(content)
	}
	if ext := n.Ext(); ext.Exists() {
		out["x-conformance"] = ext.Value()
	}
	headers := map[string]any{}
	for name, h := range n.Get("headers").Pairs() {
		h = h.Resolve()
		if h.Exists() && !strings.EqualFold(name, "Content-Type") { // to be ignored, says the specification
			headers[name] = s.parameter(h)
		}
	}
	if len(headers) > 0 {
		out["headers"] = headers
	}
	return out
}

// schema copies a schema, with references turned to components.
func (s *slicer) schema(n Node, depth int) any {
	if depth > maxDepth || !n.Exists() {
		return map[string]any{}
	}
	if !n.IsMap() {
		return n.Value()
	}
	out := map[string]any{}
	for key, value := range n.Pairs() {
		switch key {
		case "example", "examples", "description", "title", "externalDocs", "xml",
			"$id", "$anchor", "$dynamicAnchor", "$schema", "$comment", "x-conformance":
			if key == "x-conformance" {
				out[key] = value.Value()
			}
		case "$ref", "$dynamicRef":
			if ref := s.reference(n, value); ref != "" {
				out["$ref"] = ref
			}
		case "properties", "patternProperties", "dependentSchemas", "$defs", "definitions":
			out[key] = s.each(value, depth)
		case "discriminator":
			out[key] = s.discriminator(value)
		case "enum", "const", "default", "required", "dependentRequired", "type":
			out[key] = value.Value()
		default:
			out[key] = s.keyword(key, value, depth)
		}
	}
	return out
}

func (s *slicer) each(n Node, depth int) any {
	if !n.IsMap() {
		return n.Value()
	}
	out := map[string]any{}
	for name, schema := range n.Pairs() {
		out[name] = s.schema(schema, depth+1)
	}
	return out
}

func (s *slicer) keyword(key string, value Node, depth int) any {
	switch {
	case strings.HasPrefix(key, "x-"):
		return value.Value()
	case value.IsMap():
		return s.schema(value, depth+1)
	case value.IsList():
		list := []any{}
		for _, item := range value.Items() {
			list = append(list, s.schema(item, depth+1))
		}
		return list
	}
	return value.Value()
}

// reference names the target of a $ref and has it copied. A reference that
// leads nowhere vanishes: the schema then allows anything, so that a broken
// document cannot make a right reply look wrong (lint reports it).
func (s *slicer) reference(n, ref Node) string {
	if ref.Text() == "" {
		return ""
	}
	target, err := n.file.set.follow(n.file, ref.Text())
	if err != nil {
		return ""
	}
	return "#/components/schemas/" + Escape(s.name(target))
}

var unsafeName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

func (s *slicer) name(target Node) string {
	id := target.id()
	if name, ok := s.names[id]; ok {
		return name
	}
	name := componentName(target)
	for n := 2; s.taken(name); n++ {
		name = fmt.Sprintf("%s.%d", componentName(target), n)
	}
	s.names[id] = name
	s.queue = append(s.queue, target)
	return name
}

func (s *slicer) taken(name string) bool {
	for _, used := range s.names {
		if used == name {
			return true
		}
	}
	return false
}

func componentName(n Node) string {
	if plain, ok := strings.CutPrefix(n.ptr, "/components/schemas/"); ok && !strings.Contains(plain, "/") {
		return Unescape(plain)
	}
	name := strings.Trim(unsafeName.ReplaceAllString(n.ptr, "."), ".")
	if name == "" {
		name = strings.Trim(unsafeName.ReplaceAllString(path.Base(n.File()), "."), ".")
	}
	return name
}

// discriminator keeps the mapping with its targets copied (OpenAPI 3.0.3,
// Discriminator Object: a value is a schema's name or a reference).
func (s *slicer) discriminator(n Node) any {
	out := map[string]any{"propertyName": n.Get("propertyName").Text()}
	mapping := map[string]any{}
	for value, to := range n.Get("mapping").Pairs() {
		ref := to.Text()
		if !strings.ContainsAny(ref, "#/.") {
			ref = "#/components/schemas/" + ref
		}
		if target, err := n.file.set.follow(n.file, ref); err == nil {
			mapping[value] = "#/components/schemas/" + Escape(s.name(target))
		}
	}
	if len(mapping) > 0 {
		out["mapping"] = mapping
	}
	return out
}
