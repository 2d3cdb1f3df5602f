package fault

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/atlas-contract/conformance/internal/reference"
)

// fails replaces a reply by an error.
func fails(status int, name string) edit {
	return func(t *turn) { t.refuse(status, name) }
}

// badService picks requests whose service id has not the form of one.
func badService(t *turn) bool { return t.service != "" && !isID(t.service) }

// badProject picks requests whose project id has not the form of one.
func badProject(t *turn) bool { return t.project != "" && !isID(t.project) }

// badProvider picks requests whose path names no provider.
func badProvider(t *turn) bool {
	return (t.act == get || t.act == list || t.act == remove) && t.provider != "AWS" && t.provider != "AZURE" && t.provider != "GCP"
}

// pathFaults are those of path parameters (P1, P2).
func pathFaults() []Fault {
	upper := regexp.MustCompile(`/[0-9A-Fa-f]{24}(/|$)`)
	long := regexp.MustCompile(`/([0-9a-f]{24})[0-9a-f](/|$)`)
	return []Fault{
		{
			Name: "id-in-capitals-accepted", Statement: "P1", Checks: by("outcome"),
			Doc: "Ids in upper case are taken for the same in lower case.",
			plant: segments(func(_ *turn, path string) string {
				for range 2 { // neighbours share a slash
					path = upper.ReplaceAllStringFunc(path, strings.ToLower)
				}
				return path
			}),
		},
		{
			Name: "id-with-a-digit-more-accepted", Statement: "P1", Checks: by("outcome"),
			Doc:   "What follows the 24th digit of a project's id is cut off.",
			plant: segments(func(_ *turn, path string) string { return long.ReplaceAllString(path, "/$1$2") }),
		},
		{
			Name: "malformed-service-id-gets-500", Statement: "P1", Checks: by("no-server-error"),
			Doc: "A service id that is no 24 hex digits gets 500.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), badService, refused)),
		},
		{
			Name: "malformed-project-id-gets-500", Statement: "P1", Checks: by("no-server-error"),
			Doc:   "A project id that is no 24 hex digits gets 500 from the list.",
			plant: replies(on(fails(500, "UNEXPECTED_ERROR"), badProject, acts(list), refused)),
		},
		{
			Name: "malformed-project-id-lists-nothing", Statement: "P1", Checks: by("outcome"),
			Doc:   "The list of a project id that is none is empty.",
			plant: replies(on(func(t *turn) { t.say(200, []any{}) }, badProject, acts(list), refused)),
		},
		{
			Name: "malformed-service-id-deleted", Statement: "P1", Checks: by("outcome"),
			Doc:   "The delete of a service id that is none is accepted.",
			plant: replies(on(func(t *turn) { t.say(202, map[string]any{}) }, badService, acts(remove), refused)),
		},
		{
			Name: "malformed-id-gets-422", Statement: "P1", Checks: by("documented-status outcome"),
			Doc: "An id that is none gets 422.", plant: replies(on(fails(422, "PATH_PARAM_PARSE_ERROR"), badService, code(400))),
		},
		{
			Name: "provider-in-small-letters-accepted", Statement: "P2", Checks: by("outcome"),
			Doc: "The provider in the path may be in lower case.",
			plant: segments(func(t *turn, path string) string {
				return strings.Replace(path, "/"+t.provider+"/endpointService", "/"+strings.ToUpper(t.provider)+"/endpointService", 1)
			}),
		},
		{
			Name: "unknown-provider-lists-nothing", Statement: "P2", Checks: by("outcome"),
			Doc: "The list of a provider that is none is empty.", plant: replies(on(func(t *turn) { t.say(200, []any{}) }, badProvider, acts(list), refused)),
		},
		{
			Name: "gcp-listed-before-its-time", Statement: "P2", Checks: by("outcome"),
			Doc:   "The list of GCP, which the documented profile does not have, is empty.",
			plant: replies(on(func(t *turn) { t.say(200, []any{}) }, acts(list), of("GCP"), refused)),
		},
		{
			Name: "unknown-provider-gets-500", Statement: "P2", Checks: by("no-server-error"),
			Doc: "A provider that is none gets 500.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), badProvider, refused)),
		},
		{
			Name: "unknown-provider-is-aws", Statement: "P2", Checks: by("outcome"),
			Doc: "Whatever is not AZURE in the path is taken for AWS.",
			plant: segments(func(t *turn, path string) string {
				if badProvider(t) {
					return strings.Replace(path, "/"+t.provider+"/endpointService", "/AWS/endpointService", 1)
				}
				return path
			}),
		},
		{
			Name: "provider-ignored-by-get", Statement: "L6", Checks: by("isolation outcome read-back selected-schema gone"),
			Doc: "A service is found under the path of the other provider too.",
			plant: func(*reference.Options) wrap {
				return otherProvider(get)
			},
		},
	}
}

