package fault

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/atlas-contract/conformance/internal/reference"
)

const wwwAuthenticate = "WWW-Authenticate"

// challenged is every reply that asks for credentials.
func challenged(t *turn) bool { return t.header.Get(wwwAuthenticate) != "" }

// challenge changes the text of the challenge.
func challenge(from, to string) plant {
	return replies(on(func(t *turn) {
		t.header.Set(wwwAuthenticate, strings.Replace(t.header.Get(wwwAuthenticate), from, to, 1))
	}, challenged))
}

// challengeFaults are those of the form of the challenge.
func challengeFaults() []Fault {
	return []Fault{
		{
			Name: "challenge-missing-on-delete", Statement: "A1", Checks: by("challenge headers"),
			Doc:   "A delete without credentials gets 401 without a challenge.",
			plant: replies(on(func(t *turn) { t.header.Del(wwwAuthenticate) }, acts(remove), anonymous)),
		},
		{
			Name: "challenge-with-basic-beside", Statement: "A1", Checks: by("challenge headers"),
			Doc: "Basic is offered in a second challenge.",
			plant: replies(on(func(t *turn) { t.header.Add(wwwAuthenticate, `Basic realm="MMS Public API"`) },
				challenged)),
		},
		{
			Name: "challenge-of-another-realm", Statement: "A1", Checks: by("challenge headers"),
			Doc:   "The realm is called Atlas API.",
			plant: inside(func(o *reference.Options) { o.Hooks.Realm = "Atlas API" }),
		},
		{
			Name: "challenge-without-domain", Statement: "A1", Checks: by("challenge headers"),
			Doc: "The challenge has no domain directive.", plant: challenge(` domain="",`, ""),
		},
		{
			Name: "challenge-domain-slash", Statement: "A1", Checks: by("challenge headers"),
			Doc: "The domain directive is / instead of empty.", plant: challenge(`domain=""`, `domain="/"`),
		},
		{
			Name: "challenge-without-stale", Statement: "A1", Checks: by("challenge headers"),
			Doc: "The challenge has no stale directive.", plant: challenge(", stale=false", ""),
		},
		{
			Name: "challenge-stale-at-first", Statement: "A1", Checks: by("challenge headers digest"),
			Doc: "The first challenge says stale=true already.", plant: challenge("stale=false", "stale=true"),
		},
		{
			Name: "challenge-algorithm-quoted", Statement: "A1", Checks: by("challenge headers"),
			Doc: "The algorithm of the challenge is quoted.", plant: challenge("algorithm=MD5", `algorithm="MD5"`),
		},
		{
			Name: "challenge-qop-bare", Statement: "A1", Checks: by("challenge headers"),
			Doc: "The qop of the challenge is not quoted.", plant: challenge(`qop="auth"`, "qop=auth"),
		},
		{
			Name: "challenge-qop-auth-int", Statement: "A1", Checks: by("challenge headers"),
			Doc: "The challenge offers qop auth-int too, which the server does not know.", plant: challenge(`"auth"`, `"auth,auth-int"`),
		},
		{
			Name: "challenge-with-opaque", Statement: "A10", Checks: by("challenge headers"),
			Doc: "The challenge has an opaque directive.", plant: challenge(", stale", `, opaque="5ccc069c403ebaf9f0171e9517f40e41", stale`),
		},
		{
			Name: "challenge-with-charset", Statement: "A10", Checks: by("challenge headers"),
			Doc: "The challenge ends with charset=UTF-8, as newer ones do.", plant: challenge("stale=false", "stale=false, charset=UTF-8"),
		},
		{
			Name: "challenge-without-spaces", Statement: "A10", Checks: by("challenge headers"),
			Doc: "No space follows the commas of the challenge.",
			plant: replies(on(func(t *turn) {
				t.header.Set(wwwAuthenticate, strings.ReplaceAll(t.header.Get(wwwAuthenticate), ", ", ","))
			}, challenged)),
		},
	}
}

