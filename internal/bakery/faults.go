package bakery

// Fault is one promise of the document that a server can be made to break.
type Fault struct {
	// Name is what [Options] take.
	Name string
	// Doc says what the server does.
	Doc string
	// Check is the name of the check that has to report it.
	Check string
}

// fault is the name of the one that a server has, "" for none.
type fault string

func (f fault) is(name string) bool { return string(f) == name }

// unless is a rule that the fault of that name does away with.
func (f fault) unless(name string, r rule) rule {
	return pick(f, name, rule(anything), r)
}

// pick is one value with the fault of that name, and another without.
func pick[T any](f fault, name string, with, without T) T {
	if f.is(name) {
		return with
	}
	return without
}

// pickReply is one reply with the fault of that name, and another without.
func (s *Server) pickReply(name string, with, without reply) reply {
	return pick(s.fault, name, with, without)
}
