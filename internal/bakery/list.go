package bakery

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (s *Server) listOrders(r *request) reply {
	f := s.filter(r)
	if a, refused := r.refused(); refused {
		return a
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	shown := []any{}
	fit := 0
	for _, o := range slices.Backward(s.orders) {
		if !f.fits(o) || s.fault.is("list-forgets") {
			continue
		}
		if fit++; fit > f.offset && len(shown) < f.limit {
			shown = append(shown, s.shown(o))
		}
	}
	if s.fault.is("list-bare") {
		return result(http.StatusOK, shown)
	}
	media := pick(s.fault, "list-in-latin-1", "application/json; charset=iso-8859-1", "application/json")
	return encoded(http.StatusOK, media, map[string]any{"orders": shown, "total": pick(s.fault, "list-total-negative", -1, fit)})
}

// filter is what the query of a list asks for; nothing set fits all.
type filter struct {
	status, branches, tags, ids []string
	from, to, text              string
	limit, offset               int
}

func (s *Server) filter(r *request) filter {
	pipe := []string{"%7C", "%7c", "|"}
	if s.fault.is("ids-by-comma") {
		pipe = []string{","}
	}
	space := []string{"%20"}
	if s.fault.is("tags-by-plus") {
		space = []string{"+"}
	}
	if s.fault.is("status-by-comma") {
		return filter{status: r.separated("status", s.rules.statuses, ","), limit: 50}
	}
	placed := s.placed(r)
	return filter{
		status:   r.list("status", r.all("status"), s.rules.statuses),
		branches: r.separated("branches", s.rules.branches, ","),
		tags:     r.separated("tags", s.rules.tags, space...),
		ids:      r.separated("ids", s.rules.ids, pipe...),
		from:     placed["from"],
		to:       placed["to"],
		text:     r.optional("q", s.rules.search, ""),
		limit:    digits(r.optional("limit", s.rules.limit, "50")),
		offset:   digits(r.optional("offset", s.rules.offset, "0")),
	}
}

// placed reads placed[from] and placed[to].
func (s *Server) placed(r *request) map[string]string {
	out := map[string]string{}
	for _, p := range r.query {
		name, ours := strings.CutPrefix(p.name, "placed[")
		name, closed := strings.CutSuffix(name, "]")
		if !ours || !closed {
			continue
		}
		if name != "from" && name != "to" {
			if !s.fault.is("placed-any-member") {
				r.wrong.add("placed/"+escape(name), "is not known")
			}
			continue
		}
		r.optional(p.name, s.rules.date, "")
		out[name] = p.value
	}
	return out
}

func (f filter) fits(o *order) bool {
	has := func(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }
	branch, _ := o.fields["branch"].(string)
	tags, _ := o.fields["tags"].([]any)
	tagged := slices.ContainsFunc(tags, func(tag any) bool { return slices.Contains(f.tags, fmt.Sprint(tag)) })
	customer, _ := o.fields["customer"].(map[string]any)
	words := fmt.Sprint(o.fields["reference"], "\n", customer["name"])
	day := o.created.Format(time.DateOnly)
	return has(f.status, "placed") && has(f.branches, branch) && (len(f.tags) == 0 || tagged) &&
		(len(f.ids) == 0 || slices.ContainsFunc(f.ids, func(id string) bool { return strings.EqualFold(id, o.id) })) &&
		(f.from == "" || f.from <= day) && (f.to == "" || day <= f.to) && strings.Contains(words, f.text)
}

// digits is the number that a text of digits stands for.
func digits(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
