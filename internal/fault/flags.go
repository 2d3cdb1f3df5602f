package fault

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// wrapper changes envelopes.
func wrapper(change func(t *turn, m map[string]any, key string), conds ...cond) plant {
	return replies(on(func(t *turn) {
		t.outer(func(v any) any {
			if m, key, ok := t.envelope(v); ok {
				change(t, m, key)
			}
			return v
		})
	}, append(conds, flagged("envelope"))...))
}

// ignores takes a flag out of the query before it is looked at.
func ignores(flag string, pick cond) plant {
	return query(func(t *turn, q url.Values) {
		if pick(t) {
			q.Del(flag)
		}
	})
}

// always picks everything.
func always(*turn) bool { return true }

// bare takes a reply out of its envelope.
func bare(t *turn) {
	t.outer(func(v any) any {
		if m, key, ok := t.envelope(v); ok {
			return m[key]
		}
		return v
	})
}

// wrapFaults are those of whether a reply is wrapped, and in what (F1, F3, F4).
func wrapFaults() []Fault {
	enveloped := flagged("envelope")
	return []Fault{
		{
			Name: "envelope-ignored", Statement: "F1", Checks: by("envelope"),
			Doc: "The flag envelope is ignored.", plant: ignores("envelope", always),
		},
		{
			Name: "envelope-ignored-by-list", Statement: "F5", Checks: by("envelope"),
			Doc: "The list ignores the flag envelope.", plant: ignores("envelope", acts(list)),
		},
		{
			Name: "envelope-ignored-by-create", Statement: "F1", Checks: by("envelope"),
			Doc: "A create ignores the flag envelope.", plant: ignores("envelope", acts(create)),
		},
		{
			Name: "envelope-ignored-by-azure", Statement: "F1", Checks: by("envelope"),
			Doc: "A get of AZURE ignores the flag envelope.", plant: replies(on(bare, acts(get), of("AZURE"), enveloped, good)),
		},
		{
			Name: "envelope-ignored-by-delete", Statement: "F1", Checks: by("envelope"),
			Doc: "A delete ignores the flag envelope.", plant: ignores("envelope", acts(remove)),
		},
		{
			Name: "envelope-ignored-by-mode", Statement: "F1", Checks: by("envelope"),
			Doc: "The regional mode ignores the flag envelope.", plant: ignores("envelope", acts(readMode, setMode)),
		},
		{
			Name: "envelope-always", Statement: "F1", Checks: by("envelope body"),
			Doc: "A get is wrapped without being asked to.",
			plant: replies(on(func(t *turn) {
				t.outer(func(v any) any { return map[string]any{"status": t.status, "envelope": v} })
			}, acts(get), good, not(enveloped))),
		},
		{
			Name: "envelope-false-wraps", Statement: "F7", Checks: by("envelope relation body"),
			Doc: "The flag envelope counts as true when it is there, even as false.",
			plant: query(func(_ *turn, q url.Values) {
				if q.Get("envelope") == "false" {
					q.Set("envelope", "true")
				}
			}),
		},
		{
			Name: "errors-not-wrapped", Statement: "F4", Checks: by("envelope"),
			Doc: "Errors are not wrapped.", plant: replies(on(bare, refused, enveloped)),
		},
		{
			Name: "not-found-not-wrapped", Statement: "F4", Checks: by("envelope"),
			Doc: "A 404 is not wrapped.", plant: replies(on(bare, code(404), enveloped)),
		},
		{
			Name: "forbidden-not-wrapped", Statement: "F4", Checks: by("envelope"),
			Doc: "A 403 is not wrapped.", plant: replies(on(bare, code(403), enveloped)),
		},
		{
			Name: "conflict-not-wrapped", Statement: "F4", Checks: by("envelope"),
			Doc: "A 409 is not wrapped.", plant: replies(on(bare, code(409), enveloped)),
		},
	}
}

