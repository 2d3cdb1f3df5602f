package checks

import (
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

var nonces = Check{
	Name: "nonces",
	Doc:  "Each digest challenge of a case has a nonce of its own (RFC 7616, section 3.3), and the nonces do not merely count up or tell the time, so that nobody can know the next one (section 5.12). What is random in part is taken as unpredictable.",
	Run: func(s *Subject) {
		var list []string
		var last *View
		for _, v := range s.Views {
			for _, e := range roundTrips(v.Exchange) {
				if e.Final().Status != 401 {
					continue
				}
				if found := nonceOf(e); found != "" {
					list, last = append(list, found), v
				}
			}
		}
		if len(list) < 2 {
			return
		}
		judgeNonces(s, last, list)
	},
}

// nonceOf is the nonce of a reply's first digest challenge; those beside it may
// share it.
func nonceOf(e *contract.Exchange) string {
	for _, a := range digests(e.Final()) {
		return a.values["nonce"]
	}
	return ""
}

func judgeNonces(s *Subject, v *View, list []string) {
	statements := s.Contract.Cites("nonces")
	evidence := s.unlessCited("nonces")
	if len(list) >= fewest {
		s.Tested(statements...)
	}
	if twice := repeated(list); twice != "" {
		s.Find(v, contract.Finding{
			Evidence: evidence, Message: "two challenges have the same nonce", Place: "header", Pointer: "WWW-Authenticate",
			Expected: "a fresh nonce in each challenge", Got: contract.Clip(twice, 100),
		}, statements...)
		return
	}
	if countsUp(list) {
		s.Find(v, contract.Finding{
			Evidence: evidence, Message: "the nonces only count up, so that the next one can be guessed", Place: "header", Pointer: "WWW-Authenticate",
			Expected: "nonces that cannot be guessed", Got: contract.Clip(strings.Join(list[:min(4, len(list))], "\n"), 300),
		}, statements...)
	}
}

func repeated(list []string) string {
	seen := map[string]bool{}
	for _, nonce := range list {
		if seen[nonce] {
			return nonce
		}
		seen[nonce] = true
	}
	return ""
}

const (
	// fewest is how many nonces say something about how they are made.
	fewest = 3
	// enough is how many do not ascend by chance: one run in 10! would.
	enough = 10
	// step is the most that a counter moves between a few challenges.
	step = 64
	// stride is the most that a clock, of nanoseconds at the finest, moves.
	stride = 1 << 32
)

// countsUp tells whether the nonces differ in one number alone, which grows by
// a little each time.
func countsUp(list []string) bool {
	for _, read := range readings() {
		texts, ok := decodeAll(list, read)
		if !ok {
			continue
		}
		numbers, ok := varying(texts)
		if !ok {
			continue
		}
		limit := int64(step)
		if len(list) >= enough {
			limit = stride
		}
		if len(list) >= fewest && ascending(numbers, limit) {
			return true
		}
	}
	return false
}

// readings are the encodings that a nonce may have.
func readings() []func(string) ([]byte, error) {
	return []func(string) ([]byte, error){
		func(s string) ([]byte, error) { return []byte(s), nil },
		hex.DecodeString,
		base64.StdEncoding.DecodeString, base64.RawStdEncoding.DecodeString,
		base64.URLEncoding.DecodeString, base64.RawURLEncoding.DecodeString,
	}
}

func decodeAll(list []string, read func(string) ([]byte, error)) ([]string, bool) {
	var out []string
	for _, nonce := range list {
		b, err := read(nonce)
		if err != nil {
			return nil, false
		}
		out = append(out, string(b))
	}
	return out, true
}

// varying are the numbers that stand where the texts differ.
func varying(texts []string) ([]*big.Int, bool) {
	before, after := shared(texts)
	var middles []string
	for _, text := range texts {
		middles = append(middles, text[before:len(text)-after])
	}
	for _, base := range []int{10, 16} {
		if numbers, ok := parseAll(middles, base); ok {
			return numbers, true
		}
	}
	var out []*big.Int
	for _, middle := range middles {
		if len(middle) > 8 || len(middle) != len(middles[0]) {
			return nil, false
		}
		out = append(out, new(big.Int).SetBytes([]byte(middle)))
	}
	return out, true
}

func parseAll(middles []string, base int) ([]*big.Int, bool) {
	var out []*big.Int
	for _, middle := range middles {
		n, ok := new(big.Int).SetString(middle, base)
		if !ok || strings.ContainsAny(middle, "+-_") {
			return nil, false
		}
		out = append(out, n)
	}
	return out, true
}

// shared is how many bytes all texts have in common at their beginning and at
// their end.
func shared(texts []string) (before, after int) {
	shortest := len(slices.MinFunc(texts, func(a, b string) int { return len(a) - len(b) }))
	same := func(at func(string) byte) bool {
		return !slices.ContainsFunc(texts, func(text string) bool { return at(text) != at(texts[0]) })
	}
	for before < shortest && same(func(text string) byte { return text[before] }) {
		before++
	}
	for after < shortest-before && same(func(text string) byte { return text[len(text)-1-after] }) {
		after++
	}
	return before, after
}

func ascending(numbers []*big.Int, limit int64) bool {
	for i := 1; i < len(numbers); i++ {
		d := new(big.Int).Sub(numbers[i], numbers[i-1])
		if d.Sign() <= 0 || d.Cmp(big.NewInt(limit)) > 0 {
			return false
		}
	}
	return true
}
