// Package deps holds no code, only a test: which package of this module may
// import which.
//
// A conformance suite is worth as much as the independence of its judgement.
// If the reference server decoded its bodies with the suite's own parser, a
// bug in that parser would make both of them wrong in the same way, and the
// run would still say "kept". So the judged side (generated code, reference
// server, faults) and the judging side (the engine) share no code at all and
// meet only over HTTP. The compiler cannot know that; this test does.
//
// Within the engine, imports follow the flow from document to report, and
// nothing flows back. That keeps each stage readable alone, and lets a check
// be written without knowing any kind.
//
// The table in table_test.go is the whole truth: a package without a row fails
// the test, and so does an import without a word in its importer's row. Test
// files may import both sides, for holding one against the other is what they
// are for.
package deps
