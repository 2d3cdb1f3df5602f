package fault

import (
	"strings"
	"time"

	"github.com/atlas-contract/conformance/internal/reference"
)

// everythingFails lets all new services of a provider end as FAILED.
func everythingFails(provider string) plant {
	return inside(func(o *reference.Options) {
		o.Hooks.Fails = func(p, _ string) bool { return p == provider }
	})
}

// ready tells whether a service is in the state that its provider calls ready.
func ready(m map[string]any) bool {
	return m["status"] == "AVAILABLE" || m["status"] == "WAITING_FOR_USER"
}

// whenReady changes services that are ready.
func whenReady(change func(map[string]any)) func(map[string]any) {
	return func(m map[string]any) {
		if ready(m) {
			change(m)
		}
	}
}

// takes sets how long services take to be ready, and to be gone.
func takes(ready, gone time.Duration) plant {
	return inside(func(o *reference.Options) {
		if ready != 0 {
			o.Ready = ready
		}
		if gone != 0 {
			o.Delete = gone
		}
		o.Timings = nil
	})
}

// ever is longer than anybody waits.
const ever = 24 * time.Hour

// createdFaults are those of what a create replies (L1).
func createdFaults() []Fault {
	created := func(change func(map[string]any), conds ...cond) plant {
		return items(change, append(conds, acts(create))...)
	}
	return []Fault{
		{
			Name: "created-ready", Statement: "L1", Checks: by("lifecycle"),
			Doc:   "The reply to a create of AWS says WAITING_FOR_USER at once.",
			plant: created(with("status", "WAITING_FOR_USER"), of("AWS")),
		},
		{
			Name: "created-available", Statement: "L1", Checks: by("lifecycle"),
			Doc:   "The reply to a create of AZURE says AVAILABLE at once.",
			plant: created(with("status", "AVAILABLE"), of("AZURE")),
		},
		{
			Name: "created-deleting", Statement: "L1", Checks: by("lifecycle"),
			Doc: "The reply to a create says DELETING.", plant: created(with("status", "DELETING")),
		},
		{
			Name: "created-with-name", Statement: "L1", Checks: by("lifecycle"),
			Doc:   "The reply to a create of AWS has the name already.",
			plant: created(with("endpointServiceName", "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"), of("AWS")),
		},
		{
			Name: "created-with-resource", Statement: "L1", Checks: by("lifecycle"),
			Doc: "The reply to a create of AZURE has the resource id already.",
			plant: created(with("privateLinkServiceResourceId",
				"/subscriptions/a/resourceGroups/b/providers/Microsoft.Network/privateLinkServices/c"), of("AZURE")),
		},
		{
			Name: "created-with-endpoints", Statement: "L1", Checks: by("lifecycle"),
			Doc: "The reply to a create of AWS lists an endpoint.", plant: created(with("interfaceEndpoints", []any{"vpce-0123456789abcdef0"}), of("AWS")),
		},
		{
			Name: "created-with-private-endpoints", Statement: "L1", Checks: by("lifecycle"),
			Doc:   "The reply to a create of AZURE lists an endpoint.",
			plant: created(with("privateEndpoints", []any{"/subscriptions/a/resourceGroups/b/providers/Microsoft.Network/privateEndpoints/c"}), of("AZURE")),
		},
		{
			Name: "created-failed-without-message", Statement: "L1", Checks: by("lifecycle"),
			Doc: "The reply to a create says FAILED, and not why.", plant: created(with("status", "FAILED")),
		},
	}
}

// transitionFaults are those of states and what is set in them (L2, L4, S11).
func transitionFaults() []Fault {
	return append(backwardFaults(), []Fault{
		{
			Name: "aws-ready-without-name", Statement: "L2", Checks: by("lifecycle"),
			Doc: "A ready service of AWS has no name.", plant: items(with("endpointServiceName", nil), of("AWS")),
		},
		{
			Name: "aws-ready-with-empty-name", Statement: "L2", Checks: by("lifecycle"),
			Doc: "A ready service of AWS has an empty name.", plant: items(whenReady(with("endpointServiceName", "")), of("AWS")),
		},
		{
			Name: "aws-ready-without-name-in-lists", Statement: "L2", Checks: by("lifecycle read-back immutable"),
			Doc: "Lists show no name of a ready service of AWS.", plant: items(whenReady(with("endpointServiceName", nil)), of("AWS"), acts(list)),
		},
		{
			Name: "azure-ready-without-name", Statement: "L2", Checks: by("lifecycle"),
			Doc: "A ready service of AZURE has its resource id and no name.", plant: items(whenReady(with("privateLinkServiceName", nil)), of("AZURE")),
		},
		{
			Name: "azure-ready-without-resource", Statement: "L2", Checks: by("lifecycle"),
			Doc: "A ready service of AZURE has its name and no resource id.", plant: items(whenReady(with("privateLinkServiceResourceId", nil)), of("AZURE")),
		},
		{
			Name: "never-ready", Statement: "L2", Checks: by("awaited lifecycle"),
			Doc: "A service is INITIATING for ever.", plant: takes(ever, 0),
		},
		{
			Name: "azure-never-ready", Statement: "L2", Checks: by("lifecycle"),
			Doc:   "A service of AZURE is shown as INITIATING for ever, although it has its names.",
			plant: items(whenReady(with("status", "INITIATING")), of("AZURE")),
		},
		{
			Name: "failed-without-message", Statement: "S11", Checks: by("lifecycle"),
			Doc:   "Services of AWS fail, and no errorMessage says why.",
			plant: both(everythingFails("AWS"), items(where("status", "FAILED", with("errorMessage", nil)))),
		},
		{
			Name: "azure-failed-without-message", Statement: "S11", Checks: by("lifecycle"),
			Doc:   "Services of AZURE fail, and no errorMessage says why.",
			plant: both(everythingFails("AZURE"), items(where("status", "FAILED", with("errorMessage", nil)))),
		},
		{
			Name: "message-of-a-service-that-is-ready", Statement: "S1", Checks: by("lifecycle"),
			Doc: "A ready service has an errorMessage.", plant: items(whenReady(with("errorMessage", "no error"))),
		},
	}...)
}

