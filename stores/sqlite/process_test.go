package sqlite_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/sqlite"
)

// worker names the file in which a process of this test is to work.
const worker = "CARILLON_SQLITE_TEST_WORKER"

const (
	workJobs  = 30
	workTimes = 20 // of each job
)

// TestWorker is what such a process does: it claims until there is nothing left,
// and says what it runs and what was lost.
func TestWorker(t *testing.T) {
	path := os.Getenv(worker)
	if path == "" {
		t.Skip("for TestProcesses")
	}
	ctx := t.Context()
	s, err := sqlite.Open(path)(ctx, stores.Env{Alias: "jobs"})
	must(t, err)
	defer s.Close()
	name := ""
	for n := uint64(1); ; n++ {
		if name == "" {
			name = fmt.Sprint("worker-", os.Getpid(), "-", n)
		}
		err := work(t, s, name, n)
		if errors.Is(err, job.ErrLeaseExpired) { // this process has stood still
			name = ""
			continue
		}
		must(t, err)
		h, err := s.History(ctx, &stores.HistoryQuery{Outcomes: []job.Outcome{job.Executed, job.Lost}, Limit: workJobs * workTimes})
		must(t, err)
		if len(h) == workJobs*workTimes {
			return
		}
	}
}

// work claims and finishes once.
func work(t *testing.T, s stores.Store, name string, seq uint64) error {
	ctx := t.Context()
	if err := s.Heartbeat(ctx, name, time.Second); err != nil {
		return err
	}
	c, err := s.ClaimDue(ctx, &stores.Claim{Node: name, Seq: seq, Now: noon.Add(time.Hour), Limit: 7, Plan: func(j *job.Job, _ int, step *stores.Step) {
		step.Runs = append(step.Runs, j.NextRunTime)
		step.Next = j.NextRunTime.Add(time.Second)
		step.Ended = step.Next.Equal(noon.Add(workTimes * time.Second))
	}})
	if err != nil {
		return err
	}
	done := make([]stores.Done, len(c.Runs))
	for i := range c.Runs {
		r := &c.Runs[i]
		fmt.Println("run", r.String())
		done[i] = stores.Done{RunID: r.ID, Attempt: r.Attempt, JobID: r.JobID, Outcome: job.Executed}
	}
	for i := range c.Lost {
		fmt.Println("lost", c.Lost[i].String())
	}
	_, err = s.Finish(ctx, name, done)
	return err
}

// TestProcesses has processes work in one file, and kills one of them: no run
// time is run twice, and none vanishes.
func TestProcesses(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a lease to end")
	}
	path := file(t)
	s := open(t, path, noon)
	jobs := make([]job.Job, workJobs)
	for i := range jobs {
		jobs[i] = due(fmt.Sprintf("job-%02d", i), noon)
	}
	must(t, s.Put(t.Context(), stores.Insert, jobs))
	must(t, s.Close())

	var mu sync.Mutex
	ran, lost := map[string]int{}, map[string]int{}
	var all sync.WaitGroup
	for i := range 3 {
		victim := i == 0
		w := exec.CommandContext(patience(t), os.Args[0], "-test.run=^TestWorker$")
		w.Env = append(os.Environ(), worker+"="+path)
		w.Stderr = os.Stderr
		out, err := w.StdoutPipe()
		must(t, err)
		must(t, w.Start())
		all.Go(func() {
			lines := bufio.NewScanner(out)
			for n := 0; lines.Scan(); n++ {
				mu.Lock()
				if key, ok := strings.CutPrefix(lines.Text(), "run "); ok {
					ran[key]++
				} else if key, ok := strings.CutPrefix(lines.Text(), "lost "); ok {
					lost[key]++
				}
				mu.Unlock()
				if victim && n == 3 { // in the middle of its first runs
					_ = w.Process.Kill()
				}
			}
			_, _ = io.Copy(io.Discard, out)
			if err := w.Wait(); err != nil && !victim {
				t.Errorf("a worker has failed: %v", err)
			}
		})
	}
	all.Wait()
	for i := range jobs {
		for k := range workTimes {
			r := job.Run{JobID: jobs[i].ID, Scheduled: noon.Add(time.Duration(k) * time.Second)}
			if key := r.String(); ran[key] > 1 || lost[key] > 1 || ran[key]+lost[key] == 0 {
				t.Errorf("%s was run %d times and lost %d times", key, ran[key], lost[key])
			}
		}
	}
	t.Logf("%d run, %d lost", len(ran), len(lost))
}
