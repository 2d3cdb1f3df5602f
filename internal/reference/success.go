package reference

import "net/http"

// success is a reply that an operation succeeded with. It stands in for the
// generated response types, which cannot say what only one profile knows.
type success struct {
	status int
	body   any
}

func (v success) visit(w http.ResponseWriter) error {
	if out, ok := w.(*reply); ok {
		out.json(v.status, v.body)
	}
	return nil
}

// VisitCreatePrivateEndpointServiceResponse writes the reply.
func (v success) VisitCreatePrivateEndpointServiceResponse(w http.ResponseWriter) error {
	return v.visit(w)
}

// VisitListPrivateEndpointServicesResponse writes the reply.
func (v success) VisitListPrivateEndpointServicesResponse(w http.ResponseWriter) error {
	return v.visit(w)
}

// VisitGetPrivateEndpointServiceResponse writes the reply.
func (v success) VisitGetPrivateEndpointServiceResponse(w http.ResponseWriter) error {
	return v.visit(w)
}

// VisitDeletePrivateEndpointServiceResponse writes the reply.
func (v success) VisitDeletePrivateEndpointServiceResponse(w http.ResponseWriter) error {
	return v.visit(w)
}

// VisitListContainersResponse writes the reply.
func (v success) VisitListContainersResponse(w http.ResponseWriter) error { return v.visit(w) }

// VisitGetRegionalModeResponse writes the reply.
func (v success) VisitGetRegionalModeResponse(w http.ResponseWriter) error { return v.visit(w) }

// VisitUpdateRegionalModeResponse writes the reply.
func (v success) VisitUpdateRegionalModeResponse(w http.ResponseWriter) error { return v.visit(w) }

// orFailure writes the reply, or the error in its place.
func (v success) orFailure(w http.ResponseWriter, r *http.Request, err error) {
	if err == nil {
		err = v.visit(w)
	}
	if err != nil {
		failure(w, r, err)
	}
}

// VisitAttachAWSEndpointResponse writes the reply.
func (v success) VisitAttachAWSEndpointResponse(w http.ResponseWriter) error { return v.visit(w) }

// VisitAttachAZUREEndpointResponse writes the reply.
func (v success) VisitAttachAZUREEndpointResponse(w http.ResponseWriter) error { return v.visit(w) }

// VisitGetAWSEndpointResponse writes the reply.
func (v success) VisitGetAWSEndpointResponse(w http.ResponseWriter) error { return v.visit(w) }

// VisitGetAZUREEndpointResponse writes the reply.
func (v success) VisitGetAZUREEndpointResponse(w http.ResponseWriter) error { return v.visit(w) }

// VisitDeleteAWSEndpointResponse writes the reply.
func (v success) VisitDeleteAWSEndpointResponse(w http.ResponseWriter) error { return v.visit(w) }

// VisitDeleteAZUREEndpointResponse writes the reply.
func (v success) VisitDeleteAZUREEndpointResponse(w http.ResponseWriter) error { return v.visit(w) }
