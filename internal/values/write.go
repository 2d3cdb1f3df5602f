package values

import (
	"regexp/syntax"
	"strings"
)

// longest is the longest text that is written for a pattern.
const longest = 20_000

// writer writes a text that a pattern's tree matches. It picks among
// alternatives by pick, which gives an index below n.
type writer struct {
	b     strings.Builder
	n     int // characters written
	steps int
	pick  func(n int) int
}

// write makes a text of a pattern, of the wanted length where that can be. A
// tree is followed as far as it goes; what looks around is not in it.
func (p *pattern) write(want int, pick func(int) int) (string, bool) {
	if p.tree == nil {
		return "", false
	}
	least, most := extentOf(p.tree)
	if least > longest {
		return "", false
	}
	w := &writer{pick: pick}
	w.node(p.tree, clamp(want, least, most))
	return w.b.String(), w.n <= longest
}

// lengths are the fewest and the most characters that the tree can have, the
// most -1 where there is no end.
func (p *pattern) lengths() (int, int) {
	if p.tree == nil {
		return 0, -1
	}
	return extentOf(p.tree)
}

func clamp(n, least, most int) int {
	if most >= 0 {
		n = min(n, most)
	}
	return max(n, least)
}

func extentOf(re *syntax.Regexp) (least, most int) {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune), len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1, 1
	case syntax.OpCapture:
		return extentOf(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			a, b := extentOf(sub)
			least, most = capped(least+a), plus(most, b)
		}
	case syntax.OpAlternate:
		for i, sub := range re.Sub {
			a, b := extentOf(sub)
			if i == 0 {
				least, most = a, b
			}
			least = min(least, a)
			if most >= 0 && (b < 0 || b > most) {
				most = b
			}
		}
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		a, b := extentOf(re.Sub[0])
		lo, hi := repeats(re)
		return capped(a * lo), times(b, hi)
	}
	return least, most
}

func capped(n int) int { return min(n, 1<<30) }

func plus(a, b int) int {
	if a < 0 || b < 0 {
		return -1
	}
	return capped(a + b)
}

func times(a, b int) int {
	switch {
	case a == 0 || b == 0:
		return 0
	case a < 0 || b < 0:
		return -1
	}
	return capped(a * b)
}

func repeats(re *syntax.Regexp) (least, most int) {
	switch re.Op {
	case syntax.OpStar:
		return 0, -1
	case syntax.OpPlus:
		return 1, -1
	case syntax.OpQuest:
		return 0, 1
	}
	return re.Min, re.Max
}

// node writes one node in about the wanted number of characters.
func (w *writer) node(re *syntax.Regexp, want int) {
	w.steps++
	if w.n > longest || w.steps > 4*longest {
		return
	}
	switch re.Op {
	case syntax.OpLiteral:
		w.b.WriteString(string(re.Rune))
		w.n += len(re.Rune)
	case syntax.OpCharClass:
		w.put(member(re.Rune, w.pick))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		const some = "abcXYZ019-_ é"
		w.put([]rune(some)[w.pick(13)])
	case syntax.OpCapture:
		w.node(re.Sub[0], want)
	case syntax.OpConcat:
		w.concat(re.Sub, want)
	case syntax.OpAlternate:
		w.alternate(re.Sub, want)
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		w.repeat(re, want)
	}
}

func (w *writer) put(r rune) {
	w.b.WriteRune(r)
	w.n++
}

func (w *writer) concat(subs []*syntax.Regexp, want int) {
	spare := want
	for _, sub := range subs {
		least, _ := extentOf(sub)
		spare -= least
	}
	for _, sub := range subs {
		least, most := extentOf(sub)
		give := max(spare, 0)
		if most >= 0 {
			give = min(give, most-least)
		}
		before := w.n
		w.node(sub, least+give)
		spare -= w.n - before - least
	}
}

func (w *writer) alternate(subs []*syntax.Regexp, want int) {
	first := w.pick(len(subs))
	for i := range subs {
		sub := subs[(first+i)%len(subs)]
		if least, most := extentOf(sub); want >= least && (most < 0 || want <= most) {
			w.node(sub, want)
			return
		}
	}
	w.node(subs[first], want)
}

func (w *writer) repeat(re *syntax.Regexp, want int) {
	lo, hi := repeats(re)
	least, most := extentOf(re.Sub[0])
	n := lo
	switch {
	case most == 0:
	case most > 0:
		n = max(lo, (want+most-1)/most)
		if least == most {
			n = max(lo, want/most)
		}
	case want > 0:
		n = max(lo, 1)
	}
	if hi >= 0 {
		n = min(n, hi)
	}
	for i := range min(n, longest) {
		left := n - i
		share := want / left
		before := w.n
		w.node(re.Sub[0], clamp(share, least, most))
		want -= w.n - before
		if w.n > longest {
			return
		}
	}
}

// plainCharacters are preferred in classes.
const plainCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."

// member is a character of a class: a plain one where it has one.
func member(ranges []rune, pick func(int) int) rune {
	if len(ranges) < 2 {
		return 'x'
	}
	var plain []rune
	for _, c := range plainCharacters {
		if inRanges(ranges, c) {
			plain = append(plain, c)
		}
	}
	if len(plain) > 0 {
		return plain[pick(len(plain))]
	}
	i := 2 * pick(len(ranges)/2)
	width := int(min(ranges[i+1]-ranges[i], 1000)) + 1
	return ranges[i] + rune(pick(width))
}

func inRanges(ranges []rune, c rune) bool {
	for i := 0; i+1 < len(ranges); i += 2 {
		if c >= ranges[i] && c <= ranges[i+1] {
			return true
		}
	}
	return false
}
