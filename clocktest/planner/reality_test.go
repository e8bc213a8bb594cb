package planner_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/clocktest"
	"github.com/carillon-go/carillon/clocktest/planner"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/messages"
)

// A table says what both a real scheduler and a plan are given.
type table struct {
	jobs      []carillon.Job
	executors map[string]int
	duration  func(carillon.Job, time.Time) time.Duration
}

// history writes down one run per line.
type history []string

func (h *history) add(id string, outcome carillon.Outcome, scheduled, started, finished time.Time) {
	text := func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return t.UTC().Format("02T15:04:05.999999999")
	}
	*h = append(*h, fmt.Sprintf("%s %s %v %s..%s", text(scheduled), id, outcome, text(started), text(finished)))
}

func (h *history) listen(event carillon.Event) {
	result := func(r carillon.Result) {
		h.add(r.Run.JobID, r.Outcome, r.Run.Scheduled, r.Started, r.Finished)
	}
	switch e := event.(type) {
	case *messages.JobExecuted:
		result(carillon.Result(*e))
	case *messages.JobError:
		result(carillon.Result(*e))
	case *messages.JobMissed:
		result(carillon.Result(*e))
	case *messages.JobMaxInstances:
		for _, scheduled := range e.Scheduled {
			h.add(e.JobID, carillon.Skipped, scheduled, time.Time{}, time.Time{})
		}
	}
}

// reality runs the table with a real scheduler, its goroutines and its pools, on
// a fake clock; what has begun by the end is allowed to finish.
func reality(t *testing.T, table table, from, until time.Time, listeners ...func(carillon.Event)) history {
	t.Helper()
	clock := clocktest.NewClock(from)
	config := carillon.Config{Clock: clock, Location: from.Location(), Executors: carillon.Executors{}}
	for alias, size := range table.executors {
		config.Executors[alias] = pool.Open(pool.Config{Size: size})
	}
	s := must(carillon.New(config))
	var seen history
	for _, listen := range append(listeners, seen.listen) {
		must(s.AddListener(listen, messages.MaskOutcomes))
	}
	jobs := slices.Clone(table.jobs)
	for i, j := range jobs {
		jobs[i].Call = carillon.Func(func(ctx context.Context) error {
			run, _ := carillon.FromContext(ctx)
			return carillon.Sleep(ctx, table.duration(j, run.Scheduled))
		})
	}
	must(s.AddJobs(t.Context(), jobs))
	steps := []func() error{
		func() error { return s.Start(t.Context()) },
		func() error { return clocktest.AdvanceTo(t.Context(), s, clock, until.Add(-1)) },
		func() error { return s.Pause(t.Context()) },
		func() error { return clocktest.Advance(t.Context(), s, clock, 48*time.Hour) },
		func() error { return s.Shutdown(t.Context()) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(seen)
	return seen
}

func preview(t *testing.T, table table, from, until time.Time) history {
	t.Helper()
	report, err := planner.Plan(t.Context(), planner.Config{
		Jobs: table.jobs, Executors: table.executors, Duration: table.duration,
		From: from, Until: until,
	})
	if err != nil {
		t.Fatal(err)
	}
	var planned history
	for _, run := range report.Runs {
		planned.add(run.Job, run.Outcome, run.Scheduled, run.Started, run.Finished)
	}
	slices.Sort(planned)
	return planned
}

// uneven is a duration up to limit that follows from the run, and does not make
// it end at the instant at which anything else happens.
func uneven(limit time.Duration) func(carillon.Job, time.Time) time.Duration {
	return func(j carillon.Job, scheduled time.Time) time.Duration {
		h := fnv.New64a()
		fmt.Fprint(h, j.ID, scheduled.UnixNano())
		return time.Duration(h.Sum64() % uint64(limit))
	}
}

func compareHistories(t *testing.T, preview, reality history) {
	t.Helper()
	if slices.Equal(preview, reality) {
		return
	}
	for i := range max(len(preview), len(reality)) {
		if i >= len(preview) || i >= len(reality) || preview[i] != reality[i] {
			t.Fatalf("preview and reality part at line %d:\n%s\n---\n%s", i,
				strings.Join(preview[i:min(i+5, len(preview))], "\n"), strings.Join(reality[i:min(i+5, len(reality))], "\n"))
		}
	}
}

// The day has everything: runs that wait for a place, overlap, are skipped, are
// missed, are late from the day before, and a clock that is put forward.
func TestPreviewIsReality(t *testing.T) {
	day := table{
		jobs: []carillon.Job{
			{ID: "backup", Trigger: cron("30 2 * * *")},
			{ID: "mirror", Trigger: cron("*/15 2-4 * * *")},
			{ID: "poll", Trigger: every(5 * time.Minute), MisfireGrace: 3 * time.Minute},
			{ID: "reports", Trigger: cron("0 * * * *"), MaxInstances: 3},
			{ID: "late", Trigger: cron("*/10 * * * *"), NextRunTime: at("2024-03-30 20:00")},
			{ID: "each", Trigger: cron("*/20 * * * *"), NextRunTime: at("2024-03-30 20:00"), Coalesce: carillon.All},
			{ID: "once", Trigger: cron("0 12 1 1 *"), NextRunTime: at("2024-03-31 12:34")},
			{ID: "other", Trigger: every(11 * time.Minute), Executor: "other"},
			{ID: "paused", Trigger: every(time.Minute), Paused: true},
		},
		executors: map[string]int{"default": 2, "other": 1},
		duration:  uneven(25 * time.Minute),
	}
	from, until := at("2024-03-31 00:00"), at("2024-04-01 00:00")
	seen := reality(t, day, from, until)
	compareHistories(t, preview(t, day, from, until), seen)
	for _, outcome := range []carillon.Outcome{carillon.Executed, carillon.Skipped, carillon.Missed} {
		if !strings.Contains(strings.Join(seen, "\n"), outcome.String()) {
			t.Errorf("no run was %v; the day does not test it", outcome)
		}
	}
	t.Log(len(seen), "runs")
}

// Any other table is like that, too.
func TestPreviewIsRealityAtRandom(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			table := randomTable(rand.New(rand.NewPCG(seed, 0)))
			from, until := at("2024-10-26 18:00"), at("2024-10-27 06:00")
			compareHistories(t, preview(t, table, from, until), reality(t, table, from, until))
		})
	}
}