// wrappedFaults are those of what is in an envelope (F1, F2, F3, F5).
func wrappedFaults() []Fault {
	return []Fault{
		{
			Name: "envelope-called-data", Statement: "F1", Checks: by("envelope body"),
			Doc: "The wrapped body is under data.", plant: wrapper(func(_ *turn, m map[string]any, key string) { renamed(key, "data")(m) }),
		},
		{
			Name: "envelope-under-both-keys", Statement: "F1", Checks: by("envelope body"),
			Doc: "The wrapped body is under envelope and under content.", plant: wrapper(func(_ *turn, m map[string]any, key string) { m["content"], m["envelope"] = m[key], m[key] }),
		},
		{
			Name: "envelope-without-status", Statement: "F1", Checks: by("envelope body"),
			Doc: "The envelope has no status.", plant: wrapper(func(_ *turn, m map[string]any, _ string) { delete(m, "status") }),
		},
		{
			Name: "envelope-status-as-text", Statement: "F1", Checks: by("envelope body"),
			Doc: "The status in the envelope is a string.", plant: wrapper(func(t *turn, m map[string]any, _ string) { m["status"] = fmt.Sprint(t.status) }),
		},
		{
			Name: "envelope-status-text-in-lists", Statement: "F1", Checks: by("envelope body"),
			Doc:   "The status in the envelope of a list is the phrase OK.",
			plant: wrapper(func(t *turn, m map[string]any, _ string) { m["status"] = http.StatusText(t.status) }, acts(list)),
		},
		{
			Name: "envelope-status-always-200", Statement: "F3", Checks: by("envelope"),
			Doc: "The status in the envelope is 200.", plant: wrapper(func(_ *turn, m map[string]any, _ string) { m["status"] = 200 }),
		},
		{
			Name: "envelope-status-200-for-create", Statement: "F3", Checks: by("envelope"),
			Doc: "The status in the envelope of a create is 200.", plant: wrapper(func(_ *turn, m map[string]any, _ string) { m["status"] = 200 }, acts(create), good),
		},
		{
			Name: "enveloped-errors-get-200", Statement: "F3", Checks: by("envelope outcome"),
			Doc:   "An error in an envelope gets the HTTP status 200, for clients that cannot see others.",
			plant: replies(on(func(t *turn) { t.status = 200 }, refused, flagged("envelope"))),
		},
		{
			Name: "enveloped-creates-get-200-and-say-201", Statement: "F3", Checks: by("envelope"),
			Doc:   "A create in an envelope gets the HTTP status 200, and its envelope says 201.",
			plant: replies(on(func(t *turn) { t.status = 200 }, acts(create), good, flagged("envelope"))),
		},
		{
			Name: "envelope-around-text", Statement: "F2", Checks: by("envelope body relation"),
			Doc: "The wrapped body is a string with JSON in it.",
			plant: wrapper(func(_ *turn, m map[string]any, key string) {
				m[key] = string(write(m[key]))
			}),
		},
		{
			Name: "envelope-twice", Statement: "F2", Checks: by("envelope body relation"),
			Doc: "The body is wrapped twice.",
			plant: wrapper(func(t *turn, m map[string]any, key string) {
				m[key] = map[string]any{"status": t.status, key: m[key]}
			}),
		},
		{
			Name: "envelope-loses-nulls", Statement: "F2", Checks: by("body relation"),
			Doc: "Members that are null are lost in an envelope.",
			plant: wrapper(func(_ *turn, m map[string]any, key string) {
				if inner, ok := m[key].(map[string]any); ok {
					for name, v := range inner {
						if v == nil {
							delete(inner, name)
						}
					}
				}
			}, good),
		},
		{
			Name: "envelope-of-another-service", Statement: "F2", Checks: by("relation read-back"),
			Doc: "A get in an envelope shows another id.",
			plant: wrapper(func(_ *turn, m map[string]any, key string) {
				if inner, ok := m[key].(map[string]any); ok {
					inner["id"] = flipped(inner["id"])
				}
			}, acts(get), good),
		},
		{
			Name: "envelope-with-another-mode", Statement: "F2", Checks: by("relation"),
			Doc: "The regional mode in an envelope is the other one.",
			plant: wrapper(func(_ *turn, m map[string]any, key string) {
				if inner, ok := m[key].(map[string]any); ok {
					inner["enabled"] = inner["enabled"] != true
				}
			}, acts(readMode), good),
		},
		{
			Name: "envelope-of-lists-in-results", Statement: "F5", Checks: by("body envelope"),
			Doc: "A list in an envelope is an object with results.",
			plant: wrapper(func(_ *turn, m map[string]any, key string) {
				m[key] = map[string]any{"results": m[key]}
			}, acts(list), good),
		},
		{
			Name: "envelope-of-an-empty-list-is-null", Statement: "F5", Checks: by("body envelope"),
			Doc: "An empty list in an envelope is null.",
			plant: wrapper(func(_ *turn, m map[string]any, key string) {
				if all, ok := m[key].([]any); ok && len(all) == 0 {
					m[key] = nil
				}
			}, acts(list), good),
		},
		{
			Name: "envelope-of-a-list-shortened", Statement: "F2", Checks: by("relation read-back"),
			Doc: "A list in an envelope lacks its last service.",
			plant: wrapper(func(_ *turn, m map[string]any, key string) {
				if all, ok := m[key].([]any); ok && len(all) > 0 {
					m[key] = all[:len(all)-1]
				}
			}, acts(list), good),
		},
	}
}

// flat takes the white space out of a reply.
func flat(t *turn) {
	var b bytes.Buffer
	if json.Compact(&b, t.body) == nil {
		t.body = b.Bytes()
	}
}

// printed changes replies that are printed in lines, as text.
func printed(change func(body []byte) []byte, conds ...cond) plant {
	return replies(on(func(t *turn) { t.body = change(t.body) }, append(conds, flagged("pretty"), good)...))
}

