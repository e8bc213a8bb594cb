package carillon_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/triggers"
)

// TestMaxInstances runs a job that takes 2.5 s every second, with room for 1, 2
// and 3 of its runs at a time: what has no room is skipped.
func TestMaxInstances(t *testing.T) {
	for instances, want := range map[int]string{
		1: "EssEssEssEss",
		2: "EEsEEsEEsEEs",
		3: "EEEEEEEEEEEE",
	} {
		t.Run(fmt.Sprint(instances), func(t *testing.T) {
			onEveryClock(t, func(t *testing.T, r *rig) {
				var running, most atomic.Int64
				job := steady("job")
				job.MaxInstances = instances
				_, err := r.Every(time.Second, func(ctx context.Context) error {
					most.Store(max(most.Load(), running.Add(1)))
					defer running.Add(-1)
					return carillon.Sleep(ctx, 2500*time.Millisecond)
				}, job)
				r.must(err)
				first := r.clock.Now().Add(time.Second)
				r.start()
				r.pass(12 * time.Second)
				_, err = r.PauseJob(patience(t), "job")
				r.must(err)
				r.pass(3 * time.Second)
				r.shutdown()
				var got strings.Builder
				for i := range len(want) {
					switch had := fmt.Sprint(r.outcomes["job"][first.Add(time.Duration(i)*time.Second).UTC().Round(0)]); had {
					case "[executed]":
						got.WriteString("E")
					case "[skipped]":
						got.WriteString("s")
					default:
						got.WriteString(had)
					}
				}
				if got.String() != want {
					t.Errorf("outcomes %s, want %s", &got, want)
				}
				if most.Load() != int64(instances) {
					t.Errorf("%d runs at a time", most.Load())
				}
				r.checkOutcomes("job", time.Second, carillon.Executed, carillon.Skipped)
			})
		})
	}
}

// TestBacklog has 5,000 run times missed of a job that does not coalesce: they
// are made up for in order, one at a time, in batches.
func TestBacklog(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		const missed = 5000
		first := r.clock.Now().Add(-(missed - 1) * time.Second)
		every, err := triggers.NewInterval(time.Second, triggers.Options{Start: first})
		r.must(err)
		_, err = r.AddJob(patience(t), carillon.Func(nothing), every,
			carillon.Job{ID: "job", Coalesce: carillon.All, MaxInstances: 1, NextRunTime: first})
		r.must(err)
		r.start()
		r.settle()
		results := r.results("job")
		if len(results) != missed {
			t.Errorf("%d runs, want %d", len(results), missed)
		}
		for i, result := range results {
			if want := first.Add(time.Duration(i) * time.Second); !result.Run.Scheduled.Equal(want) {
				t.Fatalf("run %d was for %v, want %v", i, result.Run.Scheduled, want)
			}
		}
		if biggest := r.biggestSubmission(); biggest > 1000 {
			t.Errorf("%d runs were submitted at a time", biggest)
		}
		r.pass(3 * time.Second)
		r.shutdown()
		if n := r.checkOutcomes("job", time.Second, carillon.Executed); n != missed+3 {
			t.Errorf("%d outcomes, want %d", n, missed+3)
		}
	})
}

// biggestSubmission returns how many runs were submitted at a time.
func (l *ledger) biggestSubmission() (biggest int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, event := range l.events {
		if e, ok := event.(*messages.JobSubmitted); ok {
			biggest = max(biggest, len(e.Scheduled))
		}
	}
	return biggest
}

// TestCoalesce has run times missed of a job that coalesces: it is run once, for
// the latest of them, and knows the first.
func TestCoalesce(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		_, err := r.Every(time.Second, nothing, carillon.Job{ID: "job"})
		r.must(err)
		first := r.clock.Now().Add(time.Second)
		r.must(r.StartPaused(patience(t)))
		r.pass(10 * time.Second)
		r.must(r.Resume(patience(t)))
		r.settle()
		run := r.result("job").Run
		if !run.First.Equal(first) || !run.Scheduled.Equal(first.Add(9*time.Second)) {
			t.Errorf("run for %v, the first of which was %v", run.Scheduled, run.First)
		}
		r.shutdown()
	})
}