// otherProvider shows a service under the path of the other provider as well.
func otherProvider(a act) wrap {
	type sight struct {
		provider string
		body     []byte
	}
	return func(next http.Handler) http.Handler {
		seen := newMemory[sight]()
		return edited(on(func(t *turn) {
			last, had := seen.look(t.project + t.service)
			switch {
			case t.status == http.StatusOK:
				seen.swap(t.project+t.service, sight{t.provider, bytes.Clone(t.body)})
			case had && t.provider != last.provider && t.status == http.StatusNotFound:
				t.status, t.body = http.StatusOK, last.body
			case t.status == http.StatusNotFound:
				seen.drop(t.project + t.service)
			}
		}, acts(a), not(flagged("pretty")), not(flagged("envelope"))))(next)
	}
}

// resourceFaults are those of unknown paths and projects (E4).
func resourceFaults() []Fault {
	unknownPath := func(t *turn) bool { return t.act == elsewhere && t.status == 404 && !anonymous(t) }
	unknownProject := func(t *turn) bool { return isID(t.project) && strings.Contains(string(t.body), "GROUP_NOT_FOUND") }
	return []Fault{
		{
			Name: "unknown-path-in-plain-text", Statement: "E4", Checks: by("media-type body"),
			Doc: "An unknown path gets the plain text of the HTTP library.",
			plant: replies(on(func(t *turn) {
				t.header.Set("Content-Type", "text/plain; charset=utf-8")
				t.body = []byte("404 page not found\n")
			}, unknownPath)),
		},
		{
			Name: "unknown-path-gets-403", Statement: "E4", Checks: by("outcome documented-status"),
			Doc: "An unknown path gets 403.", plant: replies(on(fails(403, "ACCESS_FORBIDDEN"), unknownPath)),
		},
		{
			Name: "unknown-path-gets-200", Statement: "E4", Checks: by("outcome documented-status"),
			Doc: "An unknown path gets 200 and an empty object, as from a catch-all.", plant: replies(on(func(t *turn) { t.say(200, map[string]any{}) }, unknownPath)),
		},
		{
			Name: "unknown-path-redirects", Statement: "E4", Checks: by("outcome documented-status"),
			Doc: "An unknown path leads elsewhere.",
			plant: replies(on(func(t *turn) {
				t.empty()
				t.status = http.StatusMovedPermanently
				t.header.Set("Location", "/api/atlas/v1.0")
			}, unknownPath)),
		},
		{
			Name: "unknown-project-lists-nothing", Statement: "E4", Checks: by("outcome"),
			Doc: "The list of a project that does not exist is empty.", plant: skips(acts(list), stepProject, stepRole),
		},
		{
			Name: "unknown-project-made-by-create", Statement: "E4", Checks: by("outcome"),
			Doc: "A create makes a service in a project that does not exist.", plant: skips(acts(create), stepProject, stepRole),
		},
		{
			Name: "unknown-project-gets-400", Statement: "E4", Checks: by("outcome documented-status"),
			Doc: "A project that does not exist gets 400.", plant: replies(on(fails(400, "INVALID_GROUP_ID"), unknownProject)),
		},
		{
			Name: "unknown-project-gets-500", Statement: "E4", Checks: by("no-server-error"),
			Doc: "A create in a project that does not exist gets 500.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), unknownProject, acts(create))),
		},
		{
			Name: "unknown-project-has-a-mode", Statement: "E4", Checks: by("outcome"),
			Doc: "A project that does not exist has a regional mode.", plant: skips(acts(readMode), stepProject, stepRole),
		},
	}
}

