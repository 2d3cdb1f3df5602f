package fault

import (
	"fmt"
	"net/http"

	"github.com/atlas-contract/conformance/internal/reference"
)

// googleFaults are those of Google Cloud, which only the profile observed has.
func googleFaults() []Fault {
	google := of("GCP")
	some := func(name string, v any) plant {
		return fields(attach, func(m map[string]any) {
			if _, has := m[name]; !has && (m["endpointGroupName"] != nil || m["endpoints"] != nil) {
				m[name] = v
			}
		})
	}
	member := map[string]any{"endpointName": "atlas-0", "ipAddress": "10.0.0.4"}
	faults := []Fault{
		{
			Name: "gcp-unknown-to-create", Statement: "B1", Checks: by("outcome"),
			Doc: "A create at GCP gets 400.", plant: replies(on(fails(400, "INVALID_ENUM_VALUE"), acts(create), google, good)),
		},
		{
			Name: "gcp-unknown-to-list", Statement: "P2", Checks: by("outcome"),
			Doc: "A list of services at GCP gets 404.", plant: replies(on(fails(404, "PROVIDER_UNSUPPORTED"), acts(list), google, good)),
		},
		{
			Name: "gcp-list-empty", Statement: "L6", Checks: by("read-back"),
			Doc: "The list of services at GCP is empty.", plant: replies(on(func(t *turn) { t.value(func(any) any { return []any{} }) }, acts(list), google, good)),
		},
		{
			Name: "gcp-in-aws-shape", Statement: "S3", Checks: by("body selected-schema"),
			Doc: "A service of GCP has the members of one of AWS.",
			plant: items(func(m map[string]any) {
				renamed("endpointGroupNames", "interfaceEndpoints")(m)
				delete(m, "serviceAttachmentNames")
				delete(m, "portMappingEnabled")
				m["endpointServiceName"] = nil
			}, google),
		},
		{
			Name: "gcp-named-in-words", Statement: "S4", Checks: by("echo body selected-schema"),
			Doc: "The cloudProvider of GCP is called GOOGLE.", plant: items(with("cloudProvider", "GOOGLE"), google),
		},
		{
			Name: "gcp-region-of-another", Statement: "S4", Checks: by("echo"),
			Doc: "Services of GCP all show the region CENTRAL_US.", plant: items(with("regionName", "CENTRAL_US"), google),
		},
		{
			Name: "gcp-ready-without-attachments", Statement: "L2", Checks: by("lifecycle"),
			Doc: "A ready service of GCP has no serviceAttachmentNames.", plant: items(with("serviceAttachmentNames", []any{}), google),
		},
		{
			Name: "gcp-waits-for-user", Statement: "S5", Checks: by("body selected-schema"),
			Doc: "A ready service of GCP is WAITING_FOR_USER.", plant: items(where("status", "AVAILABLE", with("status", "WAITING_FOR_USER")), google),
		},
		{
			Name: "gcp-created-ready", Statement: "L1", Checks: by("lifecycle"),
			Doc: "The reply to a create of GCP is AVAILABLE.", plant: items(with("status", "AVAILABLE"), google, acts(create)),
		},
		{
			Name: "gcp-two-per-region", Statement: "L7", Checks: by("outcome unique"),
			Doc: "A region takes several services of GCP.", plant: unless(func(c reference.Claim) bool { return c.Provider == "GCP" }),
		},
		{
			Name: "gcp-never-gone", Statement: "L3", Checks: by("gone awaited"),
			Doc: "A deleted service of GCP is DELETING for ever.",
			plant: inside(func(o *reference.Options) {
				o.Timings = map[string]reference.Timing{"GCP": {Delete: ever}}
			}),
		},
		{
			Name: "gcp-failed-without-message", Statement: "S11", Checks: by("lifecycle"),
			Doc: "A service of GCP fails, and no errorMessage says why.", plant: items(where("status", "FAILED", with("errorMessage", nil)), google),
		},
		{
			Name: "gcp-group-without-project", Statement: "B4", Checks: by("outcome"),
			Doc: "An attach at GCP needs no gcpProjectId.", plant: some("gcpProjectId", "p-network"),
		},
		{
			Name: "gcp-group-without-endpoints", Statement: "B4", Checks: by("outcome"),
			Doc: "An attach at GCP needs no endpoints.", plant: some("endpoints", []any{member}),
		},
		{
			Name: "gcp-group-listed-by-endpoints", Statement: "O5", Checks: by("read-back"),
			Doc: "A service of GCP lists the endpoints of a group, not its name.", plant: listedIDs(func([]any) []any { return []any{"atlas-0"} }, google),
		},
		{
			Name: "gcp-group-answered-with-project", Statement: "O5", Checks: by("echo read-back immutable"),
			Doc:   "A group of endpoints is shown by the name of its project.",
			plant: shown(func(_ *turn, m map[string]any) { m["endpointGroupName"] = "p-network" }, acts(attach, getOne), google),
		},
		{
			Name: "gcp-deleted-with-group", Statement: "L11", Checks: by("outcome"),
			Doc: "A service of GCP that has a group can be deleted.", plant: frees(func(provider string, n int) bool { return n == 0 || provider == "GCP" }),
		},
		{
			Name: "gcp-group-attached-before-ready", Statement: "O5", Checks: by("lifecycle"),
			Doc:   "A service of GCP that is INITIATING takes groups.",
			plant: takesEndpoints(func(provider, phase string, had bool) bool { return !had && (phase == "READY" || provider == "GCP") }),
		},
		{
			Name: "gcp-group-attached-twice", Statement: "O5", Checks: by("outcome unique"),
			Doc:   "A group of endpoints can be attached twice.",
			plant: takesEndpoints(func(provider, phase string, had bool) bool { return phase == "READY" && (!had || provider == "GCP") }),
		},
		{
			Name: "gcp-unknown-group-shown", Statement: "O6", Checks: by("outcome gone read-back"),
			Doc: "A get of a group that the service does not have gets 200.",
			plant: replies(on(func(t *turn) {
				t.say(http.StatusOK, map[string]any{"endpointGroupName": t.endpoint, "status": "AVAILABLE", "endpoints": []any{}, "errorMessage": nil, "deleteRequested": false})
			}, acts(getOne), google, noEndpoint)),
		},
		{
			Name: "gcp-among-others", Statement: "O2", Checks: by("echo body selected-schema isolation read-back"),
			Doc: "The list of services at AWS also has those of GCP.",
			plant: remembering(func() edit {
				seen := newMemory[any]()
				return on(func(t *turn) {
					t.value(func(v any) any {
						if t.act == create {
							seen.swap(t.project, v)
							return v
						}
						all, isList := v.([]any)
						if one, had := seen.look(t.project); had && isList && t.provider == "AWS" {
							return append(all, one)
						}
						return v
					})
				}, func(t *turn) bool {
					return t.act == list || t.act == create && t.provider == "GCP" && !t.asks("envelope")
				}, good)
			}),
		},
	}
	for i := range faults {
		faults[i].Profile = reference.Observed
	}
	return faults
}

