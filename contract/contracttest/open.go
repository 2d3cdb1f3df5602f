package contracttest

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"

	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
	"github.com/atlas-contract/conformance/openapi"
)

// owner is the role whose credential is the default one.
const owner = "owner"

// open reads the contract and gets ready to ask the target.
func open(target Target) (*suite, error) {
	c, err := target.load()
	if err != nil {
		return nil, err
	}
	if err := target.checkParams(c); err != nil {
		return nil, err
	}
	base, err := target.base(c)
	if err != nil {
		return nil, err
	}
	credentials := target.credentials(c)
	if _, ok := credentials[""]; !ok && run.NeedsCredential(c) {
		return nil, fmt.Errorf("open the target: every operation of %s needs credentials: give Credentials, the default one as %q", c.Name, owner)
	}
	client, err := transport.New(transport.Options{
		Base: base, Handler: target.Handler, Credentials: credentials, Header: target.Header, Timeout: target.Timeout,
	})
	if err != nil {
		return nil, err
	}
	runner, err := run.New(run.Options{
		Contract: c, Client: client, Base: base.String(), Params: target.Params, Roles: target.roles(),
		Tenants: target.tenants(), Failing: target.Failing, Match: target.Match, Concurrency: target.Concurrency,
	})
	if err != nil {
		return nil, fmt.Errorf("read Match: %w", err)
	}
	return &suite{
		Target: target, contract: c, client: client, runner: runner,
		recorder: &report.Recorder{Contract: c, Redact: client.Redact},
	}, nil
}

// tenants are the path parameters of the roles whose own are not the target's.
func (t *Target) tenants() map[string]map[string]string {
	out := map[string]map[string]string{}
	for role, credential := range t.Credentials {
		for name, value := range credential.Params {
			if t.Params[name] != value {
				out[role] = credential.Params
			}
		}
	}
	return out
}

// load reads the contract.
func (t *Target) load() (*spec.Contract, error) {
	source := spec.Source{Name: t.Spec, Data: t.Document}
	builtin := t.Spec == "" && t.Document == nil
	switch {
	case builtin:
		source = spec.Source{Name: "private-endpoint.yaml", Data: openapi.Document()}
	case t.Spec == "":
		source.Name = "Document"
	}
	switch {
	case t.Profile == "observed" && builtin:
		source.Overlays = append(source.Overlays, spec.Overlay{Name: "observed.overlay.yaml", Data: openapi.Overlay()})
	case t.Profile == "observed":
		return nil, errors.New("read Profile: observed is for the contract of this module; give the overlay of another document as Overlays")
	case t.Profile != "" && t.Profile != "documented":
		return nil, fmt.Errorf("read Profile %q: it is documented or observed", t.Profile)
	}
	for _, name := range t.Overlays {
		source.Overlays = append(source.Overlays, spec.Overlay{Name: name})
	}
	return spec.Load(source)
}

// base is the URL that requests go to.
func (t *Target) base(c *spec.Contract) (*url.URL, error) {
	switch {
	case t.URL == "" && t.Handler == nil:
		return nil, errors.New("open the target: give a URL or a Handler")
	case t.URL != "" && t.Handler != nil:
		return nil, errors.New("open the target: give a URL or a Handler, not both")
	case t.Handler != nil:
		return url.Parse("http://in-process" + c.Base)
	}
	u, err := url.Parse(t.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, errors.New("open the target: its URL must be as http://host:port/path")
	}
	return u, nil
}

// credentials are those of the transport.
func (t *Target) credentials(c *spec.Contract) map[string]transport.Credential {
	out := map[string]transport.Credential{}
	for role, own := range t.Credentials {
		out[role] = run.WithScheme(c, transport.Credential{
			User: own.User, Key: own.Key, Scheme: own.Scheme, In: own.In, Name: own.Name, Params: own.Params,
		})
	}
	if _, ok := out[""]; ok {
		return out
	}
	if usual, ok := out[owner]; ok {
		out[""] = usual
	} else if len(out) == 1 {
		for _, only := range out {
			out[""] = only
		}
	}
	return out
}

// roles are the names of the credentials.
func (t *Target) roles() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(t.Credentials)), func(role string) bool { return role == "" })
}

// checkParams refuses values of parameters that the contract does not have.
func (t *Target) checkParams(c *spec.Contract) error {
	known := map[string]bool{}
	for _, op := range c.Operations {
		for _, p := range op.Parameters {
			known[p.Name] = known[p.Name] || p.In == "path"
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.Params)) {
		if !known[name] {
			return fmt.Errorf("read Params: %s has no path parameter %s", c.Name, name)
		}
	}
	return nil
}

// known is the reason why a case is known to fail, "" where it is not.
func (s *suite) known(id string) string {
	for _, glob := range slices.Sorted(maps.Keys(s.Skip)) {
		if ok, err := run.Matches(glob, id); ok && err == nil {
			return s.Skip[glob]
		}
	}
	return ""
}

// stale is an error for what Skip holds in vain.
func (s *suite) stale() error {
	left := maps.Clone(s.Skip)
	for glob, why := range s.Skip {
		if _, err := run.Matches(glob, ""); err != nil {
			return fmt.Errorf("read Skip: %w", err)
		}
		if glob == "" || why == "" {
			return fmt.Errorf("read Skip %q: a glob and a reason are needed", glob)
		}
	}
	if len(left) == 0 || s.Match != "" { // a part of the cases tells nothing of the others
		return nil
	}
	for c := range s.runner.Cases() {
		maps.DeleteFunc(left, func(glob, _ string) bool { ok, _ := run.Matches(glob, c.ID); return ok })
		if len(left) == 0 {
			return nil
		}
	}
	return fmt.Errorf("read Skip: no case matches %q any more: take it out", slices.Sorted(maps.Keys(left))[0])
}
