package fault

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/atlas-contract/conformance/internal/reference"
)

// changeFaults are those of what may not change (L5).
func changeFaults() []Fault {
	fresh := func(names ...string) plant {
		return remembering(func() edit {
			var n atomic.Int64
			return on(func(t *turn) {
				t.items(func(m map[string]any) {
					for _, name := range names {
						if s, ok := m[name].(string); ok && len(s) > 8 {
							m[name] = s[:len(s)-8] + fmt.Sprintf("%08x", n.Add(1))
						}
					}
				})
			}, acts(get, list), good)
		})
	}
	return []Fault{
		{
			Name: "aws-name-changes", Statement: "L5", Checks: by("immutable read-back"),
			Doc: "Every read shows another endpointServiceName.", plant: fresh("endpointServiceName"),
		},
		{
			Name: "azure-resource-changes", Statement: "L5", Checks: by("immutable read-back"),
			Doc: "Every read shows another privateLinkServiceResourceId.", plant: fresh("privateLinkServiceResourceId"),
		},
		{
			Name: "aws-name-lost", Statement: "L5", Checks: by("immutable read-back lifecycle"),
			Doc: "The endpointServiceName is null again from the third read on.",
			plant: since(ready, func(m map[string]any, times int) {
				if _, aws := m["endpointServiceName"]; aws && times > 2 {
					m["endpointServiceName"] = nil
				}
			}),
		},
		{
			Name: "name-lost-on-delete", Statement: "L5", Checks: by("immutable lifecycle"),
			Doc: "A service that is being deleted has no names any more.",
			plant: items(where("status", "DELETING", func(m map[string]any) {
				for _, name := range []string{"endpointServiceName", "privateLinkServiceName", "privateLinkServiceResourceId"} {
					if _, there := m[name]; there {
						m[name] = nil
					}
				}
			})),
		},
		{
			Name: "name-differs-in-lists", Statement: "L5", Checks: by("immutable read-back"),
			Doc: "The list shows another endpointServiceName than the get.",
			plant: items(text("endpointServiceName", func(s, _ string) string {
				return s[:len(s)-1] + map[bool]string{true: "1", false: "0"}[strings.HasSuffix(s, "0")]
			}), acts(list)),
		},
		{
			Name: "id-changes-on-get", Statement: "L5", Checks: by("read-back immutable"),
			Doc: "A get shows another id than the one in its path.", plant: items(func(m map[string]any) { m["id"] = flipped(m["id"]) }, acts(get)),
		},
		{
			Name: "region-changes", Statement: "L5", Checks: by("immutable read-back"), Profile: reference.Observed,
			Doc: "A get shows the region of another service.", plant: items(with("regionName", "EU_WEST_2"), acts(get)),
		},
		{
			Name: "provider-lost", Statement: "L5", Checks: by("immutable read-back selected-schema body"), Profile: reference.Observed,
			Doc: "A list shows AZURE as the cloudProvider of AWS.", plant: items(with("cloudProvider", "AZURE"), acts(list), of("AWS")),
		},
		{
			Name: "id-of-the-one-before", Statement: "L5", Checks: by("immutable"),
			Doc: "A new service in a region gets the id of the one that was there before.",
			plant: inside(func(o *reference.Options) {
				ids := newMemory[string]()
				o.Hooks.ID = func(c reference.Claim, fresh string) string {
					kept, _ := ids.first(c.Project+c.Provider+c.Region, fresh)
					return kept
				}
			}),
		},
		{
			Name: "id-of-azure-reused", Statement: "L5", Checks: by("immutable"),
			Doc: "Every service of AZURE in a region has the id that is made of its project and region.",
			plant: inside(func(o *reference.Options) {
				o.Hooks.ID = func(c reference.Claim, fresh string) string {
					if c.Provider != "AZURE" {
						return fresh
					}
					sum := fmt.Sprintf("%x", c.Region) + strings.Repeat("0", 24)
					return c.Project[:8] + sum[:16]
				}
			}),
		},
	}
}

// flipped is another id of the same form.
func flipped(v any) any {
	s, ok := v.(string)
	if !ok || s == "" {
		return v
	}
	return s[:len(s)-1] + map[bool]string{true: "1", false: "0"}[strings.HasSuffix(s, "0")]
}

