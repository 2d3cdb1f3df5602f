// Package contract is the vocabulary of a conformance run: what is sent (a
// [Case] of one or more [Step]s), what came back (an [Exchange]), what was
// broken (a [Finding]) and what that means for the case (a [Verdict]).
//
// The words are those of the documentation. A kind derives cases from an
// operation of an OpenAPI document; the runner sends their steps; checks read
// the exchanges and return findings; the findings decide the verdict. Data
// flows one way: a kind does not know the checks, a check does not know who
// wrote the case, and neither knows how verdicts are reported.
//
// This package holds plain data and imports nothing of the project, so that
// every stage can speak it. Kinds live in contract/kinds, checks in
// contract/checks, the runner in contract/run.
package contract
