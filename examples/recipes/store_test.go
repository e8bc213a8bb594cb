package recipes

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/stores/sqlite"
	"github.com/carillon-go/carillon/triggers"
)

func tempFile() (file string, remove func()) {
	dir, err := os.MkdirTemp("", "carillon")
	check(err)
	return filepath.Join(dir, "jobs.db"), func() { os.RemoveAll(dir) }
}

func Example_terminated() {
	s, err := carillon.New(carillon.Config{ShutdownTimeout: 20 * time.Second})
	check(err)
	self, err := os.FindProcess(os.Getpid())
	check(err)
	s.At(time.Now(), func(context.Context) error { return self.Signal(syscall.SIGTERM) })

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err = s.Run(ctx)

	fmt.Println(err)
	// Output: <nil>
}

// row is a schedule as the program's own database has it.
type row struct{ customer, crontab string }

func Example_fromADatabase() {
	Report := carillon.NewTask("report", func(_ context.Context, customer string) error {
		fmt.Println(clock.Now().Format("15:04"), "report for", customer)
		return nil
	})
	s, pass := begin(carillon.Config{Tasks: carillon.NewTasks(Report)})

	follow := func(ctx context.Context, rows []row) error {
		var jobs []carillon.Job
		for _, r := range rows {
			trigger, err := triggers.NewCrontab(r.crontab, triggers.Options{})
			if err != nil {
				return fmt.Errorf("%s: %w", r.customer, err)
			}
			jobs = append(jobs, carillon.Job{ID: "report-" + r.customer, Call: Report.With(r.customer), Trigger: trigger, Replace: true})
		}
		there, err := s.Jobs(ctx)
		if err != nil {
			return err
		}
		var gone []string
		for _, j := range there {
			wanted := slices.ContainsFunc(jobs, func(w carillon.Job) bool { return w.ID == j.ID })
			if strings.HasPrefix(j.ID, "report-") && !wanted { // others are not ours
				gone = append(gone, j.ID)
			}
		}
		_, err = s.AddJobs(ctx, jobs)
		return errors.Join(err, s.RemoveJobs(ctx, gone))
	}

	s.Crontab("30 10 * * *", say("another job"))
	check(follow(ctx, []row{{"Ada", "0 10 * * *"}, {"Bob", "15 10 * * *"}}))
	pass(80 * time.Minute)
	check(follow(ctx, []row{{"Ada", "0 11 * * *"}, {"Cyd", "0 12 * * *"}}))
	pass(3 * time.Hour)
	check(s.Shutdown(ctx))
	// Output:
	// 10:00 report for Ada
	// 10:15 report for Bob
	// 10:30:00 another job
	// 11:00 report for Ada
	// 12:00 report for Cyd
}

func Example_replicas() {
	file, remove := tempFile()
	defer remove()
	Bill := carillon.NewTask("bill", func(context.Context, string) error { fmt.Println("billed"); return nil })
	refresh := func(context.Context) error { fmt.Println("refreshed"); return nil }
	clock = clocktest.NewClock(start)

	replica := func() *carillon.Scheduler {
		s, err := carillon.New(carillon.Config{
			Clock:  clock,
			Stores: carillon.Stores{"default": sqlite.Open(file), "local": memory.Open()},
			Tasks:  carillon.NewTasks(Bill),
		})
		check(err)

		_, err = s.AddJob(ctx, Bill.With("everybody"), crontab("1 9 * * *"), carillon.Job{ID: "bill", Replace: true})
		check(err)
		_, err = s.Crontab("1 9 * * *", refresh, carillon.Job{Store: "local"})
		check(err)

		check(s.Start(ctx))
		return s
	}

	replicas := []*carillon.Scheduler{replica(), replica()}
	clock.Advance(time.Minute)
	for _, s := range replicas {
		check(s.Settle(ctx))
	}
	for _, s := range replicas {
		check(s.Shutdown(ctx))
	}
	// Unordered output:
	// billed
	// refreshed
	// refreshed
}

func Example_storedJobOnAFakeClock() {
	file, remove := tempFile()
	defer remove()
	Renew := carillon.NewTask("renew", func(context.Context, string) error {
		fmt.Println("renewed on", clock.Now().Format("2 Jan"))
		return nil
	})

	clock = clocktest.NewClock(start)
	for range 30 { // the program is started anew each day
		s, err := carillon.New(carillon.Config{
			Clock:  clock,
			Stores: carillon.Stores{"default": sqlite.Open(file)},
			Tasks:  carillon.NewTasks(Renew),
			Lease:  carillon.SoleOwner, // no heartbeats: a day of them is 17,280 writes
		})
		check(err)
		check(s.Start(ctx))
		_, err = s.AddJob(ctx, Renew.With("licence"), triggers.Must(triggers.Every(10*24*time.Hour)), carillon.Job{ID: "renew", Replace: true})
		check(err)
		check(clocktest.Advance(ctx, s, clock, 20*time.Hour))
		check(s.Shutdown(ctx))
		clock.Advance(4 * time.Hour)
	}
	// Output:
	// renewed on 11 May
	// renewed on 21 May
}

func Example_testing() {
	clock := clocktest.NewClock(time.Date(2025, 5, 1, 9, 0, 0, 0, time.UTC))
	s, err := carillon.New(carillon.Config{Clock: clock, Location: time.UTC})
	check(err)
	runs := 0
	_, err = s.Crontab("0 12 * * *", func(ctx context.Context) error {
		runs++
		return carillon.Sleep(ctx, time.Minute)
	})
	check(err)
	check(s.Start(ctx))

	err = clocktest.Advance(ctx, s, clock, 7*24*time.Hour)
	err = errors.Join(err, clocktest.Shutdown(ctx, s, clock))

	fmt.Println(runs, err)
	// Output: 7 <nil>
}
