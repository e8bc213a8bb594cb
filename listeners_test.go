package carillon_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/messages"
)

// TestListenersThatEndBadly have a listener that panics, or ends its goroutine,
// at every event: it gets every event all the same, in order, and so do others.
func TestListenersThatEndBadly(t *testing.T) {
	for _, row := range []struct {
		name string
		end  func()
	}{
		{"panic", func() { panic("boom") }},
		{"Goexit", runtime.Goexit},
	} {
		t.Run(row.name, func(t *testing.T) {
			onEveryClock(t, func(t *testing.T, r *rig) {
				var got []string
				_, err := r.AddListener(func(e carillon.Event) {
					got = append(got, nameOf(e))
					row.end()
				}, messages.MaskAll)
				r.must(err)
				r.add("job", nothing)
				r.start()
				r.pass(5 * time.Second)
				r.shutdown()
				r.checkOutcomes("job", time.Second, carillon.Executed)
				r.checkTimeline(messages.MaskAll, got...)
			})
		})
	}
}

// TestListenerThatNeverReturns has a listener that blocks for ever: the others
// get their events, jobs run, a shutdown is bounded, and there can be another
// life.
func TestListenerThatNeverReturns(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		release := make(chan struct{})
		stuck := 0
		_, err := carillon.On(r.Scheduler, func(*messages.JobExecuted) { stuck++; <-release })
		r.must(err)
		lives := []string{"first life", "second life"}
		for _, life := range lives {
			r.add(life, nothing)
			r.start()
			r.pass(3 * time.Second)
			if err := r.shutdownWithin(time.Second); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("Shutdown: %v, want one that was out of patience", err)
			}
		}
		synctest.Wait()
		for _, life := range lives {
			if n := r.checkOutcomes(life, time.Second, carillon.Executed); n != 3 {
				t.Errorf("the job of the %s has run %d times in 3 s", life, n)
			}
		}
		r.checkTimeline(maskLifecycle, "SchedulerStarted", "SchedulerShutdown", "SchedulerStarted", "SchedulerShutdown")
		if stuck != 1 {
			t.Errorf("the listener was called %d times before it returned", stuck)
		}
		close(release)
		synctest.Wait()
		if stuck != 6 {
			t.Errorf("the listener was called %d times in the end", stuck)
		}
	})
}

// TestListenerThatUsesTheScheduler has a listener that adds jobs, asks for
// them, pauses and resumes.
func TestListenerThatUsesTheScheduler(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		var faults []error
		_, err := carillon.On(r.Scheduler, func(e *messages.JobExecuted) {
			if e.Run.JobID != "first" {
				return
			}
			ctx := context.Background()
			_, err := r.AddJob(ctx, carillon.Func(nothing), nil, carillon.Job{ID: "second"})
			faults = append(faults, err, r.Pause(ctx), r.Resume(ctx))
			_, err = r.Jobs(ctx)
			faults = append(faults, err)
		})
		r.must(err)
		r.once("first", nothing)
		r.start()
		r.pass(time.Second)
		r.shutdown()
		r.must(errors.Join(faults...))
		r.result("second")
	})
}

// TestRemovedListener removes listeners, from outside and from inside: once
// that is answered they get nothing any more, also of what had happened before.
func TestRemovedListener(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		var id carillon.ListenerID
		got, removed := 0, false
		id, err := r.AddListener(func(carillon.Event) {
			got++
			removed = r.RemoveListener(id)
		}, messages.MaskJobExecuted)
		r.must(err)
		for i := range 100 {
			r.once(strings.Repeat("x", i+1), nothing)
		}
		r.start()
		r.pass(time.Second)
		if got != 1 || !removed {
			t.Errorf("a listener that removes itself has got %d events, removed: %v", got, removed)
		}
		if r.RemoveListener(id) {
			t.Error("a listener was removed twice")
		}
		r.shutdown()
	})
}

// TestNewListener adds a listener while much is going on: what happens once
// that is answered reaches it.
func TestNewListener(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		r.add("job", nothing)
		r.start()
		r.pass(time.Second)
		var got []string
		_, err := r.AddListener(func(e carillon.Event) { got = append(got, nameOf(e)) }, maskLifecycle)
		r.must(err)
		r.must(r.Pause(patience(t)))
		r.must(r.Resume(patience(t)))
		r.shutdown()
		if text := strings.Join(got, " "); text != "SchedulerPaused SchedulerResumed SchedulerShutdown" {
			t.Errorf("the new listener got: %s", text)
		}
	})
}

// TestListenerThatWouldHearNothing has a mask without an event.
func TestListenerThatWouldHearNothing(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		for _, mask := range []carillon.Mask{0, messages.MaskAll + 1} {
			_, err := r.AddListener(func(carillon.Event) {}, mask)
			if fault, ok := errors.AsType[*carillon.FieldError](err); !ok || fault.Field != "mask" {
				t.Errorf("mask %b: %v", mask, err)
			}
		}
	})
}

// TestOnEveryEvent listens to all events by the interface that they have.
func TestOnEveryEvent(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		heard := 0
		_, err := carillon.On(r.Scheduler, func(carillon.Event) { heard++ })
		r.must(err)
		r.start()
		r.pass(0)
		r.shutdown()
		if heard == 0 {
			t.Error("nothing was heard")
		}
	})
}