// TestMisfireGrace starts runs that are late by less than their grace, exactly
// as much, and more.
func TestMisfireGrace(t *testing.T) {
	const late = 10 * time.Second
	for _, row := range []struct {
		name  string
		grace time.Duration
		want  carillon.Outcome
	}{
		{"none", carillon.NoMisfireGrace, carillon.Executed},
		{"default", 0, carillon.Executed},
		{"more", late + time.Nanosecond, carillon.Executed},
		{"just enough", late, carillon.Executed},
		{"too little", late - time.Nanosecond, carillon.Missed},
	} {
		t.Run(row.name, func(t *testing.T) {
			onEveryClock(t, func(t *testing.T, r *rig) {
				_, err := r.At(r.clock.Now(), nothing, carillon.Job{ID: "job", MisfireGrace: row.grace})
				r.must(err)
				r.must(r.StartPaused(patience(t)))
				r.pass(late)
				r.must(r.Resume(patience(t)))
				r.settle()
				result := r.result("job")
				if result.Outcome != row.want {
					t.Errorf("the run was %v: %v", result.Outcome, result.Err)
				}
				if missed := errors.Is(result.Err, carillon.ErrMissed); missed != (row.want == carillon.Missed) {
					t.Errorf("the error is %v", result.Err)
				}
				r.shutdown()
			})
		})
	}
}

// TestMisfireOfWaitingRun has a run become too late while it waits for the one
// before it.
func TestMisfireOfWaitingRun(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		first := r.clock.Now().Add(-2 * time.Second)
		every, err := triggers.NewInterval(time.Second, triggers.Options{Start: first})
		r.must(err)
		_, err = r.AddJob(patience(t), carillon.Func(func(ctx context.Context) error { return carillon.Sleep(ctx, 4*time.Second) }), every,
			carillon.Job{ID: "job", Coalesce: carillon.All, MaxInstances: 1, MisfireGrace: 5 * time.Second, NextRunTime: first})
		r.must(err)
		r.start()
		r.settle()
		_, err = r.PauseJob(patience(t), "job")
		r.must(err)
		r.pass(20 * time.Second)
		r.shutdown()
		var outcomes []string
		for _, result := range r.results("job") {
			outcomes = append(outcomes, result.Outcome.String())
		}
		if got := strings.Join(outcomes, " "); got != "executed executed missed" {
			t.Errorf("outcomes: %s", got)
		}
	})
}

type greeting struct {
	To    string
	Times int
}

// TestTask runs a typed task with its arguments, and tells what it has to say.
func TestTask(t *testing.T) {
	greet := carillon.NewTask("greet", func(ctx context.Context, g greeting) error {
		run, ok := carillon.FromContext(ctx)
		if !ok || run.JobID != "job" || run.Attempt != 1 || run.Store != "default" || run.Executor != "default" || run.Name != "greet" {
			return fmt.Errorf("the context is of run %+v", run)
		}
		carillon.SetResult(ctx, strings.Repeat("hello "+g.To+" ", g.Times))
		return nil
	})
	inBubble(t, carillon.Config{Tasks: carillon.NewTasks(greet)}, func(t *testing.T, r *rig) {
		_, err := r.AddJob(context.Background(), greet.With(greeting{"ada", 2}), nil, carillon.Job{ID: "job"})
		r.must(err)
		r.start()
		r.settle()
		if result := r.result("job"); result.Value != "hello ada hello ada " || result.Err != nil {
			t.Errorf("the result is %v, %v", result.Value, result.Err)
		}
		r.shutdown()
	})
	if _, ok := carillon.FromContext(context.Background()); ok {
		t.Error("there is a run in the background")
	}
	carillon.SetResult(context.Background(), "nothing happens")
}

// explosive is an argument that cannot be read back.
type explosive struct{ Panic bool }

func (e *explosive) UnmarshalJSON(data []byte) error {
	if strings.Contains(string(data), "true") {
		panic("boom")
	}
	return errors.New("not to be read")
}

// TestTaskArguments has arguments that cannot be read back, and panic at that:
// the run fails and everything else goes on.
func TestTaskArguments(t *testing.T) {
	task := carillon.NewTask("task", func(context.Context, explosive) error { return nil })
	inBubble(t, carillon.Config{Tasks: carillon.NewTasks(task)}, func(t *testing.T, r *rig) {
		for id, args := range map[string]explosive{"fails": {false}, "panics": {true}} {
			_, err := r.AddJob(context.Background(), task.With(args), seconds(), steady(id))
			r.must(err)
		}
		r.add("good", nothing)
		r.start()
		r.pass(3 * time.Second)
		r.shutdown()
		for _, id := range []string{"fails", "panics"} {
			if n := r.checkOutcomes(id, time.Second, carillon.Failed); n != 3 {
				t.Errorf("job %q has had %d outcomes in 3 s", id, n)
			}
		}
		r.checkOutcomes("good", time.Second, carillon.Executed)
		r.checkTimeline(messages.MaskActorRestarted | messages.MaskStoreRestarted)
	})
}

