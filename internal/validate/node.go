package validate

// node is one fault in the error tree of a JSON Schema 2020-12 engine. Both
// libraries have one, of the same make but of types of their own.
type node struct {
	pointer string
	url     string
	// path ends in the keyword.
	path []string
	// members are the names that the keyword objects to, or misses.
	members []string
	// choice marks an anyOf or oneOf of which nothing fits.
	choice bool
}

func (n node) claims(place string) []claim {
	keyword := "schema"
	if len(n.path) > 0 {
		keyword = n.path[len(n.path)-1]
	}
	one := claim{place: place, pointer: n.pointer, keyword: keyword, message: general(keyword)}
	if n.choice {
		one.reach = branch
	}
	if len(n.members) == 0 {
		return []claim{one}
	}
	list := make([]claim, len(n.members))
	for i, name := range n.members {
		list[i] = one
		list[i].pointer = joinPointer(n.pointer, name)
	}
	return list
}
