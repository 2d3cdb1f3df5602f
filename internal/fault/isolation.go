package fault

import (
	"fmt"
	"net/http"

	"github.com/atlas-contract/conformance/internal/reference"
)

// mixed lets operations find a service in whatever project it is.
func mixed(names ...act) plant {
	return func(o *reference.Options) wrap {
		home := newMemory[string]()
		does := acts(names...)
		return both(targets(func(t *turn, to *reference.Target) {
			if project, had := home.look(t.service); had && does(t) {
				to.Project = project
			}
		}), replies(on(func(t *turn) {
			t.items(func(m map[string]any) { home.first(fmt.Sprint(m["id"]), t.project) })
		}, acts(create), good)))(o)
	}
}

// isolationFaults let projects see each other (L13).
func isolationFaults() []Fault {
	return []Fault{
		{
			Name: "get-from-another-project", Statement: "L13", Checks: by("isolation"),
			Doc: "A service can be read under the path of another project.", plant: mixed(get),
		},
		{
			Name: "delete-from-another-project", Statement: "L13", Checks: by("isolation"),
			Doc: "A service can be deleted under the path of another project.", plant: mixed(remove),
		},
		{
			Name: "delete-from-another-project-refused-too-late", Statement: "L13", Checks: by("isolation lifecycle"),
			Doc: "A delete under the path of another project gets 404, but is carried out.",
			plant: func(o *reference.Options) wrap {
				home := newMemory[string]()
				return both(targets(func(t *turn, to *reference.Target) {
					if project, had := home.look(t.service); had && t.act == remove {
						to.Project = project
					}
				}), replies(on(func(t *turn) {
					if t.act == create {
						t.items(func(m map[string]any) { home.first(fmt.Sprint(m["id"]), t.project) })
					} else if project, had := home.look(t.service); had && project != t.project {
						t.refuse(404, "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND")
					}
				}, acts(create, remove), good)))(o)
			},
		},
		{
			Name: "list-of-all-projects", Statement: "L13", Checks: by("isolation"),
			Doc: "A list has the services of the project that was asked first, whoever asks.",
			plant: inside(func(o *reference.Options) {
				first := newMemory[string]()
				paths := newReader()
				o.Hooks.Target = func(r *http.Request, to *reference.Target) {
					if t := paths.read(r); t.act == list || t.act == create {
						if t.act == create {
							first.first("", to.Project)
						}
						if project, had := first.look(""); had && t.act == list {
							to.Project = project
						}
					}
				}
			}),
		},
		{
			Name: "region-unique-over-all-projects", Statement: "L13", Checks: by("isolation unique outcome"),
			Doc: "A region that one project has a service in is taken for all others.",
			plant: taken(func() func(reference.Claim) bool {
				owner := newMemory[string]()
				return func(c reference.Claim) bool {
					project, had := owner.first(c.Provider+c.Region, c.Project)
					return c.Taken || had && project != c.Project
				}
			}),
		},
		{
			Name: "mode-of-all-projects", Statement: "L13", Checks: by("isolation"),
			Doc: "The regional mode is one for all projects.",
			plant: targets(func(t *turn, to *reference.Target) {
				if t.act == readMode || t.act == setMode {
					to.Project = "ffffffffffffffffffffffff"
				}
			}),
		},
		{
			Name: "service-of-another-project-gets-403", Statement: "L13", Checks: by("isolation outcome documented-status"),
			Doc: "A get of a service of another project gets 403, so that it is known to exist.",
			plant: remembering(func() edit {
				home := newMemory[string]()
				return func(t *turn) {
					if t.act == create && good(t) {
						t.items(func(m map[string]any) { home.first(fmt.Sprint(m["id"]), t.project) })
					}
					if project, had := home.look(t.service); had && project != t.project && t.act == get && t.status == 404 {
						t.refuse(403, "ACCESS_FORBIDDEN")
					}
				}
			}),
		},
	}
}
