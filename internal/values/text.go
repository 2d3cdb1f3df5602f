package values

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

func encode(v any) []byte { return contract.Encode(v) }

// lengths are the fewest and most characters that a need lets a text have,
// most -1 for no end.
func (n *need) lengths() (least, most int) {
	least, _ = n.least(func(s *schema) *int { return s.minLength })
	most, bounded := n.most(func(s *schema) *int { return s.maxLength })
	if !bounded {
		most = -1
	}
	return least, most
}

func (n *need) patterns() []*pattern {
	var out []*pattern
	for _, s := range n.parts {
		if s.pattern != nil {
			out = append(out, s.pattern)
		}
	}
	return out
}

// formats are the formats of texts that something is known about.
func (n *need) formats() []sample {
	var out []sample
	for _, s := range n.parts {
		if f, ok := sampleOf(s.format); ok {
			out = append(out, f)
		}
	}
	return out
}

// texts are candidates for a text.
func (g *generator) texts(n *need, e extent) []string {
	least, most := n.lengths()
	if least > longest {
		return nil
	}
	if patterns := n.patterns(); len(patterns) > 0 {
		return g.patterned(patterns, least, most)
	}
	if formats := n.formats(); len(formats) > 0 {
		return g.formatted(formats, least, most)
	}
	if e == random && g.r != nil {
		return g.randomTexts(least, most)
	}
	out := []string{sized(clamp(4, least, most))}
	for i := 2; i < 30; i++ { // others, where the first is not to be
		suffix := itoa(i)
		if size := clamp(4+len(suffix), least, most); size >= len(suffix) {
			out = append(out, sized(size-len(suffix))+suffix)
		}
	}
	for _, c := range "abcdefghijklmnopqrstuvwxyz" {
		out = append(out, strings.Repeat(string(c), clamp(1, least, most)))
	}
	return append(out, "")
}

// sized is a plain text of n characters.
func sized(n int) string {
	const words = "text of many words that goes on and on, "
	text := strings.Repeat(words, n/len(words)+1)[:n]
	if strings.HasSuffix(text, " ") {
		text = text[:n-1] + "x"
	}
	return text
}

// patterned writes texts for the patterns: in a few ways for each length that
// may do.
func (g *generator) patterned(patterns []*pattern, least, most int) []string {
	var out []string
	for _, p := range patterns {
		lo, hi := p.lengths()
		lo = max(lo, least)
		if most >= 0 && (hi < 0 || hi > most) {
			hi = most
		}
		if g.r != nil {
			span := 12
			if hi >= 0 {
				span = clamp(hi-lo, 0, 12)
			}
			for range 20 {
				out = appendText(out, p, lo+g.r.IntN(span+1), g.r.IntN)
			}
		}
		for way := range 4 {
			out = appendText(out, p, lo, steady(way))
		}
		seeded := seeded(1)
		for i := range 60 { // what looks around needs luck
			out = appendText(out, p, lo+i%16, seeded.IntN)
		}
	}
	return g.padded(out, least)
}

func appendText(out []string, p *pattern, want int, pick func(int) int) []string {
	if s, ok := p.write(want, pick); ok && !slices.Contains(out, s) {
		out = append(out, s)
	}
	return out
}

// steady picks the same each time.
func steady(way int) func(int) int { return func(n int) int { return way % n } }

// padded adds, to texts that are too short for their bounds, longer ones, for
// patterns that say nothing about the ends of a text.
func (g *generator) padded(list []string, least int) []string {
	var more []string
	for _, s := range head(list, 20) {
		n := len([]rune(s))
		if n >= least || least > longest {
			continue
		}
		filler := strings.Repeat("x", least-n)
		if g.r != nil {
			filler = g.randomTexts(least-n, least-n)[0]
		}
		more = append(more, s+filler, filler+s)
	}
	return append(list, more...)
}

func (g *generator) formatted(formats []sample, least, most int) []string {
	var out []string
	for _, f := range formats {
		out = append(out, f.right...)
		for _, n := range []int{least, least + 1, least + 2, least + 3, most, most - 1, most - 2, most - 3} {
			if s := sizedFormat(f.format, n); n > 0 && s != "" {
				out = append(out, s)
			}
		}
		switch f.format {
		case "email", "uri", "hostname", "uri-reference":
			for i := range 10 {
				out = append(out, sizedFormat(f.format, max(16, least)+i))
			}
		}
	}
	g.shuffleIf(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func (g *generator) randomTexts(least, most int) []string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -_.éß語"
	runes := []rune(letters)
	var out []string
	for range 4 {
		n := clamp(least+g.r.IntN(12), least, most)
		text := make([]rune, n)
		for i := range text {
			text[i] = runes[g.r.IntN(len(runes))]
		}
		out = append(out, string(text))
	}
	return out
}

// numbers are candidates for a number.
func (g *generator) numbers(n *need, integer bool, e extent) []any {
	b := spanOf(n, integer)
	list := b.numbers(integer)
	if n.types()&kindInteger == 0 || !integer && e == random {
		list = append([]any{json.Number("0.5"), json.Number("1.25")}, list...)
	}
	if g.r == nil {
		return list
	}
	var out []any
	for range 4 {
		out = append(out, b.random(g.r))
	}
	return append(out, list...)
}

func (b span) random(r interface{ IntN(int) int }) any {
	low := b.lowest()
	high := b.highest()
	switch {
	case low == nil && high == nil:
		low, high = moved(new(big.Rat), b.grain(), -1000), moved(new(big.Rat), b.grain(), 1000)
	case low == nil:
		low = moved(high, b.grain(), -1000)
	case high == nil:
		high = moved(low, b.grain(), 1000)
	}
	steps := new(big.Rat).Quo(new(big.Rat).Sub(high, low), b.grain())
	most := int64(1000)
	if f, _ := steps.Float64(); f < 1000 {
		most = max(int64(f), 0)
	}
	return decimal(moved(low, b.grain(), int64(r.IntN(int(most)+1))))
}
