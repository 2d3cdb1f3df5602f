package fault

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/atlas-contract/conformance/internal/reference"
)

// items changes each service that is shown, where the conditions hold.
func items(change func(m map[string]any), conds ...cond) plant {
	return replies(on(func(t *turn) { t.items(change) }, append(conds, good)...))
}

// without drops a member.
func without(name string) func(map[string]any) {
	return func(m map[string]any) { delete(m, name) }
}

// with sets a member.
func with(name string, v any) func(map[string]any) {
	return func(m map[string]any) { m[name] = v }
}

// renamed gives a member another name.
func renamed(from, to string) func(map[string]any) {
	return func(m map[string]any) {
		if v, there := m[from]; there {
			delete(m, from)
			m[to] = v
		}
	}
}

// hollow replaces a list that is empty.
func hollow(name string, v any) func(map[string]any) {
	return func(m map[string]any) {
		if all, ok := m[name].([]any); ok && len(all) == 0 {
			m[name] = v
		}
	}
}

// where changes objects whose member has a value.
func where(name string, v any, change func(map[string]any)) func(map[string]any) {
	return func(m map[string]any) {
		if m[name] == v {
			change(m)
		}
	}
}

// answer replaces the reply where it was a success.
func answer(status int, v any, conds ...cond) plant {
	return replies(on(func(t *turn) { t.say(status, v) }, append(conds, good)...))
}

// status changes the status of a success and leaves its body.
func status(to int, conds ...cond) plant {
	return replies(on(func(t *turn) { t.become(to) }, append(conds, good)...))
}

// statusFaults are those of the statuses of successes (O1–O4, O7).
func statusFaults() []Fault {
	bare := func(to int, conds ...cond) plant {
		return replies(on(func(t *turn) { t.empty(); t.status = to }, append(conds, good)...))
	}
	return []Fault{
		{
			Name: "create-gets-202", Statement: "O1", Checks: by("documented-status"),
			Doc: "A create gets 202.", plant: status(202, acts(create)),
		},
		{
			Name: "create-gets-204", Statement: "O1", Checks: by("documented-status"),
			Doc: "A create gets 204 without a body.", plant: bare(204, acts(create)),
		},
		{
			Name: "create-says-nothing", Statement: "O1", Checks: by("media-type body"),
			Doc: "A create gets 201 without a body.", plant: bare(201, acts(create)),
		},
		{
			Name: "create-says-only-the-id", Statement: "O1", Checks: by("body"),
			Doc: "A create gets 201 with nothing but the id.",
			plant: replies(on(func(t *turn) {
				t.object(func(m map[string]any) {
					for name := range m {
						if name != "id" {
							delete(m, name)
						}
					}
				})
			}, acts(create), good)),
		},
		{
			Name: "create-of-azure-gets-202", Statement: "O1", Checks: by("documented-status"),
			Doc: "A create of AZURE gets 202.", plant: status(202, acts(create), of("AZURE")),
		},
		{
			Name: "list-gets-206", Statement: "O2", Checks: by("documented-status"),
			Doc: "A list gets 206, as if it were a part.", plant: status(206, acts(list)),
		},
		{
			Name: "get-gets-201", Statement: "O3", Checks: by("documented-status"),
			Doc: "A get gets 201.", plant: status(201, acts(get)),
		},
		{
			Name: "get-gets-203", Statement: "O3", Checks: by("documented-status"),
			Doc: "A get through a proxy gets 203.", plant: status(203, acts(get)),
		},
		{
			Name: "mode-gets-203", Statement: "O7", Checks: by("documented-status"),
			Doc: "Reading the regional mode gets 203.", plant: status(203, acts(readMode)),
		},
	}
}

