package known

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/atlas-contract/conformance/internal/config"
)

// Load reads a file. Checks are the names of the checks that there are.
func Load(name string, checks []string) (*File, error) {
	data, err := config.ReadFile("--known", name)
	if err != nil {
		return nil, err
	}
	return Parse(name, data, checks)
}

// entry is a group of failures as the file has it.
type entry struct {
	Check  string      `yaml:"check"`
	Reason string      `yaml:"reason"`
	Cases  []yaml.Node `yaml:"cases"`
}

// Parse reads the text of a file. A check that there is not, a pair that stands
// there twice and a key that is not known are errors that name the line.
func Parse(name string, data []byte, checks []string) (*File, error) {
	var root struct {
		Known []yaml.Node `yaml:"known"`
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&root); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %s; write it as `known:` and a list of check, reason and cases", name, plain(err))
	}
	f := &File{Name: name, index: map[[2]string]int{}, seen: map[int]state{}}
	for i := range root.Known {
		if err := f.entry(&root.Known[i], checks); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *File) entry(n *yaml.Node, checks []string) error {
	if n.Kind == yaml.MappingNode {
		for i := 0; i < len(n.Content); i += 2 {
			if key := n.Content[i]; !slices.Contains([]string{"check", "reason", "cases"}, key.Value) {
				return f.errorf(key.Line, "unknown key %s%s; an entry has check, reason and cases", key.Value, config.Hint(key.Value, []string{"check", "reason", "cases"}))
			}
		}
	}
	var e entry
	if err := n.Decode(&e); err != nil {
		return f.errorf(n.Line, "an entry has a check, a reason and a list of cases: %s", plain(err))
	}
	switch {
	case e.Check == "":
		return f.errorf(n.Line, "the entry has no check; name the one that finds something")
	case !slices.Contains(checks, e.Check):
		return f.errorf(n.Line, "there is no check %s%s; conformance explain %s lists them", e.Check, config.Hint(e.Check, checks), "checks")
	case len(e.Cases) == 0:
		return f.errorf(n.Line, "the entry has no cases; name them, or take it out")
	}
	for _, c := range e.Cases {
		if c.Kind != yaml.ScalarNode || c.Value == "" || strings.ContainsAny(c.Value, "*") {
			return f.errorf(c.Line, "%q is not the id of one case; each is named in full, since a pattern would hide what is new", c.Value)
		}
		pair := [2]string{c.Value, e.Check}
		if i, twice := f.index[pair]; twice {
			return f.errorf(c.Line, "%s with the check %s stands already on line %d", c.Value, e.Check, f.Failures[i].Line)
		}
		f.index[pair] = len(f.Failures)
		f.Failures = append(f.Failures, Failure{Case: c.Value, Check: e.Check, Reason: strings.TrimSpace(e.Reason), Line: c.Line})
	}
	return nil
}

func (f *File) errorf(line int, format string, args ...any) error {
	return fmt.Errorf("read %s: line %d: %w", f.Name, line, fmt.Errorf(format, args...))
}

// plain is an error of the YAML library on one line.
func plain(err error) string {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	return strings.Join(strings.Fields(strings.TrimPrefix(text, "unmarshal errors:")), " ")
}
