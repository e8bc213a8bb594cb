package planner_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest/planner"
	"github.com/carillon-go/carillon/triggers"
)

func TestOverlapsAreSkipped(t *testing.T) {
	r := plan(t, "2024-05-01 00:00", "2024-05-01 10:00", planner.Config{
		Jobs: []carillon.Job{
			{ID: "one", Trigger: cron("0 * * * *")},
			{ID: "three", Trigger: cron("0 * * * *"), MaxInstances: 3},
		},
		Duration: lasting(150 * time.Minute),
	})
	one := jobNamed(t, r, "one")
	if want := (planner.Counts{Due: 10, Executed: 4, Skipped: 6}); one.Counts != want || one.Overlaps != 0 {
		t.Errorf("with one instance: %+v with %d overlaps, want %+v and none", one.Counts, one.Overlaps, want)
	}
	three := jobNamed(t, r, "three")
	if want := (planner.Counts{Due: 10, Executed: 10}); three.Counts != want || three.Overlaps != 9 {
		t.Errorf("with three instances: %+v with %d overlaps, want %+v and 9", three.Counts, three.Overlaps, want)
	}
	if reason := runsOf(r, "one")[1].Reason; !strings.Contains(reason, "instances reached: 1") {
		t.Errorf("the reason is %q", reason)
	}
	if want := at("2024-05-01 11:30"); !runsOf(r, "one")[9].Finished.Equal(want) {
		t.Errorf("the last run ends at %v, want %v, after the plan's end", runsOf(r, "one")[9].Finished, want)
	}
	if r.Peak != 4 {
		t.Errorf("%d runs at a time, want 4", r.Peak)
	}
}

func TestSmallPoolMisfires(t *testing.T) {
	r := plan(t, "2024-05-01 00:00", "2024-05-01 06:00", planner.Config{
		Jobs: []carillon.Job{
			{ID: "a-backup", Trigger: cron("0 2 * * *")},
			{ID: "patient", Trigger: cron("0 2 * * *"), MisfireGrace: 2 * time.Hour},
			{ID: "urgent", Trigger: cron("0 2 * * *"), MisfireGrace: time.Minute},
		},
		Executors: map[string]int{"default": 1},
		Duration:  lasting(time.Hour),
	})
	if urgent := runsOf(r, "urgent")[0]; urgent.Outcome != carillon.Missed || !urgent.Started.IsZero() || !strings.Contains(urgent.Reason, "grace is 1m0s") {
		t.Errorf("the urgent run is %+v, want it missed by its grace", urgent)
	}
	if patient := jobNamed(t, r, "patient"); patient.LongestWait != time.Hour || patient.Executed != 1 {
		t.Errorf("the patient job is %+v, want it executed after an hour", patient)
	}
	e := r.Executors[0]
	if e.Size != 1 || e.Peak != 1 || e.Full != 2*time.Hour || e.Busy != 2*time.Hour || e.Waited != 1 || e.LongestWait != time.Hour {
		t.Errorf("the executor is %+v, want it full for two hours and one run waiting for one", e)
	}
	if i := slices.IndexFunc(e.Load, func(l planner.Load) bool { return l.At.Equal(at("2024-05-01 02:30")) }); e.Load[i].Peak != 1 || e.Load[i].Mean != 1 || e.Load[i].Waiting != 1 {
		t.Errorf("the load at 02:30 is %+v, want one run and one waiting", e.Load[i])
	}
}

// What was late before the plan has waited for other reasons than a full pool.
func TestWaitBeginsWithThePlan(t *testing.T) {
	r := plan(t, "2024-05-01 00:00", "2024-05-01 06:00", planner.Config{
		Jobs: []carillon.Job{
			{ID: "a", Trigger: cron("0 20 * * *"), NextRunTime: at("2024-04-30 20:00")},
			{ID: "b", Trigger: cron("0 21 * * *"), NextRunTime: at("2024-04-30 21:00")},
		},
		Executors: map[string]int{"default": 1},
		Duration:  lasting(time.Hour),
	})
	if r.Waited != 1 || r.LongestWait != time.Hour {
		t.Errorf("%d runs have waited up to %v, want one for 1h", r.Waited, r.LongestWait)
	}
	if j := jobNamed(t, r, "b"); j.LongestWait != 4*time.Hour {
		t.Errorf("the second job's run is %v late, want 4h", j.LongestWait)
	}
}

