package metrics_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	dto "github.com/prometheus/client_model/go"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/executors/pool"
	"github.com/carillon-go/carillon/metrics"
)

// TestRuns has runs of all kinds but lost ones, one of them under way.
func TestRuns(t *testing.T) {
	r := newRig(t, carillon.Config{}, metrics.Config{DurationBuckets: []float64{60, 120}, LatenessBuckets: []float64{1, 60}})
	r.every(time.Minute, lasting(90*time.Second), carillon.Job{ID: "slow"})
	r.every(2*time.Minute, fail, carillon.Job{ID: "bad"})
	r.every(time.Hour, nothing, carillon.Job{ID: "late", NextRunTime: start.Add(-30 * time.Second)})
	r.every(time.Hour, nothing, carillon.Job{ID: "too late", NextRunTime: start.Add(-30 * time.Second), MisfireGrace: time.Second})
	r.start()
	r.pass(5*time.Minute + 15*time.Second)
	r.exposes(`
# HELP carillon_runs_total Run times of jobs, by what became of them.
# TYPE carillon_runs_total counter
carillon_runs_total{outcome="executed",task="bad"} 0
carillon_runs_total{outcome="executed",task="late"} 1
carillon_runs_total{outcome="executed",task="slow"} 2
carillon_runs_total{outcome="executed",task="too late"} 0
carillon_runs_total{outcome="failed",task="bad"} 2
carillon_runs_total{outcome="failed",task="late"} 0
carillon_runs_total{outcome="failed",task="slow"} 0
carillon_runs_total{outcome="failed",task="too late"} 0
carillon_runs_total{outcome="lost",task="bad"} 0
carillon_runs_total{outcome="lost",task="late"} 0
carillon_runs_total{outcome="lost",task="slow"} 0
carillon_runs_total{outcome="lost",task="too late"} 0
carillon_runs_total{outcome="missed",task="bad"} 0
carillon_runs_total{outcome="missed",task="late"} 0
carillon_runs_total{outcome="missed",task="slow"} 0
carillon_runs_total{outcome="missed",task="too late"} 1
carillon_runs_total{outcome="skipped",task="bad"} 0
carillon_runs_total{outcome="skipped",task="late"} 0
carillon_runs_total{outcome="skipped",task="slow"} 2
carillon_runs_total{outcome="skipped",task="too late"} 0
# HELP carillon_run_duration_seconds How long runs took.
# TYPE carillon_run_duration_seconds histogram
carillon_run_duration_seconds_bucket{task="bad",le="60"} 2
carillon_run_duration_seconds_bucket{task="bad",le="120"} 2
carillon_run_duration_seconds_bucket{task="bad",le="+Inf"} 2
carillon_run_duration_seconds_sum{task="bad"} 0
carillon_run_duration_seconds_count{task="bad"} 2
carillon_run_duration_seconds_bucket{task="late",le="60"} 1
carillon_run_duration_seconds_bucket{task="late",le="120"} 1
carillon_run_duration_seconds_bucket{task="late",le="+Inf"} 1
carillon_run_duration_seconds_sum{task="late"} 0
carillon_run_duration_seconds_count{task="late"} 1
carillon_run_duration_seconds_bucket{task="slow",le="60"} 0
carillon_run_duration_seconds_bucket{task="slow",le="120"} 2
carillon_run_duration_seconds_bucket{task="slow",le="+Inf"} 2
carillon_run_duration_seconds_sum{task="slow"} 180
carillon_run_duration_seconds_count{task="slow"} 2
carillon_run_duration_seconds_bucket{task="too late",le="60"} 0
carillon_run_duration_seconds_bucket{task="too late",le="120"} 0
carillon_run_duration_seconds_bucket{task="too late",le="+Inf"} 0
carillon_run_duration_seconds_sum{task="too late"} 0
carillon_run_duration_seconds_count{task="too late"} 0
# HELP carillon_run_lateness_seconds How much later than scheduled runs began.
# TYPE carillon_run_lateness_seconds histogram
carillon_run_lateness_seconds_bucket{task="bad",le="1"} 2
carillon_run_lateness_seconds_bucket{task="bad",le="60"} 2
carillon_run_lateness_seconds_bucket{task="bad",le="+Inf"} 2
carillon_run_lateness_seconds_sum{task="bad"} 0
carillon_run_lateness_seconds_count{task="bad"} 2
carillon_run_lateness_seconds_bucket{task="late",le="1"} 0
carillon_run_lateness_seconds_bucket{task="late",le="60"} 1
carillon_run_lateness_seconds_bucket{task="late",le="+Inf"} 1
carillon_run_lateness_seconds_sum{task="late"} 30
carillon_run_lateness_seconds_count{task="late"} 1
carillon_run_lateness_seconds_bucket{task="slow",le="1"} 2
carillon_run_lateness_seconds_bucket{task="slow",le="60"} 2
carillon_run_lateness_seconds_bucket{task="slow",le="+Inf"} 2
carillon_run_lateness_seconds_sum{task="slow"} 0
carillon_run_lateness_seconds_count{task="slow"} 2
carillon_run_lateness_seconds_bucket{task="too late",le="1"} 0
carillon_run_lateness_seconds_bucket{task="too late",le="60"} 0
carillon_run_lateness_seconds_bucket{task="too late",le="+Inf"} 0
carillon_run_lateness_seconds_sum{task="too late"} 0
carillon_run_lateness_seconds_count{task="too late"} 0
# HELP carillon_last_success_timestamp_seconds When a run was executed to a good end, the last time.
# TYPE carillon_last_success_timestamp_seconds gauge
carillon_last_success_timestamp_seconds{task="late"} 1.7356896e+09
carillon_last_success_timestamp_seconds{task="slow"} 1.73568987e+09
# HELP carillon_runs_running Runs that are being executed.
# TYPE carillon_runs_running gauge
carillon_runs_running{task="bad"} 0
carillon_runs_running{task="late"} 0
carillon_runs_running{task="slow"} 1
carillon_runs_running{task="too late"} 0
# HELP carillon_oldest_run_age_seconds How long the run has gone on that began first; 0 if none is being executed.
# TYPE carillon_oldest_run_age_seconds gauge
carillon_oldest_run_age_seconds{task="bad"} 0
carillon_oldest_run_age_seconds{task="late"} 0
carillon_oldest_run_age_seconds{task="slow"} 15
carillon_oldest_run_age_seconds{task="too late"} 0
`, "carillon_runs_total", "carillon_run_duration_seconds", "carillon_run_lateness_seconds",
		"carillon_last_success_timestamp_seconds", "carillon_runs_running", "carillon_oldest_run_age_seconds")
	r.shutdown()
}

