//go:build unix

package sqlite_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/sqlite"
	"github.com/carillon-go/carillon/triggers"
)

// BenchmarkClaimFinish claims, plans and finishes the runs of 10,000 jobs that
// are due every hour, or once and are then put anew, which is not measured. What
// has ended is recorded by the next claim, as under load. Each operation is on
// the disk when it returns. It tells the processor time of the
// process as well.
func BenchmarkClaimFinish(b *testing.B) {
	for _, often := range []string{"hourly", "once"} {
		for _, history := range []int{0, -1} {
			for _, batch := range []int{1, 10, 100, 1000} {
				b.Run(fmt.Sprintf("%s/history=%v/batch=%d", often, history == 0, batch), func(b *testing.B) {
					benchClaimFinish(b, often == "once", batch, stores.Retention{Count: history})
				})
			}
		}
	}
}

func benchClaimFinish(b *testing.B, once bool, batch int, history stores.Retention) {
	ctx := b.Context()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s, err := sqlite.Config{Path: file(b), History: history}.Open(ctx, stores.Env{Alias: "default"})
	must(b, err)
	defer s.Close()
	must(b, s.Heartbeat(ctx, "bench", 0))
	jobs := reports(b, start)
	must(b, s.Put(ctx, stores.Insert, jobs))
	c := &stores.Claim{Node: "bench", Limit: batch, Now: start, Plan: func(j *job.Job, _ int, step *stores.Step) {
		step.Runs = append(step.Runs, j.NextRunTime)
		if step.Ended = once; !once {
			step.Next = j.NextRunTime.Add(time.Hour)
		}
	}}
	done := make([]stores.Done, 0, batch)
	cycle := func() (n int, more bool) {
		c.Seq++
		c.Done = done
		claimed, err := s.ClaimDue(ctx, c)
		must(b, err)
		done = done[:0]
		for i := range claimed.Runs {
			r := &claimed.Runs[i]
			done = append(done, stores.Done{RunID: r.ID, Attempt: 1, JobID: r.JobID, Outcome: job.Executed, Started: r.Scheduled, Finished: r.Scheduled})
		}
		if n = len(done); !claimed.More {
			_, err = s.Finish(ctx, c.Node, done)
			must(b, err)
			done = done[:0]
		}
		return n, claimed.More
	}
	again := func() {
		if once {
			must(b, s.Put(ctx, stores.Insert, jobs))
		} else {
			c.Now = c.Now.Add(time.Hour)
		}
	}
	c.Now, c.Limit = start.Add(time.Hour), len(jobs)
	cycle() // each job once
	again()
	c.Limit = batch
	runs := 0
	b.ReportAllocs()
	before := processor(b)
	for b.Loop() {
		n, more := cycle()
		runs += n
		if !more {
			b.StopTimer()
			paused := processor(b)
			again()
			before += processor(b) - paused
			b.StartTimer()
		}
	}
	b.ReportMetric(float64(runs)/b.Elapsed().Seconds(), "runs/s")
	b.ReportMetric((processor(b)-before).Seconds()*1e6/float64(runs), "cpu-us/run")
}

// reports are 10,000 jobs that are due one after the other within an hour.
func reports(b *testing.B, start time.Time) []job.Job {
	const n = 10_000
	hourly, err := triggers.NewInterval(time.Hour, triggers.Options{Start: start})
	must(b, err)
	jobs := make([]job.Job, n)
	for i := range jobs {
		jobs[i] = job.Defaults{}.Apply(job.Job{
			ID:          fmt.Sprintf("report-%08d", i),
			Call:        job.NewTask[map[string]any]("reports.send", nil).With(map[string]any{"to": "ada@example.com", "number": i}),
			Trigger:     hourly,
			NextRunTime: start.Add(time.Duration(i*7919%n) * time.Hour / n),
		})
	}
	return jobs
}

// processor is the processor time that the process has used.
func processor(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
