package validate

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/atlas-contract/conformance/contract"
)

// Operation holds the three judges of one operation. It is safe for concurrent
// use. Each judge is made when it is first asked.
type Operation struct {
	text    []byte
	doc     *document
	settled []settlement

	prepare sync.Once
	makeKin sync.Once
	makeLib sync.Once
	kin     *kin
	lib     *lib
	kinErr  error
	libErr  error

	values sync.Map // *valued by pointer
}

// New reads a self-contained OpenAPI 3.0 or 3.1 document, in JSON or YAML, that
// has exactly one path with one operation and the components that it reaches.
// It compiles nothing yet.
func New(slice []byte) (*Operation, error) {
	doc, err := readDocument(slice)
	if err != nil {
		return nil, err
	}
	return &Operation{text: slice, doc: doc, settled: settlements()}, nil
}

// Request judges a request. Its URL counts as target says: the path as the
// document knows it, without any base path, and the query. The method is taken
// for that of the operation.
func (o *Operation) Request(r *contract.Request, target string) Result {
	o.prepare.Do(o.doc.prepare)
	to, malformed := parseTarget(target)
	j := &strictly{doc: o.doc}
	j.request(r, to, malformed)
	f := o.facts(r.Header, r.Body)
	f.separator = escapedSeparator(target)
	if malformed != nil {
		silent := opinion{silent: true}
		return judge(o.settled, f, [judges]opinion{j.opinion(), silent, silent})
	}
	values, _ := o.doc.template.match(to.path)
	return o.weigh(f, j.opinion(),
		func(k *kin) opinion {
			if values == nil && len(o.doc.template.names) > 0 {
				return opinion{silent: true} // kin is told the path's parameters, and there are none
			}
			return k.request(r, location(target), values)
		},
		func(l *lib) opinion { return l.request(r, location(target)) })
}

func (o *Operation) facts(h http.Header, body []byte) facts {
	return facts{is30: o.doc.is30, body: body, isJSON: isJSON(mediaKey(h.Get("Content-Type")))}
}

func escapedSeparator(target string) bool {
	for _, escape := range []string{"%2C", "%2c"} {
		if strings.Contains(target, escape) {
			return true
		}
	}
	return false
}

// location is the URL of a target that has been parsed before.
func location(target string) *url.URL {
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return &url.URL{Path: "/"}
	}
	return u
}

// Response judges a response. Of the request only the method counts; r may be
// nil where it is not known.
func (o *Operation) Response(r *contract.Request, target string, resp *contract.Response) Result {
	o.prepare.Do(o.doc.prepare)
	method := o.doc.method
	if r != nil && r.Method != "" {
		method = r.Method
	}
	j := &strictly{doc: o.doc}
	j.response(method, resp)
	f := o.facts(resp.Header, resp.Body)
	f.response = true
	rule := o.doc.response(resp.Status)
	f.lacksBody = rule != nil && rule.lacksBody(resp)
	if resp.Truncated || tooDeep(j.claims) || rule != nil && rule.declared && j.bodiless(method, resp) {
		// Both libraries would ask for a body, or judge what is left of one, or
		// take long over one that is as deep as Go can read.
		return judge(o.settled, f, [judges]opinion{j.opinion(), {silent: true}, {silent: true}})
	}
	return o.weigh(f, j.opinion(),
		func(k *kin) opinion { return k.response(resp) },
		func(l *lib) opinion { return l.response(resp) })
}

func tooDeep(claims []claim) bool {
	return slices.ContainsFunc(claims, func(c claim) bool { return c.keyword == ruleDepth })
}

// weigh asks both libraries and weighs all three opinions. For OpenAPI 3.1
// kin-openapi uses an engine of the same make as libopenapi-validator, and
// compiles the schema at every call: there it is asked only where the other two
// differ, or where libopenapi-validator has not seen all that the strict layer
// objects to.
func (o *Operation) weigh(f facts, strict opinion, askKin func(*kin) opinion, askLib func(*lib) opinion) Result {
	opinions := [judges]opinion{byStrict: strict, byKin: {silent: true}}
	opinions[byLib] = o.askLib(askLib)
	unseen := o.lib != nil && o.lib.slim && len(strict.claims) > 0
	if o.doc.is30 || unseen || differ(judge(o.settled, f, opinions)) || opinions[byStrict].unable != "" {
		opinions[byKin] = o.askKin(askKin)
	}
	return judge(o.settled, f, opinions)
}

func differ(r Result) bool {
	for _, p := range r.Problems {
		if p.Dissent != "" {
			return true
		}
	}
	return len(r.Unable) > 0
}