func randomTable(r *rand.Rand) table {
	expressions := []string{"*/5 * * * *", "30 * * * *", "*/15 2 * * *", "30 2 * * *", "0 */2 * * *", "7,37 * * * *", "* 1-3 * * *"}
	var jobs []carillon.Job
	for i := range 1 + r.IntN(12) {
		j := carillon.Job{
			ID:           fmt.Sprintf("job-%d", i),
			Trigger:      cron(expressions[r.IntN(len(expressions))]),
			MaxInstances: r.IntN(4),
			Coalesce:     carillon.Coalesce(r.IntN(3)),
		}
		if r.IntN(3) == 0 {
			j.Trigger = every(time.Duration(1+r.IntN(40)) * time.Minute)
		}
		if r.IntN(3) == 0 {
			j.MisfireGrace = time.Duration(1+r.IntN(20)) * time.Minute
		}
		if r.IntN(4) == 0 {
			j.NextRunTime = at("2024-10-26 12:00").Add(time.Duration(r.IntN(12*60)) * time.Minute)
		}
		jobs = append(jobs, j)
	}
	return table{jobs, map[string]int{"default": r.IntN(4)}, uneven(time.Duration(1+r.IntN(60)) * time.Minute)}
}

// A plan with the durations that were recorded repeats what has happened.
func TestRecordedDurations(t *testing.T) {
	day := table{
		jobs: []carillon.Job{
			{ID: "a", Trigger: every(7 * time.Minute)},
			{ID: "b", Trigger: every(11 * time.Minute), MaxInstances: 2},
		},
		executors: map[string]int{"default": 1},
		duration:  uneven(15 * time.Minute),
	}
	from, until := at("2024-05-01 00:00"), at("2024-05-02 00:00")
	var recorder planner.Recorder
	seen := reality(t, day, from, until, recorder.Listen)
	day.duration = recorder.Duration
	compareHistories(t, preview(t, day, from, until), seen)
}
