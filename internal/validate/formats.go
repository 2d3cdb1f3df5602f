package validate

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"math/big"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// stringFormat tells whether s has the format. A format that is not known here
// demands nothing.
func stringFormat(format, s string) bool {
	switch format {
	case "date":
		return isDate(s)
	case "date-time":
		return isDateTime(s)
	case "email":
		return isEmail(s)
	case "hostname":
		return isHostname(s)
	case "ipv4":
		a, err := netip.ParseAddr(s)
		return err == nil && a.Is4()
	case "ipv6":
		a, err := netip.ParseAddr(s)
		return err == nil && a.Is6() && a.Zone() == ""
	case "uri":
		u, err := url.Parse(s)
		return err == nil && u.IsAbs() && isURIText(s)
	case "uri-reference":
		_, err := url.Parse(s)
		return err == nil && isURIText(s)
	case "uuid":
		return isUUID(s)
	case "byte":
		return isBase64(s)
	}
	return true
}

// numberFormat tells whether the literal is in the range of its format.
func numberFormat(format string, n json.Number) bool {
	switch format {
	case "int32":
		return inRange(n, 31)
	case "int64":
		return inRange(n, 63)
	case "float":
		return finite(n, math.MaxFloat32)
	case "double":
		return finite(n, math.MaxFloat64)
	}
	return true
}

// inRange tells that an integer has no more than so many bits beside the sign.
// What is no integer is the business of the type.
func inRange(n json.Number, bits uint) bool {
	if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return bits == 63 || i>>bits == 0 || i>>bits == -1
	}
	if !isInteger(n) {
		return true
	}
	r := rational(n)
	if r == nil {
		return strings.Trim(string(n), "-0.eE+") == "" // beyond all bounds, or zero
	}
	limit := new(big.Int).Lsh(big.NewInt(1), bits)
	return r.Num().Cmp(limit) < 0 && r.Num().Cmp(new(big.Int).Neg(limit)) >= 0
}

func finite(n json.Number, most float64) bool {
	f, err := n.Float64()
	return err == nil && math.Abs(f) <= most
}

// isDate is full-date of RFC 3339 §5.6, a day that the calendar has.
func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// isDateTime is date-time of RFC 3339 §5.6, whose T and Z may be lower case. A
// leap second is at the end of a day in UTC only (§5.7).
func isDateTime(s string) bool {
	const date, seconds = len("2006-01-02"), len("2006-01-02T15:04:05")
	if len(s) < seconds+1 || s[date] != 'T' && s[date] != 't' || !isDate(s[:date]) {
		return false
	}
	clock := s[date+1 : seconds]
	zone := cutFraction(s[seconds:])
	minutes, ok := offset(zone)
	if !ok {
		return false
	}
	leap := strings.HasSuffix(clock, ":60")
	if leap {
		clock = clock[:6] + "59"
	}
	t, err := time.Parse(time.TimeOnly, clock)
	if err != nil || len(clock) != 8 {
		return false
	}
	if !leap {
		return true
	}
	utc := (t.Hour()*60 + t.Minute() - minutes + 2*24*60) % (24 * 60)
	return utc == 23*60+59
}

// cutFraction removes the fraction of a second, if there is one.
func cutFraction(s string) string {
	if len(s) > 1 && s[0] == '.' && isDigit(s[1]) {
		return s[digits(s, 1):]
	}
	return s
}

// offset reads Z or +hh:mm as minutes.
func offset(s string) (int, bool) {
	if s == "Z" || s == "z" {
		return 0, true
	}
	if len(s) != 6 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	t, err := time.Parse("15:04", s[1:])
	if err != nil {
		return 0, false
	}
	minutes := t.Hour()*60 + t.Minute()
	if s[0] == '-' {
		minutes = -minutes
	}
	return minutes, true
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Name == "" && a.Address == s
}

// isHostname is the grammar of RFC 1123 §2.1: labels of letters, digits and
// inner hyphens. One dot at the end is let pass.
func isHostname(s string) bool {
	s = strings.TrimSuffix(s, ".")
	if s == "" || len(s) > 253 {
		return false
	}
	for _, label := range strings.Split(s, ".") {
		if len(label) == 0 || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			c := label[i] | 0x20
			if !isDigit(label[i]) && (c < 'a' || c > 'z') && label[i] != '-' {
				return false
			}
		}
	}
	return true
}

// isURIText tells that every character may stand in a URI (RFC 3986 §2).
func isURIText(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			return false
		}
	}
	return true
}

// isUUID is the text form of RFC 9562 §4, of any version.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
			continue
		}
		if c := s[i] | 0x20; !isDigit(s[i]) && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// isBase64 is base64 with its padding (RFC 4648 §4), in lines or not; base64url
// (§5) goes without padding as well.
func isBase64(s string) bool {
	s = strings.NewReplacer("\r", "", "\n", "").Replace(s)
	if strings.ContainsAny(s, "-_") {
		_, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
		return err == nil
	}
	_, err := base64.StdEncoding.DecodeString(s)
	return err == nil
}
