package config

import (
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-contract/conformance/internal/transport"
)

// Parse reads the text of a file; name is what the file is called in errors.
func Parse(name string, data []byte, env Lookup) (*Config, error) {
	p := &parser{name: name, env: env, config: &Config{Name: name, Params: map[string]string{}}}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("read %s: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(doc.Content) == 0 { // empty, or comments only
		return p.config, nil
	}
	if err := p.object(doc.Content[0], "", p.top()); err != nil {
		return nil, err
	}
	return p.config, p.checkDefault(doc.Content[0])
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
		{"target", p.into(&p.config.Target)},
		{"params", p.params(p.config.Params)},
		{"credentials", p.credentials},
		{"limits", func(at string, n *yaml.Node) error { return p.object(n, at, []member{{"rate", p.rate}}) }},
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
		key, path := n.Content[i], n.Content[i].Value
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

var variable = regexp.MustCompile(`\$\{([^}]*)\}`)

// text is a scalar with its environment variables filled in.
func (p *parser) text(at string, n *yaml.Node) (string, error) {
	n = resolved(n)
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
		return "", p.errorf(n, "%s must be a text", at)
	}
	var missing string
	out := variable.ReplaceAllStringFunc(n.Value, func(use string) string {
		name := use[2 : len(use)-1]
		value, set := p.env(name)
		if !set && missing == "" {
			missing = use
		}
		return value
	})
	if missing != "" {
		return "", p.errorf(n, "%s uses %s, but no environment variable of that name is set", at, missing)
	}
	return out, nil
}

// params reads the values of path parameters.
func (p *parser) params(into map[string]string) func(string, *yaml.Node) error {
	return func(at string, n *yaml.Node) error {
		return p.pairs(n, at, func(key *yaml.Node, path string, value *yaml.Node) (err error) {
			into[key.Value], err = p.text(path, value)
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
			{"scheme", p.into(&c.Scheme)},
			{"in", p.into(&c.In)},
			{"name", p.into(&c.Credential.Name)},
			{"params", p.params(c.Params)},
		})
		if err != nil {
			return err
		}
		if c.Key == "" {
			return p.errorf(key, "%s has no key; write it as `key: \"${NAME}\"` and set the environment variable NAME", path)
		}
		p.config.Credentials = append(p.config.Credentials, c)
		return nil
	})
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
