package main

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/openapi"
)

// The profiles: the base document, or with the overlay.
const (
	documented = "documented"
	observed   = "observed"
)

// documentFlags say what the contract is.
type documentFlags struct {
	Spec        string   `placeholder:"FILE" help:"The OpenAPI document, 3.0 or 3.1 (default: the built-in contract)."`
	Profile     string   `placeholder:"NAME" help:"documented, or observed: with the overlay applied (default: documented)."`
	Overlay     []string `sep:"none" placeholder:"FILE" help:"An OpenAPI Overlay to apply; may be repeated."`
	AllowRemote bool     `help:"Let $ref in the document lead to the network."`
}

// configured takes from the configuration what no flag says.
func (f *documentFlags) configured(set *config.Config) {
	if f.Spec == "" && len(f.Overlay) == 0 {
		f.Spec, f.Overlay = set.Spec, set.Overlays
	}
	f.Profile = cmp.Or(f.Profile, set.Profile)
}

// load reads the contract.
func (f *documentFlags) load() (*spec.Contract, error) {
	f.Profile = cmp.Or(f.Profile, documented)
	if known := []string{documented, observed}; !slices.Contains(known, f.Profile) {
		return nil, fmt.Errorf("unknown profile %q%s: choose documented or observed", f.Profile, config.Hint(f.Profile, known))
	}
	source, err := f.source()
	if err != nil {
		return nil, err
	}
	if f.AllowRemote {
		source.Fetch = spec.Remote()
	}
	for _, name := range f.Overlay {
		data, err := config.ReadFile("--overlay", name)
		if err != nil {
			return nil, err
		}
		source.Overlays = append(source.Overlays, spec.Overlay{Name: name, Data: data})
	}
	return spec.Load(source)
}

func (f *documentFlags) source() (spec.Source, error) {
	switch {
	case !f.builtin() && f.Profile == observed && len(f.Overlay) == 0:
		return spec.Source{}, fmt.Errorf("the profile observed of %s is the document with an overlay applied: give that with --overlay FILE", f.Spec)
	case !f.builtin():
		data, err := config.ReadFile("--spec", f.Spec)
		return spec.Source{Name: f.Spec, Data: data}, err
	}
	source := spec.Source{Name: "private-endpoint.yaml", Data: openapi.Document()}
	if f.Profile == observed {
		source.Overlays = append(source.Overlays, spec.Overlay{Name: "observed.overlay.yaml", Data: openapi.Overlay()})
	}
	return source, nil
}

// builtin tells whether the contract is the built-in one.
func (f *documentFlags) builtin() bool { return f.Spec == "" }
