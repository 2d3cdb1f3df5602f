package known

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// head stands at the beginning of a file that was written here.
const head = `# Failures that are known: each check is expected to find something in each of
# its cases. What is found beside them breaks a run, and so does one of them
# that is gone, unless its entry has flaky: true. Write the reason into its
# place.
`

// Updated is the file after a run: without what the run refutes, with what it
// found new. Reasons stay with their pairs.
func (f *File) Updated(stale []Stale, fresh []Failure) *File {
	gone := map[[2]string]bool{}
	for _, s := range stale {
		gone[[2]string{s.Case, s.Check}] = true
	}
	var kept []Failure
	for _, failure := range f.Failures {
		if !gone[[2]string{failure.Case, failure.Check}] {
			kept = append(kept, failure)
		}
	}
	for _, failure := range fresh {
		if _, known := f.Find(failure.Case, failure.Check); !known {
			kept = append(kept, failure)
		}
	}
	return New(f.Name, kept)
}

// Text is the file as YAML, failures of the same entry together.
func (f *File) Text() ([]byte, error) {
	type group struct {
		Check  string   `yaml:"check"`
		Reason string   `yaml:"reason"`
		Flaky  bool     `yaml:"flaky,omitempty"`
		Cases  []string `yaml:"cases"`
	}
	groups := []group{}
	for _, failure := range f.Failures {
		last := len(groups) - 1
		if last < 0 || groups[last].Check != failure.Check || groups[last].Reason != failure.Reason || groups[last].Flaky != failure.Flaky {
			groups = append(groups, group{Check: failure.Check, Reason: failure.Reason, Flaky: failure.Flaky})
			last++
		}
		groups[last].Cases = append(groups[last].Cases, failure.Case)
	}
	var out bytes.Buffer
	out.WriteString(head)
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(map[string]any{"known": groups}); err != nil {
		return nil, fmt.Errorf("write %s: %w", f.Name, err)
	}
	return out.Bytes(), nil
}
