package run

import (
	"strings"

	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

// WithScheme fills in how a credential is sent: by the first security scheme of
// the contract that it fits. One that names its scheme keeps it.
func WithScheme(c *spec.Contract, credential transport.Credential) transport.Credential {
	if credential.Scheme != "" {
		return credential
	}
	for _, scheme := range c.Root().Get("components", "securitySchemes").Pairs() {
		scheme = scheme.Resolve()
		kind, name := scheme.Get("type").Text(), strings.ToLower(scheme.Get("scheme").Text())
		switch {
		case kind == "http" && (name == "digest" || name == "basic") && credential.User != "":
			credential.Scheme = name
		case (kind == "http" && name == "bearer" || kind == "oauth2" || kind == "openIdConnect") && credential.User == "":
			credential.Scheme = "bearer"
		case kind == "apiKey" && credential.User == "":
			credential.Scheme, credential.In, credential.Name = kind, scheme.Get("in").Text(), scheme.Get("name").Text()
		default:
			continue
		}
		return credential
	}
	return credential
}

// NeedsCredential tells whether no operation can be asked without one.
func NeedsCredential(c *spec.Contract) bool {
	for _, op := range c.Operations {
		if op.Open() {
			return false
		}
	}
	return len(c.Operations) > 0
}
