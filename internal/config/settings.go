package config

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-contract/conformance/internal/transport"
)

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
