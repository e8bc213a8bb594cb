package carillon_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/executors/inline"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/messages"
)

// TestShutdownWithNothingToWaitFor does not want to wait, and need not.
func TestShutdownWithNothingToWaitFor(t *testing.T) {
	config := carillon.Config{
		ShutdownTimeout: -1,
		Executors:       carillon.Executors{"inline": inline.Open, "one": pool.Open(pool.Config{Size: 1})},
	}
	inBubble(t, config, func(t *testing.T, r *rig) {
		for _, alias := range []string{"default", "inline", "one"} {
			_, err := r.Every(time.Second, nothing, carillon.Job{Executor: alias})
			r.must(err)
			r.start()
			r.pass(time.Minute)
			r.must(r.shutdownWithin(0))
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		r.must(r.Run(ctx))
	})
}

// TestRunThatDoesNotWait ends while a job runs: that is cut short, and so Run
// says so.
func TestRunThatDoesNotWait(t *testing.T) {
	inBubble(t, carillon.Config{ShutdownTimeout: -1}, func(t *testing.T, r *rig) {
		r.once("long", func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) })
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		err := r.Run(ctx)
		const want = `executor "default": out of patience with 1 runs, of which 0 were not started`
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), want) {
			t.Errorf("Run: %v, want %s", err, want)
		}
		if result := r.result("long"); !errors.Is(result.Err, carillon.ErrShutdown) {
			t.Errorf("the job has ended with %v", result.Err)
		}
	})
}

// TestShutdownLosesWhatIsNotStarted has runs wait for their turn when the patience
// ends, and their store with it: they are Lost, and counted. (TestShutdownReleases
// has a store that hands them out again.)
func TestShutdownLosesWhatIsNotStarted(t *testing.T) {
	var log bytes.Buffer
	config := carillon.Config{
		Logger:    slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Executors: carillon.Executors{"default": pool.Open(pool.Config{Size: 1})},
	}
	inBubble(t, config, func(t *testing.T, r *rig) {
		const waiting = 10
		r.once("first", func(ctx context.Context) error { <-ctx.Done(); return nil })
		for i := range waiting {
			r.once(fmt.Sprint("waiting ", i), nothing)
		}
		r.start()
		r.pass(time.Second)
		const want = "out of patience with 11 runs, of which 10 were not started"
		if err := r.shutdownWithin(time.Second); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Shutdown: %v, want %s", err, want)
		}
		for i := range waiting {
			result := r.result(fmt.Sprint("waiting ", i))
			if result.Outcome != carillon.Lost || !errors.Is(result.Err, carillon.ErrLost) || !errors.Is(result.Err, carillon.ErrShutdown) {
				t.Errorf("job %d was %v: %v", i, result.Outcome, result.Err)
			}
		}
		last := r.timeline(messages.MaskAll)
		if len(last) == 0 || last[len(last)-1] != "SchedulerShutdown" {
			t.Errorf("the events end with %v", last[max(0, len(last)-2):])
		}
		if !strings.Contains(log.String(), "store=default runs=10") {
			t.Errorf("logged %q", log.String())
		}
	})
}

// stuck never returns until it is released.
type stuck struct{ release chan struct{} }

func (s *stuck) hear(*messages.JobExecuted) { <-s.release }

// TestShutdownWithStuckListener has a listener that does not return: the error
// names it, and how much it has not heard.
func TestShutdownWithStuckListener(t *testing.T) {
	for _, bound := range []time.Duration{0, time.Minute} {
		inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
			l := &stuck{make(chan struct{})}
			id, err := carillon.On(r.Scheduler, l.hear)
			r.must(err)
			for i := range 5 {
				r.once(fmt.Sprint("job ", i), nothing)
			}
			r.start()
			r.pass(time.Second)
			err = r.shutdownWithin(bound)
			want := fmt.Sprintf("listener %d (carillon_test.(*stuck).hear) is still busy; events not delivered to it: 5", id)
			if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), want) {
				t.Errorf("Shutdown within %v: %v, want %s", bound, err, want)
			}
			if state := r.State(); state != carillon.Stopped {
				t.Errorf("state %v", state)
			}
			r.start() // which the listener does not keep it from
			close(l.release)
			synctest.Wait()
			r.shutdown()
		})
	}
}

// TestShutdownWithSlowListener has one that returns in the end: it has had all.
func TestShutdownWithSlowListener(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		heard := 0
		_, err := carillon.On(r.Scheduler, func(*messages.JobExecuted) { time.Sleep(100 * time.Millisecond); heard++ })
		r.must(err)
		for i := range 5 {
			r.once(fmt.Sprint("job ", i), nothing)
		}
		r.start()
		r.pass(150 * time.Millisecond) // in the middle of the second one
		r.must(r.shutdownWithin(0))
		if heard != 5 {
			t.Errorf("heard %d of 5 events", heard)
		}
	})
}
