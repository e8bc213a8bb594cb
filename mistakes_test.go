package carillon_test

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/stores/sqlite"
	"github.com/carillon-go/carillon/triggers"
)

// TestMistakesInConfig makes schedulers of what cannot be meant: the error names the
// field, and what to write instead.
func TestMistakesInConfig(t *testing.T) {
	work := carillon.NewTask("work", func(context.Context, string) error { return nil })
	for _, row := range []struct {
		config carillon.Config
		want   string
	}{
		{carillon.Config{Tasks: carillon.NewTasks(work, work)}, `Task work`},
		{carillon.Config{Tasks: carillon.NewTasks(carillon.NewTask[string]("work", nil))}, `Task work has a nil function`},
		{carillon.Config{Tasks: carillon.NewTasks(carillon.NewTask("", func(context.Context, string) error { return nil }))}, `Task.Name is empty; give`},
		{carillon.Config{Tasks: carillon.NewTasks(nil)}, `nil`},
		{carillon.Config{Stores: carillon.Stores{"": memory.Open()}}, `store alias is empty; `},
		{carillon.Config{Executors: carillon.Executors{"a\xff": pool.Open(pool.Config{})}}, `executor alias is "a\xff"; give text in UTF-8 without zero bytes`},
		{carillon.Config{Tasks: carillon.NewTasks(carillon.NewTask("a\x00", func(context.Context, int) error { return nil }))}, `Task.Name is "a\x00"; give text in UTF-8 without zero bytes`},
		{carillon.Config{Stores: carillon.Stores{"a": nil}}, `store "a" is nil; give an opener`},
		{carillon.Config{Executors: carillon.Executors{"a": nil}}, `executor "a" is nil; give an opener`},
		{carillon.Config{JobDefaults: carillon.JobDefaults{MaxInstances: -1}}, `JobDefaults.MaxInstances is -1; give`},
		{carillon.Config{Clock: clocktest.NewClock(time.Time{})}, `Config.Clock shows 0001-01-01T00:00:00Z, which stands for no time at all; set it`},
		{carillon.Config{StoreRetryInterval: -1}, `Config.StoreRetryInterval is -1ns; give`},
		{carillon.Config{Lease: time.Millisecond}, `Config.Lease is 1ms; give`},
		{carillon.Config{Name: "\x00"}, `Config.Name is "\x00"; give`},
	} {
		s, err := carillon.New(row.config)
		if _, ok := errors.AsType[*carillon.FieldError](err); !ok || s != nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%v, want %s", err, row.want)
		}
	}
}

// TestMistakesInCalls asks for what cannot be meant, of a scheduler that is started
// and of one that is not.
func TestMistakesInCalls(t *testing.T) {
	hourly := triggers.Must(triggers.Every(time.Hour))
	add := func(call carillon.Call, trigger triggers.Trigger, job carillon.Job) func(context.Context, *carillon.Scheduler) error {
		return func(ctx context.Context, s *carillon.Scheduler) error {
			_, err := s.AddJob(ctx, call, trigger, job)
			return err
		}
	}
	call := carillon.Func(nothing)
	for _, row := range []struct {
		name string
		do   func(ctx context.Context, s *carillon.Scheduler) error
		want string
		is   error // nil: none of the conditions
	}{
		{"no function", add(nil, hourly, carillon.Job{}), "Job.Call is nil; give a function or a task's With(args)", nil},
		{"nil function", add(carillon.Func(nil), hourly, carillon.Job{}), "Job.Call is nil; give", nil},
		{"nil function every hour", func(_ context.Context, s *carillon.Scheduler) error {
			_, err := s.Every(time.Hour, nil)
			return err
		}, "Job.Call is nil; give", nil},
		{"every 0 s", func(_ context.Context, s *carillon.Scheduler) error { _, err := s.Every(0, nothing); return err }, "is not positive; give", nil},
		{"crontab of nonsense", func(_ context.Context, s *carillon.Scheduler) error {
			_, err := s.Crontab("every day", nothing)
			return err
		}, "2 fields; write 5", nil},
		{"two sets of settings", func(_ context.Context, s *carillon.Scheduler) error {
			_, err := s.Every(time.Hour, nothing, carillon.Job{}, carillon.Job{})
			return err
		}, "settings are more than one Job; give at most one", nil},
		{"typed nil trigger", add(call, (*triggers.Interval)(nil), carillon.Job{}), "Job.Trigger is a nil *triggers.Interval; look at the error", nil},
		{"arguments that are no JSON", add(carillon.NewTask("t", func(context.Context, chan int) error { return nil }).With(nil), hourly, carillon.Job{}), "Job.Call has arguments that JSON cannot hold", nil},
		{"unlimited instances", add(call, hourly, carillon.Job{MaxInstances: math.MaxInt}), "; give at most 2147483647", nil},
		{"negative instances", add(call, hourly, carillon.Job{MaxInstances: -1}), "Job.MaxInstances is -1; give 1 or more", nil},
		{"negative grace", add(call, hourly, carillon.Job{MisfireGrace: -time.Hour}), "Job.MisfireGrace is -1h0m0s; give a positive duration, or NoMisfireGrace", nil},
		{"no such option", add(call, hourly, carillon.Job{Coalesce: 9}), "Job.Coalesce is 9; give Latest or All", nil},
		{"an ID twice", func(ctx context.Context, s *carillon.Scheduler) error {
			return errors.Join(add(call, hourly, carillon.Job{ID: "twice"})(ctx, s), add(call, hourly, carillon.Job{ID: "twice"})(ctx, s))
		}, `add job "twice" in store "default": a job with this ID exists already; set Replace`, carillon.ErrJobExists},
		{"a function on a disk", add(call, hourly, carillon.Job{ID: "f", Store: "disk"}), `add job "f" in store "disk": job cannot be kept in a persistent store: its call is a Go function; use a Task`, carillon.ErrTransientJob},
		{"no such job", func(ctx context.Context, s *carillon.Scheduler) error { return s.RemoveJob(ctx, "none") }, `remove job "none"`, carillon.ErrJobNotFound},
		{"changes to nothing", func(ctx context.Context, s *carillon.Scheduler) error {
			_, err := s.ModifyJob(ctx, "none", carillon.Changes{MaxInstances: new(0)})
			return err
		}, "Changes.MaxInstances is zero; leave it nil", nil},
		{"a store twice", func(ctx context.Context, s *carillon.Scheduler) error { return s.AddStore(ctx, "disk", memory.Open()) }, `add store "disk"`, carillon.ErrAliasInUse},
		{"an executor twice", func(ctx context.Context, s *carillon.Scheduler) error {
			return s.AddExecutor(ctx, "second", pool.Open(pool.Config{}))
		}, `add executor "second"`, carillon.ErrAliasInUse},
		{"no opener", func(ctx context.Context, s *carillon.Scheduler) error { return s.AddStore(ctx, "x", nil) }, `store "x" is nil; give an opener`, nil},
		{"no such store", func(ctx context.Context, s *carillon.Scheduler) error { return s.RemoveStore(ctx, "x") }, `remove store "x"`, carillon.ErrUnknownStore},
		{"no such executor", func(ctx context.Context, s *carillon.Scheduler) error { return s.RemoveExecutor(ctx, "x") }, `remove executor "x"`, carillon.ErrUnknownExecutor},
		{"no listener", func(_ context.Context, s *carillon.Scheduler) error {
			_, err := s.AddListener(nil, messages.MaskAll)
			return err
		}, "listen is nil; give a function", nil},
		{"sleep outside of a run", func(ctx context.Context, _ *carillon.Scheduler) error { return carillon.Sleep(ctx, time.Hour) }, "ctx is not of a run; give Sleep", nil},
	} {
		for _, started := range []bool{false, true} {
			if row.is == carillon.ErrTransientJob && !started {
				continue // the store is asked at the start
			}
			config := carillon.Config{
				Stores:    carillon.Stores{"disk": sqlite.Open(filepath.Join(t.TempDir(), "jobs.db"))},
				Executors: carillon.Executors{"second": pool.Open(pool.Config{})},
			}
			s, err := carillon.New(config)
			must(t, err)
			if started {
				must(t, s.Start(patience(t)))
			}
			err = row.do(patience(t), s)
			if err == nil || row.is != nil && !errors.Is(err, row.is) || !strings.Contains(err.Error(), row.want) {
				t.Errorf("%s, started %t: %v, want %s", row.name, started, err, row.want)
			}
			if started {
				must(t, s.Shutdown(patience(t)))
			}
		}
	}
}

