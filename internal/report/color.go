package report

import (
	"github.com/fatih/color"

	"github.com/atlas-contract/conformance/contract"
)

// palette paints words, or leaves them as they are.
type palette struct {
	red, yellow, green, blue, bold, faint func(...any) string
}

func newPalette(on bool) palette {
	paint := func(attributes ...color.Attribute) func(...any) string {
		c := color.New(attributes...)
		// Whether to paint was decided by the caller, not by the environment.
		if on {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c.SprintFunc()
	}
	return palette{
		red: paint(color.FgRed, color.Bold), yellow: paint(color.FgYellow, color.Bold), green: paint(color.FgGreen),
		blue: paint(color.FgCyan), bold: paint(color.Bold), faint: paint(color.Faint),
	}
}

// outcome paints a text in the colour of an outcome, or of the state of a
// statement, which has the same word.
func (p palette) outcome(word, text string) string {
	switch word {
	case string(contract.Kept):
		return p.green(text)
	case string(contract.Broken):
		return p.red(text)
	case string(contract.Warned), string(contract.Unsent):
		return p.yellow(text)
	}
	return p.faint(text)
}
