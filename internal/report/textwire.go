package report

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// exchanges writes those of a case. Polls that got the same reply are one, with
// their number; what a finding is about is marked.
func (t *text) exchanges(b *strings.Builder, v *Verdict) {
	for i := 0; i < len(v.Exchanges); {
		n := polls(v.Exchanges[i:])
		t.marks(b, v, i, i+n)
		if n > 1 {
			fmt.Fprintf(b, "    %s\n", t.paint.faint(fmt.Sprintf("(asked %d times, each time with this reply; the last:)", n)))
		}
		t.wire(b, &v.Exchanges[i+n-1])
		i += n
	}
}

// polls is how many of the first exchanges ask the same and get the same reply:
// 1 where that is not worth a word.
func polls(list []Exchange) int {
	const few = 3
	n := 1
	for n < len(list) && list[0].repeatedBy(&list[n]) {
		n++
	}
	if n < few {
		return 1
	}
	return n
}

// repeatedBy tells whether another exchange of the same step, a read, is the same
// to a reader.
func (e *Exchange) repeatedBy(other *Exchange) bool {
	read := e.Request.Method == http.MethodGet || e.Request.Method == http.MethodHead
	whole := e.Response != nil && other.Response != nil && e.Failure == "" && other.Failure == "" && e.Repeats == 0 && other.Repeats == 0
	return read && whole && e.Step == other.Step && e.Request.Method == other.Request.Method && e.Request.URL == other.Request.URL &&
		e.Response.Status == other.Response.Status && e.Response.same(&other.Response.Body)
}

func (b Body) same(other *Body) bool {
	if b.Text == nil || other.Text == nil {
		return b.Text == other.Text
	}
	return *b.Text == *other.Text && b.Encoding == other.Encoding && b.Size == other.Size && b.Truncated == other.Truncated
}

// marks names the findings that one of the exchanges from one place to another
// shows.
func (t *text) marks(b *strings.Builder, v *Verdict, from, to int) {
	done := map[string]bool{}
	for _, f := range v.Findings {
		if at := f.Exchange - 1; at < from || at >= to || done[f.Check+f.Fingerprint] {
			continue
		}
		done[f.Check+f.Fingerprint] = true
		t.hang(b, "    # ", "", nil, Safe(f.Check)+" is about this exchange: "+Safe(contract.Clip(f.Message, shownText))+printed(f))
	}
}

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
