package report

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// wire writes a whole exchange, as it went over the wire but for secrets.
func (t *text) wire(b *strings.Builder, e *Exchange) {
	if e.Challenge != nil {
		fmt.Fprintf(b, "    %s\n", t.paint.faint(fmt.Sprintf("(asked for credentials first: %d)", e.Challenge.Status)))
	}
	fmt.Fprintf(b, "    %s\n", t.paint.blue("> "+Safe(e.Request.Method+" "+e.Request.URL)))
	t.headers(b, ">", e.Request.Headers)
	t.body(b, ">", e.Request.Body)
	if e.Response != nil {
		fmt.Fprintf(b, "    %s\n", t.paint.blue(fmt.Sprintf("< %d %s", e.Response.Status, Safe(reason(e.Response)))))
		t.headers(b, "<", e.Response.Headers)
		t.body(b, "<", e.Response.Body)
	}
	if e.Failure != "" {
		fmt.Fprintf(b, "    ! %s\n", Safe(e.Failure))
	}
	fmt.Fprintf(b, "    %s\n", t.paint.faint(fmt.Sprintf("(%.1f ms%s)", e.Millis, repeated(e))))
}

// repeated says that an exchange is not the first one of its request.
func repeated(e *Exchange) string {
	if e.Repeats == 0 {
		return ""
	}
	return ", sent again " + contract.Plural(e.Repeats, "time")
}

func (t *text) headers(b *strings.Builder, mark string, h http.Header) {
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			fmt.Fprintf(b, "    %s %s: %s\n", mark, Safe(name), Safe(value))
		}
	}
}

// body keeps the lines of a body, since it may have been formatted.
func (t *text) body(b *strings.Builder, mark string, body Body) {
	content, ok := body.content()
	switch {
	case !ok:
		fmt.Fprintf(b, "    %s %s\n", mark, notText(body))
		return
	case content == "":
		return
	}
	for line := range strings.SplitSeq(strings.TrimRight(content, "\n"), "\n") {
		fmt.Fprintf(b, "    %s %s\n", mark, Safe(strings.TrimSuffix(line, "\r")))
	}
	if body.Truncated {
		fmt.Fprintf(b, "    %s (cut; %s came)\n", mark, contract.Plural(body.Size, "byte"))
	}
}
