package checks

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/atlas-contract/conformance/contract"
)

// same tells whether two values that a server shows say the same: lists whose
// elements come in another order, and the same instant at another offset, do.
// That an order is kept no schema says; but that a flag keeps it a relation
// does, so that its check goes by what is equal.
func same(a, b any) bool {
	if contract.Equal(a, b) {
		return true
	}
	switch x := a.(type) {
	case string:
		y, ok := b.(string)
		return ok && sameInstant(x, y)
	case map[string]any:
		y, ok := b.(map[string]any)
		return ok && sameMembers(x, y)
	case []any:
		y, ok := b.([]any)
		return ok && sameElements(x, y)
	}
	return false
}

func sameMembers(x, y map[string]any) bool {
	if len(x) != len(y) {
		return false
	}
	for name, value := range x {
		other, has := y[name]
		if !has || !same(value, other) {
			return false
		}
	}
	return true
}

func sameElements(x, y []any) bool {
	const most = 300 // each is compared with each
	if len(x) != len(y) || len(x) > most {
		return false
	}
	taken := make([]bool, len(y))
	for _, value := range x {
		found := false
		for i, other := range y {
			if !taken[i] && same(value, other) {
				taken[i], found = true, true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// sameInstant tells whether two texts are the same time (RFC 3339), as exactly
// as servers keep it: some keep no fractions of seconds.
func sameInstant(a, b string) bool {
	x, err := time.Parse(time.RFC3339Nano, strings.ToUpper(a))
	y, err2 := time.Parse(time.RFC3339Nano, strings.ToUpper(b))
	return err == nil && err2 == nil && x.Sub(y).Abs() < time.Second
}

// sameDouble tells whether two numbers are the same to who keeps numbers in
// double precision, which is all that can be expected (RFC 8259, section 6).
func sameDouble(a, b any) bool {
	x, ok := a.(json.Number)
	y, ok2 := b.(json.Number)
	if !ok || !ok2 {
		return false
	}
	f, err := strconv.ParseFloat(string(x), 64)
	g, err2 := strconv.ParseFloat(string(y), 64)
	return err == nil && err2 == nil && f == g
}

// sameText tells whether two texts are the same but for case, space and the
// composition of characters, by which servers tidy up.
func sameText(a, b string) bool {
	tidy := func(s string) string { return norm.NFC.String(strings.TrimSpace(s)) }
	return strings.EqualFold(tidy(a), tidy(b))
}
