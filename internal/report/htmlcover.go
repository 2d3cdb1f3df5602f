package report

import (
	"strconv"

	"github.com/atlas-contract/conformance/internal/coverage"
)

type pageCriterion struct {
	Name, Level    string
	Covered, Total int
	Percent        string
}

type pageMissed struct{ Place, Why string }

// cover fills in what of the contract was met.
func (d *pageData) cover(c *coverage.Summary) {
	if c == nil {
		return
	}
	d.Covered = Safe(ended(c.String(), c.Next()))
	for _, one := range c.Criteria {
		percent := strconv.FormatFloat(coverage.Percent(one.Covered, one.Total), 'f', -1, 64)
		d.Coverage = append(d.Coverage, pageCriterion{Safe(string(one.Name)), level(one), one.Covered, one.Total, percent})
	}
	for _, m := range c.Missed {
		missed := pageMissed{Safe(m.Item), Safe("(" + string(m.Criterion) + "): " + m.Why)}
		if m.Unseen {
			d.Unseen = append(d.Unseen, missed)
		} else {
			d.Missed = append(d.Missed, missed)
		}
	}
}
