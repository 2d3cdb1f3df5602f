package validate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"golang.org/x/net/idna"

	"github.com/atlas-contract/conformance/contract"
)

// kin is the opinion of kin-openapi about one operation.
//
// Its documents are never validated as such: a document that breaks a rule
// elsewhere can still judge this operation. No router is used; the operation is
// known, and path parameters are handed over unescaped, as kin itself does not
// unescape them.
type kin struct {
	doc     *openapi3.T
	route   *routers.Route
	options *openapi3filter.Options
}

func newKin(text []byte, d *document) (*kin, error) {
	if d.compiler.hollowCycle() {
		return nil, errors.New("load the document: a schema without a type refers to itself, which it cannot bear")
	}
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("load the document: %s", firstLine(err.Error()))
	}
	doc.Servers = nil
	item := doc.Paths.Value(d.path)
	if item == nil || item.GetOperation(d.method) == nil {
		return nil, errors.New("load the document: the operation is lost")
	}
	return &kin{
		doc: doc,
		route: &routers.Route{
			Spec: doc, Path: d.path, PathItem: item, Method: d.method, Operation: item.GetOperation(d.method),
		},
		options: kinOptions(d.patterns),
	}, nil
}

func kinOptions(p *patterns) *openapi3filter.Options {
	compile := func(text string) (openapi3.RegexMatcher, error) {
		compiled, err := p.get(text)
		if err != nil {
			return nil, err // an untyped nil, which kin asks for
		}
		return compiled, nil
	}
	return &openapi3filter.Options{
		MultiError:                        true,
		IncludeResponseStatus:             true,
		SkipSettingDefaults:               true,
		RejectWhenRequestBodyNotSpecified: true,
		AuthenticationFunc:                openapi3filter.NoopAuthenticationFunc,
		RegexCompiler:                     compile,
		SchemaValidationOptions: []openapi3.SchemaValidationOption{
			openapi3.EnableFormatValidation(),
			openapi3.SetSchemaRegexCompiler(compile),
			openapi3.WithStringFormatValidators(kinFormats()),
		},
	}
}

// kinFormats are the formats that kin checks. They are kin's own and those of
// well-known parsers, not those of the strict layer: an opinion that is
// borrowed would not be a second one.
func kinFormats() map[string]openapi3.StringFormatValidator {
	test := func(ok func(string) bool) openapi3.StringFormatValidator {
		return openapi3.NewCallbackValidator(func(s string) error {
			if !ok(s) {
				return errors.New("not of the format")
			}
			return nil
		})
	}
	uuid := regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	return map[string]openapi3.StringFormatValidator{
		"uuid":  test(uuid.MatchString),
		"email": openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForEmail),
		"ipv4":  openapi3.NewIPValidator(true),
		"ipv6":  openapi3.NewIPValidator(false),
		"uri": test(func(s string) bool {
			u, err := url.Parse(s)
			return err == nil && u.IsAbs()
		}),
		"hostname": test(func(s string) bool {
			_, err := idna.Lookup.ToASCII(s)
			return err == nil
		}),
		"date": test(func(s string) bool {
			_, err := time.Parse("2006-01-02", s)
			return err == nil
		}),
		"date-time": test(func(s string) bool {
			s = strings.ToUpper(s)
			_, err := time.Parse(time.RFC3339Nano, s)
			if err != nil { // time knows no leap seconds
				_, err = time.Parse(time.RFC3339Nano, strings.Replace(s, ":60", ":59", 1))
			}
			return err == nil
		}),
	}
}

// neverJudged are the statuses that kin lets pass unseen.
func neverJudged(status int) bool {
	switch status {
	case http.StatusNotModified, http.StatusPermanentRedirect, http.StatusTemporaryRedirect, http.StatusMovedPermanently:
		return true
	}
	return false
}

func (k *kin) request(r *contract.Request, to *url.URL, values map[string]string) opinion {
	in := k.input(r, to, values)
	if r != nil && len(r.Body) > 0 {
		in.Request.Body = io.NopCloser(bytes.NewReader(r.Body))
		in.Request.ContentLength = int64(len(r.Body))
		in.Request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(r.Body)), nil }
	}
	return kinOpinion(openapi3filter.ValidateRequest(context.Background(), in))
}

func (k *kin) response(resp *contract.Response) opinion {
	if neverJudged(resp.Status) {
		return opinion{silent: true}
	}
	in := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: k.input(nil, &url.URL{Path: "/"}, nil),
		Status:                 resp.Status,
		Header:                 header(resp.Header),
		Options:                k.options,
	}
	in.SetBodyBytes(resp.Body)
	return kinOpinion(openapi3filter.ValidateResponse(context.Background(), in))
}

func (k *kin) input(r *contract.Request, to *url.URL, values map[string]string) *openapi3filter.RequestValidationInput {
	req := &http.Request{Method: k.route.Method, URL: to, Header: http.Header{}, Body: http.NoBody}
	if r != nil {
		req.Header = header(r.Header)
	}
	plain := make(map[string]string, len(values))
	for name, text := range values {
		plain[name] = unescapePath(text)
	}
	return &openapi3filter.RequestValidationInput{Request: req, PathParams: plain, Route: k.route, Options: k.options}
}

// header is h, never nil.
func header(h http.Header) http.Header {
	if h == nil {
		return http.Header{}
	}
	return h
}

// value judges a value by a component schema.
func (k *kin) value(component string, v any, d direction) opinion {
	ref := k.doc.Components.Schemas[component]
	if ref == nil || ref.Value == nil {
		return opinion{unable: "find the schema " + component}
	}
	options := append([]openapi3.SchemaValidationOption{openapi3.MultiErrors()}, k.options.SchemaValidationOptions...)
	switch d {
	case request:
		options = append(options, openapi3.VisitAsRequest())
	case response:
		options = append(options, openapi3.VisitAsResponse())
	}
	if k.doc.IsOpenAPI31OrLater() {
		options = append(options, openapi3.EnableJSONSchema2020())
	}
	return kinOpinion(schemaFault{place: PlaceBody, err: ref.Value.VisitJSON(v, options...)}.orNil())
}
