package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/postgres"
)

// worker names the database that a process of this test is to work on.
const worker = "CARILLON_POSTGRES_TEST_WORKER"

const (
	workJobs  = 20 // of which every other one is to run at least once
	workTimes = 50 // of each job
)

// TestWorker is what such a process does until it is killed.
func TestWorker(t *testing.T) {
	dsn := os.Getenv(worker)
	if dsn == "" {
		t.Skip("for TestProcesses")
	}
	s, conn := open(t, postgres.Config{DSN: dsn}), connect(t, dsn)
	name := ""
	for n := 1; ; n++ {
		if name == "" {
			name = fmt.Sprint("worker-", os.Getpid(), "-", n)
		}
		err := work(t.Context(), s, conn, name, uint64(n))
		if errors.Is(err, job.ErrLeaseExpired) { // this process has stood still
			name = ""
		}
		if conn.IsClosed() { // the server was killed
			if again, err := pgx.Connect(t.Context(), dsn); err == nil {
				conn = again
			}
		}
	}
}

// work claims, has an effect for each run, and finishes.
func work(ctx context.Context, s stores.Store, conn *pgx.Conn, name string, seq uint64) error {
	if err := s.Heartbeat(ctx, name, time.Second); err != nil {
		return err
	}
	claim := &stores.Claim{Node: name, Seq: seq, Now: noon.Add(time.Hour), Limit: 7, Plan: func(j *job.Job, _ int, step *stores.Step) {
		step.Runs = append(step.Runs, j.NextRunTime)
		step.Next = j.NextRunTime.Add(time.Second)
		step.Ended = step.Next.Equal(noon.Add(workTimes * time.Second))
	}}
	c, err := s.ClaimDue(ctx, claim)
	for err != nil && !errors.Is(err, job.ErrLeaseExpired) {
		c, err = s.ClaimDue(ctx, claim)
	}
	if err != nil {
		return err
	}
	done := make([]stores.Done, len(c.Runs))
	for i := range c.Runs {
		r := &c.Runs[i]
		done[i] = stores.Done{RunID: r.ID, Attempt: r.Attempt, JobID: r.JobID, Outcome: job.Executed}
		if _, err := conn.Exec(ctx, "INSERT INTO effect VALUES ($1, $2, $3)", r.JobID, r.Scheduled, r.Attempt); err != nil {
			done[i].Outcome, done[i].Err = job.Failed, err.Error()
		}
	}
	for {
		if _, err = s.Finish(ctx, name, done); err == nil || errors.Is(err, context.Canceled) {
			return err
		}
		if s.Heartbeat(ctx, name, time.Second) != nil && ctx.Err() != nil {
			return err
		}
	}
}

// TestProcesses kills schedulers, and the server, while they work: no run time
// of a job that is to run at most once has two effects, no other has none, and
// each has one outcome.
func TestProcesses(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for leases to end")
	}
	db := testserver.Postgres(t, testserver.Own)
	ctx := within(t, 2*time.Minute)
	s := open(t, postgres.Config{DSN: db.DSN})
	execute(t, connect(t, db.DSN), "CREATE TABLE effect (job text, scheduled timestamptz, attempt integer)")
	put(t, s, jobs(workJobs, func(i int) job.Job {
		j := due(fmt.Sprintf("job-%02d", i), noon)
		if i%2 == 1 {
			j.Delivery = job.AtLeastOnce
		}
		return j
	})...)

	var workers []*exec.Cmd
	start := func() {
		w := exec.Command(os.Args[0], "-test.run=^TestWorker$")
		w.Env = append(os.Environ(), worker+"="+db.DSN)
		must(t, w.Start())
		workers = append(workers, w)
	}
	kill := func() {
		must(t, workers[0].Process.Kill())
		_ = workers[0].Wait() // it says that it was killed
		workers = workers[1:]
	}
	defer func() {
		for len(workers) > 0 {
			kill()
		}
	}()
	for range 3 {
		start()
	}
	kills := 0
	for left := workJobs * workTimes; left > 0; {
		pause(ctx, 20*time.Millisecond)
		records, err := s.History(ctx, &stores.HistoryQuery{Outcomes: []job.Outcome{job.Executed, job.Failed, job.Lost}, Limit: workJobs * workTimes})
		if ctx.Err() != nil {
			t.Fatalf("%d run times have no outcome: %v", left, err)
		}
		left = workJobs*workTimes - len(records)
		if ended := len(records); ended > 120*(kills+1) && kills < 6 {
			kills++
			kill()
			start()
			if kills == 3 {
				db.Kill()
				db.Start()
			}
		}
	}
	t.Logf("%d schedulers were killed", kills)
	audit(t, ctx, db.DSN)
}

// audit compares outcomes and effects. Two that end the last two runs of a job at
// the same instant leave its settings to whoever looks after the tables next: a
// store that was just opened, when it first writes.
func audit(t *testing.T, ctx context.Context, dsn string) {
	conn := connect(t, dsn)
	last := open(t, postgres.Config{DSN: dsn})
	put(t, last, due("last", noon.Add(24*time.Hour))) // which no worker claims
	_, err := last.Delete(ctx, "last")
	must(t, err)
	for what, query := range map[string]string{
		"run times of at most once with two effects":     "SELECT count(*) FROM (SELECT FROM effect WHERE right(job, 1)::integer % 2 = 0 GROUP BY job, scheduled HAVING count(*) > 1) x",
		"attempts of at least once with two effects":     "SELECT count(*) FROM (SELECT FROM effect GROUP BY job, scheduled, attempt HAVING count(*) > 1) x",
		"run times with two outcomes":                    "SELECT count(*) FROM (SELECT FROM carillon.history WHERE scheduled IS NOT NULL GROUP BY job, scheduled HAVING count(*) > 1) x",
		"run times of at least once that are lost":       "SELECT count(*) FROM carillon.history WHERE outcome = 'lost' AND right(job, 1)::integer % 2 = 1",
		"run times that are executed and have no effect": "SELECT count(*) FROM carillon.history h WHERE outcome = 'executed' AND NOT EXISTS (SELECT FROM effect e WHERE e.job = h.job AND e.scheduled = h.scheduled)",
		"unfinished runs":                                "SELECT count(*) FROM carillon.run",
		"jobs":                                           "SELECT count(*) FROM carillon.job",
		"settings":                                       "SELECT count(*) FROM carillon.spec",
	} {
		var n int
		must(t, conn.QueryRow(ctx, query).Scan(&n))
		if n != 0 {
			t.Errorf("%d %s", n, what)
		}
	}
	var effects, lost int
	must(t, conn.QueryRow(ctx, "SELECT (SELECT count(*) FROM effect), (SELECT count(*) FROM carillon.history WHERE outcome = 'lost')").Scan(&effects, &lost))
	t.Logf("%d effects of %d run times, %d lost", effects, workJobs*workTimes, lost)
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	ctx, cancel := clock.WithTimeout(ctx, clock.Real(), d)
	defer cancel()
	<-ctx.Done()
}
