// Package report renders what a run found.
//
// A run leaves one stream of records: a [Header] that says what was held
// against what, a [Verdict] per case in the order of the cases, a [Statement]
// per promise of the contract, and a [Footer] with the counts and the exit
// code. Written down as JSON Lines that stream is the complete report, and
// every other format is rendered from its records and from nothing else, so
// that a report can be rendered again later, elsewhere, or from several runs
// joined together. The names of the fields are fixed: fields may be added,
// never renamed.
//
// [Recorder] turns the verdicts of a run into records. It is where secrets are
// taken out and sizes bounded, before anything is written anywhere. [Tally]
// counts records and says what became of each statement. [New] makes the
// renderer of a format; [Formats] is the table of contents. [Replay] reads a
// stream back, and takes one without its footer for what it is: cut short.
//
// Whatever came from the target is hostile. Renderers escape it for the place
// where they write it.
package report
