package run

import (
	"context"
	"errors"
	"time"
)

// errDeadline is why a case was not sent.
var errDeadline = errors.New("the deadline of the run came before its turn (--deadline)")

// reserve is how much of a deadline is kept for cleaning up.
const reserve = 2 * time.Minute

// within is the time in which cases may begin and go on. When it is over each
// only removes what it made, and there is time left for that.
func (o *Options) within(ctx context.Context) (context.Context, context.CancelFunc) {
	if o.Deadline <= 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, o.Deadline-min(o.Deadline/5, reserve), errDeadline)
}

// ended is why a step is not sent once the time is over.
func ended(ctx context.Context) string {
	if cause := context.Cause(ctx); errors.Is(cause, errDeadline) {
		return cause.Error()
	}
	return "the run was ended before it"
}
