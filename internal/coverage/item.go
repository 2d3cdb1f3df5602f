package coverage

import "fmt"

// trial is how near an exchange came to meeting an item.
type trial int

// The trials; a later one tells more than an earlier one.
const (
	untried trial = iota
	skipped
	unanswered
	turnedAway
	met
)

// item is a thing that can be met.
type item struct {
	criterion Criterion
	name      string
	// n is how often it was met, and tried how near it came to be otherwise.
	n     int
	tried trial
	// chances is how often it could have been met, nil where only requests
	// decide; of is what there were so many of.
	chances *int
	of      string
}

// why says why an item was not met.
func (it *item) why(missing string) string {
	switch it.tried {
	case turnedAway:
		return "only requests without the right credentials have it"
	case unanswered:
		return "the target never answered it"
	case skipped:
		return "only skipped cases have it"
	}
	if it.chances == nil || *it.chances == 0 {
		return missing
	}
	return fmt.Sprintf("not in %d %s", *it.chances, it.of)
}

// key is the identity of an item.
type key struct {
	criterion Criterion
	name      string
}

// items are all that there are.
type items map[key]*item

// add returns the item of that name, a new one where there is none yet.
func (all items) add(c Criterion, name string) *item {
	k := key{c, name}
	if all[k] == nil {
		all[k] = &item{criterion: c, name: name}
	}
	return all[k]
}

// among returns an item that can be met in so many things.
func (all items) among(c Criterion, name string, chances *int, of string) *item {
	it := all.add(c, name)
	if it.chances == nil {
		it.chances, it.of = chances, of
	}
	return it
}
