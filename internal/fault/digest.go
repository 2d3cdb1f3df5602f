package fault

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"

	"github.com/atlas-contract/conformance/internal/reference"
)

// picky refuses answers whose header fits a pattern, or does not.
func picky(pattern string, refused bool) plant {
	form := regexp.MustCompile(pattern)
	return answers(func(a *reference.Answer) {
		if form.MatchString(a.Header) == refused {
			a.Fits = false
		}
	})
}

// digestFaults refuse right answers (A4).
func digestFaults() []Fault {
	return []Fault{
		{
			Name: "digest-counts-from-one", Statement: "A4", Checks: by("digest"),
			Doc: "The first count under a nonce must be one.",
			plant: inside(func(o *reference.Options) {
				begun := newMemory[bool]()
				o.Hooks.Nonce = func(a *reference.Answer, found reference.Freshness) reference.Freshness {
					if _, had := begun.look(a.Nonce); !had && a.Count != 1 {
						return reference.Unissued
					}
					begun.swap(a.Nonce, true)
					return found
				}
			}),
		},
		{
			Name: "digest-counts-upwards-only", Statement: "A4", Checks: by("digest"),
			Doc: "A count must be the next after the one before, so that a gap is refused.",
			plant: inside(func(o *reference.Options) {
				last := newMemory[uint32]()
				o.Hooks.Nonce = func(a *reference.Answer, found reference.Freshness) reference.Freshness {
					if before, had := last.swap(a.Nonce, a.Count); had && a.Count != before+1 {
						return reference.Unissued
					}
					return found
				}
			}),
		},
		{
			Name: "nonce-serves-once", Statement: "A4", Checks: by("digest"),
			Doc: "A nonce serves one request, and the next challenge does not say stale=true.",
			plant: inside(func(o *reference.Options) {
				used := newMemory[bool]()
				o.Hooks.Nonce = func(a *reference.Answer, found reference.Freshness) reference.Freshness {
					if _, had := used.first(a.Nonce, true); had {
						return reference.Unissued
					}
					return found
				}
			}),
		},
		{
			Name: "digest-uri-without-query", Statement: "A4", Checks: by("digest outcome"),
			Doc: "The uri directive is held against the path alone, so that requests with a query are refused.",
			plant: answers(func(a *reference.Answer) {
				a.Target = a.URI == a.Request.URL.EscapedPath()
			}),
		},
		{
			Name: "digest-refuses-quoted-algorithm", Statement: "A4", Checks: by("digest"),
			Doc: "An answer with a quoted algorithm is refused.", plant: picky(`algorithm="`, true),
		},
		{
			Name: "digest-refuses-bare-algorithm", Statement: "A4", Checks: by("digest"),
			Doc: "An answer with an algorithm that is not quoted is refused.", plant: picky(`algorithm=[^"]`, true),
		},
		{
			Name: "digest-needs-algorithm", Statement: "A4", Checks: by("digest"),
			Doc: "An answer without an algorithm is refused.", plant: picky(`algorithm=`, false),
		},
		{
			Name: "digest-in-fixed-order", Statement: "A4", Checks: by("digest"),
			Doc: "The username must be the first directive of an answer, and the realm the second.", plant: picky(`^Digest username="[^"]*", ?realm=`, false),
		},
		{
			Name: "digest-refuses-quoted-qop", Statement: "A4", Checks: by("digest"),
			Doc: "An answer with a quoted qop is refused.", plant: picky(`qop="`, true),
		},
		{
			Name: "digest-refuses-quoted-count", Statement: "A4", Checks: by("digest"),
			Doc: "An answer with a quoted nc is refused.", plant: picky(`nc="`, true),
		},
		{
			Name: "digest-needs-comma-and-space", Statement: "A4", Checks: by("digest"),
			Doc: "An answer whose directives are separated by a comma alone is refused.", plant: picky(`,[a-z]`, true),
		},
	}
}

// accepts takes whatever has digest credentials, but for one thing that it
// looks at: change sets what it does not.
func accepts(change func(a *reference.Answer), pick ...cond) plant {
	return inside(func(o *reference.Options) {
		paths := newReader()
		o.Hooks.Answer = func(a *reference.Answer) {
			t := paths.read(a.Request)
			for _, holds := range pick {
				if !holds(t) {
					return
				}
			}
			change(a)
		}
	})
}

