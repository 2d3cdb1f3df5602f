package reference

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"github.com/atlas-contract/conformance/gen"
)

// handler is the operations, on the interface that is generated from the
// contract. Requests that reach it are well-formed and allowed.
type handler struct {
	store     *store
	regions   *regions
	providers []string
	show      presenter
}

var _ gen.StrictServerInterface = (*handler)(nil)

// checkCreate is the shape of a create body (B1, B4–B7).
func (s *Server) checkCreate(_ parameters, body []byte) *problem {
	if p := checkObject(body, stringField("providerName"), stringField("region")); p != nil {
		return p
	}
	var wanted struct{ ProviderName string }
	if err := json.Unmarshal(body, &wanted); err != nil {
		return notJSON("cannot be read")
	}
	if !slices.Contains(s.providers, wanted.ProviderName) {
		return noProvider(wanted.ProviderName)
	}
	return nil
}

// checkRegional is the shape of a regional mode body (O7).
func (s *Server) checkRegional(_ parameters, body []byte) *problem {
	return checkObject(body, booleanField("enabled"))
}

// CreatePrivateEndpointService is O1: 201, the service INITIATING (L1).
func (h *handler) CreatePrivateEndpointService(_ context.Context, q gen.CreatePrivateEndpointServiceRequestObject) (gen.CreatePrivateEndpointServiceResponseObject, error) {
	provider := string(q.Body.ProviderName)
	at, ok := h.regions.find(provider, q.Body.Region)
	if !ok {
		return nil, unknownRegion(provider, q.Body.Region)
	}
	made, err := h.store.create(q.GroupID, at, q.Body.Region)
	if err != nil {
		return nil, err
	}
	return success{http.StatusCreated, h.show.service(made)}, nil
}

// ListPrivateEndpointServices is O2: 200, a bare array.
func (h *handler) ListPrivateEndpointServices(_ context.Context, q gen.ListPrivateEndpointServicesRequestObject) (gen.ListPrivateEndpointServicesResponseObject, error) {
	list := []any{}
	for _, v := range h.store.list(q.GroupID, string(q.CloudProvider)) {
		list = append(list, h.show.service(v))
	}
	return success{http.StatusOK, list}, nil
}

// GetPrivateEndpointService is O3.
func (h *handler) GetPrivateEndpointService(_ context.Context, q gen.GetPrivateEndpointServiceRequestObject) (gen.GetPrivateEndpointServiceResponseObject, error) {
	found, err := h.store.get(q.GroupID, string(q.CloudProvider), q.EndpointServiceID)
	if err != nil {
		return nil, err
	}
	return success{http.StatusOK, h.show.service(found)}, nil
}

// DeletePrivateEndpointService is O4: 202 and an empty object, also for a
// second delete while the first is under way (L3).
func (h *handler) DeletePrivateEndpointService(_ context.Context, q gen.DeletePrivateEndpointServiceRequestObject) (gen.DeletePrivateEndpointServiceResponseObject, error) {
	if err := h.store.delete(q.GroupID, string(q.CloudProvider), q.EndpointServiceID); err != nil {
		return nil, err
	}
	return success{http.StatusAccepted, struct{}{}}, nil
}

// ListContainers is L9, those of AWS unless told otherwise. There are never
// more than fit on one page.
func (h *handler) ListContainers(_ context.Context, q gen.ListContainersRequestObject) (gen.ListContainersResponseObject, error) {
	provider := aws
	if q.Params.ProviderName != nil {
		provider = string(*q.Params.ProviderName)
	}
	if !slices.Contains(h.providers, provider) {
		return nil, badQuery("providerName", "is "+quote(provider)+", which is no provider")
	}
	return success{http.StatusOK, h.show.containers(h.store.containers(q.GroupID, provider))}, nil
}

// GetRegionalMode is O7.
func (h *handler) GetRegionalMode(_ context.Context, q gen.GetRegionalModeRequestObject) (gen.GetRegionalModeResponseObject, error) {
	return success{http.StatusOK, gen.RegionalMode{Enabled: h.store.regional(q.GroupID)}}, nil
}

// UpdateRegionalMode is O7, 202 as recorded.
func (h *handler) UpdateRegionalMode(_ context.Context, q gen.UpdateRegionalModeRequestObject) (gen.UpdateRegionalModeResponseObject, error) {
	if err := h.store.setRegional(q.GroupID, q.Body.Enabled); err != nil {
		return nil, err
	}
	return success{http.StatusAccepted, gen.RegionalMode{Enabled: q.Body.Enabled}}, nil
}
