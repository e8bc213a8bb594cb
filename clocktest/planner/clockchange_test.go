package planner_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest/planner"
	"github.com/carillon-go/carillon/triggers"
)

// weekend has schedules of both kinds: fixed to a time of day, which run once a
// day whatever the clock does, and with a wildcard, which follow it.
func weekend() planner.Config {
	return planner.Config{
		Jobs: []carillon.Job{
			{ID: "backup", Trigger: cron("30 2 * * *")},
			{ID: "archive", Trigger: cron("30 3 * * *")},
			{ID: "quarter", Trigger: cron("*/15 2 * * *")},
			{ID: "hourly", Trigger: cron("5 * * * *")},
			{ID: "elapsed", Trigger: every(6 * time.Hour)},
			{ID: "new york", Trigger: must(triggers.NewCrontab("TZ=America/New_York 30 20 * * *", triggers.Options{}))},
		},
		Duration:  planner.Durations(map[string]time.Duration{"backup": 40 * time.Minute, "archive": 90 * time.Minute}, 80*time.Second),
		Executors: map[string]int{"default": 2},
	}
}

func TestWeekendInSpring(t *testing.T) {
	compareGolden(t, "spring.txt", textOf(t, plan(t, "2024-03-30 00:00", "2024-04-01 00:00", weekend())))
}

func TestWeekendInAutumn(t *testing.T) {
	compareGolden(t, "autumn.txt", textOf(t, plan(t, "2024-10-26 00:00", "2024-10-28 00:00", weekend())))
}

