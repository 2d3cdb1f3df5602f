package values

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/mail"
	"strings"
)

// Fresh draws another text for a member of an object that is right: one of its
// pattern, about as long as the one there, or of its format. It tells false
// where neither says what such a text is like, where the schema lists the
// values, and where none was found. The same source of chance gives the same
// text.
func (s *Schema) Fresh(object map[string]any, name string, r *rand.Rand) (string, bool) {
	current, isText := object[name].(string)
	g := s.generator()
	n, may := g.chosen(needOf(s.root), object).member(name)
	n = g.chosen(n, object[name])
	if _, listed := n.listed(); !isText || !may || listed {
		return "", false
	}
	for range drawTries {
		for _, text := range n.others(current, r) {
			if text != current && g.fits(n.roots, text) {
				return text, true
			}
		}
	}
	return "", false
}

// chosen is the need with the alternatives taken that the value is of.
func (g *generator) chosen(n *need, v any) *need {
	for steps := 0; len(n.open) > 0 && steps < 20; steps++ {
		c, rest := n.open[0], n.clone()
		rest.open = rest.open[1:]
		n = rest
		for i, branch := range c.branches {
			taken := g.fits(branch, v)
			if c.keyword == "if" {
				taken = g.fits([]*schema{c.owner.when}, v) == (i == 1)
			}
			if taken {
				n = rest.choose(c, i)
				break
			}
		}
	}
	return n.withDependents(v)
}

// freshLeast is how many characters a drawn text has, where it may, so that no
// two are likely the same.
const freshLeast = 10

// others are texts in place of one, by the patterns and the formats of a need.
func (n *need) others(current string, r *rand.Rand) []string {
	var out []string
	size := len([]rune(current))
	_, most := n.lengths()
	for _, p := range n.patterns() {
		least, _ := p.lengths()
		for _, want := range []int{clamp(max(size, least+freshLeast), least, most), size, least} {
			out = appendText(out, p, want, r.IntN)
		}
	}
	for _, f := range n.formats() {
		if text := drawnFormat(f.format, current, r); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// drawnFormat is a text of a format that is unlikely to be drawn twice, "" for
// a format whose texts mean too much, such as a date. What names a host or an
// address is one that is set aside for documents and tests (RFC 2606, RFC 2544,
// RFC 3849), or below the one there.
func drawnFormat(format, current string, r *rand.Rand) string {
	switch hex := fmt.Sprintf("%08x", r.Uint32()); format {
	case "uuid": // version 4, variant 10 (RFC 9562, section 5.4)
		return fmt.Sprintf("%s-%04x-4%03x-%x%03x-%012x", hex, r.IntN(1<<16), r.IntN(1<<12), 8+r.IntN(4), r.IntN(1<<12), r.Int64N(1<<48))
	case "email":
		if a, err := mail.ParseAddress(current); err == nil && a.Address == current {
			return "c" + hex + current[strings.LastIndexByte(current, '@'):]
		}
		return "c" + hex + "@example.org"
	case "hostname":
		return "c" + hex + ".example.org"
	case "uri":
		return "https://example.org/" + hex
	case "uri-reference":
		return "/" + hex
	case "ipv4":
		return fmt.Sprintf("198.%d.%d.%d", 18+r.IntN(2), r.IntN(256), 1+r.IntN(254))
	case "ipv6":
		return fmt.Sprintf("2001:db8::%x:%x", 1+r.IntN(0xffff), 1+r.IntN(0xffff))
	case "byte":
		return base64.StdEncoding.EncodeToString([]byte(hex + "c"))
	}
	return ""
}
