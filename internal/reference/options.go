package reference

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Profile says which of the two readings of the contract the server keeps.
type Profile string

const (
	// Documented is the v1.0 page with its gaps filled from its siblings.
	Documented Profile = "documented"
	// Observed is Documented, overlaid with what recorded traffic shows: GCP,
	// AVAILABLE for AWS (S5), cloudProvider and regionName in replies (S4).
	Observed Profile = "observed"
)

// Role is what a key may do in a project (A7).
type Role string

const (
	// Owner may call every operation.
	Owner Role = "owner"
	// Reader may call those that change nothing.
	Reader Role = "reader"
	// None is the same as not being named: the project exists, this key is not in it.
	None Role = "none"
)

// Credential is one programmatic API key: its private half, and its roles by
// project id.
type Credential struct {
	Key   string
	Roles map[string]Role
}

// Timing is how long a service takes from its creation to being ready (or
// failed), and from its deletion to being gone (L10). Zero leaves the value
// as it would be without; a negative duration is none at all.
type Timing struct {
	Ready  time.Duration
	Delete time.Duration
}

// Options is everything that can be chosen about a server. Credentials and
// Projects have no default.
type Options struct {
	// Profile is Documented when empty.
	Profile Profile
	// EnvelopeKey is the member that holds the wrapped body, "envelope" or
	// "content" (F1). Empty: "envelope", or "content" in the observed profile.
	EnvelopeKey string
	// Optional sends what the profile leaves to the server: in Documented the
	// members cloudProvider and regionName of a service (S4), which Observed
	// always has.
	Optional bool
	// Credentials are the API keys by public key, the digest username.
	Credentials map[string]Credential
	// Projects are the ids of the projects that exist, 24 hex digits each.
	Projects []string
	// Ready and Delete are the times of every provider that Timings does not
	// name; 200 ms and 100 ms when zero, none when negative.
	Ready, Delete time.Duration
	// Timings are the times of single providers, by AWS, AZURE or GCP.
	Timings map[string]Timing
	// FailingRegions are those whose services end as FAILED (S11), in native
	// or Atlas form, of whichever provider has a region of that name.
	FailingRegions []string
	// NonceTTL is how long a digest nonce is good for; 5 minutes when zero.
	NonceTTL time.Duration
	// Now is the clock, time.Now when nil.
	Now func() time.Time
	// Hooks break the contract on purpose; none are set in a right server.
	Hooks Hooks
	// State is a file that keeps services, containers and modes over a
	// restart. Empty: they live in memory only.
	State string
}

const (
	defaultReady    = 200 * time.Millisecond
	defaultDelete   = 100 * time.Millisecond
	defaultNonceTTL = 5 * time.Minute
)

// withDefaults fills in what was left empty.
func (o Options) withDefaults() Options {
	if o.Profile == "" {
		o.Profile = Documented
	}
	if o.EnvelopeKey == "" {
		o.EnvelopeKey = "envelope"
		if o.Profile == Observed {
			o.EnvelopeKey = "content"
		}
	}
	o.Ready = or(o.Ready, defaultReady)
	o.Delete = or(o.Delete, defaultDelete)
	o.NonceTTL = or(o.NonceTTL, defaultNonceTTL)
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// or is d, or the fallback where d was not given.
func or(d, fallback time.Duration) time.Duration {
	if d == 0 {
		return fallback
	}
	return d
}

// providers are the values of providerName and cloudProvider that exist in the
// profile (P2, B1).
func (o Options) providers() []string {
	if o.Profile == Observed {
		return []string{aws, azure, gcp}
	}
	return []string{aws, azure}
}

// timing is what a new service of the provider gets.
func (o Options) timing(provider string) Timing {
	own := o.Timings[provider]
	return Timing{Ready: or(own.Ready, o.Ready), Delete: or(own.Delete, o.Delete)}
}

// check refuses options that make no sense, in one sentence. It is called
// after withDefaults.
func (o Options) check() error {
	if o.Profile != Documented && o.Profile != Observed {
		return fmt.Errorf("unknown profile %q: choose %q or %q", o.Profile, Documented, Observed)
	}
	if o.EnvelopeKey != "envelope" && o.EnvelopeKey != "content" {
		return fmt.Errorf("unknown envelope key %q: choose \"envelope\" or \"content\"", o.EnvelopeKey)
	}
	if o.NonceTTL < 0 {
		return fmt.Errorf("nonce lifetime %s is negative: give a positive one, or 0 for %s", o.NonceTTL, defaultNonceTTL)
	}
	if err := checkProjects(o.Projects); err != nil {
		return err
	}
	if len(o.Credentials) == 0 {
		return fmt.Errorf("no credentials: name at least one API key")
	}
	for name, c := range o.Credentials {
		if err := checkCredential(name, c, o.Projects); err != nil {
			return err
		}
	}
	for provider := range o.Timings {
		if !slices.Contains([]string{aws, azure, gcp}, provider) {
			return fmt.Errorf("timings of unknown provider %q: choose AWS, AZURE or GCP", provider)
		}
	}
	return nil
}

func checkProjects(ids []string) error {
	if len(ids) == 0 {
		return fmt.Errorf("no projects: name the id of at least one")
	}
	for _, id := range ids {
		if !isObjectID(id) {
			return fmt.Errorf("project id %q: want 24 lower-case hex digits", id)
		}
	}
	return nil
}

func checkCredential(name string, c Credential, projects []string) error {
	if name == "" {
		return fmt.Errorf("an API key has no name: its public key is the digest username")
	}
	// RFC 7616, section 3.4.2: the name is what stands before the first colon.
	if strings.Contains(name, ":") {
		return fmt.Errorf("API key %q: a digest username cannot contain a colon", name)
	}
	if c.Key == "" {
		return fmt.Errorf("API key %q: its private key is empty", name)
	}
	for project, role := range c.Roles {
		if !slices.Contains(projects, project) {
			return fmt.Errorf("API key %q has a role in project %q, which is not among the projects", name, project)
		}
		if role != Owner && role != Reader && role != None {
			return fmt.Errorf("API key %q, project %s: unknown role %q: choose owner, reader or none", name, project, role)
		}
	}
	return nil
}
