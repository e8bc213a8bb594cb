package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// benchJobs is how many jobs a benchmarked store has.
const benchJobs = 10_000

// Benchmark measures what a store costs: its time for one job that is put or
// listed ("ns/job"), and for one run that is claimed and finished ("ns/run"),
// by the size of the batches. The store has 10,000 jobs, all of them due every
// ten seconds ("cycle"; "turn": finished by the next claim, as under load), or
// once ("once": put, claimed and finished). Last, what a claim of one run takes
// beside so many due jobs that are parked and were told of ("parked").
func Benchmark(b *testing.B, h Harness) {
	for _, batch := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("put/batch=%d", batch), func(b *testing.B) { benchPut(b, h, batch) })
	}
	for _, batch := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("cycle/batch=%d", batch), func(b *testing.B) { benchCycle(b, h, batch, false) })
	}
	for _, batch := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("turn/batch=%d", batch), func(b *testing.B) { benchCycle(b, h, batch, true) })
	}
	for _, batch := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprintf("once/batch=%d", batch), func(b *testing.B) { benchOnce(b, h, batch) })
	}
	b.Run("list/page=1000", func(b *testing.B) { benchList(b, h) })
	for _, n := range []int{0, 1000, 20_000} {
		b.Run(fmt.Sprintf("parked/due=%d", n), func(b *testing.B) { benchParked(b, h, n) })
	}
}

// bench opens a store with n jobs, which are due one after the other within ten
// seconds.
func bench(b *testing.B, h Harness, n int) *session {
	e := newEnv(b, h)
	b.Cleanup(func() {
		if err := e.close(); err != nil {
			b.Error(err)
		}
	})
	s := e.owner("bench")
	for i := 0; i < n; i += 1000 {
		s.insert(benchBatch(i, 1000, n)...)
	}
	b.ReportAllocs()
	return s
}

// benchBatch makes the jobs from the i-th on, of n.
func benchBatch(i, size, n int) []job.Job {
	call := task("work")
	jobs := make([]job.Job, size)
	for k := range jobs {
		jobs[k] = due(fmt.Sprintf("job-%08d", i+k), 0)
		jobs[k].Call = call
		scattered := (i + k) * 7919 % n
		jobs[k].NextRunTime = epoch.Add(time.Duration(scattered) * 10 * time.Second / time.Duration(n))
	}
	return jobs
}

// executed are the ends of runs, in memory that is used again.
func executed(done []stores.Done, runs []job.Run) []stores.Done {
	done = done[:0]
	for i := range runs {
		done = append(done, stores.Done{RunID: runs[i].ID, Attempt: runs[i].Attempt, JobID: runs[i].JobID, Outcome: job.Executed})
	}
	return done
}

func (s *session) report(done []stores.Done) {
	_, err := s.Finish(s.env.ctx, s.name, done)
	s.env.must("Finish", err)
}

// per reports the time for one of n things.
func per(b *testing.B, n int, unit string) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), unit)
}

func benchPut(b *testing.B, h Harness, batch int) {
	s := bench(b, h, 0)
	n := 0
	for b.Loop() {
		b.StopTimer()
		jobs := benchBatch(n, batch, 1e6)
		b.StartTimer()
		s.insert(jobs...)
		n += batch
	}
	per(b, n, "ns/job")
}

func benchCycle(b *testing.B, h Harness, batch int, together bool) {
	s := bench(b, h, benchJobs)
	now, n := 10.0, 0
	var done []stores.Done
	for b.Loop() {
		c := s.claim(now, stores.Claim{Limit: batch, Done: done, Plan: func(j *job.Job, _ int, step *stores.Step) {
			step.Runs = append(step.Runs, j.NextRunTime)
			step.Next = j.NextRunTime.Add(10 * time.Second)
		}})
		if done = executed(done, c.Runs); !together {
			s.report(done)
			done = done[:0]
		}
		if n += len(c.Runs); !c.More {
			now += 10
		}
	}
	per(b, n, "ns/run")
}

func benchOnce(b *testing.B, h Harness, batch int) {
	s := bench(b, h, benchJobs)
	now, n := 0.0, 0
	var done []stores.Done
	for b.Loop() {
		b.StopTimer()
		jobs := benchBatch(benchJobs+n, batch, benchJobs)
		now += 10
		b.StartTimer()
		s.insert(jobs...)
		for claimed := 0; claimed < batch; {
			c := s.claim(now, stores.Claim{Limit: batch})
			done = executed(done, c.Runs)
			s.report(done)
			claimed += len(c.Runs)
			n += len(c.Runs)
		}
	}
	per(b, n, "ns/run")
}

func benchList(b *testing.B, h Harness) {
	s := bench(b, h, benchJobs)
	n := 0
	for b.Loop() {
		for after := ""; ; {
			page := s.list(after, 1000)
			n += len(page)
			if len(page) < 1000 {
				break
			}
			after = page[len(page)-1].ID
		}
	}
	per(b, n, "ns/job")
}

func benchParked(b *testing.B, h Harness, n int) {
	s := bench(b, h, 0)
	for i := 0; i < n; i += 1000 {
		jobs := benchBatch(i, 1000, n)
		for k := range jobs {
			jobs[k].Call = task("alien")
		}
		s.insert(jobs...)
	}
	s.insert(due("work", 0))
	for told := 0; told < n; {
		told += len(s.claim(20, stores.Claim{Known: little, Plan: then(20)}).Parked)
	}
	now := 20.0
	var done []stores.Done
	for b.Loop() {
		c := s.claim(now, stores.Claim{Known: little, Done: done, Plan: then(now + 0.001)})
		done = executed(done, c.Runs)
		now += 0.001
	}
}