// Runs of the same time are in the order of the table, whatever the IDs are.
func TestOrderOfRuns(t *testing.T) {
	ids := []string{"c", "a", "d", "b"}
	var jobs []carillon.Job
	for _, id := range ids {
		jobs = append(jobs, carillon.Job{ID: id, Trigger: cron("0 * * * *")})
	}
	r := plan(t, "2024-05-01 00:00", "2024-05-01 02:00", planner.Config{Jobs: jobs})
	for i, run := range r.Runs {
		if want := ids[i%len(ids)]; run.Job != want {
			t.Errorf("run %d is of job %s, want %s", i, run.Job, want)
		}
	}
}

func TestBusiestMinutes(t *testing.T) {
	var jobs []carillon.Job
	for i := range 5 {
		jobs = append(jobs, carillon.Job{ID: fmt.Sprint("midnight-", i), Trigger: cron("0 0 * * *")})
	}
	jobs = append(jobs,
		carillon.Job{ID: "noon-1", Trigger: cron("0 12 * * *")},
		carillon.Job{ID: "noon-2", Trigger: cron("0 12 * * mon")},
		carillon.Job{ID: "alone", Trigger: cron("0 18 * * *")},
	)
	r := plan(t, "2024-05-01 00:00", "2024-06-01 00:00", planner.Config{Jobs: jobs, Duration: lasting(time.Second)})
	want := []planner.Minute{
		{At: at("2024-05-01 00:00"), Due: 5, Executing: 5, Days: 31},
		{At: at("2024-05-06 12:00"), Due: 2, Executing: 2, Days: 4},
	}
	if !reflect.DeepEqual(r.Busiest, want) {
		t.Errorf("the busiest minutes are %v, want %v", r.Busiest, want)
	}
}

func TestEmptyTable(t *testing.T) {
	r := plan(t, "2024-05-01 00:00", "2024-06-01 00:00", planner.Config{})
	if len(r.Jobs) != 0 || len(r.Runs) != 0 || len(r.Executors) != 1 {
		t.Errorf("the report is %+v, want nothing but an executor", r)
	}
	parsePage(t, r)
	var text strings.Builder
	if err := r.WriteText(&text); err != nil || !strings.Contains(text.String(), "Plan of 0 jobs") {
		t.Errorf("the text is %q, %v", &text, err)
	}
}

// A snapshot stands for the job as it is: what it says of the next run time, of
// pauses and of other states is kept.
func TestSnapshots(t *testing.T) {
	zone := triggers.Options{Location: berlin}
	r := plan(t, "2024-05-01 00:00", "2024-05-02 00:00", planner.Config{
		Jobs: []carillon.Job{
			{ID: "late", Trigger: cron("0 * * * *"), NextRunTime: at("2024-04-30 20:00")},
			{ID: "each", Trigger: cron("0 * * * *"), NextRunTime: at("2024-04-30 20:00"), Coalesce: carillon.All},
			{ID: "too late", Trigger: cron("30 * * * *"), NextRunTime: at("2024-04-30 20:30"), MisfireGrace: time.Minute},
			{ID: "moved", Trigger: cron("0 * * * *"), NextRunTime: at("2024-05-01 20:17")},
			{ID: "paused", Trigger: cron("0 * * * *"), Paused: true},
			{ID: "parked", Trigger: cron("0 * * * *"), NextRunTime: at("2024-05-01 00:00"), Parked: "for a reason"},
			{ID: "unknown", Trigger: must(triggers.Decode([]byte(`{"kind":"tides"}`), nil)), NextRunTime: at("2024-05-01 00:00")},
			{ID: "no executor", Trigger: cron("0 * * * *"), Executor: "elsewhere"},
			{ID: "last", Trigger: must(triggers.NewCrontab("0 3 * * *", triggers.Options{Location: berlin, End: at("2024-05-01 12:00")}))},
			{ID: "same", Trigger: must(triggers.NewCrontab("0 3 * * *", zone))},
			{ID: "same", Trigger: must(triggers.NewCrontab("0 4 * * *", zone)), Store: "second"},
		},
		Executors: map[string]int{"reports": 2},
	})
	states := map[string]planner.State{
		"late": planner.Active, "paused": planner.Paused, "parked": planner.Parked,
		"unknown": planner.Parked, "no executor": planner.Parked, "last": planner.Ended,
	}
	for id, want := range states {
		if j := jobNamed(t, r, id); j.State != want {
			t.Errorf("job %q is %v, want %v", id, j.State, want)
		}
	}
	for id, want := range map[string]string{"parked": "for a reason", "unknown": "tides", "no executor": "elsewhere"} {
		if j := jobNamed(t, r, id); !strings.Contains(j.Reason, want) || j.Due != 0 {
			t.Errorf("job %q is parked because %q and has %d runs, want %q and none", id, j.Reason, j.Due, want)
		}
	}
	if run := runsOf(r, "late")[0]; !run.Scheduled.Equal(r.From) || !run.First.Equal(at("2024-04-30 20:00")) {
		t.Errorf("the late job's first run is %+v, want the latest time, for all since 20:00", run)
	}
	if due := jobNamed(t, r, "each").Due; due != 24+4 {
		t.Errorf("the job that does not coalesce has %d runs, want 28", due)
	}
	if run := runsOf(r, "too late")[0]; run.Outcome != carillon.Missed || !run.Scheduled.Equal(at("2024-04-30 23:30")) {
		t.Errorf("the run that is too late is %+v, want it missed", run)
	}
	if run := runsOf(r, "moved")[0]; !run.Scheduled.Equal(at("2024-05-01 20:17")) {
		t.Errorf("the moved run is at %v", run.Scheduled)
	}
	if next := jobNamed(t, r, "late").Next; !next.Equal(r.Until) {
		t.Errorf("the next run is at %v, want the end of the plan", next)
	}
	if text := textOf(t, r); !strings.Contains(text, "second/same") || !strings.Contains(text, "default/same") {
		t.Errorf("the text does not tell jobs of two stores from each other:\n%s", text)
	}
	if runs := runsOf(r, "same"); len(runs) != 2 || runs[0].Store != "default" || runs[1].Store != "second" {
		t.Errorf("the runs of two jobs with one ID are %+v", runs)
	}
}