// listFaults are those of the form of the list (O2).
func listFaults() []Fault {
	all := func(change func(all []any) any, conds ...cond) plant {
		return replies(on(func(t *turn) {
			t.value(func(v any) any {
				if list, ok := v.([]any); ok {
					return change(list)
				}
				return v
			})
		}, append(conds, acts(list), good)...))
	}
	empty := func(t *turn) bool { return strings.Trim(string(t.body), " \r\n[]") == "" }
	return []Fault{
		{
			Name: "list-in-results", Statement: "O2", Checks: by("body"),
			Doc:   "The list is an object with results, as newer versions have it.",
			plant: all(func(all []any) any { return map[string]any{"results": all, "totalCount": len(all)} }),
		},
		{
			Name: "list-by-id", Statement: "O2", Checks: by("body"),
			Doc: "The list is an object with a member for each id.",
			plant: all(func(all []any) any {
				out := map[string]any{}
				for _, one := range all {
					m, _ := one.(map[string]any)
					out[fmt.Sprint(m["id"])] = m
				}
				return out
			}),
		},
		{
			Name: "list-of-ids", Statement: "O2", Checks: by("body"),
			Doc: "The list has the ids alone.",
			plant: all(func(all []any) any {
				out := []any{}
				for _, one := range all {
					m, _ := one.(map[string]any)
					out = append(out, m["id"])
				}
				return out
			}),
		},
		{
			Name: "list-of-one-is-the-one-itself", Statement: "O2", Checks: by("body"),
			Doc: "A list of one service is that service.",
			plant: all(func(all []any) any {
				if len(all) == 1 {
					return all[0]
				}
				return all
			}),
		},
		{
			Name: "empty-list-is-null", Statement: "O2", Checks: by("body"),
			Doc: "An empty list is null, as Go writes a nil slice.",
			plant: all(func(all []any) any {
				if len(all) == 0 {
					return nil
				}
				return all
			}),
		},
		{
			Name: "empty-list-gets-404", Statement: "O2", Checks: by("outcome gone"),
			Doc: "An empty list gets 404.", plant: replies(on(fails(404, "RESOURCE_NOT_FOUND"), acts(list), good, empty)),
		},
		{
			Name: "empty-list-gets-204", Statement: "O2", Checks: by("documented-status"),
			Doc: "An empty list gets 204.", plant: replies(on(func(t *turn) { t.empty(); t.status = 204 }, acts(list), good, empty)),
		},
		{
			Name: "list-of-nested-lists", Statement: "O2", Checks: by("body"),
			Doc: "The list is in a list.", plant: all(func(all []any) any { return []any{all} }),
		},
		{
			Name: "list-with-a-null", Statement: "O2", Checks: by("body"),
			Doc: "The list ends with a null.", plant: all(func(all []any) any { return append(all, nil) }),
		},
	}
}

// deleteFaults are those of the reply to a delete (O4).
func deleteFaults() []Fault {
	return []Fault{
		{
			Name: "delete-gets-200", Statement: "O4", Checks: by("documented-status"),
			Doc: "A delete gets 200.", plant: status(200, acts(remove)),
		},
		{
			Name: "delete-says-null", Statement: "O4", Checks: by("body"),
			Doc: "The body of the reply to a delete is null.", plant: answer(202, nil, acts(remove)),
		},
		{
			Name: "delete-says-text", Statement: "O4", Checks: by("body"),
			Doc: "The body of the reply to a delete is a sentence.", plant: answer(202, "The service is being deleted.", acts(remove)),
		},
		{
			Name: "delete-says-list", Statement: "O4", Checks: by("body"),
			Doc: "The body of the reply to a delete is an empty list.", plant: answer(202, []any{}, acts(remove)),
		},
		{
			Name: "delete-says-nothing", Statement: "O4", Checks: by("media-type body"),
			Doc: "A delete gets 202 without a body.", plant: replies(on((*turn).empty, acts(remove), good)),
		},
	}
}

// modeFaults are those of the regional mode (O7).
func modeFaults() []Fault {
	enabled := func(a act, change func(v any) any) plant {
		return replies(on(func(t *turn) {
			t.object(func(m map[string]any) { m["enabled"] = change(m["enabled"]) })
		}, acts(a), good))
	}
	return []Fault{
		{
			Name: "mode-as-text", Statement: "O7", Checks: by("body"),
			Doc: "The regional mode is shown as a string.", plant: enabled(readMode, func(v any) any { return fmt.Sprint(v) }),
		},
		{
			Name: "mode-as-number", Statement: "O7", Checks: by("body"),
			Doc: "The reply to a change of the regional mode shows a number.", plant: enabled(setMode, func(v any) any { return map[bool]int{true: 1}[v == true] }),
		},
		{
			Name: "mode-bare", Statement: "O7", Checks: by("body"),
			Doc: "The regional mode is shown as a bare boolean.",
			plant: replies(on(func(t *turn) {
				t.value(func(v any) any { m, _ := v.(map[string]any); return m["enabled"] })
			}, acts(readMode), good)),
		},
		{
			Name: "mode-change-answered-wrong", Statement: "O7", Checks: by("echo read-back"),
			Doc: "The reply to a change of the regional mode shows the opposite.", plant: enabled(setMode, func(v any) any { return v != true }),
		},
		{
			Name: "mode-change-forgotten", Statement: "O7", Checks: by("read-back echo"),
			Doc: "A change of the regional mode is accepted and not made.", plant: enabled(readMode, func(any) any { return false }),
		},
		{
			Name: "mode-the-wrong-way", Statement: "O7", Checks: by("read-back echo"),
			Doc: "The regional mode is shown the wrong way round.", plant: enabled(readMode, func(v any) any { return v != true }),
		},
		{
			Name: "mode-flickers", Statement: "O7", Checks: by("read-back"),
			Doc: "Every second time the regional mode is shown the wrong way round.",
			plant: each(2, func(t *turn) {
				t.object(func(m map[string]any) { m["enabled"] = m["enabled"] != true })
			}, acts(readMode), good),
		},
		{
			Name: "mode-change-says-nothing", Statement: "O7", Checks: by("body"),
			Doc: "The reply to a change of the regional mode is an empty object.", plant: answer(202, map[string]any{}, acts(setMode)),
		},
		{
			Name: "mode-change-gets-201", Statement: "O7", Checks: by("documented-status"),
			Doc: "A change of the regional mode gets 201.", plant: status(201, acts(setMode)),
		},
	}
}

