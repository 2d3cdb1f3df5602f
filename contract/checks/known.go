package checks

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

var known = Check{
	Name: "known-value",
	Doc:  "A member of a reply whose known values depend on the member beside it has none that is known to belong to another value there, such as an error code that belongs to another status (x-conformance, known). A value that is not known at all may always appear.",
	Run: func(s *Subject) {
		for _, v := range s.Views {
			if v.Came() && v.IsJSON && v.Operation != nil && len(v.Unknown) == 0 {
				judgeKnown(s, v)
			}
		}
	},
}

func judgeKnown(s *Subject, v *View) {
	object, ok := v.Inner.(map[string]any)
	if !ok {
		return
	}
	for _, n := range notesOf(v.schemasOf(v.Prefix), object) {
		list := spec.KnownIn(n.ext)
		value, _ := contract.At(object, n.pointer)
		text, isText := value.(string)
		if list == nil || list.By == "" || !isText {
			continue
		}
		beside, _ := contract.At(object, siblingOf(n.pointer, list.By))
		by, _ := contract.Text(beside)
		home := homes(list, text)
		if len(home) == 0 {
			if like := spelled(list, text); like != "" {
				s.Find(v, contract.Finding{
					Message: "the value is a known one in another spelling", Place: "body", Pointer: v.Prefix + n.pointer,
					Expected: like, Got: contract.Clip(text, 80),
				}, list.Statements...)
			}
			continue
		}
		s.Tested(list.Statements...)
		if slices.Contains(home, by) {
			continue
		}
		s.Find(v, contract.Finding{
			Message: "the value belongs to another " + list.By, Place: "body", Pointer: v.Prefix + n.pointer,
			Expected: list.By + " " + strings.Join(home, " or "), Got: list.By + " " + by,
		}, list.Statements...)
	}
}

func siblingOf(pointer, name string) string {
	return pointer[:strings.LastIndexByte(pointer, '/')+1] + spec.Escape(name)
}

// homes are the values of the other member to which a value is known to belong.
func homes(list *spec.Known, text string) []string {
	var out []string
	for by, groups := range list.Values {
		if slices.ContainsFunc(groups, func(forms []string) bool { return slices.Contains(forms, text) }) {
			out = append(out, by)
		}
	}
	slices.Sort(out)
	return out
}

// spelled is the known value that differs from a text in case and separators
// alone, "" where there is none.
func spelled(list *spec.Known, text string) string {
	separators := strings.NewReplacer("_", "", "-", "", " ", "")
	plain := func(s string) string { return separators.Replace(strings.ToUpper(s)) }
	wanted := plain(text)
	for _, groups := range list.Values {
		for _, forms := range groups {
			for _, form := range forms {
				if plain(form) == wanted {
					return form
				}
			}
		}
	}
	return ""
}

var internals = Check{
	Name: "internals",
	Doc:  "The text of an error shows nothing of the inside of the server: no stack trace, source file or database message.",
	Run: func(s *Subject) {
		for _, v := range s.Views {
			if !v.Came() || v.Response.Status < 400 || len(v.Response.Body) == 0 {
				continue
			}
			s.Tested(s.Contract.Cites("internals")...)
			if found := v.insideShown(); found != "" {
				s.Find(v, contract.Finding{
					Evidence: s.unlessCited("internals"),
					Message:  "an error shows the inside of the server", Place: "body", Expected: "no stack trace, source file or database message", Got: contract.Clip(found, 120),
				}, s.Contract.Cites("internals")...)
			}
		}
	},
}

// insideShown is the first sign of the inside of the server that an error has
// and that is not repeated from the request.
func (v *View) insideShown() string {
	for _, found := range inside().FindAllString(string(v.Response.Body[:min(len(v.Response.Body), 64<<10)]), 20) {
		text := strings.Trim(found, " \t\r\n\"'(")
		if !strings.Contains(v.Request.URL, text) && !strings.Contains(string(v.Request.Body), text) {
			return found
		}
	}
	return ""
}

// inside are the signs of stack traces of common languages, and of databases.
var inside = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(strings.Join([]string{
		`goroutine \d+ \[`, `\bpanic: `, `\b[\w/.-]+\.(?:go|py|rb|php|java|kt|scala|cs|js|ts|rs|c|cpp):\d+`,
		`\bat [\w.$<>]+\((?:\w+\.\w+:\d+|Native Method|Unknown Source)\)`, `Traceback \(most recent call last\)`, `File \\?"[^"]+", line \d+`,
		`\b(?:java|javax|org|com)\.[\w.]+(?:Exception|Error)\b`, `SQLSTATE\[?\w*`, `(?:^|[\s"'(])/(?:usr|var|home|opt|etc|srv|app)/[\w./-]+`,
	}, "|"))
})
