package coverage

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Unseen are the items that passed without having been seen.
func (s *Summary) Unseen() []Missed {
	var out []Missed
	for _, m := range s.Missed {
		if m.Unseen {
			out = append(out, m)
		}
	}
	return out
}

// Short tells whether less was met than was demanded.
func (s *Summary) Short() bool { return s != nil && s.Percent < s.Least }

// Sentence says that less was met than was demanded, what the next level needs,
// and which criterion is the least met.
func (s *Summary) Sentence() string {
	text := fmt.Sprintf("coverage is %s of all items (%d of %d), less than the %s of --min-coverage; level %d of %d is reached",
		percent(s.Percent), s.Covered, s.Total, percent(s.Least), s.Level, TopLevel)
	if next := s.Next(); next != "" {
		text += ", " + next
	}
	if worst := s.Worst(1); len(worst) > 0 {
		text += "; the least met is " + worst[0].String()
	}
	return text
}

// Next says what the next level needs, "" at the last one.
func (s *Summary) Next() string {
	var needs []string
	for _, c := range s.Criteria {
		if c.Level == s.Level+1 && c.Covered < c.Total {
			needs = append(needs, fmt.Sprintf("%s (%d of %d)", c.Name, c.Covered, c.Total))
		}
	}
	if len(needs) == 0 {
		return ""
	}
	return fmt.Sprintf("level %d needs all %s", s.Level+1, strings.Join(needs, " and all "))
}

// Worst are up to n of the criteria that are not met in full, the worst first.
func (s *Summary) Worst(n int) []Count {
	var out []Count
	for _, c := range s.Criteria {
		if c.Covered < c.Total {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b Count) int { return a.Covered*b.Total - b.Covered*a.Total })
	return out[:min(n, len(out))]
}

// String is a criterion in words.
func (c Count) String() string {
	return fmt.Sprintf("%s: %d of %d, %s", c.Name, c.Covered, c.Total, percent(Percent(c.Covered, c.Total)))
}

// String is all in words.
func (s *Summary) String() string {
	return fmt.Sprintf("level %d of %d, %s of all items (%d of %d)", s.Level, TopLevel, percent(s.Percent), s.Covered, s.Total)
}

// percent is a number of percent, with a tenth where it is needed.
func percent(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) + " %" }
