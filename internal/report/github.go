package report

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// github writes workflow commands for GitHub Actions: an annotation for each
// cause, at the place of its operation in the document, the worst first, since
// only the first few of a step are shown.
type github struct {
	gathered
	w io.Writer
}

func newGitHub(w io.Writer, _ Options) Renderer {
	return &github{gathered: newGathered(byFingerprint), w: w}
}

// End writes it all.
func (g *github) End(_ []Statement, f *Footer) error {
	var b strings.Builder
	for _, c := range g.causes.sorted() {
		if c.finding.Known != nil {
			continue
		}
		level := "error"
		if c.finding.Evidence == contract.Assumed && !f.Strict {
			level = "warning"
		}
		place := ""
		if c.verdict.Line > 0 {
			place = fmt.Sprintf("file=%s,line=%d,", property(filepath.ToSlash(c.verdict.File)), c.verdict.Line)
		}
		text := fmt.Sprintf("%s\npromise: %s\nin %s, first in %s",
			sentence(&c.finding), Promise(&c.finding), contract.Plural(c.cases, "case"), c.first)
		if again := Again(&g.header, c.verdict); again != "" {
			text += "\nagain: " + again
		}
		fmt.Fprintf(&b, "::%s %stitle=%s::%s\n", level, place, property(Safe(strings.TrimSpace(c.finding.Check+" "+c.finding.Statement))), data(text))
	}
	for _, s := range f.Stale {
		fmt.Fprintf(&b, "::error title=known failure::%s\n", data(s.Case+", "+s.Check+": "+s.Why))
	}
	if f.Error != "" {
		fmt.Fprintf(&b, "::error title=conformance::%s\n", data(f.Error))
	}
	fmt.Fprintf(&b, "%s: exit %d, %s\n", f.Counts, f.Exit, exitMeaning(f))
	_, err := io.WriteString(g.w, b.String())
	return err
}

// data is a text as the message of a workflow command, which keeps its lines.
func data(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.NewReplacer("%", "%25", "\r", "%0D").Replace(Safe(line))
	}
	return strings.Join(lines, "%0A")
}

// property is a text as the property of a workflow command.
func property(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(text))
}
