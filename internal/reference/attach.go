package reference

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/atlas-contract/conformance/gen"
)

// checkAttach is the shape of the body of attach, which is another one for each
// provider (O5).
func (s *Server) checkAttach(p parameters, body []byte) *problem {
	switch p.provider {
	case azure:
		return checkAZUREEndpoint(body)
	case gcp:
		return checkGCPEndpoint(body)
	}
	return checkAWSEndpoint(body)
}

func checkAWSEndpoint(body []byte) *problem {
	if p := checkObject(body, stringField("id")); p != nil {
		return p
	}
	var wanted struct{ ID string }
	if err := json.Unmarshal(body, &wanted); err != nil {
		return notJSON("cannot be read")
	}
	if !awsEndpoint.MatchString(wanted.ID) {
		return malformedEndpoint(wanted.ID)
	}
	return nil
}

func checkAZUREEndpoint(body []byte) *problem {
	if p := checkObject(body, stringField("id"), stringField("privateEndpointIPAddress")); p != nil {
		return p
	}
	var wanted struct{ ID, PrivateEndpointIPAddress string }
	if err := json.Unmarshal(body, &wanted); err != nil {
		return notJSON("cannot be read")
	}
	switch {
	case !azureEndpoint.MatchString(wanted.ID):
		return badAttribute("id", wanted.ID, "the resource id of a private endpoint")
	case !isIPv4(wanted.PrivateEndpointIPAddress):
		return badAttribute("privateEndpointIPAddress", wanted.PrivateEndpointIPAddress, "an IPv4 address")
	}
	return nil
}

// wantedGroup is the body of attach at GCP.
type wantedGroup struct {
	EndpointGroupName string            `json:"endpointGroupName"`
	GCPProjectID      string            `json:"gcpProjectId"`
	Endpoints         []json.RawMessage `json:"endpoints"`
}

func checkGCPEndpoint(body []byte) *problem {
	if p := checkObject(body, stringField("endpointGroupName"), stringField("gcpProjectId"), arrayField("endpoints")); p != nil {
		return p
	}
	var wanted wantedGroup
	if err := json.Unmarshal(body, &wanted); err != nil {
		return notJSON("cannot be read")
	}
	switch {
	case !gcpName.MatchString(wanted.EndpointGroupName):
		return badAttribute("endpointGroupName", wanted.EndpointGroupName, "the name of a group of endpoints")
	case !gcpProject.MatchString(wanted.GCPProjectID):
		return badAttribute("gcpProjectId", wanted.GCPProjectID, "the id of a project at GCP")
	case len(wanted.Endpoints) == 0 || len(wanted.Endpoints) > mostMembers:
		return badAttribute("endpoints", "", "a list of 1 to 50 endpoints")
	}
	for _, raw := range wanted.Endpoints {
		if p := checkMember(raw); p != nil {
			return p
		}
	}
	return nil
}

// mostMembers is how many endpoints a group may have.
const mostMembers = 50

func checkMember(raw []byte) *problem {
	if p := checkObject(raw, stringField("endpointName"), stringField("ipAddress")); p != nil {
		return p
	}
	var wanted groupMember
	if err := json.Unmarshal(raw, &wanted); err != nil {
		return notJSON("cannot be read")
	}
	switch {
	case !gcpName.MatchString(wanted.Name):
		return badAttribute("endpointName", wanted.Name, "the name of an endpoint")
	case !isIPv4(wanted.IP):
		return badAttribute("ipAddress", wanted.IP, "an IPv4 address")
	}
	return nil
}

// AttachAWSEndpoint is O5.
func (h *handler) AttachAWSEndpoint(_ context.Context, q gen.AttachAWSEndpointRequestObject) (gen.AttachAWSEndpointResponseObject, error) {
	return h.attach(q.GroupID, aws, q.EndpointServiceID, endpoint{ID: q.Body.ID})
}

// AttachAZUREEndpoint is O5.
func (h *handler) AttachAZUREEndpoint(_ context.Context, q gen.AttachAZUREEndpointRequestObject) (gen.AttachAZUREEndpointResponseObject, error) {
	return h.attach(q.GroupID, azure, q.EndpointServiceID, endpoint{ID: q.Body.ID, IP: q.Body.PrivateEndpointIPAddress})
}

