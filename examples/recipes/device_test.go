package recipes

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	clocks "github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/sqlite"
	"github.com/carillon-go/carillon/triggers"
)

// deviceClock is the clock of a machine: it can be set.
type deviceClock struct {
	*clocktest.Clock
	born  time.Time
	ahead atomic.Int64
}

func newDeviceClock(shows time.Time) *deviceClock {
	return &deviceClock{Clock: clocktest.NewClock(shows), born: shows}
}

func (c *deviceClock) Now() time.Time         { return c.Clock.Now().Add(time.Duration(c.ahead.Load())) }
func (c *deviceClock) Elapsed() time.Duration { return c.Clock.Now().Sub(c.born) }
func (c *deviceClock) set(t time.Time)        { c.ahead.Add(int64(t.Sub(c.Now()))) }

var Upload = carillon.NewTask("upload", func(ctx context.Context, what string) error {
	run, _ := carillon.FromContext(ctx)
	fmt.Println("upload of", what, "for", run.Scheduled.Format(time.DateTime))
	return nil
})

// declared are the jobs of the device.
var declared = []carillon.Job{
	{ID: "log", Call: Upload.With("log"), Trigger: triggers.Must(triggers.Every(6 * time.Hour)), Replace: true},
	{ID: "report", Call: Upload.With("report"), Trigger: crontab("0 3 * * *"), Replace: true},
}

// catchUp has jobs begin anew that wait for longer than if they were added now:
// a clock that was ahead has worked their next run time out.
func catchUp(ctx context.Context, s *carillon.Scheduler, declared []carillon.Job) error {
	fresh, err := s.PrepareJobs(ctx, declared)
	if err != nil {
		return err
	}
	for _, f := range fresh {
		job, err := s.Job(ctx, f.ID)
		if err == nil && job.NextRunTime.After(f.NextRunTime) {
			_, err = s.RescheduleJob(ctx, f.ID, f.Trigger)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func Example_device() {
	file, remove := tempFile()
	defer remove()
	c := newDeviceClock(start.AddDate(4, 0, 0)) // four years ahead
	right := false
	awaitRightClock := func(context.Context) {}
	clockIsRight := func() bool { return right }

	boot := func() *carillon.Scheduler {
		config := carillon.Config{
			Stores: carillon.Stores{"default": sqlite.Config{Path: file, History: stores.Retention{Count: 1000}}.Open},
			Tasks:  carillon.NewTasks(Upload),
			Lease:  carillon.SoleOwner, // what a power cut has left is dealt with at once
		}
		config.Clock, config.Location, config.Logger = c, time.UTC, slog.New(slog.DiscardHandler)
		s, err := carillon.New(config)
		check(err)

		_, err = carillon.On(s, func(e *messages.ClockJumped) {
			if e.By < 0 && clockIsRight() {
				check(catchUp(ctx, s, declared))
			}
		})
		check(err)
		check(s.StartPaused(ctx)) // nothing is due at a time that may be wrong
		awaitRightClock(ctx)      // a minute at the most: the device may be offline
		_, err = s.AddJobs(ctx, declared)
		check(err)
		if clockIsRight() {
			check(catchUp(ctx, s, declared))
		}
		check(s.Resume(ctx))
		return s
	}
	pass := func(s *carillon.Scheduler, d time.Duration) { check(clocktest.Advance(ctx, s, c, d)) }

	s := boot()
	pass(s, 7*time.Hour)
	fmt.Println("the network is there")
	right = true
	c.set(start)
	pass(s, time.Minute)
	pass(s, 7*time.Hour)
	check(s.Shutdown(ctx))

	right = false
	c.set(start.AddDate(4, 0, 0))
	s = boot()
	pass(s, time.Second)
	check(s.Shutdown(ctx))
	fmt.Println("booted again, and the clock is right at once")
	right = true
	c.set(start.AddDate(0, 0, 1))
	s = boot()
	pass(s, 7*time.Hour)
	check(s.Shutdown(ctx))
	// Unordered output:
	// upload of log for 2029-05-01 15:00:00
	// the network is there
	// upload of log for 2025-05-01 15:00:30
	// upload of report for 2029-05-01 03:00:00
	// upload of log for 2029-05-01 03:00:30
	// booted again, and the clock is right at once
	// upload of log for 2025-05-02 15:00:00
}

func Example_steady() {
	measure := say("measure")
	fake := newDeviceClock(start)
	clock = fake.Clock
	s, err := carillon.New(carillon.Config{Clock: clocks.Steady(fake)})
	check(err)
	_, err = s.Every(10*time.Second, measure)
	check(err)
	check(s.Start(ctx))
	fake.set(start.AddDate(-4, 0, 0))
	check(clocktest.Advance(ctx, s, fake.Clock, 30*time.Second))
	check(s.Shutdown(ctx))
	// Output:
	// 09:00:10 measure
	// 09:00:20 measure
	// 09:00:30 measure
}

// setAside moves a damaged file away, and what SQLite has beside it.
func setAside(file string) error {
	for _, end := range []string{"-wal", "-shm", ""} {
		if err := os.Rename(file+end, file+".damaged"+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func Example_damaged() {
	file, remove := tempFile()
	defer remove()
	check(os.WriteFile(file, make([]byte, 64<<10), 0o666))
	s, err := carillon.New(carillon.Config{Stores: carillon.Stores{"default": sqlite.Open(file)}})
	check(err)

	err = s.Start(ctx)
	if errors.Is(err, sqlite.ErrDamaged) {
		err = errors.Join(setAside(file), s.Start(ctx))
	}

	check(err)
	check(s.PrintJobs(ctx, os.Stdout))
	check(s.Shutdown(ctx))
	// Output: no jobs
}

// TestCatchUp has the clock be ahead and corrected in any order of events: jobs go
// on at once, and none of what a scheduler promises is broken.
func TestCatchUp(t *testing.T) {
	clocktest.Run(t, clocktest.Config{Seeds: 20}, func(sim *clocktest.Sim) {
		runs := 0
		Count := carillon.NewTask("count", func(context.Context, string) error { runs++; return nil })
		jobs := []carillon.Job{
			{ID: "interval", Call: Count.With("interval"), Trigger: triggers.Must(triggers.Every(time.Hour))},
			{ID: "crontab", Call: Count.With("crontab"), Trigger: crontab("30 * * * *")},
			{ID: "date", Call: Count.With("date"), Trigger: triggers.At(sim.Now().Add(24 * time.Hour))},
		}
		config := sim.Config()
		config.Tasks = carillon.NewTasks(Count)
		s, err := carillon.New(config)
		check(err)
		check(s.Start(ctx))
		ahead := sim.Duration(4 * 365 * 24 * time.Hour)
		sim.JumpWall(ahead)
		_, err = s.AddJobs(ctx, jobs)
		check(err)
		check(sim.Advance(sim.Duration(10 * time.Hour)))
		sim.JumpWall(-ahead)
		check(sim.Advance(time.Minute))
		check(catchUp(ctx, s, jobs[:2]))
		before := runs
		check(sim.Advance(10*time.Hour + time.Minute))
		sim.Always(runs-before >= 20, "%d runs in ten hours, of two jobs", runs-before)
		check(sim.Finish(s))
	})
}
