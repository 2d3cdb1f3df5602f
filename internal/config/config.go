package config

import (
	"errors"
	"io/fs"
	"os"

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
