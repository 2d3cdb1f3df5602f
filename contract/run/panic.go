package run

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// panicPlace is where a panic that is being recovered from came up, for whoever
// mends it.
func panicPlace() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	panicking := false
	for {
		frame, more := frames.Next()
		if panicking && !strings.HasPrefix(frame.Function, "runtime.") {
			return fmt.Sprintf(" (%s:%d)", filepath.Base(frame.File), frame.Line)
		}
		panicking = panicking || strings.HasPrefix(frame.Function, "runtime.gopanic")
		if !more {
			return ""
		}
	}
}
