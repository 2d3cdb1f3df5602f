package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

// targetFlags say how the target is asked.
type targetFlags struct {
	paramFlags
	credentialFlags
	Timeout time.Duration `default:"30s" placeholder:"TIME" help:"Longest time to wait for a reply (default: ${default})."`
	Rate    string        `placeholder:"N/UNIT" help:"Most requests per second, minute or hour, such as 100/m."`
}

// paramFlags are the settings that shape cases.
type paramFlags struct {
	Config string   `placeholder:"FILE" help:"The configuration (default: conformance.yaml, if there is one)."`
	Param  []string `sep:"none" placeholder:"NAME=VALUE" help:"Value of a path parameter; may be repeated."`
}

// params joins the configured values with those of the flags, which win.
func (f *paramFlags) params(c *spec.Contract, set *config.Config) (map[string]string, error) {
	known := pathParameters(c)
	out := map[string]string{}
	for name, value := range set.Params {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("read %s: params: %w", set.Name, unknownParam(name, known))
		}
		out[name] = value
	}
	for _, pair := range f.Param {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("read --param %q: write it as name=value", pair)
		}
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("read --param %s: %w", pair, unknownParam(name, known))
		}
		out[name] = value
	}
	return out, nil
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
	header      http.Header
	// secrets are values in header that are to be shown nowhere.
	secrets []string
	rate    float64
	// builtin tells that it is the reference server; close ends it.
	builtin bool
	close   func()
}

// address checks the URL of a target.
func address(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	var parse *url.Error
	switch {
	case errors.As(err, &parse): // without the text, which may hold a password
		return nil, fmt.Errorf("read the target's URL: %w", parse.Err)
	case err != nil:
		return nil, fmt.Errorf("read the target's URL: %w", err)
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, fmt.Errorf("read the target's URL %s: it must start with http:// or https:// and a host", u.Redacted())
	}
	return u, nil
}

// remote is the target at a URL.
func (f *targetFlags) remote(c *spec.Contract, set *config.Config, base string) (*target, error) {
	t := &target{base: base, rate: set.Rate, close: func() {}}
	var err error
	if t.params, err = f.params(c, set); err != nil {
		return nil, err
	}
	if f.Rate != "" {
		if t.rate, err = config.ParseRate(f.Rate); err != nil {
			return nil, fmt.Errorf("read --rate: %w", err)
		}
	}
	if err := f.identify(c, set, t); err != nil {
		return nil, err
	}
	return t, nil
}

// client is what sends to the target.
func (t *target) client(timeout time.Duration) (*transport.Client, error) {
	u, err := address(t.base)
	if err != nil {
		return nil, err
	}
	if timeout <= 0 {
		return nil, fmt.Errorf("read --timeout %s: it must be more than nothing", timeout)
	}
	return transport.New(transport.Options{
		Base: u, Credentials: t.credentials, Header: t.header, Timeout: timeout, Rate: t.rate, Version: programVersion(),
	})
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
