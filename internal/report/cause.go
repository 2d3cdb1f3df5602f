package report

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// cause is one fault, seen in one or more cases.
type cause struct {
	finding    Finding
	first      string   // the id of the case that showed it first
	cases      int      // how many showed it
	operations []string // of those cases
	traits     []string // what the requests of all of them have
	verdict    *Verdict // the first that shows it
}

// occurrence is a fault in one case.
type occurrence struct {
	Finding
	key   string // of its cause
	times int    // in how many places of the case
}

// grouping tells by equal texts which findings are one fault.
type grouping func(f *Finding) string

// byWords takes all findings for one that say the same, whatever operation,
// place or value they are about. It is for people.
func byWords(f *Finding) string {
	return strings.Join([]string{string(f.Evidence), f.Check, f.Statement, particular.ReplaceAllString(f.Message, "…")}, "\x00")
}

// particular is what a message says of one reply: ids, times and quotations.
var particular = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\b[0-9a-f]{8,}\b|\b[0-9][0-9a-z.]*s\b`)

// byFingerprint tells the operations and places apart. It is for formats that
// point into the document, and whose readers follow each fault on its own.
func byFingerprint(f *Finding) string { return cmp.Or(f.Fingerprint, byWords(f)) }

// causes are the faults, in the order in which they were seen.
type causes struct {
	by    grouping
	seen  map[string]*cause
	order []*cause
}

func newCauses(by grouping) causes { return causes{by: by, seen: map[string]*cause{}} }

// of are the faults of a case, each once. What is known in one case may be new
// in another, and is another fault there.
func (c *causes) of(v *Verdict) []occurrence {
	var out []occurrence
	for i := range v.Findings {
		f := &v.Findings[i]
		key := c.by(f)
		if f.Known != nil {
			key += "\x00known"
		}
		if at := slices.IndexFunc(out, func(o occurrence) bool { return o.key == key }); at >= 0 {
			out[at].times++
			continue
		}
		out = append(out, occurrence{*f, key, 1})
	}
	return out
}

// add counts a case that shows the fault and tells whether it is the first.
func (c *causes) add(o occurrence, v *Verdict) (*cause, bool) {
	known := c.seen[o.key]
	if known == nil {
		known = &cause{finding: o.Finding, first: v.ID, cases: 1, operations: []string{v.Operation}, traits: traitsOf(v, o.Finding), verdict: v}
		c.seen[o.key] = known
		c.order = append(c.order, known)
		return known, true
	}
	known.cases++
	if !slices.Contains(known.operations, v.Operation) {
		known.operations = append(known.operations, v.Operation)
	}
	if len(known.traits) > 0 {
		traits := traitsOf(v, o.Finding)
		known.traits = slices.DeleteFunc(known.traits, func(trait string) bool { return !slices.Contains(traits, trait) })
	}
	return known, false
}

// sorted are the causes, the worst first: those that break before those that
// warn, new ones before known ones, and those that the most cases show first.
func (c *causes) sorted() []*cause {
	list := slices.Clone(c.order)
	slices.SortStableFunc(list, func(a, b *cause) int {
		return cmp.Or(cmp.Compare(severity(a), severity(b)), cmp.Compare(b.cases, a.cases))
	})
	return list
}

// severity orders causes.
func severity(c *cause) int {
	n := 0
	if c.finding.Evidence == contract.Assumed {
		n = 1
	}
	if c.finding.Known != nil {
		n += 2
	}
	return n
}

// traitsOf are what sets the request of a finding apart: its query parameters,
// and the members of its body that are words.
func traitsOf(v *Verdict, f Finding) []string {
	e := exchangeOf(v, f)
	if e == nil {
		return nil
	}
	var out []string
	if u, err := url.Parse(e.Request.URL); err == nil {
		for name, values := range u.Query() {
			out = append(out, name+"="+strings.Join(values, ","))
		}
		if u.RawQuery != "" {
			out = append(out, "a query")
		}
	}
	content, _ := e.Request.Body.content()
	if body, ok := contract.Decode([]byte(content)); ok {
		object, _ := body.(map[string]any)
		for name, value := range object {
			if text, isText := value.(string); isText && text != "" && len(text) < 40 {
				out = append(out, name+" "+text)
			}
		}
	}
	slices.Sort(out)
	return out
}

// shared is what the requests of a cause have in common, in words.
func (c *cause) shared() string {
	list := slices.Clone(c.traits)
	if len(list) > 1 { // a parameter says more
		list = slices.DeleteFunc(list, func(trait string) bool { return trait == "a query" })
	}
	if c.cases < 3 || len(list) == 0 {
		return ""
	}
	return "; all with " + contract.Clip(strings.Join(list, ", "), 80)
}
