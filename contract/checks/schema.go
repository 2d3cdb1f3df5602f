package checks

import (
	"net/http"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/validate"
)

// The checks of this file report what the validators found, each its places.

var status = Check{
	Name: "documented-status",
	Doc:  "The status of a reply is one that the document declares for the operation (OpenAPI 3.0.3, Responses Object).",
	Run:  func(s *Subject) { report(s, validate.PlaceStatus) },
}

var mediaType = Check{
	Name: "media-type",
	Doc:  "A reply's Content-Type is one that the document declares for its status (OpenAPI 3.0.3, Response Object, content).",
	Run:  func(s *Subject) { report(s, validate.PlaceMedia) },
}

var headers = Check{
	Name: "headers",
	Doc:  "The declared response headers are there where required and have the declared form (OpenAPI 3.0.3, Header Object).",
	Run:  func(s *Subject) { report(s, validate.PlaceHeader) },
}

var body = Check{
	Name: "body",
	Doc:  "A reply's body satisfies the declared schema in the judgement of two independent validators, and is strict JSON: UTF-8, no duplicate members, one value (RFC 8259).",
	Run:  func(s *Subject) { report(s, validate.PlaceBody) },
}

func report(s *Subject, place string) {
	for _, v := range s.Views {
		if !v.Came() || v.Operation == nil || v.Response.Truncated || len(v.Unknown) > 0 || place == validate.PlaceMedia && v.mayLackType() {
			continue
		}
		if place == validate.PlaceBody && v.Declared != nil && len(v.Response.Body) > 0 {
			s.Tested(v.bodyStatements("")...)
			s.Tested(v.memberStatements()...)
		}
		if place != validate.PlaceBody && v.Declared != nil {
			s.Tested(v.statements(place, "")...)
			if place == validate.PlaceMedia {
				s.Tested(s.Contract.Cites("media-type")...)
			}
		}
		for _, p := range v.Result.Problems {
			if p.Place == place {
				f := s.finding(v, p)
				if v.undeclaredHead() {
					f.Evidence, f.Message = contract.Assumed, f.Message+"; the document does not have HEAD, whose reply is to be that of GET (RFC 9110, section 9.3.2)"
				}
				if place == validate.PlaceStatus && v.refusedUnforeseen() {
					f.Evidence, f.Message = contract.Assumed, f.Message+"; the document declares no reply at all to a request that is refused (4XX or default)"
				}
				s.Find(v, f, s.broken(v, p)...)
			}
		}
	}
}

// refusedUnforeseen tells whether a request was refused of an operation that the
// document declares nothing but successes for. As no request can be refused as
// the document has it, the document is at fault more than the server.
func (v *View) refusedUnforeseen() bool {
	return v.Response.Status/100 == 4 && !slices.ContainsFunc(v.Operation.Responses, func(r spec.Response) bool {
		return r.Status == "default" || strings.HasPrefix(r.Status, "4")
	})
}

// finding is a problem in the words of a reader who has the document and the
// reply, and knows nothing of validators.
func (s *Subject) finding(v *View, p validate.Problem) contract.Finding {
	f := contract.Finding{Message: p.Message, Place: p.Place, Pointer: p.Pointer, Expected: s.wanted(v, p)}
	header := v.Response.Header
	switch p.Place {
	case validate.PlaceStatus:
		f.Got = phrase(v.Response.Status)
	case validate.PlaceMedia:
		f.Place, f.Pointer, f.Got = validate.PlaceHeader, "Content-Type", shownHeader(header, "Content-Type")
	case validate.PlaceHeader:
		name, _, _ := strings.Cut(p.Pointer, "/")
		f.Got = shownHeader(header, name)
	case validate.PlaceBody:
		f.Got = v.shown(p.Pointer)
	}
	if p.Dissent != "" {
		f.Evidence = contract.Assumed
		f.Message += "; only " + strings.Join(p.By, " and ") + " objects: " + p.Dissent
	}
	return f
}

// shown is what the body has at a pointer: of one that is no JSON the beginning.
func (v *View) shown(pointer string) string {
	got, ok := contract.At(v.Body, pointer)
	switch {
	case len(v.Response.Body) == 0:
		return "no body"
	case !v.IsJSON:
		return contract.Clip(string(v.Response.Body), 200)
	case !ok:
		return "nothing"
	}
	return contract.Show(got)
}

// shownHeader is the value of a header, or that there is none.
func shownHeader(h http.Header, name string) string {
	values := h.Values(name)
	if len(values) == 0 {
		return "none"
	}
	return contract.Clip(strings.Join(values, ", "), 200)
}

// mayLackType tells that the reply names no media type and needs none
// (x-conformance, mediaTypeOptional).
func (v *View) mayLackType() bool {
	return v.Response.Header.Get("Content-Type") == "" && v.Declared != nil && v.Declared.Node.Ext().Get("mediaTypeOptional").True()
}
