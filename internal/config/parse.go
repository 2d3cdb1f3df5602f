package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-contract/conformance/internal/transport"
)

// Parse reads the text of a file; name is what the file is called in errors.
func Parse(name string, data []byte, env Lookup) (*Config, error) {
	p := &parser{name: name, env: env, config: &Config{Name: name, Params: map[string]string{}}}
	root, err := p.root(data)
	if err != nil {
		return nil, err
	}
	if root == nil {
		return p.config, nil
	}
	if err := p.object(root, "", p.top()); err != nil {
		return nil, err
	}
	return p.config, p.checkDefault(root)
}

// root is the one value of the file, nil where it is empty or has comments
// only.
func (p *parser) root(data []byte) (*yaml.Node, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var doc, next yaml.Node
	err := decoder.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err == nil {
		if err = decoder.Decode(&next); err == nil {
			return nil, p.errorf(&next, "a second document begins here; put all settings into the first")
		}
	}
	if !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: not YAML: %s", p.name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	return doc.Content[0], nil
}

// parser reads the nodes of one file.
type parser struct {
	name   string
	env    Lookup
	config *Config
}

// member is a key that an object may have.
type member struct {
	key  string
	read func(at string, n *yaml.Node) error
}

func (p *parser) top() []member {
	return []member{
		{"spec", p.file(&p.config.Spec)},
		{"overlays", p.files(&p.config.Overlays)},
		{"profile", p.oneOf(&p.config.Profile, "documented", "observed")},
		{"target", p.something(p.into(&p.config.Target))},
		{"params", p.params(p.config.Params)},
		{"failing", p.lists(&p.config.Failing)},
		{"credentials", p.credentials},
		{"values", p.lists(&p.config.Values)},
		{"limits", p.limits},
		{"tls", p.tls},
		{"network", p.network},
	}
}

// object reads an object that has these members and no others.
func (p *parser) object(n *yaml.Node, at string, members []member) error {
	return p.pairs(n, at, func(key *yaml.Node, path string, value *yaml.Node) error {
		var known []string
		for _, m := range members {
			if m.key == key.Value {
				return m.read(path, value)
			}
			known = append(known, m.key)
		}
		return p.errorf(key, "unknown key %s%s; known here: %s", path, Hint(key.Value, known), strings.Join(known, ", "))
	})
}

