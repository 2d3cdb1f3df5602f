// Package spec reads an OpenAPI 3.0 or 3.1 document as a contract: its
// operations with their parameters, bodies, responses, links and examples, and
// its statements and relations from the x-conformance extension.
//
// A document is kept as the tree of its text, with line numbers, and read
// where it is asked: nothing is compiled up front, so a document of ten
// megabytes costs little more than its parsing. References are followed when a
// [Node] is resolved, into other files too. [Contract.Slice] cuts one
// operation out as a small document of its own, with only what it reaches;
// that is what the validators are made from.
package spec
