package reference

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/gen"
)

// basePath is where the API begins, and where a Server must be mounted.
const basePath = "/api/atlas/v1.0"

// parameters are the path parameters of a request, decoded.
type parameters struct {
	project, provider, service, endpoint string
}

// set takes a value by its name in the contract.
func (p *parameters) set(name, value string) {
	switch name {
	case "{groupId}":
		p.project = value
	case "{cloudProvider}":
		p.provider = value
	case "{endpointServiceId}":
		p.service = value
	case "{endpointId}":
		p.endpoint = value
	}
}

// operation is one method of one path of the contract.
type operation struct {
	method string
	path   string
	// needs is the role without which the operation is refused (A7).
	needs Role
	// body checks the request body; nil where the operation has none.
	body func(*Server, parameters, []byte) *problem
	// call hands the request to the generated server.
	call func(api surface, w http.ResponseWriter, r *http.Request, p parameters)
}

// operations is the contract's table of contents.
func operations() []operation {
	const (
		group    = "/groups/{groupId}"
		services = group + "/privateEndpoint/{cloudProvider}/endpointService"
		one      = services + "/{endpointServiceId}"
		attached = one + "/endpoint"
		regional = group + "/privateEndpoint/regionalMode"
	)
	return []operation{
		{http.MethodPost, group + "/privateEndpoint/endpointService", Owner, (*Server).checkCreate, callCreate},
		{http.MethodGet, services, Reader, nil, callList},
		{http.MethodGet, one, Reader, nil, callGet},
		{http.MethodDelete, one, Owner, nil, callDelete},
		{http.MethodPost, attached, Owner, (*Server).checkAttach, callAttach},
		{http.MethodGet, attached + "/{endpointId}", Reader, nil, callGetEndpoint},
		{http.MethodDelete, attached + "/{endpointId}", Owner, nil, callDeleteEndpoint},
		{http.MethodGet, group + "/containers", Reader, nil, callContainers},
		{http.MethodGet, regional, Reader, nil, callGetRegional},
		{http.MethodPatch, regional, Owner, (*Server).checkRegional, callUpdateRegional},
	}
}

func callCreate(api surface, w http.ResponseWriter, r *http.Request, p parameters) {
	api.CreatePrivateEndpointService(w, r, p.project, gen.CreatePrivateEndpointServiceParams{})
}

func callList(api surface, w http.ResponseWriter, r *http.Request, p parameters) {
	api.ListPrivateEndpointServices(w, r, p.project, gen.CloudProvider(p.provider), gen.ListPrivateEndpointServicesParams{})
}

func callGet(api surface, w http.ResponseWriter, r *http.Request, p parameters) {
	api.GetPrivateEndpointService(w, r, p.project, gen.CloudProvider(p.provider), p.service, gen.GetPrivateEndpointServiceParams{})
}

func callDelete(api surface, w http.ResponseWriter, r *http.Request, p parameters) {
	api.DeletePrivateEndpointService(w, r, p.project, gen.CloudProvider(p.provider), p.service, gen.DeletePrivateEndpointServiceParams{})
}

func callContainers(api surface, w http.ResponseWriter, r *http.Request, p parameters) {
	var params gen.ListContainersParams
	if values := queryValues(r.URL.RawQuery, "providerName"); len(values) > 0 {
		// Several values make one that is no provider, and is refused as such.
		provider := gen.ProviderName(strings.Join(values, ","))
		params.ProviderName = &provider
	}
	api.ListContainers(w, r, p.project, params)
}

func callGetRegional(api surface, w http.ResponseWriter, r *http.Request, p parameters) {
	api.GetRegionalMode(w, r, p.project, gen.GetRegionalModeParams{})
}

func callUpdateRegional(api surface, w http.ResponseWriter, r *http.Request, p parameters) {
	api.UpdateRegionalMode(w, r, p.project, gen.UpdateRegionalModeParams{})
}

// route is one path of the contract, with its methods.
type route struct {
	segments []string
	methods  map[string]*operation
	// allow is the Allow header of the path (E3).
	allow string
}

// newRoutes groups the operations by path.
func newRoutes() []*route {
	var routes []*route
	for _, op := range operations() {
		segments := strings.Split(op.path, "/")[1:]
		i := slices.IndexFunc(routes, func(r *route) bool { return slices.Equal(r.segments, segments) })
		if i < 0 {
			i = len(routes)
			routes = append(routes, &route{segments: segments, methods: map[string]*operation{}})
		}
		routes[i].methods[op.method] = &op
	}
	for _, r := range routes {
		r.allow = r.allowed()
	}
	return routes
}

func (r *route) allowed() string {
	methods := []string{http.MethodOptions}
	for method := range r.methods {
		methods = append(methods, method)
		if method == http.MethodGet {
			methods = append(methods, http.MethodHead)
		}
	}
	slices.Sort(methods)
	return strings.Join(methods, ", ")
}

// operation is what a method means here. HEAD is GET without the body.
func (r *route) operation(method string) (*operation, bool) {
	if method == http.MethodHead {
		method = http.MethodGet
	}
	op, ok := r.methods[method]
	return op, ok
}

// match reads the path segments against the route.
func (r *route) match(segments []string) (parameters, bool) {
	var p parameters
	if len(segments) != len(r.segments) {
		return p, false
	}
	for i, want := range r.segments {
		if want[0] == '{' {
			p.set(want, segments[i])
		} else if want != segments[i] {
			return p, false
		}
	}
	return p, true
}

// splitPath is the path below the base path, segment by segment. It splits
// before it decodes, so that %2F stays inside its segment, and it cleans
// nothing: // and .. are segments like others, and unknown ones.
func splitPath(u *url.URL) ([]string, bool) {
	rest, ok := strings.CutPrefix(u.EscapedPath(), basePath+"/")
	if !ok {
		return nil, false
	}
	segments := strings.Split(rest, "/")
	for i, segment := range segments {
		if decoded, err := url.PathUnescape(segment); err == nil {
			segments[i] = decoded
		}
	}
	return segments, true
}

// findRoute is the route that the path belongs to.
func findRoute(routes []*route, u *url.URL) (*route, parameters, bool) {
	segments, ok := splitPath(u)
	if !ok {
		return nil, parameters{}, false
	}
	for _, r := range routes {
		if p, ok := r.match(segments); ok {
			return r, p, true
		}
	}
	return nil, parameters{}, false
}
