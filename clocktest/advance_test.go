package clocktest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	bclock "github.com/benbjohnson/clock"
	"github.com/jonboulle/clockwork"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/clocktest"
)

func TestYearHourly(t *testing.T) {
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	fake := clocktest.NewClock(start)
	work := clockwork.NewFakeClockAt(start)
	mock := bclock.NewMock()
	mock.Set(start)
	for _, row := range []struct {
		name  string
		clock clock.Clock
		mover clocktest.Mover
		days  int
	}{
		{"clocktest", fake, fake, 365},
		{"clockwork", clock.From(work), work, 365},
		{"benbjohnson", clock.From(mock), clocktest.ByAdd(mock), 5},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, err := carillon.New(carillon.Config{Clock: row.clock, Location: time.UTC})
			if err != nil {
				t.Fatal(err)
			}
			runs := 0
			if _, err := s.Crontab("0 * * * *", func(context.Context) error { runs++; return nil }); err != nil {
				t.Fatal(err)
			}
			if err := s.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := clocktest.Advance(t.Context(), s, row.mover, time.Duration(row.days)*24*time.Hour); err != nil {
				t.Fatal(err)
			}
			// The first run is at the start itself.
			if want := row.days*24 + 1; runs != want {
				t.Errorf("%d runs, want %d", runs, want)
			}
			if err := s.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestAdvanceOfAnotherClock moves a clock that is not the scheduler's: that is
// said, since no job would run, or the time never come.
func TestAdvanceOfAnotherClock(t *testing.T) {
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, row := range map[string]struct {
		own   clock.Clock
		moved time.Time
	}{
		"same time":              {clocktest.NewClock(start), start},
		"earlier":                {clocktest.NewClock(start), start.AddDate(-1, 0, 0)},
		"later":                  {clocktest.NewClock(start), start.AddDate(1, 0, 0)},
		"the scheduler has none": {nil, start},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := carillon.New(carillon.Config{Clock: row.own, Location: time.UTC})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Every(time.Second, func(context.Context) error { return nil }); err != nil {
				t.Fatal(err)
			}
			err = clocktest.Advance(t.Context(), s, clocktest.NewClock(row.moved), time.Minute)
			if fault, ok := errors.AsType[*carillon.FieldError](err); !ok || fault.Field != "Config.Clock" {
				t.Errorf("%v", err)
			}
			if err := s.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}