// What is exported and imported again is planned as before.
func TestExport(t *testing.T) {
	send := carillon.NewTask("mail.send", func(context.Context, string) error { return errors.New("called") })
	jobs := []carillon.Job{
		{ID: "a", Trigger: cron("*/7 * * * *"), Call: send.With("ada")},
		{ID: "b", Trigger: cron("H H * * *"), Call: send.With("bob"), MisfireGrace: time.Minute},
	}
	data := must(json.Marshal(jobs))
	var imported []carillon.Job
	if err := json.Unmarshal(data, &imported); err != nil {
		t.Fatal(err)
	}
	config := planner.Config{Jobs: jobs, Duration: uneven(10 * time.Minute), Executors: map[string]int{"default": 1}}
	before := plan(t, "2024-05-01 00:00", "2024-05-03 00:00", config)
	config.Jobs = imported
	after := plan(t, "2024-05-01 00:00", "2024-05-03 00:00", config)
	if !reflect.DeepEqual(before, after) {
		t.Error("the exported jobs have another plan")
	}
	if name := after.Jobs[0].Name; name != "mail.send" {
		t.Errorf("the job is named %q, want its task's name", name)
	}
}

func TestCallsAreNotMade(t *testing.T) {
	called := false
	call := carillon.Func(func(context.Context) error { called = true; return nil })
	plan(t, "2024-05-01 00:00", "2024-05-02 00:00", planner.Config{Jobs: []carillon.Job{{ID: "a", Call: call, Trigger: every(time.Minute)}}})
	if called {
		t.Error("the job's own call was made")
	}
}

func TestSameSeedSamePlan(t *testing.T) {
	config := planner.Config{
		Jobs:      []carillon.Job{{Trigger: every(time.Minute)}, {Trigger: every(2 * time.Minute)}},
		Duration:  lasting(time.Minute), // so that there is something left to chance
		Executors: map[string]int{"default": 1},
		Seed:      7,
	}
	first, second := plan(t, "2024-05-01 00:00", "2024-05-02 00:00", config), plan(t, "2024-05-01 00:00", "2024-05-02 00:00", config)
	if !reflect.DeepEqual(first, second) {
		t.Error("the same configuration gave two plans")
	}
	if first.Jobs[0].ID == "" || first.Runs[0].Job != first.Jobs[0].ID {
		t.Errorf("jobs without an ID are %q and %q in the report", first.Jobs[0].ID, first.Runs[0].Job)
	}
}

func TestDurationIsAskedForTheJob(t *testing.T) {
	r := plan(t, "2024-05-01 00:00", "2024-05-01 03:00", planner.Config{
		Jobs: []carillon.Job{{Trigger: cron("0 * * * *"), Name: "a"}}, // which gets an ID
		Duration: func(j carillon.Job, scheduled time.Time) time.Duration {
			if j.ID == "" || j.Name != "a" || j.Trigger == nil {
				t.Errorf("asked for %+v", j)
			}
			return time.Duration(scheduled.In(berlin).Hour()-1) * time.Minute
		},
	})
	for i, want := range []time.Duration{0, 0, time.Minute} { // a negative one is 0
		if got := r.Runs[i].Duration(); got != want {
			t.Errorf("run %d takes %v, want %v", i, got, want)
		}
	}
}

