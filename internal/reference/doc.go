// Package reference is a server of the private endpoint service contract that
// keeps every statement of it, for the suite to be tried on and for clients to
// be written against.
//
// A request goes through a list of steps, and the list is the contract's
// order: who asks (401, before anything else is looked at, A2), what is asked
// for (404, 405), whether the path can be read (400), whether the project
// exists (404) and the key may do this in it (401, 403), whether the flags are
// booleans (400), whether the body is JSON of the right shape (400, 413, 415).
// The first step that has an answer ends the walk. What passes all of them
// reaches the operation, through the strict server interface that is generated
// from the contract, and the operation asks the store. Only attaching endpoints
// at GCP, which the observed profile alone has, goes past that interface.
//
// The generated server checks nothing and refuses in plain text, so neither
// its mux nor its error replies are used here: routing, validation and the
// error bodies of this package are written by hand.
//
// Nothing happens in the background. A service is a handful of instants
// (created, ready, deleted, gone), and what state it is in is computed from
// the clock whenever somebody looks. So a server with an injected clock is
// wholly deterministic, and a restarted one goes on where the old one was.
//
// How a reply looks (envelope, white space) is decided last, in one place,
// from the bytes that the same request without flags would have got (F2).
package reference
