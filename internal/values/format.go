package values

import (
	"encoding/base64"
	"math"
	"math/big"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// sample has texts of a format, and near misses of it (OpenAPI 3.0.3, Data
// Types; JSON Schema 2020-12 Validation, section 7). A format that few
// validators know has no near misses: they would differ about them.
type sample struct {
	format string
	right  []string
	wrong  []string
}

// samples are the formats that texts can be made for.
func samples() []sample {
	return []sample{
		{"date", []string{"2024-02-29", "1999-12-31", "2000-01-01"}, []string{"2023-02-29", "2024-13-01", "2024-2-9", "29-02-2024"}},
		{"date-time", []string{"2024-02-29T12:30:00Z", "1999-12-31T23:59:59.5+01:00", "2000-01-01T00:00:00-00:00", "2016-12-31T23:59:60Z"}, []string{"2024-02-29 12:30:00", "2024-02-29T12:30:00", "2024-02-30T12:30:00Z", "2024-02-29T25:00:00Z", "2024-02-29"}},
		{"time", []string{"12:30:00Z", "23:59:59.5+01:00", "00:00:00-00:00"}, nil},
		{"duration", []string{"P1D", "PT2H30M", "P1Y2M3DT4H5M6S", "P2W"}, nil},
		{"uuid", []string{"3f2b7c1e-5d4a-4b8e-9a6f-0c1d2e3f4a5b", "00000000-0000-4000-8000-000000000000", "3F2B7C1E-5D4A-4B8E-9A6F-0C1D2E3F4A5B"}, []string{"3f2b7c1e-5d4a-4b8e-9a6f", "3f2b7c1e5d4a4b8e9a6f0c1d2e3f4a5b", "3f2b7c1e-5d4a-4b8e-9a6f-0c1d2e3f4a5g"}},
		{"email", []string{"ada@example.com", "a.b+c@example.org"}, []string{"ada at example.com", "ada@", "@example.com"}},
		{"hostname", []string{"example.com", "a-b.example.org", "localhost"}, []string{"-bad-.example.com", "a_b.example.com", "example..com"}},
		{"ipv4", []string{"192.0.2.1", "198.51.100.255", "0.0.0.0"}, []string{"192.0.2.256", "192.0.2", "2001:db8::1"}},
		{"ipv6", []string{"2001:db8::1", "::1", "::", "2001:db8:0:0:0:0:192.0.2.1"}, []string{"2001:db8:::1", "2001:db8::g", "192.0.2.1"}},
		{"uri", []string{"https://example.com/a?b=c", "urn:example:a", "https://example.com/%C3%A9#f"}, []string{"no uri at all", "/only/a/path", "https//example.com"}},
		{"uri-reference", []string{"/a/b?c", "https://example.com/", "#part", "a"}, []string{"/a%zz", "http://[bad", "\\\\server\\file"}},
		{"byte", []string{"c2FtcGxl", "YQ==", "YWI="}, []string{"***", "c2FtcGx", "YQ=a"}},
		{"json-pointer", []string{"/a/0", "/a~1b"}, nil},
		{"regex", []string{"^a+$"}, nil},
	}
}

func sampleOf(format string) (sample, bool) {
	for _, s := range samples() {
		if s.format == format {
			return s, true
		}
	}
	return sample{}, false
}

// sizedFormat is a text of a format that has n characters, "" where that is
// not to be had.
func sizedFormat(format string, n int) string {
	if n < 1 || n > longest {
		return ""
	}
	switch format {
	case "email":
		if n >= 6 && n <= 58 {
			return strings.Repeat("a", n-5) + "@b.co"
		}
	case "uri":
		if n >= 12 {
			return "https://a.b/" + strings.Repeat("c", n-12)
		}
		if n >= 3 {
			return "a:" + strings.Repeat("b", n-2)
		}
	case "uri-reference":
		if n >= 1 {
			return "/" + strings.Repeat("a", n-1)
		}
	case "hostname":
		return sizedHost(n)
	case "byte":
		if n%4 == 0 {
			return strings.Repeat("QUJD", n/4)
		}
	case "date-time":
		if n >= 22 && n <= 40 {
			return "2024-02-29T12:30:00." + strings.Repeat("1", n-21) + "Z"
		}
	}
	return ""
}

func sizedHost(n int) string {
	if n < 1 || n > 253 {
		return ""
	}
	host := []byte(strings.Repeat("a", n))
	for i := 60; i < n-1; i += 61 {
		host[i] = '.'
	}
	return string(host)
}

// formatOK tells whether a text has a format. One that is not known demands
// nothing.
func formatOK(format, s string) bool {
	switch format {
	case "date":
		_, err := time.Parse(time.DateOnly, s)
		return err == nil
	case "date-time":
		return isDateTime(s)
	case "time":
		return isTime(s)
	case "duration":
		return durationText.MatchString(s) && !strings.HasSuffix(s, "P") && !strings.HasSuffix(s, "T")
	case "email":
		a, err := mail.ParseAddress(s)
		return err == nil && a.Name == "" && a.Address == s
	case "hostname":
		return len(s) <= 253 && hostText.MatchString(s)
	case "ipv4", "ipv6":
		a, err := netip.ParseAddr(s)
		return err == nil && a.Is4() == (format == "ipv4") && a.Zone() == ""
	case "uri", "uri-reference":
		u, err := url.Parse(s)
		return err == nil && (u.IsAbs() || format != "uri") && !strings.ContainsAny(s, " \"<>\\^`{|}") && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f })
	case "uuid":
		return uuidText.MatchString(s)
	case "byte":
		return isBase64(s)
	case "json-pointer":
		return pointerText.MatchString(s)
	case "regex":
		_, err := regexp.Compile(s)
		return err == nil
	}
	return true
}

