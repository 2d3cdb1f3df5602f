package fault

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/atlas-contract/conformance/internal/reference"
)

// takesEndpoints decides which services take endpoints.
func takesEndpoints(may func(provider, phase string, had bool) bool) plant {
	return inside(func(o *reference.Options) { o.Hooks.Accepts = may })
}

// idOf is the member by which a provider's endpoint shows what it was attached
// by.
func idOf(provider string) string {
	return map[string]string{"AWS": "interfaceEndpointId", "AZURE": "privateEndpointResourceId", "GCP": "endpointGroupName"}[provider]
}

// stateOf is the member in which a provider's endpoint shows its state.
func stateOf(provider string) string {
	if provider == "AWS" {
		return "connectionStatus"
	}
	return "status"
}

// shown changes the endpoint in a reply.
func shown(change func(t *turn, m map[string]any), conds ...cond) plant {
	return replies(on(func(t *turn) {
		t.object(func(m map[string]any) { change(t, m) })
	}, append(conds, good)...))
}

// attachFaults are those of when an endpoint is attached, and of the reply (O5).
func attachFaults() []Fault {
	isReady := func(_, phase string, had bool) bool { return phase == "READY" && !had }
	return []Fault{
		{
			Name: "attached-before-ready", Statement: "O5", Checks: by("lifecycle"),
			Doc: "A service that is INITIATING takes endpoints.", plant: takesEndpoints(func(_, phase string, had bool) bool { return !had && phase != "FAILED" }),
		},
		{
			Name: "azure-attached-before-ready", Statement: "O5", Checks: by("lifecycle"),
			Doc:   "A service of AZURE that is INITIATING takes endpoints.",
			plant: takesEndpoints(func(provider, phase string, had bool) bool { return !had && (phase == "READY" || provider == "AZURE") }),
		},
		{
			Name: "attached-once-failed", Statement: "O5", Checks: by("outcome"),
			Doc: "A service that is FAILED takes endpoints.", plant: takesEndpoints(func(p, phase string, had bool) bool { return isReady(p, phase, had) || phase == "FAILED" && !had }),
		},
		{
			Name: "attached-while-deleted", Statement: "O5", Checks: by("outcome"),
			Doc: "A service that is DELETING takes endpoints.", plant: takesEndpoints(func(p, phase string, had bool) bool { return isReady(p, phase, had) || phase == "DELETING" && !had }),
		},
		{
			Name: "attached-twice", Statement: "O5", Checks: by("outcome unique"),
			Doc: "An endpoint can be attached twice.", plant: takesEndpoints(func(_, phase string, _ bool) bool { return phase == "READY" }),
		},
		{
			Name: "attach-too-early-gets-400", Statement: "O5", Checks: by("outcome documented-status"),
			Doc: "An attach to a service that is not ready gets 400.", plant: replies(on(fails(400, "INVALID_STATE"), acts(attach), wasCode("PRIVATELINK_CANNOT_ACCEPT_ENDPOINTS"))),
		},
		{
			Name: "attach-too-early-gets-500", Statement: "E5", Checks: by("no-server-error"),
			Doc: "An attach to a service that is not ready gets 500.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), acts(attach), wasCode("PRIVATELINK_CANNOT_ACCEPT_ENDPOINTS"))),
		},
		{
			Name: "attach-again-gets-400", Statement: "O5", Checks: by("outcome documented-status"),
			Doc: "A second attach of an endpoint gets 400.", plant: replies(on(fails(400, "INVALID_ATTRIBUTE"), acts(attach), wasCode("PRIVATELINK_INTERFACE_ENDPOINT_ALREADY_EXISTS"))),
		},
		{
			Name: "attach-gets-202", Statement: "O5", Checks: by("documented-status"),
			Doc: "An attach gets 202.", plant: status(http.StatusAccepted, acts(attach)),
		},
		{
			Name: "attach-to-unknown-service-accepted", Statement: "O5", Checks: by("outcome"),
			Doc: "An attach to a service that never was gets 201.",
			plant: replies(on(func(t *turn) {
				var m map[string]any
				_ = json.Unmarshal(t.sent, &m)
				t.say(http.StatusCreated, map[string]any{idOf(t.provider): m["id"], stateOf(t.provider): "INITIATING", "errorMessage": nil, "deleteRequested": false})
			}, acts(attach), of("AWS"), unknown)),
		},
		{
			Name: "attach-answered-with-another-id", Statement: "O5", Checks: by("echo read-back immutable"),
			Doc:   "The reply to an attach at AWS has an id of the server's own making.",
			plant: shown(func(_ *turn, m map[string]any) { m["interfaceEndpointId"] = "vpce-00000000000000000" }, acts(attach), of("AWS")),
		},
		{
			Name: "attach-answered-with-the-name", Statement: "O5", Checks: by("echo read-back immutable"),
			Doc: "An endpoint of AZURE is shown with the last part of its id alone.",
			plant: shown(func(_ *turn, m map[string]any) {
				id := fmt.Sprint(m["privateEndpointResourceId"])
				m["privateEndpointResourceId"] = id[strings.LastIndex(id, "/")+1:]
			}, acts(attach, getOne), of("AZURE")),
		},
		{
			Name: "attach-answered-null", Statement: "O5", Checks: by("body"),
			Doc: "The reply to an attach is null.", plant: answer(http.StatusCreated, nil, acts(attach)),
		},
		{
			Name: "attach-enveloped-late", Statement: "F1", Checks: by("envelope"),
			Doc: "An attach ignores the flag envelope.", plant: ignores("envelope", acts(attach)),
		},
		{
			Name: "attach-status-in-envelope-is-200", Statement: "F3", Checks: by("envelope computed"),
			Doc: "The envelope of an attach says 200.", plant: wrapper(func(_ *turn, m map[string]any, _ string) { m["status"] = 200 }, acts(attach)),
		},
		{
			Name: "attach-ignores-pretty", Statement: "F6", Checks: by("formatting"),
			Doc: "An attach ignores the flag pretty.", plant: ignores("pretty", acts(attach)),
		},
		{
			Name: "reader-may-attach", Statement: "A7", Checks: by("outcome"),
			Doc: "A key that may only read can attach endpoints.", plant: allows(reference.Reader, attach),
		},
		{
			Name: "attach-across-projects", Statement: "L13", Checks: by("isolation outcome"),
			Doc: "An attach finds the service in whichever project it is.", plant: across(attach),
		},
	}
}

