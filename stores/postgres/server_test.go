package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon/clock"
	"github.com/carillon-go/carillon/internal/testserver"
	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/postgres"
)

// within bounds what a test waits for.
func within(t testing.TB, d time.Duration) context.Context {
	ctx, cancel := clock.WithTimeout(t.Context(), clock.Real(), d)
	t.Cleanup(cancel)
	return ctx
}

// node is a scheduler that claims by itself.
type node struct {
	stores.Store
	name string
	seq  uint64
}

func register(t testing.TB, s stores.Store, name string) *node {
	t.Helper()
	if err := s.Heartbeat(t.Context(), name, time.Hour); err != nil {
		t.Fatal(err)
	}
	return &node{Store: s, name: name}
}

// claim claims what is due at noon. A claim that has failed is repeated.
func (n *node) claim(ctx context.Context) (*stores.Claimed, error) {
	c, err := n.ClaimDue(ctx, &stores.Claim{Node: n.name, Seq: n.seq + 1, Now: noon, Limit: 10, Plan: hourly})
	if err == nil {
		n.seq++
	}
	return c, err
}

func hourly(j *job.Job, _ int, step *stores.Step) {
	step.Runs, step.Next = append(step.Runs, j.NextRunTime), j.NextRunTime.Add(time.Hour)
}

func once(j *job.Job, _ int, step *stores.Step) {
	step.Runs, step.Ended = append(step.Runs, j.NextRunTime), true
}

func (n *node) finish(ctx context.Context, runs []job.Run) (stores.Finished, error) {
	var done []stores.Done
	for i := range runs {
		done = append(done, stores.Done{RunID: runs[i].ID, Attempt: runs[i].Attempt, JobID: runs[i].JobID, Outcome: job.Executed})
	}
	return n.Finish(ctx, n.name, done)
}

// operations are all that can be asked of a store, on a job "a".
func operations(n *node) map[string]func(ctx context.Context) error {
	return map[string]func(ctx context.Context) error{
		"Get":  func(ctx context.Context) error { _, err := n.Get(ctx, "a"); return err },
		"List": func(ctx context.Context) error { _, err := n.List(ctx, "", 10); return err },
		"Put": func(ctx context.Context) error {
			return n.Put(ctx, stores.Replace, []job.Job{due("a", noon.Add(time.Hour))})
		},
		"Delete":    func(ctx context.Context) error { _, err := n.Delete(ctx, "b"); return err },
		"Heartbeat": func(ctx context.Context) error { return n.Heartbeat(ctx, n.name, time.Hour) },
		"ClaimDue":  func(ctx context.Context) error { _, err := n.claim(ctx); return err },
		"Finish":    func(ctx context.Context) error { _, err := n.finish(ctx, []job.Run{{ID: 1, JobID: "a"}}); return err },
		"History": func(ctx context.Context) error {
			_, err := n.History(ctx, &stores.HistoryQuery{Limit: 1})
			return err
		},
		"Watch": func(ctx context.Context) error { return n.Watch(ctx, func() {}) },
	}
}

// A server that is stopped makes errors, and one that is started again none.
func TestServerRestarts(t *testing.T) {
	db := testserver.Postgres(t, testserver.Own)
	n := register(t, open(t, postgres.Config{DSN: db.DSN}), "n")
	put(t, n, due("a", noon))
	for what, end := range map[string]func(){"Stop": db.Stop, "Kill": db.Kill} {
		end()
		for operation, do := range operations(n) {
			if err := do(within(t, time.Minute)); err == nil {
				t.Errorf("%s: %s without a server succeeds", what, operation)
			} else if about, ok := errors.AsType[*job.Error](err); !ok || about.Store != "jobs" {
				t.Errorf("%s: %s: got error %v", what, operation, err)
			}
		}
		db.Start()
		for operation, do := range operations(n) {
			if err := do(within(t, time.Minute)); err != nil {
				t.Errorf("%s: after Start: %s: %v", what, operation, err)
			}
		}
	}
}

