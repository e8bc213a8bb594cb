package sqlite

import (
	"context"
	"database/sql"

	"github.com/carillon-go/carillon/job"
	"github.com/carillon-go/carillon/stores/internal/rows"
)

// Delete takes one transaction, and O(log n) for each job.
func (s *store) Delete(ctx context.Context, ids ...string) ([]string, error) {
	d, err := s.delete(ctx, "delete", func(d *deletion) error { return s.deleteSome(d, ids) })
	if err != nil {
		return nil, err
	}
	return rows.Missing(ids, d.ids), nil
}

// DeleteAll takes one transaction.
func (s *store) DeleteAll(ctx context.Context) (int, error) {
	d, err := s.delete(ctx, "delete all", s.deleteAll)
	return len(d.ids), err
}

func (s *store) delete(ctx context.Context, op string, jobs func(*deletion) error) (d deletion, err error) {
	if err := s.lock(ctx, op); err != nil {
		return d, err
	}
	defer s.mu.Unlock()
	err = s.change(ctx, func() (bool, error) {
		d = deletion{}
		if err := jobs(&d); err != nil || len(d.ids) == 0 {
			return false, err
		}
		if err := s.gone(d.gone, d.floor); err != nil {
			return false, err
		}
		return true, s.removed(d.ids)
	})
	if err != nil {
		return deletion{}, s.about(op, "", err)
	}
	return d, nil
}

// deletion is what one Delete has done.
type deletion struct {
	ids   []string
	gone  int   // how many jobs have unfinished runs, so that their settings are kept
	floor int64 // the greatest version
}

// deletions are the steps of a Delete: the runs that nobody holds end; settings
// are deleted, or marked while there are other runs; and the jobs are deleted.
// Each is there for some jobs and for all.
var (
	deleteSome = []*bulk{
		newBulk(`DELETE FROM run WHERE job IN (?) AND node IS NULL
			AND born = (SELECT born FROM job WHERE id = run.job)`),
		newBulk(`DELETE FROM spec WHERE job IN (?) AND born = (SELECT born FROM job WHERE id = spec.job)
			AND NOT EXISTS (SELECT 1 FROM run WHERE run.job = spec.job AND run.born = spec.born)`),
	}
	markSome   = newBulk(`UPDATE spec SET gone = 'deleted' WHERE job IN (?) AND born = (SELECT born FROM job WHERE id = spec.job)`)
	deleteJobs = newBulk(`DELETE FROM job WHERE id IN (?) RETURNING id, version`)

	deleteAll = []string{
		`DELETE FROM run WHERE node IS NULL AND born = (SELECT born FROM job WHERE id = run.job)`,
		`DELETE FROM spec WHERE NOT EXISTS (SELECT 1 FROM run WHERE run.job = spec.job AND run.born = spec.born)`,
	}
	markAll        = `UPDATE spec SET gone = 'deleted' WHERE born = (SELECT born FROM job WHERE id = spec.job)`
	deleteEveryJob = `DELETE FROM job RETURNING id, version`
)

func (s *store) deleteSome(d *deletion, ids []string) (err error) {
	each := func(args []any, i int) []any { return append(args, ids[i]) }
	for _, step := range deleteSome {
		if err := s.bulk(step, len(ids), each, nil); err != nil {
			return err
		}
	}
	if d.gone, err = s.bulkCount(markSome, len(ids), each); err != nil {
		return err
	}
	return s.bulk(deleteJobs, len(ids), each, s.deleted(d))
}

func (s *store) deleteAll(d *deletion) (err error) {
	for _, step := range deleteAll {
		if err := s.do(step); err != nil {
			return err
		}
	}
	if d.gone, err = s.count(markAll); err != nil {
		return err
	}
	return s.rows(s.deleted(d), deleteEveryJob)
}

// deleted collects the jobs that are deleted.
func (s *store) deleted(d *deletion) func(*sql.Rows) error {
	return func(r *sql.Rows) error {
		var id string
		var version int64
		err := r.Scan(&id, &version)
		d.ids = append(d.ids, id)
		d.floor = max(d.floor, version)
		s.cache.Drop(id)
		return err
	}
}

// removed records deletions.
func (s *store) removed(ids []string) error {
	records := make([]job.Record, len(ids))
	now := s.clock.Now()
	for i, id := range ids {
		records[i] = job.Record{At: now, JobID: id, Outcome: job.Removed}
	}
	return s.record(records)
}
