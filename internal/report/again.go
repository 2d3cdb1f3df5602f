package report

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Again is the command that asks the same again: the one exchange by curl where
// the case has no more, else the case.
func Again(h *Header, v *Verdict) string {
	if h.Command != "run" {
		return ""
	}
	if len(v.Exchanges) == 1 {
		if command := curl(&v.Exchanges[0]); command != "" {
			return command
		}
	}
	return rerun(h, v.ID)
}

// rerun is the command that sends a case again. The credentials, which no
// report knows, are those of the run.
func rerun(h *Header, id string) string {
	parts := []string{"conformance", "run"}
	if h.Configuration["builtin"] != true {
		parts = append(parts, quoted(h.Target))
	}
	if h.Configuration["spec"] != nil {
		parts = append(parts, "--spec", quoted(h.Contract.Name))
	}
	if h.Profile != "" && h.Profile != "documented" {
		parts = append(parts, "--profile", quoted(h.Profile))
	}
	if h.Seed != 1 {
		parts = append(parts, "--seed", fmt.Sprint(h.Seed))
	}
	return strings.Join(append(parts, "--run", quoted(id), "--verbose"), " ")
}

// curl is an exchange as a command, "" where its body is no text. Secrets have
// been taken out, so they stand there as variables.
func curl(e *Exchange) string {
	content, isText := e.Request.content()
	if !isText || e.Request.Truncated {
		return ""
	}
	parts := []string{"curl", "-i"}
	if e.Request.Method == http.MethodHead {
		parts = append(parts, "--head")
	} else if e.Request.Method != http.MethodGet || content != "" {
		parts = append(parts, "-X", quoted(e.Request.Method))
	}
	if e.Challenge != nil {
		parts = append(parts, "--digest", "--user", `"$USER:$CONFORMANCE_KEY"`)
	}
	for _, name := range slices.Sorted(maps.Keys(e.Request.Headers)) {
		if e.Challenge != nil && name == "Authorization" || name == "User-Agent" || name == "Content-Length" {
			continue
		}
		for _, value := range e.Request.Headers[name] {
			parts = append(parts, "-H", quoted(name+": "+value))
		}
	}
	if content != "" {
		parts = append(parts, "--data-binary", quoted(content))
	}
	return strings.Join(append(parts, quoted(e.Request.URL)), " ")
}

// quoted is a text as one word of a POSIX shell. Control characters, which a
// terminal must not see, are written as escapes, as bash and others read them.
func quoted(text string) string {
	if text != "" && !strings.ContainsFunc(text, special) {
		return text
	}
	if Safe(text) == text {
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString("$'")
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\'' || c == '\\':
			b.WriteString(`\` + string(rune(c)))
		case c < ' ' || c > '~':
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + "'"
}

func special(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=@%+,", r))
}