var (
	durationText = regexp.MustCompile(`^P(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?)$`)
	hostText     = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*\.?$`)
	uuidText     = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	pointerText  = regexp.MustCompile(`^(/([^~/]|~[01])*)*$`)
	clockText    = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$`)
)

func isDateTime(s string) bool {
	if len(s) < 20 || s[10] != 'T' && s[10] != 't' || !isTime(s[11:]) {
		return false
	}
	_, err := time.Parse(time.DateOnly, s[:10])
	return err == nil
}

// isTime is full-time of RFC 3339 §5.6. A leap second is the last one of a day
// in UTC; of those only the one that is written in UTC is taken.
func isTime(s string) bool {
	if !clockText.MatchString(s) {
		return false
	}
	return s[6:8] != "60" || strings.HasPrefix(s, "23:59") && strings.HasSuffix(strings.ToUpper(s), "Z")
}

func isBase64(s string) bool {
	if strings.ContainsAny(s, "-_") {
		_, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(s, "="))
		return err == nil
	}
	_, err := base64.StdEncoding.DecodeString(s)
	return err == nil
}

func numberFormatOK(format string, r *big.Rat) bool {
	low, high := formatRange(format)
	if low == nil || strings.HasPrefix(format, "int") && !r.IsInt() {
		return true
	}
	return r.Cmp(low) >= 0 && r.Cmp(high) <= 0
}

// formatRange are the least and the greatest number of a format.
func formatRange(format string) (low, high *big.Rat) {
	switch format {
	case "int32":
		return big.NewRat(math.MinInt32, 1), big.NewRat(math.MaxInt32, 1)
	case "int64":
		return new(big.Rat).SetInt64(math.MinInt64), new(big.Rat).SetInt64(math.MaxInt64)
	case "float":
		return new(big.Rat).SetFloat64(-math.MaxFloat32), new(big.Rat).SetFloat64(math.MaxFloat32)
	case "double":
		return new(big.Rat).SetFloat64(-math.MaxFloat64), new(big.Rat).SetFloat64(math.MaxFloat64)
	}
	return nil, nil
}
