package carillon_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/stores/memory"
	"github.com/carillon-go/carillon/triggers"
)

var epoch = time.Date(2024, 5, 1, 10, 0, 0, 0, time.UTC)

// newPlanned returns a scheduler whose clock stands still, at epoch.
func newPlanned(t *testing.T, config carillon.Config) *carillon.Scheduler {
	t.Helper()
	config.Clock, config.Location, config.Logger = clocktest.NewClock(epoch), time.UTC, slog.New(slog.DiscardHandler)
	s, err := carillon.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Shutdown(context.Background()); err != nil && !errors.Is(err, carillon.ErrNotRunning) {
			t.Error(err)
		}
	})
	return s
}

func addJobs(t *testing.T, s *carillon.Scheduler, jobs ...carillon.Job) {
	t.Helper()
	if _, err := s.AddJobs(t.Context(), jobs); err != nil {
		t.Fatal(err)
	}
}

func startPlanned(t *testing.T, s *carillon.Scheduler) {
	t.Helper()
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func doNothing(context.Context) error { return nil }

var reportTask = carillon.NewTask("reports.send", func(context.Context, string) error { return nil })

// opaque is a trigger without a JSON form and without a description.
type opaque struct{}

func (opaque) Next(prev, now time.Time) (time.Time, bool) { return now.Add(time.Hour), true }

func printed(t *testing.T, s *carillon.Scheduler, store ...string) string {
	t.Helper()
	var out bytes.Buffer
	if err := s.PrintJobs(t.Context(), &out, store...); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func expectText(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n%s\nwant:\n%s", what, got, want)
	}
}

func TestPrintJobs(t *testing.T) {
	s := newPlanned(t, carillon.Config{
		Stores: carillon.Stores{"default": memory.Open(), "archive": memory.Open()},
		Tasks:  carillon.NewTasks(reportTask),
	})
	expectText(t, "at first", printed(t, s), "no jobs\n")

	hourly := triggers.Must(triggers.Every(time.Hour))
	addJobs(t, s,
		carillon.Job{ID: "nightly", Call: reportTask.With("ada"), Trigger: triggers.Must(triggers.NewCrontab("30 2 * * *", triggers.Options{}))},
		carillon.Job{ID: "stray", Call: carillon.Func(doNothing), Trigger: hourly, Executor: "nowhere"},
		carillon.Job{ID: "old", Call: carillon.Func(doNothing), Trigger: opaque{}, Store: "archive"},
		carillon.Job{ID: "idle", Name: "with\ta tab", Call: carillon.Func(doNothing), Trigger: hourly, Paused: true},
		carillon.Job{ID: "later", Call: carillon.Func(doNothing), NextRunTime: epoch.Add(90*time.Minute + 1500*time.Millisecond)},
	)
	expectText(t, "before the start", printed(t, s), `store archive
  ID   NAME  TRIGGER               NEXT RUN
  old  old   carillon_test.opaque  pending
store default
  ID       NAME           TRIGGER                                            NEXT RUN
  nightly  reports.send   crontab(30 2 * * *) in UTC                         pending
  stray    stray          interval(1h0m0s) in UTC from 2024-05-01T11:00:00Z  pending
  idle     "with\ta tab"  interval(1h0m0s) in UTC from 2024-05-01T11:00:00Z  paused, pending
  later    later          once                                               2024-05-01 11:30:01.5 UTC, pending
`)

	startPlanned(t, s)
	expectText(t, "after the start", printed(t, s), `store archive
  ID   NAME  TRIGGER               NEXT RUN
  old  old   carillon_test.opaque  2024-05-01 11:00:00 UTC
store default
  ID       NAME           TRIGGER                                            NEXT RUN
  stray    stray          interval(1h0m0s) in UTC from 2024-05-01T11:00:00Z  2024-05-01 11:00:00 UTC, parked: there is no executor "nowhere"
  later    later          date(2024-05-01 10:00:00 UTC)                      2024-05-01 11:30:01.5 UTC
  nightly  reports.send   crontab(30 2 * * *) in UTC                         2024-05-02 02:30:00 UTC
  idle     "with\ta tab"  interval(1h0m0s) in UTC from 2024-05-01T11:00:00Z  paused
`)
	expectText(t, "one store", printed(t, s, "archive"), `store archive
  ID   NAME  TRIGGER               NEXT RUN
  old  old   carillon_test.opaque  2024-05-01 11:00:00 UTC
`)
}

func TestPrintJobsErrors(t *testing.T) {
	s := newPlanned(t, carillon.Config{})
	startPlanned(t, s)
	err := s.PrintJobs(t.Context(), io.Discard, "nowhere")
	if !errors.Is(err, carillon.ErrUnknownStore) {
		t.Errorf("unknown store: %v", err)
	}
	if err := s.PrintJobs(t.Context(), failing{}); !errors.Is(err, errFull) {
		t.Errorf("failing writer: %v", err)
	}
}

var errFull = errors.New("disk is full")

// failing is a writer that fails.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errFull }
