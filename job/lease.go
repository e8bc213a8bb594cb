package job

import (
	"container/list"
	"context"
	"sync"
)

// Lease is a scheduler's right to execute the runs that it has claimed from a
// store which others use too. When it ends, those others have the runs: none
// may be started any more, and the contexts of those that are being executed
// end, with the cause that [Lease.End] was given.
//
// A nil Lease never ends. All methods may be called concurrently.
type Lease struct {
	overdue func() bool

	mu     sync.Mutex
	cause  error
	leased list.List // the cancel functions of the contexts, in order of Enter
}

// NewLease returns a Lease. overdue is asked before each start; when it says
// true, the Lease ends with [ErrLeaseExpired]. It must not call the Lease. Nil:
// only End ends it.
func NewLease(overdue func() bool) *Lease { return &Lease{overdue: overdue} }

// Enter returns a context for the execution of a run, which ends with parent
// or the Lease, and a function to call when the run has ended. It fails with
// the cause if the Lease has ended.
func (l *Lease) Enter(parent context.Context) (ctx context.Context, leave func(), err error) {
	if l == nil {
		return parent, func() {}, nil
	}
	l.check()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause != nil {
		return nil, nil, l.cause
	}
	ctx, cancel := context.WithCancelCause(parent)
	place := l.leased.PushBack(cancel)
	return ctx, func() {
		l.mu.Lock()
		l.leased.Remove(place)
		l.mu.Unlock()
		cancel(nil)
	}, nil
}

// check ends the Lease if it is overdue.
func (l *Lease) check() {
	if l.overdue != nil && l.overdue() {
		l.End(ErrLeaseExpired)
	}
}

// End ends the Lease. Only the first call counts.
func (l *Lease) End(cause error) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause != nil {
		return
	}
	l.cause = cause
	for e := l.leased.Front(); e != nil; e = e.Next() {
		e.Value.(context.CancelCauseFunc)(cause)
	}
}

// Err returns the cause of the Lease's end; nil while it holds.
func (l *Lease) Err() error {
	if l == nil {
		return nil
	}
	l.check()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.cause
}