// admits lets other credentials in as the owner's: those that know says.
func admits(know func(header string, o *reference.Options) bool) plant {
	return inside(func(o *reference.Options) {
		owner := ownerOf(o)
		o.Hooks.Answer = func(a *reference.Answer) {
			if know(a.Header, o) {
				*a = reference.Answer{
					Request: a.Request, Header: a.Header, User: owner,
					Counted: true, Right: true, Realm: true, Fits: true, Target: true,
				}
			}
		}
		o.Hooks.Nonce = func(a *reference.Answer, found reference.Freshness) reference.Freshness {
			if a.Nonce == "" {
				return reference.Fresh
			}
			return found
		}
	})
}

// ownerOf is the name of an API key that owns a project: the first in the
// order of the projects, then of the names.
func ownerOf(o *reference.Options) string {
	owner := ""
	for name, c := range o.Credentials {
		if c.Roles[o.Projects[0]] == reference.Owner && (owner == "" || name < owner) {
			owner = name
		}
	}
	return owner
}

// forgeryFaults accept what is no right answer (A5, A6, A8).
func forgeryFaults() []Fault {
	nonce := func(from, to reference.Freshness, pick ...cond) plant {
		return inside(func(o *reference.Options) {
			paths := newReader()
			o.Hooks.Nonce = func(a *reference.Answer, found reference.Freshness) reference.Freshness {
				t := paths.read(a.Request)
				for _, holds := range pick {
					if !holds(t) {
						return found
					}
				}
				if found == from {
					return to
				}
				return found
			}
		})
	}
	return append(refusalFaults(),
		Fault{
			Name: "digest-hash-unchecked", Statement: "A5", Checks: by("digest"),
			Doc: "Any hash of a known user is taken.", plant: accepts(func(a *reference.Answer) { a.Right = true }),
		},
		Fault{
			Name: "digest-hash-unchecked-on-delete", Statement: "A5", Checks: by("digest"),
			Doc: "A delete takes any hash of a known user.", plant: accepts(func(a *reference.Answer) { a.Right = true }, acts(remove)),
		},
		Fault{
			Name: "digest-empty-hash", Statement: "A5", Checks: by("digest"),
			Doc: "An answer without a hash, or with an empty one, is taken.",
			plant: accepts(func(a *reference.Answer) {
				if !strings.Contains(a.Header, `response="`) || strings.Contains(a.Header, `response=""`) {
					a.Right = true
				}
			}),
		},
		Fault{
			Name: "digest-hash-checked-once", Statement: "A5", Checks: by("digest"),
			Doc: "Once a nonce was answered right, any hash is taken with it.",
			plant: inside(func(o *reference.Options) {
				trusted := newMemory[bool]()
				o.Hooks.Answer = func(a *reference.Answer) {
					if _, had := trusted.look(a.User + " " + a.Nonce); had {
						a.Right = true
					} else if a.Right {
						trusted.swap(a.User+" "+a.Nonce, true)
					}
				}
			}),
		},
		Fault{
			Name: "digest-unknown-user", Statement: "A5", Checks: by("digest"),
			Doc: "Somebody whom the server does not know is taken for the owner.",
			plant: inside(func(o *reference.Options) {
				o.Hooks.Answer = func(a *reference.Answer) {
					if _, known := o.Credentials[a.User]; !known && a.User != "" {
						a.User, a.Right = ownerOf(o), true
					}
				}
			}),
		},
		Fault{
			Name: "digest-uri-unchecked", Statement: "A5", Checks: by("digest"),
			Doc: "The uri of an answer need not be the request's.", plant: accepts(func(a *reference.Answer) { a.Target = true }),
		},
		Fault{
			Name: "digest-query-unchecked", Statement: "A5", Checks: by("digest"),
			Doc: "The query may be another than the one in the uri of the answer.",
			plant: accepts(func(a *reference.Answer) {
				path, _, _ := strings.Cut(a.URI, "?")
				a.Target = path == a.Request.URL.EscapedPath()
			}),
		},
		Fault{
			Name: "digest-realm-unchecked", Statement: "A5", Checks: by("digest"),
			Doc: "The realm in an answer need not be the server's.", plant: accepts(func(a *reference.Answer) { a.Realm = true }),
		},
		Fault{
			Name: "nonce-never-issued", Statement: "A5", Checks: by("digest"),
			Doc: "A nonce that the server never gave out is taken.", plant: nonce(reference.Unissued, reference.Fresh),
		},
		Fault{
			Name: "replay-accepted", Statement: "A6", Checks: by("digest"),
			Doc: "The same answer is taken again.", plant: nonce(reference.Stale, reference.Fresh),
		},
		Fault{
			Name: "replay-of-reads-accepted", Statement: "A6", Checks: by("digest"),
			Doc: "The same answer to read something is taken again.", plant: nonce(reference.Stale, reference.Fresh, acts(get, list, readMode, containers)),
		},
		Fault{
			Name: "replay-not-called-stale", Statement: "A6", Checks: by("digest challenge"),
			Doc: "A replayed answer is refused with stale=false.", plant: nonce(reference.Stale, reference.Unissued),
		},
		Fault{
			Name: "basic-accepted", Statement: "A8", Checks: by("digest challenge outcome"),
			Doc: "The right key is taken as Basic credentials too.",
			plant: admits(func(header string, o *reference.Options) bool {
				text, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(header, "Basic "))
				user, key, _ := strings.Cut(string(text), ":")
				return err == nil && key != "" && o.Credentials[user].Key == key
			}),
		},
		Fault{
			Name: "basic-of-anyone-accepted", Statement: "A8", Checks: by("digest challenge outcome"),
			Doc:   "Any Basic credentials are taken, as behind a proxy that was to check them.",
			plant: admits(func(header string, _ *reference.Options) bool { return strings.HasPrefix(header, "Basic ") }),
		},
		Fault{
			Name: "bearer-accepted", Statement: "A8", Checks: by("digest challenge outcome"),
			Doc:   "Any Bearer token is taken.",
			plant: admits(func(header string, _ *reference.Options) bool { return strings.HasPrefix(header, "Bearer ") }),
		},
	)
}

