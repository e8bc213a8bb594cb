package mysql_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// TestTogether has schedulers work on the same jobs while somebody puts and
// deletes others: each run time is run once, and nobody is in anybody's way for
// long.
func TestTogether(t *testing.T) {
	const schedulers, all, times = 3, 40, 15
	db := newDatabase(t)
	config := db.empty(t)
	ctx := patient(t)
	first := open(t, config)
	must(t, first.Put(ctx, stores.Insert, jobs(all, func(i int) job.Job { return due(fmt.Sprintf("job-%02d", i), noon) })))

	// Some jobs wait for the run before, some do not.
	plan := func(j *job.Job, live int, step *stores.Step) {
		if j.ID[len(j.ID)-1]%2 == 0 && live > 0 {
			t.Errorf("%s is planned with %d live instances, and it waits for them", j.ID, live)
		}
		step.Runs = append(step.Runs, j.NextRunTime)
		step.Next = j.NextRunTime.Add(time.Second)
		step.Wait = j.ID[len(j.ID)-1]%2 == 0
		step.Ended = step.Next.Equal(noon.Add(times * time.Second))
	}
	var mu sync.Mutex
	ran := map[string]int{}
	note := func(runs []job.Run) (total int) {
		mu.Lock()
		defer mu.Unlock()
		for i := range runs {
			ran[runs[i].String()]++
		}
		return len(ran)
	}
	var life sync.WaitGroup
	for n := range schedulers {
		s := open(t, config)
		name := fmt.Sprint("scheduler-", n)
		must(t, s.Heartbeat(ctx, name, time.Minute))
		life.Go(func() {
			for seq := uint64(1); ; seq++ {
				c, err := s.ClaimDue(ctx, &stores.Claim{Node: name, Seq: seq, Now: noon.Add(time.Hour), Limit: 7, Plan: plan})
				if err != nil {
					t.Errorf("%s: %v", name, err)
					return
				}
				total := note(c.Runs)
				f, err := s.Finish(ctx, name, executed(c.Runs))
				if err != nil || f.Held != len(c.Runs) {
					t.Errorf("%s: Finish of %d runs: held %d, error %v", name, len(c.Runs), f.Held, err)
					return
				}
				if total == all*times {
					return
				}
			}
		})
	}
	life.Go(func() {
		paused := jobs(20, func(i int) job.Job { return due(fmt.Sprintf("job-%02d-other", i), time.Time{}) })
		for done := false; !done; {
			if err := first.Put(ctx, stores.Replace, paused); err != nil {
				t.Error(err)
				return
			}
			if _, err := first.Delete(ctx, paused[3].ID, paused[2].ID, "nobody"); err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			done = len(ran) == all*times || t.Failed()
			mu.Unlock()
		}
	})
	life.Wait()
	for i := range all {
		for k := range times {
			r := job.Run{JobID: fmt.Sprintf("job-%02d", i), Scheduled: noon.Add(time.Duration(k) * time.Second)}
			if n := ran[r.String()]; n != 1 {
				t.Errorf("%s was run %d times", r.String(), n)
			}
		}
	}
	db.empties(t, config.Prefix, "run", "ticket")
}

// empties checks that nothing is left in tables.
func (db *database) empties(t *testing.T, prefix string, tables ...string) {
	t.Helper()
	for _, table := range tables {
		var n int
		must(t, db.sql.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+prefix+table).Scan(&n))
		if n != 0 {
			t.Errorf("%d rows are left in the table %s", n, table)
		}
	}
}

// Jobs that somebody else is claiming are left to him: a claim does not wait,
// and says when to look again.
func TestSkipLocked(t *testing.T) {
	db := newDatabase(t)
	config := db.empty(t)
	ctx := patient(t)
	a, b := open(t, config), open(t, config)
	must(t, a.Heartbeat(ctx, "a", time.Minute))
	must(t, b.Heartbeat(ctx, "b", time.Minute))
	must(t, a.Put(ctx, stores.Insert, jobs(4, func(i int) job.Job { return due(fmt.Sprint("job-", i), noon) })))
	var inside *stores.Claimed
	c, err := a.ClaimDue(ctx, &stores.Claim{Node: "a", Seq: 1, Now: noon, Limit: 1, Plan: func(j *job.Job, live int, step *stores.Step) {
		var err error
		inside, err = b.ClaimDue(ctx, &stores.Claim{Node: "b", Seq: 1, Now: noon, Limit: 10, Plan: later(time.Hour)})
		must(t, err)
		must(t, b.Heartbeat(ctx, "a", time.Minute))
		later(time.Hour)(j, live, step)
	}})
	must(t, err)
	if len(c.Runs) != 1 || len(inside.Runs) != 2 {
		t.Errorf("%q and %q were claimed; want one job, and the two that a page of it leaves", keys(c.Runs), keys(inside.Runs))
	}
	if wait := inside.Next.Sub(noon); wait <= 0 || wait > time.Second {
		t.Errorf("the next claim is to be in %v", wait)
	}
}

