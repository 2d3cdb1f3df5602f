package checks

import (
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var conditional = Check{
	Name: "conditional",
	Doc:  "A read whose If-None-Match names the tag that the reply has gets the declared 304, and a 304 only goes to who has that tag (RFC 9110, section 13.1.2; tags are compared weakly); a write whose If-Match names the current tag is not refused with 412 (section 13.1.1; compared strongly), and one that is refused with 412 changes nothing.",
	Run: func(s *Subject) {
		for i, v := range s.Views {
			switch {
			case !v.Came() || v.Recorded || v.Operation == nil || v.Operation.Path == spec.OutsidePath:
			case v.Request.Method == "GET" && len(v.Request.Header.Values("If-None-Match")) > 0:
				judgeReread(s, v)
			case len(v.Request.Header.Values("If-Match")) > 0 && v.Response.Status == 412:
				judgeUnwritten(s, i)
			}
		}
	},
}

// judgeReread holds a conditional read against the tag of its own reply, so that
// it does not matter what changed before it.
func judgeReread(s *Subject, v *View) {
	known, current := tags(v.Request.Header.Values("If-None-Match")), v.Response.Header.Get("ETag")
	if current == "" || slices.Contains(known, "*") {
		return
	}
	has := slices.ContainsFunc(known, func(tag string) bool { return weak(tag) == weak(current) })
	f := contract.Finding{Place: "status", Got: phrase(v.Response.Status) + " with " + contract.Clip(current, 80)}
	switch status := v.Response.Status; {
	case status == 200 && has && v.declares(304):
		f.Message, f.Expected = "a read was answered in full though If-None-Match names the tag of the reply", phrase(304)
	case status == 304 && !has:
		f.Message, f.Expected = "a read got 304 though If-None-Match does not name the tag of the reply", "a 200"
	default:
		s.testedCondition()
		return
	}
	s.findCondition(v, f)
}

// judgeUnwritten holds a write that got 412 against the reads just before and
// after it.
func judgeUnwritten(s *Subject, i int) {
	v, before, after := s.Views[i], s.readBeside(i, -1), s.readBeside(i, +1)
	if before == nil || after == nil || !before.Success() {
		return
	}
	x, y := before.Response.Header.Get("ETag"), after.Response.Header.Get("ETag")
	if strong(x) && x == y && slices.Contains(tags(v.Request.Header.Values("If-Match")), x) {
		s.findCondition(v, contract.Finding{
			Message: "a write was refused though If-Match names the current tag", Place: "status",
			Expected: "a status other than 412", Got: phrase(412),
		})
		return
	}
	if pointer, changed := changedBy(s, v, before, after); changed {
		s.findCondition(v, contract.Finding{
			Message: "a write was refused for its If-Match, and was made all the same", Place: "body", Pointer: pointer,
			Expected: "nothing changed", Got: phrase(after.Response.Status) + " " + contract.Clip(string(after.Response.Body), 120),
		})
		return
	}
	s.testedCondition()
}

// changedBy tells whether what a write sent, and was not there before it, is
// there after it, and where; or whether what it was to remove is gone.
func changedBy(s *Subject, write, before, after *View) (pointer string, changed bool) {
	if write.Request.Method == "DELETE" {
		return "", after.Response.Status == 404 || after.Response.Status == 410
	}
	sent, _ := decoded(write.Request.Body).(map[string]any)
	x, _ := before.Inner.(map[string]any)
	y, _ := after.Inner.(map[string]any)
	for name, value := range sent {
		old, had := x[name]
		now, has := y[name]
		if had && has && !alike(s, value, old) && alike(s, value, now) && !contract.Equal(old, now) {
			return after.Prefix + "/" + spec.Escape(name), true
		}
	}
	return "", false
}

// readBeside is the nearest read, before or after an exchange, of the same path
// with the same credential; nil where something unsafe was sent in between.
func (s *Subject) readBeside(i, step int) *View {
	at := s.Views[i]
	for j := i + step; j >= 0 && j < len(s.Views); j += step {
		v := s.Views[j]
		switch {
		case v.Request.Method != "GET" && v.Request.Method != "HEAD":
			return nil
		case v.Request.Method == "GET" && v.Came() && v.Credential == at.Credential && contract.Path(v.Request.URL) == contract.Path(at.Request.URL):
			return v
		}
	}
	return nil
}

// tags are the entity tags of a list (RFC 9110, section 5.6.1). A tag may have a
// comma within its quotes.
func tags(fields []string) []string {
	var out []string
	for _, field := range fields {
		quoted, from := false, 0
		for i := range len(field) + 1 {
			switch {
			case i == len(field), field[i] == ',' && !quoted:
				if tag := strings.TrimSpace(field[from:i]); tag != "" {
					out = append(out, tag)
				}
				from = i + 1
			case field[i] == '"':
				quoted = !quoted
			}
		}
	}
	return out
}

// weak is a tag as the weak comparison takes it (RFC 9110, section 8.8.3.2).
func weak(tag string) string { return strings.TrimPrefix(tag, "W/") }

// strong tells whether a tag may be equal to another by the strong comparison.
func strong(tag string) bool { return strings.HasPrefix(tag, `"`) }

// testedCondition notes the statements about conditions as put to the test.
func (s *Subject) testedCondition() { s.Tested(s.Contract.Cites("conditional")...) }

// findCondition reports a broken condition: an assumption only, where the
// document has nothing but the status that stands for it.
func (s *Subject) findCondition(v *View, f contract.Finding) {
	if s.Case.Doubt != "" {
		f.Evidence, f.Message = contract.Assumed, f.Message+"; "+s.Case.Doubt
	}
	s.testedCondition()
	s.Find(v, f, s.Contract.Cites("conditional")...)
}
