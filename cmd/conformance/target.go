package main

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

// targetFlags say how the target is asked.
type targetFlags struct {
	paramFlags
	failingFlags
	credentialFlags
	networkFlags
	Timeout span   `default:"30s" placeholder:"TIME" help:"Longest time to wait for a reply (default: ${default})."`
	Rate    string `placeholder:"N/UNIT" help:"Most requests per second, minute or hour, such as 100/m."`
}

// usualTimeout is the default of --timeout.
const usualTimeout = span(30 * time.Second)

// paramFlags are the settings that shape cases.
type paramFlags struct {
	Config string   `placeholder:"FILE" help:"The configuration (default: conformance.yaml, if there is one)."`
	Param  []string `sep:"none" placeholder:"NAME=VALUE" help:"Value of a path parameter; may be repeated."`
}

// failingFlags say how to see the target fail.
type failingFlags struct {
	Failing []string `sep:"none" placeholder:"NAME=VALUE" help:"Member of a body, and a value with which what the target makes fails; may be repeated."`
}

// failing joins the configured values with those of the flags.
func (f *failingFlags) failing(c *spec.Contract, set *config.Config) (map[string][]string, error) {
	known := creationMembers(c)
	out := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(set.Failing)) {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("read %s: failing: %w", set.Name, unknownMember(name, known))
		}
		out[name] = slices.Clone(set.Failing[name])
	}
	for _, pair := range f.Failing {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" || value == "" {
			return nil, fmt.Errorf("read --failing %q: write it as name=value, neither of them empty", pair)
		}
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("read --failing %s: %w", pair, unknownMember(name, known))
		}
		if !slices.Contains(out[name], value) {
			out[name] = append(out[name], value)
		}
	}
	return out, nil
}

func unknownMember(name string, known []string) error {
	if len(known) == 0 {
		return fmt.Errorf("no request of the contract makes something whose body has a member %s, nor any other", name)
	}
	return fmt.Errorf("no request of the contract makes something whose body has a member %s%s; there are %s", name, config.Hint(name, known), strings.Join(known, ", "))
}

// creationMembers are the names of the members in bodies of requests that make
// something.
func creationMembers(c *spec.Contract) []string {
	var out []string
	for _, r := range c.Resources() {
		if r.Create.Body == nil {
			continue
		}
		for _, m := range r.Create.Body.Media {
			for name := range m.Schema.Resolve().Get("properties").Pairs() {
				if !slices.Contains(out, name) {
					out = append(out, name)
				}
			}
		}
	}
	return out
}

// params joins the configured values with those of the flags, which win.
func (f *paramFlags) params(c *spec.Contract, set *config.Config) (map[string]string, error) {
	known := pathParameters(c)
	out := map[string]string{}
	if err := configured("params", set.Params, known, set); err != nil {
		return nil, err
	}
	for _, role := range set.Credentials {
		if err := configured("credentials."+role.Role+".params", role.Params, known, set); err != nil {
			return nil, err
		}
	}
	maps.Copy(out, set.Params)
	for _, pair := range f.Param {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" || value == "" {
			return nil, fmt.Errorf("read --param %q: write it as name=value, neither of them empty", pair)
		}
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("read --param %s: %w", pair, unknownParam(name, known))
		}
		out[name] = value
	}
	return out, nil
}

// configured checks the names of values in the configuration.
func configured(at string, params map[string]string, known []string, set *config.Config) error {
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if !slices.Contains(known, name) {
			return fmt.Errorf("read %s: %s: %w", set.Name, at, unknownParam(name, known))
		}
	}
	return nil
}

func unknownParam(name string, known []string) error {
	if len(known) == 0 {
		return fmt.Errorf("the contract has no path parameter %s, nor any other", name)
	}
	return fmt.Errorf("the contract has no path parameter %s%s; it has %s", name, config.Hint(name, known), strings.Join(known, ", "))
}

// pathParameters are the names of the contract's path parameters.
func pathParameters(c *spec.Contract) []string {
	var out []string
	for _, op := range c.Operations {
		for _, p := range op.Parameters {
			if p.In == "path" && !slices.Contains(out, p.Name) {
				out = append(out, p.Name)
			}
		}
	}
	return out
}

