package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
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

func (p *parser) errorf(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("read %s: line %d: %w", p.name, n.Line, fmt.Errorf(format, args...))
}
