package reference

// endpointIDs are by what the service's endpoints were attached (O5).
func (v seen) endpointIDs() []string {
	ids := []string{}
	for _, e := range v.attached(v.at) {
		ids = append(ids, e.ID)
	}
	return ids
}

// The endpoints on the wire, as the vendor's own client reads them. The
// generated types would leave out what is null.

type awsEndpointReply struct {
	ConnectionStatus    string  `json:"connectionStatus"`
	DeleteRequested     bool    `json:"deleteRequested"`
	ErrorMessage        *string `json:"errorMessage"`
	InterfaceEndpointID string  `json:"interfaceEndpointId"`
}

type azureEndpointReply struct {
	DeleteRequested               bool    `json:"deleteRequested"`
	ErrorMessage                  *string `json:"errorMessage"`
	PrivateEndpointConnectionName *string `json:"privateEndpointConnectionName"`
	PrivateEndpointIPAddress      string  `json:"privateEndpointIPAddress"`
	PrivateEndpointResourceID     string  `json:"privateEndpointResourceId"`
	Status                        string  `json:"status"`
}

type gcpEndpointReply struct {
	DeleteRequested   bool             `json:"deleteRequested"`
	EndpointGroupName string           `json:"endpointGroupName"`
	Endpoints         []gcpMemberReply `json:"endpoints"`
	ErrorMessage      *string          `json:"errorMessage"`
	Status            string           `json:"status"`
}

type gcpMemberReply struct {
	groupMember
	Status string `json:"status"`
}

// endpoint is the shape of the endpoint's provider.
func (p presenter) endpoint(e seenEndpoint) any {
	leaving := !e.DeletedAt.IsZero()
	switch e.provider {
	case azure:
		return azureEndpointReply{
			DeleteRequested: leaving, PrivateEndpointConnectionName: e.connection(),
			PrivateEndpointIPAddress: e.IP, PrivateEndpointResourceID: e.ID, Status: e.status("INITIATING"),
		}
	case gcp:
		shown := gcpEndpointReply{DeleteRequested: leaving, EndpointGroupName: e.ID, Status: e.status("INITIATING")}
		for _, m := range e.Members {
			shown.Endpoints = append(shown.Endpoints, gcpMemberReply{m, shown.Status})
		}
		return shown
	}
	return awsEndpointReply{ConnectionStatus: e.status("PENDING"), DeleteRequested: leaving, InterfaceEndpointID: e.ID}
}

// status is the state in the provider's words, of which only the first differs.
func (e seenEndpoint) status(first string) string {
	switch e.phase(e.at) {
	case initiating:
		return first
	case ready:
		return "AVAILABLE"
	}
	return "DELETING"
}

// connection is the name of the connection, which there is once it is made, and
// never if the endpoint was removed before.
func (e seenEndpoint) connection() *string {
	if e.life().settled(e.at) != ready {
		return nil
	}
	name := "pe-" + e.Seed[:24]
	return &name
}
