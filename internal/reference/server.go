package reference

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/atlas-contract/conformance/gen"
)

// Server is the reference server, to be mounted so that it sees whole request
// paths, base path included. It answers every path.
type Server struct {
	steps       []step
	routes      []*route
	auth        *authenticator
	api         surface
	projects    map[string]bool
	providers   []string
	envelopeKey string
	// patience is how long a request body may take to arrive.
	patience time.Duration
	state    *state
	hooks    *Hooks
}

// New makes a server. It opens Options.State, if given; Close lets it go.
func New(o Options) (*Server, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("reference server: %w", err)
	}
	known, err := loadRegions()
	if err != nil {
		return nil, fmt.Errorf("reference server: %w", err)
	}
	fails, err := known.failing(o.FailingRegions)
	if err != nil {
		return nil, fmt.Errorf("reference server: %w", err)
	}
	kept, err := openStore(o, fails)
	if err != nil {
		return nil, fmt.Errorf("reference server: %w", err)
	}
	s := &Server{
		steps: steps(), routes: newRoutes(), auth: newAuthenticator(&o),
		projects: map[string]bool{}, providers: o.providers(), envelopeKey: o.EnvelopeKey,
		patience: bodyPatience, state: kept.state, hooks: &o.Hooks,
	}
	for _, id := range o.Projects {
		s.projects[id] = true
	}
	h := &handler{store: kept, regions: known, providers: s.providers, show: presenter{o.Profile, o.Optional || o.Profile == Observed, known}}
	s.api = surface{beyond: h, ServerInterface: gen.NewStrictHandlerWithOptions(h, nil, gen.StrictHTTPServerOptions{RequestErrorHandlerFunc: undecodable, ResponseErrorHandlerFunc: failure})}
	return s, nil
}

// openStore makes a store, with what the state file holds, if there is one.
func openStore(o Options, fails map[place]bool) (*store, error) {
	s := &store{now: o.Now, timing: o.timing, fails: fails, ids: newIDs(), hooks: &o.Hooks}
	if o.State != "" {
		opened, err := openState(o.State)
		if err != nil {
			return nil, err
		}
		s.state = opened
	}
	projects, err := s.state.load()
	if err != nil {
		return nil, errors.Join(err, s.state.close())
	}
	s.projects = projects
	return s, nil
}

// undecodable is what the generated server does with a body that it cannot
// decode. None that passed the steps is.
func undecodable(w http.ResponseWriter, _ *http.Request, _ error) {
	write(w, notJSON("does not have the expected form"))
}

// failure turns what an operation returned as its error into a reply.
func failure(w http.ResponseWriter, _ *http.Request, err error) {
	var p *problem
	if !errors.As(err, &p) {
		p = unexpected()
	}
	write(w, p)
}

// write is for the hooks of the generated server, whose writer is a reply.
func write(w http.ResponseWriter, p *problem) {
	if out, ok := w.(*reply); ok {
		p.writeTo(out)
	}
}

// ServeHTTP answers a request: the first step that has a reply ends the walk,
// then the flags are applied.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{w: w, r: r, flags: readFlags(r.URL.RawQuery)}
	out := s.answer(c)
	body := out.finish(c.flags, s.envelopeKey)
	c.finish(func(w http.ResponseWriter) { out.send(w, r.Method, body) }, s.patience)
}

func (s *Server) answer(c *call) *reply {
	for _, step := range s.steps {
		if s.hooks.skips(step.name, c.r) {
			continue
		}
		if out := step.take(s, c); out != nil {
			return out
		}
	}
	return unexpected().reply() // not reached: the last step always has a reply
}

// Close lets the state file go. A server without one needs no Close.
func (s *Server) Close() error { return s.state.close() }
