package bench

import (
	"context"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/carillon-go/carillon"
	"github.com/carillon-go/carillon/triggers"
)

// What does a run cost while so many jobs run each second? An operation is a
// tenth of a second.

func BenchmarkSustained(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run("jobs="+strconv.Itoa(n), func(b *testing.B) { sustained(b, n) })
	}
}

func sustained(b *testing.B, n int) {
	var runs atomic.Int64
	count := carillon.Func(func(context.Context) error { runs.Add(1); return nil })
	jobs := make([]carillon.Job, n)
	now := time.Now()
	for i := range jobs {
		start := now.Add(time.Second / time.Duration(n) * time.Duration(i))
		jobs[i] = carillon.Job{
			ID:      "job-" + strconv.Itoa(i),
			Call:    count,
			Trigger: triggers.Must(triggers.NewInterval(time.Second, triggers.Options{Start: start})),
		}
	}
	s, _ := newScheduler(b)
	defer shutdown(b, s)
	if err := s.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	if _, err := s.AddJobs(b.Context(), jobs); err != nil {
		b.Fatal(err)
	}
	time.Sleep(time.Second) // each has run once

	cpu, allocated, before := cpuTime(b), mallocs(), runs.Load()
	b.ResetTimer()
	for range b.N {
		time.Sleep(100 * time.Millisecond)
	}
	ran := float64(runs.Load() - before)
	b.ReportMetric(float64(cpuTime(b)-cpu)/ran, "cpu-ns/run")
	b.ReportMetric(float64(mallocs()-allocated)/ran, "allocs/run")
	b.ReportMetric(ran/b.Elapsed().Seconds(), "runs/s")
	b.ReportMetric(0, "ns/op")
}

func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func mallocs() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}
