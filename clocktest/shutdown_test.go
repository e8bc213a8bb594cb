package clocktest_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/messages"
)

// asleep returns a scheduler with a job that has begun to sleep for an hour.
func asleep(t *testing.T) (s *carillon.Scheduler, clock *clocktest.Clock, runs, woken *int) {
	clock = clocktest.NewClock(time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC))
	s, err := carillon.New(carillon.Config{Clock: clock, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	runs, woken = new(int), new(int)
	_, err1 := s.Every(time.Minute, func(ctx context.Context) error {
		*runs++
		return carillon.Sleep(ctx, time.Hour)
	})
	_, err2 := carillon.On(s, func(*messages.JobExecuted) { *woken++ })
	if err := errors.Join(err1, err2, s.Start(t.Context()), clocktest.Advance(t.Context(), s, clock, time.Minute)); err != nil {
		t.Fatal(err)
	}
	return s, clock, runs, woken
}

// Jobs that sleep wake in their time, and nothing else begins.
func TestShutdownMovesTheClock(t *testing.T) {
	s, clock, runs, woken := asleep(t)
	before := clock.Now()
	if err := clocktest.Shutdown(t.Context(), s, clock); err != nil {
		t.Error(err)
	}
	if *runs != 1 || *woken != 1 {
		t.Errorf("%d runs, %d of them woke, want 1 and 1", *runs, *woken)
	}
	if took := clock.Now().Sub(before); took != time.Hour {
		t.Errorf("the clock was moved by %v, want an hour", took)
	}
	if err := clocktest.Shutdown(t.Context(), s, clock); !errors.Is(err, carillon.ErrNotRunning) {
		t.Errorf("the second time: %v", err)
	}
}

// A context that has ended means: do not wait.
func TestShutdownDoesNotWait(t *testing.T) {
	s, clock, _, woken := asleep(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	before := clock.Now()
	if err := clocktest.Shutdown(ctx, s, clock); !errors.Is(err, context.Canceled) {
		t.Errorf("it returns %v", err)
	}
	if *woken != 0 || !clock.Now().Equal(before) {
		t.Errorf("%d jobs woke, and the clock was moved by %v", *woken, clock.Now().Sub(before))
	}
}
