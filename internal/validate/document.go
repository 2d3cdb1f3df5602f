package validate

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// document is the slice as the strict layer reads it.
type document struct {
	root   map[string]any
	is30   bool
	path   string // the one path template
	method string // upper case

	patterns *patterns
	compiler *compiler

	template   *template
	parameters []*parameter
	body       *bodyRule
	responses  map[string]*responseRule // by status key, upper case
}

// parameter is a parameter of the request, or a header of a response.
type parameter struct {
	name, in, style string
	explode         bool
	required        bool
	allowEmpty      bool
	// isJSON tells that the text is JSON, by a content with a JSON media type;
	// opaque that it is of another media type.
	isJSON, opaque bool
	schema         *schema // nil where the document has none
}

// bodyRule is what a request body must be.
type bodyRule struct {
	required bool
	content  []mediaRule
}

// responseRule is what a response must be.
type responseRule struct {
	pointer  string
	content  []mediaRule
	declared bool // the document has a content, perhaps an empty one
	headers  []*parameter
	// bodyOptional is the extension x-conformance: {bodyOptional: true}.
	bodyOptional bool
}

// mediaRule is one entry of a content.
type mediaRule struct {
	key      string // media type or range, lower case, without parameters
	schema   *schema
	encoding map[string]any
}

// readDocument reads the outline of a slice; schemas are compiled by prepare.
func readDocument(text []byte) (*document, error) {
	root, err := decodeDocument(text)
	if err != nil {
		return nil, err
	}
	version, _ := root["openapi"].(string)
	if !strings.HasPrefix(version, "3.") {
		return nil, fmt.Errorf("read the document: openapi is %s, and only 3.x can be judged", quote(version))
	}
	d := &document{root: root, is30: strings.HasPrefix(version, "3.0"), patterns: &patterns{}}
	if err := d.findOperation(); err != nil {
		return nil, err
	}
	return d, nil
}

func (d *document) findOperation() error {
	paths, _ := d.root["paths"].(map[string]any)
	if len(paths) != 1 {
		return fmt.Errorf("read the document: it has %d paths, and exactly one can be judged", len(paths))
	}
	for path, item := range paths {
		d.path = path
		object, _ := item.(map[string]any)
		for _, method := range []string{"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"} {
			if _, ok := object[method].(map[string]any); !ok {
				continue
			}
			if d.method != "" {
				return errors.New("read the document: its path has more than one operation")
			}
			d.method = strings.ToUpper(method)
		}
	}
	if d.method == "" {
		return errors.New("read the document: its path has no operation")
	}
	return nil
}

// prepare compiles all that the strict layer needs of the operation.
func (d *document) prepare() {
	d.compiler = &compiler{doc: d.root, is30: d.is30, patterns: d.patterns, done: map[string]*schema{}}
	d.template = compileTemplate(d.path)
	item := joinPointer("/paths", d.path)
	operation := joinPointer(item, strings.ToLower(d.method))
	d.parameters = d.readParameters(operation+"/parameters", item+"/parameters")
	if pointer, body := d.object(operation + "/requestBody"); body != nil {
		required, _ := body["required"].(bool)
		d.body = &bodyRule{required: required, content: d.readContent(pointer+"/content", body["content"])}
	}
	d.responses = map[string]*responseRule{}
	if pointer, responses := d.object(operation + "/responses"); responses != nil {
		for status := range responses {
			d.responses[strings.ToUpper(status)] = d.readResponse(joinPointer(pointer, status))
		}
	}
}

// object is the object at a pointer, past any reference, with its own pointer.
func (d *document) object(pointer string) (string, map[string]any) {
	for range maxDepth {
		node, _ := at(d.root, pointer)
		object, ok := node.(map[string]any)
		if !ok {
			return pointer, nil
		}
		ref, ok := object["$ref"].(string)
		if !ok || !strings.HasPrefix(ref, "#/") {
			return pointer, object
		}
		pointer = ref[1:]
	}
	return pointer, nil
}

func (d *document) readParameters(own, shared string) []*parameter {
	var list []*parameter
	taken := map[string]bool{}
	for _, pointer := range []string{own, shared} {
		node, _ := at(d.root, pointer)
		items, _ := node.([]any)
		for i := range items {
			at, object := d.object(pointer + "/" + strconv.Itoa(i))
			if object == nil {
				continue
			}
			name, _ := object["name"].(string)
			in, _ := object["in"].(string)
			if taken[in+":"+name] || ignoredHeader(in, name) {
				continue
			}
			taken[in+":"+name] = true
			list = append(list, d.readParameter(at, object, name, in))
		}
	}
	return list
}

