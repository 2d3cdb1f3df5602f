package checks

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
	"github.com/atlas-contract/conformance/internal/spec"
)

// complete tells whether a reply has the whole list, so that what it lacks is
// not there: it says so, or the operation knows no pages and nothing in the
// reply speaks of more. OpenAPI has no words for pages, so the signs are the
// names that are in use; where they are of two minds, there may be more.
func (l listing) complete(v *View) bool {
	s := signs{length: len(l.items), more: v.Response.Status == 206}
	for name, values := range v.Response.Header {
		s.header(name, values)
	}
	s.object(l.around, 0)
	for _, p := range v.Operation.Parameters {
		if p.In == "query" && pageSize(plainName(p.Name)) {
			s.size(p.Schema.Resolve().Get("default").Value())
		}
	}
	return !s.more && (s.all || !paged(v.Operation))
}

// signs are what a reply says about its list beside the list.
type signs struct {
	length    int
	more, all bool
}

// header reads a field such as Link (RFC 8288), Content-Range, X-Total-Count
// or X-Next-Page.
func (s *signs) header(name string, values []string) {
	text := strings.TrimSpace(strings.Join(values, ", "))
	switch key := strings.TrimPrefix(plainName(name), "x"); key {
	case "link":
		link := strings.NewReplacer(`"`, "", " ", "").Replace(strings.ToLower(text))
		s.more = s.more || strings.Contains(link, "rel=next")
	case "contentrange":
		_, total, _ := strings.Cut(text, "/")
		s.member("total", json.Number(total))
	default:
		s.member(key, json.Number(text))
	}
}

// object reads the members around the list, and those of objects among them,
// such as meta or _links.
func (s *signs) object(members map[string]any, depth int) {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		s.member(plainName(name), members[name])
		if inner, ok := members[name].(map[string]any); ok && depth < 3 {
			s.object(inner, depth+1)
		}
	}
}

func (s *signs) member(key string, value any) {
	switch {
	case strings.HasPrefix(key, "next"), strings.HasPrefix(key, "has") && (strings.HasSuffix(key, "more") || strings.HasSuffix(key, "next") || strings.HasSuffix(key, "nextpage")),
		key == "more", key == "moreavailable", strings.HasSuffix(key, "truncated"), strings.HasPrefix(key, "incomplete"):
		s.more = s.more || given(value)
		s.all = s.all || !given(value)
	case strings.Contains(key, "cursor"), strings.Contains(key, "continu"), key == "after", key == "marker":
		s.more = s.more || given(value)
	case key == "last":
		last, isBool := value.(bool)
		s.more, s.all = s.more || isBool && !last, s.all || last
	case pageSize(key):
		s.size(value)
	default:
		s.number(key, value)
	}
}

// number reads counts, of things and of pages, and where the page begins.
func (s *signs) number(key string, value any) {
	n, ok := whole(value)
	switch {
	case !ok:
	case key == "offset" || key == "skip":
		s.more = s.more || n > 0
	case key == "page", key == "pages", key == "pagecount", key == "currentpage", key == "pagenumber", key == "totalpages", key == "lastpage":
		s.more = s.more || n > 1
	case slices.Contains([]string{"total", "totalcount", "totalitems", "totalresults", "totalelements", "totalrecords", "totalsize", "totalrows", "totalhits"}, key):
		s.more = s.more || n > s.length
		s.all = s.all || n == s.length
	case strings.HasPrefix(key, "total"), strings.HasSuffix(key, "count"):
		s.more = s.more || n > s.length
	}
}

// size reads how many things a page has at most: one that is full may not be
// the last.
func (s *signs) size(value any) {
	if n, ok := whole(value); ok && n > 0 && s.length >= n {
		s.more = true
	}
}

// pageSize tells whether a name is that of the size of a page.
func pageSize(key string) bool {
	return slices.Contains([]string{"limit", "pagesize", "perpage", "size", "itemsperpage", "pagelimit", "maxresults", "maxitems", "maxpagesize", "resultsperpage", "top"}, key)
}

// paged tells whether a list may come in pages, so that what it lacks may be on
// another one.
func paged(op *spec.Operation) bool {
	return slices.ContainsFunc(op.Parameters, func(p spec.Parameter) bool {
		return p.In == "query" && pages(p.Name) || p.In == "header" && strings.Contains(strings.ToLower(p.Name), "range")
	})
}

func pages(parameter string) bool {
	name := plainName(parameter)
	return slices.ContainsFunc([]string{
		"page", "limit", "offset", "cursor", "size", "after", "before", "token", "skip", "top", "start", "marker", "continu", "maxresults", "maxitems", "first", "last", "count", "rows", "batch", "since",
	}, func(word string) bool { return strings.Contains(name, word) })
}

// filters tells whether a parameter that is not given may keep things out of a
// list all the same: it has a default, and neither pages nor sorts.
func filters(p spec.Parameter) bool {
	name := plainName(p.Name)
	sorts := strings.Contains(name, "sort") || strings.Contains(name, "order") || strings.HasPrefix(name, "dir")
	return p.Schema.Resolve().Get("default").Exists() && !pages(p.Name) && !sorts
}

// plainName is a name in small letters alone.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, strings.ToLower(name))
}

// given tells whether a member says something: it is not null, false, 0 or
// empty.
func given(value any) bool {
	switch v := value.(type) {
	case nil:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case json.Number:
		return v != "" && v != "0" && v != "false"
	case map[string]any:
		return len(v) > 0
	case []any:
		return len(v) > 0
	}
	return true
}

// whole is a number without a fraction, be it written as a text.
func whole(value any) (int, bool) {
	if text, ok := value.(string); ok {
		value = json.Number(text)
	}
	number, ok := value.(json.Number)
	if !ok {
		return 0, false
	}
	n, ok := contract.Rat(number)
	if !ok || !n.IsInt() || !n.Num().IsInt64() {
		return 0, false
	}
	return int(n.Num().Int64()), true
}