// pairs goes through an object, each key once. At is its place, such as
// credentials.owner.
func (p *parser) pairs(n *yaml.Node, at string, each func(key *yaml.Node, path string, value *yaml.Node) error) error {
	n = resolved(n)
	if n.ShortTag() == "!!null" {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return p.errorf(n, "%s must be an object, as in `{ name: value }`", orFile(at))
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, path := resolved(n.Content[i]), resolved(n.Content[i]).Value
		if key.Kind != yaml.ScalarNode {
			return p.errorf(key, "a key of %s must be a text, such as `name`", orFile(at))
		}
		if at != "" {
			path = at + "." + path
		}
		if line, twice := seen[key.Value]; twice {
			return p.errorf(key, "%s stands already on line %d", path, line)
		}
		seen[key.Value] = key.Line
		if err := each(key, path, n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func resolved(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

func orFile(at string) string {
	if at == "" {
		return "the file"
	}
	return at
}

// into reads a text.
func (p *parser) into(to *string) func(string, *yaml.Node) error {
	return func(at string, n *yaml.Node) (err error) {
		*to, err = p.text(at, n)
		return err
	}
}

// something reads a text that must not be empty, which is mostly what an
// environment variable without a value leaves behind.
func (p *parser) something(read func(string, *yaml.Node) error) func(string, *yaml.Node) error {
	return func(at string, n *yaml.Node) error {
		text, err := p.text(at, n)
		if err == nil && strings.TrimSpace(text) == "" {
			err = p.errorf(n, "%s is empty; give it a value, or leave it out", at)
		}
		if err != nil {
			return err
		}
		return read(at, n)
	}
}

// variable is a use of an environment variable. One without its end is a
// mistake too, but what follows it is not shown: it may be a key.
var variable = regexp.MustCompile(`\$\{([^}]*)(\}|$)`)

// variableName is what a variable can be called (POSIX.1, 8.1).
var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// text is a scalar with its environment variables filled in.
func (p *parser) text(at string, n *yaml.Node) (string, error) {
	n = resolved(n)
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
		return "", p.errorf(n, "%s must be a text", at)
	}
	for _, use := range variable.FindAllStringSubmatch(n.Value, -1) {
		if use[2] == "" || !variableName.MatchString(use[1]) {
			return "", p.errorf(n, "%s has a ${ that is not followed by a variable's name and }; write ${NAME}, and put a text that holds ${ itself into that variable", at)
		}
		if _, set := p.env(use[1]); !set {
			return "", p.errorf(n, "%s uses ${%s}, but no environment variable of that name is set; set it, or put the value here", at, use[1])
		}
	}
	return variable.ReplaceAllStringFunc(n.Value, func(use string) string {
		value, _ := p.env(use[2 : len(use)-1])
		return value
	}), nil
}

// file reads the name of a file, which is relative to that of the
// configuration.
func (p *parser) file(to *string) func(string, *yaml.Node) error {
	return p.something(func(at string, n *yaml.Node) error {
		name, err := p.text(at, n)
		if err == nil && !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(p.name), name)
		}
		*to = name
		return err
	})
}

// files reads a list of names of files.
func (p *parser) files(to *[]string) func(string, *yaml.Node) error {
	return func(at string, n *yaml.Node) error {
		n = resolved(n)
		if n.Kind != yaml.SequenceNode {
			return p.errorf(n, "%s must be a list of files, as in `[a.yaml, b.yaml]`", at)
		}
		for _, item := range n.Content {
			var name string
			if err := p.file(&name)(at, item); err != nil {
				return err
			}
			*to = append(*to, name)
		}
		return nil
	}
}

// keyFile reads a key from the file that is named.
func (p *parser) keyFile(to *string) func(string, *yaml.Node) error {
	return func(at string, n *yaml.Node) error {
		var name string
		if err := p.file(&name)(at, n); err != nil {
			return err
		}
		data, err := ReadFile(at, name)
		if err != nil {
			return p.errorf(n, "%w", err)
		}
		if *to = strings.TrimSpace(string(data)); *to == "" || strings.ContainsAny(*to, "\r\n") {
			return p.errorf(n, "%s: the file %s must hold the key alone, on one line", at, name)
		}
		return nil
	}
}

// params reads the values of path parameters.
func (p *parser) params(into map[string]string) func(string, *yaml.Node) error {
	return func(at string, n *yaml.Node) error {
		return p.pairs(n, at, func(key *yaml.Node, path string, value *yaml.Node) error {
			var text string
			err := p.something(p.into(&text))(path, value)
			into[key.Value] = text
			return err
		})
	}
}

func (p *parser) credentials(at string, n *yaml.Node) error {
	return p.pairs(n, at, func(key *yaml.Node, path string, value *yaml.Node) error {
		c := Credential{Role: key.Value, Credential: transport.Credential{Params: map[string]string{}}}
		if c.Role == "" || c.Role == transport.NoCredential {
			return p.errorf(key, "a credential cannot be called %q, which stands for no credential", c.Role)
		}
		err := p.object(value, path, []member{
			{"user", p.into(&c.User)},
			{"key", p.into(&c.Key)},
			{"keyFile", p.keyFile(&c.Key)},
			{"scheme", p.oneOf(&c.Scheme, "digest", "basic", "bearer", "apiKey")},
			{"in", p.oneOf(&c.In, "header", "query", "cookie")},
			{"name", p.into(&c.Credential.Name)},
			{"params", p.params(c.Params)},
		})
		if err != nil {
			return err
		}
		if c.Key == "" {
			return p.errorf(key, "%s has no key; write it as `key: \"${NAME}\"` and set the environment variable NAME, or name a file with keyFile", path)
		}
		p.config.Credentials = append(p.config.Credentials, c)
		return nil
	})
}

func (p *parser) tls(at string, n *yaml.Node) error {
	return p.object(n, at, []member{
		{"ca", p.file(&p.config.TLS.CA)},
		{"clientCert", p.file(&p.config.TLS.ClientCert)},
		{"clientKey", p.file(&p.config.TLS.ClientKey)},
		{"insecure", p.truth(&p.config.TLS.Insecure)},
	})
}

func (p *parser) network(at string, n *yaml.Node) error {
	return p.object(n, at, []member{
		{"unixSocket", p.file(&p.config.Network.UnixSocket)},
		{"resolve", p.something(p.into(&p.config.Network.Resolve))},
	})
}

// oneOf reads one of some words.
func (p *parser) oneOf(to *string, words ...string) func(string, *yaml.Node) error {
	return func(at string, n *yaml.Node) error {
		text, err := p.text(at, n)
		if err == nil && !slices.Contains(words, text) {
			err = p.errorf(n, "%s: %q is not known%s; choose one of %s", at, text, Hint(text, words), strings.Join(words, ", "))
		}
		*to = text
		return err
	}
}

// lists reads, for each name, some values: a list of them, or one alone.
func (p *parser) lists(to *map[string][]string) func(string, *yaml.Node) error {
	return func(at string, n *yaml.Node) error {
		*to = map[string][]string{}
		return p.pairs(n, at, func(key *yaml.Node, path string, value *yaml.Node) error {
			value = resolved(value)
			items := []*yaml.Node{value}
			if value.Kind == yaml.SequenceNode {
				items = value.Content
			}
			for _, item := range items {
				var text string
				if err := p.something(p.into(&text))(path, item); err != nil {
					return err
				}
				(*to)[key.Value] = append((*to)[key.Value], text)
			}
			if len(items) == 0 {
				return p.errorf(value, "%s is empty; name its values, or leave it out", path)
			}
			return nil
		})
	}
}

func (p *parser) limits(at string, n *yaml.Node) error {
	l := &p.config.Limits
	return p.object(n, at, []member{
		{"rate", p.rate},
		{"creates", p.count(&l.Creates)},
		{"createsAtOnce", p.count(&l.AtOnce)},
		{"deadline", p.span(&l.Deadline)},
		{"readOnly", p.truth(&l.ReadOnly)},
	})
}

// count reads a whole number above 0.
func (p *parser) count(to *int) func(string, *yaml.Node) error {
	return func(at string, n *yaml.Node) error {
		text, err := p.text(at, n)
		if err != nil {
			return err
		}
		if *to, err = strconv.Atoi(text); err != nil || *to < 1 {
			return p.errorf(n, "%s: %q is no number above 0; write one such as 6, or leave it out for no limit", at, text)
		}
		return nil
	}
}

// span reads a length of time.
func (p *parser) span(to *time.Duration) func(string, *yaml.Node) error {
	return func(at string, n *yaml.Node) error {
		text, err := p.text(at, n)
		if err != nil {
			return err
		}
		if *to, err = time.ParseDuration(text); err != nil || *to <= 0 {
			return p.errorf(n, "%s: %q is no length of time; write a number and its unit, such as 30s or 45m", at, text)
		}
		return nil
	}
}

// truth reads true or false.
func (p *parser) truth(to *bool) func(string, *yaml.Node) error {
	return func(at string, n *yaml.Node) error {
		text, err := p.text(at, n)
		if err == nil && text != "true" && text != "false" {
			err = p.errorf(n, "%s: %q is neither true nor false", at, text)
		}
		*to = text == "true"
		return err
	}
}

func (p *parser) rate(at string, n *yaml.Node) error {
	text, err := p.text(at, n)
	if err != nil {
		return err
	}
	if p.config.Rate, err = ParseRate(text); err != nil {
		return p.errorf(n, "%s: %w", at, err)
	}
	return nil
}

// checkDefault wants to know which credential is the usual one.
func (p *parser) checkDefault(root *yaml.Node) error {
	if _, ok := p.config.Default(); ok || len(p.config.Credentials) == 0 {
		return nil
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value == "credentials" {
			root = root.Content[i]
			break
		}
	}
	return p.errorf(root, "none of the credentials is called %s; call the one so that requests use by default", Owner)
}

func (p *parser) errorf(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("read %s: line %d: %w", p.name, n.Line, fmt.Errorf(format, args...))
}