// prettyFaults are those of white space (F6, F7, S10).
func prettyFaults() []Fault {
	pretty := flagged("pretty")
	loud := func(t *turn) bool { return !t.asks("pretty") }
	return []Fault{
		{
			Name: "pretty-ignored", Statement: "F6", Checks: by("formatting"),
			Doc: "The flag pretty is ignored.", plant: ignores("pretty", always),
		},
		{
			Name: "pretty-ignored-by-create", Statement: "F6", Checks: by("formatting"),
			Doc: "A create ignores the flag pretty.", plant: ignores("pretty", acts(create)),
		},
		{
			Name: "pretty-ignored-by-list", Statement: "F6", Checks: by("formatting"),
			Doc: "The list ignores the flag pretty.", plant: ignores("pretty", acts(list)),
		},
		{
			Name: "pretty-ignored-by-mode", Statement: "F6", Checks: by("formatting"),
			Doc: "The regional mode ignores the flag pretty.", plant: ignores("pretty", acts(readMode)),
		},
		{
			Name: "pretty-ignored-in-envelopes", Statement: "F7", Checks: by("formatting"),
			Doc: "With both flags the reply is wrapped and compact.", plant: replies(on(flat, flagged("envelope"), pretty)),
		},
		{
			Name: "pretty-unwraps", Statement: "F7", Checks: by("envelope"),
			Doc: "With both flags the reply is not wrapped.", plant: ignores("envelope", pretty),
		},
		{
			Name: "pretty-outside-only", Statement: "F7", Checks: by("relation envelope body"),
			Doc:   "With both flags the envelope is broken into lines, and what is in it is a string.",
			plant: wrapper(func(_ *turn, m map[string]any, key string) { m[key] = string(write(m[key])) }, pretty),
		},
		{
			Name: "pretty-false-is-pretty", Statement: "F7", Checks: by("formatting"),
			Doc: "The flag pretty counts as true when it is there, even as false.",
			plant: query(func(_ *turn, q url.Values) {
				if q.Get("pretty") == "false" {
					q.Set("pretty", "true")
				}
			}),
		},
		{
			Name: "pretty-with-spaces-only", Statement: "F6", Checks: by("formatting"),
			Doc:   "A pretty reply has spaces after colons and commas, and no lines.",
			plant: printed(func(body []byte) []byte { return regexp.MustCompile(`\n\s*`).ReplaceAll(body, nil) }),
		},
		{
			Name: "pretty-loses-nulls", Statement: "F6", Checks: by("body relation"),
			Doc:   "A pretty reply has no members that are null.",
			plant: items(func(m map[string]any) { dropNulls(m) }, pretty),
		},
		{
			Name: "pretty-with-numbers-as-text", Statement: "F6", Checks: by("relation body"),
			Doc: "A pretty reply shows booleans as strings.",
			plant: printed(func(body []byte) []byte {
				return regexp.MustCompile(`: (true|false)`).ReplaceAll(body, []byte(`: "$1"`))
			}),
		},
		{
			Name: "pretty-list-reversed", Statement: "F6", Checks: by("relation"),
			Doc: "A pretty list is the other way round.",
			plant: replies(on(func(t *turn) {
				t.value(func(v any) any {
					if all, ok := v.([]any); ok {
						slices.Reverse(all)
					}
					return v
				})
			}, acts(list), pretty, good)),
		},
		{
			Name: "pretty-cuts-ids", Statement: "F6", Checks: by("relation body read-back"),
			Doc: "A pretty reply shows another id, cut and filled up.",
			plant: items(func(m map[string]any) {
				if s, ok := m["id"].(string); ok && len(s) == 24 {
					m["id"] = s[:12] + strings.Repeat("0", 12)
				}
			}, pretty, acts(get, list)),
		},
		{
			Name: "pretty-changes-the-status", Statement: "F6", Checks: by("relation outcome documented-status"),
			Doc: "A pretty create gets 202.", plant: status(202, acts(create), pretty),
		},
		{
			Name: "ends-with-a-newline", Statement: "S10", Checks: by("formatting"),
			Doc:   "Compact bodies end with a newline, as Go's encoder writes them.",
			plant: replies(on(func(t *turn) { t.body = append(t.body, '\n') }, loud, good, func(t *turn) bool { return len(t.body) > 0 })),
		},
		{
			Name: "list-in-lines", Statement: "S10", Checks: by("formatting"),
			Doc:   "A list has each service on a line of its own.",
			plant: replies(on(func(t *turn) { t.body = bytes.ReplaceAll(t.body, []byte(`{"`), []byte("\n{\"")) }, acts(list), loud, good)),
		},
		{
			Name: "create-always-pretty", Statement: "S10", Checks: by("formatting"),
			Doc: "The reply to a create is always broken into lines.", plant: replies(on((*turn).indent, acts(create), loud, good)),
		},
		{
			Name: "errors-always-pretty", Statement: "S10", Checks: by("formatting"),
			Doc: "Errors are always broken into lines.", plant: replies(on((*turn).indent, loud, refused)),
		},
		{
			Name: "envelope-always-pretty", Statement: "F7", Checks: by("formatting"),
			Doc: "What is wrapped is always broken into lines.", plant: replies(on((*turn).indent, flagged("envelope"), loud, good)),
		},
	}
}

func dropNulls(m map[string]any) {
	for name, v := range m {
		if v == nil {
			delete(m, name)
		}
	}
}
