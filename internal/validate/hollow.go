package validate

// A hollow cycle is a schema that leads back to itself through schemas that say
// nothing of their own, such as {properties: {next: {$ref: itself}}} without a
// type. kin-openapi asks of each schema whether it is empty, all the way down,
// and on such a cycle never comes to an end: the stack overflows, which ends the
// whole program and cannot be recovered from. It must not see such a document.

// hollowCycle tells that some schema of the document is on a hollow cycle.
func (c *compiler) hollowCycle() bool {
	const onPath, clear = 1, 2
	state := map[*schema]int{}
	var walk func(*schema) bool
	walk = func(s *schema) bool {
		if state[s] != 0 || !c.hollow(s) {
			return state[s] == onPath
		}
		state[s] = onPath
		for _, child := range s.children() {
			if walk(child) {
				return true
			}
		}
		state[s] = clear
		return false
	}
	for _, s := range c.done {
		if walk(s) {
			return true
		}
	}
	return false
}

// hollow tells that a schema may count as empty if its parts do. A few keywords
// are enough for that: to take too many for hollow costs an opinion, to take
// too few the program.
func (c *compiler) hollow(s *schema) bool {
	raw, _ := at(c.doc, s.pointer)
	object, ok := raw.(map[string]any)
	if !ok {
		return false
	}
	if _, ref := object["$ref"]; ref {
		return true
	}
	for _, keyword := range []string{"type", "format", "enum"} {
		if text, isText := object[keyword].(string); isText && text != "" {
			return false
		}
		if list, isList := object[keyword].([]any); isList && len(list) > 0 {
			return false
		}
	}
	return true
}

// children are all schemas that a schema leads to.
func (s *schema) children() []*schema {
	list := []*schema{
		s.ref, s.additional, s.propertyNames, s.items, s.contains,
		s.unevaluatedItems, s.unevaluatedProps, s.not, s.when, s.then, s.other,
	}
	for _, more := range [][]*schema{s.prefixItems, s.allOf, s.anyOf, s.oneOf} {
		list = append(list, more...)
	}
	for _, table := range []map[string]*schema{s.properties, s.dependentSchemas} {
		for _, sub := range table {
			list = append(list, sub)
		}
	}
	for _, p := range s.patternProperties {
		list = append(list, p.schema)
	}
	present := list[:0]
	for _, sub := range list {
		if sub != nil {
			present = append(present, sub)
		}
	}
	return present
}
