package report

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// Repeat is how a run is asked again: commands as a shell takes them, whole but
// for what is to be given behind them. Secrets stand there as variables.
type Repeat struct {
	// Run asks all cases again, and one of them with --run ID.
	Run string `json:"run"`
	// Explain explains the word that follows it.
	Explain string `json:"explain"`
}

// Case is the command that asks one case again.
func (r *Repeat) Case(id string) string {
	return r.Run + " --run " + Quoted(literally(id)) + " --verbose"
}

// literally is the glob that fits an id. What a shell or a terminal could take
// amiss fits any character.
func literally(id string) string {
	var b strings.Builder
	for _, r := range id {
		switch {
		case strings.ContainsRune(`*?[\`, r):
			b.WriteString(`\` + string(r))
		case Safe(string(r)) != string(r):
			b.WriteByte('?')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Again is the command that asks a case of a run again, "" where there is none.
func Again(h *Header, v *Verdict) string {
	if h.Command != "run" {
		return ""
	}
	return Safe(v.Again)
}

// again is the command that asks a case again: by curl where that asks the same,
// else by the run of that case.
func (r *Recorder) again(v *contract.Verdict, out *Verdict) string {
	if r.Repeat == nil || len(out.Findings) == 0 {
		return ""
	}
	if step := alone(v); step != nil && r.Curl != nil && repeatable(v.Exchanges[0]) {
		command := r.redact(r.Curl.Command(step.Credential, &out.Exchanges[0].Request))
		if command != "" && !strings.Contains(command, hidden) {
			return command
		}
	}
	return r.Repeat.Case(v.Case.ID)
}

// alone is the step of a case that was nothing but one request with the usual
// credentials, and that makes nothing which would have to be removed; nil for
// any other case.
func alone(v *contract.Verdict) *contract.Step {
	removes := func(s contract.Step) bool { return s.Cleanup }
	if len(v.Exchanges) != 1 || slices.ContainsFunc(v.Case.Steps, removes) {
		return nil
	}
	for i := range v.Case.Steps {
		if step := &v.Case.Steps[i]; step.Name == v.Exchanges[0].Step && step.Answer == nil && step.Until == nil {
			return step
		}
	}
	return nil
}

// repeatable tells that a reply does not depend on the credentials having been
// given in one way: what curl answers to a challenge may be let in where another
// answer was not.
func repeatable(e *contract.Exchange) bool {
	return e.Credential == noCredential || e.Final().Status != http.StatusUnauthorized
}

// noCredential is the name of no credential at all.
const noCredential = "none"

// Quoted is a text as one word of a POSIX shell. Control characters, which a
// terminal must not see, are left to printf; with them, line breaks at the end
// and zero bytes are lost.
func Quoted(text string) string {
	if text != "" && !strings.ContainsFunc(text, special) {
		return text
	}
	if Safe(text) == text {
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	var b strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case c == '%':
			b.WriteString("%%")
		case c < ' ' || c > '~' || strings.IndexByte(`'"\#`, c) >= 0:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	return `"$(printf '` + b.String() + `')"`
}

func special(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=@%+,", r))
}

// WithSecret is a text and the value of a variable behind it, as one word of a
// shell. The reference is a variable with its dollar, or such.
func WithSecret(text, reference string) string {
	if Safe(text) == text && !strings.ContainsAny(text, "$`\"\\!") {
		return `"` + text + reference + `"`
	}
	return Quoted(text) + `"` + reference + `"`
}