// ignoredHeader tells that a header parameter shall be ignored, says the
// Parameter Object: other parts of the document describe it.
func ignoredHeader(in, name string) bool {
	if in != PlaceHeader {
		return false
	}
	switch strings.ToLower(name) {
	case "accept", "content-type", "authorization":
		return true
	}
	return false
}

func (d *document) readParameter(pointer string, object map[string]any, name, in string) *parameter {
	p := &parameter{name: name, in: in}
	p.required, _ = object["required"].(bool)
	p.required = p.required || in == PlacePath
	p.allowEmpty, _ = object["allowEmptyValue"].(bool)
	p.style, _ = object["style"].(string)
	if p.style == "" {
		p.style = "simple"
		if in == PlaceQuery || in == PlaceCookie {
			p.style = "form"
		}
	}
	explode, ok := object["explode"].(bool)
	p.explode = explode || !ok && p.style == "form"
	if _, ok := object["schema"]; ok {
		p.schema = d.compiler.at(pointer+"/schema", "")
	} else if content, ok := object["content"].(map[string]any); ok {
		for _, m := range d.readContent(pointer+"/content", content) {
			p.isJSON, p.opaque, p.schema = isJSON(m.key), !isJSON(m.key), m.schema
		}
	}
	return p
}

func (d *document) readContent(pointer string, content any) []mediaRule {
	object, _ := content.(map[string]any)
	var list []mediaRule
	for _, key := range sortedKeys(object) {
		at, media := d.object(joinPointer(pointer, key))
		rule := mediaRule{key: mediaKey(key)}
		rule.encoding, _ = media["encoding"].(map[string]any)
		if _, ok := media["schema"]; ok {
			rule.schema = d.compiler.at(at+"/schema", "")
		}
		list = append(list, rule)
	}
	return list
}

func (d *document) readResponse(pointer string) *responseRule {
	pointer, object := d.object(pointer)
	r := &responseRule{pointer: pointer}
	r.content = d.readContent(pointer+"/content", object["content"])
	r.declared = len(r.content) > 0
	extension, _ := object["x-conformance"].(map[string]any)
	r.bodyOptional, _ = extension["bodyOptional"].(bool)
	headers, _ := object["headers"].(map[string]any)
	for _, name := range sortedKeys(headers) {
		at, header := d.object(joinPointer(pointer+"/headers", name))
		if header != nil && !strings.EqualFold(name, "Content-Type") {
			r.headers = append(r.headers, d.readParameter(at, header, name, PlaceHeader))
		}
	}
	return r
}

// response is the rule for a status: its own, that of its range, or default.
func (d *document) response(status int) *responseRule {
	code := strconv.Itoa(status)
	if len(code) == 3 {
		for _, key := range []string{code, code[:1] + "XX"} {
			if r, ok := d.responses[key]; ok {
				return r
			}
		}
	}
	return d.responses["DEFAULT"]
}

// template is a path template that reads the parameters from a path.
type template struct {
	expr  *regexp.Regexp
	names []string
}

func placeholders(path string) [][]int {
	return regexp.MustCompile(`\{[^{}]+\}`).FindAllStringIndex(path, -1)
}

func compileTemplate(path string) *template {
	var b strings.Builder
	t := &template{}
	b.WriteString("^")
	end := 0
	for _, span := range placeholders(path) {
		b.WriteString(regexp.QuoteMeta(path[end:span[0]]))
		b.WriteString("([^/]+)")
		t.names = append(t.names, path[span[0]+1:span[1]-1])
		end = span[1]
	}
	b.WriteString(regexp.QuoteMeta(path[end:]))
	b.WriteString("$")
	t.expr = regexp.MustCompile(b.String())
	return t
}

// match returns the texts of the parameters as they stand in an escaped path.
func (t *template) match(escaped string) (map[string]string, bool) {
	found := t.expr.FindStringSubmatch(escaped)
	if found == nil {
		return nil, false
	}
	values := make(map[string]string, len(t.names))
	for i, name := range t.names {
		values[name] = found[i+1]
	}
	return values, true
}
