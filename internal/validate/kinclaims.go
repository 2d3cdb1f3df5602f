package validate

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// schemaFault is an error of kin's schema engine with its place.
type schemaFault struct {
	place, prefix string
	err           error
}

func (f schemaFault) Error() string { return f.err.Error() }

func (f schemaFault) orNil() error {
	if f.err == nil {
		return nil
	}
	return f
}

// kinReader turns kin's errors into claims.
type kinReader struct {
	claims []claim
	unable string
}

func kinOpinion(err error) opinion {
	r := &kinReader{}
	if err != nil {
		r.read(err)
	}
	return opinion{claims: r.claims, unable: r.unable}
}

func (r *kinReader) cannot(err error) {
	if r.unable == "" {
		r.unable = firstLine(err.Error())
	}
}

func (r *kinReader) add(place, pointer, keyword string, far reach) {
	r.claims = append(r.claims, claim{place: place, pointer: pointer, keyword: keyword, reach: far, message: general(keyword)})
}

func (r *kinReader) read(err error) {
	switch err := err.(type) {
	case openapi3.MultiError:
		for _, e := range err {
			r.read(e)
		}
	case *openapi3filter.RequestError:
		r.request(err)
	case *openapi3filter.ResponseError:
		r.response(err)
	case schemaFault:
		r.schema(err)
	default:
		r.cannot(err)
	}
}

func (r *kinReader) request(e *openapi3filter.RequestError) {
	switch {
	case e.Parameter != nil:
		r.parameter(e.Parameter.In, e.Parameter.Name, e.Err)
	case e.RequestBody == nil && strings.Contains(e.Error(), "not allowed"):
		r.add(PlaceBody, "", ruleUndeclaredBody, exact)
	case e.RequestBody == nil:
		r.cannot(e)
	case errors.Is(e.Err, openapi3filter.ErrInvalidRequired):
		r.add(PlaceBody, "", "required", exact)
	default:
		r.body(e.Reason, e.Err)
	}
}

// body reads what requests and responses say alike about a body.
func (r *kinReader) body(reason string, err error) {
	switch {
	case strings.Contains(reason, "Content-Type has unexpected value"):
		r.add(PlaceMedia, "", ruleUndeclared, exact)
	case strings.Contains(reason, "failed to decode"):
		var parse *openapi3filter.ParseError
		if errors.As(err, &parse) && parse.Kind == openapi3filter.KindUnsupportedFormat {
			r.cannot(err)
			return
		}
		r.add(PlaceBody, "", ruleSyntax, unread)
	case strings.Contains(reason, "doesn't match schema"):
		r.schema(schemaFault{place: PlaceBody, err: err})
	default:
		r.cannot(fmt.Errorf("%s: %w", reason, err))
	}
}

func (r *kinReader) parameter(place, name string, err error) {
	var parse *openapi3filter.ParseError
	switch {
	case errors.Is(err, openapi3filter.ErrInvalidRequired):
		r.add(place, name, "required", exact)
	case errors.Is(err, openapi3filter.ErrInvalidEmptyValue):
		r.add(place, name, "type", unread)
	case errors.Is(err, openapi3.ErrSchemaInputNaN), errors.Is(err, openapi3.ErrSchemaInputInf):
		r.add(place, name, "type", unread)
	case errors.As(err, &parse):
		pointer := name
		for _, token := range parse.Path() {
			pointer = joinPointer(pointer, fmt.Sprint(token))
		}
		r.add(place, pointer, "type", unread)
	case isSchemaError(err):
		r.schema(schemaFault{place: place, prefix: name, err: err})
	case strings.Contains(err.Error(), "is required, but missing"):
		r.add(place, name, "required", exact)
	case strings.HasPrefix(err.Error(), "decoding anyOf"), strings.HasPrefix(err.Error(), "decoding oneOf"),
		strings.HasPrefix(err.Error(), "error unmarshaling"):
		r.add(place, name, "type", unread)
	case strings.Contains(err.Error(), "multiple values"):
		r.add(place, name, ruleRepeated, exact)
	default:
		r.cannot(err)
	}
}

func isSchemaError(err error) bool {
	var one *openapi3.SchemaError
	return errors.As(err, &one)
}

func (r *kinReader) response(e *openapi3filter.ResponseError) {
	switch {
	case strings.Contains(e.Reason, "status is not supported"):
		r.add(PlaceStatus, "", ruleUndeclared, exact)
	case strings.HasPrefix(e.Reason, "response header \""), strings.HasPrefix(e.Reason, "unable to decode header"):
		r.header(e)
	default:
		r.body(e.Reason, e.Err)
	}
}

