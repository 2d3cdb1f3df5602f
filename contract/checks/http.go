package checks

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// The checks of this file hold any target to HTTP itself.

var allow = Check{
	Name: "allow",
	Doc:  "A 405 has an Allow header (RFC 9110, section 15.5.6) that does not name the method which was refused.",
	Run: func(s *Subject) {
		for _, v := range s.Views {
			if !v.Came() || v.Response.Status != 405 || v.Recorded || s.unpromised(v) {
				continue
			}
			s.Tested(s.Contract.Cites("allow")...)
			fields := v.Response.Header.Values("Allow")
			switch {
			case len(fields) == 0 && !v.requires("Allow"): // else the check of the headers says so
				s.Find(v, contract.Finding{
					Message: "a 405 does not say which methods the path has", Place: "header", Pointer: "Allow", Expected: "an Allow header", Got: "none",
				}, s.Contract.Cites("allow")...)
			case len(s.unlisted(v, methods(fields))) > 0:
				s.Find(v, contract.Finding{ // which it has may depend on the moment (RFC 9110, section 10.2.1)
					Evidence: s.unlessCited("allow"),
					Message:  "Allow lacks a method that the path has", Place: "header", Pointer: "Allow",
					Expected: strings.Join(s.unlisted(v, methods(fields)), " and ") + " among them", Got: contract.Clip(strings.Join(fields, ", "), 200),
				}, s.Contract.Cites("allow")...)
			case slices.Contains(methods(fields), v.Request.Method):
				s.Find(v, contract.Finding{
					Message: "a method is refused that Allow names", Place: "header", Pointer: "Allow",
					Expected: "no " + v.Request.Method, Got: contract.Clip(strings.Join(fields, ", "), 200),
				}, s.Contract.Cites("allow")...)
			}
		}
	},
}

// unpromised tells that the reply is to a HEAD outside the document, which says
// nothing of Allow either.
func (s *Subject) unpromised(v *View) bool {
	return v.Request.Method == "HEAD" && (v.Operation == nil || v.undeclaredHead()) && len(s.Contract.Cites("allow")) == 0
}

// unlisted are the methods of the request's path that the list lacks.
func (s *Subject) unlisted(v *View, list []string) []string {
	if len(list) == 0 {
		return nil
	}
	var out []string
	path := strings.TrimPrefix(contract.Path(v.Request.URL), s.base)
	for _, method := range []string{"GET", "PUT", "POST", "PATCH", "DELETE"} {
		match, found := s.Contract.Route(method, path)
		if found && match.Operation != nil && match.Operation.Method == method && method != v.Request.Method && !slices.Contains(list, method) {
			out = append(out, method)
		}
	}
	return out
}

func methods(fields []string) []string {
	var out []string
	for _, field := range fields {
		for name := range strings.SplitSeq(field, ",") {
			out = append(out, strings.TrimSpace(name))
		}
	}
	return out
}

func (v *View) requires(header string) bool {
	return v.Declared != nil && slices.ContainsFunc(v.Declared.Headers, func(h spec.Header) bool {
		return h.Required && strings.EqualFold(h.Name, header)
	})
}

var problem = Check{
	Name: "problem",
	Doc:  "A body of type application/problem+json is an object whose type, title, detail and instance are strings and whose status is the HTTP status, where they are there (RFC 9457, section 3.1).",
	Run: func(s *Subject) {
		for _, v := range s.Views {
			name, _, _ := strings.Cut(v.Final().Header.Get("Content-Type"), ";")
			if strings.EqualFold(strings.TrimSpace(name), "application/problem+json") && v.Request.Method != "HEAD" && !v.Response.Truncated {
				judgeProblem(s, v)
			}
		}
	},
}

func judgeProblem(s *Subject, v *View) {
	object, ok := v.Body.(map[string]any)
	if !ok {
		s.Find(v, contract.Finding{Message: "a problem is no JSON object", Place: "body", Expected: "an object", Got: contract.Show(v.Body)}, s.Contract.Cites("problem")...)
		return
	}
	for _, name := range []string{"type", "title", "detail", "instance"} {
		if value, has := object[name]; has {
			if _, text := value.(string); !text {
				s.Find(v, contract.Finding{Message: "a member of a problem is no string", Place: "body", Pointer: "/" + name, Expected: "a string", Got: contract.Show(value)}, s.Contract.Cites("problem")...)
			}
		}
	}
	if value, has := object["status"]; has {
		if text, _ := contract.Text(value); !contract.Equal(json.Number(text), json.Number(itoa(v.Response.Status))) {
			s.Find(v, contract.Finding{Message: "the status of a problem is not the HTTP status", Place: "body", Pointer: "/status", Expected: itoa(v.Response.Status), Got: contract.Show(value)}, s.Contract.Cites("problem")...)
		}
	}
}

var location = Check{
	Name: "location",
	Doc:  "The Location of a 201 leads to the operation that shows what was made (RFC 9110, section 15.3.2).",
	Run: func(s *Subject) {
		for _, v := range s.Views {
			if !v.Came() || v.Response.Status != 201 || v.Operation == nil {
				continue
			}
			r := s.Contract.Resource(v.Operation)
			field := v.Response.Header.Get("Location")
			if r == nil || r.Create != v.Operation || r.Read == nil || field == "" || r.Member() == "" {
				continue
			}
			value, _ := contract.Eval(r.ID, v.Exchange, v.keys()...)
			if id, _ := contract.Text(value); id != "" {
				judgeLocation(s, v, r, field, id)
			}
		}
	},
}

// leads tells whether a path is that of a thing, below whatever base: it may be
// the address behind a gateway.
func (s *Subject) leads(path string, r *spec.Resource, id string) bool {
	path = strings.TrimSuffix(path, "/")
	for i := range len(path) {
		if path[i] != '/' {
			continue
		}
		match, _ := s.Contract.Route("GET", path[i:])
		if match.Operation == r.Read && strings.EqualFold(match.Params[r.Param], id) {
			return true
		}
	}
	return false
}

func judgeLocation(s *Subject, v *View, r *spec.Resource, field, id string) {
	base, err := url.Parse(v.Request.URL)
	if err != nil {
		return
	}
	if to, err := base.Parse(field); err == nil && s.leads(to.EscapedPath(), r, id) {
		return
	}
	s.Find(v, contract.Finding{
		Evidence: s.unlessCited("location"),
		Message:  "Location does not lead to what was made", Place: "header", Pointer: "Location",
		Expected: r.Read.Path + " with " + id, Got: contract.Clip(field, 200),
	}, s.Contract.Cites("location")...)
}
