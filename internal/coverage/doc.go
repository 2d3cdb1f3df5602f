// Package coverage tells what of a contract the exchanges of a run have met.
//
// A run in which nothing is broken says little where little was asked, and it
// says nothing at all of what was never seen: a property that may be there and
// never came, a list that was always empty, a status that no request brought
// about. This package counts both. From the document it makes a list of items,
// each a thing that an exchange can meet: a path, an operation, a parameter, a
// value of it, a status, a property of a reply. A [Collector] reads the
// exchanges of each verdict and ticks off what they have met. Its [Summary]
// tells how much that was, and names each item that was not met and why.
//
// Items belong to criteria. Ten of them, and the eight levels that they make
// up, are those of A. Martin-Lopez, S. Segura and A. Ruiz-Cortés, "Test
// coverage criteria for RESTful web APIs" (A-TEST 2019): a level is reached
// where its criteria and those of all lower levels are met in full. Four more
// have no level: both sides of each bound, the keywords of requests, the values
// in replies, and the headers of replies.
//
// What stands in a schema is counted where the document declares it, once,
// whichever replies have it. So the number of items is bounded by the size of
// the document, also where schemas are recursive, and a property of an error
// that all operations share is one item. Parameters, statuses, media types and
// headers are counted for each operation.
//
// An item has a name that is the same in every run of the same document, so
// that what several runs have met can be joined.
package coverage