// across lets operations on a service find it in the project that it was made
// in, whichever the path names.
func across(names ...act) plant {
	return func(o *reference.Options) wrap {
		home := newMemory[string]()
		does := acts(names...)
		note := replies(on(func(t *turn) {
			t.items(func(m map[string]any) { home.swap(fmt.Sprint(m["id"]), t.project) })
		}, acts(create), good))
		return both(targets(func(t *turn, to *reference.Target) {
			if project, had := home.look(to.Service); had && does(t) {
				to.Project = project
			}
		}), note)(o)
	}
}

// attachBodyFaults are those of the body of attach (O5, B4 to B7).
func attachBodyFaults() []Fault {
	some := func(m map[string]any, name string, v any) {
		if _, has := m[name]; !has {
			m[name] = v
		}
	}
	const address = "10.0.0.9"
	return []Fault{
		{
			Name: "attach-without-address", Statement: "B4", Checks: by("outcome"),
			Doc: "An attach at AZURE needs no IP address.",
			plant: fields(attach, func(m map[string]any) {
				if strings.HasPrefix(fmt.Sprint(m["id"]), "/") {
					some(m, "privateEndpointIPAddress", address)
				}
			}),
		},
		{
			Name: "attach-with-null-address", Statement: "B6", Checks: by("outcome"),
			Doc: "A null for the IP address of an attach at AZURE is taken.",
			plant: fields(attach, func(m map[string]any) {
				if v, has := m["privateEndpointIPAddress"]; has && v == nil {
					m["privateEndpointIPAddress"] = address
				}
			}),
		},
		{
			Name: "attach-with-unknown-member", Statement: "B5", Checks: by("outcome"),
			Doc: "An attach ignores members that it does not know.",
			plant: fields(attach, func(m map[string]any) {
				for name := range m {
					switch name {
					case "id", "privateEndpointIPAddress", "endpointGroupName", "gcpProjectId", "endpoints":
					default:
						delete(m, name)
					}
				}
			}),
		},
		{
			Name: "attach-with-address-at-aws", Statement: "B5", Checks: by("outcome"),
			Doc: "An attach at AWS takes an IP address, which only AZURE has.",
			plant: fields(attach, func(m map[string]any) {
				if strings.HasPrefix(fmt.Sprint(m["id"]), "vpce-") {
					delete(m, "privateEndpointIPAddress")
				}
			}),
		},
		{
			Name: "attach-with-number", Statement: "B6", Checks: by("outcome"),
			Doc: "A number is taken for the id of an endpoint at AWS.",
			plant: fields(attach, func(m map[string]any) {
				if n, ok := m["id"].(json.Number); ok {
					m["id"] = "vpce-" + strings.Map(func(r rune) rune {
						if r < '0' || r > '9' {
							return '0'
						}
						return r
					}, n.String())
				}
			}),
		},
		{
			Name: "attach-with-any-id", Statement: "O5", Checks: by("outcome"),
			Doc: "Any text is taken for the id of an endpoint at AWS.",
			plant: fields(attach, func(m map[string]any) {
				if id, ok := m["id"].(string); ok && id != "" && !strings.HasPrefix(id, "/") && !strings.HasPrefix(id, "vpce-") {
					m["id"] = "vpce-0123456789abcdef0"
				}
			}),
		},
		{
			Name: "attach-with-list", Statement: "B7", Checks: by("outcome"),
			Doc: "A list of one body is taken for the body of an attach.",
			plant: bodies(attach, func(body []byte) []byte {
				if v, _ := parse(body); fmt.Sprintf("%T", v) == "[]interface {}" {
					return []byte(`{"id":"vpce-0123456789abcdef0"}`)
				}
				return body
			}),
		},
		{
			Name: "attach-broken-gets-500", Statement: "B7", Checks: by("no-server-error"),
			Doc: "An attach whose body is not JSON gets 500.", plant: replies(on(fails(500, "UNEXPECTED_ERROR"), acts(attach), wasCode("INVALID_JSON"))),
		},
	}
}