// target is an implementation that is ready to be asked.
type target struct {
	// base is its URL, the base path included.
	base        string
	params      map[string]string
	credentials map[string]transport.Credential
	roles       []string
	// tenants are the path parameters of the credentials that have their own.
	tenants map[string]map[string]string
	// failing are the values with which what it makes fails, by member.
	failing map[string][]string
	header  http.Header
	// secrets are values in header that are to be shown nowhere.
	secrets []string
	rate    float64
	// set is the configuration.
	set *config.Config
	// way is how it is reached; nil leaves all to the URL.
	way *network
	// asked are the flags that said how, as a shell takes them.
	asked words
	// hand is how a person asks it with curl.
	hand *report.Curl
	// builtin tells that it is the reference server; close ends it.
	builtin bool
	close   func()
}

// address checks the URL of a target; from says where it is written. The text is
// shown where it cannot hold a password.
func address(from, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if strings.Contains(text, "@") {
		if err != nil || u.User != nil {
			return nil, fmt.Errorf("read %s: a key does not belong in the URL, where it would be shown; take out what stands before @ and give --user NAME", from)
		}
	}
	var parse *url.Error
	switch {
	case errors.As(err, &parse) && strings.HasPrefix(text, "http"):
		return nil, fmt.Errorf("read %s %s: %w; write it as http://host:port/path", from, text, parse.Err)
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return nil, fmt.Errorf("read %s %s: that is no URL of a server; write it as http://host:port/path or https://host/path", from, text)
	case u.Port() != "" && !isPort(u.Port()):
		return nil, fmt.Errorf("read %s %s: %s is no port; a port is between 1 and 65535", from, text, u.Port())
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, fmt.Errorf("read %s %s: it must end with the base path; leave out what begins with ? or #", from, text)
	}
	return u, nil
}

func isPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && n > 0
}

// remote is the target at a URL.
func (f *targetFlags) remote(c *spec.Contract, set *config.Config, base string) (*target, error) {
	t := &target{base: base, set: set, close: func() {}}
	var err error
	if t.params, err = f.params(c, set); err != nil {
		return nil, err
	}
	if t.failing, err = f.failing(c, set); err != nil {
		return nil, err
	}
	if err := f.identify(c, set, t); err != nil {
		return nil, err
	}
	u, err := address("the target's URL", base)
	if err != nil {
		return nil, err
	}
	if t.way, err = f.reach(set, u); err != nil {
		return nil, err
	}
	t.asked, t.hand = f.words(c), f.curl(t, true)
	return t, nil
}

// pace is the most requests per second, 0 for no limit.
func (f *targetFlags) pace(set *config.Config) (float64, error) {
	if f.Rate == "" {
		return set.Rate, nil
	}
	rate, err := config.ParseRate(f.Rate)
	if err != nil {
		return 0, fmt.Errorf("read --rate: %w", err)
	}
	return rate, nil
}

// client is what sends to the target.
func (t *target) client(timeout time.Duration) (*transport.Client, error) {
	u, err := url.Parse(t.base)
	if err != nil {
		return nil, fmt.Errorf("read the target's URL: %w", err)
	}
	o := transport.Options{
		Base: u, Credentials: t.credentials, Header: t.header, Timeout: timeout, Rate: t.rate, Version: programVersion(),
	}
	if t.way != nil {
		o.TLS, o.Network, o.Address = t.way.tls, t.way.kind, t.way.address
	}
	return transport.New(o)
}

// redact takes the secrets of the target and its client out of a text.
func (t *target) redact(client *transport.Client) func(string) string {
	return func(text string) string {
		for _, secret := range t.secrets {
			if secret != "" {
				text = strings.ReplaceAll(text, secret, "[redacted]")
			}
		}
		return client.Redact(text)
	}
}

// options are those of a run with these cases against the target.
func (t *target) options(c *spec.Contract, f *caseFlags) run.Options {
	return run.Options{
		Contract: c, Base: t.base, Params: t.params, Roles: t.roles, Tenants: t.tenants, Failing: t.failing,
		Match: f.Match, Seed: f.Seed, Draws: int(f.Cases),
	}
}

// admit notes the roles of credentials, and which of them are other tenants.
func (t *target) admit(credentials []config.Credential) {
	t.tenants = map[string]map[string]string{}
	for _, c := range credentials {
		t.roles = append(t.roles, c.Role)
		for name, value := range c.Params {
			if t.params[name] != value {
				t.tenants[c.Role] = c.Params
			}
		}
	}
}