func (o *Operation) askKin(ask func(*kin) opinion) opinion {
	o.makeKin.Do(func() { o.kinErr = guarded(func() (err error) { o.kin, err = newKin(o.text, o.doc); return err }) })
	if o.kinErr != nil {
		return opinion{unable: o.kinErr.Error()}
	}
	return safely(func() opinion { return ask(o.kin) })
}

func (o *Operation) askLib(ask func(*lib) opinion) opinion {
	o.makeLib.Do(func() { o.libErr = guarded(func() (err error) { o.lib, err = newLib(o.text, o.doc); return err }) })
	if o.libErr != nil {
		return opinion{unable: o.libErr.Error()}
	}
	return safely(func() opinion { return ask(o.lib) })
}

// safely makes a panic of a library an opinion that could not be had.
func safely(ask func() opinion) (o opinion) {
	err := guarded(func() error { o = ask(); return nil })
	if err != nil {
		return opinion{unable: err.Error()}
	}
	return o
}

func guarded(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it panicked: %s", firstLine(fmt.Sprint(r)))
		}
	}()
	return f()
}

// valued is an operation whose document has one schema more, so that both
// libraries can find it by name.
type valued struct {
	once      sync.Once
	operation *Operation
	component string
	err       error
}

// valueComponent names a schema that is no component of its own.
const valueComponent = "conformance.value"

// Value judges a JSON text by the schema at a JSON pointer of the document, such
// as /components/schemas/Pet. A pointer into a requestBody or into responses
// says which way the value travels, which is what readOnly and writeOnly depend
// on; elsewhere they are ignored.
func (o *Operation) Value(pointer string, v []byte) Result {
	o.prepare.Do(o.doc.prepare)
	found, _ := o.values.LoadOrStore(pointer, &valued{})
	known := found.(*valued)
	known.once.Do(func() { known.operation, known.component, known.err = o.withSchema(pointer) })
	if known.err != nil {
		return Result{Unable: []string{Strict + ": " + known.err.Error()}}
	}
	return known.operation.value(known.component, v, directionOf(pointer))
}

func directionOf(pointer string) direction {
	switch {
	case !strings.HasPrefix(pointer, "/paths/"):
		return neither
	case strings.Contains(pointer, "/requestBody/"):
		return request
	case strings.Contains(pointer, "/responses/"):
		return response
	}
	return neither
}

func (o *Operation) value(component string, text []byte, d direction) Result {
	o.prepare.Do(o.doc.prepare)
	v, claims := readJSON(text)
	j := &strictly{doc: o.doc, claims: claims}
	f := facts{is30: o.doc.is30, response: d == response, body: text, isJSON: true}
	if unreadable(claims) {
		silent := opinion{silent: true}
		return judge(o.settled, f, [judges]opinion{j.opinion(), silent, silent})
	}
	s := o.doc.compiler.done[joinPointer("/components/schemas", component)]
	j.claims = append(j.claims, j.evaluate(s, v, PlaceBody, "", d)...)
	return o.weigh(f, j.opinion(),
		func(k *kin) opinion { return k.value(component, v, d) },
		func(l *lib) opinion { return l.value(component, v, d) })
}

// withSchema is the operation whose components have the schema at a pointer.
func (o *Operation) withSchema(pointer string) (*Operation, string, error) {
	node, ok := at(o.doc.root, pointer)
	if !ok {
		return nil, "", fmt.Errorf("find schema %s: the document has none", quote(pointer))
	}
	root := copyObject(o.doc.root)
	components := copyObject(root["components"])
	schemas := copyObject(components["schemas"])
	name := valueComponent
	if rest, ok := strings.CutPrefix(pointer, "/components/schemas/"); ok && !strings.Contains(rest, "/") {
		name = unescapeToken(rest)
	} else {
		schemas[name] = node
	}
	components["schemas"], root["components"] = schemas, components
	text, err := json.Marshal(root)
	if err != nil {
		return nil, "", fmt.Errorf("write the document for schema %s: %w", quote(pointer), err)
	}
	with, err := New(text)
	if err != nil {
		return nil, "", err
	}
	with.prepare.Do(func() {
		with.doc.prepare()
		with.doc.compiler.at(joinPointer("/components/schemas", name), "")
	})
	return with, name, nil
}

func copyObject(v any) map[string]any {
	from, _ := v.(map[string]any)
	to := make(map[string]any, len(from)+1)
	for key, member := range from {
		to[key] = member
	}
	return to
}