// TestUnknownTask parks a job whose task nobody has registered.
func TestUnknownTask(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		task := carillon.NewTask("unknown", func(context.Context, struct{}) error { return nil })
		_, err := r.AddJob(patience(t), task.With(struct{}{}), seconds(), carillon.Job{ID: "job"})
		r.must(err)
		r.add("good", nothing)
		r.start()
		r.pass(3 * time.Second)
		if j, err := r.Job(patience(t), "job"); err != nil || !strings.Contains(j.Parked, "unknown") {
			t.Errorf("the job is %+v, %v", j, err)
		}
		r.shutdown()
		r.checkTimeline(messages.MaskJobParked, "JobParked job")
		if n := r.checkOutcomes("good", time.Second, carillon.Executed); n != 3 {
			t.Errorf("the good job has had %d outcomes in 3 s", n)
		}
	})
}

// wayward is a trigger that goes wrong in its third answer.
type wayward struct {
	triggers.Trigger
	start time.Time
	wrong func(prev time.Time) (time.Time, bool)
}

func (w wayward) Next(prev, now time.Time) (time.Time, bool) {
	if prev.Sub(w.start) >= 2*time.Second {
		return w.wrong(prev)
	}
	return w.Trigger.Next(prev, now)
}

func (w wayward) MarshalJSON() ([]byte, error) { return json.Marshal("wayward") }

// TestTriggerThatGoesWrong parks a job whose trigger panics, stands still, or
// goes back. The others run.
func TestTriggerThatGoesWrong(t *testing.T) {
	for name, wrong := range map[string]func(time.Time) (time.Time, bool){
		"panics":       func(time.Time) (time.Time, bool) { panic("boom") },
		"stands still": func(prev time.Time) (time.Time, bool) { return prev, true },
		"goes back":    func(prev time.Time) (time.Time, bool) { return prev.Add(-time.Second), true },
	} {
		for _, coalesce := range []job.Coalesce{carillon.Latest, carillon.All} {
			t.Run(fmt.Sprint(name, " ", coalesce), func(t *testing.T) {
				onEveryClock(t, func(t *testing.T, r *rig) {
					start := r.clock.Now()
					every, err := triggers.NewInterval(time.Second, triggers.Options{Start: start})
					r.must(err)
					_, err = r.AddJob(patience(t), carillon.Func(nothing), wayward{every, start, wrong},
						carillon.Job{ID: "bad", Coalesce: coalesce})
					r.must(err)
					r.add("good", nothing)
					r.start()
					r.pass(5 * time.Second)
					j, err := r.Job(patience(t), "bad")
					r.must(err)
					if !strings.Contains(j.Parked, "its trigger ") {
						t.Errorf("parked: %q", j.Parked)
					}
					r.shutdown()
					r.checkTimeline(messages.MaskJobParked|messages.MaskStoreRestarted|messages.MaskActorRestarted, "JobParked bad")
					r.checkOutcomes("bad", time.Second, carillon.Executed)
					if n := r.checkOutcomes("good", time.Second, carillon.Executed); n != 5 {
						t.Errorf("the good job has had %d outcomes in 5 s", n)
					}
				})
			})
		}
	}
}

// TestTriggerThatPanicsAtOnce refuses a job whose trigger panics when it is
// added, changed or resumed: that is nobody else's fault.
func TestTriggerThatPanicsAtOnce(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		boom := wayward{wrong: func(time.Time) (time.Time, bool) { panic("boom") }}
		ctx := patience(t)
		r.add("good", nothing)
		check := func(what string, err error) {
			t.Helper()
			if _, field := errors.AsType[*carillon.FieldError](err); !field {
				t.Errorf("%s: %v, want what is wrong with the trigger", what, err)
			}
		}
		_, err := r.RescheduleJob(ctx, "good", boom)
		check("reschedule a pending job", err)
		r.start()
		_, err = r.AddJob(ctx, carillon.Func(nothing), boom, carillon.Job{ID: "bad"})
		check("add a job", err)
		_, err = r.RescheduleJob(ctx, "good", boom)
		check("reschedule a job", err)
		r.pass(3 * time.Second)
		r.shutdown()
		r.checkTimeline(messages.MaskStoreRestarted | messages.MaskActorRestarted)
		if n := r.checkOutcomes("good", time.Second, carillon.Executed); n != 3 {
			t.Errorf("the good job has had %d outcomes in 3 s", n)
		}
	})
}

