package main

import (
	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/report"
)

// fixedWords are the words of a report that belong to no contract.
func fixedWords() []entry {
	const outcome, state, evidence, word = "what a case came to", "what became of a statement", "how well a statement is founded", "a word of reports"
	return []entry{
		{string(contract.Kept), outcome, []string{
			"Every check that had something to look at found its promise kept.",
			"It says nothing about what no check looked at: the statements that a case tested stand in its record.",
		}},
		{string(contract.Broken), outcome, []string{
			"A promise that somebody wrote down, recorded or relies on is broken. The exit code is 1.",
			"to fix: each finding names the promise, its source, what was expected and what came; ask again with the command that stands beside it",
			"to let it be for now: conformance known writes the list of known failures from a report",
		}},
		{string(contract.Warned), outcome, []string{
			"Only promises that rest on an assumption are broken: nobody wrote them down. The exit code stays 0, but for --strict.",
			"to settle: find a source for the statement, or take it out of the document",
		}},
		{string(contract.Unsent), outcome, []string{
			"The case could not be asked: the target did not answer, or the run ended before it. That is no judgement. The exit code is 3.",
			"to fix: see the reason in the record; conformance run --run ID asks this case alone",
		}},
		{string(contract.Skipped), outcome, []string{
			"The case was not sent, and the reason says what it lacks, such as a second credential.",
			"to fix: give what it lacks, in conformance.yaml or by a flag",
		}},
		{string(report.StateUntested), state, []string{
			"No case of this run puts it to the test: it was left out by --run, or nothing in the document lets one be derived.",
		}},
		{"known", word, []string{
			"A failure that stands in the list of known failures, with a reason. It does not count, until it is gone: then the list is stale.",
		}},
		{"stale", word, []string{
			"A known failure that has come true no more, or that matches no case. The exit code is 1.",
			"to fix: take the line out of the list; conformance known writes a new one",
		}},
		{"fingerprint", word, []string{
			"The same text for the same fault in every run, whatever the case, the seed and the values: for telling new faults from old ones.",
			"explain one: conformance explain FINGERPRINT --report run.jsonl",
		}},
		{"finding", word, []string{"One broken promise: the check, the statement, what was expected, what came, and where."}},
		{"accepted", word, []string{"The contract promises that a request like this is accepted: a status under 400."}},
		{"rejected", word, []string{"The contract promises that a request like this is turned down: a status from 400 to 499."}},
		{string(contract.Recorded), evidence, []string{"Recorded traffic of the real thing shows it. A breach is broken."}},
		{string(contract.Documented), evidence, []string{"The documentation says it. A breach is broken."}},
		{string(contract.Client), evidence, []string{"A published client relies on it. A breach is broken."}},
		{string(contract.Assumed), evidence, []string{"Nobody says it; it is a natural reading. A breach is a warning."}},
	}
}
