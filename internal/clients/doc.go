// Package clients tries real clients on the reference server, over TCP and
// unchanged: the generated client, and the loops that users write around one.
// It holds tests alone; curl and the vendor's own Go client are tried beside
// the server, in internal/reference.
package clients
