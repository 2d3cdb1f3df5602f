package reference

import (
	"bytes"
	"io"
	"net/http"
	"slices"
)

// call is a request on its way through the steps, and what they found out.
type call struct {
	w http.ResponseWriter
	r *http.Request
	// flags are read before the first step and refused in their own.
	flags     flags
	account   *account
	route     *route
	operation *operation
	path      parameters
	// body is how much of the request body has been taken off the wire.
	body progress
}

// progress is how far the reading of a request body has come.
type progress int

const (
	untouched progress = iota
	begun
	done
)

// step is one thing that can end a request. It has a reply, or nothing.
type step struct {
	name string
	take func(*Server, *call) *reply
}

// steps is the order in which a request is looked at. It is part of the
// contract: nothing may be learnt about a path, a query or a body without
// credentials (A2).
func steps() []step {
	return []step{
		{"authenticate", (*Server).authenticate},
		{"route", (*Server).findOperation},
		{"method", (*Server).checkMethod},
		{"path", (*Server).checkPath},
		{"project", (*Server).checkProject},
		{"role", (*Server).checkRole},
		{"flags", (*Server).checkFlags},
		{"body", (*Server).checkBody},
		{"operation", (*Server).operate},
	}
}

func (s *Server) authenticate(c *call) *reply {
	who, outdated := s.auth.account(c.r)
	if who == nil {
		return s.auth.refuse(outdated)
	}
	c.account = who
	s.hooks.request(c)
	return nil
}

func (s *Server) findOperation(c *call) *reply {
	found, path, ok := findRoute(s.routes, c.r.URL)
	if !ok {
		return unknownResource().reply()
	}
	c.route, c.path = found, path
	return nil
}

// checkMethod answers OPTIONS and refuses unknown methods, both with Allow (E3).
func (s *Server) checkMethod(c *call) *reply {
	op, ok := c.route.operation(c.r.Method)
	if ok {
		c.operation = op
		return nil
	}
	out := newReply()
	if c.r.Method == http.MethodOptions {
		out.status = http.StatusNoContent
	} else {
		methodNotAllowed(c.r.Method).writeTo(out)
	}
	out.header.Set("Allow", c.route.allow)
	return out
}

// checkPath refuses ids and providers that cannot be (P1, P2).
func (s *Server) checkPath(c *call) *reply {
	for _, segment := range c.route.segments {
		if p := s.checkParameter(segment, c.path); p != nil {
			return p.reply()
		}
	}
	return nil
}

func (s *Server) checkParameter(segment string, path parameters) *problem {
	switch {
	case segment == "{groupId}" && !isObjectID(path.project):
		return malformedID("groupId", path.project)
	case segment == "{endpointServiceId}" && !isObjectID(path.service):
		return malformedID("endpointServiceId", path.service)
	case segment == "{cloudProvider}" && !slices.Contains(s.providers, path.provider):
		return unknownProvider(path.provider)
	case segment == "{endpointId}" && path.provider == aws && !awsEndpoint.MatchString(path.endpoint):
		return malformedEndpoint(path.endpoint)
	}
	return nil
}

func (s *Server) checkProject(c *call) *reply {
	if !s.projects[c.path.project] {
		return unknownProject(c.path.project).reply()
	}
	return nil
}

// checkRole refuses keys that may not do this here (A7). Of the two replies
// that a key without any role may get, this is the documented one. It comes
// with a challenge, although none is needed: RFC 9110 wants one on every 401,
// and some clients cannot read a 401 without.
func (s *Server) checkRole(c *call) *reply {
	role := c.account.role(c.path.project)
	switch {
	case role == None:
		out := notInProject().reply()
		out.header.Set("WWW-Authenticate", s.auth.challenge(false))
		out.bare = true
		return out
	case role == Reader && c.operation.needs == Owner:
		return forbidden().reply()
	}
	return nil
}

func (s *Server) checkFlags(c *call) *reply {
	if c.flags.problem != nil {
		return c.flags.problem.reply()
	}
	return nil
}

// checkBody refuses bodies that the operation cannot read (B1–B8), and leaves
// the others to be read again by the generated server.
func (s *Server) checkBody(c *call) *reply {
	if c.operation.body == nil {
		return nil
	}
	body, problem := c.readBody(s.patience)
	if problem != nil {
		return problem.reply()
	}
	if media := c.r.Header.Get("Content-Type"); len(body) > 0 && !isJSON(media) {
		return wrongMediaType(media).reply()
	}
	if problem := c.operation.body(s, c.path, body); problem != nil {
		return problem.reply()
	}
	c.r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// operate is the last step and always has a reply.
func (s *Server) operate(c *call) *reply {
	s.hooks.target(c)
	out := newReply()
	c.operation.call(s.api, out, c.r, c.path)
	return out
}
