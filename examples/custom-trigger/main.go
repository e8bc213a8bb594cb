// Custom-trigger adds a kind of trigger that the library does not have: one that
// runs on the last business day of each month, which is the last weekday that is
// no holiday.
//
//	go run ./examples/custom-trigger
//
// A trigger is anything with the method Next. It says when to run next, given
// the previous time and the present one; it remembers nothing and reads no
// clock. It is best built on one that exists: here a crontab finds the
// weekdays, with all that there is to know about time zones and daylight saving
// time, the library's Except leaves out the holidays, and of what is left the
// last one of each month is taken.
//
// The preview with triggers.Upcoming asks the same question as the scheduler
// does, so it shows what is going to happen, around Easter for instance.
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

// lastOf fires at the last time of another trigger in each month.
type lastOf struct{ triggers.Trigger }

// most bounds the search: a trigger must not look for ever. The trigger inside
// fires once a day.
const most = 31

// Next returns the last time in the month of the other trigger's next one.
func (l lastOf) Next(prev, now time.Time) (time.Time, bool) {
	last, ok := l.Trigger.Next(prev, now)
	for range most {
		next, more := l.Trigger.Next(last, last)
		if !ok || !more || next.Month() != last.Month() {
			break
		}
		last = next
	}
	return last, ok
}

// Bind hands on the time zone of the job or the scheduler.
func (l lastOf) Bind(b triggers.Binding) triggers.Trigger { return lastOf{triggers.Bind(l.Trigger, b)} }

// lastBusinessDays runs at a time of day ("0 18" is six o'clock) on the last
// weekday of each month that is not among the holidays.
func lastBusinessDays(minuteAndHour string, holidays ...triggers.Span) (triggers.Trigger, error) {
	weekdays, err := triggers.NewCrontab(minuteAndHour+" * * mon-fri", triggers.Options{})
	if err != nil {
		return nil, err
	}
	businessDays, err := triggers.NewExcept(weekdays, holidays...)
	return lastOf{businessDays}, err
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
	easter := triggers.Span{From: triggers.Day(2024, time.March, 29, berlin).From, To: triggers.Day(2024, time.April, 1, berlin).To}
	trigger, err := lastBusinessDays("0 18", easter, triggers.Day(2024, time.May, 31, berlin))
	if err != nil {
		return err
	}
	start, end := time.Date(2024, 1, 1, 0, 0, 0, 0, berlin), time.Date(2024, 7, 1, 0, 0, 0, 0, berlin)

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
	if _, err := s.AddJob(ctx, carillon.Func(closeBooks), trigger, carillon.Job{ID: "close-books"}); err != nil {
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

func closeBooks(context.Context) error { return nil }