// since changes services by how often a get or list has shown them in a state.
func since(state func(m map[string]any) bool, change func(m map[string]any, times int)) plant {
	return remembering(func() edit {
		counts := newTally()
		return on(func(t *turn) {
			t.items(func(m map[string]any) {
				if id, ok := m["id"].(string); ok && state(m) {
					change(m, counts.next(id))
				}
			})
		}, acts(get, list), good)
	})
}

// backwardFaults change states against their order (L4).
func backwardFaults() []Fault {
	deleting := func(m map[string]any) bool { return m["status"] == "DELETING" }
	again := func(m map[string]any) {
		m["status"] = "INITIATING"
		for _, name := range []string{"endpointServiceName", "privateLinkServiceName", "privateLinkServiceResourceId"} {
			if _, there := m[name]; there {
				m[name] = nil
			}
		}
	}
	settled := func(m map[string]any) {
		m["status"] = "WAITING_FOR_USER"
		if _, azure := m["privateLinkServiceName"]; azure {
			m["status"] = "AVAILABLE"
		}
	}
	return []Fault{
		{
			Name: "ready-then-initiating", Statement: "L4", Checks: by("lifecycle read-back immutable"),
			Doc: "The second time that a service is shown ready, it is INITIATING again.",
			plant: since(ready, func(m map[string]any, times int) {
				if times == 2 {
					again(m)
				}
			}),
		},
		{
			Name: "ready-and-initiating-in-turn", Statement: "L4", Checks: by("lifecycle read-back immutable"),
			Doc: "Every other time, as from two copies of which one is behind, a ready service is INITIATING.",
			plant: since(ready, func(m map[string]any, times int) {
				if times%2 == 0 {
					again(m)
				}
			}),
		},
		{
			Name: "ready-then-failed", Statement: "L4", Checks: by("lifecycle read-back"),
			Doc: "A service that was ready is FAILED when it is looked at again.",
			plant: since(ready, func(m map[string]any, times int) {
				if times > 1 {
					m["status"], m["errorMessage"] = "FAILED", "It was ready, and is no more."
				}
			}),
		},
		{
			Name: "listed-initiating-for-ever", Statement: "L4", Checks: by("lifecycle read-back"),
			Doc: "The list shows services as they were when they were created.", plant: items(whenReady(again), acts(list)),
		},
		{
			Name: "deleting-then-ready", Statement: "L4", Checks: by("lifecycle gone"),
			Doc: "A service that is being deleted is ready again when it is looked at again.",
			plant: since(deleting, func(m map[string]any, times int) {
				if times > 1 {
					settled(m)
				}
			}),
		},
		{
			Name: "deleting-then-initiating", Statement: "L4", Checks: by("lifecycle gone"),
			Doc:   "A service is INITIATING while it is being deleted.",
			plant: since(deleting, func(m map[string]any, times int) { again(m) }),
		},
		{
			Name: "deleting-then-failed", Statement: "L4", Checks: by("lifecycle gone"),
			Doc: "A service whose delete is under way ends as FAILED and stays.",
			plant: both(takes(0, ever), since(deleting, func(m map[string]any, _ int) {
				m["status"], m["errorMessage"] = "FAILED", "The cloud provider could not delete the endpoint service."
			})),
		},
		{
			Name: "failed-then-ready", Statement: "L4", Checks: by("lifecycle read-back"),
			Doc: "A service of AZURE that failed is AVAILABLE when it is looked at again.",
			plant: both(everythingFails("AZURE"), since(
				func(m map[string]any) bool { return m["status"] == "FAILED" }, func(m map[string]any, times int) {
					if times > 1 {
						id, _ := m["id"].(string)
						m["status"], m["errorMessage"], m["privateLinkServiceName"] = "AVAILABLE", nil, "pls_"+id
						m["privateLinkServiceResourceId"] = "/subscriptions/" + strings.Repeat("0", 8) + "/providers/x"
					}
				})),
		},
	}
}
