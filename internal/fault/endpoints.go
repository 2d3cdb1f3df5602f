package fault

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/atlas-contract/conformance/internal/reference"
)

// endpointLists are the members in which services list their endpoints.
func endpointLists() []string {
	return []string{"interfaceEndpoints", "privateEndpoints", "endpointGroupNames"}
}

// listedIDs changes what a service lists as its endpoints.
func listedIDs(change func(ids []any) []any, conds ...cond) plant {
	return items(func(m map[string]any) {
		for _, name := range endpointLists() {
			if ids, ok := m[name].([]any); ok && len(ids) > 0 {
				m[name] = change(ids)
			}
		}
	}, conds...)
}

// listedFaults are those of the ids in the lists of a service (O5).
func listedFaults() []Fault {
	return []Fault{
		{
			Name: "attached-but-not-listed", Statement: "O5", Checks: by("read-back"),
			Doc: "A service does not list the endpoints that were attached.", plant: listedIDs(func([]any) []any { return []any{} }),
		},
		{
			Name: "azure-attached-but-not-listed", Statement: "O5", Checks: by("read-back"),
			Doc: "A service of AZURE does not list the endpoints that were attached.", plant: listedIDs(func([]any) []any { return []any{} }, of("AZURE")),
		},
		{
			Name: "attached-not-listed-in-lists", Statement: "O5", Checks: by("read-back"),
			Doc: "The list of services shows none of their endpoints.", plant: listedIDs(func([]any) []any { return []any{} }, acts(list)),
		},
		{
			Name: "attached-listed-twice", Statement: "O5", Checks: by("read-back"),
			Doc: "A service lists each endpoint twice.", plant: listedIDs(func(ids []any) []any { return append(ids, ids...) }),
		},
		{
			Name: "attached-listed-by-name", Statement: "O5", Checks: by("read-back"),
			Doc: "A service of AZURE lists endpoints by the last part of their ids.",
			plant: listedIDs(func(ids []any) []any {
				for i, id := range ids {
					text := fmt.Sprint(id)
					ids[i] = text[strings.LastIndex(text, "/")+1:]
				}
				return ids
			}, of("AZURE")),
		},
		{
			Name: "attached-listed-as-objects", Statement: "S1", Checks: by("body"),
			Doc: "A service of AWS lists endpoints as objects.",
			plant: listedIDs(func(ids []any) []any {
				for i, id := range ids {
					ids[i] = map[string]any{"id": id}
				}
				return ids
			}, of("AWS")),
		},
		{
			Name: "last-attached-alone", Statement: "O5", Checks: by("read-back"),
			Doc: "An endpoint takes the place of the one that was attached before.", plant: listedIDs(func(ids []any) []any { return ids[len(ids)-1:] }),
		},
		{
			Name: "attached-makes-initiating", Statement: "L4", Checks: by("lifecycle"),
			Doc: "A service that has an endpoint is INITIATING again.",
			plant: items(func(m map[string]any) {
				for _, name := range endpointLists() {
					if ids, ok := m[name].([]any); ok && len(ids) > 0 {
						m["status"] = "INITIATING"
					}
				}
			}),
		},
	}
}

// noEndpoint picks the 404 of an endpoint that is not there.
func noEndpoint(t *turn) bool { return wasCode("PRIVATELINK_INTERFACE_ENDPOINT_NOT_FOUND")(t) }

