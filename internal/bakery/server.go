// Package bakery is a server of a second contract, bakery.yaml, which has
// nothing to do with the first: other rules, other shapes, another version of
// OpenAPI. Tests hold it against its document to show that the engine knows
// neither of them.
//
// The server reads requests by hand, by what the document says and by nothing
// that the engine does, and keeps its data in memory. It can be given one
// fault, a promise of the document that it breaks (see [Faults]).
package bakery

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// base is the path of the document's server.
const base = "/v2"

// Options say what a server is like.
type Options struct {
	// Key is what protected operations ask for.
	Key string
	// Fault is the name of the promise that the server breaks, "" for none.
	Fault string
}

// Server is a branch of the bakery. It is safe for concurrent use.
type Server struct {
	key    string
	fault  fault
	rules  schemas
	routes []route

	mu     sync.Mutex
	orders []*order // the oldest first
	menu   []*item  // the oldest first
}

// New opens a branch without orders and without a menu.
func New(o Options) *Server {
	f := fault(o.Fault)
	return &Server{key: o.Key, fault: f, rules: newSchemas(f), routes: routes()}
}

// route is an operation of the document.
type route struct {
	method, path string
	open         bool // needs no key
	handle       func(*Server, *request) reply
}

func routes() []route {
	return []route{
		{"GET", "/orders", false, (*Server).listOrders},
		{"POST", "/orders", false, (*Server).createOrder},
		{"GET", "/orders/{orderId}", false, (*Server).getOrder},
		{"HEAD", "/orders/{orderId}", false, (*Server).headOrder},
		{"PATCH", "/orders/{orderId}", false, (*Server).updateOrder},
		{"DELETE", "/orders/{orderId}", false, (*Server).deleteOrder},
		{"PUT", "/orders/{orderId}/greeting", false, (*Server).setGreeting},
		{"GET", "/menu", true, (*Server).listMenu},
		{"POST", "/menu", false, (*Server).createItem},
		{"GET", "/menu/{itemId}", true, (*Server).getItem},
		{"PUT", "/menu/{itemId}", false, (*Server).replaceItem},
		{"DELETE", "/menu/{itemId}", false, (*Server).deleteItem},
		{"POST", "/quotes", true, (*Server).quote},
	}
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.answer(r).send(w, r.Method)
}

func (s *Server) answer(r *http.Request) reply {
	path, below := strings.CutPrefix(r.URL.EscapedPath(), base)
	var allowed []string
	for _, route := range s.routes {
		values, ok := match(route.path, path)
		if !ok || !below {
			continue
		}
		if route.method == r.Method || s.fault.is("any-method") {
			return s.serve(route, &request{Request: r, path: values})
		}
		allowed = append(allowed, route.method)
	}
	if len(allowed) == 0 {
		return problem(http.StatusNotFound, "there is no such path")
	}
	refused := problem(http.StatusMethodNotAllowed, "the path has no "+r.Method)
	refused.header.Set("Allow", strings.Join(allowed, ", "))
	return refused
}

func (s *Server) serve(route route, r *request) reply {
	r.query, r.malformed = pairs(r.URL.RawQuery)
	if !route.open && !s.knows(r) && !s.fault.is("key-unchecked") {
		refused := problem(http.StatusUnauthorized, "the key is missing or wrong")
		if !s.fault.is("no-challenge") {
			refused.header.Set("WWW-Authenticate", "Bakery")
		}
		if s.fault.is("refusal-in-plain-text") {
			return text(http.StatusUnauthorized, "go away")
		}
		return refused
	}
	if r.malformed {
		return s.pickReply("query-escape-500", problem(http.StatusInternalServerError, "oops"), problem(http.StatusBadRequest, "the query is not percent-encoded"))
	}
	return route.handle(s, r)
}

// knows tells whether a request brings the key, in any of the three places.
func (s *Server) knows(r *request) bool {
	given := r.Header.Values("X-Bakery-Key")
	for _, c := range r.CookiesNamed("bakery_key") {
		given = append(given, c.Value)
	}
	given = append(given, r.all("key")...)
	for _, key := range given {
		if subtle.ConstantTimeCompare([]byte(key), []byte(s.key)) == 1 {
			return true
		}
	}
	return false
}

// match gives the decoded values of a template's parameters.
func match(template, path string) (map[string]string, bool) {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	values := map[string]string{}
	for i, part := range want {
		name, isName := strings.CutPrefix(part, "{")
		value, err := url.PathUnescape(got[i])
		switch {
		case err != nil || value == "" && isName:
			return nil, false
		case isName:
			values[strings.TrimSuffix(name, "}")] = value
		case value != part:
			return nil, false
		}
	}
	return values, true
}
