package recipes

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/triggers"
)

// upcoming prints a trigger's first times.
func upcoming(t triggers.Trigger, n int) {
	for _, at := range triggers.Preview(t, start, n) {
		fmt.Println(at.Format("Mon 2 Jan 15:04"))
	}
}

func crontab(expression string) triggers.Trigger {
	return triggers.Must(triggers.NewCrontab(expression, triggers.Options{}))
}

func Example_nowAndThen() {
	s, pass := begin(carillon.Config{})

	s.Every(time.Hour, say("refresh"), carillon.Job{NextRunTime: s.Now()})

	pass(2 * time.Hour)
	check(s.Shutdown(ctx))
	// Output:
	// 09:00:00 refresh
	// 10:00:00 refresh
	// 11:00:00 refresh
}

func Example_runNow() {
	s, pass := begin(carillon.Config{})
	s.Crontab("0 * * * *", say("report"), carillon.Job{ID: "report"})
	pass(10 * time.Minute)

	_, err := s.ModifyJob(ctx, "report", carillon.Changes{NextRunTime: new(s.Now())})

	pass(time.Hour)
	check(err)
	check(s.Shutdown(ctx))
	// Output:
	// 09:00:00 report
	// 09:10:00 report
	// 10:00:00 report
}

func Example_pauseAfterTheEnd() {
	s, pass := begin(carillon.Config{})
	poll := func(ctx context.Context) error {
		say("poll")(ctx)
		return carillon.Sleep(ctx, 2*time.Minute)
	}

	s.Every(time.Hour, func(ctx context.Context) error {
		err := poll(ctx)
		run, _ := carillon.FromContext(ctx)
		_, fault := s.ModifyJob(ctx, run.JobID, carillon.Changes{NextRunTime: new(s.Now().Add(5 * time.Minute))})
		return errors.Join(err, fault)
	}, carillon.Job{NextRunTime: s.Now()})

	pass(20 * time.Minute)
	check(s.Shutdown(ctx))
	// Output:
	// 09:00:00 poll
	// 09:07:00 poll
	// 09:14:00 poll
}

func Example_everySecondMonday() {
	monday := time.Date(2025, 5, 5, 0, 0, 0, 0, time.UTC) // any Monday that counts
	biweekly := triggers.CalendarFields{Weeks: 2, Hour: 10}
	mondays := triggers.Must(triggers.NewCalendarInterval(biweekly, triggers.Options{Start: monday}))

	thursdays := triggers.Must(triggers.NewCalendarInterval(biweekly, triggers.Options{Start: monday.AddDate(0, 0, 3)}))
	both := triggers.Must(triggers.NewOr(mondays, thursdays))

	upcoming(both, 4)
	// Output:
	// Mon 5 May 10:00
	// Thu 8 May 10:00
	// Mon 19 May 10:00
	// Thu 22 May 10:00
}

func Example_uneven() {
	midnight := time.Date(2025, 5, 1, 0, 0, 0, 0, time.UTC)

	every45 := triggers.Must(triggers.NewInterval(45*time.Minute, triggers.Options{Start: midnight}))

	upcoming(every45, 3)
	fmt.Println("but a crontab:")
	upcoming(crontab("*/45 * * * *"), 3)
	// Output:
	// Thu 1 May 09:00
	// Thu 1 May 09:45
	// Thu 1 May 10:30
	// but a crontab:
	// Thu 1 May 09:00
	// Thu 1 May 09:45
	// Thu 1 May 10:00
}

func Example_endOfMonth() {
	lastDay := crontab("0 18 L * *")
	lastWeekday := crontab("0 18 LW * *")
	lastFriday := crontab("0 18 * * friL")
	the31stOrLast := lastDay
	the30thOrLast := triggers.Must(triggers.NewOr(crontab("0 18 30 * *"), crontab("0 18 L 2 *")))

	for _, t := range []triggers.Trigger{lastDay, lastWeekday, lastFriday, the31stOrLast, the30thOrLast} {
		upcoming(t, 1)
	}
	// Output:
	// Sat 31 May 18:00
	// Fri 30 May 18:00
	// Fri 30 May 18:00
	// Sat 31 May 18:00
	// Fri 30 May 18:00
}