// endpointFaults are those of reading an endpoint (O6).
func endpointFaults() []Fault {
	return []Fault{
		{
			Name: "endpoint-never-found", Statement: "O6", Checks: by("read-back"),
			Doc: "A get of an endpoint at AWS always gets 404.", plant: replies(on(fails(404, "PRIVATELINK_INTERFACE_ENDPOINT_NOT_FOUND"), acts(getOne), of("AWS"), good)),
		},
		{
			Name: "azure-endpoint-never-found", Statement: "O6", Checks: by("read-back"),
			Doc:   "An id of AZURE is not decoded, so that no endpoint of that id is found.",
			plant: replies(on(fails(404, "RESOURCE_NOT_FOUND"), acts(getOne, detach), of("AZURE"), not(anonymous), not(code(401)))),
		},
		{
			Name: "unknown-endpoint-shown", Statement: "O6", Checks: by("outcome gone read-back"),
			Doc: "A get of an endpoint that the service does not have gets 200.",
			plant: replies(on(func(t *turn) {
				t.say(http.StatusOK, map[string]any{idOf(t.provider): t.endpoint, stateOf(t.provider): "AVAILABLE", "errorMessage": nil, "deleteRequested": false})
			}, acts(getOne), noEndpoint)),
		},
		{
			Name: "endpoint-shown-as-another", Statement: "O6", Checks: by("read-back immutable"),
			Doc:   "A get of an endpoint at AWS shows the id of another.",
			plant: shown(func(_ *turn, m map[string]any) { m["interfaceEndpointId"] = "vpce-00000000000000000" }, acts(getOne), of("AWS")),
		},
		{
			Name: "endpoint-in-a-list", Statement: "O6", Checks: by("body"),
			Doc: "A get of an endpoint has a list of one.", plant: replies(on(func(t *turn) { t.value(func(v any) any { return []any{v} }) }, acts(getOne), good)),
		},
		{
			Name: "endpoint-of-another-service", Statement: "O6", Checks: by("isolation outcome"),
			Doc: "An endpoint is found below every service.", plant: belowAny(),
		},
		{
			Name: "endpoint-of-another-project", Statement: "L13", Checks: by("isolation outcome"),
			Doc: "An endpoint is found below every project.", plant: across(getOne),
		},
		{
			Name: "endpoint-open-to-all", Statement: "A1", Checks: by("challenge outcome"),
			Doc: "An endpoint can be read without credentials.",
			plant: func(*reference.Options) wrap {
				return edited(on(func(t *turn) {
					t.header.Del(wwwAuthenticate)
					t.say(http.StatusOK, map[string]any{idOf(t.provider): t.endpoint})
				}, acts(getOne), anonymous))
			},
		},
		{
			Name: "reader-may-not-read-endpoint", Statement: "A7", Checks: by("outcome"),
			Doc: "A key that may only read cannot read an endpoint.", plant: forRole(reference.Reader, forbid, acts(getOne)),
		},
		{
			Name: "unknown-endpoint-error-is-text", Statement: "E1", Checks: by("body"),
			Doc: "The error number of an unknown endpoint is a string.", plant: problems(func(m map[string]any) { m["error"] = fmt.Sprint(m["error"]) }, acts(getOne, detach)),
		},
		{
			Name: "unknown-endpoint-error-is-400", Statement: "E1", Checks: by("computed body"),
			Doc: "The error number of an unknown endpoint is 400, unlike its status.", plant: problems(with("error", 400), acts(getOne, detach), noEndpoint),
		},
		{
			Name: "unknown-endpoint-in-no-envelope", Statement: "F4", Checks: by("envelope"),
			Doc: "The error of an unknown endpoint is in no envelope.", plant: replies(on(bare, acts(getOne, attach), refused)),
		},
		{
			Name: "endpoint-cannot-be-put-gets-404", Statement: "E3", Checks: by("outcome allow documented-status"),
			Doc:   "A method that the path of an endpoint does not have gets 404.",
			plant: replies(on(fails(404, "RESOURCE_NOT_FOUND"), code(405), func(t *turn) bool { return strings.Contains(t.r.URL.Path, "/endpoint") })),
		},
	}
}

// belowAny lets endpoints be found below every service of the provider that
// ever had one of that id.
func belowAny() plant {
	return func(o *reference.Options) wrap {
		kept := newMemory[[]byte]()
		return edited(func(t *turn) {
			key := t.project + t.provider + t.endpoint
			switch {
			case t.act == getOne && good(t) && !t.asks("envelope"):
				kept.swap(key, slices.Clone(t.body))
			case t.act == detach && good(t):
				kept.drop(key)
			case t.act == getOne && noEndpoint(t):
				if text, had := kept.look(key); had {
					v, _ := parse(text)
					t.say(http.StatusOK, v)
				}
			}
		})
	}
}