// What can be repeated without harm does not fail when the server was away
// between two operations.
func TestServerWasAway(t *testing.T) {
	db := testserver.Postgres(t, testserver.Own)
	n := register(t, open(t, postgres.Config{DSN: db.DSN}), "n")
	put(t, n, due("a", noon))
	all := operations(n)
	for _, operation := range []string{"Get", "List", "Heartbeat", "ClaimDue", "History"} {
		db.Kill()
		db.Start()
		if err := all[operation](within(t, time.Minute)); err != nil {
			t.Errorf("%s: %v", operation, err)
		}
	}
}

// A claim whose connection breaks at any point hands out each run once: what
// the node was told, or is told when it asks again, is what it holds.
func TestClaimIsCutOff(t *testing.T) {
	db := testserver.Postgres(t)
	line := testserver.Proxy(t, db.Address)
	config := postgres.Config{DSN: db.DSNAt(line.Address)}
	n := register(t, open(t, config), "n")
	put(t, n, jobs(10, func(i int) job.Job { return due(fmt.Sprint("j", i), noon) })...)
	ctx := within(t, time.Minute)
	for round := range 60 {
		put(t, open(t, postgres.Config{DSN: db.DSN}), jobs(10, func(i int) job.Job { return due(fmt.Sprint("j", i), noon) })...)
		delay := time.Duration(round) * 50 * time.Microsecond
		timer := clock.Real().AfterFunc(delay+1, line.Break)
		c, err := n.claim(ctx)
		timer.Stop()
		for err != nil {
			c, err = n.claim(ctx)
			if ctx.Err() != nil {
				t.Fatal(err)
			}
		}
		if len(c.Runs) != 10 {
			t.Fatalf("round %d: %d runs", round, len(c.Runs))
		}
		f, err := n.finish(ctx, c.Runs)
		if err != nil { // the connection has broken late, before or after the end
			if f, err = n.finish(ctx, c.Runs); f.Held == 0 {
				f.Held = 10
			}
		}
		if err != nil || f.Held != 10 {
			t.Fatalf("round %d: Finish: %+v, %v", round, f, err)
		}
	}
}

// A connection that hangs holds an operation no longer than its context.
func TestStalled(t *testing.T) {
	db := testserver.Postgres(t)
	for operation := range operations(nil) {
		t.Run(operation, func(t *testing.T) {
			line := testserver.Proxy(t, db.Address)
			n := register(t, open(t, postgres.Config{DSN: db.DSNAt(line.Address)}), operation)
			put(t, n, due("a", noon))
			line.Stall()
			ctx, cancel := clock.WithTimeout(t.Context(), clock.Real(), 50*time.Millisecond)
			defer cancel()
			if err := operations(n)[operation](ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got error %v", err)
			}
			line.Pass()
			if err := operations(n)[operation](within(t, time.Minute)); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

// Opening a store does not take longer than its context either.
func TestOpenStalled(t *testing.T) {
	line := testserver.Proxy(t, testserver.Postgres(t).Address)
	line.Stall()
	ctx, cancel := clock.WithTimeout(t.Context(), clock.Real(), 50*time.Millisecond)
	defer cancel()
	_, err := postgres.Open("postgres://carillon@"+line.Address+"/postgres?sslmode=disable")(ctx, stores.Env{Alias: "jobs"})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got error %v", err)
	}
}

// A watcher whose connection breaks hears of what it may have missed, and then
// of what follows.
func TestWatchIsCutOff(t *testing.T) {
	db := testserver.Postgres(t)
	line := testserver.Proxy(t, db.Address)
	watcher, other := open(t, postgres.Config{DSN: db.DSNAt(line.Address)}), open(t, postgres.Config{DSN: db.DSN})
	heard := make(chan struct{}, 100)
	ctx := within(t, time.Minute)
	if err := watcher.Watch(ctx, func() { heard <- struct{}{} }); err != nil {
		t.Fatal(err)
	}
	hear := func(what string) {
		t.Helper()
		select {
		case <-heard:
		case <-ctx.Done():
			t.Fatal("not heard of: ", what)
		}
	}
	put(t, other, due("a", noon))
	hear("a change")
	line.Break()
	hear("the connection")
	put(t, other, due("a", noon))
	hear("a change, on the new connection")
}