func Example_holidays() {
	berlin, err := time.LoadLocation("Europe/Berlin")
	check(err)

	holidays := []triggers.Span{
		triggers.Day(2025, time.May, 29, berlin),
		{From: triggers.Day(2025, time.June, 7, berlin).From, To: triggers.Day(2025, time.June, 9, berlin).To},
	}
	workdays := triggers.Must(triggers.NewCrontab("TZ=Europe/Berlin 0 9 * * mon-fri", triggers.Options{}))
	business := triggers.Must(triggers.NewExcept(workdays, holidays...))

	for at := range triggers.Between(business, time.Date(2025, 5, 28, 0, 0, 0, 0, berlin), time.Date(2025, 6, 11, 0, 0, 0, 0, berlin)) {
		fmt.Println(at.Format("Mon 2 Jan"))
	}
	// Output:
	// Wed 28 May
	// Fri 30 May
	// Mon 2 Jun
	// Tue 3 Jun
	// Wed 4 Jun
	// Thu 5 Jun
	// Fri 6 Jun
	// Tue 10 Jun
}

func Example_holidaysInTheJob() {
	s, pass := begin(carillon.Config{})
	holiday := func(t time.Time) bool { return t.Month() == time.May && t.Day() == 1 }
	open := say("open")

	s.Crontab("0 10 * * mon-fri", func(ctx context.Context) error {
		run, _ := carillon.FromContext(ctx)
		if holiday(run.Scheduled) {
			return nil
		}
		return open(ctx)
	})

	pass(48 * time.Hour)
	check(s.Shutdown(ctx))
	// Output: 10:00:00 open
}

func Example_fridayThe13th() {
	s, _ := begin(carillon.Config{})

	either := crontab("0 9 13 * fri") // the 13th, and each Friday
	both := triggers.Must(triggers.NewCron(triggers.CronFields{Day: "13", DayOfWeek: "fri", Hour: "9"}, triggers.Options{}))

	upcoming(either, 2)
	upcoming(both, 1)
	check(s.Shutdown(ctx))
	// Output:
	// Fri 2 May 09:00
	// Fri 9 May 09:00
	// Fri 13 Jun 09:00
}

func Example_nextRuns() {
	s, _ := begin(carillon.Config{})
	_, err := s.Crontab("30 2 * * mon-fri", say("report"), carillon.Job{ID: "report"})
	check(err)

	job, err := s.Job(ctx, "report")
	for _, at := range triggers.Preview(job.Trigger, s.Now(), 3) {
		fmt.Println(at)
	}

	check(err)
	check(s.Shutdown(ctx))
	// Output:
	// 2025-05-02 02:30:00 +0000 UTC
	// 2025-05-05 02:30:00 +0000 UTC
	// 2025-05-06 02:30:00 +0000 UTC
}

func Example_spread() {
	s, _ := begin(carillon.Config{})

	nightly, err := s.Crontab("H 2 * * *", say("backup"), carillon.Job{ID: "backup"})
	jitter := triggers.Must(triggers.NewJitter(crontab("0 2 * * *"), 10*time.Minute))

	check(err)
	check(s.Shutdown(ctx))
	fmt.Println(nightly.NextRunTime.Format("15:04"), jitter)
	// Output: 02:05 jitter(crontab(0 2 * * *), 10m0s)
}

func Example_threeTimes() {
	s, pass := begin(carillon.Config{})

	first, minute := s.Now().Add(time.Minute), time.Minute
	thrice := triggers.Must(triggers.NewInterval(minute, triggers.Options{Start: first, End: first.Add(2 * minute)}))
	_, err := s.AddJob(ctx, say("knock"), thrice, carillon.Job{})

	pass(time.Hour)
	check(err)
	check(s.Shutdown(ctx))
	// Output:
	// 09:01:00 knock
	// 09:02:00 knock
	// 09:03:00 knock
}

// acceptable checks a schedule that somebody has typed in.
func acceptable(typed string) (triggers.Trigger, error) {
	trigger, err := triggers.NewCrontab(typed, triggers.Options{})
	if err != nil {
		return nil, err // it says what to write instead
	}
	times := triggers.Preview(trigger, time.Now(), 100)
	if len(times) == 0 {
		return nil, errors.New("there is no such time")
	}
	for i := range times[1:] {
		if times[i+1].Sub(times[i]) < 10*time.Minute {
			return nil, errors.New("once in ten minutes is often enough")
		}
	}
	return trigger, nil
}

func Example_typedIn() {
	for _, typed := range []string{"0 9 * * mon-fri", "0 9-17 * * *", "*/5 * * * *", "0 0 30 2 *", "0 25 * * *"} {
		_, err := acceptable(typed)
		fmt.Println(typed, "-", err)
	}
	// Output:
	// 0 9 * * mon-fri - <nil>
	// 0 9-17 * * * - <nil>
	// */5 * * * * - once in ten minutes is often enough
	// 0 0 30 2 * - there is no such time
	// 0 25 * * * - hour "25" at position 2: out of range; use 0-23
}
