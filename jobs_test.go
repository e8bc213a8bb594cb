package carillon_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/triggers"
)

// TestPendingJobs changes jobs that wait for the start, of which some have one
// ID in different stores.
func TestPendingJobs(t *testing.T) {
	onEveryClock(t, func(t *testing.T, r *rig) {
		ctx := patience(t)
		r.must(r.AddStore(ctx, "second", memory.Open()))
		add := func(id, store string, replace bool) error {
			_, err := r.AddJob(ctx, carillon.Func(nothing), seconds(), carillon.Job{ID: id, Store: store, Replace: replace})
			return err
		}
		r.must(errors.Join(add("a", "", false), add("a", "second", false), add("b", "second", false), add("c", "", false)))
		for _, refused := range []error{add("a", "default", false), add("b", "second", false)} {
			if !errors.Is(refused, carillon.ErrJobExists) {
				t.Errorf("added twice: %v", refused)
			}
		}
		r.must(add("b", "second", true))

		_, err := r.ModifyJob(ctx, "a", carillon.Changes{Name: new("changed")}, "second")
		r.must(err)
		r.must(r.RemoveJob(ctx, "a")) // the first of that ID
		if err := r.RemoveJob(ctx, "b", "default"); !errors.Is(err, carillon.ErrJobNotFound) {
			t.Errorf("removed from where it is not: %v", err)
		}
		_, err = r.PauseJob(ctx, "c")
		r.must(err)
		r.checkJobs("a second changed", "b second", "c")
		r.must(r.RemoveAllJobs(ctx, "default"))
		r.checkJobs("a second changed", "b second")

		r.start()
		r.checkJobs("a second changed", "b second b")
		r.pass(time.Second)
		r.shutdown()
		r.result("a") // once each, in whatever order
		r.result("b")
	})
}

// checkJobs compares the jobs there are, each as ID, store and name.
func (r *rig) checkJobs(want ...string) {
	r.t.Helper()
	jobs, err := r.Jobs(patience(r.t))
	r.must(err)
	var got []string
	for _, j := range jobs {
		text := j.ID
		for _, word := range []string{j.Store, j.Name} {
			if word != "" {
				text += " " + word
			}
		}
		got = append(got, text)
	}
	if !slices.Equal(got, want) {
		r.t.Errorf("jobs %q, want %q", got, want)
	}
}

// TestWhoGivesTheTrigger gives the call and the trigger of a job as arguments, in
// the Job, or both.
func TestWhoGivesTheTrigger(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		hourly, call := triggers.Must(triggers.Every(time.Hour)), carillon.Func(nothing)
		ctx := patience(t)
		for _, tt := range []struct {
			id   string
			add  func(job carillon.Job) (carillon.Job, error)
			want string
		}{
			{"in the job", func(job carillon.Job) (carillon.Job, error) {
				job.Call, job.Trigger = call, hourly
				return r.AddJob(ctx, nil, nil, job)
			}, "interval(1h0m0s)"},
			{"both", func(job carillon.Job) (carillon.Job, error) {
				job.Call, job.Trigger = carillon.Func(nil), hourly
				return r.AddJob(ctx, call, seconds(), job)
			}, "interval(1s)"},
			{"neither", func(job carillon.Job) (carillon.Job, error) { return r.AddJob(ctx, call, nil, job) }, "date"},
			{"no call", func(job carillon.Job) (carillon.Job, error) { return r.AddJob(ctx, nil, hourly, job) },
				"Job.Call is nil; give a function or a task's With(args)"},
			{"a trigger beside an interval", func(job carillon.Job) (carillon.Job, error) {
				job.Trigger = hourly
				return r.Every(time.Second, nothing, job)
			}, "settings have a Call or a Trigger as well; leave these out, or use AddJob"},
			{"a call beside a function", func(job carillon.Job) (carillon.Job, error) {
				job.Call = call
				return r.Crontab("@daily", nothing, job)
			}, "settings have a Call or a Trigger as well; leave these out, or use AddJob"},
		} {
			job, err := tt.add(carillon.Job{ID: tt.id})
			got := fmt.Sprint(job.Trigger)
			if err != nil {
				got = err.Error()
			}
			if job.Trigger == nil && err == nil {
				got = "date"
			}
			if !strings.HasPrefix(got, tt.want) {
				t.Errorf("%s: %s, want %s", tt.id, got, tt.want)
			}
		}
	})
}

// TestManyPendingJobs adds many jobs before the start, one by one: each costs
// the same.
func TestManyPendingJobs(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		const many = 20_000
		for i := range many {
			r.once(fmt.Sprint("job ", i), nothing)
		}
		r.start()
		r.pass(time.Second)
		if n := len(r.timeline(messages.MaskJobExecuted)); n != many {
			t.Errorf("%d jobs of %d were run", n, many)
		}
		r.shutdown()
	})
}

// TestOneStore names two stores where there can be one.
func TestOneStore(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		r.start()
		if err := r.RemoveAllJobs(patience(t), "default", "other"); !errors.Is(err, carillon.ErrUnknownStore) || !strings.Contains(err.Error(), "default and other") {
			t.Errorf("error %v", err)
		}
		r.shutdown()
	})
}

// TestImpossibleTrigger asks for 30 February, which is a slip.
func TestImpossibleTrigger(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		never := triggers.Must(triggers.NewCrontab("0 0 30 2 *", triggers.Options{}))
		r.at("a", time.Hour, nothing, carillon.Job{})
		for _, started := range []bool{false, true} {
			if started {
				r.start()
			}
			if _, err := r.Crontab("0 0 30 2 *", nothing); err == nil || !strings.Contains(err.Error(), "Job.Trigger never fires") {
				t.Errorf("started %t: added: %v", started, err)
			}
			if _, err := r.RescheduleJob(patience(t), "a", never); err == nil || !strings.Contains(err.Error(), "Job.Trigger never fires") {
				t.Errorf("started %t: rescheduled: %v", started, err)
			}
		}
		r.shutdown()
	})
}
