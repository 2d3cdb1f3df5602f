package run

import (
	"context"

	"github.com/atlas-contract/conformance/contract"
)

// Ready asks the target one harmless question, for a caller that runs the
// cases one by one. The error, such as [Unreachable], says why no case need be
// tried.
func (r *Runner) Ready(ctx context.Context) error { return r.probe(ctx) }

// Verdict runs one case of [Runner.Cases] and removes what it made. The error
// says that the target is gone; the verdict is there even then. It is safe for
// concurrent use, and keeps to the concurrency of the run.
func (r *Runner) Verdict(ctx context.Context, c *contract.Case) (contract.Verdict, error) {
	return r.runCase(ctx, c)
}

// Matches tells whether the id of a case fits a glob in which * also spans
// slashes. The error says what is wrong with the glob.
func Matches(glob, id string) (bool, error) { return match(glob, id) }
