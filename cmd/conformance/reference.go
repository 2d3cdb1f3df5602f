package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/fault"
	"github.com/atlas-contract/conformance/internal/reference"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

// The parameter that names a project of the reference server, the role that may
// only read, and that of the owner of another project, with the project's id.
const (
	projectParam = "groupId"
	reader       = "reader"
	other        = "other"
	otherProject = "5f7cac1adf5d6c6306f4b299"
)

// regionMember is the member of a create by which the reference server is made
// to fail.
const regionMember = "region"

// ownFailing are the regions in which services fail in the reference server of
// a run, one of each provider, so that what is promised of failed ones is tested
// too.
func ownFailing(profile string) map[string][]string {
	regions := []string{"mx-central-1", "norwayeast"}
	if profile == observed {
		regions = append(regions, "southamerica-east1")
	}
	return map[string][]string{regionMember: regions}
}

// anyPort is the loopback with a port of the system's choice.
const anyPort = "127.0.0.1:0"

// soon is how long the reference server of a run takes from create to ready
// and from delete to gone: long enough for each state to be seen.
const soon = 20 * time.Millisecond

// builtin is the reference server, listening.
type builtin struct {
	// url includes the base path.
	url    string
	server *http.Server
	// failed tells why it stopped serving.
	failed  chan error
	handler server
}

// server is the reference server, or one with a fault.
type server interface {
	http.Handler
	io.Closer
}

// build makes the server, with the fault of a name unless that is empty.
func build(o reference.Options, name string) (server, error) {
	if name == "" {
		return reference.New(o)
	}
	f, ok := fault.Named(name)
	if !ok {
		return nil, fmt.Errorf("there is no fault %q%s; conformance selftest --list shows them all", name, config.Hint(name, faultNames()))
	}
	if f.Profile != "" && f.Profile != o.Profile {
		return nil, fmt.Errorf("the fault %s breaks the profile %s only; give --profile %s", name, f.Profile, f.Profile)
	}
	return f.Server(o)
}

func faultNames() []string {
	var names []string
	for _, f := range fault.All() {
		names = append(names, f.Name)
	}
	return names
}

// start makes a server of the contract listen.
func start(c *spec.Contract, handler server, addr string) (*builtin, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, errors.Join(cannotListen(addr, err), handler.Close())
	}
	b := &builtin{
		url:     "http://" + reachable(listener.Addr()) + c.Base,
		server:  &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)},
		failed:  make(chan error, 1),
		handler: handler,
	}
	go func() { b.failed <- b.server.Serve(listener) }()
	return b, nil
}

// stop lets requests in flight finish, for a while.
func (b *builtin) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := b.server.Shutdown(ctx); err != nil {
		b.server.Close()
	}
	return b.handler.Close()
}

func cannotListen(addr string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("listen on %s: the port is in use; give another with --addr, or %s for a free one", addr, anyPort)
	}
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	return fmt.Errorf("listen on %s: %w; give host:port with --addr, such as %s", addr, err, anyPort)
}

// reachable is an address that a client on this machine can use.
func reachable(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return a.String()
	}
	return net.JoinHostPort("localhost", fmt.Sprint(tcp.Port))
}

// invent makes up a pair that belongs to nobody.
func invent(role string) config.Credential {
	return config.Credential{Role: role, Credential: transport.Credential{User: secret(4), Key: secret(16)}}
}

// secret is a number of random bytes in hex.
func secret(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// admit gives the credentials their roles. The owner may do all in the
// project, the reader may read there, and any other role is the owner of a
// project of its own, if its params name one, and else of none.
func admit(project string, credentials []config.Credential, o *reference.Options) error {
	o.Projects, o.Credentials = []string{project}, map[string]reference.Credential{}
	for _, c := range credentials {
		if _, taken := o.Credentials[c.User]; taken {
			return fmt.Errorf("the user %q has two roles; each role of the reference server needs a user of its own", c.User)
		}
		roles := map[string]reference.Role{}
		own := c.Params[projectParam]
		switch {
		case own != "" && own != project:
			o.Projects = append(o.Projects, own)
			roles[own] = reference.Owner
		case c.Role == config.Owner:
			roles[project] = reference.Owner
		case c.Role == reader:
			roles[project] = reference.Reader
		}
		o.Credentials[c.User] = reference.Credential{Key: c.Key, Roles: roles}
	}
	return nil
}

// project is the one that the user named, else that of the contract's
// examples.
func project(c *spec.Contract, params map[string]string) string {
	if id := params[projectParam]; id != "" {
		return id
	}
	for _, op := range c.Operations {
		for _, p := range op.Parameters {
			if p.Name == projectParam {
				return p.Schema.Resolve().Get("example").Text()
			}
		}
	}
	return ""
}

// local is the reference server as the target of a run, with credentials made
// up for it.
func local(c *spec.Contract, profile string, params map[string]string, failing map[string][]string) (*target, error) {
	t, o, err := staged(c, profile, params, failing)
	if err != nil {
		return nil, err
	}
	handler, err := build(o, "")
	if err != nil {
		return nil, err
	}
	b, err := start(c, handler, anyPort)
	if err != nil {
		return nil, err
	}
	t.base, t.builtin = b.url, true
	t.close = func() { _ = b.stop() } // the run has its verdicts by now
	return t, nil
}

// staged is a target without a server, and the options of a reference server
// that its credentials are for.
func staged(c *spec.Contract, profile string, params map[string]string, failing map[string][]string) (*target, reference.Options, error) {
	if len(failing) == 0 {
		failing = ownFailing(profile)
	}
	t := unasked(c, params, failing)
	credentials := []config.Credential{invent(config.Owner), invent(reader), invent(other)}
	credentials[2].Params = t.tenants[other]
	o := reference.Options{
		Profile: reference.Profile(profile), Optional: true, Ready: soon, Delete: soon, FailingRegions: t.failing[regionMember],
	}
	if err := admit(t.params[projectParam], credentials, &o); err != nil {
		return nil, o, err
	}
	t.credentials = map[string]transport.Credential{"": credentials[0].Credential}
	for _, c := range credentials {
		t.credentials[c.Role] = c.Credential
	}
	return t, o, nil
}

// unasked is the reference server as the target of cases that are not sent: all
// roles are there, and the project is one that may be changed.
func unasked(c *spec.Contract, params map[string]string, failing map[string][]string) *target {
	t := &target{base: c.Server, params: maps.Clone(params), failing: failing, roles: []string{config.Owner, reader, other}}
	if t.params == nil {
		t.params = map[string]string{}
	}
	if id := project(c, params); id != "" {
		t.params[projectParam] = id
		t.tenants = map[string]map[string]string{other: {projectParam: otherProject}}
	}
	return t
}

// describe is a credential in words, for whoever is to use it.
func describe(c config.Credential) string {
	return fmt.Sprintf("%-7s user %s key %s", c.Role, c.User, strings.TrimSpace(c.Key))
}
