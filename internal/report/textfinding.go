package report

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/atlas-contract/conformance/contract"
)

const (
	// shownText is how much of a value is shown, shownBody how much of a body.
	shownText = 400
	shownBody = 300
)

// Findings are the findings of one case as the text report shows them, without
// the line of the case.
func Findings(v *Verdict, o Options) string {
	var b strings.Builder
	o.Quiet = false
	t := newText(io.Discard, o).(*text)
	t.findings(&b, v, t.causes.of(v))
	return strings.TrimRight(b.String(), "\n")
}

// findings writes the findings of a case. The same fault in several places of
// one case is one finding with a number.
func (t *text) findings(b *strings.Builder, v *Verdict, list []occurrence) {
	t.shown = nil
	for _, o := range list {
		if o.Known != nil {
			continue
		}
		known, first := t.causes.add(o, v)
		t.finding(b, v, o.Finding, known, first, o.times)
	}
	t.letBe(b, v)
	b.WriteByte('\n')
}

func (t *text) finding(b *strings.Builder, v *Verdict, f Finding, known *cause, first bool, times int) {
	title := Safe(contract.Clip(f.Message, shownText))
	if times > 1 {
		title += fmt.Sprintf(" (in %d places)", times)
	}
	t.hang(b, "  "+Safe(f.Check)+": ", Safe(f.Check), t.paint.bold, title+printed(f))
	if !first {
		t.field(b, "same as", fmt.Sprintf("in %s, the first of %s so far", Safe(known.first), contract.Plural(known.cases, "case")))
		t.field(b, "got", Safe(contract.Clip(f.Got, shownText)))
		return
	}
	t.field(b, "promise", Safe(Promise(&f)))
	t.field(b, "source", Safe(f.Source))
	t.field(b, "expected", Safe(contract.Clip(f.Expected, shownText)))
	t.field(b, "got", Safe(contract.Clip(f.Got, shownText)))
	t.field(b, "where", where(v, f))
	if e := exchangeOf(v, f); e != nil && e != t.shown {
		t.shown = e
		t.short(b, e, &f)
		t.command(b, "again", Again(&t.header, v))
	}
}

// printed is the beginning of a finding's fingerprint, by which it can be asked
// about.
func printed(f Finding) string {
	const enough = 8
	if f.Fingerprint == "" {
		return ""
	}
	return " [" + Safe(f.Fingerprint[:min(enough, len(f.Fingerprint))]) + "]"
}

// field writes one labelled text, and nothing where there is none.
func (t *text) field(b *strings.Builder, label, text string) {
	if text == "" {
		return
	}
	t.hang(b, fmt.Sprintf("    %-9s ", label), label, t.paint.faint, text)
}

// command writes a command whole and on one line, as it is to be pasted.
func (t *text) command(b *strings.Builder, label, command string) {
	if command != "" {
		fmt.Fprintf(b, "    %s%*s %s\n", t.paint.faint(label), 9-len(label), "", command)
	}
}

// where is the place in the exchange, and which exchange of several.
func where(v *Verdict, f Finding) string {
	place := strings.TrimSpace(Safe(f.Place) + " " + Safe(contract.Clip(f.Pointer, shownText)))
	if f.Step == "" || len(v.Exchanges) < 2 {
		return place
	}
	if place == "" {
		return "step " + Safe(f.Step)
	}
	return place + ", in step " + Safe(f.Step)
}

// exchangeOf is the exchange that shows the finding; where the record does not
// say which, the last one of its step.
func exchangeOf(v *Verdict, f Finding) *Exchange {
	if i := f.Exchange - 1; i >= 0 && i < len(v.Exchanges) {
		return &v.Exchanges[i]
	}
	for i := range slices.Backward(v.Exchanges) {
		if f.Step == "" || v.Exchanges[i].Step == f.Step {
			return &v.Exchanges[i]
		}
	}
	return nil
}

// short writes an exchange in a few lines, the place of the finding marked.
func (t *text) short(b *strings.Builder, e *Exchange, f *Finding) {
	t.field(b, "sent", Safe(e.Request.Method+" "+contract.Clip(e.Request.URL, shownText)))
	t.field(b, "", preview(e.Request.Body))
	t.field(b, "came", came(e))
	if e.Response == nil {
		return
	}
	content, isText := e.Response.content()
	if x, ok := mark(content, f.Pointer); f.Place == "body" && f.Pointer != "" && isText && ok {
		for text, line := range x.rows(t.o.Width - 14) {
			fmt.Fprintf(b, "    %-9s %s\n", "", text)
			if line != "" {
				fmt.Fprintf(b, "    %-9s %s\n", "", t.paint.blue(line))
			}
		}
		return
	}
	t.field(b, "", preview(e.Response.Body))
}

// came is what came back, in a line.
func came(e *Exchange) string {
	var parts []string
	if r := e.Response; r != nil {
		parts = append(parts, fmt.Sprintf("%d %s", r.Status, Safe(reason(r))))
		if media := http.Header(r.Headers).Get("Content-Type"); media != "" {
			parts = append(parts, Safe(contract.Clip(media, 80)))
		}
		parts = append(parts, contract.Plural(r.Size, "byte"))
	}
	if e.Failure != "" {
		parts = append(parts, Safe(e.Failure))
	}
	if len(parts) == 0 {
		parts = append(parts, "nothing")
	}
	return strings.Join(append(parts, fmt.Sprintf("%.0f ms%s", e.Millis, repeated(e))), ", ")
}

func reason(r *Response) string {
	if r.Reason != "" {
		return contract.Clip(r.Reason, 80)
	}
	return http.StatusText(r.Status)
}

// preview is the beginning of a body, on one line.
func preview(body Body) string {
	content, ok := body.content()
	if !ok {
		return notText(body)
	}
	shown := Safe(contract.Clip(content, shownBody))
	if body.Truncated && !strings.HasSuffix(shown, "…") {
		shown += "…"
	}
	return shown
}

func notText(body Body) string {
	return fmt.Sprintf("(%s that are no text)", contract.Plural(body.Size, "byte"))
}

// content is what is kept of a body. It tells false for one that is no text;
// a text with a few wrong bytes still is one.
func (b Body) content() (string, bool) {
	if b.Text == nil {
		return "", true
	}
	if b.Encoding == "" {
		return *b.Text, true
	}
	raw, err := base64.StdEncoding.DecodeString(*b.Text)
	if err != nil {
		return "", false
	}
	wrong := 0
	for _, r := range string(raw) {
		if r == utf8.RuneError || r < ' ' && !strings.ContainsRune("\t\r\n", r) {
			wrong++
		}
	}
	return string(raw), wrong*10 <= len(raw)
}