// issues changes what nonces are given out, and takes them however often they
// are used.
func issues(issue func() func(fresh string) string) plant {
	return inside(func(o *reference.Options) {
		o.Hooks.Issue = issue()
		o.Hooks.Nonce = func(_ *reference.Answer, found reference.Freshness) reference.Freshness {
			if found == reference.Stale {
				return reference.Fresh
			}
			return found
		}
	})
}

// counted makes nonces of the number of the challenge.
func counted(name func(n int) string) func() func(string) string {
	return func() func(string) string {
		counts := newTally()
		return func(string) string { return name(counts.next("")) }
	}
}

// nonceFaults are those of the freshness of nonces.
func nonceFaults() []Fault {
	return []Fault{
		{
			Name: "nonce-constant", Statement: "A3", Checks: by("nonces"),
			Doc:   "Every challenge has the same nonce.",
			plant: issues(counted(func(int) string { return "6Zl7ZW5vbmNlZm9yZXZlcm9uZQ==" })),
		},
		{
			Name: "nonce-sequence", Statement: "A3", Checks: by("nonces"),
			Doc:   "Nonces are consecutive numbers.",
			plant: issues(counted(func(n int) string { return fmt.Sprintf("%024d", n) })),
		},
		{
			Name: "nonce-of-the-minute", Statement: "A3", Checks: by("nonces"),
			Doc:   "The nonce is the time in minutes, the same for all challenges of one.",
			plant: issues(counted(func(int) string { return fmt.Sprintf("%016x", time.Now().Unix()/60) })),
		},
		{
			Name: "nonce-in-pairs", Statement: "A3", Checks: by("nonces"),
			Doc: "Every second challenge repeats the nonce of the one before.",
			plant: issues(func() func(string) string {
				var mu sync.Mutex
				var last string
				return func(fresh string) string {
					mu.Lock()
					defer mu.Unlock()
					if again := last; again != "" {
						last = ""
						return again
					}
					last = fresh
					return fresh
				}
			}),
		},
		{
			Name: "nonce-random-seeded-alike", Statement: "A3", Checks: by("nonces"),
			Doc: "Nonces repeat after sixteen, as those of a generator with a small state.",
			plant: issues(counted(func(n int) string {
				return hex.EncodeToString([]byte{byte(n % 16), 0x5a, byte(n%16) * 7, 0x13, byte(n%16) * 31, 0x77, 0xc4, 0x01})
			})),
		},
	}
}

// early answers those who have not said who they are.
func early(status int, name string, pick ...cond) plant {
	return replies(on(func(t *turn) {
		t.header.Del(wwwAuthenticate)
		t.refuse(status, name)
	}, append([]cond{anonymous}, pick...)...))
}

