package validate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"unicode/utf8"
)

// body judges a body by its media type. What the strict layer cannot read it
// leaves alone, and says so.
func (j *strictly) body(rule *mediaRule, header http.Header, body []byte, d direction) {
	media := mediaKey(header.Get("Content-Type"))
	switch {
	case isJSON(media):
		j.jsonBody(rule, body, d)
	case rule.schema == nil:
	case media == "application/x-www-form-urlencoded":
		j.form(rule, body, d)
	case media == "multipart/form-data":
		j.multipart(rule, header, body, d)
	case strings.HasPrefix(media, "text/") && media != "text/xml":
		j.plain(rule, body)
	case rule.schema.possible() == kindString:
		// Bytes of any kind are a string with format binary.
	default:
		j.cannot(fmt.Sprintf("judge a body of media type %s", quote(media)))
	}
}

func (j *strictly) jsonBody(rule *mediaRule, body []byte, d direction) {
	v, claims := readJSON(body)
	j.claims = append(j.claims, claims...)
	if !unreadable(claims) {
		j.claims = append(j.claims, j.evaluate(rule.schema, v, PlaceBody, "", d)...)
	}
}

// plain judges text as a string, or as whatever else its schema reads it as.
func (j *strictly) plain(rule *mediaRule, body []byte) {
	if rule.schema.possible()&(kindArray|kindObject) != 0 || !utf8.Valid(body) {
		j.cannot("judge a text body by a schema of another kind")
		return
	}
	p := &parameter{in: PlaceBody, schema: rule.schema}
	j.claims = append(j.claims, j.readBest(p, textOf(string(body)), response)...)
}

// form judges a form as an object whose members are read by their schemas.
func (j *strictly) form(rule *mediaRule, body []byte, d direction) {
	if len(rule.encoding) > 0 {
		j.cannot("judge a form with an encoding of its own")
		return
	}
	object := map[string]raw{}
	for _, p := range pairs(string(body)) {
		addPart(object, rule.schema, p.name, unescapeQuery(p.value))
	}
	j.parts(rule, object, d)
}

// addPart collects parts of one name; one that is declared as an array is a
// list even where it comes once.
func addPart(object map[string]raw, s *schema, name, text string) {
	part, twice := object[name]
	member := memberSchema(s, name)
	switch {
	case part.shape == kindArray:
		part.list = append(part.list, text)
	case twice:
		part = raw{list: []string{part.text, text}, shape: kindArray}
	case member != nil && member.possible()&kindArray != 0:
		part = raw{text: text, list: []string{text}, shape: kindArray}
	default:
		part = textOf(text)
	}
	object[name] = part
}

func (j *strictly) parts(rule *mediaRule, object map[string]raw, d direction) {
	p := &parameter{in: PlaceBody, schema: rule.schema}
	for name := range object {
		if m := memberSchema(rule.schema, name); m != nil && m.possible()&kindObject != 0 {
			j.cannot(fmt.Sprintf("read the form field %s as an object", quote(name)))
			return
		}
	}
	j.claims = append(j.claims, j.readBest(p, raw{object: object, shape: kindObject}, d)...)
}

// multipart judges which parts there are and, where they are short text, what
// they say.
func (j *strictly) multipart(rule *mediaRule, header http.Header, body []byte, d direction) {
	_, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		j.cannot("read a multipart body without a boundary")
		return
	}
	object := map[string]raw{}
	reader := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			j.cannot("read a multipart body: " + firstLine(err.Error()))
			return
		}
		text, err := io.ReadAll(part)
		if err != nil || part.FileName() != "" || part.Header.Get("Content-Type") != "" {
			j.cannot("judge a multipart body with parts that are not plain fields")
			return
		}
		addPart(object, rule.schema, part.FormName(), string(text))
	}
	j.parts(rule, object, d)
}
