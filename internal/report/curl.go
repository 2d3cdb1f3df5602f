package report

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Curl says how curl asks a target as a run does.
type Curl struct {
	// Way are the options that say how the target is reached, as a shell takes
	// them.
	Way []string
	// Credentials are those of the run by name, "" for the default one.
	Credentials map[string]CurlCredential
}

// CurlCredential is how curl sends a credential. The zero one is one that it
// cannot send.
type CurlCredential struct {
	// Options send it, as a shell takes them; the key stands there as a variable.
	Options []string
	// Header is the name of the header that they write.
	Header string
	// Query is the name of the parameter of the URL that it is the value of, in
	// place of Options, and Key the variable.
	Query, Key string
}

// mostCommand is how long a command of curl may be; a longer one is no help.
const mostCommand = 2000

// Command sends a request with the credential of a name, "" where curl cannot.
// What is redacted in the request, but for that credential, stays so.
func (c *Curl) Command(name string, r *Request) string {
	known, configured := c.Credentials[name]
	if configured && known.Header == "" && known.Query == "" {
		return ""
	}
	body, isBody := sendable(r)
	where, reachable := known.address(r.URL)
	if !isBody || !reachable {
		return ""
	}
	parts := append([]string{"curl", "-i"}, c.Way...)
	if odd := strings.Contains(r.URL, "/."); odd {
		parts = append(parts, "--path-as-is")
	}
	switch {
	case r.Method == http.MethodHead:
		parts = append(parts, "--head")
	case r.Method != http.MethodGet || body != nil:
		parts = append(parts, "-X", Quoted(r.Method))
	}
	parts = append(parts, known.Options...)
	parts = append(parts, headers(r.Headers, known.Header, body != nil)...)
	parts = append(parts, body...)
	command := strings.Join(append(parts, where), " ")
	if len(command) > mostCommand || Safe(command) != command {
		return ""
	}
	return command
}

// sendable are the options that send a body, none where there is none, and
// whether curl can send it.
func sendable(r *Request) ([]string, bool) {
	content, isText := r.content()
	switch {
	case !isText || r.Truncated || r.Text != nil && r.Method == http.MethodHead:
		return nil, false
	case r.Text == nil:
		return nil, true
	case strings.HasSuffix(content, "\n"), strings.Contains(content, "\x00"): // see Quoted
		return nil, false
	}
	return []string{"--data-raw", Quoted(content)}, true
}

// address is the URL as a shell takes it, and whether curl can ask it.
func (c *CurlCredential) address(u string) (string, bool) {
	if strings.ContainsFunc(u, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", false
	}
	glob := ""
	word := Quoted(u)
	if c.Query != "" {
		before, ended := strings.CutSuffix(u, hidden)
		if !ended || !strings.HasSuffix(before, url.QueryEscape(c.Query)+"=") {
			return "", false
		}
		u, word = before, WithSecret(before, c.Key)
	}
	if strings.ContainsAny(u, "[]{}") {
		glob = "--globoff "
	}
	return glob + word, true
}

// headers are the options for the headers of a request, without that of its
// credential and those that curl writes as well.
func headers(h http.Header, credential string, body bool) []string {
	var out []string
	media := false
	for _, name := range slices.Sorted(maps.Keys(h)) {
		switch http.CanonicalHeaderKey(name) {
		case "User-Agent", "Content-Length", http.CanonicalHeaderKey(credential):
			continue
		case "Content-Type":
			media = true
		}
		for _, value := range h[name] {
			line := name + ": " + value
			if value == "" {
				line = name + ";"
			}
			out = append(out, "-H", Quoted(line))
		}
	}
	if body && !media {
		out = append(out, "-H", "Content-Type:")
	}
	return out
}