// orderFaults look at something before they look at who asks.
func orderFaults() []Fault {
	unknownPath := func(t *turn) bool { return !strings.Contains(t.r.URL.Path, "/groups/") }
	badProject := func(t *turn) bool { return t.project != "" && !isID(t.project) }
	noBody := func(t *turn) bool { return t.act == create && t.r.ContentLength <= 0 }
	badFlag := func(t *turn) bool {
		for _, name := range []string{"pretty", "envelope"} {
			if v := t.r.URL.Query().Get(name); v != "" && v != "true" && v != "false" {
				return true
			}
		}
		return false
	}
	oddMethod := func(t *turn) bool { return t.act == elsewhere && t.project != "" }
	return []Fault{
		{
			Name: "path-before-credentials", Statement: "A2", Checks: by("challenge outcome"),
			Doc: "An unknown path gets 404 without credentials.", plant: early(404, "RESOURCE_NOT_FOUND", unknownPath),
		},
		{
			Name: "id-before-credentials", Statement: "A2", Checks: by("challenge outcome"),
			Doc: "A malformed project id gets 400 without credentials.", plant: early(400, "PATH_PARAM_PARSE_ERROR", badProject),
		},
		{
			Name: "method-before-credentials", Statement: "A2", Checks: by("challenge outcome"),
			Doc: "A method that the path does not have gets 405 without credentials.", plant: early(405, "METHOD_NOT_ALLOWED", oddMethod),
		},
		{
			Name: "flags-before-credentials", Statement: "A2", Checks: by("challenge outcome"),
			Doc: "A flag that is no boolean gets 400 without credentials.", plant: early(400, "INVALID_QUERY_PARAMETER", badFlag),
		},
		{
			Name: "body-before-credentials", Statement: "A2", Checks: by("challenge outcome"),
			Doc: "A create with an empty body, as curl sends it first, gets 400 without credentials.", plant: early(400, "INVALID_JSON", noBody),
		},
		{
			Name: "media-before-credentials", Statement: "A2", Checks: by("challenge outcome"),
			Doc: "A create that is not declared as JSON gets 415 without credentials.",
			plant: early(415, "UNSUPPORTED_MEDIA_TYPE", acts(create), func(t *turn) bool {
				return t.r.Header.Get("Content-Type") != "" && !strings.HasPrefix(t.r.Header.Get("Content-Type"), "application/json")
			}),
		},
	}
}

// isID tells whether a text has the form of an id (P1).
func isID(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil && len(s) == 24 && s == strings.ToLower(s)
}

// unauthorizedFaults are wrong replies to requests without credentials.
func unauthorizedFaults() []Fault {
	open := func(name act) plant { return skips(acts(name), stepAuthenticate, stepRole) }
	body := func(change func(m map[string]any)) plant {
		return replies(on(func(t *turn) { t.object(change) }, anonymous, code(http.StatusUnauthorized)))
	}
	return []Fault{
		{
			Name: "list-open-to-all", Statement: "A1", Checks: by("challenge outcome"),
			Doc: "The list needs no credentials.", plant: open(list),
		},
		{
			Name: "create-open-to-all", Statement: "A1", Checks: by("challenge outcome"),
			Doc: "A create needs no credentials.", plant: open(create),
		},
		{
			Name: "mode-open-to-all", Statement: "A1", Checks: by("challenge outcome"),
			Doc: "The regional mode can be read without credentials.", plant: open(readMode),
		},
		{
			Name: "anonymous-gets-403", Statement: "A1", Checks: by("challenge outcome documented-status"),
			Doc: "A request without credentials gets 403.", plant: early(403, "ACCESS_FORBIDDEN", acts(create, list, get, remove)),
		},
		{
			Name: "unauthorized-in-plain-text", Statement: "A9", Checks: by("media-type body"),
			Doc: "The body of a 401 is plain text.",
			plant: replies(on(func(t *turn) {
				t.header.Set("Content-Type", "text/plain; charset=utf-8")
				t.body = []byte("Unauthorized\n")
			}, code(http.StatusUnauthorized))),
		},
		{
			Name: "unauthorized-number-as-text", Statement: "A9", Checks: by("body"),
			Doc: "The error number of a 401 is a string.", plant: body(func(m map[string]any) { m["error"] = "401" }),
		},
		{
			Name: "unauthorized-without-detail", Statement: "A9", Checks: by("body"),
			Doc: "The body of a 401 has no detail.", plant: body(func(m map[string]any) { delete(m, "detail") }),
		},
		{
			Name: "unauthorized-number-is-403", Statement: "A9", Checks: by("computed body"),
			Doc: "The body of a 401 says error 403.", plant: body(func(m map[string]any) { m["error"] = 403 }),
		},
		{
			Name: "challenge-in-an-envelope", Statement: "F4", Checks: by("envelope body"),
			Doc: "The body of the challenge is wrapped.",
			plant: replies(on(func(t *turn) {
				if v, ok := parse(t.body); ok {
					t.say(t.status, v)
				}
			}, flagged("envelope"), anonymous, code(http.StatusUnauthorized))),
		},
	}
}
