package fault

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// problems changes the bodies of errors, but for the challenge.
func problems(change func(m map[string]any), conds ...cond) plant {
	return replies(on(func(t *turn) { t.object(change) }, append(conds, refused)...))
}

// errorFaults are those of the members of an error (E1, E2, E6).
func errorFaults() []Fault {
	return []Fault{
		{
			Name: "error-number-as-text", Statement: "E1", Checks: by("body"),
			Doc: "The error number is a string.", plant: problems(func(m map[string]any) { m["error"] = fmt.Sprint(m["error"]) }),
		},
		{
			Name: "error-number-always-400", Statement: "E1", Checks: by("computed"),
			Doc: "The error number is 400, whatever the status.", plant: problems(with("error", 400)),
		},
		{
			Name: "error-number-zero-for-conflicts", Statement: "E1", Checks: by("computed body"),
			Doc: "The error number of a 409 is 0.", plant: problems(with("error", 0), code(409)),
		},
		{
			Name: "error-without-reason", Statement: "E1", Checks: by("body"),
			Doc: "Errors have no reason.", plant: problems(without("reason")),
		},
		{
			Name: "error-reason-in-small-letters", Statement: "E1", Checks: by("computed"),
			Doc: "The reason of a 404 is not found in lower case.", plant: problems(text("reason", func(s, _ string) string { return strings.ToLower(s) }), code(404)),
		},
		{
			Name: "error-reason-of-another-status", Statement: "E1", Checks: by("computed"),
			Doc: "The reason is Bad Request, whatever the status.", plant: problems(with("reason", "Bad Request")),
		},
		{
			Name: "error-detail-null", Statement: "E1", Checks: by("body"),
			Doc: "The detail of a 404 is null.", plant: problems(with("detail", nil), code(404)),
		},
		{
			Name: "error-detail-a-list", Statement: "E1", Checks: by("body"),
			Doc: "The detail of a 400 is a list of messages.", plant: problems(func(m map[string]any) { m["detail"] = []any{m["detail"]} }, code(400)),
		},
		{
			Name: "error-without-code", Statement: "E1", Checks: by("body"),
			Doc: "Errors of 404 have no errorCode.", plant: problems(without("errorCode"), code(404)),
		},
		{
			Name: "error-code-a-number", Statement: "E1", Checks: by("body"),
			Doc: "The errorCode is a number.", plant: problems(with("errorCode", 1044)),
		},
		{
			Name: "error-without-parameters", Statement: "E1", Checks: by("body"),
			Doc: "Errors of 400 have no parameters.", plant: problems(without("parameters"), code(400)),
		},
		{
			Name: "error-parameters-an-object", Statement: "E1", Checks: by("body"),
			Doc: "The parameters of an error are an object.", plant: problems(with("parameters", map[string]any{})),
		},
		{
			Name: "error-parameters-of-numbers", Statement: "E1", Checks: by("body"),
			Doc: "The parameters of an error are numbers.", plant: problems(with("parameters", []any{1, 2})),
		},
		{
			Name: "error-in-an-error", Statement: "E1", Checks: by("body"),
			Doc:   "The error is in a member called error.",
			plant: replies(on(func(t *turn) { t.value(func(v any) any { return map[string]any{"error": v} }) }, refused)),
		},
		{
			Name: "error-in-a-list", Statement: "E1", Checks: by("body"),
			Doc:   "Errors of 400 are a list of errors.",
			plant: replies(on(func(t *turn) { t.value(func(v any) any { return []any{v} }) }, code(400))),
		},
		{
			Name: "error-says-message", Statement: "E1", Checks: by("body"),
			Doc: "The detail is called message.", plant: problems(renamed("detail", "message")),
		},
		{
			Name: "code-of-another-status", Statement: "E6", Checks: by("known-value computed"),
			Doc: "A service that is not there gets 404 with the code of a conflict.", plant: problems(with("errorCode", "PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION"), code(404)),
		},
		{
			Name: "code-in-small-letters", Statement: "E6", Checks: by("known-value computed"),
			Doc: "Codes are in lower case with hyphens.", plant: problems(text("errorCode", func(s, _ string) string {
				return strings.ReplaceAll(strings.ToLower(s), "_", "-")
			})),
		},
	}
}

