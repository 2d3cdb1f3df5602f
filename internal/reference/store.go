package reference

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// store is what the server remembers, project by project (L13). Every change
// is on disk, if there is a state file, before it is seen or answered.
type store struct {
	now    func() time.Time
	timing func(provider string) Timing
	fails  map[place]bool
	ids    *ids
	state  *state
	hooks  *Hooks

	mu       sync.RWMutex
	projects map[string]*project
}

// project is one group of the API.
type project struct {
	// services has at most one service for a place (L7): a gone one stays in it
	// until its place is taken again, and is never shown.
	services map[place]service
	// containers outlive the services they were made for (L9).
	containers map[place]container
	// regional is the regional mode (O7).
	regional bool
}

// container is a network container (L9).
type container struct {
	ID       string
	Provider string
	Region   string
}

func newProject() *project {
	return &project{services: map[place]service{}, containers: map[place]container{}}
}

// seen is a service as it was at the moment of looking.
type seen struct {
	service
	at time.Time
}

// project is the project of the id, made when it is first needed: which ids
// exist is decided before the store is asked.
func (s *store) project(id string) *project {
	p, ok := s.projects[id]
	if !ok {
		p = newProject()
		s.projects[id] = p
	}
	return p
}

// create makes a service, and its container where there is none yet (L9). Of
// several at once for one place, exactly one succeeds (L7); the others are a
// conflict, until the first is gone (L8).
func (s *store) create(projectID string, at place, sent string) (seen, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	p := s.project(projectID)
	wanted := claim(p, at, now)
	wanted.Project, wanted.Sent = projectID, sent
	if s.hooks.taken(wanted) {
		return seen{}, serviceExists(at)
	}
	v := s.newService(at, now)
	v.ID = s.hooks.id(wanted, v.ID)
	c, fresh := s.containerFor(p, at, now)
	if err := s.state.saveCreated(projectID, v, c, fresh); err != nil {
		return seen{}, err
	}
	p.services[at] = v
	if fresh {
		p.containers[at] = c
	}
	return seen{v, now}, nil
}

// claim tells whether the place has a service, in whatever state (L7).
func claim(p *project, at place, now time.Time) Claim {
	v, ok := p.services[at]
	c := Claim{Provider: at.Provider, Region: at.Region, Taken: ok && v.phase(now) != gone}
	if c.Taken {
		c.Phase = v.phase(now).String()
	}
	return c
}

func (s *store) newService(at place, now time.Time) service {
	return service{
		ID: s.ids.next(now), Provider: at.Provider, Region: at.Region, Seed: randomHex(32),
		Created: now, ReadyAt: readyAt(now, s.timing(at.Provider).Ready), Fails: s.fails[at] || s.hooks.fails(at),
	}
}

// containerFor is the container of the place, and whether it was made just now.
// GCP has none of this kind.
func (s *store) containerFor(p *project, at place, now time.Time) (c container, fresh bool) {
	if c, ok := p.containers[at]; ok || at.Provider == gcp {
		return c, false
	}
	return container{ID: s.ids.next(now), Provider: at.Provider, Region: at.Region}, true
}

// list is the provider's services in the project, oldest first.
func (s *store) list(projectID, provider string) []seen {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, ok := s.projects[projectID]
	if !ok {
		return nil
	}
	now := s.now()
	var found []seen
	for _, v := range p.services {
		if v.Provider == provider && v.phase(now) != gone {
			found = append(found, seen{v, now})
		}
	}
	slices.SortFunc(found, func(a, b seen) int {
		if order := a.Created.Compare(b.Created); order != 0 {
			return order
		}
		return strings.Compare(a.ID, b.ID)
	})
	return found
}

// get is the service of the id, if it is of this project and provider (L13).
func (s *store) get(projectID, provider, id string) (seen, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	now := s.now()
	if v, ok := find(s.projects[projectID], provider, id, now); ok {
		return seen{v, now}, nil
	}
	return seen{}, unknownService(id)
}

// find looks a service up. There are at most as many as there are regions, so
// a second index would only be a second truth.
func find(p *project, provider, id string, now time.Time) (service, bool) {
	if p == nil {
		return service{}, false
	}
	for _, v := range p.services {
		if v.ID == id {
			return v, v.Provider == provider && v.phase(now) != gone
		}
	}
	return service{}, false
}

// delete accepts a delete in every state (L3), but not of a service with
// endpoints (L11).
func (s *store) delete(projectID, provider, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	p := s.projects[projectID]
	v, ok := find(p, provider, id, now)
	if !ok {
		return unknownService(id)
	}
	if !s.hooks.frees(provider, len(v.attached(now))) {
		return hasEndpoints(id)
	}
	v = v.deleted(now, s.timing(provider).Delete)
	if err := s.state.saveService(projectID, v); err != nil {
		return err
	}
	p.services[v.place()] = v
	return nil
}

// containers are those of the provider in the project, by region.
func (s *store) containers(projectID, provider string) []container {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, ok := s.projects[projectID]
	if !ok {
		return nil
	}
	var found []container
	for _, c := range p.containers {
		if c.Provider == provider {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b container) int { return strings.Compare(a.Region, b.Region) })
	return found
}

// regional is the project's regional mode (O7).
func (s *store) regional(projectID string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, ok := s.projects[projectID]
	return ok && p.regional
}

// setRegional changes the project's regional mode (O7).
func (s *store) setRegional(projectID string, enabled bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.state.saveRegional(projectID, enabled); err != nil {
		return err
	}
	s.project(projectID).regional = enabled
	return nil
}