// TestMistakesInTheLife gives commands at the wrong time, or from the wrong place:
// nothing hangs.
func TestMistakesInTheLife(t *testing.T) {
	inBubble(t, carillon.Config{}, func(t *testing.T, r *rig) {
		refused := func(what string, err, want error) {
			t.Helper()
			if !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", what, err, want)
			}
		}
		refused("pause before the start", r.Pause(patience(t)), carillon.ErrNotRunning)
		refused("shutdown before the start", r.Shutdown(patience(t)), carillon.ErrNotRunning)
		r.start()
		refused("second start", r.Start(patience(t)), carillon.ErrAlreadyRunning)
		refused("run beside it", r.Run(patience(t)), carillon.ErrAlreadyRunning)
		refused("defaults beside it", r.SetJobDefaults(patience(t), carillon.JobDefaults{MaxInstances: 2}), carillon.ErrAlreadyRunning)

		r.once("runs it again", func(ctx context.Context) error { return r.Run(ctx) })
		r.once("removes its executor", func(ctx context.Context) error { return r.RemoveExecutor(ctx, "default") })
		r.pass(time.Second)
		refused("run from a job", r.result("runs it again").Err, carillon.ErrAlreadyRunning)
		r.must(r.result("removes its executor").Err)
		r.must(r.AddExecutor(patience(t), "default", pool.Open(pool.Config{})))

		shared := triggers.Must(triggers.Every(time.Second))
		for _, id := range []string{"first", "second"} {
			_, err := r.AddJob(patience(t), carillon.Func(nothing), shared, carillon.Job{ID: id})
			r.must(err)
		}
		unknown := carillon.NewTask("unknown", func(context.Context, string) error { return nil })
		parked, err := r.AddJob(patience(t), unknown.With(""), nil, carillon.Job{ID: "unknown"})
		r.must(err)
		if want := `task "unknown" is not registered with this scheduler`; parked.Parked != want {
			t.Errorf("a task that is not in Config.Tasks: parked: %q, want %q", parked.Parked, want)
		}
		parked, err = r.AddJob(patience(t), carillon.Func(nothing), nil, carillon.Job{ID: "nowhere", Executor: "nowhere"})
		r.must(err)
		if want := `there is no executor "nowhere"`; parked.Parked != want {
			t.Errorf("an executor that there is not: parked: %q, want %q", parked.Parked, want)
		}
		r.pass(3 * time.Second)
		r.shutdown()
		for _, id := range []string{"first", "second"} {
			if n := r.total(id, job.Executed); n != 3 {
				t.Errorf("of two jobs with one trigger, the %s was run %d times in 3 s", id, n)
			}
		}
		late, err := r.Every(time.Second, nothing)
		r.must(err)
		if !late.Pending {
			t.Error("a job that was added after Shutdown does not wait for the next start")
		}
		refused("second shutdown", r.Shutdown(patience(t)), carillon.ErrNotRunning)
	})
}
