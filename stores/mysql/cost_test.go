package mysql_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
)

// rowsRead returns how many rows the server has read for anybody, this question
// among it.
func (db *database) rowsRead(t *testing.T) (n int) {
	t.Helper()
	must(t, db.sql.QueryRowContext(t.Context(),
		"SELECT CAST(SUM(variable_value) AS SIGNED) FROM information_schema.global_status WHERE variable_name LIKE 'HANDLER_READ%'").Scan(&n))
	return n
}

// Every statement finds its rows by an index, also those that the server
// searches in ways of its own: what is read is locked.
func TestRowsRead(t *testing.T) {
	db := newDatabase(t)
	for _, some := range []int{1, 10} {
		t.Run(fmt.Sprint(some), func(t *testing.T) { db.testRowsRead(t, some) })
	}
}

func (db *database) testRowsRead(t *testing.T, some int) {
	const all = 2000
	s := open(t, db.empty(t))
	ctx := patient(t)
	must(t, s.Heartbeat(ctx, "n", time.Hour))
	must(t, s.Put(ctx, stores.Insert, jobs(all, func(i int) job.Job {
		return due(fmt.Sprintf("job-%04d", i), noon.Add(time.Duration(i)*time.Second))
	})))
	held, err := s.ClaimDue(ctx, &stores.Claim{Node: "n", Seq: 1, Now: noon.Add(time.Hour), Limit: all / 4, Plan: later(time.Hour)})
	must(t, err)
	var names []string
	for i := range some {
		names = append(names, fmt.Sprintf("job-%04d", all/2+i))
	}
	seq := uint64(1)
	claim := func(plan func(*job.Job, int, *stores.Step)) *stores.Claimed {
		seq++
		c, err := s.ClaimDue(ctx, &stores.Claim{Node: "n", Seq: seq, Now: noon.Add(24 * time.Hour), Limit: some, Plan: plan})
		must(t, err)
		return c
	}
	finish := func(runs []job.Run, outcome job.Outcome) {
		done := executed(runs)
		for i := range done {
			done[i].Outcome = outcome
		}
		_, err := s.Finish(ctx, "n", done)
		must(t, err)
	}
	var runs []job.Run
	for _, c := range []struct {
		what string
		do   func()
	}{
		{"claim", func() { runs = claim(later(24 * time.Hour)).Runs }},
		{"finish", func() { finish(runs, job.Executed) }},
		{"claim jobs that end", func() { runs = claim(later(0)).Runs }},
		{"finish those", func() { finish(runs, job.Executed) }},
		{"claim jobs that wait", func() {
			runs = claim(func(j *job.Job, live int, step *stores.Step) {
				later(24*time.Hour)(j, live, step)
				step.Wait = true
			}).Runs
		}},
		{"finish those", func() { finish(runs, job.Executed) }},
		{"release", func() { finish(held.Runs[:some], job.Released) }},
		{"hand out", func() { runs = claim(later(24 * time.Hour)).Runs }},
		{"put", func() {
			must(t, s.Put(ctx, stores.Replace, jobs(some, func(i int) job.Job { return due(names[i], noon) })))
		}},
		{"delete", func() {
			_, err := s.Delete(ctx, names...)
			must(t, err)
		}},
		{"list", func() {
			_, err := s.List(ctx, names[0], some)
			must(t, err)
		}},
		{"history", func() {
			_, err := s.History(ctx, &stores.HistoryQuery{JobID: names[0], Limit: some})
			must(t, err)
		}},
		{"heartbeat", func() { must(t, s.Heartbeat(ctx, "n", time.Hour)) }},
	} {
		question := -db.rowsRead(t) + db.rowsRead(t)
		before := db.rowsRead(t)
		c.do()
		if n := db.rowsRead(t) - before - question; n > 50+15*some {
			t.Errorf("%s: %d rows were read for %d", c.what, n, some)
		} else {
			t.Logf("%s: %d rows", c.what, n)
		}
	}
}

// Jobs of tasks that are not known are stepped over in the index. What is read of
// them is what counts those that are due, in the index too.
func TestStrangersAreNotRead(t *testing.T) {
	const all = 1000
	db := newDatabase(t)
	s := open(t, db.empty(t))
	ctx := patient(t)
	must(t, s.Heartbeat(ctx, "n", time.Hour))
	must(t, s.Put(ctx, stores.Insert, jobs(all, func(i int) job.Job {
		j := due(fmt.Sprintf("job-%04d", i), noon)
		j.Call = job.NewTask[int]("alien", nil).With(i)
		return j
	})))
	known := &stores.Known{Tasks: []string{"work"}}
	seq := uint64(0)
	claim := func() int {
		seq++
		c, err := s.ClaimDue(ctx, &stores.Claim{Node: "n", Seq: seq, Now: noon, Limit: 10, Known: known, Plan: later(time.Hour)})
		must(t, err)
		return len(c.Parked)
	}
	for told := 0; told < all; {
		told += claim()
	}
	question := -db.rowsRead(t) + db.rowsRead(t)
	before := db.rowsRead(t)
	claim()
	if n := db.rowsRead(t) - before - question; n > all+all/5 {
		t.Errorf("%d rows were read beside %d", n, all)
	}
}
