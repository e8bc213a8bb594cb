// Custom-trigger adds a kind of trigger that the library does not have: one that
// runs on business days, which are the weekdays less the holidays.
//
//	go run ./examples/custom-trigger
//
// A trigger is anything with the method Next. It says when to run next, given
// the previous time and the present one; it remembers nothing and reads no
// clock. It is best built on one that exists: here a crontab finds the
// weekdays, with all that there is to know about time zones and daylight saving
// time, and the holidays are left out.
//
// The preview with triggers.Upcoming asks the same question as the scheduler
// does, so it shows what is going to happen, around Christmas for instance.
//
// A job with this trigger can be kept in memory. For a store that keeps its
// jobs as text a trigger also needs a JSON form: see triggers.Persistent, and
// carillon.Config.Triggers for how it is read back.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"time"
	_ "time/tzdata" // time zones, on machines that have none

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/messages"
	"github.com/carillon-go/carillon/triggers"
)

// except is another trigger without some of its times.
type except struct {
	triggers.Trigger
	leaveOut func(time.Time) bool
}

// tries bounds the search: a trigger must not look for ever.
const tries = 366

// Next returns the first time of the other trigger that is not left out.
func (e except) Next(prev, now time.Time) (next time.Time, ok bool) {
	for range tries {
		if next, ok = e.Trigger.Next(prev, now); !ok || !e.leaveOut(next) {
			return next, ok
		}
		prev = next
	}
	return time.Time{}, false
}

// Bind hands on the time zone of the job or the scheduler.
func (e except) Bind(b triggers.Binding) triggers.Trigger {
	return except{triggers.Bind(e.Trigger, b), e.leaveOut}
}

// businessDays runs at a time of day ("0 9" is nine o'clock) on weekdays that
// are not among the holidays.
func businessDays(minuteAndHour string, holidays ...string) (triggers.Trigger, error) {
	weekdays, err := triggers.NewCrontab(minuteAndHour+" * * mon-fri", triggers.Options{})
	if err != nil {
		return nil, err
	}
	off := make(map[string]bool)
	for _, day := range holidays {
		off[day] = true
	}
	return except{weekdays, func(t time.Time) bool { return off[t.Format(time.DateOnly)] }}, nil
}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, w io.Writer) error {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return err
	}
	trigger, err := businessDays("0 9", "2025-12-25", "2025-12-26", "2026-01-01")
	if err != nil {
		return err
	}
	start, end := time.Date(2025, 12, 23, 0, 0, 0, 0, berlin), time.Date(2026, 1, 3, 0, 0, 0, 0, berlin)

	fmt.Fprintln(w, "preview:")
	for t := range triggers.Between(trigger, start, end) {
		fmt.Fprintln(w, " ", t.Format("Mon 2006-01-02 15:04 MST"))
	}

	fmt.Fprintln(w, "reality:")
	clock := clocktest.NewClock(start)
	s, err := carillon.New(carillon.Config{Clock: clock, Location: berlin})
	if err != nil {
		return err
	}
	if _, err := s.AddJob(ctx, carillon.Func(openShop), trigger, carillon.Job{ID: "open-shop"}); err != nil {
		return err
	}
	if _, err := carillon.On(s, func(e *messages.JobExecuted) {
		fmt.Fprintln(w, " ", e.Run.Scheduled.Format("Mon 2006-01-02 15:04 MST"))
	}); err != nil {
		return err
	}
	if err := s.Start(ctx); err != nil {
		return err
	}
	if err := clocktest.AdvanceTo(ctx, s, clock, end); err != nil {
		return err
	}
	return s.Shutdown(ctx)
}

func openShop(context.Context) error { return nil }
