package contract

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
)

// maxExponent bounds the numbers that are compared exactly; beyond it a short
// text such as 1e999999999 would fill the memory.
const maxExponent = 4000

// Rat is the exact value of a JSON number, false where its exponent is absurd.
func Rat(n json.Number) (*big.Rat, bool) {
	text := string(n)
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		exp, err := strconv.Atoi(text[i+1:])
		if err != nil || exp > maxExponent || exp < -maxExponent {
			return nil, false
		}
	}
	return new(big.Rat).SetString(text)
}

func sameNumber(a, b json.Number) bool {
	if a == b {
		return true
	}
	x, ok := Rat(a)
	y, ok2 := Rat(b)
	return ok && ok2 && x.Cmp(y) == 0
}
