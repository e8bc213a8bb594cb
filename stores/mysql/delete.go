package mysql

import (
	"context"
	"database/sql"
	"slices"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// Delete takes two round trips. Of many jobs it takes one of them for all.
func (s *store) Delete(ctx context.Context, ids ...string) ([]string, error) {
	sorted := slices.Compact(slices.Sorted(slices.Values(ids)))
	each := func(args []any, i int) []any { return append(args, []byte(sorted[i])) }
	deleted, err := s.delete(ctx, "delete", func(b *batch, locked, found func(*sql.Rows) error) {
		b.findEach(locked, lockIDs, len(sorted), each)
		b.findEach(found, findRuns, len(sorted), each)
	})
	if err != nil {
		return nil, err
	}
	there := make([]string, len(deleted))
	for i := range deleted {
		there[i] = deleted[i].id
	}
	return rows.Missing(ids, there), nil
}

// DeleteAll takes two round trips.
func (s *store) DeleteAll(ctx context.Context) (int, error) {
	deleted, err := s.delete(ctx, "delete all", func(b *batch, locked, found func(*sql.Rows) error) {
		b.find(locked, lockAllIDs)
		b.find(found, findAllRuns)
	})
	return len(deleted), err
}

const (
	lockIDs    = "SELECT id, version, born FROM @job FORCE INDEX (PRIMARY) WHERE id IN ({?}) FOR UPDATE"
	lockAllIDs = "SELECT id, version, born FROM @job FORCE INDEX (PRIMARY) ORDER BY id FOR UPDATE"

	findRuns    = "SELECT id, job, born FROM @run WHERE job IN ({?})"
	findAllRuns = "SELECT id, job, born FROM @run"
)

// lockRuns waits until whoever reports or releases these runs has done so.
const lockRuns = "SELECT id FROM @run FORCE INDEX (PRIMARY) WHERE id IN ({?}) FOR UPDATE"

// A DELETE takes no hint of an index, and would look at all rows of a small
// table, and wait for those that others have locked. With an order and a limit
// it does not.
const (
	endReleased = "DELETE FROM @run WHERE id IN ({?}) AND node IS NULL ORDER BY id LIMIT #"

	markDeleted = "UPDATE @spec FORCE INDEX (PRIMARY) SET gone = 'deleted' WHERE ({job = ? AND born = ? OR })"

	forgetDeleted = `
DELETE FROM @spec WHERE ({job = ? AND born = ? OR })
	AND NOT EXISTS (SELECT 1 FROM @run AS r WHERE r.job = @spec.job AND r.born = @spec.born)
ORDER BY job, born LIMIT #`

	deleteJobs = "DELETE FROM @job WHERE id IN ({?}) ORDER BY id LIMIT #"
)

// incarnation names a job that may be gone.
type incarnation struct {
	id   string
	born int64
}

// delete deletes the jobs, and returns them. find asks for them, and for their
// runs.
func (s *store) delete(ctx context.Context, op string, find func(b *batch, locked, found func(*sql.Rows) error)) (deleted []incarnation, err error) {
	if err := s.Begin(ctx, op); err != nil {
		return nil, err
	}
	err = s.transact(ctx, func(t *transaction) (err error) {
		deleted, err = s.deleteFound(t, find)
		return err
	})
	if err != nil {
		return nil, s.fail(ctx, op, "", err)
	}
	s.wrote(ctx, len(deleted))
	return deleted, nil
}

func (s *store) deleteFound(t *transaction, find func(b *batch, locked, found func(*sql.Rows) error)) (jobs []incarnation, err error) {
	var runs []int64
	born := map[string]int64{}
	var b, last batch
	locked := func(r *sql.Rows) error {
		var j incarnation
		var version int64
		err := r.Scan(&j.id, &version, &j.born)
		jobs = append(jobs, j)
		born[j.id] = j.born
		last.raise(version, j.born)
		return err
	}
	found := func(r *sql.Rows) error {
		var run int64
		var j incarnation
		err := r.Scan(&run, &j.id, &j.born)
		if at, deleted := born[j.id]; deleted && at == j.born {
			runs = append(runs, run)
		}
		return err
	}
	find(&b, locked, found)
	if err := t.send(&b); err != nil || len(jobs) == 0 {
		return nil, err
	}
	slices.Sort(runs)
	run := func(args []any, i int) []any { return append(args, runs[i]) }
	last.findEach(ignore, lockRuns, len(runs), run)
	last.doEach(endReleased, len(runs), run)
	each := func(args []any, i int) []any { return append(args, []byte(jobs[i].id), jobs[i].born) }
	last.doEach(markDeleted, len(jobs), each)
	last.doEach(forgetDeleted, len(jobs), each)
	last.doEach(deleteJobs, len(jobs), func(args []any, i int) []any { return append(args, []byte(jobs[i].id)) })
	records := make([]job.Record, len(jobs))
	for i := range jobs {
		records[i] = job.Record{JobID: jobs[i].id, Outcome: job.Removed}
	}
	s.record(&last, records)
	return jobs, t.commit(&last)
}

// ignore reads rows that were only to be locked.
func ignore(*sql.Rows) error { return nil }
