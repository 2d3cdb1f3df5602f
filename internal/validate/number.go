package validate

import (
	"encoding/json"
	"math/big"
	"sort"
	"strconv"
	"strings"
)

// maxExponent bounds what is calculated with: the digits of 1e999999999 would
// fill the memory.
const maxExponent = 2000

// numberLength is how much of the beginning of s is a JSON number, 0 where
// none is.
func numberLength(s string) int {
	i := 0
	if i < len(s) && s[i] == '-' {
		i++
	}
	switch {
	case i < len(s) && s[i] == '0':
		i++
	case i < len(s) && '1' <= s[i] && s[i] <= '9':
		i = digits(s, i)
	default:
		return 0
	}
	if i+1 < len(s) && s[i] == '.' && isDigit(s[i+1]) {
		i = digits(s, i+1)
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j := i + 1
		if j < len(s) && (s[j] == '+' || s[j] == '-') {
			j++
		}
		if j < len(s) && isDigit(s[j]) {
			i = digits(s, j)
		}
	}
	return i
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func digits(s string, i int) int {
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return i
}

// isNumber tells that s is a JSON number and nothing else.
func isNumber(s string) bool { return s != "" && numberLength(s) == len(s) }

// rational is the exact value of a literal, nil where its exponent is out of
// all bounds.
func rational(n json.Number) *big.Rat {
	s := string(n)
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		exponent, err := strconv.Atoi(s[i+1:])
		if err != nil || exponent > maxExponent || exponent < -maxExponent {
			return nil
		}
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return nil
	}
	return r
}

// isInteger tells that a literal has no fraction, such as 1, 1.0 and 1e2.
func isInteger(n json.Number) bool {
	if !strings.ContainsAny(string(n), ".eE") {
		return true
	}
	if r := rational(n); r != nil {
		return r.IsInt()
	}
	// Beyond the bounds only the exponent's sign counts.
	i := strings.IndexAny(string(n), "eE")
	mantissa := strings.Trim(string(n)[:i], "-0.")
	return mantissa == "" || string(n)[i+1] != '-'
}

// inexact tells that float64, in which both libraries calculate, does not tell
// the literal's value from others nearby: it has no exact float64, or is 2^53 or
// beyond.
func inexact(n json.Number) bool {
	s := string(n)
	if len(s) <= 15 && !strings.ContainsAny(s, ".eE") {
		return false
	}
	r := rational(n)
	if r == nil {
		return true
	}
	f, exact := r.Float64()
	return !exact || f >= 1<<53 || f <= -1<<53
}

// canonical is a text that two JSON values share if and only if they are
// equal: 1 and 1.0 are, 2^53 and 2^53+1 are not, 1 and "1" are not.
func canonical(v any) string {
	switch v := v.(type) {
	case string:
		return `"` + v
	case json.Number:
		return canonicalNumber(v)
	}
	return string(appendCanonical(nil, v))
}

func canonicalNumber(n json.Number) string {
	s := string(n)
	if !strings.ContainsAny(s, ".eE") {
		if s == "-0" {
			return "0"
		}
		return s
	}
	if r := rational(n); r != nil {
		return r.RatString()
	}
	return s
}

func appendCanonical(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case json.Number:
		return append(b, canonicalNumber(v)...)
	case string:
		return strconv.AppendQuote(b, v)
	case []any:
		b = append(b, '[')
		for _, item := range v {
			b = append(appendCanonical(b, item), ',')
		}
		return append(b, ']')
	case map[string]any:
		b = append(b, '{')
		for _, key := range sortedKeys(v) {
			b = append(strconv.AppendQuote(b, key), ':')
			b = append(appendCanonical(b, v[key]), ',')
		}
		return append(b, '}')
	}
	return b
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
