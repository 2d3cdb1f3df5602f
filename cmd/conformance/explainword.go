package main

import (
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/contract/checks"
	"github.com/atlas-contract/conformance/contract/kinds"
	"github.com/atlas-contract/conformance/internal/report"
)

// fixedWords are the words of a report that belong to no contract.
func fixedWords() []entry {
	return append(verdictWords(), reportWords()...)
}

// verdictWords are those for what came of cases and statements.
func verdictWords() []entry {
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
			"The case could not be asked: the target did not answer, a step that the case needs before was refused, or the run ended before it. That is no judgement.",
			"The exit code is 3, unless a promise is broken elsewhere: then it is 1.",
			"to fix: see the reason in the record; conformance run --run ID asks this case alone, with --creates-at-once 1 where cases are in one another's way",
		}},
		{string(contract.Skipped), outcome, []string{
			"The case was not sent, or proves nothing: the reason says what it lacks, such as a second credential, or what was in its way.",
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
			"to fix: take the line out of the list; conformance known writes a new one; where it fails now and then only, give its entry flaky: true",
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

// reportWords are the labels and headings of the report.
func reportWords() []entry {
	var all []string
	for _, check := range checks.All() {
		all = append(all, check.Name)
	}
	var sorts []string
	for _, kind := range kinds.All() {
		sorts = append(sorts, kind.Name)
	}
	var out []entry
	for _, one := range []struct{ words, means string }{
		{"promise", "What a finding says is broken: a numbered statement of the contract, with its evidence, or else the document's own words."},
		{"statement statements", "A numbered promise of the contract. The report lists them by what became of them, each with the number of cases that tested it (L7×19: 19 cases)."},
		{"source", "Who says so: the page, the standard or the traffic that the promise comes from."},
		{"expected", "What would have kept the promise."},
		{"got", "What came instead, at the place that where names."},
		{"where", "The place in the exchange: the status, a header by its name, or a JSON pointer into the body; and the step, where a case has several."},
		{"sent", "The request that shows the finding: its method, its URL and the beginning of its body."},
		{"came", "The reply to it: its status, media type, size and time, and the beginning of its body or the part at fault, underlined."},
		{"again", "A command that shows the same again: curl where one request does, else conformance run with the case alone."},
		{"same", "The same fault as one that was told before, perhaps of another operation: the line names the case that has it in full."},
		{"cause causes", "One fault, however many cases of however many operations show it: findings that say the same. The number before it is that of the cases."},
		{"exchange", "A request and what came back, or why nothing did."},
		{"step", "One request of a case. A case that makes a thing first, or waits for it, has several; a step that waits has several exchanges."},
		{"evidence", "How well a statement is founded: recorded, documented, client or assumed. Only what is assumed does not break a run."},
		{"profile", "What the contract is taken to say: documented, as it is written, or observed, with what real servers were seen to do."},
		{"seed", "What everything that is chosen at random depends on: the same seed gives the same cases."},
		{"check checks", "A rule that every reply is held to. The checks: " + strings.Join(all, ", ") + "."},
		{"kind kinds", "A way to derive cases from an operation. The kinds: " + strings.Join(sorts, ", ") + "."},
		{"case cases", "One or more requests, and what is expected of the replies. Its id is operation/kind/detail; conformance list has them all."},
		{"coverage", "How much of the contract was met: each path, operation, parameter, value, bound, status, media type, header and property of a reply is an item, and all count alike."},
		{"level", "From 0 to 7: all coverage criteria up to that level are met in full. The report names what the next level needs."},
		{"least", "The coverage criteria of which the smallest part was met."},
		{"unseen", "What a reply could have had by the contract, and none had. No check can have found fault with it, so that it passed without having been seen."},
		{"short", "Less of the contract was met than --min-coverage demands. The exit code is 1."},
		{"left", "What the run made on the target and could not remove; the report says how to. The exit code is 1."},
		{"perhaps", "What the run may have left on the target: the reply that would tell was lost, so it may be somebody else's."},
		{"next", "What to do about the worst cause: read what is promised, and show it again."},
		{"incomplete", "The run came to no judgement: nothing was judged, or not everything could be asked. The exit code is 2 or 3, and the line says which."},
		{"exit", "The exit code: 0, the contract is kept; 1, it is broken; 2, the usage is bad or nothing was judged; 3, the target could not be asked."},
	} {
		for word := range strings.FieldsSeq(one.words) {
			out = append(out, entry{word, "a word of reports", []string{one.means}})
		}
	}
	return out
}