// TestSleep has a job sleep on the scheduler's clock, to the end and until it is
// cancelled.
func TestSleep(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		r.once("sleeps", func(ctx context.Context) error { return carillon.Sleep(ctx, time.Hour) })
		r.once("gives up", func(ctx context.Context) error {
			ctx, cancel := context.WithCancelCause(ctx)
			cancel(errOutOfOrder)
			return carillon.Sleep(ctx, time.Hour)
		})
		r.start()
		r.settle()
		if err := r.result("gives up").Err; err != errOutOfOrder {
			t.Errorf("a sleep that was cancelled: %v", err)
		}
		if at, ok := r.NextTimer(); r.clock.Now().Year() == 2025 && (!ok || !at.Equal(r.clock.Now().Add(time.Hour))) {
			t.Errorf("the next timer is due at %v", at)
		}
		r.pass(time.Hour)
		if result := r.result("sleeps"); result.Err != nil || result.Finished.Sub(result.Started) != time.Hour {
			t.Errorf("a sleep of an hour has taken %v: %v", result.Finished.Sub(result.Started), result.Err)
		}
		r.shutdown()
	})
	if err := carillon.Sleep(context.Background(), time.Hour); err == nil {
		t.Error("there is a sleep outside a run")
	}
}

// TestWithTimeout has jobs with a bound on the scheduler's clock, which they reach
// or not. Their run's own context goes on.
func TestWithTimeout(t *testing.T) {
	bounded := func(takes time.Duration) carillon.Func {
		return func(ctx context.Context) error {
			ctx, cancel := carillon.WithTimeout(ctx, time.Minute)
			defer cancel()
			return carillon.Sleep(ctx, takes)
		}
	}
	onEveryClock(t, func(t *testing.T, r *rig) {
		r.once("slow", bounded(time.Hour))
		r.once("quick", bounded(time.Second))
		r.once("goes on", func(ctx context.Context) error {
			_ = bounded(time.Hour)(ctx)
			return carillon.Sleep(ctx, time.Second)
		})
		r.start()
		r.pass(time.Hour)
		if slow := r.result("slow"); slow.Err != context.DeadlineExceeded || slow.Finished.Sub(slow.Started) != time.Minute {
			t.Errorf("the slow one has taken %v: %v", slow.Finished.Sub(slow.Started), slow.Err)
		}
		if quick := r.result("quick"); quick.Err != nil {
			t.Errorf("the quick one: %v", quick.Err)
		}
		if goes := r.result("goes on"); goes.Err != nil || goes.Finished.Sub(goes.Started) != time.Minute+time.Second {
			t.Errorf("the one that goes on has taken %v: %v", goes.Finished.Sub(goes.Started), goes.Err)
		}
		r.shutdown()
	})
	ctx, cancel := carillon.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	if _, told := errors.AsType[*carillon.FieldError](context.Cause(ctx)); ctx.Err() == nil || !told {
		t.Errorf("a timeout outside a run: %v, %v", ctx.Err(), context.Cause(ctx))
	}
}

// TestSkippedSince skips a run time, and several that have come due together: the
// events say since when.
func TestSkippedSince(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		start := r.clock.Now()
		_, err := r.Every(time.Second, func(ctx context.Context) error { return carillon.Sleep(ctx, time.Minute) }, carillon.Job{ID: "job", Name: "nap"})
		r.must(err)
		var skips []string
		_, err = carillon.On(r.Scheduler, func(e *messages.JobMaxInstances) {
			for _, at := range e.Scheduled {
				skips = append(skips, fmt.Sprint(e.Name, " ", e.Call != nil, " ", e.First.Sub(start).Round(time.Second), " to ", at.Sub(start).Round(time.Second)))
			}
		})
		r.must(err)
		r.start()
		r.pass(2 * time.Second)
		r.must(r.Pause(patience(t)))
		r.pass(4 * time.Second)
		r.must(r.Resume(patience(t)))
		r.pass(time.Second)
		r.must(r.RemoveJob(patience(t), "job"))
		r.pass(time.Hour)
		r.shutdown()
		if got, want := fmt.Sprint(skips), "[nap true 2s to 2s nap true 3s to 6s nap true 7s to 7s]"; got != want {
			t.Errorf("skipped %s, want %s", got, want)
		}
	})
}
