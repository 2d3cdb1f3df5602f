package fault

import (
	"net/http"
	"time"

	"github.com/atlas-contract/conformance/internal/reference"
)

// unknown picks the 404 of a service that is not there.
func unknown(t *turn) bool {
	return t.service != "" && wasCode("PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")(t)
}

// ghost remembers services and what is left of them after their delete.
func ghost(haunt func(t *turn, kept *memory[[]byte]), conds ...cond) plant {
	return remembering(func() edit {
		kept := newMemory[[]byte]()
		after := on(func(t *turn) { haunt(t, kept) }, conds...)
		return func(t *turn) {
			if (t.act == create || t.act == get) && good(t) && !t.asks("envelope") {
				t.items(func(m map[string]any) {
					if id, ok := m["id"].(string); ok && m["status"] != "DELETING" {
						kept.swap(t.project+id, write(m))
					}
				})
			}
			after(t)
		}
	})
}

// revive answers with a service that is gone, changed.
func revive(change func(map[string]any)) func(t *turn, kept *memory[[]byte]) {
	return func(t *turn, kept *memory[[]byte]) {
		text, had := kept.look(t.project + t.service)
		if !had {
			return
		}
		v, _ := parse(text)
		if m, ok := v.(map[string]any); ok {
			change(m)
			t.say(http.StatusOK, m)
		}
	}
}

