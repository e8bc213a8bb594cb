package sqlite

import (
	"context"
	"database/sql"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

// faults are a log's messages and their errors.
type faults struct {
	slog.Handler
	heard chan string
}

func (f faults) WithAttrs([]slog.Attr) slog.Handler { return f }

func (f faults) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "err" {
			f.heard <- r.Message + ": " + a.Value.String()
		}
		return true
	})
	return nil
}

// While another process stands still in the middle of a write, a scheduler says
// what it waits for. It goes on when the other one goes on or ends: no run time
// is without an outcome, and none is run twice.
func TestFrozenWriter(t *testing.T) {
	for name, thaw := range map[string]func(frozen *sql.DB) error{
		"goes on": func(frozen *sql.DB) error { _, err := frozen.Exec("ROLLBACK"); return err },
		"ends":    (*sql.DB).Close,
	} {
		t.Run(name, func(t *testing.T) { testFrozenWriter(t, thaw) })
	}
}

func testFrozenWriter(t *testing.T, thaw func(frozen *sql.DB) error) {
	ctx, cancel := clock.WithTimeout(t.Context(), clock.Real(), time.Minute)
	defer cancel()
	const interval, lease = 20 * time.Millisecond, 300 * time.Millisecond
	c := Config{Path: t.TempDir() + "/jobs.db"}
	var mu sync.Mutex
	began := map[string]int{}
	tick := carillon.NewTask("tick", func(ctx context.Context, _ struct{}) error {
		run, _ := carillon.FromContext(ctx)
		mu.Lock()
		defer mu.Unlock()
		began[run.Key()]++
		return nil
	})
	log := faults{slog.NewTextHandler(t.Output(), nil), make(chan string, 1000)}
	s, err := carillon.New(carillon.Config{
		Tasks: carillon.NewTasks(tick),
		Stores: carillon.Stores{"default": func(ctx context.Context, env stores.Env) (stores.Store, error) {
			s, err := c.open(ctx, env, schemas)
			if err != nil {
				return nil, err
			}
			return s, s.exec("PRAGMA busy_timeout = 20")
		}},
		Lease:              lease,
		StoreRetryInterval: interval,
		Logger:             slog.New(log),
	})
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(err)
	ran, expired := make(chan time.Time, 10_000), make(chan struct{}, 100)
	_, err = carillon.On(s, func(e *messages.JobExecuted) { ran <- e.Started })
	check(err)
	_, err = carillon.On(s, func(*messages.LeaseExpired) { expired <- struct{}{} })
	check(err)
	await := func(since time.Time) {
		t.Helper()
		for {
			select {
			case at := <-ran:
				if at.After(since) {
					return
				}
			case <-ctx.Done():
				t.Fatal("nothing is run")
			}
		}
	}
	_, err = s.AddJob(ctx, tick.With(struct{}{}), triggers.Must(triggers.Every(interval)),
		carillon.Job{ID: "tick", Coalesce: carillon.All, MaxInstances: 1000})
	check(err)
	check(s.Start(ctx))
	await(time.Now())

	frozen, err := sql.Open("sqlite", address(c.Path))
	check(err)
	defer frozen.Close()
	frozen.SetMaxOpenConns(1)
	_, err = frozen.Exec("PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE")
	check(err)
	for _, message := range []string{"store failed: claim due jobs", "heartbeat failed: heartbeat"} {
		for said := ""; !strings.HasPrefix(said, message) || !strings.Contains(said, c.Path+": database is locked (5) (SQLITE_BUSY): another process has been writing to the file"); {
			select {
			case said = <-log.heard:
			case <-ctx.Done():
				t.Fatalf("the log does not say %q", message)
			}
		}
	}
	select {
	case <-expired:
	case <-ctx.Done():
		t.Fatal("the lease goes on")
	}
	thawed := time.Now()
	check(thaw(frozen))
	await(thawed)
	check(s.Shutdown(ctx))

	after, err := c.open(ctx, stores.Env{Alias: "jobs"}, schemas)
	check(err)
	defer after.Close()
	records, err := after.History(ctx, &stores.HistoryQuery{Outcomes: []job.Outcome{job.Executed, job.Lost}, Limit: 100_000})
	check(err)
	at := map[time.Time]job.Outcome{}
	first, last := records[0].Scheduled, records[0].Scheduled
	for _, r := range records {
		if before, twice := at[r.Scheduled]; twice {
			t.Errorf("%v is %v and %v", r.Scheduled, before, r.Outcome)
		}
		at[r.Scheduled] = r.Outcome
		if r.Scheduled.Before(first) {
			first = r.Scheduled
		}
		if r.Scheduled.After(last) {
			last = r.Scheduled
		}
	}
	for next := first; !next.After(last); next = next.Add(interval) {
		if _, ended := at[next]; !ended {
			t.Errorf("%v has no outcome", next)
		}
	}
	for key, times := range began {
		if times > 1 {
			t.Errorf("%s was run %d times", key, times)
		}
	}
}
