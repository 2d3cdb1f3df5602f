package validate

import (
	"net/http"
	"strings"

	"github.com/pb33f/jsonschema/v6"
	"github.com/pb33f/jsonschema/v6/kind"
	liberrors "github.com/pb33f/libopenapi-validator/errors"
	"github.com/pb33f/libopenapi-validator/helpers"
	"github.com/pb33f/libopenapi-validator/openapi_vocabulary"
)

// libReader turns libopenapi-validator's errors into claims.
type libReader struct {
	claims []claim
	unable string
}

func libOpinion(errs []*liberrors.ValidationError, bodiless bool) opinion {
	r := &libReader{}
	for _, e := range errs {
		r.read(e, bodiless)
	}
	return r.opinion()
}

func (r *libReader) opinion() opinion { return opinion{claims: r.claims, unable: r.unable} }

func (r *libReader) add(place, pointer, keyword string, far reach) {
	r.claims = append(r.claims, claim{place: place, pointer: pointer, keyword: keyword, reach: far, message: general(keyword)})
}

func (r *libReader) cannot(e *liberrors.ValidationError) {
	if r.unable == "" {
		r.unable = firstLine(e.Message + ": " + e.Reason)
	}
}

func (r *libReader) read(e *liberrors.ValidationError, bodiless bool) {
	switch {
	case strings.Contains(e.Message, "failed schema compilation"), strings.Contains(e.Message, "no registered decoder"),
		strings.Contains(e.Message, "schema is nil"), strings.Contains(e.Message, "schema cannot be rendered"):
		r.cannot(e)
		return
	}
	switch e.ValidationType {
	case helpers.ParameterValidation:
		r.parameter(e)
	case helpers.PathValidation:
		r.add(PlacePath, "", ruleTemplate, exact)
	case helpers.RequestBodyValidation, helpers.ResponseBodyValidation:
		r.message(e, bodiless)
	case helpers.URLEncodedValidation, helpers.XmlValidation:
		r.add(PlaceBody, "", ruleSyntax, unread)
	default:
		r.cannot(e)
	}
}

// message reads what is wrong with a body, or with all of a response.
func (r *libReader) message(e *liberrors.ValidationError, bodiless bool) {
	switch e.ValidationSubType {
	case helpers.ResponseBodyResponseCode:
		r.add(PlaceStatus, "", ruleUndeclared, exact)
	case helpers.RequestBodyContentType:
		if bodiless { // its word for a body that is required and missing
			r.add(PlaceBody, "", "required", exact)
			return
		}
		r.add(PlaceMedia, "", ruleUndeclared, exact)
	case helpers.ParameterValidationHeader:
		for _, f := range e.SchemaValidationErrors {
			r.add(PlaceHeader, http.CanonicalHeaderKey(f.FieldName), "required", exact)
		}
	case "headers":
		r.failures(PlaceHeader, http.CanonicalHeaderKey(e.ParameterName), e)
	default:
		r.body(e)
	}
}

func (r *libReader) body(e *liberrors.ValidationError) {
	switch {
	case len(e.SchemaValidationErrors) > 0 && e.SchemaValidationErrors[0].OriginalJsonSchemaError != nil:
		r.failures(PlaceBody, "", e)
	case strings.Contains(e.Reason, "does not declare a requestBody"):
		r.add(PlaceBody, "", ruleUndeclaredBody, exact)
	case strings.Contains(e.Message, "body is empty"):
		r.add(PlaceBody, "", "required", exact)
	case strings.Contains(e.Reason, "cannot be decoded"), strings.Contains(e.Message, "could not be decoded"):
		r.add(PlaceBody, "", ruleSyntax, unread)
	case strings.Contains(e.Message, "failed to validate schema"):
		// The engine objects, and all of its errors are of the kind that the
		// library leaves out of its list.
		r.add(PlaceBody, "", "schema", unread)
	default:
		r.cannot(e)
	}
}

func (r *libReader) parameter(e *liberrors.ValidationError) {
	place, name := e.ValidationSubType, e.ParameterName
	message := e.Message
	switch {
	case len(e.SchemaValidationErrors) > 0 && e.SchemaValidationErrors[0].OriginalJsonSchemaError != nil:
		r.failures(place, name, e)
	case strings.Contains(message, "is missing"):
		r.add(place, name, "required", exact)
	case strings.Contains(message, "does not match allowed values"):
		r.add(place, name, "enum", unread)
	case strings.Contains(message, "too many items"):
		r.add(place, name, "maxItems", exact)
	case strings.Contains(message, "enough items"):
		r.add(place, name, "minItems", exact)
	case strings.Contains(message, "non-unique items"):
		r.add(place, name, "uniqueItems", exact)
	case strings.Contains(message, "reserved values"):
		r.add(place, name, "allowReserved", exact)
	default:
		r.add(place, name, "type", unread)
	}
}

func (r *libReader) failures(place, prefix string, e *liberrors.ValidationError) {
	for _, f := range e.SchemaValidationErrors {
		if f.OriginalJsonSchemaError != nil { // each holds the whole tree
			r.tree(place, prefix, f.OriginalJsonSchemaError)
			return
		}
	}
	r.add(place, prefix, "type", unread)
}

// tree reads the error tree of the schema engine.
func (r *libReader) tree(place, prefix string, e *jsonschema.ValidationError) {
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
	case *openapi_vocabulary.DiscriminatorPropertyMissingError:
		n.choice = true
	case *kind.RefCycle, *kind.InvalidJsonValue:
		if r.unable == "" {
			r.unable = firstLine(e.Error())
		}
		return
	}
	r.claims = append(r.claims, n.claims(place)...)
}
