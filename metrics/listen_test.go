package metrics

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/messages"
)

var begun = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// results returns the ends of runs of so many tasks.
func results(tasks int) []carillon.Event {
	events := make([]carillon.Event, 1024)
	for i := range events {
		events[i] = (*messages.JobExecuted)(&job.Result{
			Run: &job.Run{
				JobID: strconv.Itoa(i), Name: strconv.Itoa(i), Call: &job.TaskCall{Task: "task " + strconv.Itoa(i%tasks)}, Scheduled: begun,
			},
			Outcome: job.Executed, Started: begun.Add(time.Duration(i) * time.Millisecond), Finished: begun.Add(time.Duration(i) * time.Second),
		})
	}
	return events
}

// TestAllocations has the ends of runs counted, and run times that are skipped: it
// costs no memory once their tasks are known, or there are too many of them.
func TestAllocations(t *testing.T) {
	for _, row := range []struct {
		name  string
		tasks int
	}{{"some tasks", 20}, {"too many tasks", 1000}} {
		t.Run(row.name, func(t *testing.T) {
			h := newHeard(Config{}.complete())
			skip := &messages.JobMaxInstances{JobID: "job", Name: "job", Call: job.Func(nil), Scheduled: []time.Time{begun}}
			events := append(results(row.tasks), skip)
			if n := testing.AllocsPerRun(10, func() {
				for _, e := range events {
					h.listen(e)
				}
			}); n > 0 {
				t.Errorf("%v allocations for %d events", n, len(events))
			}
		})
	}
}

func BenchmarkListen(b *testing.B) {
	for _, row := range []struct {
		name   string
		tasks  int
		config Config
	}{
		{"1 task", 1, Config{}},
		{"50 tasks", 50, Config{}},
		{"1000 tasks of which 100 are told apart", 1000, Config{}},
		{"50 tasks, native histograms", 50, Config{NativeHistograms: true}},
	} {
		b.Run(row.name, func(b *testing.B) {
			h, events := newHeard(row.config.complete()), results(row.tasks)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				h.listen(events[i%len(events)])
			}
		})
	}
}

// TestEvents has one of each of the rarer events.
func TestEvents(t *testing.T) {
	h := newHeard(Config{}.complete())
	for _, e := range []carillon.Event{
		&messages.StoreFailed{Alias: "loud"},
		&messages.LeaseExpired{Alias: "loud"},
		&messages.StoreRestarted{},
		&messages.ExecutorRestarted{},
		&messages.ActorRestarted{},
		&messages.ClockJumped{By: time.Hour},
		&messages.ClockJumped{By: -time.Hour},
		&messages.JobParked{},
		&messages.EventsDropped{Count: 17},
	} {
		if e.Mask()&heardMask == 0 {
			t.Errorf("%T is not asked for", e)
		}
		h.listen(e)
	}
	h.meet("quiet")
	for _, row := range []struct {
		what string
		of   prometheus.Collector
		want float64
	}{
		{"failures of a quiet store", h.failures.WithLabelValues("quiet"), 0},
		{"failures of a loud one", h.failures.WithLabelValues("loud"), 1},
		{"leases", h.expiries.WithLabelValues("loud"), 1},
		{"stores", h.restarts.WithLabelValues("store"), 1},
		{"executors", h.restarts.WithLabelValues("executor"), 1},
		{"actors", h.restarts.WithLabelValues("actor"), 1},
		{"forward", h.jumps.WithLabelValues("forward"), 1},
		{"backward", h.jumps.WithLabelValues("backward"), 1},
		{"parked", h.parked, 1},
		{"dropped", h.dropped, 17},
	} {
		if got := testutil.ToFloat64(row.of); got != row.want {
			t.Errorf("%s: %v, want %v", row.what, got, row.want)
		}
	}
	if n := testutil.CollectAndCount(h.failures); n != 2 {
		t.Errorf("%d stores have series, want 2", n)
	}
}

// TestTasksAtOnce has many goroutines meet the same tasks for the first time, and
// more of them than there is room for: each task is there once.
func TestTasksAtOnce(t *testing.T) {
	h := newHeard(Config{MaxTasks: 50}.complete())
	events := results(100)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for _, e := range events {
				h.tasks.of(e.(*messages.JobExecuted).Run).outcomes[job.Executed].Inc()
			}
		})
	}
	all.Wait()
	if n := len(h.tasks.all()); n != 51 {
		t.Errorf("%d tasks, want 50 and the others", n)
	}
	total := 0.0
	for _, task := range h.tasks.all() {
		total += testutil.ToFloat64(task.outcomes[job.Executed])
	}
	if total != float64(4*len(events)) {
		t.Errorf("%v runs are counted, want %d", total, 4*len(events))
	}
}