func TestRefused(t *testing.T) {
	from := at("2024-05-01 00:00")
	day := planner.Config{From: from, Until: from.AddDate(0, 0, 1), Jobs: []carillon.Job{{ID: "a", Trigger: every(time.Hour)}}}
	for _, row := range []struct {
		name   string
		change func(c *planner.Config)
		want   string
	}{
		{"no beginning", func(c *planner.Config) { c.From = time.Time{} }, "Config.From"},
		{"no end", func(c *planner.Config) { c.Until = time.Time{} }, "Config.Until"},
		{"empty", func(c *planner.Config) { c.Until = c.From }, "Config.Until"},
		{"negative size", func(c *planner.Config) { c.Executors = map[string]int{"reports": -1} }, `Config.Executors["reports"]`},
		{"bad job", func(c *planner.Config) { c.Jobs = []carillon.Job{{ID: "a", MaxInstances: -1}} }, "Job.MaxInstances"},
		{"bad defaults", func(c *planner.Config) { c.JobDefaults.MaxInstances = -1 }, "JobDefaults.MaxInstances"},
		{"twice", func(c *planner.Config) { c.Jobs = append(slices.Clone(c.Jobs), c.Jobs...) }, carillon.ErrJobExists.Error()},
		{"panic", func(c *planner.Config) {
			c.Duration = func(carillon.Job, time.Time) time.Duration { panic("no idea") }
		}, "no idea"},
	} {
		t.Run(row.name, func(t *testing.T) {
			config := day
			row.change(&config)
			r, err := planner.Plan(t.Context(), config)
			if err == nil || !strings.Contains(err.Error(), row.want) || r != nil {
				t.Errorf("the error is %v, want one about %s", err, row.want)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	from := at("2024-05-01 00:00")
	_, err := planner.Plan(ctx, planner.Config{
		Jobs: []carillon.Job{{ID: "a", Trigger: every(time.Minute)}},
		From: from, Until: from.AddDate(100, 0, 0),
		Duration: func(_ carillon.Job, scheduled time.Time) time.Duration {
			if scheduled.After(from.AddDate(0, 0, 1)) {
				cancel(enough)
			}
			return 90 * time.Second
		},
	})
	if !errors.Is(err, enough) {
		t.Errorf("the error is %v, want the cause of the context's end", err)
	}
}

func TestReportAsJSON(t *testing.T) {
	r := plan(t, "2024-03-31 00:00", "2024-04-01 00:00", planner.Config{
		Jobs: []carillon.Job{
			{ID: "a", Trigger: cron("30 2 * * *"), NextRunTime: at("2024-03-29 02:30")},
			{ID: "b", Trigger: cron("*/10 * * * *")},
		},
		Duration: lasting(25 * time.Minute),
		Location: time.UTC,
	})
	data := must(json.Marshal(r))
	if !strings.Contains(string(data), `"outcome":"skipped"`) {
		t.Errorf("outcomes are no words in %.300s", data)
	}
	var back planner.Report
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	if again := must(json.Marshal(back)); string(again) != string(data) {
		t.Errorf("read back and written again it is\n%s\nwant\n%s", again, data)
	}
	if err := json.Unmarshal([]byte(`{"outcome":"sunk"}`), new(planner.Run)); err == nil {
		t.Error("an outcome that does not exist was read")
	}
}

// monthly is a month of 50 jobs and 16,410 runs.
func monthly() planner.Config {
	var jobs []carillon.Job
	for i := range 50 {
		expression := []string{"30 2 * * *", "*/15 2 * * *", "0 * * * *", "30 * * * *", "0 3 * * mon"}[i%5]
		jobs = append(jobs, carillon.Job{ID: fmt.Sprintf("job-%02d", i), Trigger: cron(expression)})
	}
	from := at("2024-03-15 00:00")
	return planner.Config{
		Jobs: jobs, From: from, Until: from.AddDate(0, 1, 0),
		Duration: uneven(10 * time.Minute), Executors: map[string]int{"default": 8},
	}
}

func TestMonthOfFiftyJobs(t *testing.T) {
	if r := must(planner.Plan(t.Context(), monthly())); r.Due != 16410 {
		t.Errorf("%d runs, want 16410", r.Due)
	}
}

func BenchmarkMonthOfFiftyJobs(b *testing.B) {
	for b.Loop() {
		must(planner.Plan(b.Context(), monthly()))
	}
}
