package clock_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jonboulle/clockwork"

	"github.com/carillon-go/carillon/clock"
)

var errOther = errors.New("another cause")

func ended(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return true
	default:
		return false
	}
}

// wantEnd checks that ctx has ended, and how.
func wantEnd(t *testing.T, ctx context.Context, err, cause error) {
	t.Helper()
	if !ended(ctx) {
		t.Error("the context has not ended")
	}
	if ctx.Err() != err {
		t.Errorf("Err() = %v, want %v", ctx.Err(), err)
	}
	if got := context.Cause(ctx); got != cause {
		t.Errorf("Cause = %v, want %v", got, cause)
	}
}

func TestWithTimeoutExpires(t *testing.T) {
	eachClock(t, func(t *testing.T, c clock.Clock, advance func(time.Duration)) {
		start := c.Now()
		ctx, cancel := clock.WithTimeout(t.Context(), c, time.Minute)
		defer cancel()
		if at, ok := ctx.Deadline(); !ok || !at.Equal(start.Add(time.Minute)) {
			t.Errorf("Deadline() = %v, %v, want a minute after %v", at, ok, start)
		}

		advance(time.Minute - time.Nanosecond)
		if ended(ctx) || ctx.Err() != nil {
			t.Fatalf("the context ended early, with %v", ctx.Err())
		}
		advance(time.Nanosecond)
		wantEnd(t, ctx, context.DeadlineExceeded, context.DeadlineExceeded)

		cancel()
		wantEnd(t, ctx, context.DeadlineExceeded, context.DeadlineExceeded)
	})
}

func TestWithTimeoutCancelled(t *testing.T) {
	eachClock(t, func(t *testing.T, c clock.Clock, advance func(time.Duration)) {
		ctx, cancel := clock.WithTimeout(t.Context(), c, time.Minute)
		cancel()
		wantEnd(t, ctx, context.Canceled, context.Canceled)
		cancel()
		advance(time.Hour)
		wantEnd(t, ctx, context.Canceled, context.Canceled)
	})
}

func TestWithTimeoutOfNothing(t *testing.T) {
	for _, d := range []time.Duration{0, -time.Second} {
		fake := clockwork.NewFakeClock()
		ctx, cancel := clock.WithTimeout(t.Context(), clock.From(fake), d)
		wantEnd(t, ctx, context.DeadlineExceeded, context.DeadlineExceeded)
		cancel()
		wantEnd(t, ctx, context.DeadlineExceeded, context.DeadlineExceeded)
	}
}

func TestWithTimeoutParentFirst(t *testing.T) {
	eachClock(t, func(t *testing.T, c clock.Clock, advance func(time.Duration)) {
		parent, stop := context.WithCancelCause(t.Context())
		ctx, cancel := clock.WithTimeout(parent, c, time.Minute)
		defer cancel()

		stop(errOther)
		wantEnd(t, ctx, context.Canceled, errOther)
		advance(time.Hour)
		wantEnd(t, ctx, context.Canceled, errOther)
	})
}

// A context under an ended parent arms no timer, for nobody would stop it.
func TestWithTimeoutParentEnded(t *testing.T) {
	for _, d := range []time.Duration{-1, 0, time.Minute} {
		parent, stop := context.WithCancelCause(t.Context())
		stop(errOther)
		ctx, cancel := clock.WithTimeout(parent, noTimers{t}, d)
		wantEnd(t, ctx, context.Canceled, errOther)
		cancel()
	}
}

type noTimers struct{ t *testing.T }

func (noTimers) Now() time.Time { return time.Unix(0, 0) }

func (n noTimers) AfterFunc(time.Duration, func()) clock.Timer {
	n.t.Error("a timer was armed")
	return time.NewTimer(0)
}

// The parent's timeout reaches the child as a timeout.
func TestWithTimeoutNested(t *testing.T) {
	eachClock(t, func(t *testing.T, c clock.Clock, advance func(time.Duration)) {
		start := c.Now()
		outer, cancelOuter := clock.WithTimeout(t.Context(), c, time.Minute)
		defer cancelOuter()
		inner, cancelInner := clock.WithTimeout(outer, c, time.Hour)
		defer cancelInner()
		if at, _ := inner.Deadline(); !at.Equal(start.Add(time.Minute)) {
			t.Errorf("the inner Deadline() is %v, want the outer one's, a minute after %v", at, start)
		}
		advance(time.Minute)
		wantEnd(t, outer, context.DeadlineExceeded, context.DeadlineExceeded)
		wantEnd(t, inner, context.DeadlineExceeded, context.DeadlineExceeded)
	})
}

func TestWithTimeoutDerived(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type key struct{}
		parent := context.WithValue(t.Context(), key{}, "kept")
		ctx, cancel := clock.WithTimeout(parent, clock.Real(), time.Minute)
		defer cancel()
		derived, stop := context.WithCancel(ctx)
		defer stop()
		if ctx.Value(key{}) != "kept" || derived.Value(key{}) != "kept" {
			t.Error("the parent's values do not come through")
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		wantEnd(t, derived, context.Canceled, context.DeadlineExceeded)
	})
}

// Timer, parent and cancel strike at once: one of them wins, and what the
// context says of its end neither contradicts itself nor changes.
func TestWithTimeoutRace(t *testing.T) {
	for range 2000 {
		fake := clockwork.NewFakeClock()
		parent, stop := context.WithCancelCause(context.Background())
		ctx, cancel := clock.WithTimeout(parent, clock.From(fake), time.Minute)

		var all sync.WaitGroup
		all.Go(func() { fake.Advance(time.Minute) })
		all.Go(func() { stop(errOther) })
		all.Go(cancel)
		all.Go(func() {
			<-ctx.Done()
			err, cause := ctx.Err(), context.Cause(ctx)
			switch {
			case err == context.DeadlineExceeded && cause == context.DeadlineExceeded:
			case err == context.Canceled && (cause == context.Canceled || cause == errOther):
			default:
				t.Errorf("Err() = %v with the cause %v", err, cause)
			}
			if ctx.Err() != err {
				t.Errorf("Err() was %v and is %v", err, ctx.Err())
			}
		})
		all.Wait()
	}
}

func TestWithTimeoutReleasesTimer(t *testing.T) {
	fake := clockwork.NewFakeClock()
	_, cancel := clock.WithTimeout(t.Context(), clock.From(fake), time.Minute)
	cancel()
	none, stop := context.WithCancel(t.Context())
	stop()
	if err := fake.BlockUntilContext(none, 1); err == nil {
		t.Error("cancel has left a timer behind")
	}
}
