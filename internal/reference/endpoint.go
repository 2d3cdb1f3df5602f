package reference

import (
	"net/netip"
	"regexp"
	"slices"
	"time"
)

// endpoint is the customer's side of a private connection, attached to a
// service (O5): an interface endpoint of AWS, a private endpoint of AZURE, or a
// group of endpoints of GCP. Like a service it is a value, and all that it
// shows follows from its fields and the clock.
type endpoint struct {
	// ID is by what it was attached: the id at AWS and AZURE, the name of the
	// group at GCP.
	ID string
	// IP is the address of a private endpoint (AZURE).
	IP string
	// Project and Members are those of a group (GCP).
	Project string
	Members []groupMember
	// Seed is 32 random hex digits that the connection's name is made of.
	Seed      string
	ReadyAt   time.Time
	DeletedAt time.Time
	GoneAt    time.Time
}

// groupMember is one endpoint of a group (GCP).
type groupMember struct {
	Name string `json:"endpointName"`
	IP   string `json:"ipAddress"`
}

// life is that of the endpoint, which goes the way of a service but never fails.
func (e endpoint) life() service {
	return service{ReadyAt: e.ReadyAt, DeletedAt: e.DeletedAt, GoneAt: e.GoneAt}
}

// phase is the state at the given time.
func (e endpoint) phase(now time.Time) phase { return e.life().phase(now) }

// detached is the endpoint with its removal accepted at the given time. A
// second one changes nothing.
func (e endpoint) detached(now time.Time, takes time.Duration) endpoint {
	if e.DeletedAt.IsZero() {
		e.DeletedAt = now
		e.GoneAt = now.Add(max(takes, 0))
	}
	return e
}

// attached are the endpoints that the service has at the given time, those
// that are being removed among them.
func (v service) attached(now time.Time) []endpoint {
	var found []endpoint
	for _, e := range v.Endpoints {
		if e.phase(now) != gone {
			found = append(found, e)
		}
	}
	return found
}

// endpoint is the place of an attached endpoint in the list, -1 without one.
func (v service) endpoint(id string, now time.Time) int {
	return slices.IndexFunc(v.Endpoints, func(e endpoint) bool { return e.ID == id && e.phase(now) != gone })
}

// seenEndpoint is an endpoint as it was at the moment of looking.
type seenEndpoint struct {
	endpoint
	provider string
	at       time.Time
}

// attach adds an endpoint to a service that is ready (O5).
func (s *store) attach(projectID, provider, serviceID string, e endpoint) (seenEndpoint, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	p := s.projects[projectID]
	v, ok := find(p, provider, serviceID, now)
	had := v.endpoint(e.ID, now) >= 0
	switch {
	case !ok:
		return seenEndpoint{}, unknownService(serviceID)
	case s.hooks.accepts(provider, v.phase(now), had):
	case had:
		return seenEndpoint{}, endpointExists(e.ID)
	default:
		return seenEndpoint{}, cannotAccept(serviceID)
	}
	e.Seed, e.ReadyAt = randomHex(32), readyAt(now, s.timing(provider).Ready)
	v.Endpoints = append(v.attached(now), e)
	if err := s.state.saveService(projectID, v); err != nil {
		return seenEndpoint{}, err
	}
	p.services[v.place()] = v
	return seenEndpoint{e, provider, now}, nil
}

// endpoint is the attached endpoint of the id (O6).
func (s *store) endpoint(projectID, provider, serviceID, id string) (seenEndpoint, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	now := s.now()
	v, ok := find(s.projects[projectID], provider, serviceID, now)
	if !ok {
		return seenEndpoint{}, unknownService(serviceID)
	}
	i := v.endpoint(id, now)
	if i < 0 {
		return seenEndpoint{}, unknownEndpoint(id)
	}
	return seenEndpoint{v.Endpoints[i], provider, now}, nil
}

// detach accepts the removal of an endpoint in every state (O6).
func (s *store) detach(projectID, provider, serviceID, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	p := s.projects[projectID]
	v, ok := find(p, provider, serviceID, now)
	if !ok {
		return unknownService(serviceID)
	}
	i := v.endpoint(id, now)
	if i < 0 {
		return unknownEndpoint(id)
	}
	v.Endpoints = slices.Clone(v.Endpoints) // readers may still hold the old ones
	v.Endpoints[i] = v.Endpoints[i].detached(now, s.timing(provider).Delete)
	if err := s.state.saveService(projectID, v); err != nil {
		return err
	}
	p.services[v.place()] = v
	return nil
}

// The ids of endpoints as the providers form them.
var (
	awsEndpoint   = regexp.MustCompile(`^vpce-[0-9A-Za-z]+$`)
	azureEndpoint = regexp.MustCompile(`^/subscriptions/[0-9a-fA-F-]{36}/resourceGroups/[^/]+/providers/Microsoft\.Network/privateEndpoints/[^/]+$`)
	gcpName       = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)
	gcpProject    = regexp.MustCompile(`^[a-z][a-z0-9-]{4,28}[a-z0-9]$`)
)

// isIPv4 tells whether a text is an address as the providers give them.
func isIPv4(text string) bool {
	address, err := netip.ParseAddr(text)
	return err == nil && address.Is4()
}
