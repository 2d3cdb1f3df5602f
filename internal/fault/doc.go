// Package fault is the reference server with one bug at a time.
//
// A suite that says "kept" says little until it is known what it would have
// noticed. So here are bugs, as somebody makes them who writes a server or a
// proxy of this contract and gets one statement slightly wrong: a member that
// is missing in lists only, a lock that is not held, an encoder that ends its
// output with a newline, a cache that is a second behind. Each is a [Fault],
// and each names the check that ought to report it.
//
// The bugs are made from the contract's statements alone, apart from the suite:
// nobody looked which case would find one. Statements that no server can break
// have none: that extra members are allowed (S7), which of several codes of 400
// is right (B9), and how long the real service takes (L10).
//
// Most bugs are put on from outside: an [edit] changes the reply that the right
// server gave. Those that must sit deeper (who is let in, what is unique, which
// ids are made) use the hooks of the reference server. [All] is the table of
// contents, and the files are its chapters.
package fault
