package redis_test

import (
	"context"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/redis"
)

var env = stores.Env{Alias: "jobs"}

var t0 = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

// dial returns a client that ends with the test.
func dial(t testing.TB, dsn string) *goredis.Client {
	t.Helper()
	options, err := goredis.ParseURL(dsn)
	if err != nil {
		t.Fatal(err)
	}
	client := goredis.NewClient(options)
	t.Cleanup(func() { client.Close() })
	return client
}

// opened opens a store, and closes it at the end of the test.
func opened(t testing.TB, c redis.Config) stores.Store {
	t.Helper()
	s, err := c.Open(t.Context(), env)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// due is a job that is due at t0.
func due(id string) job.Job {
	return job.Defaults{}.Apply(job.Job{ID: id, Call: job.NewTask[int]("work", nil).With(1), NextRunTime: t0})
}

func put(t testing.TB, s stores.Store, jobs ...job.Job) {
	t.Helper()
	if err := s.Put(t.Context(), stores.Replace, jobs); err != nil {
		t.Fatal(err)
	}
}

func beat(t testing.TB, s stores.Store, node string) {
	t.Helper()
	if err := s.Heartbeat(t.Context(), node, time.Hour); err != nil {
		t.Fatal(err)
	}
}

// once runs a job for its next run time and ends it.
func once(j *job.Job, _ int, step *stores.Step) {
	step.Runs = append(step.Runs, j.NextRunTime)
	step.Ended = true
}

// claim makes a claim of node n at t0.
func claim(s stores.Store, seq uint64) (*stores.Claimed, error) {
	return s.ClaimDue(context.Background(), &stores.Claim{Node: "n", Seq: seq, Now: t0, Limit: 100, Plan: once})
}

func claimed(t testing.TB, s stores.Store, seq uint64) *stores.Claimed {
	t.Helper()
	c, err := claim(s, seq)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func executed(runs []job.Run) []stores.Done {
	done := make([]stores.Done, len(runs))
	for i, r := range runs {
		done[i] = stores.Done{RunID: r.ID, Attempt: r.Attempt, JobID: r.JobID, Outcome: job.Executed}
	}
	return done
}

// noneLeft checks that nothing is kept of jobs and runs.
func noneLeft(t *testing.T, client *goredis.Client) {
	t.Helper()
	for _, key := range []string{"jobs", "ids", "specs", "live", "runs", "held:n", "loose", "deleted"} {
		if client.Exists(t.Context(), "{carillon}:"+key).Val() != 0 {
			t.Errorf("%s is left behind", key)
		}
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
