package job_test

import (
	"context"
	"errors"
	"testing"

	"github.com/carillon-go/carillon/job"
)

func TestLeaseEnds(t *testing.T) {
	cause := errors.New("taken")
	l := job.NewLease(nil)
	ctx, leave, err := l.Enter(context.Background())
	if err != nil || ctx.Err() != nil || l.Err() != nil {
		t.Fatal(err, ctx.Err(), l.Err())
	}
	defer leave()
	l.End(cause)
	l.End(errors.New("again"))
	if got := context.Cause(ctx); got != cause {
		t.Errorf("the run's context ended with %v", got)
	}
	if _, _, err := l.Enter(context.Background()); err != cause || l.Err() != cause {
		t.Errorf("a run may start: %v, %v", err, l.Err())
	}
}

func TestLeaseOverdue(t *testing.T) {
	overdue := false
	l := job.NewLease(func() bool { return overdue })
	ctx, leave, err := l.Enter(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	overdue = true
	if _, _, err := l.Enter(context.Background()); !errors.Is(err, job.ErrLeaseExpired) {
		t.Errorf("a run may start: %v", err)
	}
	if !errors.Is(context.Cause(ctx), job.ErrLeaseExpired) {
		t.Errorf("the run that was started goes on: %v", context.Cause(ctx))
	}
}

func TestLeaseOfNone(t *testing.T) {
	var l *job.Lease
	ctx, leave, err := l.Enter(context.Background())
	if ctx != context.Background() || err != nil || l.Err() != nil {
		t.Error(ctx, err)
	}
	leave()
	l.End(job.ErrLeaseExpired)
}