// TestUnderWay has runs that wait for a worker, of a task that nothing has been
// heard of yet.
func TestUnderWay(t *testing.T) {
	config := carillon.Config{Executors: carillon.Executors{"default": pool.Open(pool.Config{Size: 2})}}
	r := newRig(t, config, metrics.Config{Label: func(*carillon.Run) string { return "all" }})
	for i := range 5 {
		r.every(time.Hour, lasting(time.Minute), carillon.Job{ID: fmt.Sprint(i), NextRunTime: start})
	}
	r.start()
	r.pass(20 * time.Second)
	r.exposes(`
# HELP carillon_runs_running Runs that are being executed.
# TYPE carillon_runs_running gauge
carillon_runs_running{task="all"} 2
# HELP carillon_runs_waiting Runs that an executor has and has not begun.
# TYPE carillon_runs_waiting gauge
carillon_runs_waiting{task="all"} 3
# HELP carillon_oldest_run_age_seconds How long the run has gone on that began first; 0 if none is being executed.
# TYPE carillon_oldest_run_age_seconds gauge
carillon_oldest_run_age_seconds{task="all"} 20
`, "carillon_runs_running", "carillon_runs_waiting", "carillon_oldest_run_age_seconds")
	r.shutdown()
}

// TestLives starts, pauses, stops and starts a scheduler again: counters go on.
func TestLives(t *testing.T) {
	r := newRig(t, carillon.Config{}, metrics.Config{})
	total, ctx := 0.0, t.Context()
	check := func(state string, runs float64) {
		t.Helper()
		total += runs
		r.exposes(fmt.Sprintf(`
# HELP carillon_state 1 for the state that the scheduler is in, 0 for the others.
# TYPE carillon_state gauge
carillon_state{state="paused"} %d
carillon_state{state="running"} %d
carillon_state{state="stopped"} %d
`, one(state == "paused"), one(state == "running"), one(state == "stopped")), "carillon_state")
		if got := r.value("carillon_runs_total", "outcome", "executed"); got != total {
			t.Errorf("%s: %v runs, want %v", state, got, total)
		}
	}
	check("stopped", 0)
	for range 2 {
		r.every(time.Minute, nothing, carillon.Job{ID: "job"})
		r.start()
		r.pass(3 * time.Minute)
		check("running", 3)
		r.must(r.Pause(ctx))
		r.pass(3 * time.Minute)
		check("paused", 0)
		r.must(r.Resume(ctx))
		r.pass(0)
		check("running", 1) // the three in one
		r.shutdown()
		check("stopped", 0)
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestClose closes a collector: it is not called any more, and keeps what it has.
func TestClose(t *testing.T) {
	r := newRig(t, carillon.Config{}, metrics.Config{})
	r.every(time.Minute, nothing, carillon.Job{ID: "job"})
	r.start()
	r.pass(2 * time.Minute)
	r.Close()
	r.Close()
	r.pass(2 * time.Minute)
	if got := r.value("carillon_runs_total", "outcome", "executed"); got != 2 {
		t.Errorf("%v runs are counted, want the 2 before Close", got)
	}
	if !r.registry.Unregister(r.Collector) {
		t.Error("the collector cannot be unregistered")
	}
	again := metrics.New(r.Scheduler, metrics.Config{})
	if err := r.registry.Register(again); err != nil {
		t.Error(err)
	}
	again.Close()
	r.shutdown()
}

// TestTwoSchedulers has two in one registry, which a label tells apart.
func TestTwoSchedulers(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	for i, name := range []string{"mail", "reports"} {
		r := newRig(t, carillon.Config{}, metrics.Config{})
		prometheus.WrapRegistererWith(prometheus.Labels{"scheduler": name}, registry).
			MustRegister(r.Collector, metrics.NewJobs(r.Scheduler))
		r.every(time.Minute, nothing, carillon.Job{ID: "job"})
		r.start()
		r.pass(time.Duration(i+1) * time.Minute)
		r.shutdown()
	}
	err := testutil.GatherAndCompare(registry, strings.NewReader(`
# HELP carillon_last_success_timestamp_seconds When a run was executed to a good end, the last time.
# TYPE carillon_last_success_timestamp_seconds gauge
carillon_last_success_timestamp_seconds{scheduler="mail",task="job"} 1.73568966e+09
carillon_last_success_timestamp_seconds{scheduler="reports",task="job"} 1.73568972e+09
`), "carillon_last_success_timestamp_seconds")
	if err != nil {
		t.Error(err)
	}
}

// TestLint holds all names and texts against the conventions of Prometheus.
func TestLint(t *testing.T) {
	r := newRig(t, carillon.Config{}, metrics.Config{})
	r.registry.MustRegister(metrics.NewJobs(r.Scheduler))
	r.every(time.Minute, nothing, carillon.Job{ID: "job"})
	r.start()
	r.pass(time.Minute)
	problems, err := testutil.GatherAndLint(r.registry)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
	r.shutdown()
}

// TestClockSetBack sets the clock back during a run: it has taken no time, rather
// than less than none.
func TestClockSetBack(t *testing.T) {
	r := newRig(t, carillon.Config{}, metrics.Config{})
	r.every(time.Minute, func(ctx context.Context) error {
		r.clock.Set(r.clock.Now().Add(-time.Hour))
		return nil
	}, carillon.Job{ID: "job"})
	r.start()
	r.pass(time.Minute)
	r.shutdown()
	for _, name := range []string{"carillon_run_duration_seconds", "carillon_run_lateness_seconds"} {
		r.series(name, "task", "job", func(m *dto.Metric) {
			if h := m.GetHistogram(); h.GetSampleSum() != 0 || h.GetSampleCount() != 1 {
				t.Errorf("%s: %v", name, h)
			}
		})
	}
}

// TestBuckets has New panic about buckets that do not grow.
func TestBuckets(t *testing.T) {
	s, err := carillon.New(carillon.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if fault := fmt.Sprint(recover()); !strings.Contains(fault, "increasing") {
			t.Errorf("New panics with %q", fault)
		}
	}()
	metrics.New(s, metrics.Config{DurationBuckets: []float64{2, 1}})
}

// TestNativeHistograms has both kinds of buckets where they are asked for.
func TestNativeHistograms(t *testing.T) {
	for _, native := range []bool{false, true} {
		r := newRig(t, carillon.Config{}, metrics.Config{NativeHistograms: native})
		r.every(time.Minute, lasting(time.Second), carillon.Job{ID: "job"})
		r.start()
		r.pass(90 * time.Second)
		r.series("carillon_run_duration_seconds", "task", "job", func(m *dto.Metric) {
			if h := m.GetHistogram(); len(h.Bucket) != 12 || (len(h.PositiveSpan) > 0) != native {
				t.Errorf("native %v: %v", native, h)
			}
		})
		r.shutdown()
	}
}

// TestScrapes scrapes while runs of ever new tasks begin and end: no counter goes
// down.
func TestScrapes(t *testing.T) {
	r := newRig(t, carillon.Config{}, metrics.Config{MaxTasks: 5, Label: func(run *carillon.Run) string {
		return run.Scheduled.Format("15:04")
	}})
	for i := range 10 {
		r.every(time.Second, lasting(time.Duration(i)*time.Second), carillon.Job{ID: fmt.Sprint(i), MaxInstances: 3})
	}
	r.start()
	passed := make(chan struct{})
	var scrapers sync.WaitGroup
	for range 2 {
		scrapers.Go(func() {
			for last := 0.0; ; {
				got := r.value("carillon_runs_total", "outcome", "executed")
				if got < last {
					t.Errorf("%v runs after %v", got, last)
				}
				last = got
				select {
				case <-passed:
					return
				default:
				}
			}
		})
	}
	r.pass(8 * time.Minute)
	close(passed)
	scrapers.Wait()
	r.shutdown()
}
