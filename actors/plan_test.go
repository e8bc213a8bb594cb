package actors

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/triggers"
)

var noon = time.Date(2025, 1, 1, 12, 0, 0, 0, time.UTC)

// at returns the times that are so many seconds after noon.
func at(seconds ...int) []time.Time {
	times := make([]time.Time, len(seconds))
	for i, s := range seconds {
		times[i] = noon.Add(time.Duration(s) * time.Second)
	}
	return times
}

// everySecond is the trigger of every second from noon on, until the last.
func everySecond(last int) triggers.Trigger {
	return triggers.Must(triggers.NewInterval(time.Second, triggers.Options{Start: noon, End: at(last)[0]}))
}

func TestPlan(t *testing.T) {
	for _, row := range []struct {
		name     string
		coalesce job.Coalesce
		next     int // when the job is due
		now      int
		live     int
		last     int // time of the trigger
		want     stores.Step
	}{
		{"on time", job.Latest, 5, 5, 0, 99, stores.Step{Runs: at(5), Next: at(6)[0]}},
		{"one is due", job.Latest, 5, 5, 0, 5, stores.Step{Runs: at(5), Ended: true}},
		{"three are due", job.Latest, 5, 7, 0, 99, stores.Step{Runs: at(7), First: at(5)[0], Next: at(8)[0]}},
		{"the last three are due", job.Latest, 5, 9, 0, 7, stores.Step{Runs: at(7), First: at(5)[0], Ended: true}},
		{"three are due, one by one", job.All, 5, 7, 0, 99, stores.Step{Runs: at(5, 6, 7), Next: at(8)[0]}},
		{"the last three are due, one by one", job.All, 5, 9, 0, 7, stores.Step{Runs: at(5, 6, 7), Ended: true}},
		{"no room", job.Latest, 5, 5, 2, 99, stores.Step{Skipped: at(5), Next: at(6)[0]}},
		{"no room for three", job.All, 5, 7, 2, 99, stores.Step{Skipped: at(5, 6, 7), Next: at(8)[0]}},
		{"no room for the latest of three", job.Latest, 5, 7, 3, 99, stores.Step{Skipped: at(7), First: at(5)[0], Next: at(8)[0]}},
		{"room for one more", job.Latest, 5, 5, 1, 99, stores.Step{Runs: at(5), Next: at(6)[0]}},
	} {
		j := &job.Job{Trigger: everySecond(row.last), Coalesce: row.coalesce, MaxInstances: 2, NextRunTime: at(row.next)[0]}
		var got stores.Step
		plan(j, row.live, at(row.now)[0], &got)
		if !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s:\n\tgot  %+v\n\twant %+v", row.name, got, row.want)
		}
	}
}

// TestPlanBacklog plans more run times than are worked off at a time.
func TestPlanBacklog(t *testing.T) {
	j := &job.Job{Trigger: everySecond(1e9), Coalesce: job.All, MaxInstances: 2, NextRunTime: noon}
	var step stores.Step
	plan(j, 0, at(5000)[0], &step)
	if n := len(step.Runs); n != backlog || !step.Wait || !step.Next.Equal(at(backlog)[0]) {
		t.Errorf("%d runs, wait %v, next %v", n, step.Wait, step.Next)
	}
	step = stores.Step{}
	plan(j, 2, at(5000)[0], &step)
	if n := len(step.Skipped); n != backlog || step.Wait || !step.Next.Equal(at(backlog)[0]) {
		t.Errorf("%d skipped, wait %v, next %v", n, step.Wait, step.Next)
	}
}

// counted counts how often a trigger is asked.
type counted struct {
	triggers.Trigger
	asked int
}

func (c *counted) Next(prev, now time.Time) (time.Time, bool) {
	c.asked++
	return c.Trigger.Next(prev, now)
}

// TestCoalescingIsArithmetic coalesces what a night has missed of a job that is
// due every second: by a few questions, not by 43,200.
func TestCoalescingIsArithmetic(t *testing.T) {
	trigger := &counted{Trigger: everySecond(1e9)}
	j := &job.Job{Trigger: trigger, Coalesce: job.Latest, MaxInstances: 1, NextRunTime: noon}
	var step stores.Step
	plan(j, 0, at(12 * 60 * 60)[0], &step)
	if !reflect.DeepEqual(step.Runs, at(12*60*60)) {
		t.Errorf("runs %v", step.Runs)
	}
	if trigger.asked > 10 {
		t.Errorf("the trigger was asked %d times", trigger.asked)
	}
}

func BenchmarkCoalesceNight(b *testing.B) {
	j := &job.Job{Trigger: everySecond(1e9), Coalesce: job.Latest, MaxInstances: 1, NextRunTime: noon}
	var step stores.Step
	for b.Loop() {
		step = stores.Step{Runs: step.Runs[:0]}
		plan(j, 0, at(12 * 60 * 60)[0], &step)
	}
}

// triggerFunc is a trigger of any kind.
type triggerFunc func(prev, now time.Time) (time.Time, bool)

func (f triggerFunc) Next(prev, now time.Time) (time.Time, bool) { return f(prev, now) }

// TestPlanParks parks jobs whose triggers cannot be relied on.
func TestPlanParks(t *testing.T) {
	for name, trigger := range map[string]triggerFunc{
		"boom":      func(time.Time, time.Time) (time.Time, bool) { panic("boom") },
		"after":     func(prev, _ time.Time) (time.Time, bool) { return prev, true },
		"gives 200": func(prev, _ time.Time) (time.Time, bool) { return prev.AddDate(-20, 0, 0), true },
	} {
		for _, coalesce := range []job.Coalesce{job.Latest, job.All} {
			j := &job.Job{Trigger: trigger, Coalesce: coalesce, MaxInstances: 1, NextRunTime: noon}
			var step stores.Step
			plan(j, 0, noon, &step)
			if !strings.Contains(step.Park, name) || len(step.Runs) > 0 {
				t.Errorf("%s: %+v", name, step)
			}
		}
	}
}

// TestPlanEndsWithTheCalendar has triggers that mean "never" by a time that no
// store can keep: the job has its last run and ends, or is added without one.
func TestPlanEndsWithTheCalendar(t *testing.T) {
	for _, never := range []time.Time{time.Unix(1<<60, 0), time.Unix(-1<<60, 0), time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)} {
		trigger := triggerFunc(func(time.Time, time.Time) (time.Time, bool) { return never, true })
		if first, ok := (admission{now: noon}).first(trigger); ok || !first.IsZero() {
			t.Errorf("%v: the first run time is %v", never, first)
		}
		for _, coalesce := range []job.Coalesce{job.Latest, job.All} {
			j := &job.Job{Trigger: trigger, Coalesce: coalesce, MaxInstances: 1, NextRunTime: noon}
			var step stores.Step
			plan(j, 0, noon, &step)
			if want := (stores.Step{Runs: at(0), Ended: true}); !reflect.DeepEqual(step, want) {
				t.Errorf("%v: %+v", never, step)
			}
		}
	}
}
