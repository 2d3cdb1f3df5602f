package transport

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
)

// Credential is what the target knows one role or tenant by.
type Credential struct {
	User string
	// Key is the password, token or API key. It is never shown.
	Key string
	// Scheme is digest (the default), basic, bearer or apiKey.
	Scheme string
	// In and Name say where an apiKey goes: header, query or cookie, and the
	// name there.
	In, Name string
	// Params are the path parameters that go with this credential, such as the
	// tenant. The transport does not read them.
	Params map[string]string
}

// The schemes of a credential, as OpenAPI names them.
const (
	schemeDigest = "digest"
	schemeBasic  = "basic"
	schemeBearer = "bearer"
	schemeAPIKey = "apikey"
)

// account is a credential in use.
type account struct {
	Credential
	session session
}

func (c Credential) scheme() string {
	return strings.ToLower(orDefault(c.Scheme, schemeDigest))
}

// check says what keeps the credential from being used.
func (c Credential) check(name string) error {
	if name == NoCredential {
		return fmt.Errorf("configure credential %q: the name is kept for requests without credentials", name)
	}
	where := fmt.Sprintf("configure credential %q", name)
	switch c.scheme() {
	case schemeDigest, schemeBasic:
		if c.User == "" {
			return fmt.Errorf("%s: the user is missing", where)
		}
	case schemeBearer:
	case schemeAPIKey:
		if err := c.checkPlace(where); err != nil {
			return err
		}
	default:
		return fmt.Errorf("%s: scheme %q is none of digest, basic, bearer, apiKey", where, c.Scheme)
	}
	if c.Key == "" {
		return fmt.Errorf("%s: the key is missing", where)
	}
	return nil
}

func (c Credential) checkPlace(where string) error {
	switch {
	case c.In != "header" && c.In != "query" && c.In != "cookie":
		return fmt.Errorf("%s: an apiKey goes in header, query or cookie, not %q", where, c.In)
	case !isToken(c.Name):
		return fmt.Errorf("%s: %q is not a name for a %s", where, c.Name, c.In)
	}
	return nil
}

// apply puts a credential that needs no challenge on the message; a digest
// waits for its challenge.
func (c Credential) apply(m *message) {
	switch c.scheme() {
	case schemeBasic:
		m.authorize("Basic", base64.StdEncoding.EncodeToString([]byte(c.User+":"+c.Key)))
	case schemeBearer:
		m.authorize("Bearer", c.Key)
	case schemeAPIKey:
		c.applyAPIKey(m)
	}
}

func (c Credential) applyAPIKey(m *message) {
	switch c.In {
	case "header":
		m.setSecret(c.Name, c.Key, mask)
	case "query":
		m.addQuery(url.QueryEscape(c.Name)+"=", url.QueryEscape(c.Key))
	case "cookie":
		m.addCookie(c.Name+"=", c.Key)
	}
}
