package report

import (
	"fmt"
	"strings"

	"github.com/atlas-contract/conformance/internal/coverage"
)

// mostMissed is how many items that were not met are named.
const mostMissed = 100

// coverage writes the criteria as a table, and the items that were not met.
func (m *markdown) coverage(b *strings.Builder, c *coverage.Summary) {
	if c == nil {
		return
	}
	fmt.Fprintf(b, "\n<details><summary>coverage: %s</summary>\n\n| criterion | level | covered | of | %% |\n|---|---:|---:|---:|---:|\n", c)
	for _, one := range c.Criteria {
		fmt.Fprintf(b, "| %s | %s | %d | %d | %v |\n", prose(string(one.Name)), level(one), one.Covered, one.Total, coverage.Percent(one.Covered, one.Total))
	}
	if next := c.Next(); next != "" {
		fmt.Fprintf(b, "\n%s.\n", prose(strings.ToUpper(next[:1])+next[1:]))
	}
	if len(c.Missed) > 0 {
		fmt.Fprintf(b, "\n%d not met, %d of which passed without having been seen in a reply:\n\n", len(c.Missed), len(c.Unseen()))
	}
	for i, missed := range c.Missed {
		if i == mostMissed {
			fmt.Fprintf(b, "- … and %d more; the JSON Lines report has all of them\n", len(c.Missed)-mostMissed)
			break
		}
		fmt.Fprintf(b, "- %s: %s, %s\n", prose(string(missed.Criterion)), code(missed.Item), prose(missed.Why))
	}
	b.WriteString("\n</details>\n")
}

// level is that of a criterion, where it has one.
func level(c coverage.Count) string {
	if c.Level == 0 {
		return ""
	}
	return fmt.Sprint(c.Level)
}
