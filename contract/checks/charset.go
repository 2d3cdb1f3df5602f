package checks

import (
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"

	"github.com/atlas-contract/conformance/contract"
)

var charset = Check{
	Name: "charset",
	Doc:  "A reply is in the charset that its Content-Type names: JSON is UTF-8, whatever is said of it (RFC 8259, section 8.1; charset=utf-8 is harmless), and a text is valid in the one that it names, whose name is a registered one (RFC 9110, section 8.3.2).",
	Run: func(s *Subject) {
		for _, v := range s.Views {
			if !v.Came() || len(v.Response.Body) == 0 && v.Request.Method != "HEAD" {
				continue
			}
			media, parameters, err := mime.ParseMediaType(v.Response.Header.Get("Content-Type"))
			switch {
			case err != nil: // what is wrong with it is no matter of its charset
			case isJSON(media):
				judgeJSONCharset(s, v, parameters["charset"])
			case strings.HasPrefix(media, "text/") && parameters["charset"] != "":
				judgeTextCharset(s, v, parameters["charset"])
			}
		}
	},
}

// isJSON tells that a media type is JSON, or of a syntax upon it (RFC 6839,
// section 3.1).
func isJSON(media string) bool {
	return strings.HasSuffix(media, "/json") || strings.HasSuffix(media, "+json")
}

func judgeJSONCharset(s *Subject, v *View, name string) {
	s.Tested(s.Contract.Cites("charset")...)
	bytes := v.Response.Body
	known, _ := registered(name)
	switch {
	case v.wholeText() && !utf8.Valid(bytes):
		if !v.bodyAtFault() { // else the check of the body says so
			findCharset(s, v, "", "JSON is not in UTF-8", "body", "UTF-8", "other bytes")
		}
	case name == "", known == "UTF-8", known == "US-ASCII" && isASCII(bytes):
	case isASCII(bytes): // it reads the same in most charsets, so the name does no harm yet
		findCharset(s, v, s.unlessCited("charset"), "JSON names another charset than UTF-8", "header", "charset=utf-8, or none", name)
	default:
		findCharset(s, v, "", "JSON names another charset than the UTF-8 that it is in", "header", "charset=utf-8, or none", name)
	}
}

func judgeTextCharset(s *Subject, v *View, name string) {
	s.Tested(s.Contract.Cites("charset")...)
	known, ok := registered(name)
	switch {
	case !ok: // names ought to be registered; two sides may agree on others
		findCharset(s, v, s.unlessCited("charset"), "a text names a charset that nobody knows", "header", "a registered charset", name)
	case !v.wholeText():
	case known == "UTF-8" && !utf8.Valid(v.Response.Body), known == "US-ASCII" && !isASCII(v.Response.Body):
		findCharset(s, v, "", "a text is not in the charset that it names", "body", known, "other bytes")
	}
}

func findCharset(s *Subject, v *View, evidence contract.Evidence, message, place, expected, got string) {
	f := contract.Finding{Evidence: evidence, Message: message, Place: place, Expected: expected, Got: contract.Clip(got, 80)}
	if place == "header" {
		f.Pointer = "Content-Type"
	}
	s.Find(v, f, s.Contract.Cites("charset")...)
}

// registered is the usual name of a charset, "" for one whose bytes nobody
// here can read. It tells false for a name that neither the registry of IANA
// nor the list that browsers go by (WHATWG, Encoding) has.
func registered(name string) (string, bool) {
	encoding, err := ianaindex.IANA.Encoding(name)
	if err != nil {
		encoding, err = htmlindex.Get(name) // such as utf8, which is in no registry
	}
	if err != nil {
		return "", false
	}
	if encoding == nil {
		return "", true
	}
	usual, _ := ianaindex.IANA.Name(encoding) // it has one, or is nobody's to read
	return usual, true
}

func isASCII(bytes []byte) bool {
	for _, b := range bytes {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// wholeText tells whether the bytes of the body are those that were written as
// text: neither cut, nor coded, nor read by a recorder, which may have made
// UTF-8 of them.
func (v *View) wholeText() bool {
	coding := v.Response.Header.Get("Content-Encoding")
	return !v.Response.Truncated && !v.Recorded && (coding == "" || strings.EqualFold(coding, "identity"))
}

// bodyAtFault tells whether the validators object to the body.
func (v *View) bodyAtFault() bool {
	for _, p := range v.Result.Problems {
		if p.Place == "body" {
			return true
		}
	}
	return false
}
