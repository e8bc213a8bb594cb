package everystore_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/triggers"
)

// TestDeclared plays the life of a program that declares its jobs at each start.
// One whose trigger is the same goes on where it was: what came due while the
// program was away is made up for, an interval stays on its grid, and who was
// paused stays so.
func TestDeclared(t *testing.T) {
	onEach(t, func(t *testing.T, e engine) {
		ctx, now, said := patient(t), clocktest.NewClock(noon), &notes{}
		work := carillon.NewTask("work", func(ctx context.Context, name string) error {
			run, _ := carillon.FromContext(ctx)
			said.add(fmt.Sprintf("%s for %s", name, run.Scheduled.UTC().Format(time.TimeOnly)))
			return nil
		})
		config := carillon.Config{
			Tasks:  carillon.NewTasks(work),
			Stores: carillon.Stores{"default": e.empty(t)},
			Clock:  now,
		}
		daily := func(hour string) triggers.Trigger {
			return triggers.Must(triggers.NewCrontab("0 "+hour+" * * *", triggers.Options{}))
		}
		declare := func(version string, changed triggers.Trigger) *carillon.Scheduler {
			t.Helper()
			s, err := carillon.New(config)
			must(t, err)
			for _, j := range []carillon.Job{
				{ID: "daily", Trigger: daily("13")},
				{ID: "hourly", Trigger: triggers.Must(triggers.Every(time.Hour))},
				{ID: "paused", Trigger: daily("13")},
				{ID: "changed", Trigger: changed},
				{ID: "once", Trigger: triggers.At(noon.Add(90 * time.Minute))},
			} {
				j.Call, j.Replace = work.With(version+" "+j.ID), true
				_, err = s.AddJobs(ctx, []carillon.Job{j})
				must(t, err)
			}
			must(t, s.Start(ctx))
			t.Cleanup(func() { _ = s.Shutdown(context.Background()) })
			return s
		}

		s := declare("old", daily("13"))
		_, err := s.PauseJob(ctx, "paused")
		must(t, err)
		must(t, clocktest.Advance(ctx, s, now, 20*time.Minute))
		must(t, s.Shutdown(ctx))
		now.Advance(100 * time.Minute) // to 14:00

		s = declare("new", daily("15"))
		must(t, clocktest.Advance(ctx, s, now, 90*time.Minute))
		const want = "new changed for 15:00:00, new daily for 13:00:00, new hourly for 14:00:00, new hourly for 15:00:00, new once for 13:30:00"
		if got := said.taken(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if j, err := s.Job(ctx, "paused"); err != nil || !j.Paused {
			t.Errorf("who was paused is %+v, %v", j, err)
		}
		must(t, s.Shutdown(ctx))
	})
}
