package fault

import (
	"net/http"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/internal/reference"
)

// Fault is one bug that the reference server can be given.
type Fault struct {
	// Name is a word with hyphens, unique among all faults.
	Name string
	// Doc says in a sentence what the server does wrong.
	Doc string
	// Statement is the id of the statement that is broken.
	Statement string
	// Checks are the names of the checks that may rightly report it, the most
	// natural one first.
	Checks []string
	// Profile is the only one in which it is a fault; empty for every one.
	Profile reference.Profile
	// plant makes the bug for one server.
	plant plant
}

// plant changes how a server is made, and returns what is to be put around it,
// or nil. What it remembers belongs to that one server.
type plant func(*reference.Options) wrap

// wrap puts a bug around a server.
type wrap func(http.Handler) http.Handler

// Server is a reference server with a fault.
type Server struct {
	http.Handler
	inner *reference.Server
}

// Server makes a reference server with the fault.
func (f Fault) Server(o reference.Options) (*Server, error) {
	if o.Profile == "" {
		o.Profile = f.Profile
	}
	around := f.plant(&o)
	inner, err := reference.New(o)
	if err != nil {
		return nil, err
	}
	if around == nil {
		return &Server{inner, inner}, nil
	}
	return &Server{around(inner), inner}, nil
}

// Close lets the state file go, if there is one.
func (s *Server) Close() error { return s.inner.Close() }

// All are the faults.
func All() []Fault {
	return slices.Concat(
		challengeFaults(), nonceFaults(), orderFaults(), unauthorizedFaults(),
		digestFaults(), forgeryFaults(), roleFaults(),
		pathFaults(), resourceFaults(), methodFaults(), queryFaults(),
		bodyFaults(), regionFaults(), memberFaults(), syntaxFaults(), mediaFaults(),
		statusFaults(), listFaults(), deleteFaults(), modeFaults(), changedModeFaults(), containerFaults(),
		attachFaults(), attachBodyFaults(), listedFaults(), endpointFaults(), detachFaults(), attachedFaults(),
		awsFaults(), azureFaults(), gcpFaults(), googleFaults(), shapeFaults(), nameFaults(), idFaults(),
		createdFaults(), transitionFaults(), removalFaults(), changeFaults(), readFaults(),
		uniqueFaults(), isolationFaults(), errorFaults(), errorPlaceFaults(), crashFaults(),
		wrapFaults(), wrappedFaults(), prettyFaults(), headerFaults(), encodingFaults(),
	)
}

// Named is the fault of a name.
func Named(name string) (Fault, bool) {
	all := All()
	i := slices.IndexFunc(all, func(f Fault) bool { return f.Name == name })
	if i < 0 {
		return Fault{}, false
	}
	return all[i], true
}

// by is a list of names of checks, separated by spaces.
func by(names string) []string { return strings.Fields(names) }