// errorPlaceFaults are those of errors of one place, and of what they give
// away (E2).
func errorPlaceFaults() []Fault {
	form := func(media, text string, conds ...cond) plant {
		return replies(on(func(t *turn) {
			t.header.Set("Content-Type", media)
			t.body = []byte(text)
		}, append(conds, refused)...))
	}
	const trace = "java.lang.NullPointerException\n\tat com.example.atlas.EndpointResource.create(EndpointResource.java:117)\n" +
		"\tat java.base/java.lang.Thread.run(Thread.java:840)"
	return []Fault{
		{
			Name: "errors-in-html", Statement: "E2", Checks: by("media-type body"),
			Doc: "Errors are pages of HTML.", plant: form("text/html", "<html><body><h1>Error</h1></body></html>"),
		},
		{
			Name: "errors-in-plain-text-on-delete", Statement: "E2", Checks: by("media-type body"),
			Doc: "Errors of deletes are plain text.", plant: form("text/plain", "not found", acts(remove)),
		},
		{
			Name: "errors-without-body-on-get", Statement: "E1", Checks: by("body media-type"),
			Doc: "The 404 of a get has no body.", plant: replies(on((*turn).empty, acts(get), code(404))),
		},
		{
			Name: "errors-as-problem-json", Statement: "E2", Checks: by("media-type"),
			Doc: "Errors are declared as application/problem+json.", plant: replies(on(func(t *turn) { t.header.Set("Content-Type", "application/problem+json") }, refused)),
		},
		{
			Name: "errors-as-broken-problem-json", Statement: "E2", Checks: by("problem media-type"),
			Doc: "Errors are declared as application/problem+json, and the status in them is a string.",
			plant: replies(on(func(t *turn) {
				t.object(func(m map[string]any) { m["status"] = fmt.Sprint(t.status) })
				t.header.Set("Content-Type", "application/problem+json")
			}, refused)),
		},
		{
			Name: "errors-without-media-type", Statement: "E2", Checks: by("media-type"),
			Doc: "Errors of 400 have no Content-Type.", plant: replies(on(func(t *turn) { t.header["Content-Type"] = nil }, code(400))),
		},
		{
			Name: "stack-trace-in-detail", Statement: "E2", Checks: by("internals"),
			Doc: "The detail of a 400 is a stack trace.", plant: problems(with("detail", trace), code(400)),
		},
		{
			Name: "file-path-in-detail", Statement: "E2", Checks: by("internals"),
			Doc: "The detail names a file of the server.", plant: problems(with("detail", "open /var/lib/atlas/groups.db: no such file or directory"), code(404)),
		},
		{
			Name: "query-in-detail", Statement: "E2", Checks: by("internals"),
			Doc:   "The detail of a 409 is an error of the database.",
			plant: problems(with("detail", "E11000 duplicate key error collection: atlas.services index: groupId_1_region_1 at /src/mongo/db/index.cpp:211"), code(409)),
		},
	}
}

