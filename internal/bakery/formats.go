package bakery

import (
	"net/netip"
	"regexp"
	"strings"
	"time"
)

// grammar has the patterns of the formats. It is made once for each server.
type grammar struct {
	uuid, date, dateTime, label, atom *regexp.Regexp
}

func newGrammar() grammar {
	return grammar{
		uuid:     regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`),
		date:     regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`),
		dateTime: regexp.MustCompile(`^([0-9-]{10})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))$`),
		label:    regexp.MustCompile(`^[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?$`),
		atom:     regexp.MustCompile("^[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+$"),
	}
}

// isUUID follows RFC 9562: 32 hexadecimal digits in either case.
func (g grammar) isUUID(s string) bool { return g.uuid.MatchString(s) }

// isDate follows RFC 3339, full-date, by the calendar.
func (g grammar) isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil && g.date.MatchString(s)
}

// isDateTime follows RFC 3339, date-time. Second 60 is right only where it is
// the last of a day in UTC.
func (g grammar) isDateTime(s string) bool {
	m := g.dateTime.FindStringSubmatch(s)
	if m == nil || !g.isDate(m[1]) {
		return false
	}
	hour, minute, second := digits(m[2]), digits(m[3]), digits(m[4])
	east, south := digits(m[6]), digits(m[7])
	if hour > 23 || minute > 59 || second > 60 || east > 23 || south > 59 {
		return false
	}
	offset := east*60 + south
	if m[5] == "+" {
		offset = -offset
	}
	const day = 24 * 60
	return second < 60 || (hour*60+minute+offset+day)%day == day-1
}

// isEmail follows RFC 5321, Mailbox.
func (g grammar) isEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 || len(s) > 254 {
		return false
	}
	local, domain := s[:at], s[at+1:]
	return (g.isDotted(local, g.atom) || isQuoted(local)) && (g.isDotted(domain, g.label) || isLiteral(domain))
}

func (grammar) isDotted(s string, part *regexp.Regexp) bool {
	for p := range strings.SplitSeq(s, ".") {
		if !part.MatchString(p) {
			return false
		}
	}
	return true
}

// isQuoted tells of a local part such as "a b".
func isQuoted(s string) bool {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return false
	}
	inner := s[1 : len(s)-1]
	for i := 0; i < len(inner); i++ {
		if inner[i] == '\\' {
			i++
		} else if inner[i] == '"' {
			return false
		}
		if i >= len(inner) || inner[i] < ' ' || inner[i] > '~' {
			return false
		}
	}
	return true
}

// isLiteral tells of the address that a mailbox may have in place of a domain:
// [192.0.2.1] or [IPv6:2001:db8::1] (RFC 5321, 4.1.3).
func isLiteral(s string) bool {
	inner, open := strings.CutPrefix(s, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	if !open || !closed {
		return false
	}
	text, six := strings.CutPrefix(inner, "IPv6:")
	addr, err := netip.ParseAddr(text)
	return err == nil && addr.Zone() == "" && addr.Is6() == six
}