// A call that waits for what another program has locked ends with its context,
// and locks nothing itself then.
func TestLocked(t *testing.T) {
	db := newDatabase(t)
	config := db.empty(t)
	s := open(t, config)
	ctx := patient(t)
	must(t, s.Put(ctx, stores.Insert, []job.Job{due("a", noon)}))
	tx, err := db.sql.BeginTx(ctx, nil)
	must(t, err)
	defer tx.Rollback()
	_, err = tx.ExecContext(ctx, "SELECT * FROM "+config.Prefix+"job FOR UPDATE")
	must(t, err)
	short, cancel := patientFor(t, 100*time.Millisecond)
	defer cancel()
	if err := s.Put(short, stores.Replace, []job.Job{due("a", noon)}); !errors.Is(err, short.Err()) || err == nil {
		t.Errorf("got error %v, want that of the context", err)
	}
	must(t, tx.Rollback())
	must(t, s.Put(ctx, stores.Replace, []job.Job{due("a", noon)}))
}

// awaitLocks returns when so many transactions wait for what others have locked.
func (db *database) awaitLocks(t *testing.T, n int) {
	t.Helper()
	ctx := patient(t)
	for waiting := 0; waiting < n; {
		must(t, db.sql.QueryRowContext(ctx, "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS'").Scan(&waiting))
	}
}

// A call that the server picks to end a deadlock is tried again, unnoticed.
func TestDeadlock(t *testing.T) {
	db := newDatabase(t)
	config := db.empty(t)
	s := open(t, config)
	ctx := patient(t)
	must(t, s.Put(ctx, stores.Insert, jobs(200, func(i int) job.Job { return due(fmt.Sprintf("job-%03d", i), noon) })))
	deadlocks := func() (n int) {
		must(t, db.sql.QueryRowContext(ctx, "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'INNODB_DEADLOCKS'").Scan(&n))
		return n
	}
	before := deadlocks()
	tx, err := db.sql.BeginTx(ctx, nil)
	must(t, err)
	defer tx.Rollback()
	_, err = tx.ExecContext(ctx, "UPDATE "+config.Prefix+"job SET task = 'heavier than what a Put has done' WHERE id > 'job-050'")
	must(t, err)
	result := make(chan error, 1)
	go func() {
		result <- s.Put(ctx, stores.Replace, []job.Job{due("job-000", noon), due("job-100", noon)})
	}()
	db.awaitLocks(t, 1)
	_, err = tx.ExecContext(ctx, "UPDATE "+config.Prefix+"job SET task = 'x' WHERE id = 'job-000'")
	must(t, err)
	must(t, tx.Commit())
	must(t, <-result)
	if deadlocks() == before {
		t.Error("there was no deadlock")
	}
}

// A job that begins to wait for an instance while its end is being reported does
// not wait for ever.
func TestWaitWhileFinishing(t *testing.T) {
	db := newDatabase(t)
	config := db.empty(t)
	ctx := patient(t)
	a, b := open(t, config), open(t, config)
	must(t, a.Heartbeat(ctx, "a", time.Minute))
	must(t, b.Heartbeat(ctx, "b", time.Minute))
	must(t, a.Put(ctx, stores.Insert, []job.Job{due("j", noon)}))
	first, err := b.ClaimDue(ctx, &stores.Claim{Node: "b", Seq: 1, Now: noon, Limit: 1, Plan: later(time.Second)})
	must(t, err)

	// Finish can find the run, and not delete it.
	tx, err := db.sql.BeginTx(ctx, nil)
	must(t, err)
	defer tx.Rollback()
	_, err = tx.ExecContext(ctx, "SELECT instance FROM "+config.Prefix+"run FORCE INDEX (run_job) WHERE job = 'j' LOCK IN SHARE MODE")
	must(t, err)
	var life sync.WaitGroup
	life.Go(func() {
		if _, err := b.Finish(ctx, "b", executed(first.Runs)); err != nil {
			t.Error(err)
		}
	})
	db.awaitLocks(t, 1)
	life.Go(func() {
		if _, err := a.ClaimDue(ctx, &stores.Claim{Node: "a", Seq: 1, Now: noon.Add(time.Hour), Limit: 1, Plan: func(j *job.Job, _ int, step *stores.Step) {
			step.Next, step.Wait = j.NextRunTime, true
		}}); err != nil {
			t.Error(err)
		}
	})
	db.awaitLocks(t, 2) // the claim waits for Finish
	must(t, tx.Rollback())
	life.Wait()
	c, err := a.ClaimDue(ctx, &stores.Claim{Node: "a", Seq: 2, Now: noon.Add(time.Hour), Limit: 1, Plan: later(0)})
	must(t, err)
	same(t, "the runs", keys(c.Runs), "j@2026-01-01T12:00:01Z")
}