// changedModeFaults are those of changes of the regional mode (O7).
func changedModeFaults() []Fault {
	return []Fault{
		{
			Name: "mode-never-off-again", Statement: "O7", Checks: by("echo read-back"),
			Doc: "A regional mode that is on cannot be turned off.", plant: fields(setMode, func(m map[string]any) {
				if _, ok := m["enabled"].(bool); ok {
					m["enabled"] = true
				}
			}),
		},
		{
			Name: "mode-change-gets-204", Statement: "O7", Checks: by("documented-status"),
			Doc: "A change of the regional mode gets 204.", plant: replies(on(func(t *turn) { t.empty(); t.status = 204 }, acts(setMode), good)),
		},
		{
			Name: "mode-off-gets-404", Statement: "O7", Checks: by("outcome"),
			Doc: "A regional mode that is off gets 404.", plant: replies(on(fails(404, "RESOURCE_NOT_FOUND"), acts(readMode), good, func(t *turn) bool {
				off := false
				t.object(func(m map[string]any) { off = fmt.Sprint(m["enabled"]) == "false" })
				return off
			})),
		},
		{
			Name: "mode-shown-before-the-change", Statement: "O7", Checks: by("echo read-back"),
			Doc: "The reply to a change of the regional mode shows how it was before.",
			plant: remembering(func() edit {
				modes := newMemory[any]()
				return on(func(t *turn) {
					t.object(func(m map[string]any) {
						before, had := modes.swap(t.project, m["enabled"])
						if !had {
							before = false
						}
						m["enabled"] = before
					})
				}, acts(setMode), good)
			}),
		},
		{
			Name: "mode-lags-by-a-read", Statement: "O7", Checks: by("read-back"),
			Doc: "The first read after a change of the regional mode shows how it was before.",
			plant: remembering(func() edit {
				modes, stale := newMemory[any](), newMemory[any]()
				return on(func(t *turn) {
					t.object(func(m map[string]any) {
						if t.act == setMode {
							before, had := modes.swap(t.project, m["enabled"])
							if had {
								stale.swap(t.project, before)
							}
							return
						}
						if before, had := stale.look(t.project); had {
							stale.drop(t.project)
							m["enabled"] = before
						}
					})
				}, acts(setMode, readMode), good)
			}),
		},
		{
			Name: "mode-reader-may-not-read", Statement: "A7", Checks: by("outcome"),
			Doc: "A key that may only read cannot read the regional mode.", plant: forRole(reference.Reader, forbid, acts(readMode)),
		},
	}
}
