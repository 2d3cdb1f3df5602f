package known

import (
	"bytes"
	"encoding/json"
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
	Flaky  bool        `yaml:"flaky"`
	Cases  []yaml.Node `yaml:"cases"`
}

// Parse reads the text of a file. A check that there is not, a pair that stands
// there twice and a key that is not known are errors that name the line.
func Parse(name string, data []byte, checks []string) (*File, error) {
	f := &File{Name: name, index: map[[2]string]int{}, seen: map[int]state{}}
	if isReport(data) {
		return nil, fmt.Errorf("%s is a report, not a file of known failures: conformance known FILE --update %s writes one from it", name, name)
	}
	var root yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&root); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: it is no YAML: %s; %s", name, plain(err), form)
	}
	list, err := f.list(&root)
	if err != nil {
		return nil, err
	}
	for _, n := range list {
		if err := f.entry(n, checks); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// form says what such a file is.
const form = "write it as `known:` and a list of check, reason and cases"

// isReport tells that a text is the stream of a run.
func isReport(data []byte) bool {
	var first struct {
		Type string `json:"type"`
		Tool string `json:"tool"`
	}
	return json.NewDecoder(bytes.NewReader(data)).Decode(&first) == nil && first.Type != "" && first.Tool != ""
}

// list are the entries of the one member that a file has.
func (f *File) list(root *yaml.Node) ([]*yaml.Node, error) {
	if len(root.Content) == 0 || root.Content[0].Tag == "!!null" {
		return nil, nil
	}
	top := root.Content[0]
	if top.Kind != yaml.MappingNode {
		return nil, f.errorf(top.Line, "the file is no mapping; %s", form)
	}
	var out []*yaml.Node
	for i := 0; i+1 < len(top.Content); i += 2 {
		key, value := top.Content[i], top.Content[i+1]
		if value.Kind == yaml.AliasNode {
			value = value.Alias
		}
		switch {
		case key.Value != "known":
			return nil, f.errorf(key.Line, "unknown key %s%s; the file has known alone", key.Value, config.Hint(key.Value, []string{"known"}))
		case out != nil:
			return nil, f.errorf(key.Line, "known stands there twice; join the lists")
		case value.Tag == "!!null":
		case value.Kind != yaml.SequenceNode:
			return nil, f.errorf(value.Line, "known is no list; %s", form)
		default:
			out = value.Content
		}
	}
	return out, nil
}

func (f *File) entry(n *yaml.Node, checks []string) error {
	if n.Kind == yaml.MappingNode {
		keys := []string{"check", "reason", "flaky", "cases"}
		for i := 0; i < len(n.Content); i += 2 {
			if key := n.Content[i]; !slices.Contains(keys, key.Value) {
				return f.errorf(key.Line, "unknown key %s%s; an entry has check, reason and cases, and may have flaky", key.Value, config.Hint(key.Value, keys))
			}
		}
	}
	var e entry
	if err := n.Decode(&e); err != nil {
		return f.errorf(n.Line, "an entry has a check, a reason, a list of cases, and flaky: true where they fail now and then only")
	}
	switch {
	case e.Check == "":
		return f.errorf(n.Line, "the entry has no check; name the one that finds something")
	case !slices.Contains(checks, e.Check):
		return f.errorf(n.Line, "there is no check %s%s; conformance explain checks lists them", e.Check, config.Hint(e.Check, checks))
	case e.Flaky && strings.TrimSpace(e.Reason) == "":
		return f.errorf(n.Line, "the entry is flaky and has no reason; say why they fail now and then only")
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
		f.Failures = append(f.Failures, Failure{Case: c.Value, Check: e.Check, Reason: strings.TrimSpace(e.Reason), Flaky: e.Flaky, Line: c.Line})
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
