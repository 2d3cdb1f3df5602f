package bakery

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// invalid is one thing that is wrong with a request.
type invalid struct {
	At     string `json:"at"`
	Detail string `json:"detail"`
}

// checker gathers what is wrong.
type checker struct{ found []invalid }

func (k *checker) add(at, format string, args ...any) {
	k.found = append(k.found, invalid{At: at, Detail: fmt.Sprintf(format, args...)})
}

// rule checks one value; at is where it stands.
type rule func(k *checker, at string, v any)

// anything is the rule that a fault puts in the place of another.
func anything(*checker, string, any) {}

func both(rules ...rule) rule {
	return func(k *checker, at string, v any) {
		for _, r := range rules {
			r(k, at, v)
		}
	}
}

func orNull(r rule) rule {
	return func(k *checker, at string, v any) {
		if v != nil {
			r(k, at, v)
		}
	}
}

// str is the rule of a string that is as fits says.
func str(detail string, fits func(string) bool) rule {
	return func(k *checker, at string, v any) {
		if s, ok := v.(string); !ok || !fits(s) {
			k.add(at, "must be a string %s", detail)
		}
	}
}

// chars counts code points, as JSON Schema does.
func chars(least, most int) rule {
	return str(fmt.Sprintf("of %d to %d characters", least, most), func(s string) bool {
		n := utf8.RuneCountInString(s)
		return least <= n && n <= most
	})
}

func pattern(expr string) rule {
	return str("that matches "+expr, regexp.MustCompile(expr).MatchString)
}

func enum(values ...string) rule {
	return str("of "+strings.Join(values, ", "), func(s string) bool { return slices.Contains(values, s) })
}

func boolean(k *checker, at string, v any) {
	if _, ok := v.(bool); !ok {
		k.add(at, "must be true or false")
	}
}

// exact is the value of a number of a JSON text. Numbers whose exponent has
// more than three digits are none.
func exact(v any) (*big.Rat, bool) {
	n, ok := v.(json.Number)
	i := strings.IndexAny(string(n), "eE")
	if !ok || i >= 0 && len(strings.TrimLeft(string(n[i+1:]), "+-")) > 3 {
		return new(big.Rat), false
	}
	return new(big.Rat).SetString(string(n))
}

// bound is one end of a range: how the comparison with n may come out.
type bound struct {
	word string
	n    int64
	ok   func(order int) bool
}

func atLeast(n int64) bound { return bound{"at least", n, func(c int) bool { return c >= 0 }} }
func atMost(n int64) bound  { return bound{"at most", n, func(c int) bool { return c <= 0 }} }
func above(n int64) bound   { return bound{"above", n, func(c int) bool { return c > 0 }} }
func below(n int64) bound   { return bound{"below", n, func(c int) bool { return c < 0 }} }

func number(bounds ...bound) rule {
	return func(k *checker, at string, v any) {
		n, ok := exact(v)
		if !ok {
			k.add(at, "must be a number")
			return
		}
		for _, b := range bounds {
			if !b.ok(n.Cmp(big.NewRat(b.n, 1))) {
				k.add(at, "must be %s %d", b.word, b.n)
			}
		}
	}
}

// multipleOf is the rule of a whole number of parts of one.
func multipleOf(parts int64) rule {
	return func(k *checker, at string, v any) {
		if n, ok := exact(v); ok && !n.Mul(n, big.NewRat(parts, 1)).IsInt() {
			k.add(at, "must be a multiple of 1/%d", parts)
		}
	}
}

func integer(least, most int64) rule {
	return both(number(atLeast(least), atMost(most)), multipleOf(1))
}

// written is a rule for a number that is written as text.
func written(r rule) rule {
	digits := regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	return func(k *checker, at string, v any) {
		s, _ := v.(string)
		if !digits.MatchString(s) {
			k.add(at, "must be an integer")
			return
		}
		r(k, at, json.Number(s))
	}
}

// array is the rule of a list; most 0 is no limit.
type array struct {
	least, most int
	unique      bool
	items       rule
}

func (a array) check(k *checker, at string, v any) {
	list, ok := v.([]any)
	if !ok {
		k.add(at, "must be an array")
		return
	}
	if len(list) < a.least || a.most > 0 && len(list) > a.most {
		k.add(at, "must have %d to %d entries", a.least, a.most)
	}
	seen := map[string]bool{}
	for i, item := range list {
		if c := canonical(item); a.unique && seen[c] {
			k.add(at, "must not have an entry twice")
		} else {
			seen[c] = true
		}
		a.items(k, at+"/"+strconv.Itoa(i), item)
	}
}

// canonical is the same text for values that are equal by JSON Schema: 1 and
// 1.0, objects in any order.
func canonical(v any) string {
	switch v := v.(type) {
	case json.Number:
		if n, ok := exact(v); ok {
			return n.RatString()
		}
		return v.String()
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = canonical(v[i])
		}
		return "[" + strings.Join(parts, ",") + "]"
	case map[string]any:
		parts := make([]string, 0, len(v))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, strconv.Quote(name)+":"+canonical(v[name]))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case string:
		return strconv.Quote(v)
	default:
		return fmt.Sprint(v)
	}
}

// object is the rule of an object.
type object struct {
	required []string
	members  map[string]rule
	// names is for every name, other for members that have no rule; without
	// other, there may be none.
	names, other rule
	// least and most are how many members there may be; most 0 is no limit.
	least, most int
	// needs are members that come only with another.
	needs map[string]string
	// also is what no other field can say.
	also func(k *checker, at string, members map[string]any)
}

func (o object) check(k *checker, at string, v any) {
	members, ok := v.(map[string]any)
	if !ok {
		k.add(at, "must be an object")
		return
	}
	o.presence(k, at, members)
	for _, name := range slices.Sorted(maps.Keys(members)) {
		o.member(k, at+"/"+escape(name), name, members[name])
	}
	if o.also != nil {
		o.also(k, at, members)
	}
}

func (o object) presence(k *checker, at string, members map[string]any) {
	if n := len(members); n < o.least || o.most > 0 && n > o.most {
		k.add(at, "has %d members: too few or too many", n)
	}
	for _, name := range o.required {
		if _, ok := members[name]; !ok {
			k.add(at, "must have %s", name)
		}
	}
	for name, other := range o.needs {
		_, has := members[name]
		if _, ok := members[other]; has && !ok {
			k.add(at, "must have %s, as it has %s", other, name)
		}
	}
}

func (o object) member(k *checker, at, name string, v any) {
	if o.names != nil {
		o.names(k, at, name)
	}
	r, ok := o.members[name]
	if !ok {
		r = o.other
	}
	if r == nil {
		k.add(at, "is not known")
		return
	}
	r(k, at, v)
}

// escape writes a name as part of a JSON pointer (RFC 6901, 3).
func escape(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}