// crashFaults are those of what happens now and then (E5).
func crashFaults() []Fault {
	broken := fails(500, "UNEXPECTED_ERROR")
	known := not(anonymous)
	return []Fault{
		{
			Name: "one-in-ten-gets-500", Statement: "E5", Checks: by("no-server-error"),
			Doc: "Every tenth request gets 500.", plant: each(10, broken, known),
		},
		{
			Name: "one-get-in-five-gets-503", Statement: "E5", Checks: by("no-server-error"),
			Doc:   "Every fifth get is too much for the server.",
			plant: each(5, fails(503, "SERVICE_UNAVAILABLE"), known, acts(get)),
		},
		{
			Name: "second-get-gets-500", Statement: "E5", Checks: by("no-server-error"),
			Doc: "The second get of a service gets 500.",
			plant: remembering(func() edit {
				counts := newTally()
				return on(func(t *turn) {
					if counts.next(t.service) == 2 {
						broken(t)
					}
				}, acts(get), known, good)
			}),
		},
		{
			Name: "list-of-many-gets-500", Statement: "E5", Checks: by("no-server-error"),
			Doc: "A list with more than one service gets 500.", plant: replies(on(broken, acts(list), good, shows(`(?s)"id".*"id"`))),
		},
		{
			Name: "head-gets-500", Statement: "E5", Checks: by("no-server-error"),
			Doc: "A HEAD gets 500.", plant: replies(on(broken, known, func(t *turn) bool { return t.r.Method == http.MethodHead })),
		},
		{
			Name: "unusual-method-gets-500", Statement: "E5", Checks: by("no-server-error"),
			Doc: "A method that no path has gets 500.", plant: replies(on(broken, code(405), func(t *turn) bool {
				return t.r.Method != http.MethodPost && t.r.Method != http.MethodPut && t.r.Method != http.MethodDelete && t.r.Method != http.MethodPatch
			})),
		},
		{
			Name: "large-body-gets-500", Statement: "E5", Checks: by("no-server-error"),
			Doc: "A body of more than four kilobytes gets 500.", plant: replies(on(broken, known, func(t *turn) bool { return len(t.sent) > 4<<10 })),
		},
		{
			Name: "long-region-gets-500", Statement: "E5", Checks: by("no-server-error"),
			Doc: "A region of more than 64 letters does not fit and gets 500.", plant: replies(on(broken, known, acts(create), func(t *turn) bool { return len(t.region) > 64 })),
		},
		{
			Name: "zero-byte-gets-500", Statement: "E5", Checks: by("no-server-error"),
			Doc: "A region with a zero byte gets 500.", plant: replies(on(broken, known, acts(create), func(t *turn) bool { return strings.Contains(t.region, "\x00") })),
		},
		{
			Name: "deep-body-gets-500", Statement: "E5", Checks: by("no-server-error"),
			Doc: "A body that is nested more than a hundred deep gets 500.", plant: replies(on(broken, known, func(t *turn) bool {
				return strings.Count(string(t.sent), "[")+strings.Count(string(t.sent), "{") > 100
			})),
		},
		{
			Name: "text-beyond-ascii-gets-500", Statement: "E5", Checks: by("no-server-error"),
			Doc: "A create with letters beyond ASCII gets 500.", plant: replies(on(broken, known, acts(create), func(t *turn) bool {
				return strings.ContainsFunc(string(t.sent), func(r rune) bool { return r > 127 })
			})),
		},
		{
			Name: "encoded-path-gets-500", Statement: "E5", Checks: by("no-server-error"),
			Doc: "A path with a percent sign gets 500.", plant: replies(on(broken, known, func(t *turn) bool { return strings.Contains(t.r.URL.EscapedPath(), "%") })),
		},
		{
			Name: "connection-cut-on-broken-body", Statement: "E5", Checks: by("answered"),
			Doc: "A body that is not JSON ends the connection.", plant: replies(on(cut, acts(create), wasCode("INVALID_JSON"))),
		},
		{
			Name: "connection-cut-now-and-then", Statement: "E5", Checks: by("answered"),
			Doc: "Every tenth connection is cut.", plant: each(10, cut, known),
		},
		{
			Name: "reply-cut-in-the-middle", Statement: "E5", Checks: by("answered body"),
			Doc: "The body of a list is shorter than announced.",
			plant: replies(on(func(t *turn) {
				t.header.Set("Content-Length", strconv.Itoa(len(t.body)))
				t.body = t.body[:len(t.body)/2]
				t.short = true
			}, acts(list), good)),
		},
		{
			Name: "hangs-on-unknown-region", Statement: "E5", Checks: by("answered"),
			Doc: "A region that is none is looked for without end.",
			plant: replies(on(func(t *turn) {
				select {
				case <-t.r.Context().Done():
				case <-time.After(time.Hour):
				}
				cut(t)
			}, acts(create), wasCode("INVALID_REGION"))),
		},
		{
			Name: "unknown-status", Statement: "E5", Checks: by("documented-status outcome answered"),
			Doc: "A create whose region is none gets the status 600.", plant: replies(on(func(t *turn) { t.status = 600 }, acts(create), wasCode("INVALID_REGION"))),
		},
	}
}

// cut ends the connection without a reply.
func cut(*turn) { panic(http.ErrAbortHandler) }
