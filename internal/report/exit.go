package report

// The exit codes of the program.
const (
	// ExitKept: every promise that was tested is kept.
	ExitKept = 0
	// ExitBroken: a promise is broken, or something was left on the target.
	ExitBroken = 1
	// ExitUsage: bad usage, configuration or input, or nothing to judge.
	ExitUsage = 2
	// ExitUnasked: the target could not be asked.
	ExitUnasked = 3
)

// Exit is the exit code that the counts amount to. What is known to be broken
// outweighs what could not be asked; nothing judged is no success. Known failures
// do not count.
func (c Counts) Exit(strict bool) int {
	switch {
	case c.Broken > c.Known, strict && c.Warned > c.KnownWarned:
		return ExitBroken
	case c.Unsent > 0:
		return ExitUnasked
	case c.Judged() == 0:
		return ExitUsage
	}
	return ExitKept
}

// exitMeaning is the exit code in a few words.
func exitMeaning(f *Footer) string {
	switch f.Exit {
	case ExitKept:
		if f.Counts.Known > 0 {
			return "nothing is broken but what is known"
		}
		return "the contract is kept"
	case ExitBroken:
		if f.onlyShort() {
			return "not enough of the contract was met"
		}
		if f.Counts.Broken == f.Counts.Known && len(f.Stale) > 0 {
			return "known failures are stale"
		}
		if len(f.Left) > 0 && f.Counts.Broken == f.Counts.Known && !(f.Strict && f.Counts.Warned > 0) {
			return "something was left on the target"
		}
		if f.Counts.Broken == f.Counts.Known {
			return "warnings count as broken"
		}
		return "the contract is broken"
	case ExitUsage:
		return "nothing was judged"
	case ExitUnasked:
		if f.Counts.Judged() == 0 {
			return "the target could not be asked"
		}
		return "not everything could be asked"
	}
	return "ended early"
}
