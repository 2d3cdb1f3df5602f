package reference

import (
	"net/url"
	"strings"
)

// flags are the two query flags that every operation has (P3, P4), and what
// was wrong with them.
type flags struct {
	envelope, pretty bool
	problem          *problem
}

// readFlags reads them before anything is decided about the request, because
// every reply but the challenge obeys them, errors included (F4). A flag that
// cannot be read counts as false until its turn to be refused comes.
func readFlags(rawQuery string) flags {
	if rawQuery == "" {
		return flags{}
	}
	var f flags
	f.envelope, f.problem = readFlag(rawQuery, "envelope")
	pretty, problem := readFlag(rawQuery, "pretty")
	f.pretty = pretty
	if f.problem == nil {
		f.problem = problem
	}
	return f
}

// readFlag takes true and false and nothing else (P5).
func readFlag(rawQuery, name string) (bool, *problem) {
	values := queryValues(rawQuery, name)
	switch {
	case len(values) == 0:
		return false, nil
	case len(values) > 1:
		return false, badQuery(name, "is given more than once")
	case values[0] == "true":
		return true, nil
	case values[0] == "false":
		return false, nil
	}
	return false, badQuery(name, "is "+quote(values[0])+", neither true nor false")
}

// queryValues are the values that a query gives a name, in order. Parts that
// are not well-formed are kept as they stand: unknown parameters do not matter
// (P6), and a known one is refused for what it says.
func queryValues(rawQuery, name string) []string {
	var values []string
	for part := range strings.SplitSeq(rawQuery, "&") {
		key, value, _ := strings.Cut(part, "=")
		if unescape(key) == name {
			values = append(values, unescape(value))
		}
	}
	return values
}

func unescape(s string) string {
	if decoded, err := url.QueryUnescape(s); err == nil {
		return decoded
	}
	return s
}
