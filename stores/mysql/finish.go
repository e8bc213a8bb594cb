package mysql

import (
	"context"
	"database/sql"
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// Finish takes two round trips.
func (s *store) Finish(ctx context.Context, node string, done []stores.Done) (stores.Finished, error) {
	if err := s.Begin(ctx, "finish"); err != nil || len(done) == 0 {
		return stores.Finished{}, err
	}
	var f *finishing
	err := s.transact(ctx, func(t *transaction) error {
		f = &finishing{store: s, transaction: t, node: node}
		return f.carryOut(done)
	})
	if err != nil {
		return stores.Finished{}, s.fail(ctx, "finish", "", err)
	}
	s.wrote(ctx, len(f.records))
	return f.answer, nil
}

// finishing is one Finish.
type finishing struct {
	*store
	*transaction
	node    string
	alive   bool
	held    []rows.Run
	kin     map[int64]kin // of those of the runs that somebody waits for, or whose job is gone
	answer  stores.Finished
	records []job.Record
}

// attempt names a run that somebody holds.
type attempt struct {
	run int64
	no  int
}

// kin is what a run leaves behind.
type kin struct {
	gone    string // why the job is: ended or deleted
	runs    int    // the unfinished ones of the job
	waiting bool   // the job waits for an instance to end
}

const holdRuns = `
SELECT id, job, instance, born, attempt, scheduled, first FROM @run FORCE INDEX (PRIMARY)
WHERE node = ? AND id IN ({?}) FOR UPDATE`

const isAlive = "SELECT EXISTS (SELECT 1 FROM @node WHERE name = ? AND state = 'alive' AND until > " + now + ")"

// findKin comes after holdRuns, so that it sees what was committed while that
// has waited.
const findKin = `
SELECT r.id, IFNULL(s.gone, ''), (SELECT COUNT(*) FROM @run AS o WHERE o.job = r.job AND o.born = r.born), j.id IS NOT NULL
FROM @run AS r FORCE INDEX (PRIMARY)
LEFT JOIN @spec AS s ON s.job = r.job AND s.born = r.born
LEFT JOIN @job AS j ON j.id = r.job AND j.waiting > 0
WHERE r.id IN ({?}) AND (s.gone IS NOT NULL OR j.id IS NOT NULL)`

const (
	endRuns = "DELETE FROM @run WHERE id IN ({?}) ORDER BY id LIMIT #"

	freeRuns = "UPDATE @run FORCE INDEX (PRIMARY) SET node = NULL, claim = 0 WHERE id IN ({?})"
)

// wakeJobs ends the wait of jobs of which an instance has ended.
const wakeJobs = `
UPDATE @job AS j FORCE INDEX (PRIMARY) SET j.waiting = 0
WHERE j.id IN ({?}) AND j.waiting > 0 AND (SELECT COUNT(DISTINCT r.instance) FROM @run AS r WHERE r.job = j.id) < j.waiting`

const findAwake = "SELECT next FROM @job WHERE id IN ({?}) AND waiting = 0 AND next IS NOT NULL"

func (f *finishing) carryOut(done []stores.Done) error {
	reports := map[attempt]*stores.Done{} // each counts once
	ids := make([]int64, len(done))
	for i := range done {
		d := &done[i]
		ids[i] = d.RunID
		if a := (attempt{d.RunID, d.Attempt}); reports[a] == nil {
			reports[a] = d
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if err := f.look(ids); err != nil || !f.alive {
		return err
	}
	var ended, released []rows.Run
	for i := range f.held {
		r := &f.held[i]
		d := reports[attempt{r.ID, r.Attempt}]
		if d == nil {
			continue
		}
		f.answer.Held++
		switch {
		case d.Outcome != job.Released:
			ended = append(ended, *r)
			f.records = append(f.records, job.Record{
				JobID: r.JobID, Outcome: d.Outcome, Scheduled: r.Scheduled, First: r.First, RunID: r.ID, Attempt: r.Attempt,
				Node: f.node, Started: d.Started, Finished: d.Finished, Reason: d.Err,
			})
		case f.kin[r.ID].gone == "deleted":
			ended = append(ended, *r)
		default:
			released = append(released, *r)
			f.answer.Next = rows.Earlier(f.answer.Next, r.Scheduled)
		}
	}
	if f.answer.Held == 0 {
		return nil
	}
	return f.write(ended, released)
}

// look locks the runs and reads what depends on them.
func (f *finishing) look(ids []int64) error {
	each := func(args []any, i int) []any { return append(args, ids[i]) }
	var b batch
	b.findEach(func(r *sql.Rows) error {
		run := rows.Run{Node: f.node}
		var scheduled, first instant
		err := r.Scan(&run.ID, &run.JobID, &run.Instance, &run.Born, &run.Attempt, &scheduled, &first)
		run.Scheduled, run.First = scheduled.time(), first.time()
		f.held = append(f.held, run)
		return err
	}, holdRuns, len(ids), each, []byte(f.node))
	b.find(func(r *sql.Rows) error { return r.Scan(&f.alive) }, isAlive, []byte(f.node))
	f.kin = map[int64]kin{}
	b.findEach(func(r *sql.Rows) error {
		var id int64
		var k kin
		err := r.Scan(&id, &k.gone, &k.runs, &k.waiting)
		f.kin[id] = k
		return err
	}, findKin, len(ids), each)
	return f.send(&b)
}

// write writes what has become of the runs.
func (f *finishing) write(ended, released []rows.Run) error {
	var b batch
	run := func(list []rows.Run) func([]any, int) []any {
		return func(args []any, i int) []any { return append(args, list[i].ID) }
	}
	b.doEach(endRuns, len(ended), run(ended))
	b.doEach(freeRuns, len(released), run(released))
	f.record(&b, f.records)
	f.follow(&b, ended)
	return f.commit(&b)
}

// follow does what follows on the end of runs: jobs that have waited for an
// instance are due again, and settings of jobs that are gone are forgotten with
// the last run.
func (f *finishing) follow(b *batch, ended []rows.Run) {
	runs := map[incarnation]int{}
	var waiting []string
	var forgotten []incarnation
	for i := range ended {
		r := &ended[i]
		k, some := f.kin[r.ID]
		if !some {
			continue
		}
		if k.waiting {
			waiting = append(waiting, r.JobID)
		}
		j := incarnation{r.JobID, r.Born}
		if runs[j]++; k.gone != "" && runs[j] == k.runs {
			forgotten = append(forgotten, j)
		}
	}
	slices.Sort(waiting)
	waiting = slices.Compact(waiting)
	b.wake(waiting)
	b.findEach(func(r *sql.Rows) error {
		var next instant
		err := r.Scan(&next)
		f.answer.Next = rows.Earlier(f.answer.Next, next.time())
		return err
	}, findAwake, len(waiting), func(args []any, i int) []any { return append(args, []byte(waiting[i])) })
	b.doEach(forgetSpecs, len(forgotten), func(args []any, i int) []any {
		return append(args, []byte(forgotten[i].id), forgotten[i].born)
	})
}

// wake ends the waits of these jobs that are over.
func (b *batch) wake(jobs []string) {
	b.doEach(wakeJobs, len(jobs), func(args []any, i int) []any { return append(args, []byte(jobs[i])) })
}