func textOf(t *testing.T, r *planner.Report) string {
	t.Helper()
	var text strings.Builder
	if err := r.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

func TestEffects(t *testing.T) {
	calendar := func(hour, minute int, o triggers.Options) triggers.Trigger {
		o.Start = at("2024-01-01 00:00")
		return must(triggers.NewCalendarInterval(triggers.CalendarFields{Days: 1, Hour: hour, Minute: minute}, o))
	}
	in := func(zone string, expression string) triggers.Trigger {
		return must(triggers.NewCrontab(expression, triggers.Options{Location: must(time.LoadLocation(zone))}))
	}
	const spring, autumn = "2024-03-31", "2024-10-27"
	for _, row := range []struct {
		name    string
		date    string
		trigger triggers.Trigger
		want    string
	}{
		{"fixed", spring, cron("30 2 * * *"), "shifted 1 02:30-02:30"},
		{"fixed, at the edges", spring, cron("0 2,3 * * *"), "dropped 1 02:00-02:00"}, // it coincides with 03:00
		{"two fixed times", spring, cron("10,50 2 * * *"), "shifted 2 02:10-02:50"},
		{"fixed, outside", spring, cron("59 1 * * *"), ""},
		{"wildcard", spring, cron("*/15 2 * * *"), "dropped 4 02:00-02:45"},
		{"each minute", spring, cron("* * * * *"), "dropped 60 02:00-02:59"},
		{"each second", spring, must(triggers.NewCrontab("* * * * * *", triggers.Options{Start: at("2024-03-31 01:00"), End: at("2024-03-31 04:00")})), ""}, // which follows elapsed time
		{"to be skipped", spring, must(triggers.NewCrontab("30 2 * * *", triggers.Options{Location: berlin, Gap: triggers.Skip})), "dropped 1 02:30-02:30"},
		{"calendar", spring, calendar(2, 30, triggers.Options{Location: berlin}), "shifted 1 02:30-02:30"},
		{"interval", spring, every(30 * time.Minute), ""},
		{"interval in words", spring, cron("@every 30m"), ""},
		{"date", spring, triggers.At(at("2024-03-31 03:30")), ""},
		{"jitter", spring, must(triggers.NewJitter(cron("30 2 * * *"), time.Second)), "shifted 1 02:30-02:30"},
		{"or", spring, must(triggers.NewOr(cron("30 2 * * *"), every(time.Hour))), "shifted 1 02:30-02:30"},
		{"another zone", spring, in("America/New_York", "30 2 * * *"), ""},

		{"fixed", autumn, cron("30 2 * * *"), ""},
		{"wildcard", autumn, cron("*/15 2 * * *"), "doubled 4 02:00-02:45"},
		{"hourly", autumn, cron("20 * * * *"), "doubled 1 02:20-02:20"},
		{"both", autumn, must(triggers.NewCrontab("30 2 * * *", triggers.Options{Location: berlin, Fold: triggers.Both})), "doubled 1 02:30-02:30"},
		{"interval", autumn, every(30 * time.Minute), ""},

		{"half an hour", "2024-10-06", in("Australia/Lord_Howe", "15 2 * * *"), "shifted 1 02:15-02:15"},
		{"half an hour, back", "2024-04-07", in("Australia/Lord_Howe", "*/10 1 * * *"), "doubled 3 01:30-01:50"},
		{"a whole day", "2011-12-30", in("Pacific/Apia", "0 12 * * *"), "dropped 1 12:00-12:00"},
	} {
		t.Run(row.name+" on "+row.date, func(t *testing.T) {
			from := at(row.date + " 00:00").Add(-12 * time.Hour)
			r, err := planner.Plan(t.Context(), planner.Config{
				Jobs: []carillon.Job{{ID: "a", Trigger: row.trigger}},
				From: from, Until: from.Add(24 * time.Hour),
			})
			if err != nil {
				t.Fatal(err)
			}
			var effects []string
			marked := make(map[planner.Change]int)
			for _, c := range r.ClockChanges {
				for _, e := range c.Effects {
					effects = append(effects, fmt.Sprintf("%s %d %s-%s", e.Change, e.Count, e.First[11:16], e.Last[11:16]))
					marked[e.Change] = e.Count
				}
			}
			if got := strings.Join(effects, ", "); got != row.want {
				t.Errorf("the effects are %q, want %q", got, row.want)
			}
			delete(marked, planner.Dropped) // those have no run
			for _, run := range r.Runs {
				if run.Change != "" {
					marked[run.Change]--
				}
			}
			for change, n := range marked {
				if n != 0 {
					t.Errorf("%d runs too few are marked as %s", n, change)
				}
			}
		})
	}
}

// A job that does not run at the time of the change is not affected by it.
func TestEffectsOnJobsThatDoNotRun(t *testing.T) {
	r := plan(t, "2024-03-30 12:00", "2024-04-01 00:00", planner.Config{Jobs: []carillon.Job{
		{ID: "paused", Trigger: cron("30 2 * * *"), Paused: true},
		{ID: "later", Trigger: cron("*/10 * * * *"), NextRunTime: at("2024-03-31 12:00")},
		{ID: "ended", Trigger: must(triggers.NewCrontab("30 2 * * *", triggers.Options{Location: berlin, End: at("2024-03-31 00:00")}))},
	}})
	if len(r.ClockChanges) != 1 || len(r.ClockChanges[0].Effects) != 0 {
		t.Errorf("the changes are %+v, want one without effects", r.ClockChanges)
	}
}

// A zone that is not the scheduler's shows where its clock is changed.
func TestClockChangesOfAllZones(t *testing.T) {
	r := plan(t, "2024-03-01 00:00", "2024-04-15 00:00", weekend())
	var changes []string
	for _, c := range r.ClockChanges {
		changes = append(changes, fmt.Sprint(c.Zone, " ", c.At.Format("2 Jan 15:04"), " ", c.By))
	}
	want := []string{"America/New_York 10 Mar 03:00 1h0m0s", "Europe/Berlin 31 Mar 03:00 1h0m0s"}
	if !slices.Equal(changes, want) {
		t.Errorf("the changes are %q, want %q", changes, want)
	}
}

// In 1968 London kept its summer time: another name, but no change of the clock.
func TestChangeOfNameOnly(t *testing.T) {
	london := must(time.LoadLocation("Europe/London"))
	from := time.Date(1968, 10, 26, 0, 0, 0, 0, london)
	r, err := planner.Plan(t.Context(), planner.Config{
		Jobs: []carillon.Job{{ID: "a", Trigger: cron("30 * * * *")}},
		From: from, Until: from.AddDate(0, 0, 3),
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.ClockChanges) != 0 {
		t.Errorf("the changes are %+v, want none", r.ClockChanges)
	}
}
