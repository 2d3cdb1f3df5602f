package validate

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// The rules of the strict layer that are no keywords of JSON Schema.
const (
	ruleUndeclared     = "undeclared"      // a status or media type that is not declared
	ruleUndeclaredBody = "undeclared-body" // a body of an operation without a request body
	ruleUnexpectedBody = "unexpected-body" // a body where HTTP has none (RFC 9110 §6.4.1)
	ruleTemplate       = "template"        // a path that is not the operation's
	ruleEscape         = "percent-encoding"
	ruleLiteral        = "literal"  // a boolean or number that JSON writes otherwise
	ruleRepeated       = "repeated" // a parameter given twice, which the specification leaves open
	ruleStyle          = "style"    // a text that is not of the parameter's style
)

// strictly is the strict layer at work on one message.
type strictly struct {
	doc    *document
	claims []claim
	unable []string
}

func (j *strictly) opinion() opinion {
	return opinion{claims: j.claims, unable: strings.Join(j.unable, "; ")}
}

func (j *strictly) report(place, pointer, keyword, message string) {
	j.claims = append(j.claims, claim{place: place, pointer: pointer, keyword: keyword, message: message})
}

func (j *strictly) cannot(reason string) {
	for _, known := range j.unable {
		if known == reason {
			return
		}
	}
	j.unable = append(j.unable, reason)
}

// evaluate judges a value by a schema.
func (j *strictly) evaluate(s *schema, v any, place, prefix string, d direction) []claim {
	if s == nil {
		return nil
	}
	e := evaluator{
		place: place, prefix: prefix, direction: d,
		oneWay: j.doc.is30, track: j.doc.compiler.unevaluated,
	}
	e.visit(s, v)
	if e.unable != "" {
		j.cannot(e.unable)
	}
	return e.claims
}

// target is the part of a request's URL that the operation describes.
type target struct {
	path  string // escaped
	query []pair
}

func parseTarget(s string) (target, error) {
	u, err := url.ParseRequestURI(s)
	if err != nil {
		return target{}, err
	}
	return target{path: u.EscapedPath(), query: pairs(u.RawQuery)}, nil
}

func (j *strictly) request(r *contract.Request, to target, malformed error) {
	if malformed != nil {
		j.report(PlacePath, "", ruleEscape, "the URL cannot be parsed: "+firstLine(reason(malformed)))
		return
	}
	values, ok := j.doc.template.match(to.path)
	if !ok {
		j.report(PlacePath, "", ruleTemplate, fmt.Sprintf("the path %s is not that of the operation, %s", quote(to.path), quote(j.doc.path)))
		return
	}
	for _, p := range j.doc.parameters {
		switch p.in {
		case PlacePath:
			j.parameter(p, p.fromPath(values), request)
		case PlaceQuery:
			j.parameter(p, p.fromQuery(to.query), request)
		case PlaceHeader:
			j.parameter(p, p.fromHeader(r.Header), request)
		case PlaceCookie:
			j.parameter(p, p.fromCookie(r.Header), request)
		}
	}
	j.requestBody(r)
}

// reason is an error without what wraps it.
func reason(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err.Error()
	}
	return err.Error()
}

func (j *strictly) parameter(p *parameter, f found, d direction) {
	switch {
	case !f.present && p.required:
		j.report(p.in, p.name, "required", fmt.Sprintf("the required %s is missing", p.label()))
		return
	case !f.present, p.schema == nil, p.opaque:
		return
	case f.malformed:
		j.report(p.in, p.name, ruleStyle, fmt.Sprintf("the %s is not written in style %s", p.label(), p.style))
		return
	}
	if f.repeated {
		j.report(p.in, p.name, ruleRepeated, fmt.Sprintf("the %s is given more than once", p.label()))
	}
	if p.allowEmpty && f.raw.shape == kindString && f.raw.text == "" {
		return
	}
	if p.isJSON {
		j.jsonParameter(p, f.raw.text)
		return
	}
	j.claims = append(j.claims, j.readBest(p, f.raw, d)...)
}

func (p *parameter) label() string {
	if p.in == PlaceHeader || p.in == PlaceCookie {
		return p.in + " " + quote(p.name)
	}
	return p.in + " parameter " + quote(p.name)
}

