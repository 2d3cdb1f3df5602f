package fault

import (
	"net/http"
	"time"

	"github.com/atlas-contract/conformance/internal/reference"
)

// taken changes which places are taken. begin makes what it remembers.
func taken(begin func() func(c reference.Claim) bool) plant {
	return inside(func(o *reference.Options) { o.Hooks.Taken = begin() })
}

// unless is right but for claims that a condition picks: those are free.
func unless(free func(c reference.Claim) bool) plant {
	return taken(func() func(reference.Claim) bool {
		return func(c reference.Claim) bool { return c.Taken && !free(c) }
	})
}

// claimed is right, and takes the places that were claimed before under the
// same key for taken too.
func claimed(key func(c reference.Claim) string) plant {
	return taken(func() func(reference.Claim) bool {
		seen := newMemory[bool]()
		return func(c reference.Claim) bool {
			_, had := seen.first(key(c), true)
			return had || c.Taken
		}
	})
}

// conflict changes the reply to a second create.
func conflict(change edit, conds ...cond) plant {
	return replies(on(change, append(conds, acts(create), code(http.StatusConflict))...))
}

// uniqueFaults are those of one service per provider and region and project
// (L7, L8).
func uniqueFaults() []Fault {
	return append(conflictFaults(), []Fault{
		{
			Name: "duplicates-allowed", Statement: "L7", Checks: by("unique outcome"),
			Doc: "A second create of the same makes another service.", plant: unless(func(reference.Claim) bool { return true }),
		},
		{
			Name: "duplicates-of-azure-allowed", Statement: "L7", Checks: by("unique outcome"),
			Doc:   "A second create of the same makes another service of AZURE.",
			plant: unless(func(c reference.Claim) bool { return c.Provider == "AZURE" }),
		},
		{
			Name: "duplicates-by-spelling-allowed", Statement: "L7", Checks: by("unique"),
			Doc: "A region in the other form, native or Atlas, counts as another region.",
			plant: taken(func() func(reference.Claim) bool {
				spelt := newMemory[string]()
				return func(c reference.Claim) bool {
					before, had := spelt.swap(c.Project+c.Provider+c.Region, c.Sent)
					return c.Taken && had && before == c.Sent
				}
			}),
		},
		{
			Name: "duplicates-while-initiating", Statement: "L7", Checks: by("unique outcome"),
			Doc: "A region counts as taken once its service is ready.", plant: unless(func(c reference.Claim) bool { return c.Phase == "INITIATING" }),
		},
		{
			Name: "duplicates-once-ready", Statement: "L7", Checks: by("unique outcome"),
			Doc: "A region counts as taken only until its service is ready.", plant: unless(func(c reference.Claim) bool { return c.Phase == "READY" }),
		},
		{
			Name: "duplicates-of-failed", Statement: "L7", Checks: by("unique outcome"),
			Doc:   "A region whose service failed counts as free; here those of AZURE fail.",
			plant: both(everythingFails("AZURE"), unless(func(c reference.Claim) bool { return c.Phase == "FAILED" })),
		},
		{
			Name: "simultaneous-creates-both-made", Statement: "L7", Checks: by("unique"),
			Doc: "Two creates within ten milliseconds both succeed: no lock is held from the look to the leap.",
			plant: taken(func() func(reference.Claim) bool {
				last := newMemory[time.Time]()
				return func(c reference.Claim) bool {
					before, had := last.swap(c.Project+c.Provider+c.Region, time.Now())
					return c.Taken && !(had && time.Since(before) < 10*time.Millisecond)
				}
			}),
		},
		{
			Name: "one-region-per-provider", Statement: "L7", Checks: by("unique outcome"),
			Doc: "A project can have one service of a provider, whatever the regions, until five seconds have passed.",
			plant: taken(func() func(reference.Claim) bool {
				type held struct {
					region string
					at     time.Time
				}
				last := newMemory[held]()
				return func(c reference.Claim) bool {
					key := c.Project + c.Provider
					before, had := last.look(key)
					if had && before.region != c.Region && time.Since(before.at) < 5*time.Second {
						return true
					}
					last.swap(key, held{c.Region, time.Now()})
					return c.Taken
				}
			}),
		},
		{
			Name: "region-shared-by-providers", Statement: "L7", Checks: by("unique outcome"),
			Doc: "A region that AWS has a service in is taken for AZURE too, where the names are alike.",
			plant: taken(func() func(reference.Claim) bool {
				owner := newMemory[string]()
				return func(c reference.Claim) bool {
					provider, had := owner.first(c.Project+c.Region, c.Provider)
					return c.Taken || had && provider != c.Provider
				}
			}),
		},
		{
			Name: "region-never-free-again", Statement: "L8", Checks: by("unique outcome"),
			Doc:   "A region stays taken when its service is gone.",
			plant: claimed(func(c reference.Claim) string { return c.Project + c.Provider + c.Region }),
		},
		{
			Name: "region-free-with-the-same-form-only", Statement: "L8", Checks: by("unique outcome"),
			Doc: "When its service is gone, a region can be used again only in the form that it had.",
			plant: taken(func() func(reference.Claim) bool {
				spelt := newMemory[string]()
				return func(c reference.Claim) bool {
					form, had := spelt.first(c.Project+c.Provider+c.Region, c.Sent)
					return c.Taken || had && form != c.Sent
				}
			}),
		},
		{
			Name: "region-free-after-ten-seconds", Statement: "L8", Checks: by("unique outcome"),
			Doc: "A region stays taken for ten seconds after the create, even if its service is gone.",
			plant: taken(func() func(reference.Claim) bool {
				made := newMemory[time.Time]()
				return func(c reference.Claim) bool {
					key := c.Project + c.Provider + c.Region
					at, had := made.look(key)
					if had && time.Since(at) < 10*time.Second {
						return true
					}
					made.swap(key, time.Now())
					return c.Taken
				}
			}),
		},
	}...)
}

// conflictFaults are wrong replies to a second create.
func conflictFaults() []Fault {
	const exists = "PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION"
	return []Fault{
		{
			Name: "duplicate-gets-400", Statement: "L7", Checks: by("unique"),
			Doc: "A second create of the same gets 400.", plant: conflict(fails(400, exists)),
		},
		{
			Name: "duplicate-gets-500", Statement: "L7", Checks: by("no-server-error"),
			Doc: "A second create of the same gets 500.", plant: conflict(fails(500, "UNEXPECTED_ERROR")),
		},
		{
			Name: "duplicate-gets-200", Statement: "L7", Checks: by("unique outcome"),
			Doc:   "A second create of the same gets 200 with a service, but makes none.",
			plant: conflict(func(t *turn) { t.say(200, service(t.provider)) }),
		},
		{
			Name: "duplicate-of-azure-gets-403", Statement: "L7", Checks: by("unique documented-status"),
			Doc: "A second create of the same gets 403 for AZURE.", plant: conflict(fails(403, exists), of("AZURE")),
		},
		{
			Name: "duplicate-with-another-code", Statement: "L7", Checks: by("example"),
			Doc: "The 409 of a second create has another error code.", plant: conflict(fails(409, "CANNOT_DELETE_PRIVATELINK_WITH_ENDPOINTS")),
		},
		{
			Name: "duplicate-in-plain-text", Statement: "E1", Checks: by("body media-type"),
			Doc: "The 409 of a second create is plain text.",
			plant: conflict(func(t *turn) {
				t.header.Set("Content-Type", "text/plain")
				t.body = []byte("conflict")
			}),
		},
	}
}
