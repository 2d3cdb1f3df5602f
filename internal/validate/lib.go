package validate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"sync"

	"github.com/pb33f/jsonschema/v6"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/cache"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/schema_validation"
	"github.com/pb33f/libopenapi/datamodel"
	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"github.com/atlas-contract/conformance/contract"
)

// lib is the opinion of libopenapi-validator about one operation.
//
// Its compiled schemas are safe for concurrent use, but it compiles some of
// them, those of headers among them, on first use, and that is not. Hence the
// lock, one per operation.
type lib struct {
	mu        sync.Mutex
	validator validator.Validator
	model     *v3.Document
	item      *v3.PathItem
	path      string
	method    string
	is30      bool
	slim      bool // it has not seen all of the schemas
	options   *config.ValidationOptions
	compiled  map[string]*jsonschema.Schema // by component and direction
}

func newLib(text []byte, d *document) (*lib, error) {
	text, slim := slim(d, text)
	doc, err := libopenapi.NewDocumentWithConfiguration(text, &datamodel.DocumentConfiguration{
		Logger:                    slog.New(slog.DiscardHandler),
		SkipExternalRefResolution: true,
	})
	if err != nil {
		return nil, fmt.Errorf("load the document: %s", firstLine(err.Error()))
	}
	built, err := doc.BuildV3Model()
	if err != nil {
		return nil, fmt.Errorf("load the document: %s", firstLine(err.Error()))
	}
	if built.Model.Paths == nil || built.Model.Paths.PathItems == nil {
		return nil, errors.New("load the document: the operation is lost")
	}
	options := libOptions(d.patterns)
	l := &lib{
		model: &built.Model, path: d.path, method: d.method, is30: d.is30, slim: slim,
		item:     built.Model.Paths.PathItems.GetOrZero(d.path),
		options:  config.NewValidationOptions(options...),
		compiled: map[string]*jsonschema.Schema{},
	}
	if l.item == nil {
		return nil, errors.New("load the document: the operation is lost")
	}
	l.validator = validator.NewValidatorFromV3Model(&built.Model, options...)
	return l, nil
}

func libOptions(p *patterns) []config.Option {
	compile := func(text string) (jsonschema.Regexp, error) {
		compiled, err := p.get(text)
		if err != nil {
			return nil, err
		}
		return compiled, nil
	}
	return []config.Option{
		config.WithSchemaCache(leanCache{cache.NewDefaultCache()}),
		config.WithFormatAssertions(),
		config.WithRegexEngine(compile),
		config.WithStrictServerMatching(),
		config.WithRejectUnsupportedBodyContent(),
		config.WithStandardBodyDecoders(),
		config.WithRejectUndeclaredRequestBody(),
		config.WithContentParameterValidation(),
		config.WithoutSecurityValidation(),
	}
}

func (l *lib) request(r *contract.Request, to *url.URL) opinion {
	req := l.message(r.Header, to)
	if len(r.Body) > 0 {
		req.Body = io.NopCloser(bytes.NewReader(r.Body))
		req.ContentLength = int64(len(r.Body))
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(r.Body)), nil }
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, errs := l.validator.ValidateHttpRequestSync(req)
	return l.partly(libOpinion(errs, len(r.Body) == 0))
}

func (l *lib) response(resp *contract.Response) opinion {
	req := l.message(nil, &url.URL{Path: "/"})
	res := &http.Response{
		StatusCode: resp.Status,
		Header:     header(resp.Header),
		Body:       io.NopCloser(bytes.NewReader(resp.Body)),
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, errs := l.validator.GetResponseBodyValidator().ValidateResponseBodyWithPathItem(req, res, l.item, l.path)
	o := libOpinion(errs, false)
	if text := bytes.TrimSpace(resp.Body); len(text) == 0 || string(text) == "null" {
		o.blind = PlaceBody // what decodes to nil it does not judge at all
	}
	return l.partly(o)
}

// partly tells of an opinion that is not about all of a body.
func (l *lib) partly(o opinion) opinion {
	if l.slim {
		o.blind = PlaceBody
	}
	return o
}

func (l *lib) message(h http.Header, to *url.URL) *http.Request {
	return &http.Request{Method: l.method, URL: to, Header: header(h), Body: http.NoBody}
}

// value judges a value by a component schema.
func (l *lib) value(component string, v any, d direction) opinion {
	l.mu.Lock()
	defer l.mu.Unlock()
	compiled, err := l.schema(component, d)
	if err != nil {
		return opinion{unable: firstLine(err.Error())}
	}
	var tree *jsonschema.ValidationError
	if err := compiled.Validate(v); errors.As(err, &tree) {
		r := &libReader{}
		r.tree(PlaceBody, "", tree)
		return l.partly(r.opinion())
	}
	return l.partly(opinion{})
}

func (l *lib) schema(component string, d direction) (*jsonschema.Schema, error) {
	key := fmt.Sprintf("%d %s", d, component)
	if found, ok := l.compiled[key]; ok {
		return found, nil
	}
	if l.model.Components == nil || l.model.Components.Schemas == nil {
		return nil, errors.New("find the schema " + component)
	}
	proxy := l.model.Components.Schemas.GetOrZero(component)
	if proxy == nil {
		return nil, errors.New("find the schema " + component)
	}
	s, err := proxy.BuildSchema()
	if err != nil {
		return nil, fmt.Errorf("build the schema %s: %w", component, err)
	}
	purpose := schema_validation.SchemaValidationPurposeGeneric
	switch d {
	case request:
		purpose = schema_validation.SchemaValidationPurposeRequestBody
	case response:
		purpose = schema_validation.SchemaValidationPurposeResponseBody
	}
	version := float32(3.1)
	if l.is30 {
		version = 3.0
	}
	built, err := schema_validation.CompileSchemaForValidation(s, purpose, l.options, version)
	if err != nil {
		return nil, fmt.Errorf("compile the schema %s: %w", component, err)
	}
	if built == nil || built.CompiledSchema == nil {
		return nil, errors.New("compile the schema " + component + ": nothing came of it")
	}
	l.compiled[key] = built.CompiledSchema
	return built.CompiledSchema, nil
}
