package coverage

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Summary tells what was met, and what was not.
type Summary struct {
	// Level is the highest level reached, 0 to 7.
	Level int `json:"level"`
	// Percent is how many of all items of all criteria were met, in percent,
	// rounded down to a tenth; 100 where there are none.
	Percent float64 `json:"percent"`
	Covered int     `json:"covered"`
	Total   int     `json:"total"`
	// Least is the percentage that was demanded, 0 for none.
	Least    float64 `json:"least,omitempty"`
	Criteria []Count `json:"criteria"`
	// Missed are the items that were not met.
	Missed []Missed `json:"missed"`
}

// Count is one criterion.
type Count struct {
	Name Criterion `json:"name"`
	// Level is the one that the criterion belongs to, 0 for none.
	Level   int `json:"level,omitempty"`
	Covered int `json:"covered"`
	Total   int `json:"total"`
	// Met are the names of the items that were met.
	Met []string `json:"met"`
}

// Missed is an item that was not met.
type Missed struct {
	Criterion Criterion `json:"criterion"`
	// Item is its name within the criterion.
	Item string `json:"item"`
	// Why says why it was not met.
	Why string `json:"why"`
	// Unseen tells that replies came which could have shown it, so that what the
	// contract says of it passed without having been seen.
	Unseen bool `json:"unseen,omitempty"`
}

// Summary is what was met until now.
func (c *Collector) Summary() *Summary {
	for _, op := range c.contract.Operations {
		c.entry(op.ID)
	}
	if c.flows == nil {
		c.flows = c.compiler.flows(c.contract)
	}
	by := map[Criterion][]*item{}
	for _, it := range c.compiler.all {
		by[it.criterion] = append(by[it.criterion], it)
	}
	s := &Summary{Missed: []Missed{}}
	for _, r := range rules() {
		list := by[r.criterion]
		slices.SortFunc(list, func(a, b *item) int { return cmp.Compare(a.name, b.name) })
		s.criterion(r, list)
	}
	s.total()
	return s
}

// criterion adds a criterion with its items.
func (s *Summary) criterion(r rule, list []*item) {
	count := Count{Name: r.criterion, Level: r.level, Total: len(list), Met: []string{}}
	for _, it := range list {
		if it.n > 0 {
			count.Covered++
			count.Met = append(count.Met, it.name)
			continue
		}
		s.Missed = append(s.Missed, Missed{r.criterion, it.name, it.why(r.missing), r.reply && *it.chances > 0})
	}
	s.Criteria = append(s.Criteria, count)
}

// total adds the criteria up.
func (s *Summary) total() {
	s.Covered, s.Total, s.Level = 0, 0, TopLevel
	for _, c := range s.Criteria {
		s.Covered += c.Covered
		s.Total += c.Total
		if c.Level > 0 && c.Covered < c.Total {
			s.Level = min(s.Level, c.Level-1)
		}
		if c.Name == Operations && c.Total == 0 {
			s.Level = 0
		}
	}
	s.Percent = Percent(s.Covered, s.Total)
}

// Percent is a part in percent, rounded down to a tenth, so that only the whole
// is 100.
func Percent(part, whole int) float64 {
	if whole == 0 {
		return 100
	}
	return math.Floor(1000*float64(part)/float64(whole)) / 10
}

// Join is what several runs of one contract met together, in the order of the
// criteria. The runs are left as they are.
func Join(runs ...*Summary) *Summary {
	out := &Summary{Missed: []Missed{}}
	var known []Count
	hit, missed := map[key]bool{}, map[key]Missed{}
	for _, run := range runs {
		out.Least = max(out.Least, run.Least)
		for _, c := range run.Criteria {
			if !slices.ContainsFunc(known, func(k Count) bool { return k.Name == c.Name }) {
				known = append(known, Count{Name: c.Name, Level: c.Level, Met: []string{}})
			}
			for _, name := range c.Met {
				hit[key{c.Name, name}] = true
			}
		}
		for _, m := range run.Missed {
			k := key{m.Criterion, m.Item}
			before, ok := missed[k]
			m.Unseen = m.Unseen || before.Unseen
			if ok && tells(m) <= tells(before) {
				m.Why = before.Why
			}
			missed[k] = m
		}
	}
	out.joined(known, hit, missed)
	return out
}

// joined fills in the criteria.
func (s *Summary) joined(known []Count, hit map[key]bool, missed map[key]Missed) {
	names := map[Criterion][]string{}
	for k := range hit {
		names[k.criterion] = append(names[k.criterion], k.name)
	}
	rest := map[Criterion][]Missed{}
	for k, m := range missed {
		if !hit[k] {
			rest[k.criterion] = append(rest[k.criterion], m)
		}
	}
	for _, c := range known {
		slices.Sort(names[c.Name])
		slices.SortFunc(rest[c.Name], func(a, b Missed) int { return cmp.Compare(a.Item, b.Item) })
		c.Met = append(c.Met, names[c.Name]...)
		c.Covered, c.Total = len(c.Met), len(c.Met)+len(rest[c.Name])
		s.Criteria = append(s.Criteria, c)
		s.Missed = append(s.Missed, rest[c.Name]...)
	}
	s.total()
}

// tells is how much a reason tells: that nothing was about an item the least,
// that it could have been met the most.
func tells(m Missed) int {
	switch {
	case slices.ContainsFunc(rules(), func(r rule) bool { return r.missing == m.Why }):
		return 0
	case strings.HasPrefix(m.Why, "only "):
		return 1
	}
	return 2
}
