package config

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/atlas-contract/conformance/internal/transport"
)

// DefaultName is the file that is read where no other is named.
const DefaultName = "conformance.yaml"

// Owner is the name of the default credential.
const Owner = "owner"

// Config is what the file says. The zero Config is that of no file at all.
type Config struct {
	// Name is the name of the file, for messages.
	Name string
	// Spec is the OpenAPI document, Overlays are those to apply to it, each as it
	// is to be opened: what is written is relative to the file.
	Spec     string
	Overlays []string
	// Profile is the profile of the built-in contract, "" where none is set.
	Profile string
	// Target is the URL of the target, "" where none is set.
	Target string
	// Params are the values of path parameters.
	Params map[string]string
	// Failing are values of members of bodies with which what the target makes
	// fails, by the name of the member.
	Failing map[string][]string
	// Credentials by role, in the order of the file.
	Credentials []Credential
	// Rate is how many requests a second may go out; 0 is no limit.
	Rate float64
	// Limits are the other bounds of a run.
	Limits Limits
	// Values are the only ones to use for what is so named, a member of a body
	// or a parameter.
	Values map[string][]string
	// TLS and Network say how the target is reached.
	TLS     TLS
	Network Network
}

// Limits bound what a run does to its target. What is 0 is no limit.
type Limits struct {
	// Creates is how many things may be created in all, and AtOnce how many
	// cases that create something may be under way at once.
	Creates, AtOnce int
	// Deadline is how long the whole run may take.
	Deadline time.Duration
	// ReadOnly lets nothing be sent that could change something.
	ReadOnly bool
}

// TLS are the files and the switch that certificates are judged by. Names of
// files are relative to the folder of the configuration.
type TLS struct {
	// CA are the authorities to trust instead of those of the system.
	CA string
	// ClientCert and ClientKey are what the target is shown.
	ClientCert, ClientKey string
	// Insecure lets any certificate pass.
	Insecure bool
}

// Network says where to connect, if not where the URL says.
type Network struct {
	// UnixSocket is the path of a socket, relative to the folder of the
	// configuration.
	UnixSocket string
	// Resolve is HOST:PORT:ADDR.
	Resolve string
}

// Credential is what one role is known by.
type Credential struct {
	Role string
	transport.Credential
}

// Lookup finds an environment variable, as [os.LookupEnv] does.
type Lookup func(name string) (value string, set bool)

// Load reads a file; name "" reads [DefaultName] where there is one.
func Load(name string, env Lookup) (*Config, error) {
	file := name
	if file == "" {
		file = DefaultName
	}
	if _, err := os.Stat(file); name == "" && errors.Is(err, fs.ErrNotExist) {
		return &Config{}, nil
	}
	data, err := ReadFile("configuration", file)
	if err != nil {
		return nil, err
	}
	return Parse(file, data, env)
}

// Default is the credential of requests that name none: that of the owner, or
// the only one.
func (c *Config) Default() (Credential, bool) {
	for _, credential := range c.Credentials {
		if credential.Role == Owner || len(c.Credentials) == 1 {
			return credential, true
		}
	}
	return Credential{}, false
}