// readBest is what is wrong with a text however it is read: nothing, where one
// reading fits.
func (j *strictly) readBest(p *parameter, text raw, d direction) []claim {
	fits := func(s *schema, v any) bool { return len(j.evaluate(s, v, p.in, p.name, neither)) == 0 }
	var first []claim
	for i, v := range text.values(p.schema, fits) {
		claims := j.evaluate(p.schema, v, p.in, p.name, neither)
		if len(claims) == 0 {
			return nil
		}
		if i == 0 {
			first = claims
		}
	}
	if d == request && text.shape == kindString && loose(p.schema, text.text) {
		markLiteral(first, text.text)
	}
	return first
}

// markLiteral renames the complaint about a type where the text is a sloppy
// spelling of it.
func markLiteral(claims []claim, text string) {
	for i, c := range claims {
		if c.keyword == "type" {
			claims[i].keyword = ruleLiteral
			claims[i].message = quote(text) + " is not how a boolean or number is written"
		}
	}
}

func (j *strictly) jsonParameter(p *parameter, text string) {
	v, claims := readJSON([]byte(text))
	for _, c := range claims {
		c.place, c.pointer = p.in, p.name+c.pointer
		j.claims = append(j.claims, c)
	}
	if !unreadable(claims) {
		j.claims = append(j.claims, j.evaluate(p.schema, v, p.in, p.name, neither)...)
	}
}

func (j *strictly) requestBody(r *contract.Request) {
	rule := j.doc.body
	switch {
	case rule == nil:
		return // to send a body all the same is not forbidden
	case len(r.Body) == 0:
		if rule.required {
			j.report(PlaceBody, "", "required", "the required request body is missing")
		}
		return
	case len(rule.content) == 0:
		return
	}
	media := j.media(r.Header, rule.content, "request")
	if media != nil {
		j.body(media, r.Header, r.Body, request)
	}
}

// media is the rule for a message's media type; none is a fault.
func (j *strictly) media(header http.Header, content []mediaRule, what string) *mediaRule {
	given := header.Get("Content-Type")
	if m := matchMedia(content, mediaKey(given)); m != nil && given != "" {
		return m
	}
	message := fmt.Sprintf("the %s's media type %s is not declared: %s", what, quote(given), shorten(mediaNames(content)))
	if given == "" {
		message = fmt.Sprintf("the %s has a body but no Content-Type: %s", what, shorten(mediaNames(content)))
	}
	j.report(PlaceMedia, "", ruleUndeclared, message)
	return nil
}

func (j *strictly) response(method string, resp *contract.Response) {
	bodiless := j.bodiless(method, resp)
	if bodiless && len(resp.Body) > 0 {
		j.report(PlaceBody, "", ruleUnexpectedBody, fmt.Sprintf("a %d response to %s has no body, and this one has %d bytes", resp.Status, method, len(resp.Body)))
	}
	rule := j.doc.response(resp.Status)
	if rule == nil {
		j.report(PlaceStatus, "", ruleUndeclared, fmt.Sprintf("the status %d is not declared", resp.Status))
		return
	}
	for _, h := range rule.headers {
		j.responseHeader(h, resp.Header)
	}
	if bodiless || !rule.declared || rule.lacksBody(resp) {
		return
	}
	media := j.media(resp.Header, rule.content, "response")
	switch {
	case media == nil:
	case resp.Truncated:
		j.cannot("judge the response body: it is longer than what was kept of it")
	default:
		j.body(media, resp.Header, resp.Body, response)
	}
}

// bodiless tells that such a response never has a body (RFC 9110 §6.4.1).
func (j *strictly) bodiless(method string, resp *contract.Response) bool {
	return method == http.MethodHead || resp.Status/100 == 1 ||
		resp.Status == http.StatusNoContent || resp.Status == http.StatusNotModified
}

// lacksBody tells that there is no body at all, and that the document lets that
// pass.
func (r *responseRule) lacksBody(resp *contract.Response) bool {
	return r.bodyOptional && len(resp.Body) == 0 && resp.Header.Get("Content-Type") == ""
}

// responseHeader judges each line of a header that is no list.
func (j *strictly) responseHeader(h *parameter, header http.Header) {
	lines := header.Values(h.name)
	if len(lines) < 2 || h.schema == nil || h.wantsArray() || h.wantsObject() {
		j.parameter(h, h.fromHeader(header), response)
		return
	}
	for _, line := range lines {
		j.parameter(h, h.fromHeader(http.Header{http.CanonicalHeaderKey(h.name): {line}}), response)
	}
}