// GetAWSEndpoint is O6.
func (h *handler) GetAWSEndpoint(_ context.Context, q gen.GetAWSEndpointRequestObject) (gen.GetAWSEndpointResponseObject, error) {
	return h.endpoint(parameters{q.GroupID, aws, q.EndpointServiceID, q.EndpointID})
}

// GetAZUREEndpoint is O6.
func (h *handler) GetAZUREEndpoint(_ context.Context, q gen.GetAZUREEndpointRequestObject) (gen.GetAZUREEndpointResponseObject, error) {
	return h.endpoint(parameters{q.GroupID, azure, q.EndpointServiceID, q.EndpointID})
}

// DeleteAWSEndpoint is O6.
func (h *handler) DeleteAWSEndpoint(_ context.Context, q gen.DeleteAWSEndpointRequestObject) (gen.DeleteAWSEndpointResponseObject, error) {
	return h.detach(parameters{q.GroupID, aws, q.EndpointServiceID, q.EndpointID})
}

// DeleteAZUREEndpoint is O6.
func (h *handler) DeleteAZUREEndpoint(_ context.Context, q gen.DeleteAZUREEndpointRequestObject) (gen.DeleteAZUREEndpointResponseObject, error) {
	return h.detach(parameters{q.GroupID, azure, q.EndpointServiceID, q.EndpointID})
}

// attach is O5: 201, the connection not yet made.
func (h *handler) attach(project, provider, service string, e endpoint) (success, error) {
	made, err := h.store.attach(project, provider, service, e)
	if err != nil {
		return success{}, err
	}
	return success{http.StatusCreated, h.show.endpoint(made)}, nil
}

func (h *handler) endpoint(p parameters) (success, error) {
	found, err := h.store.endpoint(p.project, p.provider, p.service, p.endpoint)
	if err != nil {
		return success{}, err
	}
	return success{http.StatusOK, h.show.endpoint(found)}, nil
}

// detach is O6: 202 and an empty object, as for a service.
func (h *handler) detach(p parameters) (success, error) {
	if err := h.store.detach(p.project, p.provider, p.service, p.endpoint); err != nil {
		return success{}, err
	}
	return success{http.StatusAccepted, struct{}{}}, nil
}

// attachGCP is O5 for GCP, which the generated server does not know.
func (h *handler) attachGCP(r *http.Request, p parameters) (success, error) {
	var wanted struct {
		wantedGroup
		Endpoints []groupMember `json:"endpoints"`
	}
	if err := json.NewDecoder(r.Body).Decode(&wanted); err != nil {
		return success{}, notJSON("cannot be read") // not reached: it was checked
	}
	return h.attach(p.project, gcp, p.service, endpoint{
		ID: wanted.EndpointGroupName, Project: wanted.GCPProjectID, Members: wanted.Endpoints,
	})
}

// surface is all operations: the generated server's, and those at GCP, which
// only the observed profile has.
type surface struct {
	gen.ServerInterface
	beyond *handler
}

func callAttach(api surface, w http.ResponseWriter, r *http.Request, p parameters) {
	switch p.provider {
	case aws:
		api.AttachAWSEndpoint(w, r, p.project, p.service, gen.AttachAWSEndpointParams{})
	case azure:
		api.AttachAZUREEndpoint(w, r, p.project, p.service, gen.AttachAZUREEndpointParams{})
	default:
		done, err := api.beyond.attachGCP(r, p)
		done.orFailure(w, r, err)
	}
}

func callGetEndpoint(api surface, w http.ResponseWriter, r *http.Request, p parameters) {
	switch p.provider {
	case aws:
		api.GetAWSEndpoint(w, r, p.project, p.service, p.endpoint, gen.GetAWSEndpointParams{})
	case azure:
		api.GetAZUREEndpoint(w, r, p.project, p.service, p.endpoint, gen.GetAZUREEndpointParams{})
	default:
		done, err := api.beyond.endpoint(p)
		done.orFailure(w, r, err)
	}
}

func callDeleteEndpoint(api surface, w http.ResponseWriter, r *http.Request, p parameters) {
	switch p.provider {
	case aws:
		api.DeleteAWSEndpoint(w, r, p.project, p.service, p.endpoint, gen.DeleteAWSEndpointParams{})
	case azure:
		api.DeleteAZUREEndpoint(w, r, p.project, p.service, p.endpoint, gen.DeleteAZUREEndpointParams{})
	default:
		done, err := api.beyond.detach(p)
		done.orFailure(w, r, err)
	}
}
