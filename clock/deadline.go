package clock

import (
	"context"
	"sync"
	"time"
)

// WithTimeout is [context.WithTimeout] on the given clock: the returned
// context ends with [context.DeadlineExceeded] once d has elapsed there. The
// caller must call cancel to release the timer. A d <= 0 ends it at once.
func WithTimeout(parent context.Context, c Clock, d time.Duration) (ctx context.Context, cancel context.CancelFunc) {
	base, stop := context.WithCancelCause(parent)
	deadline := &deadlineContext{Context: base, at: c.Now().Add(d)}
	if d <= 0 {
		deadline.expire(stop)
		return deadline, func() { stop(context.Canceled) }
	}
	timer := c.AfterFunc(d, func() { deadline.expire(stop) })
	return deadline, func() {
		timer.Stop()
		stop(context.Canceled)
	}
}

type deadlineContext struct {
	context.Context
	at time.Time

	mu      sync.Mutex // guards expired
	expired bool
}

func (d *deadlineContext) expire(stop context.CancelCauseFunc) {
	d.mu.Lock()
	d.expired = d.Context.Err() == nil
	d.mu.Unlock()
	stop(context.DeadlineExceeded)
}

func (d *deadlineContext) Deadline() (time.Time, bool) {
	if parent, ok := d.Context.Deadline(); ok && parent.Before(d.at) {
		return parent, true
	}
	return d.at, true
}

func (d *deadlineContext) Err() error {
	err := d.Context.Err()
	d.mu.Lock()
	defer d.mu.Unlock()
	if err != nil && d.expired {
		return context.DeadlineExceeded
	}
	return err
}
