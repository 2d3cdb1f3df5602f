package reference

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	// maxBody is the largest body that is read; a real one has 50 bytes.
	maxBody = 1 << 20
	// maxDrain is how much of an unwanted body is read and thrown away, so that
	// a client that writes before it reads gets its answer (E5).
	maxDrain = 64 << 20
	// bodyPatience is how long a client may take to send one.
	bodyPatience = 10 * time.Second
)

// field is a member that a request body must have.
type field struct {
	name string
	// want is the type in words.
	want string
	// is tells the type by what the value begins with on the wire.
	is func(raw json.RawMessage) bool
}

func stringField(name string) field {
	return field{name, "a string", func(raw json.RawMessage) bool { return raw[0] == '"' }}
}

func booleanField(name string) field {
	return field{name, "a boolean", func(raw json.RawMessage) bool { return raw[0] == 't' || raw[0] == 'f' }}
}

func arrayField(name string) field {
	return field{name, "an array", func(raw json.RawMessage) bool { return raw[0] == '[' }}
}

// member is one name and value of an object, as sent.
type member struct {
	name string
	raw  json.RawMessage
}

// readObject reads a JSON object strictly (B7): one value, UTF-8, nothing
// after it, no member twice. Nested values keep their raw form.
func readObject(body []byte) ([]member, *problem) {
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return nil, notJSON("is empty")
	case !utf8.Valid(body):
		return nil, notJSON("is not UTF-8")
	case !json.Valid(body):
		return nil, notJSON("is not one JSON value")
	case bytes.TrimLeft(body, " \t\r\n")[0] != '{':
		return nil, notJSON("is not a JSON object")
	}
	return readMembers(json.NewDecoder(bytes.NewReader(body)))
}

// readMembers splits an object that is known to be valid JSON.
func readMembers(d *json.Decoder) ([]member, *problem) {
	var members []member
	seen := map[string]bool{}
	_, err := d.Token() // {
	for err == nil && d.More() {
		var m member
		var name json.Token
		if name, err = d.Token(); err != nil {
			break
		}
		m.name, _ = name.(string)
		if seen[m.name] {
			return nil, notJSON("has the member " + quote(m.name) + " twice")
		}
		seen[m.name] = true
		err = d.Decode(&m.raw)
		members = append(members, m)
	}
	if err != nil {
		return nil, notJSON("cannot be read")
	}
	return members, nil
}

// checkObject holds a body against the fields that it must have, and may have
// no others (B4, B5, B6).
func checkObject(body []byte, fields ...field) *problem {
	members, problem := readObject(body)
	if problem != nil {
		return problem
	}
	for _, m := range members {
		if !slices.ContainsFunc(fields, func(f field) bool { return f.name == m.name }) {
			return unknownAttribute(m.name)
		}
	}
	for _, f := range fields {
		i := slices.IndexFunc(members, func(m member) bool { return m.name == f.name })
		if i < 0 {
			return missingAttribute(f.name)
		}
		if !f.is(members[i].raw) {
			return wrongType(f.name, f.want)
		}
	}
	return nil
}

// isJSON tells whether a media type is JSON, parameters aside. A body without
// a declared type is taken for JSON (B8).
func isJSON(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	return media == "" || media == "application/json" ||
		strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json")
}

// readBody reads the body of the request, within bounds of size and time.
func (c *call) readBody(patience time.Duration) ([]byte, *problem) {
	c.body = done
	if c.r.Body == nil {
		return nil, nil
	}
	c.limit(patience)
	body, err := io.ReadAll(io.LimitReader(c.r.Body, maxBody+1))
	switch {
	case len(body) > maxBody:
		c.body = begun
		return nil, bodyTooLarge()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, bodyTooSlow()
	case err != nil:
		return nil, notJSON("cannot be read")
	}
	return body, nil
}

// leftover tells whether there may be a body that nobody has read. A client
// that waits for permission to send one is not told to.
func (c *call) leftover() bool {
	waits := c.body == untouched && c.r.Header.Get("Expect") != ""
	return c.body != done && c.r.Body != nil && c.r.ContentLength != 0 && !waits
}

// finish sends the reply and then throws away what is left of the body: in
// this order, because a client may read before it writes, or never write what
// it announced, and is to have its answer all the same.
func (c *call) finish(send func(http.ResponseWriter), patience time.Duration) {
	if !c.leftover() {
		send(c.w)
		return
	}
	// Without full duplex, the HTTP server would read the body first.
	// Writers that are no connection have neither that nor deadlines.
	control := http.NewResponseController(c.w)
	_ = control.EnableFullDuplex()
	send(c.w)
	_ = control.Flush()
	c.limit(patience)
	_, _ = io.CopyN(io.Discard, c.r.Body, maxDrain)
}

// limit sees to it that a body that never comes does not keep the connection
// for ever.
func (c *call) limit(patience time.Duration) {
	_ = http.NewResponseController(c.w).SetReadDeadline(time.Now().Add(patience))
}