// detachFaults are those of the removal of an endpoint (O6).
func detachFaults() []Fault {
	accepted := func(t *turn) { t.say(http.StatusAccepted, map[string]any{}) }
	return []Fault{
		{
			Name: "detach-gets-200", Statement: "O6", Checks: by("documented-status"),
			Doc: "The delete of an endpoint gets 200.", plant: status(http.StatusOK, acts(detach)),
		},
		{
			Name: "detach-says-text", Statement: "O6", Checks: by("body"),
			Doc: "The body of the reply to the delete of an endpoint is a sentence.", plant: answer(http.StatusAccepted, "The endpoint is being removed.", acts(detach)),
		},
		{
			Name: "unknown-endpoint-detached", Statement: "O6", Checks: by("outcome gone"),
			Doc: "The delete of an endpoint that the service does not have gets 202.", plant: replies(on(accepted, acts(detach), noEndpoint)),
		},
		{
			Name: "second-detach-gets-500", Statement: "E5", Checks: by("no-server-error"),
			Doc: "The delete of an endpoint that is gone gets 500.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), acts(detach), noEndpoint)),
		},
		{
			Name: "detach-does-nothing", Statement: "O6", Checks: by("gone lifecycle awaited"),
			Doc: "The delete of an endpoint is accepted, and it stays as it is.",
			plant: both(requests(func(t *turn, r *http.Request) {
				if t.act == detach {
					r.Method = http.MethodGet
				}
			}), replies(on(accepted, acts(detach), good))),
		},
		{
			Name: "detached-still-listed", Statement: "O6", Checks: by("gone read-back"),
			Doc: "A service lists endpoints that are gone.",
			plant: remembering(func() edit {
				seen := newMemory[[]any]()
				return on(func(t *turn) {
					t.items(func(m map[string]any) {
						for _, name := range endpointLists() {
							ids, _ := m[name].([]any)
							id := fmt.Sprint(m["id"])
							before, _ := seen.look(id)
							if len(ids) < len(before) {
								m[name] = before
							} else if len(ids) > 0 {
								seen.swap(id, ids)
							}
						}
					})
				}, acts(get, list), good)
			}),
		},
		{
			Name: "detached-still-shown", Statement: "O6", Checks: by("gone awaited lifecycle"),
			Doc: "An endpoint that is gone is shown as DELETING for ever.",
			plant: remembering(func() edit {
				gone := newMemory[bool]()
				return func(t *turn) {
					key := t.project + t.service + t.endpoint
					if t.act == detach && good(t) {
						gone.swap(key, true)
					}
					if _, had := gone.look(key); had && t.act == getOne && noEndpoint(t) {
						t.say(http.StatusOK, map[string]any{idOf(t.provider): t.endpoint, stateOf(t.provider): "DELETING", "errorMessage": nil, "deleteRequested": true})
					}
				}
			}),
		},
		{
			Name: "reader-may-detach", Statement: "A7", Checks: by("outcome"),
			Doc: "A key that may only read can remove endpoints.", plant: allows(reference.Reader, detach),
		},
		{
			Name: "detach-across-projects", Statement: "L13", Checks: by("isolation outcome gone"),
			Doc: "The delete of an endpoint finds it below every project.", plant: across(detach),
		},
	}
}

// frees decides which services may be deleted.
func frees(may func(provider string, endpoints int) bool) plant {
	return inside(func(o *reference.Options) { o.Hooks.Frees = may })
}

// attachedFaults are those of the delete of a service with endpoints (L11).
func attachedFaults() []Fault {
	conflict := wasCode("CANNOT_DELETE_PRIVATELINK_WITH_ENDPOINTS")
	return []Fault{
		{
			Name: "deleted-with-endpoints", Statement: "L11", Checks: by("outcome"),
			Doc: "A service that has endpoints can be deleted.", plant: frees(func(string, int) bool { return true }),
		},
		{
			Name: "azure-deleted-with-endpoints", Statement: "L11", Checks: by("outcome"),
			Doc: "A service of AZURE that has endpoints can be deleted.", plant: frees(func(provider string, n int) bool { return n == 0 || provider == "AZURE" }),
		},
		{
			Name: "delete-with-endpoints-gets-400", Statement: "L11", Checks: by("outcome documented-status"),
			Doc: "The delete of a service that has endpoints gets 400.", plant: replies(on(fails(400, "INVALID_STATE"), acts(remove), conflict)),
		},
		{
			Name: "delete-with-endpoints-gets-500", Statement: "L11", Checks: by("no-server-error"),
			Doc: "The delete of a service that has endpoints gets 500.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), acts(remove), conflict)),
		},
		{
			Name: "delete-with-endpoints-refused-but-done", Statement: "L11", Checks: by("gone lifecycle read-back"),
			Doc: "The delete of a service that has endpoints gets 409 and is carried out.",
			plant: func(o *reference.Options) wrap {
				var refusing atomic.Bool
				o.Hooks.Frees = func(_ string, n int) bool { refusing.Store(n > 0); return true }
				return edited(on(func(t *turn) {
					if refusing.Swap(false) {
						t.refuse(http.StatusConflict, "CANNOT_DELETE_PRIVATELINK_WITH_ENDPOINTS")
					}
				}, acts(remove), good))
			},
		},
		{
			Name: "not-deleted-once-detached", Statement: "L3", Checks: by("outcome gone"),
			Doc: "A service that ever had endpoints cannot be deleted.",
			plant: func(o *reference.Options) wrap {
				used := newMemory[bool]()
				stuck := func(t *turn) bool { _, had := used.look(t.service); return had && t.act == remove }
				return both(targets(func(t *turn, to *reference.Target) {
					if stuck(t) {
						to.Service = nobody
					}
				}), replies(func(t *turn) {
					if t.act == attach && good(t) {
						used.swap(t.service, true)
					}
					on(fails(http.StatusConflict, "CANNOT_DELETE_PRIVATELINK_WITH_ENDPOINTS"), stuck, unknown)(t)
				}))(o)
			},
		},
	}
}
