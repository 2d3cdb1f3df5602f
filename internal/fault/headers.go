package fault

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"regexp"
)

// media changes the Content-Type of replies that have one.
func media(to string, conds ...cond) plant {
	return replies(on(func(t *turn) {
		if t.header.Get("Content-Type") != "" {
			t.header.Set("Content-Type", to)
		}
	}, append(conds, good)...))
}

// headerFaults are those of the media types of successes (S9).
func headerFaults() []Fault {
	return []Fault{
		{
			Name: "success-as-plain-text", Statement: "S9", Checks: by("media-type"),
			Doc: "Successes are declared as text/plain.", plant: media("text/plain; charset=utf-8"),
		},
		{
			Name: "error-as-a-problem-of-another-status", Statement: "E2", Checks: by("problem media-type"),
			Doc: "A 404 is declared as application/problem+json, and its status member says 400.",
			plant: replies(on(func(t *turn) {
				t.object(func(m map[string]any) { m["status"] = 400 })
				t.header.Set("Content-Type", "application/problem+json")
			}, code(404))),
		},
		{
			Name: "list-as-plain-text", Statement: "S9", Checks: by("media-type"),
			Doc: "The list is declared as text/plain.", plant: media("text/plain; charset=utf-8", acts(list)),
		},
		{
			Name: "pretty-as-html", Statement: "S9", Checks: by("media-type"),
			Doc: "Pretty replies are declared as text/html.", plant: media("text/html", flagged("pretty")),
		},
		{
			Name: "create-in-a-newer-version", Statement: "S9", Checks: by("media-type"),
			Doc: "A create is declared as a type of a newer version.", plant: media("application/vnd.atlas.2023-01-01+json", acts(create)),
		},
		{
			Name: "get-without-media-type", Statement: "S9", Checks: by("media-type"),
			Doc: "A get has no Content-Type.", plant: replies(on(func(t *turn) { t.header["Content-Type"] = nil }, acts(get), good)),
		},
		{
			Name: "delete-as-octets", Statement: "S9", Checks: by("media-type"),
			Doc: "The reply to a delete is declared as application/octet-stream.", plant: media("application/octet-stream", acts(remove)),
		},
		{
			Name: "media-type-misspelt", Statement: "S9", Checks: by("media-type"),
			Doc: "A list is declared as text/json.", plant: media("text/json", acts(list, containers)),
		},
		{
			Name: "envelope-as-javascript", Statement: "S9", Checks: by("media-type"),
			Doc: "What is wrapped is declared as application/javascript.", plant: media("application/javascript", flagged("envelope")),
		},
		{
			Name: "success-in-latin-1", Statement: "S9", Checks: by("charset"),
			Doc: "Successes are declared to be in ISO 8859-1.", plant: media("application/json; charset=ISO-8859-1"),
		},
		{
			Name: "location-of-nothing", Statement: "O1", Checks: by("location"),
			Doc:   "A create has a Location that leads to no service.",
			plant: replies(on(func(t *turn) { t.header.Set("Location", "/endpointService/1") }, acts(create), good)),
		},
		{
			Name: "compressed-unasked", Statement: "S9", Checks: by("body answered media-type headers"),
			Doc: "A list is compressed, although the client did not ask for it.",
			plant: replies(on(func(t *turn) {
				var b bytes.Buffer
				w := gzip.NewWriter(&b)
				_, _ = w.Write(t.body) // to memory
				_ = w.Close()
				t.body = b.Bytes()
				t.header.Set("Content-Encoding", "gzip")
			}, acts(list), good)),
		},
	}
}

// encodingFaults are those of JSON itself (S9).
func encodingFaults() []Fault {
	spelt := func(change func(body []byte) []byte, conds ...cond) plant {
		return replies(on(func(t *turn) {
			if len(t.body) > 0 {
				t.body = change(t.body)
			}
		}, append(conds, good)...))
	}
	swap := func(pattern, to string) func([]byte) []byte {
		form := regexp.MustCompile(pattern)
		return func(body []byte) []byte { return form.ReplaceAll(body, []byte(to)) }
	}
	one := acts(create, get)
	return []Fault{
		{
			Name: "byte-order-mark", Statement: "S9", Checks: by("body"),
			Doc: "Lists begin with a byte order mark.", plant: spelt(func(body []byte) []byte { return append([]byte("\xef\xbb\xbf"), body...) }, acts(list)),
		},
		{
			Name: "member-twice", Statement: "S9", Checks: by("body"),
			Doc: "A service has its id twice.", plant: spelt(swap(`^\{`, `{"id":"000000000000000000000000",`), one, not(flagged("envelope"))),
		},
		{
			Name: "trailing-comma", Statement: "S9", Checks: by("body"),
			Doc: "A comma follows the last member of a service.", plant: spelt(swap(`\}$`, ",}"), one),
		},
		{
			Name: "single-quotes", Statement: "S9", Checks: by("body"),
			Doc: "Strings are in single quotes.", plant: spelt(swap(`"`, "'"), acts(readMode)),
		},
		{
			Name: "python-literals", Statement: "S9", Checks: by("body"),
			Doc: "A null is None.", plant: spelt(swap(`\bnull\b`, "None"), one),
		},
		{
			Name: "invalid-utf8-in-messages", Statement: "S9", Checks: by("body"),
			Doc: "The reply to a create has a byte that is no UTF-8.", plant: spelt(swap(`\}$`, ",\"note\":\"caf\xe9\"}"), acts(create)),
		},
		{
			Name: "reply-twice", Statement: "S9", Checks: by("body"),
			Doc: "A get sends its body twice.", plant: spelt(func(body []byte) []byte { return append(body, body...) }, acts(get)),
		},
		{
			Name: "guard-against-scripts", Statement: "S9", Checks: by("body"),
			Doc: "A list begins with a guard against being run as a script.", plant: spelt(func(body []byte) []byte { return append([]byte(")]}',"), body...) }, acts(list)),
		},
		{
			Name: "called-back", Statement: "S9", Checks: by("body"),
			Doc: "What is wrapped is the argument of a function.", plant: spelt(func(body []byte) []byte { return fmt.Appendf(nil, "callback(%s)", body) }, flagged("envelope")),
		},
		{
			Name: "json-in-json", Statement: "S9", Checks: by("body"),
			Doc: "The containers are a string with JSON in it.", plant: spelt(func(body []byte) []byte { return write(string(body)) }, acts(containers)),
		},
		{
			Name: "body-cut", Statement: "S9", Checks: by("body"),
			Doc: "The last byte of a list is missing.", plant: spelt(func(body []byte) []byte { return body[:len(body)-1] }, acts(list)),
		},
	}
}
