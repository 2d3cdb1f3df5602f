package main

import (
	"fmt"
	"time"

	"github.com/alecthomas/kong"
)

// span is a length of time on the command line.
type span time.Duration

// Decode reads 30s, 5m or 1h30m; 0 needs no unit.
func (s *span) Decode(ctx *kong.DecodeContext) error {
	var text string
	if err := ctx.Scan.PopValueInto("time", &text); err != nil {
		return err
	}
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return fmt.Errorf("%q is no length of time; write a number and its unit, such as 200ms, 30s or 5m", text)
	case d < 0:
		return fmt.Errorf("%q is negative; a length of time is not", text)
	}
	*s = span(d)
	return nil
}

// String is the length as it could be given.
func (s span) String() string { return time.Duration(s).String() }