// readFaults are those of what get and list show of what was created (L6).
func readFaults() []Fault {
	lists := func(change func(all []any) []any, conds ...cond) plant {
		return replies(on(func(t *turn) {
			t.value(func(v any) any {
				if all, ok := v.([]any); ok {
					return change(all)
				}
				return v
			})
		}, append(conds, acts(list), good)...))
	}
	return append(laggingFaults(), []Fault{
		{
			Name: "list-lacks-the-last", Statement: "L6", Checks: by("read-back"),
			Doc: "The list ends one too early.", plant: lists(func(all []any) []any { return all[:max(len(all)-1, 0)] }),
		},
		{
			Name: "list-lacks-the-first", Statement: "L6", Checks: by("read-back"),
			Doc: "The list begins one too late.", plant: lists(func(all []any) []any { return all[min(len(all), 1):] }),
		},
		{
			Name: "list-always-empty", Statement: "L6", Checks: by("read-back"),
			Doc: "The list of AZURE is always empty.", plant: lists(func([]any) []any { return []any{} }, of("AZURE")),
		},
		{
			Name: "list-has-everything-twice", Statement: "L6", Checks: by("read-back body"),
			Doc: "Each service is in the list twice.", plant: lists(func(all []any) []any { return append(slices.Clone(all), all...) }),
		},
		{
			Name: "list-has-ready-services-only", Statement: "L6", Checks: by("read-back"),
			Doc: "Only services that are ready are in the list.",
			plant: lists(func(all []any) []any {
				return slices.DeleteFunc(all, func(v any) bool { m, _ := v.(map[string]any); return !ready(m) })
			}),
		},
		{
			Name: "list-shows-other-ids", Statement: "L6", Checks: by("read-back immutable"),
			Doc: "The ids in the list are not those of the services.", plant: items(func(m map[string]any) { m["id"] = flipped(m["id"]) }, acts(list)),
		},
		{
			Name: "create-shows-another-id", Statement: "L6", Checks: by("read-back outcome"),
			Doc: "The id in the reply to a create is not the one of the service.", plant: items(func(m map[string]any) { m["id"] = flipped(m["id"]) }, acts(create)),
		},
		{
			Name: "get-shows-a-list", Statement: "L6", Checks: by("body"),
			Doc:   "A get shows a list with the service in it.",
			plant: replies(on(func(t *turn) { t.value(func(v any) any { return []any{v} }) }, acts(get), good)),
		},
		{
			Name: "get-needs-a-ready-service", Statement: "L6", Checks: by("read-back outcome"),
			Doc:   "A service that is not ready yet cannot be read (404).",
			plant: replies(on(fails(404, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND"), acts(get), good, shows(`"status":\s*"INITIATING"`))),
		},
		{
			Name: "endpoints-appear-by-themselves", Statement: "L6", Checks: by("read-back immutable lifecycle"),
			Doc: "A get shows an endpoint that nobody attached.", plant: items(with("interfaceEndpoints", []any{"vpce-0123456789abcdef0"}), acts(get), of("AWS")),
		},
		{
			Name: "status-differs-in-lists", Statement: "L6", Checks: by("read-back lifecycle"),
			Doc:   "The list calls FAILED what the get calls ready.",
			plant: items(whenReady(func(m map[string]any) { m["status"], m["errorMessage"] = "FAILED", "lost" }), acts(list)),
		},
		{
			Name: "region-form-differs-in-lists", Statement: "L6", Checks: by("read-back body immutable"), Profile: reference.Observed,
			Doc: "Lists show the region in another form than the get.",
			plant: items(func(m map[string]any) {
				if s, ok := m["regionName"].(string); ok {
					m["regionName"] = strings.ToLower(s)
				}
			}, acts(list)),
		},
	}...)
}

// shows picks replies whose body fits a pattern.
func shows(pattern string) cond {
	form := regexp.MustCompile(pattern)
	return func(t *turn) bool { return form.Match(t.body) }
}

// laggingFaults show what was true a while ago.
func laggingFaults() []Fault {
	const while = 500 * time.Millisecond
	return []Fault{
		{
			Name: "get-lags-behind-create", Statement: "L6", Checks: by("read-back outcome"),
			Doc: "For half a second after the create, a get gets 404.",
			plant: remembering(func() edit {
				born := newMemory[time.Time]()
				return func(t *turn) {
					switch {
					case t.act == create && good(t):
						t.items(func(m map[string]any) { born.swap(fmt.Sprint(m["id"]), time.Now()) })
					case t.act == get && good(t):
						if at, had := born.look(t.service); had && time.Since(at) < while {
							t.refuse(404, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
						}
					}
				}
			}),
		},
		{
			Name: "list-lags-behind-create", Statement: "L6", Checks: by("read-back"),
			Doc: "For half a second after the create, the list lacks the service.",
			plant: remembering(func() edit {
				born := newMemory[time.Time]()
				return on(func(t *turn) {
					if t.act == create {
						t.items(func(m map[string]any) { born.swap(fmt.Sprint(m["id"]), time.Now()) })
						return
					}
					t.value(func(v any) any {
						all, ok := v.([]any)
						if !ok {
							return v
						}
						return slices.DeleteFunc(all, func(one any) bool {
							m, _ := one.(map[string]any)
							at, had := born.look(fmt.Sprint(m["id"]))
							return had && time.Since(at) < while
						})
					})
				}, acts(create, list), good)
			}),
		},
		{
			Name: "first-get-gets-404", Statement: "L6", Checks: by("read-back outcome"),
			Doc: "The first get of a service gets 404, as from a copy that has not heard of it.",
			plant: remembering(func() edit {
				asked := newMemory[bool]()
				return on(func(t *turn) {
					if _, had := asked.first(t.service, true); !had {
						t.refuse(404, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
					}
				}, acts(get), good)
			}),
		},
		{
			Name: "list-cached-for-a-minute", Statement: "L6", Checks: by("read-back gone"),
			Doc: "A list is kept for a minute and shown again.",
			plant: remembering(func() edit {
				type kept struct {
					at   time.Time
					body any
				}
				cache := newMemory[kept]()
				return on(func(t *turn) {
					t.value(func(v any) any {
						key := t.project + t.provider
						if old, had := cache.look(key); had && time.Since(old.at) < time.Minute {
							return old.body
						}
						cache.swap(key, kept{time.Now(), v})
						return v
					})
				}, acts(list), good)
			}),
		},
	}
}
