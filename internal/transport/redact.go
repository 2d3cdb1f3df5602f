package transport

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/atlas-contract/conformance/contract"
)

// mask stands for what is not shown.
const mask = "[redacted]"

// shortSecret is the length below which a secret is replaced only as a whole
// word: "priv" must not eat into "private".
const shortSecret = 8

// redactor replaces secrets in text, in the forms in which they come back:
// plain, percent-encoded, in hex, and as JSON, HTML, Go and base64 write them.
type redactor struct {
	long  *strings.Replacer
	forms []string // what long replaces
	short []*regexp.Regexp
	proof *regexp.Regexp
}

func newRedactor(credentials map[string]Credential, header http.Header, secrets ...string) *redactor {
	for _, c := range credentials {
		secrets = append(secrets, c.Key)
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding} {
			secrets = append(secrets, encoding.EncodeToString([]byte(c.User+":"+c.Key)))
		}
	}
	for name, values := range header {
		if isSecretHeader(name) {
			for _, value := range values {
				secrets = append(secrets, value, value[strings.LastIndex(value, " ")+1:])
			}
		}
	}
	return compile(secrets)
}

func compile(secrets []string) *redactor {
	// A digest proves the key and lets it be guessed offline.
	r := &redactor{proof: regexp.MustCompile(`(?i)\b((?:response|rspauth)(?:\s|\\t)*=(?:\s|\\t)*(?:\\?"|&quot;|&#34;)?)[0-9a-f]{32,128}\b`)}
	var forms []string
	for _, secret := range secrets {
		forms = append(forms, formsOf(secret)...)
	}
	slices.SortFunc(forms, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	var pairs []string
	for _, form := range slices.Compact(forms) {
		switch {
		case len(form) >= shortSecret:
			pairs = append(pairs, form, mask)
			r.forms = append(r.forms, form)
		case form != "":
			r.short = append(r.short, regexp.MustCompile(`(^|[^0-9A-Za-z])`+regexp.QuoteMeta(form)+`($|[^0-9A-Za-z])`))
		}
	}
	r.long = strings.NewReplacer(pairs...)
	return r
}

func formsOf(secret string) []string {
	query, path := url.QueryEscape(secret), url.PathEscape(secret)
	forms := []string{
		secret, query, path, strings.ToLower(query), strings.ToLower(path), html.EscapeString(secret),
		base64.StdEncoding.EncodeToString([]byte(secret)),
		strings.Trim(strconv.Quote(secret), `"`), strings.Trim(strconv.QuoteToASCII(secret), `"`),
	}
	if len(secret) < shortSecret {
		return append(forms, quoted(secret)...) // what follows would be found in much that is none
	}
	for _, format := range []string{"%02x", "%02X", "%%%02x", "%%%02X", `\x%02x`} {
		forms = append(forms, each([]byte(secret), format))
	}
	units := utf16.Encode([]rune(secret))
	forms = append(forms, each(units, `\u%04x`), each(units, `\u%04X`))
	forms = append(forms, within(secret)...)
	// What is shown of a reply may be a text in a text in a text.
	for range 3 {
		for _, form := range slices.Clone(forms) {
			forms = append(forms, quoted(form)...)
		}
		slices.Sort(forms)
		forms = slices.Compact(forms)
	}
	return forms
}

// quoted is a text as it stands in JSON, with and without the escapes that are
// for HTML.
func quoted(text string) []string {
	var forms []string
	for _, escape := range []bool{true, false} {
		var b strings.Builder
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(escape)
		if encoder.Encode(text) == nil {
			forms = append(forms, strings.TrimSuffix(b.String()[1:], "\"\n"))
		}
	}
	return forms
}

// each writes all parts of a secret in one format.
func each[T byte | uint16](parts []T, format string) string {
	var b strings.Builder
	for _, part := range parts {
		fmt.Fprintf(&b, format, part)
	}
	return b.String()
}

// within is how a secret shows inside a longer text in base64, of which it may
// begin at each of three places: the characters that are made of it alone.
func within(secret string) []string {
	var forms []string
	for before := range 3 {
		whole := append(make([]byte, before), secret...)
		text := base64.RawStdEncoding.EncodeToString(whole[:len(whole)/3*3])[(before*8+5)/6:]
		forms = append(forms, text, strings.NewReplacer("+", "-", "/", "_").Replace(text))
	}
	return forms
}

func (r *redactor) redact(s string) string {
	s = r.long.Replace(s)
	for _, short := range r.short {
		// Twice, as neighbours share the character between them.
		s = short.ReplaceAllString(s, "${1}"+mask+"${2}")
		s = short.ReplaceAllString(s, "${1}"+mask+"${2}")
	}
	if strings.Contains(s, "esponse") || strings.Contains(s, "ESPONSE") || strings.Contains(s, "spauth") || strings.Contains(s, "SPAUTH") {
		s = r.proof.ReplaceAllString(s, "${1}"+mask)
	}
	return s
}

// trim cuts a text that we cut within a secret before that secret, since a part
// of it would not be known for one.
func (r *redactor) trim(text []byte) []byte {
	const fewest = 4
	end := len(text)
	for _, form := range r.forms {
		for n := min(len(form), len(text)); n >= fewest; n-- {
			if bytes.HasSuffix(text, []byte(form[:n])) {
				end = min(end, len(text)-n)
				break
			}
		}
	}
	return text[:end:end]
}

// Redact replaces every secret the client knows, and the proof in any digest
// Authorization header, wherever they stand in a text.
func (c *Client) Redact(s string) string { return c.redactor.redact(s) }

// RedactExchange is a copy of the exchange, and of its challenges, without
// secrets: also where the target sent them back. The values of headers that
// carry credentials are left out altogether.
func (c *Client) RedactExchange(e *contract.Exchange) *contract.Exchange {
	if e == nil {
		return nil
	}
	safe := *e
	safe.Failure = c.Redact(e.Failure)
	safe.Challenge = c.RedactExchange(e.Challenge)
	if e.Answered != nil {
		answered := *e.Answered
		answered.Asked = nil
		safe.Answered = &answered
	}
	safe.Request.URL = c.Redact(e.Request.URL)
	safe.Request.Header = c.redactHeader(e.Request.Header)
	safe.Request.Body = c.redactBytes(e.Request.Body)
	if e.Response != nil {
		r := *e.Response
		r.Reason = c.Redact(r.Reason)
		r.Header = c.redactHeader(r.Header)
		r.Body = c.redactBytes(r.Body)
		safe.Response = &r
	}
	return &safe
}

func (c *Client) redactBytes(b []byte) []byte {
	if b == nil {
		return nil
	}
	return []byte(c.Redact(string(b)))
}

func (c *Client) redactHeader(h http.Header) http.Header {
	safe := h.Clone()
	for name, values := range safe {
		for i, value := range values {
			if isSecretHeader(name) {
				values[i] = maskValue(value)
				continue
			}
			values[i] = c.Redact(value)
		}
	}
	return safe
}

// maskValue keeps the scheme of an Authorization header.
func maskValue(value string) string {
	scheme, _, found := strings.Cut(value, " ")
	if found && isToken(scheme) {
		return scheme + " " + mask
	}
	return mask
}

// isSecretHeader tells whether a header carries a credential by its name.
func isSecretHeader(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "authorization", "proxy-authorization", "cookie", "set-cookie":
		return true
	}
	for _, word := range []string{"token", "secret", "api-key", "apikey", "password"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
