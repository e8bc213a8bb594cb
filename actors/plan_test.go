package actors

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

var midnight = time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC)

// at returns times on the first of May, given as minutes after midnight.
func at(minutes ...int) []time.Time {
	var times []time.Time
	for _, m := range minutes {
		times = append(times, midnight.Add(time.Duration(m)*time.Minute))
	}
	return times
}

func TestPlan(t *testing.T) {
	hourly := triggers.Must(triggers.NewInterval(time.Hour, triggers.Options{Start: midnight}))
	twice := triggers.Must(triggers.NewInterval(time.Hour, triggers.Options{Start: midnight, End: at(60)[0]}))
	for _, row := range []struct {
		name     string
		trigger  triggers.Trigger
		coalesce job.Coalesce
		max      int
		next     int // the job's next run time, in minutes
		now      int
		live     int
		want     stores.Step
	}{
		{name: "on time", trigger: hourly, next: 60, now: 60,
			want: stores.Step{Runs: at(60), Next: at(120)[0]}},
		{name: "late", trigger: hourly, next: 60, now: 119,
			want: stores.Step{Runs: at(60), Next: at(120)[0]}},
		{name: "the latest of three", trigger: hourly, next: 60, now: 185,
			want: stores.Step{Runs: at(180), First: at(60)[0], Next: at(240)[0]}},
		{name: "all of three", trigger: hourly, coalesce: job.All, next: 60, now: 185,
			want: stores.Step{Runs: at(60, 120, 180), Next: at(240)[0]}},
		{name: "the next run time is none of the trigger's", trigger: hourly, next: 70, now: 80,
			want: stores.Step{Runs: at(70), Next: at(120)[0]}},
		{name: "the last time", trigger: twice, next: 60, now: 61,
			want: stores.Step{Runs: at(60), Ended: true}},
		{name: "the last of two", trigger: twice, next: 0, now: 200,
			want: stores.Step{Runs: at(60), First: at(0)[0], Ended: true}},
		{name: "once", trigger: triggers.At(at(60)[0]), next: 60, now: 61,
			want: stores.Step{Runs: at(60), Ended: true}},
		{name: "one instance too many", trigger: hourly, next: 60, now: 60, live: 1,
			want: stores.Step{Skipped: at(60), Next: at(120)[0]}},
		{name: "room for another instance", trigger: hourly, max: 2, next: 60, now: 60, live: 1,
			want: stores.Step{Runs: at(60), Next: at(120)[0]}},
		{name: "no room for any of three", trigger: hourly, coalesce: job.All, next: 60, now: 185, live: 1,
			want: stores.Step{Skipped: at(60, 120, 180), Next: at(240)[0]}},
		{name: "coalesced and skipped", trigger: hourly, next: 60, now: 185, live: 1,
			want: stores.Step{Skipped: at(180), Next: at(240)[0]}},
	} {
		t.Run(row.name, func(t *testing.T) {
			j := job.Defaults{MaxInstances: row.max, Coalesce: row.coalesce}.Apply(job.Job{
				ID: "j", Trigger: row.trigger, NextRunTime: at(row.next)[0],
			})
			var step stores.Step
			plan(&j, row.live, at(row.now)[0], &step)
			if !sameStep(step, row.want) {
				t.Errorf("got  %+v\nwant %+v", step, row.want)
			}
		})
	}
}

func sameStep(a, b stores.Step) bool {
	return a.Next.Equal(b.Next) && a.First.Equal(b.First) && a.Ended == b.Ended && a.Wait == b.Wait && a.Park == b.Park &&
		slices.EqualFunc(a.Runs, b.Runs, time.Time.Equal) && slices.EqualFunc(a.Skipped, b.Skipped, time.Time.Equal)
}

// A backlog is handed out in bounded parts, and the job waits in between.
func TestPlanBacklog(t *testing.T) {
	every := triggers.Must(triggers.NewInterval(time.Second, triggers.Options{Start: midnight}))
	j := job.Defaults{Coalesce: job.All}.Apply(job.Job{ID: "j", Trigger: every, NextRunTime: midnight})
	now := midnight.Add(2*backlog*time.Second - time.Second)
	for part := range 2 {
		var step stores.Step
		plan(&j, 0, now, &step)
		if len(step.Runs) != backlog || step.Wait != (part == 0) {
			t.Fatalf("part %d: %d runs, wait %v", part, len(step.Runs), step.Wait)
		}
		if !step.Runs[0].Equal(j.NextRunTime) {
			t.Fatalf("part %d begins at %v, want %v", part, step.Runs[0], j.NextRunTime)
		}
		j.NextRunTime = step.Next
	}
	if !j.NextRunTime.After(now) {
		t.Errorf("next run time %v is not after %v", j.NextRunTime, now)
	}
}

// Half a day of missed seconds costs no more than one.
func TestPlanLatestIsArithmetic(t *testing.T) {
	every := triggers.Must(triggers.NewInterval(time.Second, triggers.Options{Start: midnight}))
	counted := &counting{Trigger: every}
	j := job.Defaults{}.Apply(job.Job{ID: "j", Trigger: counted, NextRunTime: midnight})
	var step stores.Step
	plan(&j, 0, midnight.Add(12*time.Hour), &step)
	if want := midnight.Add(12 * time.Hour); !step.Runs[0].Equal(want) {
		t.Errorf("runs for %v, want %v", step.Runs[0], want)
	}
	if counted.asked > 100 {
		t.Errorf("the trigger was asked %d times", counted.asked)
	}
}

// counting counts how often a trigger is asked. It hides that the trigger knows
// its latest time by itself.
type counting struct {
	triggers.Trigger
	asked int
}

func (c *counting) Next(prev, now time.Time) (time.Time, bool) {
	c.asked++
	return c.Trigger.Next(prev, now)
}

func TestPlanParksWhatPanics(t *testing.T) {
	j := job.Defaults{}.Apply(job.Job{ID: "j", Trigger: panicking{}, NextRunTime: midnight})
	var step stores.Step
	plan(&j, 0, midnight, &step)
	if !strings.Contains(step.Park, "no such moon") || len(step.Runs) > 0 {
		t.Errorf("got %+v", step)
	}
}

type panicking struct{}

func (panicking) Next(_, _ time.Time) (time.Time, bool) { panic("no such moon") }

// A run time that a store rounds must not be followed by itself.
func TestRunTimeIsWholeMicroseconds(t *testing.T) {
	uneven := midnight.Add(1500 * time.Nanosecond)
	j := admission{now: midnight}.admit(job.Job{ID: "j", Trigger: triggers.At(uneven)})
	if want := midnight.Add(2 * time.Microsecond); !j.NextRunTime.Equal(want) {
		t.Errorf("first run at %v, want %v", j.NextRunTime, want)
	}
	var step stores.Step
	plan(&j, 0, midnight.Add(time.Second), &step)
	if len(step.Runs) != 1 || !step.Ended {
		t.Errorf("got %+v, want one run and the end", step)
	}
}