// methodFaults are those of methods that a path does not have (E3).
func methodFaults() []Fault {
	odd := code(http.StatusMethodNotAllowed)
	put := func(t *turn) bool { return t.r.Method == http.MethodPut && t.project != "" }
	return []Fault{
		{
			Name: "method-gets-404", Statement: "E3", Checks: by("outcome documented-status allow"),
			Doc: "A method that the path does not have gets 404.", plant: replies(on(fails(404, "RESOURCE_NOT_FOUND"), odd)),
		},
		{
			Name: "method-gets-501", Statement: "E3", Checks: by("no-server-error"),
			Doc: "A method that the path does not have gets 501.", plant: replies(on(fails(501, "NOT_IMPLEMENTED"), odd)),
		},
		{
			Name: "method-without-allow", Statement: "E3", Checks: by("allow headers"),
			Doc: "A 405 has no Allow.", plant: replies(on(func(t *turn) { t.header.Del("Allow") }, odd)),
		},
		{
			Name: "allow-of-one-method", Statement: "E3", Checks: by("allow"),
			Doc: "Allow names OPTIONS alone, whatever the path has.", plant: replies(on(func(t *turn) { t.header.Set("Allow", "OPTIONS") }, odd)),
		},
		{
			Name: "allow-of-all-methods", Statement: "E3", Checks: by("allow"),
			Doc:   "Allow names every method, also the one that was just refused.",
			plant: replies(on(func(t *turn) { t.header.Set("Allow", "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT") }, odd)),
		},
		{
			Name: "method-body-in-html", Statement: "E3", Checks: by("media-type body"),
			Doc: "The body of a 405 is a page of HTML.",
			plant: replies(on(func(t *turn) {
				t.header.Set("Content-Type", "text/html")
				t.body = []byte("<html><body><h1>405 Method Not Allowed</h1></body></html>")
			}, odd)),
		},
		{
			Name: "put-taken-for-get", Statement: "E3", Checks: by("outcome documented-status"),
			Doc: "A PUT where there is a GET is answered like one.",
			plant: requests(func(t *turn, r *http.Request) {
				if put(t) {
					r.Method = http.MethodGet
				}
			}),
		},
		{
			Name: "post-to-a-service-deletes", Statement: "E3", Checks: by("outcome documented-status"),
			Doc: "A POST to a service is carried out as a delete.",
			plant: requests(func(t *turn, r *http.Request) {
				if r.Method == http.MethodPost && t.service != "" {
					r.Method = http.MethodDelete
				}
			}),
		},
	}
}

// flagValue changes how a server reads a value of a flag that is no boolean.
func flagValue(to string, names ...string) plant {
	return query(func(_ *turn, q url.Values) {
		for _, name := range names {
			if v := q.Get(name); q.Has(name) && v != "true" && v != "false" {
				q.Set(name, to)
			}
		}
	})
}

// queryFaults are those of query parameters (P3–P6).
func queryFaults() []Fault {
	bad := func(t *turn) bool {
		return t.status == 400 && strings.Contains(string(t.body), "INVALID_QUERY_PARAMETER")
	}
	paging := func(t *turn) bool {
		q := t.r.URL.Query()
		return q.Has("pageNum") || q.Has("itemsPerPage") || q.Has("includeCount")
	}
	unknown := func(t *turn) bool {
		for name := range t.r.URL.Query() {
			if name != "pretty" && name != "envelope" && !(t.act == containers && name == "providerName") {
				return true
			}
		}
		return false
	}
	return []Fault{
		{
			Name: "flag-of-nonsense-is-false", Statement: "P5", Checks: by("outcome"),
			Doc: "A value of a flag that is no boolean counts as false.", plant: flagValue("false", "pretty", "envelope"),
		},
		{
			Name: "flag-of-nonsense-is-true", Statement: "P5", Checks: by("outcome"),
			Doc: "Every value of envelope but false counts as true.", plant: flagValue("true", "envelope"),
		},
		{
			Name: "pretty-of-nonsense-is-false", Statement: "P5", Checks: by("outcome"),
			Doc: "A value of pretty that is no boolean counts as false; envelope is checked.", plant: flagValue("false", "pretty"),
		},
		{
			Name: "flag-unchecked-on-delete", Statement: "P5", Checks: by("outcome"),
			Doc: "A delete does not look at the flags.", plant: skips(acts(remove), stepFlags),
		},
		{
			Name: "flag-of-nonsense-gets-500", Statement: "P5", Checks: by("no-server-error"),
			Doc: "A value of a flag that is no boolean gets 500.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), bad)),
		},
		{
			Name: "flag-of-nonsense-gets-404", Statement: "P5", Checks: by("documented-status outcome"),
			Doc: "A value of a flag that is no boolean gets 404.", plant: replies(on(fails(404, "RESOURCE_NOT_FOUND"), bad)),
		},
		{
			Name: "unknown-parameter-refused", Statement: "P6", Checks: by("outcome"),
			Doc: "A query parameter that is not known gets 400.",
			plant: query(func(t *turn, q url.Values) {
				if unknown(t) {
					q.Set("pretty", "nonsense")
				}
			}),
		},
		{
			Name: "list-refuses-paging", Statement: "P6", Checks: by("outcome"),
			Doc: "The list refuses pageNum, itemsPerPage and includeCount.", plant: replies(on(fails(400, "INVALID_QUERY_PARAMETER"), acts(list), paging, good)),
		},
		{
			Name: "list-counts-when-asked", Statement: "P6", Checks: by("body"),
			Doc: "With includeCount or pageNum the list becomes an object with results and totalCount.",
			plant: replies(on(func(t *turn) {
				t.value(func(v any) any {
					all, _ := v.([]any)
					return map[string]any{"results": v, "totalCount": len(all)}
				})
			}, acts(list), paging, good)),
		},
		{
			Name: "unknown-parameter-gets-500", Statement: "P6", Checks: by("no-server-error"),
			Doc: "A query parameter that is not known gets 500 from a create.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), acts(create), unknown)),
		},
	}
}