// removalFaults are those of deletes (L3, L12).
func removalFaults() []Fault {
	return append(unknownFaults(), []Fault{
		{
			Name: "never-gone", Statement: "L3", Checks: by("gone awaited"),
			Doc: "A deleted service is DELETING for ever.", plant: takes(0, ever),
		},
		{
			Name: "gone-but-still-read", Statement: "L3", Checks: by("gone awaited"),
			Doc: "A get shows a service that is gone as DELETING for ever; the list is right.", plant: ghost(revive(with("status", "DELETING")), acts(get), unknown),
		},
		{
			Name: "gone-but-read-as-before", Statement: "L3", Checks: by("gone lifecycle awaited"),
			Doc: "A get shows a service that is gone as it was, as from a cache.", plant: ghost(revive(func(map[string]any) {}), acts(get), unknown),
		},
		{
			Name: "gone-but-listed", Statement: "L3", Checks: by("gone"),
			Doc: "Services that are gone stay in the list.",
			plant: remembering(func() edit {
				seen := newMemory[any]()
				return on(func(t *turn) {
					key := t.project + t.provider
					t.value(func(v any) any {
						if t.act == create {
							all, _ := seen.look(key)
							before, _ := all.([]any)
							seen.swap(key, append(before[:len(before):len(before)], v))
							return v
						}
						if all, had := seen.look(key); had {
							return all
						}
						return v
					})
				}, acts(create, list), good)
			}),
		},
		{
			Name: "gone-gets-410", Statement: "L3", Checks: by("gone documented-status"),
			Doc: "A get of a service that is gone gets 410.",
			plant: ghost(func(t *turn, kept *memory[[]byte]) {
				if _, had := kept.look(t.project + t.service); had {
					t.refuse(http.StatusGone, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
				}
			}, acts(get), unknown),
		},
		{
			Name: "gone-gets-empty-object", Statement: "L3", Checks: by("gone body outcome"),
			Doc: "A get of a service that is gone gets 200 and an empty object.",
			plant: ghost(func(t *turn, kept *memory[[]byte]) {
				if _, had := kept.look(t.project + t.service); had {
					t.say(http.StatusOK, map[string]any{})
				}
			}, acts(get), unknown),
		},
		{
			Name: "delete-does-nothing", Statement: "L3", Checks: by("gone lifecycle"),
			Doc: "A delete is accepted and the service stays as it is.",
			plant: both(targets(func(t *turn, to *reference.Target) {
				if t.act == remove {
					to.Service = nobody
				}
			}), ghost(func(t *turn, kept *memory[[]byte]) {
				if _, had := kept.look(t.project + t.service); had {
					t.say(http.StatusAccepted, map[string]any{})
				}
			}, acts(remove), unknown)),
		},
		{
			Name: "delete-goes-unseen", Statement: "L3", Checks: by("lifecycle gone"),
			Doc: "A service looks as before its delete until it is gone, for a fifth of a second.",
			plant: both(takes(0, 200*time.Millisecond), ghost(revive(func(map[string]any) {}), acts(get), good, func(t *turn) bool {
				v, _ := parse(t.body)
				m, _ := v.(map[string]any)
				return m["status"] == "DELETING"
			})),
		},
		{
			Name: "delete-refused-while-initiating", Statement: "L3", Checks: by("outcome gone lifecycle"),
			Doc:   "A service that is not ready yet cannot be deleted (409).",
			plant: deleteOnly(ready),
		},
		{
			Name: "second-delete-gets-500", Statement: "L3", Checks: by("no-server-error"),
			Doc:   "A second delete gets 500, while the first is under way and after it.",
			plant: second(func(t *turn) { t.refuse(http.StatusInternalServerError, "UNEXPECTED_ERROR") }, remove),
		},
		{
			Name: "second-delete-gets-400", Statement: "L3", Checks: by("gone outcome documented-status"),
			Doc:   "A second delete gets 400, while the first is under way and after it.",
			plant: second(func(t *turn) { t.refuse(http.StatusBadRequest, "INVALID_STATE") }, remove),
		},
	}...)
}

// second changes the second and later replies to an operation on one service.
func second(change edit, a act) plant {
	return remembering(func() edit {
		counts := newTally()
		return on(func(t *turn) {
			if counts.next(t.service) > 1 {
				change(t)
			}
		}, acts(a), not(anonymous), not(code(http.StatusUnauthorized)))
	})
}

// nobody is an id that no service has.
const nobody = "000000000000000000000000"

// deleteOnly refuses deletes of services that were last seen in another state.
func deleteOnly(may func(m map[string]any) bool) plant {
	return func(o *reference.Options) wrap {
		seen := newMemory[bool]()
		unable := func(t *turn) bool {
			able, had := seen.look(t.service)
			return t.act == remove && had && !able
		}
		watch := on(func(t *turn) {
			t.items(func(m map[string]any) {
				if id, ok := m["id"].(string); ok {
					seen.swap(id, may(m))
				}
			})
		}, acts(create, get, list), good)
		refuse := on(fails(http.StatusConflict, "PRIVATE_ENDPOINT_SERVICE_NOT_READY"), unable, unknown)
		return both(targets(func(t *turn, to *reference.Target) {
			if unable(t) {
				to.Service = nobody
			}
		}), replies(func(t *turn) { watch(t); refuse(t) }))(o)
	}
}

// unknownFaults are those of services that are not there (L12).
func unknownFaults() []Fault {
	accepted := func(t *turn) { t.say(http.StatusAccepted, map[string]any{}) }
	return []Fault{
		{
			Name: "unknown-service-deleted", Statement: "L12", Checks: by("outcome gone"),
			Doc: "The delete of a service that never was gets 202.", plant: replies(on(accepted, acts(remove), unknown)),
		},
		{
			Name: "gone-service-deleted-again", Statement: "L12", Checks: by("gone outcome"),
			Doc: "The delete of a service that is gone gets 202 for ever.",
			plant: ghost(func(t *turn, kept *memory[[]byte]) {
				if _, had := kept.look(t.project + t.service); had {
					accepted(t)
				}
			}, acts(remove), unknown),
		},
		{
			Name: "unknown-service-delete-gets-400", Statement: "L12", Checks: by("outcome documented-status"),
			Doc: "The delete of a service that never was gets 400.", plant: replies(on(fails(400, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND"), acts(remove), unknown)),
		},
		{
			Name: "unknown-service-delete-gets-500", Statement: "L12", Checks: by("no-server-error"),
			Doc: "The delete of a service that never was gets 500.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), acts(remove), unknown)),
		},
		{
			Name: "unknown-service-is-null", Statement: "L12", Checks: by("outcome body gone"),
			Doc: "A get of a service that never was gets 200 and null.", plant: replies(on(func(t *turn) { t.say(200, nil) }, acts(get), unknown)),
		},
		{
			Name: "unknown-service-gets-403", Statement: "L12", Checks: by("outcome documented-status gone"),
			Doc: "A get of a service that never was gets 403.", plant: replies(on(fails(403, "ACCESS_FORBIDDEN"), acts(get), unknown)),
		},
		{
			Name: "unknown-service-gets-204", Statement: "L12", Checks: by("outcome documented-status gone"),
			Doc:   "A get of a service that never was gets 204.",
			plant: replies(on(func(t *turn) { t.empty(); t.status = 204 }, acts(get), unknown)),
		},
	}
}
