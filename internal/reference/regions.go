package reference

import (
	_ "embed"
	"fmt"
	"strings"
)

// The providers, as the contract spells them.
const (
	aws   = "AWS"
	azure = "AZURE"
	gcp   = "GCP"
)

// The known regions, one per line: provider, Atlas form, native form (empty
// where no document names it). Source: the vendor's region reference (B2).
//
//go:embed regions.csv
var regionTable string

// place is a region of a provider: what there can be one service in (L7).
type place struct {
	Provider string
	// Region is in Atlas form, such as US_EAST_1.
	Region string
}

// String is the place as a key of the state file.
func (p place) String() string { return p.Provider + "/" + p.Region }

// regions knows every spelling of every region.
type regions struct {
	// atlas leads from a provider and either form of a region to its place.
	atlas map[place]place
	// native leads from a place to the name that the provider gives the region.
	native map[place]string
}

func loadRegions() (*regions, error) {
	g := &regions{atlas: map[place]place{}, native: map[place]string{}}
	for n, line := range strings.Split(strings.TrimSpace(regionTable), "\n") {
		cells := strings.Split(line, ",")
		if len(cells) != 3 {
			return nil, fmt.Errorf("region table, line %d: want 3 cells in %q", n+1, line)
		}
		if n > 0 {
			g.add(place{Provider: cells[0], Region: cells[1]}, cells[2])
		}
	}
	return g, nil
}

func (g *regions) add(p place, native string) {
	g.atlas[p] = p
	if native == "" {
		// Only names in replies are made with this form; it is no valid input.
		g.native[p] = strings.ReplaceAll(strings.ToLower(p.Region), "_", "-")
		return
	}
	g.atlas[place{p.Provider, native}] = p
	g.native[p] = native
}

// find is the place that the provider calls by this name, in either form.
func (g *regions) find(provider, name string) (place, bool) {
	p, ok := g.atlas[place{provider, name}]
	return p, ok
}

// named are the places of all providers that go by this name.
func (g *regions) named(name string) []place {
	var found []place
	for _, provider := range []string{aws, azure, gcp} {
		if p, ok := g.find(provider, name); ok {
			found = append(found, p)
		}
	}
	return found
}

// failing is the set of places in which services fail.
func (g *regions) failing(names []string) (map[place]bool, error) {
	set := map[place]bool{}
	for _, name := range names {
		found := g.named(name)
		if len(found) == 0 {
			return nil, fmt.Errorf("failing region %q: no provider has a region of this name", name)
		}
		for _, p := range found {
			set[p] = true
		}
	}
	return set, nil
}
