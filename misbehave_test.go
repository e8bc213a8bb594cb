package carillon_test

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/executors"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/triggers"
)

// TestJobsThatEndBadly have a run that fails; the next one is executed as if
// nothing had happened, and so is another job.
func TestJobsThatEndBadly(t *testing.T) {
	boom := errors.New("boom")
	for _, row := range []struct {
		name string
		do   carillon.Func
		want func(err error) bool
	}{
		{"error", func(context.Context) error { return boom }, func(err error) bool { return err == boom }},
		{"panic", func(context.Context) error { panic(boom) }, func(err error) bool {
			caught, ok := errors.AsType[*carillon.PanicError](err)
			return ok && caught.Value == boom && len(caught.Stack) > 0 && errors.Is(err, boom)
		}},
		{"Goexit", func(context.Context) error { runtime.Goexit(); return nil }, func(err error) bool {
			return errors.Is(err, executors.ErrGoexit)
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			onEveryClock(t, func(t *testing.T, r *rig) {
				r.add("bad", row.do)
				r.add("good", nothing)
				r.start()
				r.pass(3 * time.Second)
				r.shutdown()
				if n := r.checkOutcomes("bad", time.Second, carillon.Failed); n != 3 {
					t.Errorf("the bad job has had %d outcomes in 3 s", n)
				}
				if n := r.checkOutcomes("good", time.Second, carillon.Executed); n != 3 {
					t.Errorf("the good job has had %d outcomes in 3 s", n)
				}
				for _, result := range r.results("bad") {
					if !row.want(result.Err) {
						t.Errorf("the error is %v", result.Err)
					}
				}
			})
		})
	}
}

// exiting is a trigger that ends the goroutine of who asks it, from its second
// time on, as one does that calls FailNow.
type exiting struct{ asked *atomic.Int32 }

func (e exiting) Next(_, now time.Time) (time.Time, bool) {
	if e.asked.Add(1) > 1 {
		runtime.Goexit()
	}
	return now.Add(time.Second), true
}

// TestTriggersThatEndTheirGoroutine have their jobs parked. The others run.
func TestTriggersThatEndTheirGoroutine(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		for _, id := range []string{"bad", "worse"} {
			_, err := r.AddJob(t.Context(), carillon.Func(nothing), exiting{new(atomic.Int32)}, carillon.Job{ID: id})
			r.must(err)
		}
		for _, id := range []string{"a", "c", "x"} {
			r.add(id, nothing)
		}
		r.start()
		r.pass(3 * time.Second)
		r.shutdown()
		for _, id := range []string{"a", "c", "x"} {
			if n := r.checkOutcomes(id, time.Second, carillon.Executed); n != 3 {
				t.Errorf("job %s has had %d outcomes in 3 s", id, n)
			}
		}
		r.checkTimeline(messages.MaskJobParked, "JobParked bad", "JobParked worse")
	})
}

// TestJobsThatChangeThemselves have a job do something to itself in its first
// run: that run is executed, and what follows is as the change says.
func TestJobsThatChangeThemselves(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(ctx context.Context, s *carillon.Scheduler) error
		runs   int // in 5 s
		events []string
	}{
		{"remove", func(ctx context.Context, s *carillon.Scheduler) error { return s.RemoveJob(ctx, "self") },
			1, []string{"JobAdded self", "JobRemoved self"}},
		{"remove several", func(ctx context.Context, s *carillon.Scheduler) error { return s.RemoveJobs(ctx, []string{"self"}) },
			1, []string{"JobAdded self", "JobRemoved self"}},
		{"remove all", func(ctx context.Context, s *carillon.Scheduler) error { return s.RemoveAllJobs(ctx) },
			1, []string{"JobAdded self", "AllJobsRemoved"}},
		{"pause", func(ctx context.Context, s *carillon.Scheduler) error {
			_, err := s.PauseJob(ctx, "self")
			return err
		}, 1, []string{"JobAdded self", "JobModified self"}},
		{"modify", func(ctx context.Context, s *carillon.Scheduler) error {
			_, err := s.ModifyJob(ctx, "self", carillon.Changes{Name: new("new name")})
			return err
		}, 5, []string{"JobAdded self", "JobModified self"}},
		{"reschedule", func(ctx context.Context, s *carillon.Scheduler) error {
			_, err := s.RescheduleJob(ctx, "self", triggers.Must(triggers.Every(2*time.Second)))
			return err
		}, 3, []string{"JobAdded self", "JobModified self"}},
		{"replace", func(ctx context.Context, s *carillon.Scheduler) error {
			_, err := s.AddJob(ctx, carillon.Func(nothing), seconds(), carillon.Job{ID: "self", Replace: true})
			return err
		}, 5, []string{"JobAdded self", "JobAdded self"}},
		{"add another", func(ctx context.Context, s *carillon.Scheduler) error {
			_, err := s.Every(time.Second, nothing, carillon.Job{ID: "other"})
			return err
		}, 5, []string{"JobAdded self", "JobAdded other"}},
		{"pause the scheduler", func(ctx context.Context, s *carillon.Scheduler) error { return s.Pause(ctx) }, 1, []string{"JobAdded self"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			onEveryClock(t, func(t *testing.T, r *rig) {
				first := true
				r.add("self", func(ctx context.Context) error {
					if !first {
						return nil
					}
					first = false
					return row.change(ctx, r.Scheduler)
				})
				r.start()
				r.pass(5*time.Second + time.Millisecond)
				r.shutdown()
				results := r.results("self")
				if len(results) != row.runs {
					t.Errorf("%d runs in 5 s, want %d", len(results), row.runs)
				}
				for _, result := range results {
					r.must(result.Err)
				}
				r.checkTimeline(messages.MaskJobAdded|messages.MaskJobRemoved|messages.MaskJobModified|messages.MaskAllJobsRemoved, row.events...)
			})
		})
	}
}

// TestJobThatIsRemovedInFlight removes and modifies jobs while they run: they
// run to their end as they were, and it is reported.
func TestJobThatIsRemovedInFlight(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		removed, modified := newGate(), newGate()
		r.once("removed", func(context.Context) error { removed.pass(); return nil })
		_, err := r.Every(time.Hour, func(context.Context) error { modified.pass(); return nil },
			carillon.Job{ID: "modified", NextRunTime: r.clock.Now()})
		r.must(err)
		r.start()
		<-removed.reached
		<-modified.reached
		if err := r.RemoveJob(patience(t), "removed"); !errors.Is(err, carillon.ErrJobNotFound) {
			t.Errorf("removing a job whose trigger has ended: %v", err)
		}
		_, err = r.ModifyJob(patience(t), "modified", carillon.Changes{Call: carillon.Func(func(context.Context) error { return errors.New("changed") })})
		r.must(err)
		r.must(r.RemoveJob(patience(t), "modified"))
		close(removed.open)
		close(modified.open)
		r.shutdown()
		for _, id := range []string{"removed", "modified"} {
			if result := r.result(id); result.Outcome != carillon.Executed {
				t.Errorf("job %q was %v: %v", id, result.Outcome, result.Err)
			}
		}
	})
}