// refusalFaults refuse wrong credentials in a wrong way.
func refusalFaults() []Fault {
	wrong := func(t *turn) bool { return !anonymous(t) && t.status == http.StatusUnauthorized }
	scheme := func(name string) cond {
		return func(t *turn) bool { return strings.HasPrefix(t.r.Header.Get("Authorization"), name+" ") }
	}
	return []Fault{
		{
			Name: "wrong-key-without-challenge", Statement: "A5", Checks: by("digest challenge headers"),
			Doc:   "Wrong credentials get 401 without a new challenge.",
			plant: replies(on(func(t *turn) { t.header.Del(wwwAuthenticate) }, wrong)),
		},
		{
			Name: "wrong-key-gets-403", Statement: "A5", Checks: by("digest challenge outcome"),
			Doc: "Wrong credentials get 403.",
			plant: replies(on(func(t *turn) {
				if strings.Contains(t.header.Get(wwwAuthenticate), "stale=false") {
					t.header.Del(wwwAuthenticate)
					t.refuse(http.StatusForbidden, "ACCESS_FORBIDDEN")
				}
			}, wrong)),
		},
		{
			Name: "wrong-key-same-nonce", Statement: "A3", Checks: by("nonces challenge digest"),
			Doc: "The challenge after a wrong answer has the nonce of that answer again.",
			plant: replies(on(func(t *turn) {
				nonce := regexp.MustCompile(`nonce="[^"]*"`)
				if again := regexp.MustCompile(`[ ,]nonce="([^"]*)"`).FindStringSubmatch(t.r.Header.Get("Authorization")); again != nil {
					t.header.Set(wwwAuthenticate, nonce.ReplaceAllLiteralString(t.header.Get(wwwAuthenticate), `nonce="`+again[1]+`"`))
				}
			}, wrong)),
		},
		{
			Name: "bearer-gets-400", Statement: "A8", Checks: by("digest challenge outcome"),
			Doc: "Bearer credentials get 400.",
			plant: replies(on(func(t *turn) {
				t.header.Del(wwwAuthenticate)
				t.refuse(http.StatusBadRequest, "INVALID_AUTHORIZATION")
			}, scheme("Bearer"), wrong)),
		},
		{
			Name: "basic-gets-500", Statement: "A8", Checks: by("no-server-error digest challenge"),
			Doc: "Basic credentials get 500.",
			plant: replies(on(func(t *turn) {
				t.header.Del(wwwAuthenticate)
				t.refuse(http.StatusInternalServerError, "UNEXPECTED_ERROR")
			}, scheme("Basic"), wrong)),
		},
	}
}