// containerFaults are those of network containers (L9).
func containerFaults() []Fault {
	page := func(change func(m map[string]any)) plant {
		return replies(on(func(t *turn) { t.object(change) }, acts(containers), good))
	}
	return []Fault{
		{
			Name: "containers-bare", Statement: "L9", Checks: by("body"),
			Doc: "The containers are a bare list.",
			plant: replies(on(func(t *turn) {
				t.value(func(v any) any { m, _ := v.(map[string]any); return m["results"] })
			}, acts(containers), good)),
		},
		{
			Name: "containers-null", Statement: "L9", Checks: by("body"),
			Doc: "The results of the containers are null.", plant: page(with("results", nil)),
		},
		{
			Name: "containers-counted-as-text", Statement: "L9", Checks: by("body"),
			Doc: "The totalCount of the containers is a string.", plant: page(func(m map[string]any) { m["totalCount"] = fmt.Sprint(m["totalCount"]) }),
		},
		{
			Name: "containers-unknown-provider", Statement: "L9", Checks: by("outcome"),
			Doc: "A provider that is none has an empty page of containers.",
			plant: replies(on(func(t *turn) { t.say(200, map[string]any{"results": []any{}, "totalCount": 0}) },
				acts(containers), code(400), func(t *turn) bool { return t.r.URL.Query().Has("providerName") })),
		},
		{
			Name: "containers-of-aws-alone", Statement: "L9", Checks: by("echo outcome"),
			Doc: "Whichever provider is asked for, the containers are those of AWS.",
			plant: query(func(t *turn, q url.Values) {
				if t.act == containers {
					q.Del("providerName")
				}
			}),
		},
	}
}

// gcpFaults are those of the members that only recorded traffic shows (S4,
// S5, S6).
func gcpFaults() []Fault {
	faults := []Fault{
		{
			Name: "gcp-mapping-as-text", Statement: "S6", Checks: by("body selected-schema"),
			Doc: "The portMappingEnabled of GCP is a string.", plant: items(with("portMappingEnabled", "false"), of("GCP")),
		},
		{
			Name: "gcp-without-groups", Statement: "S6", Checks: by("body selected-schema"),
			Doc: "A service of GCP has no endpointGroupNames.", plant: items(without("endpointGroupNames"), of("GCP")),
		},
		{
			Name: "gcp-attachments-null", Statement: "S6", Checks: by("body selected-schema"),
			Doc:   "The serviceAttachmentNames of a new service of GCP are null.",
			plant: items(where("status", "INITIATING", with("serviceAttachmentNames", nil)), of("GCP")),
		},
		{
			Name: "aws-remote-regions-as-text", Statement: "S6", Checks: by("body selected-schema"),
			Doc: "The supportedRemoteRegions of AWS are a string.", plant: items(with("supportedRemoteRegions", "US_EAST_1"), of("AWS")),
		},
		{
			Name: "provider-missing-in-replies", Statement: "S4", Checks: by("body selected-schema"),
			Doc: "Replies lack cloudProvider.", plant: items(without("cloudProvider")),
		},
		{
			Name: "region-missing-in-lists", Statement: "S4", Checks: by("body selected-schema"),
			Doc: "Services in lists lack regionName.", plant: items(without("regionName"), acts(list)),
		},
		{
			Name: "region-in-native-form", Statement: "S4", Checks: by("echo body"),
			Doc: "The regionName has the provider's form.",
			plant: items(func(m map[string]any) {
				m["regionName"] = strings.ReplaceAll(strings.ToLower(fmt.Sprint(m["regionName"])), "_", "-")
			}),
		},
		{
			Name: "region-as-sent", Statement: "S4", Checks: by("echo body immutable read-back"),
			Doc: "A create of AZURE shows the region as it was sent, not in Atlas form.",
			plant: replies(on(func(t *turn) { t.items(with("regionName", t.region)) },
				acts(create), of("AZURE"), good)),
		},
		{
			Name: "aws-settles-as-azure-waits", Statement: "S5", Checks: by("body selected-schema lifecycle"),
			Doc: "A ready service of AZURE is WAITING_FOR_USER.", plant: items(where("status", "AVAILABLE", with("status", "WAITING_FOR_USER")), of("AZURE")),
		},
	}
	for i := range faults {
		faults[i].Profile = reference.Observed
	}
	return append(faults, Fault{
		Name: "region-of-another", Statement: "S4", Checks: by("echo"),
		Doc: "The create reply names a region, but not the one that was asked for.", plant: items(func(m map[string]any) {
			m["regionName"] = map[bool]string{true: "EU_WEST_2", false: "US_WEST_1"}[m["regionName"] == "US_WEST_1"]
		}, acts(create)),
	}, Fault{
		Name: "provider-of-another", Statement: "S4", Checks: by("echo body selected-schema"),
		Doc: "The reply for AZURE names AWS as its cloudProvider.", plant: items(with("cloudProvider", "AWS"), of("AZURE")),
	})
}