// header reads a fault of a response header. kin stops there, so that it says
// nothing about the headers after it and about the body.
func (r *kinReader) header(e *openapi3filter.ResponseError) {
	from := strings.IndexByte(e.Reason, '"')
	quoted, err := strconv.QuotedPrefix(e.Reason[from:])
	if err != nil {
		r.cannot(e)
		return
	}
	name, _ := strconv.Unquote(quoted)
	name = http.CanonicalHeaderKey(name)
	if strings.HasSuffix(e.Reason, " missing") {
		r.add(PlaceHeader, name, "required", exact)
	} else {
		r.parameter(PlaceHeader, name, e.Err)
	}
	for i := range r.claims {
		r.claims[i].stops = true
	}
}

// schema reads what kin's schema engines say. For OpenAPI 3.1 that is the engine
// of JSON Schema 2020-12, whose own errors are the more precise ones.
func (r *kinReader) schema(f schemaFault) {
	var tree *jsonschema.ValidationError
	switch err := f.err.(type) {
	case openapi3.MultiError:
		for _, e := range err {
			r.schema(schemaFault{f.place, f.prefix, e})
		}
	case *openapi3.SchemaError:
		if errors.As(f.err, &tree) {
			r.schema31(f, err)
		} else {
			r.schemaError(f, err)
		}
	default:
		r.cannot(err)
	}
}

func (r *kinReader) schemaError(f schemaFault, e *openapi3.SchemaError) {
	pointer := f.prefix + pointerOf(e.JSONPointer())
	switch e.SchemaField {
	case "allOf":
		var all openapi3.MultiError
		if errors.As(errors.Unwrap(errors.Unwrap(e.Origin)), &all) {
			r.schema(schemaFault{f.place, f.prefix, all})
			return
		}
		r.add(f.place, pointer, "allOf", branch)
	case "oneOf":
		if errors.Is(e.Origin, openapi3.ErrOneOfConflict) {
			r.add(f.place, pointer, "oneOf", exact)
			return
		}
		r.add(f.place, pointer, "oneOf", branch)
	case "anyOf", "discriminator":
		r.add(f.place, pointer, e.SchemaField, branch)
	case "properties":
		name := strings.TrimPrefix(e.Reason, "property ")
		if quoted, err := strconv.QuotedPrefix(name); err == nil {
			name, _ = strconv.Unquote(quoted)
			pointer = joinPointer(pointer, name)
		}
		r.add(f.place, pointer, "additionalProperties", exact)
	case "nullable":
		r.add(f.place, pointer, "type", exact)
		r.claims[len(r.claims)-1].detail = "nullable"
	case "boolean":
		r.add(f.place, pointer, "false", exact)
	case "":
		r.cannot(e)
	default:
		far := exact
		if strings.HasPrefix(e.Reason, "cannot convert") { // a number that float64 has no room for
			far = unread
		}
		r.add(f.place, pointer, e.SchemaField, far)
	}
}

// schema31 reads the errors that kin makes of those of the 2020-12 engine: the
// engine's own are to be had at the leaves only.
func (r *kinReader) schema31(f schemaFault, e *openapi3.SchemaError) {
	pointer := f.prefix + pointerOf(e.JSONPointer())
	parts, _ := errors.Unwrap(e.Origin).(openapi3.MultiError)
	switch {
	case len(parts) > 0 && (e.SchemaField == "anyOf" || e.SchemaField == "oneOf"):
		r.add(f.place, pointer, e.SchemaField, branch)
	case len(parts) > 0 && (strings.Contains(strings.ToLower(e.SchemaField), "contains") || e.SchemaField == "propertyNames"):
		r.add(f.place, pointer, e.SchemaField, unread)
	case len(parts) > 0:
		for _, part := range parts {
			if inner, ok := part.(*openapi3.SchemaError); ok {
				r.schema31(f, inner)
			}
		}
	default:
		var leaf *jsonschema.ValidationError
		if errors.As(e, &leaf) {
			r.tree(f.place, f.prefix, leaf)
		}
	}
}

// tree reads the error tree of the 2020-12 engine.
func (r *kinReader) tree(place, prefix string, e *jsonschema.ValidationError) {
	n := node{pointer: prefix + pointerOf(e.InstanceLocation), url: e.SchemaURL, path: e.ErrorKind.KeywordPath()}
	switch k := e.ErrorKind.(type) {
	case *kind.Schema, *kind.Group, *kind.Reference, *kind.AllOf:
		for _, cause := range e.Causes {
			r.tree(place, prefix, cause)
		}
		return
	case *kind.AnyOf:
		n.choice = true
	case *kind.OneOf:
		n.choice = len(k.Subschemas) == 0
	case *kind.Not:
		n.path = []string{"not"}
	case *kind.FalseSchema:
		n.path = []string{falseKeyword(n.url)}
	case *kind.Required:
		n.members = k.Missing
	case *kind.DependentRequired:
		n.members, n.path = k.Missing, []string{"dependentRequired"}
	case *kind.AdditionalProperties:
		n.members = k.Properties
	case *kind.PropertyNames:
		n.members = []string{k.Property}
	case *kind.RefCycle, *kind.InvalidJsonValue:
		r.cannot(e)
		return
	}
	r.claims = append(r.claims, n.claims(place)...)
}
