package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

// keyVariable is the environment variable that holds the key of --user.
const keyVariable = "CONFORMANCE_KEY"

// userFlags name the default credential. A key is never a flag: others on the
// machine could see it.
type userFlags struct {
	User    string `placeholder:"NAME" help:"User of the default credential; its key is in CONFORMANCE_KEY or in --key-file."`
	KeyFile string `placeholder:"FILE" help:"File that holds the key of --user."`
}

// credentialFlags say who asks.
type credentialFlags struct {
	userFlags
	Header []string `short:"H" sep:"none" placeholder:"'NAME: VALUE'" help:"Header for every request; one that a security scheme names is that scheme's credential. May be repeated."`
}

// key is the key of --user.
func (f *userFlags) key() (string, error) {
	switch {
	case strings.Contains(f.User, ":"):
		return "", fmt.Errorf("read --user: give the name alone, and the key in %s, since others can see a command line", keyVariable)
	case f.KeyFile != "":
		return f.fromFile()
	}
	if key := os.Getenv(keyVariable); key != "" {
		return key, nil
	}
	return "", fmt.Errorf("read --user %s: its key is missing: set the environment variable %s, or give --key-file FILE", f.User, keyVariable)
}

// fromFile is the key in --key-file.
func (f *userFlags) fromFile() (string, error) {
	data, err := config.ReadFile("--key-file", f.KeyFile)
	if err != nil {
		return "", err
	}
	key := strings.TrimSpace(string(data))
	switch {
	case key == "":
		return "", fmt.Errorf("read --key-file %s: the file is empty; write the key of %s into it", f.KeyFile, f.User)
	case strings.ContainsAny(key, "\r\n"):
		return "", fmt.Errorf("read --key-file %s: the file has several lines; the key alone belongs into it", f.KeyFile)
	}
	return key, nil
}

// named is the credential of --user, nil where the flag is not given.
func (f *userFlags) named() (*transport.Credential, error) {
	if f.User == "" {
		if f.KeyFile != "" {
			return nil, errors.New("read --key-file: whose key is it? Give --user NAME too")
		}
		return nil, nil
	}
	key, err := f.key()
	if err != nil {
		return nil, err
	}
	return &transport.Credential{User: f.User, Key: key}, nil
}

// identify gives the target its credentials: those of the configuration, of
// which flags replace the default one, and the headers for every request.
func (f *credentialFlags) identify(c *spec.Contract, set *config.Config, t *target) error {
	t.credentials, t.header = map[string]transport.Credential{}, http.Header{}
	usual, _ := set.Default()
	for _, role := range set.Credentials {
		credential := run.WithScheme(c, role.Credential)
		if credential.User == "" && (credential.Scheme == "" || credential.Scheme == "digest" || credential.Scheme == "basic") {
			return fmt.Errorf("read %s: credentials.%s has no user; add `user: NAME`, or a `scheme` that needs none, such as bearer", set.Name, role.Role)
		}
		t.credentials[role.Role] = credential
		if role.Role == usual.Role {
			t.credentials[""] = t.credentials[role.Role]
		}
	}
	t.admit(set.Credentials)
	named, err := f.named()
	if err != nil {
		return err
	}
	if named != nil {
		t.credentials[""] = run.WithScheme(c, *named)
	}
	if err := f.headers(c, t, named != nil); err != nil {
		return err
	}
	if _, ok := t.credentials[""]; !ok && run.NeedsCredential(c) {
		return fmt.Errorf("every operation of the contract needs credentials: give --user NAME and its key in %s, or credentials in %s", keyVariable, config.DefaultName)
	}
	return nil
}

// headers sorts the headers into the default credential and those that go on
// every request. The first credential wins that place, but --user has it if
// given.
func (f *credentialFlags) headers(c *spec.Contract, t *target, taken bool) error {
	for _, line := range f.Header {
		name, value, ok := strings.Cut(line, ":")
		name, value = http.CanonicalHeaderKey(strings.TrimSpace(name)), strings.TrimSpace(value)
		if err := sendable(name, value, ok); err != nil {
			return err
		}
		credential, err := fromHeader(c, name, value)
		switch {
		case err != nil:
			return err
		case credential == nil:
			t.header[name] = append(t.header[name], value)
		case !taken:
			t.credentials[""], taken = *credential, true
		case name == "Authorization":
			return errors.New("read --header Authorization: the default credential is given already; leave one of the two out")
		default:
			t.header[name] = append(t.header[name], value)
			t.secrets = append(t.secrets, value)
		}
	}
	return nil
}

// sendable tells what keeps a header from being sent. Its value may be a secret,
// and where there is no colon, so may all of it.
func sendable(name, value string, colon bool) error {
	switch {
	case !colon || name == "":
		return errors.New("read --header: write it as 'Name: value'")
	case !httpguts.ValidHeaderFieldName(name):
		return fmt.Errorf("read --header %q: that is no name for a header; write it as 'Name: value', the name without spaces", name)
	case !httpguts.ValidHeaderFieldValue(value):
		return fmt.Errorf("read --header %s: its value has a line break or another control character, which HTTP cannot carry; leave it out", name)
	case name == "Content-Length" || name == "Transfer-Encoding":
		return fmt.Errorf("read --header %s: it describes the body, and each request has its own; leave it out", name)
	case name == "Authorization" && value == "":
		return fmt.Errorf("read --header %s: it has no value; write the credential behind the colon, or leave the header out", name)
	}
	return nil
}

// fromHeader is the credential that a header stands for, nil for an ordinary
// header.
func fromHeader(c *spec.Contract, name, value string) (*transport.Credential, error) {
	if name != "Authorization" {
		switch {
		case !slices.Contains(apiKeyHeaders(c), name):
			return nil, nil
		case value == "":
			return nil, fmt.Errorf("read --header %s: it is a credential of the contract, but has no value; write the key behind the colon", name)
		}
		return &transport.Credential{Scheme: "apiKey", In: "header", Name: name, Key: value}, nil
	}
	scheme, rest, _ := strings.Cut(value, " ")
	switch strings.ToLower(scheme) {
	case "bearer":
		if rest = strings.TrimSpace(rest); rest == "" {
			return nil, errors.New("read --header Authorization: Bearer is followed by a token")
		}
		return &transport.Credential{Scheme: "bearer", Key: rest}, nil
	case "basic":
		plain, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest))
		user, key, ok := strings.Cut(string(plain), ":")
		if err != nil || !ok {
			return nil, errors.New("read --header Authorization: Basic is followed by the base64 of user:key")
		}
		return &transport.Credential{Scheme: "basic", User: user, Key: key}, nil
	}
	return &transport.Credential{Scheme: "apiKey", In: "header", Name: name, Key: value}, nil
}

// apiKeyHeaders are the headers that the contract's security schemes name.
func apiKeyHeaders(c *spec.Contract) []string {
	var out []string
	for _, scheme := range c.Root().Get("components", "securitySchemes").Pairs() {
		scheme = scheme.Resolve()
		if scheme.Get("type").Text() == "apiKey" && scheme.Get("in").Text() == "header" {
			out = append(out, http.CanonicalHeaderKey(scheme.Get("name").Text()))
		}
	}
	return out
}
