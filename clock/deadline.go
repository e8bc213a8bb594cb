package clock

import (
	"context"
	"time"
)

// WithTimeout is [context.WithTimeout] on the given clock: the returned
// context ends with [context.DeadlineExceeded] once d has elapsed there, or
// with its parent if that ends first. A d <= 0 ends it at once. The caller must
// call cancel, once ctx is not needed any more, to release the timer.
//
// A context derived from it that has a Done channel of its own (one made by
// [context.WithCancel], for instance) ends at the same moment, but its Err is
// [context.Canceled]. [context.Cause] is right for both.
func WithTimeout(parent context.Context, c Clock, d time.Duration) (ctx context.Context, cancel context.CancelFunc) {
	base, stop := context.WithCancelCause(parent)
	ctx = &deadlineContext{Context: base, at: c.Now().Add(d)}
	expire := func() { stop(context.DeadlineExceeded) }
	if d <= 0 {
		expire()
	}
	if base.Err() != nil {
		return ctx, func() {}
	}
	timer := c.AfterFunc(d, expire)
	return ctx, func() {
		timer.Stop()
		stop(context.Canceled)
	}
}

type deadlineContext struct {
	context.Context
	at time.Time
}

func (d *deadlineContext) Deadline() (time.Time, bool) {
	if parent, ok := d.Context.Deadline(); ok && parent.Before(d.at) {
		return parent, true
	}
	return d.at, true
}

// Err tells the two reasons apart by the cause, which the first of them has
// set for good.
func (d *deadlineContext) Err() error {
	err := d.Context.Err()
	if err != nil && context.Cause(d.Context) == context.DeadlineExceeded {
		return context.DeadlineExceeded
	}
	return err
}
