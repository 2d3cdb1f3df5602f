package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/spec"
)

// lookup finds the environment variables that a configuration uses.
func lookup(name string) (string, bool) { return os.LookupEnv(name) }

// someCase is an error where there is no case: zero is not success.
func someCase(c *spec.Contract, glob string, runner *run.Runner) error {
	for range runner.Cases() {
		return nil
	}
	if len(c.Operations) == 0 {
		return fmt.Errorf("there is nothing to do: %s has no operation under paths", c.Name)
	}
	var ids []string
	for one := range runner.All() {
		ids = append(ids, one.ID)
	}
	if len(ids) == 0 {
		return fmt.Errorf("there is nothing to do: no case follows from %s; it needs examples of requests", c.Name)
	}
	return fmt.Errorf("no case matches --run %q%s", glob, nearIDs(glob, ids))
}

// nearIDs names the ids that may have been meant, or where to look.
func nearIDs(glob string, ids []string) string {
	word := strings.Trim(strings.NewReplacer("*", "", "?", "").Replace(glob), "/")
	near := config.Nearest(word, ids, 3)
	if len(near) == 0 {
		operation, _, _ := strings.Cut(word, "/")
		near = config.Nearest(operation, operations(ids), 3)
	}
	if len(near) == 0 {
		return "; conformance list shows the ids of all cases"
	}
	return ": the nearest are " + strings.Join(near, ", ")
}

// operations are globs of all cases of one operation each.
func operations(ids []string) []string {
	var out []string
	for _, id := range ids {
		operation, _, _ := strings.Cut(id, "/")
		if glob := operation + "/*"; len(out) == 0 || out[len(out)-1] != glob {
			out = append(out, glob)
		}
	}
	return out
}
